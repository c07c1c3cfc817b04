#' The Hessian
#'
#' All second partials of a scalar function, symmetric, n x n.
#'
#' @inheritParams gradient
#' @param variables The order of rows and columns. `NULL`: as for [gradient()].
#' @returns Without `at`: for a string a character matrix with the variables as dimnames; for code, code in the
#'   kind of `f` whose value is the matrix. With `at`: a numeric matrix. With `full` a list of `partials`, `values`,
#'   `value`, `definiteness`, `eigenvalues` (ascending), `variables`, `shape` and `notices`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Hessian" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' hessian("x^2 * y + y^3")
#' hessian(~ x^2 * y + y^3, at = c(x = 1, y = 2))
#' hessian(~ x^2 - y^2, full = TRUE)
hessian <- function(f, variables = NULL, at = NULL, values_only = FALSE, notations = NULL, form = NULL, data = NULL,
                    full = FALSE, connection = NULL) {
  f <- sec_function(f, data)
  reply <- call_unary(connection_of(connection), "Hessian", proto("HessianRequest",
    expression = expression_message(f, c(variables, names(at))),
    variables = names_message(variables),
    at = coordinates(at, f),
    notations = notations_asked(f, notations),
    form = enum_number("Form", form),
    values_only = values_only
  ))
  names <- utf8(reply$variables)
  if (!full) {
    if (length(reply$notices)) tell_notices(reply$notices)
    if (is.null(at)) return(matrix_out(texts_in_rows(reply, names), f, notations))
    return(values_in_rows(reply, names))
  }
  answer("secant_hessian",
    partials = if (!values_only) matrix_out(texts_in_rows(reply, names), f, notations),
    values = values_in_rows(reply, names),
    value = optional(reply, "value"),
    definiteness = told("Definiteness", reply$definiteness),
    eigenvalues = if (length(reply$eigenvalues)) reply$eigenvalues,
    variables = names,
    shape = shape_of(reply),
    notices = utf8(reply$notices)
  )
}
