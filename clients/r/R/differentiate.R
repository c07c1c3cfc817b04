#' One derivative
#'
#' Ordinary, partial, higher or mixed derivatives of a scalar function.
#'
#' @param f The function, in any form of [sec_function()].
#' @param variables By what, in order: `"x"` is \eqn{\partial f/\partial x}{df/dx}, `c("x", "x")` the second
#'   derivative. `NULL` where `f` has only one variable.
#' @param at Where to evaluate: a numeric vector with a named entry for each variable.
#' @param notations Of the answer, as strings: "r", "python", "latex" or several. `NULL`: the kind of `f`.
#' @param form How far the answer is simplified: "light" (the form that R's package Deriv prints), "expanded",
#'   "factored" or "simplified".
#' @param data A data frame or a list of named vectors that `f` uses.
#' @param full Whether to return all that the server said, see [secant_answer].
#' @param connection A connection; `NULL`: that of the option, see [secant_connect()].
#' @returns The derivative in the kind of `f`. With `at` its value there, a number. With `full`, a list of
#'   `derivative`, `value`, `function_value`, `variables`, `form`, `value_is_limit`, `value_is_numeric`, `shape` and
#'   `notices`.
#' @section Errors: `secant_invalid_argument`, `secant_resource_exhausted`; see [secant_error].
#' @export
#' @examplesIf secant::secant_available()
#' differentiate("x * exp(x)", "x")
#' differentiate(quote(x^2 * y), c("x", "y"))
#' differentiate(function(x, a = 2) a * x^3, "x")
#' differentiate(~ x^2 + 2 * y^2, "x", at = c(x = 2, y = 1))
#' differentiate("x / (1 + x)", "x", notations = "latex")
differentiate <- function(f, variables = NULL, at = NULL, notations = NULL, form = NULL, data = NULL, full = FALSE,
                          connection = NULL) {
  f <- sec_function(f, data)
  reply <- call_unary(connection_of(connection), "Differentiate", proto("DifferentiateRequest",
    expression = expression_message(f, c(variables, names(at))),
    variables = names_message(variables),
    at = coordinates(at, f),
    notations = notations_asked(f, notations),
    form = enum_number("Form", form)
  ))
  if (!full) {
    if (length(reply$notices)) tell_notices(reply$notices)
    return(if (is.null(at)) formula_out(reply$derivative, f, notations) else reply$derivative$value)
  }
  answer("secant_derivative",
    derivative = formula_out(reply$derivative, f, notations),
    value = optional(reply$derivative, "value"),
    function_value = optional(reply, "value"),
    variables = utf8(reply$variables),
    form = tolower(told("Form", reply$derivative$form)),
    value_is_limit = reply$derivative$value_is_limit,
    value_is_numeric = reply$derivative$value_is_numeric,
    shape = shape_of(reply),
    notices = utf8(reply$notices)
  )
}

# Names for the wire. "theta" = "1" is Deriv's way to say theta[1].
names_message <- function(variables) {
  if (is.null(variables)) return(NULL)
  if (!is.character(variables)) stop_argument("variables are names, such as c(\"x\", \"y\")", "variables")
  enc2utf8(unname(variables))
}
