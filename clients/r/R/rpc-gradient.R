#' The gradient
#'
#' Computes all first partial derivatives of a scalar function, a row of shape 1 x n.
#'
#' @inheritParams differentiate
#' @param variables The order of the partials. `NULL`: the parameters of an R function, else all free variables in order of
#'   first appearance.
#' @param direction A vector u other than 0, named like `at`: the full answer also has the directional derivative
#'   \eqn{\nabla f \cdot u/|u|}{grad f . u/|u|}.
#' @param values_only Whether to return only values at `at`, no formulas: for partials that are too long to print.
#' @returns Without `at`: for a string, the partials as a named character vector; for code, code of the same type as `f`
#'   whose value is the named vector of the partials. With `at`: a named numeric vector, in units of `f` per unit of each
#'   variable; for a function of one vector or matrix, a vector or matrix of its shape; if one of several variables is a
#'   vector or matrix, a list. The function that is returned for a function of one vector is a gradient as [stats::optim()]
#'   takes it. With `full`: a list of `gradient` (what is returned without `full`), `partials` (the formulas),
#'   `value` of `f` at the point, `norm`, `directional`, `value_is_limit` and `gradient_is_limit` (whether they are limits, because
#'   a formula has no value at the point), `variables`, `shape`, `notices`, `certificate`, `at` and `f`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' sec_gradient("x^2 + 2 * y^2")
#' sec_gradient(~ x^2 + 2 * y^2, at = c(x = 2, y = 1))
#' g <- sec_gradient(function(x, y) x^2 + 2 * y^2)
#' g(2, 1)
#' sec_gradient(~ sum((dist - a - b * speed)^2), at = c(a = -17, b = 4), data = cars)
sec_gradient <- function(f, variables = NULL, at = NULL, direction = NULL, values_only = FALSE, notations = NULL,
                     form = NULL, naming = NULL, data = NULL, shapes = NULL, full = certificate, connection = NULL, certificate = FALSE) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Gradient", proto("GradientRequest",
    expression = expression_message(f, c(variables, point_names(at, f))),
    variables = names_message(variables),
    at = coordinates(at, f),
    notations = notation_numbers(f, notations),
    form = enum_number("Form", form),
    naming = enum_number("Naming", naming),
    # The formulas of values are left out: they may be long, and nobody sees them.
    values_only = values_only || (!is.null(at) && !full),
    direction = coordinates(direction, f, "direction"),
    certificate = if (certificate) TRUE
  ))
  names <- utf8(reply$variables)
  if (!full) {
    if (length(reply$notices)) signal_notices(reply$notices)
    if (is.null(at)) return(gradient_out(reply, names, f, notations))
    return(partials_out(reply$partials, names, named_point(at, f, "at")))
  }
  partials <- if (!values_only) gradient_out(reply, names, f, notations)
  answer("secant_gradient",
    partials = partials,
    gradient = if (is.null(at)) partials else partials_out(reply$partials, names, named_point(at, f, "at")),
    value = optional(reply, "value"),
    norm = optional(reply, "norm"),
    directional = if (reply$has("directional")) optional(reply$directional, "value"),
    value_is_limit = reply$value_is_limit,
    gradient_is_limit = are_limits(list(reply), names)[1L, ],
    at = point_out(at, f),
    f = f,
    variables = names,
    shape = shape_of(reply),
    notices = utf8(reply$notices),
    certificate = certificate_out(reply)
  )
}

# Which values of the formulas in rows are limits, a logical matrix with a column for each variable.
are_limits <- function(rows, names) {
  found <- lapply(rows, function(row) vapply(row$partials, function(partial) partial$value_is_limit, NA))
  matrix(unlist(found), length(rows), length(names), byrow = TRUE, dimnames = list(NULL, names))
}
