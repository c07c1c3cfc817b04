test_that("a syntax error has the mistake, its position, a hint and the span", {
  service()
  failure <- failure_of(gradient("x^2 + * y"))
  expect_s3_class(failure, c("secant_syntax_error", "secant_invalid_argument", "secant_error", "error", "condition"), exact = TRUE)
  expect_identical(conditionMessage(failure),
                   "expected a number, a name or '(', found '*'\n  x^2 + * y\n        ^\nremove one of '+' and '*'")
  expect_identical(failure$span, c(start = 7, end = 7))
  expect_identical(substr("x^2 + * y", failure$span[["start"]], failure$span[["end"]]), "*")
  expect_identical(failure$field, "expression.text")
})

test_that("each reason has a class of its own", {
  service()
  expect_error(gradient("foo(x)"), class = "secant_unknown_function")
  expect_error(gradient("x^2", at = c(y = 1)), class = "secant_unknown_variable")
  expect_error(differentiate("x * y"), class = "secant_invalid_argument")
  expect_error(evaluate("x", list(x = 1), order = 3), class = "secant_invalid_value")
  expect_error(gradient("x^2", at = c(x = 1), notations = "esperanto"), class = "secant_invalid_argument")
})

test_that("bad arguments keep their class through every verb", {
  service()
  expect_error(evaluate(~ x + y, list(x = 1:2, y = 1:3)), "columns differ in length: x has 2, y has 3", class = "secant_invalid_argument")
  expect_error(evaluate(~ x, list(x = "a")), "not numeric", class = "secant_invalid_argument")
  expect_error(descend(~ x^2, c(x = 1), method = "adamm"), "one of fixed_rate, momentum", class = "secant_invalid_argument")
  expect_error(descend(~ x^2, c(x = 1), method = "newton", rate = 1), "method 'newton' has no setting 'rate'; its settings: none")
  expect_error(descend(~ x^2, c(x = 1), rate = "fast"), "rate must be a number; got \"fast\"")
  expect_error(equal(~ x, ~ x, assume = 3), "assume must be text, for example \"x > 0\"; got 3", class = "secant_invalid_argument")
  expect_error(figure(~ x^2, "pie"), "figure must be one of curve", class = "secant_invalid_argument")
  expect_error(figure(~ x^2, "curve", tangent = 1), "figure 'curve' has no setting 'tangent'; its settings: tangents_at, arrows")
  expect_error(extrema(~ x^2, c(-1, 1)), "list of intervals", class = "secant_invalid_argument")
  expect_error(differentiate(~ x^2, 1), "variables must be text", class = "secant_invalid_argument")
})

test_that("text is never run: not on the way out, not on the way back", {
  service()
  witness <- tempfile()
  attack <- sprintf("x * file.create('%s')", witness)
  expect_error(gradient(attack), class = "secant_error")
  expect_error(Deriv(attack, "x"), class = "secant_error")
  expect_false(file.exists(witness))
})

test_that("a connection that is none is refused", {
  expect_error(secant_connect("http://localhost:1"), "host:port", class = "secant_invalid_argument")
  expect_error(secant_connect("a:1", timeout = 0), "above 0", class = "secant_invalid_argument")
  expect_error(secant_tls(roots = "nowhere.pem"), "no file nowhere.pem", class = "secant_invalid_argument")
  expect_error(secant_tls(certificate = "a"), "go together", class = "secant_invalid_argument")
  expect_error(gradient("x", connection = 5), "secant_connect()", class = "secant_invalid_argument")
})
