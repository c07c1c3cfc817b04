bits <- function(x) serialize(as.vector(x), NULL)

test_that("values and derivatives at many points are those of R's own deriv()", {
  service()
  points <- data.frame(x = c(2, -1, 0.5), y = c(1, 2, 3))
  found <- evaluate(~ x^2 * y + exp(x), points, order = 2)
  expected <- with(points, eval(deriv3(~ x^2 * y + exp(x), c("x", "y"))))
  expect_equal(found, expected, tolerance = 1e-15)
})

test_that("NA, NaN and the infinities are values, at poles too", {
  service()
  found <- evaluate(~ x, c(NA, NaN, Inf, -Inf, -0))
  expect_identical(bits(found), bits(c(NA, NaN, Inf, -Inf, -0)))
  expect_error(evaluate("y/x", c(0, 1)), "name the columns", class = "secant_invalid_argument")
  expect_identical(evaluate("1/x", c(0, 1)), c(Inf, 1))
  expect_identical(evaluate("1/x", list(x = c(0, 1))), c(Inf, 1))
  expect_identical(evaluate(~ x, numeric()), numeric())
})

test_that("a million values come back bit for bit, in blocks over a stream", {
  service()
  x <- c(NA, NaN, Inf, -Inf, .Machine$double.xmin / 2, rnorm(1e6 - 5))
  found <- evaluate("x", list(x = x))
  expect_identical(bits(found), bits(x))
  squares <- evaluate(~ x^2 + y, list(x = x[-(1:5)], y = 1), order = 1)
  expect_identical(as.vector(squares), x[-(1:5)]^2 + 1)
  expect_identical(attr(squares, "gradient")[, "x"], 2 * x[-(1:5)])
})

test_that("the bytes of long answers come in their order, whatever fits into the buffer of libcurl", {
  service()
  x <- seq(-3, 3, length.out = 100000)
  for (k in 1:30) {
    found <- evaluate("2 * x^2 + y", list(x = x, y = 1), variables = "x", order = 1)
    expect_identical(as.vector(found), 2 * x^2 + 1)
    expect_identical(attr(found, "gradient")[, "x"], 2 * (2 * x))
  }
})

test_that("a stream answers block by block, in order, with the number answered before", {
  service()
  expect_identical(evaluate_stream(~ x^2, list(1:2, 3:5)), list(c(1, 4), c(9, 16, 25)))
  offsets <- numeric()
  left <- 3
  generator <- function() if ((left <<- left - 1) >= 0) data.frame(x = c(left, left))
  expect_identical(evaluate_stream("x", generator, on_block = function(values, offset) offsets <<- c(offsets, offset)), 3L)
  expect_identical(offsets, c(0, 2, 4))
  expect_identical(evaluate_stream(~ x, list()), list())
})

test_that("columns of data frames that the function does not use are left out", {
  service()
  frame <- data.frame(name = c("a", "b"), x = c(1, 2), z = c(5, NA))
  expect_identical(evaluate_stream("x^2", frame), list(c(1, 4)))
  expect_identical(evaluate_stream("a * x^2", frame, at = c(a = 3)), list(c(3, 12)))
  left <- 1
  once <- function() if ((left <<- left - 1) >= 0) frame
  expect_identical(evaluate_stream("a * x^2", once, at = c(a = 3)), list(c(3, 12)))
})

test_that("a stream is ended by FALSE, and a failure in it is an error", {
  service()
  seen <- 0
  endless <- function() list(x = rnorm(1000))
  evaluate_stream(~ x, endless, on_block = function(values, offset) (seen <<- seen + 1) < 3)
  expect_identical(seen, 3)
  expect_error(evaluate_stream(~ x, list(1:2, list(x = "a"))), "not numeric", class = "secant_invalid_argument")
  expect_error(evaluate_stream(~ x, list(1:2), on_block = function(...) stop("mine")), "mine")
  expect_error(evaluate_stream("x + * y", list(list(x = 1))), class = "secant_syntax_error")
})

test_that("limits are marked, and a kink has a notice", {
  service()
  expect_identical(attr(evaluate(~ sin(x)/x, c(1, 0, 2, 0)), "limits"), c(2, 4))
  expect_null(attr(evaluate(~ x^2, c(1, 0)), "limits"))
  expect_warning(evaluate(~ abs(x), c(1, 0), order = 1), "kink", class = "secant_notice")
  found <- gradient(~ sin(x)/x + y^2, at = c(x = 0, y = 3), full = TRUE)
  expect_true(found$value_is_limit)
  expect_identical(found$values_are_limits, c(x = TRUE, y = FALSE))
  expect_true(differentiate(~ sin(x)/x, "x", at = c(x = 0), full = TRUE)$function_value_is_limit)
})

test_that("a data frame larger than a message is divided into blocks, with parameters beside its columns", {
  service()
  points <- data.frame(x = seq(-3, 3, length.out = 100000), y = rep(c(0.5, 2), 50000))
  found <- evaluate_stream("a * x^2 + y", points, variables = "x", order = 1, at = c(a = 2))
  expect_gt(length(found), 1L)
  expect_identical(unlist(lapply(found, as.vector)), 2 * points$x^2 + points$y)
  expect_identical(unlist(lapply(found, attr, "gradient")), 2 * (2 * points$x))
  seen <- 0
  count <- evaluate_stream("x + y", points, on_block = function(values, offset) {
    expect_identical(offset, seen)
    seen <<- seen + length(values)
  })
  expect_identical(seen, 100000)
  expect_gt(count, 1L)
  expect_identical(evaluate_stream("x", data.frame(x = numeric())), list())
})

test_that("batches of a record batch reader are read one after the other", {
  service()
  left <- list(data.frame(x = 1:2), data.frame(x = integer()), data.frame(x = 3))
  reader <- structure(list(read_next_batch = function() {
    batch <- if (length(left)) left[[1L]]
    left <<- left[-1L]
    batch
  }), class = "RecordBatchReader")
  expect_identical(evaluate_stream(~ x^2, reader), list(c(1, 4), 9))
})

test_that("parameters of a stream are refused where they are no numbers with names of their own", {
  service()
  expect_error(evaluate_stream("a*x", data.frame(x = 1), at = 2), "named vector", class = "secant_invalid_argument")
  expect_error(evaluate_stream("a*x", data.frame(x = 1), at = list(a = 1:2)), "named vector", class = "secant_invalid_argument")
  expect_error(evaluate_stream("a*x", data.frame(x = 1), at = c(x = 2)), "'x' is a column", class = "secant_invalid_argument")
  expect_error(evaluate_stream("x", list(1:2), at = c(a = 2)), "name the columns", class = "secant_invalid_argument")
  expect_error(evaluate_stream("x", data.frame(x = c("a", "b"))), "not numeric", class = "secant_invalid_argument")
})
