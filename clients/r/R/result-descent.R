# The steps of a descent received so far, and the request that resumes it.

# Methods whose next step depends on the point alone, so that they can resume from the last step.
STATELESS <- c("fixed_rate", "line_search", "newton")

# `request` is the bytes of a DescendRequest.
new_path <- function(request) {
  request <- RProtoBuf::read(message_type("DescendRequest"), request)
  variables <- utf8(vapply(request$start, function(entry) entry$variable, ""))
  # Each entry of a vector or matrix is a variable of the descent; the first reply has their names.
  sizes <- vapply(request$start, function(entry) max(1L, length(entry$values)), 0L)
  bunches <- list()
  ended <- NULL
  last <- NULL      # the last step, a row
  offset <- 0       # the number of steps before the current stream
  list(
    # Stores one reply and returns its new steps, a data frame.
    add = function(reply) {
      check_steps(reply, sum(sizes))
      if (length(reply$variables)) variables <<- utf8(reply$variables)
      steps <- steps_of(reply$steps, variables)
      if (is.unsorted(steps[, 1L], strictly = TRUE)) stop_malformed("steps out of order")
      if (!is.null(last)) steps <- steps[steps[, 1L] > last[[1L]], , drop = FALSE]   # a resumed stream repeats a step
      if (nrow(steps)) {
        bunches[[length(bunches) + 1L]] <<- steps
        last <<- steps[nrow(steps), ]
      }
      if (reply$has("outcome")) ended <<- reply$outcome
      frame_of(steps)
    },
    # The request that resumes the descent; NULL if it cannot be resumed.
    rest = function() {
      if (is.null(last)) return(request)
      if (!any(vapply(STATELESS, request$has, NA)) || length(request$starts)) return(NULL)
      rest <- request$clone()
      values <- split(last[1L + seq_along(variables)], rep(seq_along(sizes), sizes))
      rest$start <- Map(function(entry, values) {
        entry <- entry$clone()
        if (length(entry$values)) entry$values <- values else entry$value <- values
        entry
      }, request$start, values)
      rest$first_number <- last[[1L]]
      offset <<- last[[1L]] - request$first_number
      if (request$max_steps > 0) {
        if (offset >= request$max_steps) return(NULL)
        rest$max_steps <- request$max_steps - offset
      }
      rest
    },
    trace = function() frame_of(if (length(bunches)) do.call(rbind, bunches) else steps_of(list(), variables)),
    outcome = function() if (!is.null(ended)) outcome_of(ended, variables, offset, request$start)
  )
}

# A matrix with a row for each step: number, point, value, gradient_norm.
steps_of <- function(steps, variables) {
  rows <- vapply(steps, function(step) c(step$number, step$point, step$value, step$gradient_norm),
                 numeric(length(variables) + 3L))
  matrix(rows, ncol = length(variables) + 3L, byrow = TRUE,
         dimnames = list(NULL, c("number", variables, "value", "gradient_norm")))
}

# Steps as a data frame; a server makes at most 1e7 steps, so numbers are integers.
frame_of <- function(steps) {
  steps <- as.data.frame(steps)
  steps$number <- as.integer(steps$number)
  steps
}

# The last point as a list: a number, vector or matrix for each entry of the start.
arrays_of <- function(point, variables, start) {
  sizes <- vapply(start, function(entry) max(1L, length(entry$values)), 0L)
  parts <- split(point, rep(seq_along(sizes), sizes))
  firsts <- variables[cumsum(c(1L, sizes))[seq_along(sizes)]]
  names <- utf8(vapply(start, function(entry) entry$variable, ""))
  found <- Map(function(entry, part) {
    if (length(entry$shape) == 2L) matrix(part, nrow = entry$shape[[1L]], byrow = TRUE) else part
  }, start, unname(parts))
  stats::setNames(found, ifelse(nzchar(names), names, sub("\\[[^[]*$", "", firsts)))
}

# The outcome as a list; `offset` is the number of steps before its stream, `start` the start of the request.
outcome_of <- function(outcome, variables, offset, start) {
  named <- function(point) stats::setNames(point, variables[seq_along(point)])
  predicted <- optional(outcome, "predicted_steps")
  structure(class = "secant_outcome", list(
    reason = upper_name("StopReason", outcome$reason),
    message = utf8(outcome$message),
    steps = outcome$steps + offset,
    point = named(outcome$point),
    arrays = arrays_of(outcome$point, variables, start),
    value = outcome$value,
    gradient_norm = outcome$gradient_norm,
    curvature = optional(outcome, "curvature"),
    rate_limit = optional(outcome, "rate_limit"),
    predicted_steps = if (!is.null(predicted)) predicted + offset,
    regime = upper_name("Regime", outcome$regime),
    recommended_rate = optional(outcome, "recommended_rate"),
    nature = upper_name("Nature", outcome$nature),
    finding = upper_name("Finding", outcome$finding),
    notices = utf8(as.character(outcome$notices)),
    standard_errors = if (length(outcome$standard_errors)) named(outcome$standard_errors),
    optima = optima_of(outcome$optima, variables)
  ))
}

optima_of <- function(optima, variables) {
  if (!length(optima)) return(NULL)
  points <- do.call(rbind, lapply(optima, function(optimum) optimum$point))
  colnames(points) <- variables
  data.frame(points, records(optima, c("value", "starts")),
             nature = upper_name("Nature", vapply(optima, function(optimum) as.integer(optimum$nature), 0L)), check.names = FALSE)
}
