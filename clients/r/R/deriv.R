#' Derivatives in the call forms of the package Deriv
#'
#' A script that calls `Deriv::Deriv()` works with `secant::Deriv()` for whatever the service supports: the same
#' arguments, the same kinds of answers, the same form of the formulas (with the service's own where Deriv's are wrong).
#'
#' @section What differs: Common subexpressions are not pulled out into assignments (`cache.exp`), so answers may be
#'   longer, with the same values. Rules and tables of one's own (`drule`, `use.D`) are refused: derivatives are found
#'   by the service. Functions of the caller that occur in a string are sent along as in `Deriv`.
#'
#' @param f A string, a formula, a call, an expression or a function; a number has derivative 0.
#' @param x By what: names. Several make a vector of derivatives. An entry with a name, `c(theta = "1")`, is a
#'   component of a vector, `theta[1]`. `NULL` or left out: all variables, for a function its parameters.
#' @param env Where functions that occur in `f` are found.
#' @param use.D,drule Not supported: only the defaults are taken.
#' @param cache.exp Taken and without effect.
#' @param nderiv The order, or several (0 is `f` itself) for a list of all. `NULL`: 1.
#' @param combine The function that makes one value of several derivatives: "c", "cbind", "list".
#' @inheritParams differentiate
#' @returns The derivative in the kind of `f`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' Deriv("x * exp(x)", "x")
#' Deriv(~ x^2 + x*y + y^2)
#' Deriv(function(x, y) x^2 * y, nderiv = 0:1)
#' Deriv(quote(x^2 * y), c("x", "y"), combine = "cbind")
Deriv <- function(f, x = NULL, env = if (is.function(f)) environment(f) else parent.frame(), use.D = FALSE,
                  cache.exp = TRUE, nderiv = NULL, combine = "c", drule = NULL, connection = NULL) {
  if (!isFALSE(use.D) || !is.null(drule)) stop_argument("the service differentiates by its own rules: leave use.D and drule out")
  if (is.numeric(f)) return(0)
  if (length(f) > 1L && (is.character(f) || is.expression(f))) f <- f[1L]   # as Deriv does
  asked <- sec_function(f)
  x <- deriv_variables(asked, x)
  single <- length(x) == 1L
  question <- deriv_question(asked, x, env)
  connection <- connection_of(connection)
  orders <- if (is.null(nderiv)) 1L else nderiv
  if (!is.numeric(orders) || any(orders < 0 | orders %% 1 != 0)) stop_argument("nderiv is a whole number from 0, or several", "nderiv")
  parts <- lapply(orders, function(order) deriv_code(asked, question, x, order, combine, single, connection))
  code <- if (length(parts) == 1L) parts[[1L]] else as.call(c(quote(list), stats::setNames(parts, orders)))
  if (asked$kind == "string") one_line(code) else code_out(asked, code)
}

# Names as the service writes them, with the names that several derivatives are told by.
deriv_variables <- function(f, x) {
  if (is.null(x)) {
    x <- if (f$kind == "function") formal_names(f$source) else all.vars(parse_text(f$text))
    x <- setdiff(x, "pi")
  }
  if (!is.character(x) || !length(x)) stop_argument("there is no variable to differentiate by", "variables")
  owner <- names(x)
  if (is.null(owner)) return(stats::setNames(x, x))
  own <- nzchar(owner)
  stats::setNames(ifelse(own, paste0(owner, "[", x, "]"), x), ifelse(own, paste0(owner, "_", x), x))
}

formal_names <- function(f) setdiff(names(formals(if (is.primitive(f)) args(f) else f)), "...")

# The function as a question: for code, closures of the caller that occur in it stand before it.
deriv_question <- function(f, x, env) {
  if (f$kind == "function") return(f)
  code <- parse_text(f$text)
  if (is.call(code) && identical(code[[1L]], quote(`~`))) code <- code[[length(code)]]
  own <- as.function(list(code), envir = if (is.null(env)) baseenv() else env)
  setup <- captured(own, c(x, all.vars(code)))$setup
  sec_function(paste(c(setup, deparse_text(code)), collapse = "\n"), notation = "r")
}

# The derivatives of one order as code.
deriv_code <- function(asked, question, x, order, combine, single, connection) {
  if (order == 0) return(deriv_body(asked))
  ask <- function(by) {
    text <- differentiate(question, by, notations = "r", connection = connection)
    parse_text(text)
  }
  nest <- function(by, left) {
    if (left == 0) return(ask(by))
    if (single) return(nest(c(by, x[[1L]]), left - 1L))
    if (left == 1 && !length(by)) return(deriv_row(question, x, combine, connection))
    as.call(c(as.name(combine), lapply(x, function(name) nest(c(by, name), left - 1L))))
  }
  suppressMessages(nest(character(), order), classes = "secant_notice")
}

# All first partials come in one call.
deriv_row <- function(question, x, combine, connection) {
  texts <- gradient(question, unname(x), notations = "r", connection = connection)
  as.call(c(as.name(combine), stats::setNames(lapply(unname(texts), parse_text), names(x))))
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
