#' The Jacobian
#'
#' Computes all first partial derivatives of a vector function,
#' \eqn{J_{ij} = \partial f_i/\partial x_j}{J[i, j] = df_i/dx_j}, of shape m x n.
#'
#' @inheritParams sec_gradient
#' @param f A vector function: several strings, an expression with several entries, or code whose value is `c(...)`. For a
#'   scalar function, m = 1.
#' @param variables The order of the columns. `NULL`: as for [sec_gradient()].
#' @param inner A list of inner functions x(t), named after the variables of `f` that they replace. The answer is then the
#'   product df/dx . dx/dt; `full` returns both factors too.
#' @returns Without `at`: for strings, a character matrix with the variables as column names; for code, code of the same
#'   type as `f` whose value is the matrix. With `at`: a numeric matrix, with a column for each entry of each variable, those
#'   of a matrix down its columns, and a row for each entry of f, those of a matrix row by row. With `full`: a list of
#'   `jacobian` (what is returned without `full`), `partials` (the formulas), `value` of f at the point, `determinant`, `sign`,
#'   `area_factor`, `factors`, `jacobian_is_limit` and `value_is_limit` (whether they are limits, because a formula has no value
#'   at the point), `variables`, `shape`, `notices`, `at` and `f`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Jacobian" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_jacobian(c("-2*x1 + x2", "x1 + x2"))
#' sec_jacobian(function(r, t) c(r * cos(t), r * sin(t)), at = c(r = 2, t = 0))
#' sec_jacobian(~ exp(x1 * x2^2), at = c(t = 1), inner = list(x1 = ~ t * cos(t), x2 = ~ t * sin(t)))
sec_jacobian <- function(f, variables = NULL, at = NULL, inner = NULL, notations = NULL, form = NULL, naming = NULL,
                     data = NULL, shapes = NULL, full = FALSE, connection = NULL) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Jacobian", proto("JacobianRequest",
    expression = expression_message(f, c(variables, if (is.null(inner)) point_names(at, f) else names(at), names(inner))),
    variables = names_message(variables),
    at = coordinates(at, if (is.null(inner)) f),
    notations = notation_numbers(f, notations),
    form = enum_number("Form", form),
    naming = enum_number("Naming", naming),
    inner = inner_message(inner)
  ))
  if (!full) {
    if (length(reply$notices)) signal_notices(reply$notices)
    if (is.null(at)) return(matrix_out(texts_in_rows(reply), f, notations, reply$shape))
    return(jacobian_values(reply, at, f, inner))
  }
  partials <- matrix_out(texts_in_rows(reply), f, notations, reply$shape)
  answer("secant_jacobian",
    partials = partials,
    jacobian = if (is.null(at)) partials else jacobian_values(reply, at, f, inner),
    value = if (length(reply$values)) reply$values,
    determinant = if (reply$has("determinant")) formula_out(reply$determinant, f, notations),
    sign = optional(reply, "sign"),
    area_factor = optional(reply, "area_factor"),
    factors = factors_of(reply$factors),
    jacobian_is_limit = are_limits(reply$rows, utf8(reply$variables)),
    value_is_limit = if (length(reply$values)) reply$values_are_limits,
    at = if (is.null(inner)) point_out(at, f) else at,
    f = f,
    variables = utf8(reply$variables),
    shape = shape_of(reply),
    notices = utf8(reply$notices)
  )
}

# The matrix of first derivatives, with a row for each component of f and a column for each entry of each variable; NULL
# without values.
jacobian_values <- function(reply, at, f, inner) {
  if (!has_arrays(reply$rows)) return(values_in_rows(reply))
  components <- length(reply$values)
  heights <- vapply(reply$rows, function(row) {
    matrices <- Filter(is.matrix, lapply(row$partials, value_of))
    if (length(reply$rows) == 1L) components else if (length(matrices)) nrow(matrices[[1L]]) else 1L
  }, 0L)
  if (sum(heights) != components) stop_malformed(sprintf("%d rows for %d components", sum(heights), components))
  blocks_out(reply$rows, heights, utf8(reply$variables), if (is.null(inner)) named_point(at, f, "at"))
}

inner_message <- function(inner) {
  if (is.null(inner)) return(NULL)
  if (!is.list(inner) || is.null(names(inner))) stop_argument("inner must be a named list of functions, for example list(x = ~ cos(t))", "inner")
  lapply(names(inner), function(name) {
    proto("Inner", variable = enc2utf8(name), expression = expression_message(sec_function(inner[[name]])))
  })
}

factors_of <- function(factors) {
  if (!length(factors)) return(NULL)
  stats::setNames(lapply(factors, function(factor) {
    values <- values_in_rows(factor)
    if (is.null(values)) texts_in_rows(factor) else values
  }), utf8(vapply(factors, function(factor) factor$name, "")))
}

# The texts of a reply's rows as a character matrix.
texts_in_rows <- function(reply, rows = NULL) {
  texts <- do.call(rbind, lapply(reply$rows, function(row) texts_of(row$partials)))
  dimnames(texts) <- list(rows, utf8(reply$variables))
  texts
}

# The values of a reply's rows as a numeric matrix; NULL without a point.
values_in_rows <- function(reply, rows = NULL) {
  values <- lapply(reply$rows, function(row) values_of(row$partials))
  if (any(vapply(values, is.null, NA))) return(NULL)
  values <- do.call(rbind, values)
  dimnames(values) <- list(rows, utf8(reply$variables))
  values
}
