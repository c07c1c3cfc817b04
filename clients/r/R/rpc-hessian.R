#' The Hessian
#'
#' Computes all second partial derivatives of a scalar function, a symmetric matrix of shape n x n.
#'
#' @inheritParams sec_gradient
#' @param variables The order of rows and columns. `NULL`: as for [sec_gradient()].
#' @returns Without `at`: for a string, a character matrix with the variables as dimnames; for code, code of the same type
#'   as `f` whose value is the matrix. With `at`: a numeric matrix, with a row and a column for each entry of each variable, those of
#'   a matrix down its columns. With `full`: a list of `hessian` (what is returned without `full`), `partials` (the formulas), `value` of
#'   `f` at the point, `definiteness`, `eigenvalues` (in ascending order), `value_is_limit` and `hessian_is_limit` (whether they
#'   are limits, because a formula has no value at the point), `variables`, `shape`, `notices`, `at` and `f`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Hessian" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_hessian("x^2 * y + y^3")
#' sec_hessian(~ x^2 * y + y^3, at = c(x = 1, y = 2))
#' sec_hessian(~ x^2 - y^2, full = TRUE)
sec_hessian <- function(f, variables = NULL, at = NULL, values_only = FALSE, notations = NULL, form = NULL,
                    naming = NULL, data = NULL, shapes = NULL, full = FALSE, connection = NULL) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Hessian", proto("HessianRequest",
    expression = expression_message(f, c(variables, point_names(at, f))),
    variables = names_message(variables),
    at = coordinates(at, f),
    notations = notation_numbers(f, notations),
    form = enum_number("Form", form),
    naming = enum_number("Naming", naming),
    values_only = values_only
  ))
  names <- utf8(reply$variables)
  if (!full) {
    if (length(reply$notices)) signal_notices(reply$notices)
    if (is.null(at)) return(matrix_out(texts_in_rows(reply, names), f, notations, reply$shape, utf8(reply$notices)))
    return(hessian_values(reply, names, named_point(at, f, "at")))
  }
  partials <- if (!values_only) matrix_out(texts_in_rows(reply, names), f, notations, reply$shape, utf8(reply$notices))
  answer("secant_hessian",
    partials = partials,
    hessian = if (is.null(at)) partials else hessian_values(reply, names, named_point(at, f, "at")),
    value = optional(reply, "value"),
    definiteness = upper_name("Definiteness", reply$definiteness),
    eigenvalues = if (length(reply$eigenvalues)) reply$eigenvalues,
    value_is_limit = reply$value_is_limit,
    hessian_is_limit = are_limits(reply$rows, names),
    at = point_out(at, f),
    f = f,
    variables = names,
    shape = shape_of(reply),
    notices = utf8(reply$notices)
  )
}

# The matrix of second derivatives, with a row for each entry of each variable; NULL without values.
hessian_values <- function(reply, names, at) {
  if (!has_arrays(reply$rows)) return(values_in_rows(reply, names))
  sizes <- vapply(seq_along(reply$rows), function(i) {
    value <- value_of(reply$rows[[i]]$partials[[i]])
    if (is.matrix(value)) nrow(value) else 1L
  }, 0L)
  found <- blocks_out(reply$rows, sizes, names, at, names)
  # The names of a parameter vector are those of rows and columns.
  own <- if (length(names) == 1L && is.null(dim(at[[names]]))) names(at[[names]])
  if (!is.null(found) && length(own) == nrow(found)) dimnames(found) <- list(own, own)
  found
}
