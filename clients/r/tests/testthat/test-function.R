test_that("what R wrote goes as R's text, what a user wrote goes as it is", {
  expect_identical(format(sec_function(~ x^2 + 2*x*y)), "~x^2 + 2 * x * y")
  expect_identical(format(sec_function(quote(x**2))), "x^2")
  expect_identical(format(sec_function("x**2  + y")), "x**2  + y")
  expect_identical(format(sec_function(c("x*y", "x + y"))), "c(x*y, x + y)")
  expect_identical(format(sec_function(expression(x * y, x + y))), "c(x * y, x + y)")
  expect_identical(format(sec_function(sin)), "function(x) sin(x)")
  expect_identical(format(sec_function(quote(x))), "x")
  expect_identical(format(sec_function(5)), "5")
})

test_that("numbers go with all their digits, and no more than they need", {
  expect_identical(format(sec_function(quote(x * 0.1))), "x * 0.1")
  third <- bquote(x * .(1 / 3))
  expect_identical(parse_text(format(sec_function(third))), third)
})

test_that("what is no function is refused before any call", {
  for (f in list(TRUE, NULL, list(), character(), expression(), 1:2, mean(1:2) > 0)) {
    expect_error(sec_function(f), class = "secant_invalid_argument")
  }
  expect_error(sec_function("x", notation = "latex"), "read in r or python")
  expect_error(sec_function("x", data = list(1)), "named vectors")
})

test_that("a closure takes its numbers and functions along, and parameters that are numbers stay names", {
  k <- 3
  square <- function(t) t^2 + k
  own <- captured(function(x) square(x) + k, NULL)
  expect_identical(own$values, list(k = 3))
  expect_identical(sub("[[:space:]]+", " ", own$setup), "square <- function (t) \nt^2 + k")
  message <- expression_message(sec_function(function(x, a = 2, b = -1) a * x^b))
  expect_identical(message$text, "function (x) \na * x^b")
  expect_identical(vapply(message$data, function(column) column$values, 0), c(2, -1))
  expect_identical(expression_message(sec_function(function(x, a = 2) a * x), "a")$text, "function (x, a) \na * x")
})

test_that("only the data that occurs is sent", {
  frame <- data.frame(y = 1:3, x = 4:6, city = c("a", "b", "c"))
  sent <- function(f) vapply(expression_message(sec_function(f, data = frame))$data, function(column) column$name, "")
  expect_identical(sent(~ sum((y - a - b * x)^2)), c("y", "x"))
  expect_identical(sent("sum(y * t)"), "y")
  expect_error(sent("sum(city * t)"), "city is not numeric but character", class = "secant_invalid_argument")
})

test_that("as.function gives R's own function of what R wrote, with its data", {
  expect_identical(as.function(sec_function(~ x^2 + y))(2, 1), 5)
  expect_identical(as.function(sec_function(quote(sum(w * x)), data = list(w = 1:3)))(2), 12)
  f <- function(x) x
  expect_identical(as.function(sec_function(f)), f)
})

test_that("a point is named, or named by the function", {
  f <- sec_function(function(x, y) x + y)
  expect_identical(named_point(c(1, 2), f, "at"), c(x = 1, y = 2))
  expect_identical(named_point(list(y = 1L), f, "at"), c(y = 1))
  expect_error(named_point(c(1, 2, 3), f, "at"), "name the entries")
  expect_error(named_point(1, sec_function("x"), "at"), "name the entries")
  expect_error(named_point(c(x = 1, x = 2), f, "at"), "a name of its own")
  expect_error(named_point(list(x = 1:2), f, "at"), "evaluate()")
  expect_error(named_point("1", f, "at"), "numeric vector")
})

test_that("a word is read in any case, and another one is told which there are", {
  expect_identical(enum_numbers("Notation", c("LaTeX", "r")), c(3L, 1L))
  expect_identical(enum_number("Scheme", "five point"), 4L)
  expect_null(enum_number("Form", NULL))
  expect_error(enum_number("Form", "simple"), "light, expanded, factored, simplified, not 'simple'")
  expect_identical(told("StopReason", c(0L, 3L, 99L)), c("", "DIVERGED", "99"))
})

test_that("nothing masks a function of R itself", {
  basics <- c("base", "stats", "graphics", "grDevices", "utils", "datasets", "methods")
  own <- getNamespaceExports("secant")
  for (package in basics) expect_identical(intersect(own, getNamespaceExports(package)), character())
})
