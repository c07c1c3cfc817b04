#' Minimize or maximize a function
#'
#' Descends (or ascends) from `start`. The loop runs on the server, which sends each step as it makes it. Divergence is an
#' outcome, not an error.
#'
#' Ctrl-C ends the call: the server stops, and the steps made so far are returned with a warning of class
#' `secant_interrupted`. If the connection breaks, methods whose next step depends on the point alone (fixed_rate,
#' line_search, newton) resume from the last step when the server is available again.
#'
#' @inheritParams differentiate
#' @param f A scalar function, in any form of [sec_function()].
#' @param start The point to start from, as `at` of [differentiate()]. All points of the answer have its order, with an entry
#'   for each component of a vector or matrix, `x[1]` or `A[1,2]`.
#' @param method The descent method: "fixed_rate", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamax",
#'   "amsgrad", "line_search", "conjugate_gradient", "newton", "bfgs" or "lbfgs". `NULL`: "fixed_rate" if a setting is
#'   given, else "bfgs", with `bounds` "lbfgs".
#' @param rate Learning rate, for the methods that have one.
#' @param ... Settings of the method: `momentum`, `decay`, `beta1`, `beta2`, `initial`, `shrink`, `armijo`, `memory`;
#'   [sec_describe()]`$descent_settings` explains them.
#' @param maximize Whether to maximize `f` instead of minimizing it.
#' @param max_steps Maximum number of steps. 0: the server's limit `steps`.
#' @param tolerance Stop when \eqn{|\nabla f|}{|grad f|} (Euclidean norm) is at most this value. `NULL`: 1e-5. 0: stop only
#'   after `max_steps`.
#' @param trace_every Keep only the first step, every k-th step and the last. 0: every step.
#' @param bounds An interval for some variables, `list(x = c(0, NA))`, with `NA` for an open end; "lbfgs" only.
#' @param starts More starting points: a data frame or list with a column for each variable.
#' @param standard_errors Whether to return standard errors, from the Hessian. `f` must be a negative log-likelihood (with
#'   `maximize`, a log-likelihood).
#' @param data_set A data set of the server, see [sec_describe()]`$data_sets`. `f` is then the value of one row, and its sum over all
#'   rows is minimized; names of columns are data of the row.
#' @param skip_missing Whether to leave out rows of the data set in which a column is missing. Otherwise such rows are an error.
#' @param progress Whether to show a progress bar.
#' @param on_steps A function that is called with each group of new steps, a data frame. If it returns `FALSE`, the descent
#'   stops.
#' @returns The trace: a data frame of class `secant_trace` with a row for each step and the columns `number`, the
#'   variables, `value` and `gradient_norm` (Euclidean). [outcome()] returns the outcome, `coef()` the last point, and
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
                    on_steps = NULL, data = NULL, shapes = NULL, data_set = NULL, skip_missing = FALSE, connection = NULL) {
  f <- sec_function(f, data, shapes = shapes, data_set = data_set)
  request <- descend_request(f, start, method, rate, list(...), maximize, max_steps, tolerance, trace_every, bounds, starts,
                             standard_errors, skip_missing = skip_missing)
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
  outcome <- path$outcome()
  if (!is.null(outcome)) {
    outcome$arrays <- Map(named_like, outcome$arrays, named_point(start, f, "start"))
    signal_notices(outcome$notices)
  }
  structure(trace, class = c("secant_trace", "data.frame"), outcome = outcome, f = f, maximize = maximize)
}

descend_request <- function(f, start, method, rate, settings, maximize, max_steps, tolerance, trace_every, bounds, starts,
                            standard_errors, skip_missing = FALSE,
                            expression = expression_message(f, point_names(start, f, "start"))) {
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
    standard_errors = standard_errors,
    skip_missing = skip_missing
  ), step))
}

# Pauses in seconds before a broken stream is resumed: the restart of a server takes about two seconds.
REST <- c(0.05, 0.2, 0.8, 2)

# Adds all steps to the path, resuming the descent if the connection breaks.
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
