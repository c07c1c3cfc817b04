#' Descent and ascent
#'
#' Walks downhill (or uphill) from `start`; the loop runs on the server, which sends its steps while it makes them.
#' That a descent diverges is an outcome, not an error.
#'
#' Ctrl-C ends the call: the server stops, and the steps made so far are returned with a warning of class
#' `secant_interrupted`. Where the server goes away in between, the methods whose next step depends on the point
#' alone (fixed_rate, line_search, newton) go on from the last step as soon as it is back.
#'
#' @inheritParams differentiate
#' @param f A scalar function, in any form of [sec_function()].
#' @param start Where to begin: a numeric vector with a named entry for each variable. Its order is that of every
#'   point in the answer.
#' @param method How a step is made: "fixed_rate", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "line_search",
#'   "conjugate_gradient", "newton", "bfgs" or "lbfgs". `NULL`: "fixed_rate" where a setting is given, else "bfgs".
#' @param rate The learning rate, for the methods that have one.
#' @param ... Settings of the method: `momentum`, `decay`, `beta1`, `beta2`, `initial`, `shrink`, `armijo`, `memory`.
#' @param maximize Whether to go uphill.
#' @param max_steps At most so many steps. 0: the server's limit.
#' @param tolerance Stop when \eqn{|\nabla f|}{|grad f|} is at most this. `NULL`: 1e-5. 0: only `max_steps` stops.
#' @param trace_every Keep only the first step, every k-th and the last. 0: every step.
#' @param bounds An interval for some variables, `list(x = c(0, NA))`, `NA` for an open end; "lbfgs" only.
#' @param starts Further starts: a data frame or list with a column for each variable.
#' @param standard_errors Whether to give standard errors from the Hessian: `f` is a negative log-likelihood (with
#'   `maximize` a log-likelihood).
#' @param progress Whether to show how far it is.
#' @param on_steps Called with each bunch of steps, a data frame; `FALSE` from it ends the descent.
#' @returns The trace: a data frame of class `secant_trace` with a row for each step and the columns `number`, the
#'   variables, `value` and `gradient_norm` (Euclidean). [outcome()] tells how it ended, `coef()` the last point,
#'   [plot()][plot.secant_trace] draws the path.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' trace <- descend(~ x^2 + 2*x + 3, c(x = 0.883646125995533), rate = 0.01)
#' trace
#' coef(trace)
#' outcome(trace)$predicted_steps
descend <- function(f, start, method = NULL, rate = NULL, ..., maximize = FALSE, max_steps = 0, tolerance = NULL,
                    trace_every = 0, bounds = NULL, starts = NULL, standard_errors = FALSE, progress = interactive(),
                    on_steps = NULL, data = NULL, connection = NULL) {
  f <- sec_function(f, data)
  request <- descend_request(f, start, method, rate, list(...), maximize, max_steps, tolerance, trace_every, bounds, starts,
                             standard_errors)
  path <- new_path(request)
  bar <- if (progress) progress_bar(max_steps, tolerance)
  if (progress) on.exit(bar$close(!is.null(path$outcome())))
  interrupted <- FALSE
  tryCatch(follow(connection_of(connection), path, function(steps) {
    if (progress) bar$show(steps)
    if (!is.null(on_steps) && identical(on_steps(steps), FALSE)) FALSE
  }), interrupt = function(e) interrupted <<- TRUE)
  trace <- path$trace()
  if (interrupted) {
    warning(structure(class = c("secant_interrupted", "warning", "condition"), list(
      message = sprintf("interrupted after %d steps; the server has stopped too", max(0L, trace$number)), call = NULL)))
  }
  structure(trace, class = c("secant_trace", "data.frame"), outcome = path$outcome(), f = f, maximize = maximize)
}

descend_request <- function(f, start, method, rate, settings, maximize, max_steps, tolerance, trace_every, bounds, starts,
                            standard_errors, expression = expression_message(f, names(start))) {
  if (!is.null(rate)) settings <- c(list(rate = rate), settings)
  if (is.null(method) && length(settings)) method <- "fixed_rate"
  step <- if (!is.null(method)) member_of("DescendRequest", "method", method, settings)
  do.call(proto, c(list(
    "DescendRequest",
    expression = expression,
    start = coordinates(start, f, "start"),
    maximize = maximize,
    max_steps = max_steps,
    tolerance = if (!is.null(tolerance)) as.double(tolerance),
    trace_every = trace_every,
    bounds = bounds(bounds, "bounds"),
    starts = if (!is.null(starts)) columns_message(points_of(starts, f, "starts")),
    standard_errors = standard_errors
  ), step))
}

# Pauses in seconds before a broken stream is taken up again: a restart takes a server about two seconds.
REST <- c(0.05, 0.2, 0.8, 2)

# Fills the path, also over breaks of the connection.
follow <- function(connection, path, on_steps) {
  breaks <- 0L
  repeat {
    failure <- tryCatch({
      call_stream(connection, "Descend", list(RProtoBuf::serialize(path$rest(), NULL)), function(reply) {
        breaks <<- 0L
        steps <- path$add(reply)
        on_steps(steps)
      })
      NULL
    }, secant_unavailable = identity)
    if (is.null(failure)) return(invisible())
    breaks <- breaks + 1L
    if (breaks > length(REST) || is.null(path$rest())) stop(failure)
    Sys.sleep(REST[breaks])
  }
}
