#' Differentiate a function
#'
#' Computes one derivative of a scalar function: ordinary, partial, higher or mixed.
#'
#' @param f The function, in any form of [sec_function()].
#' @param variables The variables to differentiate with respect to, in order: `"x"` is
#'   \eqn{\partial f/\partial x}{df/dx}, `c("x", "x")` the second derivative. `NULL`: the only variable of `f`.
#' @param at The point to evaluate at: a numeric vector with a named entry for each variable, or a list of numbers, vectors
#'   and matrices by variable. For a function of one vector or matrix, that vector or matrix. `NULL`: no values.
#' @param notations Notations of the answer, which is then a string: "r", "python", "latex" or
#'   several. `NULL`: the same type as `f`.
#' @param form The form of the answer: "light" (the form that R's package Deriv prints), "expanded", "factored" or
#'   "simplified"; "exact" is the light form with exact constants, 1/3 for 0.333333333333333. `NULL`: "light".
#' @param naming Which parts of the answer are assigned to names before it: "author" those to which `f` assigns names,
#'   "repeated" also those that occur more than once, "none" no part. `NULL`: "author" for functions of vectors and
#'   matrices, "none" for functions of numbers. For code as `f`, the answer is then code in braces.
#' @param data A data frame or a list of named vectors and matrices that `f` uses. Their names are not variables.
#' @param shapes A named list of shapes of variables, see [sec_function()].
#' @param full Whether to return the whole reply of the server, see [secant_answer].
#' @param certificate Whether to give a proof that the answer is right, which can be checked without Secant, see
#'   [secant_certificate]. The whole reply is then returned.
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns The derivative, of the same type as `f`. With `at`, its value at the point, a number. With `full`, a list of
#'   `derivative` (what is returned without `full`), `formula` (the derivative as a formula), `value` of `f` at the point,
#'   `variables`, `form`, `derivative_is_limit` and `value_is_limit` (whether each of them is a limit, because its formula has
#'   no value at the point), `shape`, `notices`, `certificate`, and the caller's `at` and `f`. An answer can be passed on as a function:
#'   `differentiate(differentiate(f))`.
#' @section Errors: `secant_invalid_argument`, `secant_resource_exhausted`; see [secant_error].
#' @export
#' @examplesIf secant::secant_available()
#' differentiate("x * exp(x)", "x")
#' differentiate(quote(x^2 * y), c("x", "y"))
#' differentiate(function(x, a = 2) a * x^3, "x")
#' differentiate(~ x^2 + 2 * y^2, "x", at = c(x = 2, y = 1))
#' differentiate("x / (1 + x)", "x", notations = "latex")
differentiate <- function(f, variables = NULL, at = NULL, notations = NULL, form = NULL, naming = NULL, data = NULL,
                          shapes = NULL, full = certificate, connection = NULL, certificate = FALSE) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Differentiate", proto("DifferentiateRequest",
    expression = expression_message(f, c(variables, point_names(at, f))),
    variables = names_message(variables),
    at = coordinates(at, f),
    notations = notation_numbers(f, notations),
    form = enum_number("Form", form),
    naming = enum_number("Naming", naming),
    certificate = if (certificate) TRUE
  ))
  if (!full) {
    if (length(reply$notices)) signal_notices(reply$notices)
    if (is.null(at)) return(formula_out(reply$derivative, f, notations))
    return(derivative_value(reply, named_point(at, f, "at")))
  }
  formula <- formula_out(reply$derivative, f, notations)
  answer("secant_derivative",
    formula = formula,
    derivative = if (is.null(at)) formula else derivative_value(reply, named_point(at, f, "at")),
    value = optional(reply, "value"),
    variables = utf8(reply$variables),
    form = tolower(upper_name("Form", reply$derivative$form)),
    derivative_is_limit = reply$derivative$value_is_limit,
    value_is_limit = reply$value_is_limit,
    at = point_out(at, f),
    f = f,
    shape = shape_of(reply),
    notices = utf8(reply$notices),
    certificate = certificate_out(reply)
  )
}

# The value of a derivative: of the variable's shape with its names, or a matrix with a column for each entry of the last
# variable, those of a matrix down its columns.
derivative_value <- function(reply, at) {
  variables <- utf8(reply$variables)
  like <- lapply(variables, function(name) at[[name]])
  first <- like[[1L]]
  last <- like[[length(like)]]
  value <- value_of(reply$derivative, if (length(variables) == 1L) first)
  if (!is.matrix(value) || length(dim(last)) != 2L || ncol(value) != length(last) || identical(dim(value), dim(last))) return(value)
  value[entry_order(if (length(variables) == 2L) first, nrow(value)), entry_order(last, ncol(value)), drop = FALSE]
}

# The variables, or another argument of texts, as UTF-8 strings without names.
names_message <- function(variables, field = "variables", example = 'c("x", "y")') {
  if (is.null(variables)) return(NULL)
  if (!is.character(variables)) {
    stop_argument(sprintf("%s must be text, for example %s; got %s", field, example, deparse_text(variables)), field)
  }
  enc2utf8(unname(variables))
}
