refuted <- function() proto("CheckResponse",
  verdict = 3L, message = "2 * x^2 is not the derivative", variable = "x", variables = "x", claimed_value = 2, true_value = 3,
  witness_point = list(proto("Coordinate", variable = "x", value = 1)),
  derivatives = list(proto("Formula", text = "3 * x^2")),
  witnesses = list(proto("Witness", name = "exact", verdict = 3L, message = "differs at x = 1"))
)

test_that("a verdict is a truth value that `if` can ask, and has its facts", {
  wrong <- check(~ x^3, ~ 2 * x^2, connection = answering(refuted()))
  expect_identical(if (wrong) "right" else "wrong", "wrong")
  expect_identical(wrong$verdict, "REFUTED")
  expect_identical(wrong$witness_point, c(x = 1))
  expect_identical(wrong$derivatives, c(x = "3 * x^2"))
  expect_identical(wrong$witnesses$name, "exact")
  expect_identical(format(wrong), c("REFUTED: 2 * x^2 is not the derivative", "  exact  REFUTED    differs at x = 1"))
  verdict <- function(number) as.logical(check(~ x, ~ 1, connection = answering(proto("CheckResponse", verdict = number))))
  expect_identical(vapply(1:4, verdict, NA), c(TRUE, TRUE, FALSE, NA))
})

test_that("a failed expectation shows where the claim fails", {
  expect_failure(expect_derivative(~ x^3, ~ 2 * x^2, connection = answering(refuted())), "differs at x = 1")
  undecided <- answering(proto("CheckResponse", verdict = 4L, message = "nothing was decided"))
  expect_failure(expect_derivative(~ x, ~ 1, connection = undecided), "nothing was decided")
})

test_that("a right derivative is TRUE, a wrong one FALSE with the point where it fails", {
  needs("Check")
  right <- check(~ log(x^2 - 2), ~ 2*x / (x^2 - 2))
  expect_true(as.logical(right))
  expect_true(if (right) TRUE else FALSE)
  expect_true(right$verdict %in% c("PROVED", "AGREES"))
  wrong <- check(~ x^3, ~ 2 * x^2)
  expect_false(as.logical(wrong))
  expect_identical(wrong$verdict, "REFUTED")
  point <- wrong$witness_point
  expect_equal(c(wrong$claimed_value, wrong$true_value), c(2, 3) * point[["x"]]^2)
  expect_output(print(wrong), "exact +REFUTED .*numeric +REFUTED")
  expect_identical(wrong$slip, "factor")
})

test_that("the opposite of a verdict is a plain truth value, and its facts have names", {
  wrong <- sec_check(~ x^3, ~ 2 * x^2, connection = answering(refuted()))
  expect_identical(list(!wrong, wrong == FALSE, wrong | TRUE), list(TRUE, TRUE, TRUE))
  expect_identical(wrong[["verdict"]], "REFUTED")
  expect_true("slip" %in% names(wrong))
  expect_identical(wrong[[1L]], FALSE)
})

test_that("expect_equal_formula() passes, or fails with the point", {
  needs("Check")
  expect_success(expect_equal_formula(~ sqrt(x^2), ~ x, assume = "x > 0"))
  expect_failure(expect_equal_formula(~ sqrt(x^2), ~ x), "at x = -1 the claim is -1")
  expect_failure(expect_derivative(~ x / 3, ~ 0.333), "REFUTED")
  expect_success(suppressWarnings(expect_derivative(~ x^2 / 3, ~ 0.666 * x, tolerance = 1e-2)))
})

test_that("only the witnesses named take part, and an unknown one is refused", {
  needs("Check")
  claim <- check(~ x^3, ~ 3 * x^2, witnesses = c("numeric", "exact"), seconds = 2.5)
  expect_identical(claim$witnesses$name, c("exact", "numeric"))
  expect_identical(claim$witnesses$verdict, c("PROVED", "AGREES"))
  expect_error(check(~ x, ~ 1, seconds = 0), "above 0", class = "secant_invalid_value")
  expect_error(check(~ x, ~ 1, witnesses = "oracle"), "no witness 'oracle'", class = "secant_invalid_value")
})

test_that("a claim of a function of data may use the data", {
  needs("Check")
  loss <- ~ sum((dist - a - b * speed)^2)
  slopes <- ~ c(-2 * sum(dist - a - b * speed), -2 * sum(speed * (dist - a - b * speed)))
  expect_true(as.logical(check(loss, slopes, c("a", "b"), data = cars)))
  expect_false(as.logical(check(loss, ~ c(-2 * sum(dist - a - b * speed), 0), c("a", "b"), data = cars)))
})

test_that("a claim of the wrong length is an error, one with a name that the function lacks is refuted with a notice", {
  needs("Check")
  expect_error(check(~ x * y, ~ y), "one formula for each variable", class = "secant_invalid_value")
  expect_warning(verdict <- check(function(x) x^2, function(t) 2 * t), "'t' in the claim is not a variable of the function")
  expect_false(as.logical(verdict))
})

test_that("a gradient is claimed by strings, a call or a function", {
  needs("Check")
  f <- function(x, y) x^2 * y
  for (claim in list(c("2*x*y", "x^2"), quote(c(2*x*y, x^2)), expression(2*x*y, x^2), function(x, y) c(2*x*y, x^2))) {
    expect_true(as.logical(check(f, claim)))
  }
  expect_false(as.logical(check(f, c("2*x*y", "x"))))
})

test_that("expect_derivative() passes, or fails with the witness", {
  needs("Check")
  expect_success(expect_derivative(~ x^2, ~ 2 * x))
  expect_failure(expect_derivative(~ x^2, ~ 3 * x), "at x = 1 the claim is 3, but the derivative with respect to x is 2")
})

test_that("two formulas are equal, differ with a point, or are equal under an assumption", {
  needs("Check")
  expect_true(as.logical(equal(~ (x + 1)^2, ~ x^2 + 2 * x + 1)))
  wrong <- equal(~ sqrt(x^2), ~ x)
  expect_false(as.logical(wrong))
  expect_identical(c(wrong$slip, wrong$variable), c("domain", ""))
  expect_equal(c(wrong$claimed_value, wrong$true_value), c(-1, 1) * abs(wrong$witness_point[["x"]]))
  expect_true(as.logical(equal(~ sqrt(x^2), ~ x, assume = "x > 0")))
  expect_true(as.logical(equal(sec_function("\\frac{1}{x}", notation = "latex"), ~ x^-1)))
  expect_true(is.na(as.logical(equal(~ log(x), ~ log(-x)))))
  expect_false(as.logical(equal(~ x / 3, ~ 0.333 * x)))
  expect_true(as.logical(suppressWarnings(equal(~ x / 3, ~ 0.333 * x, tolerance = 1e-2))))
  expect_error(equal(~ x, ~ x, tolerance = -1), "the tolerance is -1", class = "secant_invalid_value")
  expect_error(equal(~ x, ~ x, assume = c("x > 1", "x < 0")), "no x satisfies 'x < 0'", class = "secant_invalid_value")
})
