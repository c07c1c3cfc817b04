# What Deriv 4.1.6 answers, run as a black box under R 4.2.2.

test_that("strings, calls, formulas and expressions are answered as Deriv does, to the letter", {
  service()
  expect_identical(Deriv("x * exp(x)", "x"), "(1 + x) * exp(x)")
  expect_identical(Deriv("x**2 + x*y + y**2", "x"), "2 * x + y")
  expect_identical(Deriv("x^2*y"), "c(x = 2 * (x * y), y = x^2)")
  expect_identical(Deriv(~ x^2 * y), quote(c(x = 2 * (x * y), y = x^2)))
  expect_identical(Deriv(quote(x^2 * y), "x"), quote(2 * (x * y)))
  expect_identical(Deriv(expression(x^2 * y)), expression(c(x = 2 * (x * y), y = x^2)))
  expect_identical(Deriv("x", "y"), "0")
  expect_identical(Deriv("x^2", c("x", "y")), "c(x = 2 * x, y = 0)")
  expect_identical(body(Deriv(function(x) x^2, "y")), 0)
  expect_identical(Deriv("x^2", c("x", "y"), nderiv = 2), "c(x = c(x = 2, y = 0), y = c(x = 0, y = 0))")
  expect_identical(Deriv(5, "x"), 0)
  expect_identical(Deriv("theta[1]^2*theta[2]", c(theta = "1", theta = "2")),
                   "c(theta_1 = 2 * (theta[1] * theta[2]), theta_2 = theta[1]^2)")
})

test_that("functions are answered by functions of the same arguments", {
  service()
  f <- function(x, y = 2) x^2 * y
  expect_equal(Deriv(f), function(x, y = 2) c(x = 2 * (x * y), y = x^2), ignore_attr = "srcref")
  expect_identical(Deriv(f, "y")(3), 9)
  expect_identical(Deriv(sin)(0), 1)
  g <- function(t) sin(t) * t
  expect_identical(Deriv("g(x)", "x"), "sin(x) + x * cos(x)")
  expect_identical(Deriv(g, nderiv = 2)(0), 2)
})

test_that("orders and ways to combine are Deriv's", {
  service()
  expect_identical(Deriv("x^3", "x", nderiv = 2), "6 * x")
  expect_identical(Deriv("x^3", "x", nderiv = 0:2), "list(`0` = x^3, `1` = 3 * x^2, `2` = 6 * x)")
  expect_identical(Deriv(quote(x^2 * y), c("x", "y"), combine = "cbind"), quote(cbind(x = 2 * (x * y), y = x^2)))
  second <- Deriv(function(x, y) x^2 * y, nderiv = 2, combine = "cbind")(2, 3)
  expect_equal(unname(second), matrix(c(6, 4, 4, 0), 1))
})

test_that("what cannot be meant is refused", {
  expect_error(Deriv("x", "x", use.D = TRUE), class = "secant_invalid_argument")
  expect_error(Deriv("x", "x", drule = list()), class = "secant_invalid_argument")
  expect_error(Deriv("5"), "no variable", class = "secant_invalid_argument")
})
