#' Approximate a gradient by finite differences
#'
#' Returns each approximation together with the exact value and the error.
#'
#' @inheritParams sec_taylor
#' @param at The point: a numeric vector with a named entry for each variable.
#' @param scheme "central" (the default), "forward", "backward", "five_point", "richardson" or "complex_step".
#' @param step Step size h, in units of x. `NULL`: chosen by the scheme's rule.
#' @param sweep Whether to return the error for many step sizes too; one variable only.
#' @param variables The order of the partials. `NULL`: the order of `at`.
#' @returns A list of class `secant_approximation`: `partials`, a data frame of `variable`, `value` (by differences),
#'   `exact`, `error`, `step`, `truncation` (the leading term of the truncation error) and `rounding` (a bound);
#'   `sweep`, a data frame of `step`, `value` and `error`; `best_step` and its `reason`; `value` of `f`; `notices`.
#'   `plot()` draws the sweep, `coef()` returns the approximations by name.
#' @section Errors: `secant_invalid_argument`, also if the step is 0 or too small to change x; see [secant_error].
#' @export
#' @examplesIf "Approximate" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' approximate(~ x^2, at = c(x = 2), step = 1e-3)
#' approximate(~ exp(x), at = c(x = 1), sweep = TRUE)$best_step
approximate <- function(f, at, scheme = NULL, step = NULL, sweep = FALSE, variables = NULL, data = NULL,
                        connection = NULL) {
  f <- sec_function(f, data)
  reply <- call_unary(connection_of(connection), "Approximate", proto("ApproximateRequest",
    expression = expression_message(f, c(variables, point_names(at, f))),
    at = coordinates(at, f),
    scheme = enum_number("Scheme", scheme),
    step = if (!is.null(step)) as.double(step),
    sweep = sweep,
    variables = names_message(variables)
  ))
  signal_notices(reply$notices)
  structure(class = "secant_approximation", list(
    partials = data.frame(variable = utf8(reply$variables), records(
      reply$partials, c("value", "exact", "error", "step", "truncation", "rounding"))),
    sweep = if (length(reply$sweep)) records(reply$sweep, c("step", "value", "error")),
    best_step = optional(reply, "best_step"),
    reason = utf8(reply$reason),
    value = reply$value,
    notices = utf8(reply$notices),
    scheme = if (is.null(scheme)) "central" else tolower(scheme),
    at = point_out(at, f),
    f = f
  ))
}

# Number fields of messages as a data frame.
records <- function(messages, fields) {
  columns <- lapply(fields, function(field) vapply(messages, function(message) as.double(message[[field]]), 0))
  as.data.frame(stats::setNames(columns, fields))
}

#' @export
format.secant_approximation <- function(x, ...) {
  c(
    sprintf("%s differences at %s", x$scheme, point_text(x$at)),
    wide_lines(approximation_table(x$partials)),
    if (!is.null(x$best_step)) sprintf("best step %s: %s", format(x$best_step, digits = 3L), x$reason)
  )
}

# All digits of the values, three of the errors.
approximation_table <- function(partials) {
  exact <- names(partials) %in% c("value", "exact")
  as.data.frame(Map(function(column, exact) if (is.numeric(column)) vapply(column, format, "", digits = if (exact) 15L else 3L) else column,
                    partials, exact))
}

# The lines of a table that is not broken.
wide_lines <- function(table) {
  before <- options(width = 200L)
  on.exit(options(before))
  utils::capture.output(print(table, row.names = FALSE))
}

#' @export
print.secant_approximation <- function(x, ...) print_lines(x, ...)

#' @export
coef.secant_approximation <- function(object, ...) stats::setNames(object$partials$value, object$partials$variable)

#' @export
as.data.frame.secant_approximation <- function(x, ...) x$partials
