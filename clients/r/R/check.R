#' Whether a derivative is right
#'
#' In bounded time: proved, agrees at every point tried, refuted with a point where it fails, or undecided.
#'
#' @inheritParams gradient
#' @param claimed The claim, in any form of [sec_function()]: one formula, or a vector of one for each variable
#'   (several strings, a call of `c()`, a function that returns a vector).
#' @param variables By what; with several, `claimed` is the gradient. `NULL`: as for [gradient()].
#' @param at Where to look first.
#' @param witnesses Whom to ask: any of "exact", "sympy", "numeric", "deriv". `NULL`: all that the server has, see
#'   [describe()].
#' @param seconds For all witnesses together. `NULL`: the server's limit `check_seconds`, which is also the most.
#' @returns `TRUE` (proved or agrees), `FALSE` (refuted) or `NA` (undecided), with class `secant_verdict`: `if` can ask
#'   it, `print()` shows who says what, and `$` reads `verdict` ("PROVED", "AGREES", "REFUTED", "UNDECIDED"), `message`,
#'   `witness_point`, `variable`, `claimed_value`, `true_value`, `witnesses` (a data frame of `name`, `verdict`,
#'   `message`), `derivatives` (the right ones, strings), `variables`, `notices` and `slip` (of a refuted claim the
#'   customary slip that explains it, such as "chain_rule"; else "").
#' @inheritSection differentiate Errors
#' @seealso [expect_derivative()] for tests.
#' @export
#' @examplesIf "Check" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' check(~ log(x^2 - 2), ~ 2*x / (x^2 - 2))
#' verdict <- check(~ x^2 * y, c("2*x*y", "x"), c("x", "y"))
#' verdict$witness_point
check <- function(f, claimed, variables = NULL, at = NULL, witnesses = NULL, seconds = NULL, data = NULL,
                  connection = NULL) {
  f <- sec_function(f, data)
  claimed <- sec_function(claimed, data)
  bound <- c(variables, names(at))
  reply <- call_unary(connection_of(connection), "Check", proto("CheckRequest",
    expression = expression_message(f, bound),
    variables = names_message(variables),
    claimed = expression_message(claimed, bound),
    at = coordinates(at, f),
    witnesses = names_message(witnesses),
    seconds = seconds
  ))
  tell_notices(reply$notices)
  witness <- function(field) utf8(vapply(reply$witnesses, field, ""))
  point <- reply$witness_point
  verdict <- told("Verdict", reply$verdict)
  structure(
    switch(verdict, PROVED = , AGREES = TRUE, REFUTED = FALSE, NA),
    class = "secant_verdict",
    facts = list(
      verdict = verdict,
      message = utf8(reply$message),
      witness_point = stats::setNames(vapply(point, function(entry) entry$value, 0),
                                      utf8(vapply(point, function(entry) entry$variable, ""))),
      variable = utf8(reply$variable),
      claimed_value = optional(reply, "claimed_value"),
      true_value = optional(reply, "true_value"),
      witnesses = data.frame(
        name = witness(function(one) one$name),
        verdict = told("Verdict", vapply(reply$witnesses, function(one) as.integer(one$verdict), 0L)),
        message = witness(function(one) one$message)
      ),
      derivatives = stats::setNames(texts_of(reply$derivatives), utf8(reply$variables)[seq_along(reply$derivatives)]),
      variables = utf8(reply$variables),
      notices = utf8(reply$notices),
      slip = utf8(reply$slip)
    )
  )
}

#' @export
`$.secant_verdict` <- function(x, name) attr(x, "facts")[[name]]

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

#' Expect that a derivative is right
#'
#' An expectation for testthat: fails with the point where `claimed` is not the derivative of `f`.
#'
#' @inheritParams check
#' @param f The function, in any form of [sec_function()].
#' @param info Added to the message of a failure.
#' @returns The verdict of [check()], invisibly.
#' @export
#' @examplesIf "Check" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' if (requireNamespace("testthat", quietly = TRUE)) {
#'   testthat::test_that("the gradient written by hand is right", {
#'     expect_derivative(function(x, y) x^2 * y, function(x, y) c(2 * x * y, x^2))
#'   })
#' }
expect_derivative <- function(f, claimed, variables = NULL, at = NULL, witnesses = NULL, seconds = NULL, data = NULL,
                              info = NULL, connection = NULL) {
  if (!requireNamespace("testthat", quietly = TRUE)) stop_argument("expect_derivative() needs the package testthat")
  verdict <- check(f, claimed, variables, at, witnesses, seconds, data, connection)
  testthat::expect(isTRUE(as.logical(verdict)), paste(format(verdict), collapse = "\n"), info = info)
  invisible(verdict)
}
