#' The gradient
#'
#' All first partials of a scalar function, a row 1 x n.
#'
#' @inheritParams differentiate
#' @param variables The order of the partials. `NULL`: a function's parameters, else all free variables in order
#'   of first appearance.
#' @param direction A direction u, a vector named like `at`, of any length but 0: the full answer also holds the
#'   directional derivative \eqn{\nabla f \cdot u/|u|}{grad f . u/|u|}.
#' @param values_only No formulas, only values at `at`: for partials too long to print.
#' @returns Without `at`: for a string the partials as a named character vector; for code, code in the kind of `f`
#'   whose value is the named vector of the partials. With `at`: a named numeric vector, in units of `f` per unit of
#'   each variable. With `full` a list of `partials`, `values`, `value`, `norm`, `directional`, `variables`, `shape`
#'   and `notices`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' gradient("x^2 + 2 * y^2")
#' gradient(~ x^2 + 2 * y^2, at = c(x = 2, y = 1))
#' g <- gradient(function(x, y) x^2 + 2 * y^2)
#' g(2, 1)
#' gradient(~ sum((dist - a - b * speed)^2), at = c(a = -17, b = 4), data = cars)
gradient <- function(f, variables = NULL, at = NULL, direction = NULL, values_only = FALSE, notations = NULL,
                     form = NULL, data = NULL, full = FALSE, connection = NULL) {
  f <- sec_function(f, data)
  reply <- call_unary(connection_of(connection), "Gradient", proto("GradientRequest",
    expression = expression_message(f, c(variables, names(at))),
    variables = names_message(variables),
    at = coordinates(at, f),
    notations = notations_asked(f, notations),
    form = enum_number("Form", form),
    values_only = values_only,
    direction = coordinates(direction, f, "direction")
  ))
  names <- utf8(reply$variables)
  if (!full) {
    if (length(reply$notices)) tell_notices(reply$notices)
    if (is.null(at)) return(vector_out(texts_of(reply$partials), names, f, notations))
    return(stats::setNames(values_of(reply$partials), names))
  }
  answer("secant_gradient",
    partials = if (!values_only) vector_out(texts_of(reply$partials), names, f, notations),
    values = if (!is.null(at)) stats::setNames(values_of(reply$partials), names),
    value = optional(reply, "value"),
    norm = optional(reply, "norm"),
    directional = if (reply$has("directional")) optional(reply$directional, "value"),
    variables = names,
    shape = shape_of(reply),
    notices = utf8(reply$notices)
  )
}
