#' Derivatives with the interface of the package Deriv
#'
#' A script that calls `Deriv::Deriv()` also works with `secant::Deriv()` if the service supports its functions: the
#' arguments, the types of answers and the form of the formulas are the same (except where a formula of Deriv is wrong).
#'
#' @section Differences: Common subexpressions are not replaced by assignments (`cache.exp`), so answers may be longer, with
#'   the same values. Custom rules and tables (`drule`, `use.D`) are rejected, because the service has its own rules.
#'   Functions of the caller that occur in a string are sent with it, as in `Deriv`.
#'
#' @param f A string, a formula, a call, an expression or a function; the derivative of a number is 0.
#' @param x The names of the variables to differentiate with respect to; several give a vector of derivatives. An entry
#'   with a name, `c(theta = "1")`, is a component of a vector, `theta[1]`. `NULL`: all variables; for a function, its
#'   parameters.
#' @param env The environment of functions that occur in `f`.
#' @param use.D,drule Not supported: only the defaults are accepted.
#' @param cache.exp Accepted, without effect.
#' @param nderiv The order of the derivative; several orders give a list (0 is `f` itself). `NULL`: 1.
#' @param combine The function that combines several derivatives: "c", "cbind" or "list".
#' @inheritParams differentiate
#' @returns The derivative, of the same type as `f`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' Deriv("x * exp(x)", "x")
#' Deriv(~ x^2 + x*y + y^2)
#' Deriv(function(x, y) x^2 * y, nderiv = 0:1)
#' Deriv(quote(x^2 * y), c("x", "y"), combine = "cbind")
Deriv <- function(f, x = NULL, env = if (is.function(f)) environment(f) else parent.frame(), use.D = FALSE,
                  cache.exp = TRUE, nderiv = NULL, combine = "c", drule = NULL, connection = NULL) {
  if (!isFALSE(use.D) || !is.null(drule)) stop_argument("the service has its own rules of differentiation: omit use.D and drule")
  if (is.numeric(f)) return(0)
  if (length(f) > 1L && (is.character(f) || is.expression(f))) f <- f[1L]   # as Deriv does
  force(env)   # its default depends on f as the caller gave it
  f <- sec_function(f)
  x <- deriv_variables(f, x)
  single <- length(x) == 1L
  sent <- with_closures(f, x, env)
  connection <- connection_of(connection)
  orders <- if (is.null(nderiv)) 1L else nderiv
  if (!is.numeric(orders) || any(orders < 0 | orders %% 1 != 0)) stop_argument("nderiv must be one or more whole numbers from 0", "nderiv")
  parts <- lapply(orders, function(order) deriv_code(f, sent, x, order, combine, single, connection))
  code <- if (length(parts) == 1L) parts[[1L]] else as.call(c(quote(list), stats::setNames(parts, orders)))
  if (f$kind == "string") one_line(code) else code_out(f, code)
}

# The variables in the service's notation; their names are those of the derivatives in a combined answer.
deriv_variables <- function(f, x) {
  if (is.null(x)) {
    x <- if (f$kind == "function") formal_names(f$source) else all.vars(parse_text(f$text))
    x <- setdiff(x, "pi")
  }
  if (!is.character(x) || !length(x)) stop_argument("there is no variable to differentiate with respect to", "variables")
  owner <- names(x)
  if (is.null(owner)) return(stats::setNames(x, x))
  own <- nzchar(owner)
  stats::setNames(ifelse(own, paste0(owner, "[", x, "]"), x), ifelse(own, paste0(owner, "_", x), x))
}

formal_names <- function(f) setdiff(names(formals(if (is.primitive(f)) args(f) else f)), "...")

# The function to send: for code, closures of the caller that occur in it are put before it as assignments.
with_closures <- function(f, x, env) {
  if (f$kind == "function") return(f)
  code <- parse_text(f$text)
  if (is.call(code) && identical(code[[1L]], quote(`~`))) code <- code[[length(code)]]
  own <- as.function(list(code), envir = if (is.null(env)) baseenv() else env)
  setup <- captured(own, c(x, all.vars(code)))$setup
  sec_function(paste(c(setup, deparse_text(code)), collapse = "\n"), notation = "r")
}

# The function to send with a declaration of the variables that it does not contain: their derivative is 0, as in Deriv.
with_absent <- function(f, x) {
  absent <- setdiff(x[make.names(x) == x], c(all.names(parse(text = enc2utf8(f$text), keep.source = FALSE)), names(f$shapes)))
  if (!length(absent)) return(f)
  f$shapes <- c(f$shapes, stats::setNames(rep(list("number"), length(absent)), absent))
  f
}

# The derivatives of one order as code.
deriv_code <- function(f, sent, x, order, combine, single, connection) {
  if (order == 0) return(deriv_body(f))
  partial <- function(variables) {
    answer_code(differentiate(with_absent(sent, variables), variables, notations = "r", naming = "none", connection = connection))
  }
  nest <- function(variables, left) {
    if (left == 0) return(partial(variables))
    if (single) return(nest(c(variables, x[[1L]]), left - 1L))
    if (left == 1 && !length(variables)) return(deriv_row(sent, x, combine, connection))
    as.call(c(as.name(combine), lapply(x, function(name) nest(c(variables, name), left - 1L))))
  }
  suppressWarnings(nest(character(), order), classes = "secant_notice")
}

# All first partials, with one call.
deriv_row <- function(sent, x, combine, connection) {
  texts <- sec_gradient(with_absent(sent, unname(x)), unname(x), notations = "r", naming = "none", connection = connection)
  as.call(c(as.name(combine), stats::setNames(lapply(unname(texts), answer_code), names(x))))
}

deriv_body <- function(f) {
  if (f$kind == "function") return(if (is.primitive(f$source)) parse_text(sub("^function\\([^)]*\\) ", "", f$text)) else body(f$source))
  code <- parse_text(f$text)
  if (is.call(code) && identical(code[[1L]], quote(`~`))) code[[length(code)]] else code
}

# Code as a string on one line.
one_line <- function(code) {
  lines <- deparse(code, width.cutoff = 500L)
  if (length(lines) == 1L) lines else paste(trimws(lines), collapse = " ")
}
