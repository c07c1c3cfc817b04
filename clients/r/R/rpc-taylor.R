#' The Taylor polynomial of a function at a point
#'
#' @inheritParams differentiate
#' @param at The point x0: a numeric vector with a named entry for each variable of the polynomial.
#' @param order The degree; with several variables, the total degree.
#' @param points Points at which the polynomial and `f` are compared, as for [sec_evaluate()].
#' @returns A list of class `secant_taylor`: `polynomial` in powers of (x - x0) and `expanded` in powers of x, both of the
#'   same type as `f`; `terms`, a data frame of the exponents, `coefficient`, `derivative` and
#'   `value_is_limit`; `equals_function`, whether the
#'   polynomial equals `f`; `comparison`, a data frame of the points, `polynomial` and `f`; `variables`; `notices`.
#'   [plot()][plot.secant_taylor] draws it, and `as.function()` returns an R function.
#' @section Errors: `secant_invalid_argument`; `secant_out_of_range` if `f` is not defined at the point;
#'   `secant_resource_exhausted`; see [secant_error].
#' @export
#' @examplesIf "Taylor" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_taylor(~ x^4, at = c(x = 1), order = 6)
#' sec_taylor("sin(x) + cos(x)", at = c(x = 0), order = 10, points = list(x = 4))$comparison
sec_taylor <- function(f, at, order, points = NULL, notations = NULL, form = NULL, data = NULL, shapes = NULL,
                   connection = NULL) {
  f <- sec_function(f, data, shapes = shapes)
  points <- if (!is.null(points)) points_of(points, f)
  reply <- call_unary(connection_of(connection), "Taylor", proto("TaylorRequest",
    expression = expression_message(f, point_names(at, f)),
    at = coordinates(at, f),
    order = whole_number(order, "order"),
    notations = notation_numbers(f, notations),
    points = columns_message(points),
    form = enum_number("Form", form)
  ))
  if (!is.null(points)) require_length("values of f", reply$function_values, recycled_length(points), "points")
  signal_notices(reply$notices)
  variables <- utf8(reply$variables)
  structure(class = "secant_taylor", list(
    polynomial = formula_out(reply$polynomial, f, notations),
    expanded = formula_out(reply$expanded, f, notations),
    terms = terms_of(reply$terms, variables),
    equals_function = reply$equals_function,
    comparison = if (!is.null(points)) {
      data.frame(points, polynomial = reply$polynomial_values, f = reply$function_values, check.names = FALSE)
    },
    variables = variables,
    notices = utf8(reply$notices),
    order = whole_number(order, "order"),
    at = point_out(at, f),
    f = f
  ))
}

terms_of <- function(terms, variables) {
  exponents <- matrix(as.integer(unlist(lapply(terms, function(term) term$exponents))), ncol = length(variables),
                      byrow = TRUE, dimnames = list(NULL, variables))
  data.frame(
    exponents,
    coefficient = vapply(terms, function(term) term$coefficient, 0),
    derivative = vapply(terms, function(term) term$derivative, 0),
    value_is_limit = vapply(terms, function(term) term$value_is_limit, NA),
    check.names = FALSE
  )
}

#' @export
format.secant_taylor <- function(x, ...) {
  c(
    sprintf("Taylor polynomial of order %d at %s", x$order, point_text(x$at)),
    paste0("  ", field_lines(x$polynomial)),
    if (x$equals_function) "  equals the function",
    if (!is.null(x$comparison)) utils::capture.output(print(x$comparison, row.names = FALSE))
  )
}

#' @export
print.secant_taylor <- function(x, ...) print_lines(x, ...)

#' @export
as.function.secant_taylor <- function(x, ...) as.function(sec_function(code_of(x$polynomial)))

# A formula of an answer as R code; a string is parsed, not executed.
code_of <- function(formula) {
  if (is.character(formula)) return(answer_code(formula[[1L]]))
  if (is.expression(formula)) return(formula[[1L]])
  if (is.function(formula)) body(formula) else formula
}
