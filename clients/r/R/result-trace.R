#' The outcome of a descent
#'
#' @param trace A result of [descend()].
#' @returns A list: `reason` ("CONVERGED", "STEPS_SPENT", "DIVERGED", "NOT_FINITE" or "STALLED"); `message`, the reason as
#'   a sentence with advice; `steps`, the number of steps; the last `point`, a named vector with an element
#'   for each entry of a vector or matrix; `arrays`, the same point as a list of numbers, vectors and matrices
#'   with the names of `start`; `value` and
#'   `gradient_norm` (Euclidean) there; for a fixed rate `curvature` (L, the largest along the path), `rate_limit` (2/L,
#'   above which the descent diverges), `predicted_steps`, `regime` ("CONVERGES", "OSCILLATES", "DIVERGES", "CRAWLS") and
#'   `recommended_rate`; `nature` of the last point, "" if it is no critical point or unknown; `finding`, what was found out
#'   about `f` ("UNBOUNDED", "KINK", "PLATEAU", "RUNS_AWAY" or ""); `notices`, such as the variables that a bound holds;
#'   `standard_errors`, a named vector; and for several starts `optima`, a
#'   data frame, best first. `NULL` if the descent was stopped before its end.
#' @section Errors: `secant_invalid_argument` if `trace` is not a result of [descend()]; see [secant_error].
#' @export
#' @examplesIf secant::secant_available()
#' outcome(descend(~ x^2, c(x = 1), rate = 1.5))$message
outcome <- function(trace) {
  if (!inherits(trace, "secant_trace")) stop_argument("trace must be a result of descend()", "trace")
  attr(trace, "outcome")
}

#' @export
format.secant_outcome <- function(x, ...) {
  fields <- unclass(x)
  if (all(lengths(fields$arrays) == 1L)) fields$arrays <- NULL   # the point once more
  known <- fields[!vapply(fields, function(field) !length(field) || identical(field, ""), NA)]
  known[c("message", "notices")] <- NULL
  c(x$message, unlist(lapply(names(known), function(name) {
    lines <- field_lines(known[[name]])
    if (length(lines) == 1L) sprintf("  %s: %s", name, lines) else c(sprintf("  %s:", name), paste0("    ", lines))
  })), paste0("notice: ", x$notices, recycle0 = TRUE))
}

#' @export
print.secant_outcome <- function(x, ...) print_lines(x, ...)

#' @export
coef.secant_trace <- function(object, ...) {
  if (!is.null(outcome(object))) return(outcome(object)$point)
  last <- as.data.frame(object)[nrow(object), trace_variables(object), drop = FALSE]
  vapply(last, identity, 0)
}

trace_variables <- function(trace) setdiff(names(trace), c("number", "value", "gradient_norm"))

# A part of a trace is a plain data frame, because the outcome does not apply to it.
#' @export
`[.secant_trace` <- function(x, ...) as.data.frame(x)[...]

#' @export
as.data.frame.secant_trace <- function(x, ...) {
  attributes(x) <- attributes(x)[c("names", "row.names")]
  class(x) <- "data.frame"
  x
}

#' @export
format.secant_trace <- function(x, ...) {
  plain <- as.data.frame(x)
  shown <- trace_rows(plain)
  lines <- utils::capture.output(print(plain[shown, ], row.names = FALSE, digits = 7L))
  if (length(shown) < nrow(plain)) lines <- append(lines, sprintf("  ... %d more", nrow(plain) - length(shown)), after = 4L)
  c(if (is.null(outcome(x))) "stopped before its end" else outcome(x)$message, lines)
}

# The first and the last rows.
trace_rows <- function(rows) unique(c(utils::head(seq_len(nrow(rows)), 3L), utils::tail(seq_len(nrow(rows)), 3L)))

#' @export
print.secant_trace <- function(x, ...) print_lines(x, ...)
