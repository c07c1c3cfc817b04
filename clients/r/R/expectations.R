#' Expectations for testthat
#'
#' `expect_derivative()` fails unless `claimed` is the derivative of `f`, `expect_equal_formula()` unless two formulas have the same
#' values. The message has a point where they differ and, if it is known, the mistake. A claim that stays undecided fails, too.
#'
#' @section In the tests of a package: Add `secant` to `Suggests` and skip the tests where no server answers, as on CRAN:
#'
#' ```r
#' test_that("the gradient of the log-likelihood is right", {
#'   skip_if_not_installed("secant")
#'   skip_if_not(secant::secant_available())
#'   secant::expect_derivative(
#'     ~ sum((y - a - b*x)^2),
#'     ~ c(-2*sum(y - a - b*x), -2*sum(x*(y - a - b*x))),
#'     c("a", "b"), data = list(x = c(1, 2, 3), y = c(2, 4, 5))
#'   )
#' })
#' ```
#'
#' A server for all test files starts in `tests/testthat/setup.R`; nothing is installed there, because tests have no user to ask:
#'
#' ```r
#' if (requireNamespace("secant", quietly = TRUE)) try(secant::secant_start(), silent = TRUE)
#' ```
#'
#' @inheritParams sec_check
#' @param f,g The functions, in any form of [sec_function()]; functions of your package are such a form.
#' @param ... Arguments of [sec_check()] or [sec_equal()], such as `order`, `assume` and `tolerance`.
#' @param info Text that is added to the message of a failure.
#' @returns The verdict of [sec_check()] or [sec_equal()], invisibly.
#' @inheritSection differentiate Errors
#' @name secant_expectations
#' @examplesIf secant::secant_available() && requireNamespace("testthat", quietly = TRUE)
#' testthat::test_that("the gradient written by hand is right", {
#'   expect_derivative(function(x, y) x^2 * y, function(x, y) c(2 * x * y, x^2))
#' })
#' testthat::test_that("the simplified formula is the same", {
#'   expect_equal_formula(~ sqrt(x^2), ~ x, assume = "x > 0")
#' })
NULL

#' @rdname secant_expectations
#' @export
expect_derivative <- function(f, claimed, variables = NULL, at = NULL, witnesses = NULL, seconds = NULL, data = NULL,
                              shapes = NULL, info = NULL, connection = NULL, ...) {
  needs_testthat("expect_derivative()")
  verdict <- sec_check(f, claimed, variables, at, witnesses, seconds, data, shapes, connection, ...)
  testthat::expect(isTRUE(as.logical(verdict)), paste(format(verdict), collapse = "\n"), info = info)
  invisible(verdict)
}

#' @rdname secant_expectations
#' @export
expect_equal_formula <- function(f, g, assume = NULL, ..., info = NULL) {
  needs_testthat("expect_equal_formula()")
  verdict <- sec_equal(f, g, assume, ...)
  testthat::expect(isTRUE(as.logical(verdict)), paste(format(verdict), collapse = "\n"), info = info)
  invisible(verdict)
}

needs_testthat <- function(name) {
  if (!requireNamespace("testthat", quietly = TRUE)) stop_argument(paste(name, "needs the package testthat"))
}
