#' The tangent line, plane or hyperplane of a function
#'
#' @inheritParams sec_taylor
#' @param at The point of contact: a numeric vector with a named entry for each variable.
#' @returns A list of class `secant_tangent`: `equation`, the right side of y = ..., of the same type as `f` (`NULL` if
#'   there is no tangent); `slopes`, a named vector, in units of `f` per unit of each variable; `value` of `f`; `intercept`;
#'   `contact`, "TANGENT", "VERTICAL" or "KINK"; `left_slope` and `right_slope` of a kink; `kind`, "line", "plane" or
#'   "hyperplane"; `value_is_limit` and `slopes_are_limits`, whether they are limits, because a formula has no value at the
#'   point; `variables`; `notices`. `plot()` draws a tangent line with its curve, `coef()` returns intercept and
#'   slopes, and `as.function()` returns an R function.
#' @inheritSection sec_taylor Errors
#' @export
#' @examplesIf "Tangent" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' tangent(~ x^3 - 3*x^2 + x, at = c(x = 1))
#' coef(tangent("x^2 + 2*y^2", at = c(x = 2, y = 1)))
tangent <- function(f, at, notations = NULL, form = NULL, data = NULL, shapes = NULL, connection = NULL) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Tangent", proto("TangentRequest",
    expression = expression_message(f, point_names(at, f)),
    at = coordinates(at, f),
    notations = notation_numbers(f, notations),
    form = enum_number("Form", form)
  ))
  signal_notices(reply$notices)
  variables <- utf8(reply$variables)
  # Each entry of a vector or matrix has a slope.
  entries <- entry_names(variables, named_point(at, f, "at"))
  if (length(reply$slopes)) require_length("slopes", reply$slopes, length(entries), "variables")
  structure(class = "secant_tangent", list(
    equation = if (nzchar(reply$equation$text)) formula_out(reply$equation, f, notations),
    slopes = stats::setNames(reply$slopes, entries[seq_along(reply$slopes)]),
    value = reply$value,
    intercept = reply$intercept,
    contact = upper_name("Contact", reply$contact),
    left_slope = optional(reply, "left_slope"),
    right_slope = optional(reply, "right_slope"),
    kind = reply$kind,
    value_is_limit = reply$value_is_limit,
    slopes_are_limits = reply$slopes_are_limits,
    variables = variables,
    notices = utf8(reply$notices),
    at = point_out(at, f),
    f = f
  ))
}

#' @export
format.secant_tangent <- function(x, ...) {
  if (is.null(x$equation)) {
    slopes <- if (x$contact == "KINK") sprintf(": slope %s from the left, %s from the right", format(x$left_slope), format(x$right_slope))
    return(sprintf("no tangent at %s, a %s%s", point_text(x$at), tolower(x$contact), if (is.null(slopes)) "" else slopes))
  }
  c(sprintf("tangent %s at %s", x$kind, point_text(x$at)), paste0(c("  y = ", rep("      ", length(field_lines(x$equation)) - 1L)), field_lines(x$equation)))
}

#' @export
print.secant_tangent <- function(x, ...) print_lines(x, ...)

#' @export
coef.secant_tangent <- function(object, ...) c("(Intercept)" = object$intercept, object$slopes)

#' @export
as.function.secant_tangent <- function(x, ...) {
  if (is.null(x$equation)) stop_argument("there is no tangent at this point")
  as.function(sec_function(code_of(x$equation)))
}
