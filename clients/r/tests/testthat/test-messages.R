# The bytes of messages, beside those of RProtoBuf, which parses them.

built <- function(type, ...) RProtoBuf::new(message_type(type), ...)
parsed <- function(type, bytes) as.character(RProtoBuf::read(message_type(type), bytes))

test_that("messages have the fields that RProtoBuf gives them", {
  expression <- list(text = "\u03b1*x^2 + \"\n", notation = 1L)
  column <- list(name = "y", values = c(0, -0, 1.5, -1e308, Inf, NaN, 5e-324))
  cases <- list(
    list("Expression", expression),
    list("Column", column),
    list("Column", list(name = "A", values = as.double(1:6), shape = c(2L, 3L))),
    list("Coordinate", list(variable = "x", value = 0)),
    list("Dimension", list(size = 300)),
    list("GradientRequest", list(variables = c("x", "y", strrep("z", 200)), values_only = TRUE, notations = c(1L, 3L))),
    list("DescendRequest", list(maximize = FALSE, max_steps = 100000L, tolerance = 0, trace_every = 2^31 - 1)),
    list("DescendResponse", list(outcome = built("Outcome", point = c(1, 2)))),
    list("DescribeRequest", list())
  )
  for (case in cases) {
    wanted <- do.call(built, c(list(case[[1L]]), case[[2L]]))
    fields <- lapply(case[[2L]], function(value) if (isS4(value)) RProtoBuf::serialize(value, NULL) else value)
    expect_identical(parsed(case[[1L]], do.call(proto, c(list(case[[1L]]), fields))), as.character(wanted), info = case[[1L]])
  }
  nested <- proto("GradientRequest", expression = proto("Expression", text = "x"), at = list(proto("Coordinate", variable = "x", value = 2)))
  expect_identical(parsed("GradientRequest", nested), as.character(built("GradientRequest",
    expression = built("Expression", text = "x"), at = list(built("Coordinate", variable = "x", value = 2)))))
})

test_that("a message without fields is kept within another", {
  bytes <- proto("DescendRequest", bfgs = proto("Bfgs"), tolerance = NULL, start = list())
  expect_true(RProtoBuf::read(message_type("DescendRequest"), bytes)$has("bfgs"))
  expect_identical(proto("DescribeRequest"), raw())
})

test_that("whole numbers have as many bytes as they need, negative ones ten", {
  expect_identical(varint(127), as.raw(0x7f))
  expect_identical(varint(300), as.raw(c(0xac, 0x02)))
  expect_identical(varint(2^53), as.raw(c(rep(0x80, 7), 0x10)))
  expect_identical(varint(-1), as.raw(c(rep(0xff, 9), 0x01)))
  expect_identical(varint(-300), as.raw(c(0xd4, 0xfd, rep(0xff, 7), 0x01)))
})

test_that("a value of another type is refused with the name of its field", {
  refused <- function(...) expect_error(proto("DescendRequest", ...), class = "secant_invalid_argument")
  expect_match(conditionMessage(refused(maximize = NA)), "maximize must be TRUE or FALSE")
  expect_match(conditionMessage(refused(max_steps = 2.5)), "max_steps must be a whole number; got 2.5", fixed = TRUE)
  expect_match(conditionMessage(refused(tolerance = "small")), "tolerance must be numeric")
  expect_match(conditionMessage(refused(tolerance = c(1, 2))), "tolerance must be a single value")
  expect_match(conditionMessage(expect_error(proto("Expression", text = 1), class = "secant_invalid_argument")), "text must be a text")
  expect_error(proto("GradientRequest", variables = list("x", 2)), "must be texts", class = "secant_invalid_argument")
  expect_error(proto("GradientRequest", expression = "x"), "must be a message", class = "secant_invalid_argument")
})
