# The message that its bytes are.
sent_as <- function(type, bytes) {
  force(bytes)
  RProtoBuf::read(message_type(type), bytes)
}

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
  expect_error(sec_function("x", notation = "c"), "notation must be r, python, textbook or latex")
  expect_error(sec_function("x", data = list(1)), "named vectors")
})

test_that("a closure takes its numbers and functions along, and parameters that are numbers stay names", {
  k <- 3
  square <- function(t) t^2 + k
  own <- captured(function(x) square(x) + k, NULL)
  expect_identical(own$values, list(k = 3))
  expect_identical(sub("[[:space:]]+", " ", own$setup), "square <- function (t) \nt^2 + k")
  message <- sent_as("Expression", expression_message(sec_function(function(x, a = 2, b = -1) a * x^b)))
  expect_identical(message$text, "function (x) \na * x^b")
  expect_identical(vapply(message$data, function(column) column$values, 0), c(2, -1))
  expect_identical(
    sent_as("Expression", expression_message(sec_function(function(x, a = 2) a * x), "a"))$text, "function (x, a) \na * x"
  )
})

test_that("only the data that occurs is sent", {
  frame <- data.frame(y = 1:3, x = 4:6, city = c("a", "b", "c"))
  sent <- function(f) {
    vapply(sent_as("Expression", expression_message(sec_function(f, data = frame)))$data, function(column) column$name, "")
  }
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
  expect_identical(point_out(c(1, 2), f), c(x = 1, y = 2))
  expect_identical(point_out(list(y = 1L), f), c(y = 1))
  expect_error(named_point(c(1, 2, 3), f, "at"), "name the entries")
  expect_error(named_point(c(x = 1, x = 2), f, "at"), "a name of its own")
  expect_error(named_point("1", f, "at"), "numeric vector")
  expect_error(named_point(list(x = array(1, c(1, 1, 1))), f, "at"), "3 dimensions")
})

test_that("a vector or matrix alone is that of the only variable", {
  f <- function(theta) sum(theta^2)
  expect_identical(named_point(c(1, 2), sec_function(f), "at"), list(theta = c(1, 2)))
  expect_identical(named_point(c(a = 1, b = 2), sec_function(f), "at"), list(theta = c(a = 1, b = 2)))
  expect_identical(named_point(c(theta = 1), sec_function(f), "at"), list(theta = 1))
  expect_identical(named_point(c(`x[1]` = 1, `x[2]` = 2), sec_function(~ x[1] * x[2]), "at"), list(`x[1]` = 1, `x[2]` = 2))
  expect_identical(named_point(diag(2), sec_function(function(A) det(A)), "at"), list(A = diag(2)))
  # Only the service knows the variable of a string.
  expect_identical(named_point(c(1, 2), sec_function("sum(x^2)"), "at"), stats::setNames(list(c(1, 2)), ""))
})

test_that("a matrix is sent row by row, with its dimensions", {
  A <- matrix(c(1, 3, 2, 4, 5, 6), 3, byrow = TRUE, dimnames = list(NULL, c("a", "b")))
  message <- sent_as("Coordinate", coordinates(list(A = A))[[1L]])
  expect_identical(message$values, c(1, 3, 2, 4, 5, 6))
  expect_equal(message$shape, c(3, 2))
  expect_identical(sent_as("Column", columns_message(list(X = as.data.frame(A)))[[1L]])$values, message$values)
})

test_that("shapes are declared by lengths, names and texts", {
  sides <- function(shape) vapply(sent_as("VariableShape", shapes_message(list(A = shape))[[1L]])$dimensions,
                                  function(side) if (side$has("size")) as.character(side[["size"]]) else side[["name"]], "")
  expect_identical(sides("n x 3"), c("n", "3"))
  expect_identical(sides(c("n", 3)), c("n", "3"))
  expect_identical(sides(4), "4")
  expect_identical(sides("2x5"), c("2", "5"))
  expect_length(sent_as("VariableShape", shapes_message(list(a = "number"))[[1L]])$dimensions, 0L)
  expect_true(sent_as("VariableShape", shapes_message(list(S = "symmetric n x n"))[[1L]])$symmetric)
  expect_error(shapes_message(list("n")), "named list", class = "secant_invalid_argument")
})

test_that("a word is read in any case, and the error for another one lists the words", {
  expect_identical(enum_numbers("Notation", c("LaTeX", "r")), c(3L, 1L))
  expect_identical(enum_number("Scheme", "five point"), 4L)
  expect_null(enum_number("Form", NULL))
  expect_error(enum_number("Form", "simple"), "light, expanded, factored, simplified, exact; got 'simple'")
  expect_identical(upper_name("StopReason", c(0L, 3L, 99L)), c("", "DIVERGED", "99"))
})

test_that("nothing masks a function of R itself", {
  basics <- c("base", "stats", "graphics", "grDevices", "utils", "datasets", "methods")
  own <- getNamespaceExports("secant")
  for (package in basics) expect_identical(intersect(own, getNamespaceExports(package)), character())
})
