# What has come of a descent so far, and how to go on from there.

# Methods whose next step depends on the point alone: after a break they go on as if nothing had happened.
STATELESS <- c("fixed_rate", "line_search", "newton")

new_path <- function(request) {
  variables <- utf8(vapply(request$start, function(entry) entry$variable, ""))
  bunches <- list()
  ended <- NULL
  last <- NULL      # the last step, a row
  offset <- 0       # where the stream under way began
  list(
    # Keeps one bunch and returns what of it is new, a data frame.
    add = function(reply) {
      if (length(reply$variables)) variables <<- utf8(reply$variables)
      steps <- steps_of(reply$steps, variables)
      if (!is.null(last)) steps <- steps[steps[, 1L] > last[[1L]], , drop = FALSE]   # the seam of a resumed path
      if (nrow(steps)) {
        bunches[[length(bunches) + 1L]] <<- steps
        last <<- steps[nrow(steps), ]
      }
      if (reply$has("outcome")) ended <<- reply$outcome
      frame_of(steps)
    },
    # The request for what is left; NULL where it cannot be gone on from there.
    rest = function() {
      if (is.null(last)) return(request)
      if (!any(vapply(STATELESS, request$has, NA)) || length(request$starts)) return(NULL)
      rest <- request$clone()
      rest$start <- coordinates(last[1L + seq_along(variables)])
      rest$first_number <- last[[1L]]
      offset <<- last[[1L]] - request$first_number
      if (request$max_steps > 0) {
        if (offset >= request$max_steps) return(NULL)
        rest$max_steps <- request$max_steps - offset
      }
      rest
    },
    trace = function() frame_of(if (length(bunches)) do.call(rbind, bunches) else steps_of(list(), variables)),
    outcome = function() if (!is.null(ended)) outcome_of(ended, variables, offset)
  )
}

# A matrix with a row for each step: number, point, value, gradient_norm.
steps_of <- function(steps, variables) {
  rows <- vapply(steps, function(step) c(step$number, step$point, step$value, step$gradient_norm),
                 numeric(length(variables) + 3L))
  matrix(rows, ncol = length(variables) + 3L, byrow = TRUE,
         dimnames = list(NULL, c("number", variables, "value", "gradient_norm")))
}

# As a data frame; a server makes at most 1e7 steps, so numbers are integers.
frame_of <- function(steps) {
  steps <- as.data.frame(steps)
  steps$number <- as.integer(steps$number)
  steps
}

# The outcome as a list; `offset` steps were made before the stream that it came from.
outcome_of <- function(outcome, variables, offset) {
  named <- function(point) stats::setNames(point, variables[seq_along(point)])
  predicted <- optional(outcome, "predicted_steps")
  list(
    reason = told("StopReason", outcome$reason),
    message = utf8(outcome$message),
    steps = outcome$steps + offset,
    point = named(outcome$point),
    value = outcome$value,
    gradient_norm = outcome$gradient_norm,
    curvature = optional(outcome, "curvature"),
    rate_limit = optional(outcome, "rate_limit"),
    predicted_steps = if (!is.null(predicted)) predicted + offset,
    regime = told("Regime", outcome$regime),
    recommended_rate = optional(outcome, "recommended_rate"),
    nature = told("Nature", outcome$nature),
    standard_errors = if (length(outcome$standard_errors)) named(outcome$standard_errors),
    optima = optima_of(outcome$optima, variables)
  )
}

optima_of <- function(optima, variables) {
  if (!length(optima)) return(NULL)
  points <- do.call(rbind, lapply(optima, function(optimum) optimum$point))
  colnames(points) <- variables
  data.frame(points, records(optima, c("value", "starts")),
             nature = told("Nature", vapply(optima, function(optimum) as.integer(optimum$nature), 0L)), check.names = FALSE)
}
