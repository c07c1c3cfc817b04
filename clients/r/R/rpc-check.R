#' Check a derivative
#'
#' Checks a claimed derivative by independent methods in bounded time. The claim is proved, agrees at all points tried, is
#' refuted with a point where it fails, or stays undecided.
#'
#' @inheritParams sec_gradient
#' @param claimed The claimed derivative, in any form of [sec_function()]: one formula, or a vector with one formula for
#'   each variable (several strings, a call of `c()`, a function that returns a vector).
#' @param variables The variables to differentiate with respect to; with several, `claimed` is the gradient. `NULL`: as
#'   for [sec_gradient()].
#' @param at A point to try first: a numeric vector with a named entry for each variable.
#' @param witnesses The methods to use, any of "exact", "ball", "sympy", "numeric" and "deriv". `NULL`: "exact", "ball"
#'   and "numeric", and the others if these neither prove nor refute the claim.
#' @param seconds Time limit of all methods together, at most the server's limit `check_seconds`. `NULL`: that limit.
#' @param order 1 for the first derivative, 2 for the second: of several variables, `claimed` is then the Hessian, a matrix as
#'   in `~ rbind(c(2, 0), c(0, 2))`. `NULL`: 1.
#' @param assume Assumptions about variables: strings such as "x > 0", "-1 < r < 1", "x >= y" or "n integer".
#' @param tolerance The relative difference up to which a claim is accepted at points: with `1e-2`, `~ 0.333*x` is accepted for
#'   `~ x/3`, with the verdict "AGREES" and a notice. At least 0, below 1. `NULL`: no tolerance but that of rounding.
#' @param certificate Whether to give a proof that can be checked without Secant, see [secant_certificate].
#' @returns `TRUE` (proved or agrees), `FALSE` (refuted) or `NA` (undecided), with class `secant_verdict`. `print()` shows
#'   the result of each method, and `$` extracts `verdict` ("PROVED", "AGREES", "REFUTED", "UNDECIDED"), `message`,
#'   `witness_point`, `variable`, `claimed_value`, `true_value`, `witnesses` (a data frame of `name`, `verdict`,
#'   `message`), `derivatives` (the correct ones, strings), `variables`, `notices`, `slip` (the common mistake that
#'   explains a refuted claim, such as "chain_rule"; else "") and `certificate` (`NULL` if there is none).
#' @inheritSection differentiate Errors
#' @seealso [expect_derivative()] for tests.
#' @export
#' @examplesIf "Check" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_check(~ log(x^2 - 2), ~ 2*x / (x^2 - 2))
#' verdict <- sec_check(~ x^2 * y, c("2*x*y", "x"), c("x", "y"))
#' verdict$witness_point
sec_check <- function(f, claimed, variables = NULL, at = NULL, witnesses = NULL, seconds = NULL, data = NULL,
                  shapes = NULL, connection = NULL, order = NULL, assume = NULL, tolerance = NULL, certificate = FALSE) {
  f <- sec_function(f, data, shapes = shapes)
  claimed <- sec_function(claimed, data, shapes = shapes)
  bound <- c(variables, point_names(at, f))
  reply <- call_unary(connection_of(connection), "Check", proto("CheckRequest",
    expression = expression_message(f, bound),
    variables = names_message(variables),
    claimed = expression_message(claimed, bound),
    at = coordinates(at, f),
    witnesses = names_message(witnesses, "witnesses", 'c("exact", "numeric")'),
    seconds = seconds,
    order = if (!is.null(order)) whole_number(order, "order"),
    assumptions = names_message(assume, "assume", '"x > 0"'),
    tolerance = tolerance,
    certificate = if (certificate) TRUE
  ))
  verdict_of(reply)
}

#' Check whether two formulas are equal
#'
#' Two formulas are equal if they have the same value wherever both have one and the assumptions hold. They are proved equal,
#' agree at all points tried, differ at a point, or stay undecided, in bounded time.
#'
#' @param f,g The formulas, in any form of [sec_function()]. They may be written in different notations and have different
#'   variables.
#' @param names Names that are variables in both formulas. Only textbook notation and LaTeX need them, for names of several
#'   letters.
#' @param at A point to try first: a numeric vector with a named entry for each variable.
#' @param witnesses The methods to use, any of "exact", "ball", "sympy" and "numeric". `NULL`: all that are needed.
#' @inheritParams sec_check
#' @returns `TRUE` (proved or agrees), `FALSE` (they differ) or `NA` (undecided), with class `secant_verdict`, as for
#'   [sec_check()]: `g` is the claim and `f` the truth. `derivatives` is empty.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Check" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_equal(~ (x + 1)^2, ~ x^2 + 2*x + 1)
#' sec_equal(~ sqrt(x^2), ~ x)
#' sec_equal(~ sqrt(x^2), ~ x, assume = "x > 0")
sec_equal <- function(f, g, assume = NULL, names = NULL, at = NULL, witnesses = NULL, seconds = NULL, data = NULL,
                  shapes = NULL, connection = NULL, tolerance = NULL, certificate = FALSE) {
  f <- sec_function(f, data, shapes = shapes)
  g <- sec_function(g, data, shapes = shapes)
  bound <- c(names, point_names(at, f))
  verdict_of(call_unary(connection_of(connection), "Check", proto("CheckRequest",
    expression = expression_message(f, bound),
    variables = names_message(names, "names"),
    claimed = expression_message(g, bound),
    at = coordinates(at, f),
    witnesses = names_message(witnesses, "witnesses", 'c("exact", "numeric")'),
    seconds = seconds,
    order = 0L,
    assumptions = names_message(assume, "assume", '"x > 0"'),
    tolerance = tolerance,
    certificate = if (certificate) TRUE
  )))
}

# The verdict in a reply of Check.
verdict_of <- function(reply) {
  signal_notices(reply$notices)
  witness <- function(field) utf8(vapply(reply$witnesses, field, ""))
  point <- reply$witness_point
  verdict <- upper_name("Verdict", reply$verdict)
  structure(
    switch(verdict, PROVED = , AGREES = TRUE, REFUTED = FALSE, NA),
    class = "secant_verdict",
    facts = list(
      verdict = verdict,
      message = utf8(reply$message),
      witness_point = point_in(point),
      variable = utf8(reply$variable),
      claimed_value = optional(reply, "claimed_value"),
      true_value = optional(reply, "true_value"),
      witnesses = data.frame(
        name = witness(function(one) one$name),
        verdict = upper_name("Verdict", vapply(reply$witnesses, function(one) as.integer(one$verdict), 0L)),
        message = witness(function(one) one$message)
      ),
      derivatives = derivative_texts(texts_of(reply$derivatives), utf8(reply$variables)),
      variables = utf8(reply$variables),
      notices = utf8(reply$notices),
      slip = utf8(reply$slip),
      certificate = certificate_out(reply)
    )
  )
}

# The correct derivatives by their variables; of order 2 a matrix.
derivative_texts <- function(texts, variables) {
  n <- length(variables)
  if (length(texts) == n || n < 2L) return(stats::setNames(texts, variables[seq_along(texts)]))
  if (!length(texts)) return(character())
  matrix(texts, n, n, byrow = TRUE, dimnames = list(variables, variables))
}

#' @export
`$.secant_verdict` <- function(x, name) attr(x, "facts")[[name]]

#' @export
`[[.secant_verdict` <- function(x, i, ...) if (is.character(i)) attr(x, "facts")[[i]] else as.logical(x)[[i]]

#' @export
names.secant_verdict <- function(x) names(attr(x, "facts"))

# The opposite of a verdict is no verdict: !check() is a plain truth value.
#' @export
Ops.secant_verdict <- function(e1, e2) {
  plain <- function(e) if (inherits(e, "secant_verdict")) as.logical(e) else e
  if (missing(e2)) get(.Generic)(plain(e1)) else get(.Generic)(plain(e1), plain(e2))
}

#' @export
format.secant_verdict <- function(x, ...) {
  facts <- attr(x, "facts")
  width <- max(0L, nchar(facts$witnesses$name))
  c(
    paste0(facts$verdict, if (nzchar(facts$message)) ": ", facts$message),
    sprintf("  %-*s  %-9s  %s", width, facts$witnesses$name, facts$witnesses$verdict, facts$witnesses$message)
  )
}

#' @export
print.secant_verdict <- function(x, ...) print_lines(x, ...)
