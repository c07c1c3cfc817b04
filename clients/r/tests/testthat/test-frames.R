test_that("what is framed and cut anywhere comes back whole and in order", {
  messages <- list(as.raw(1:3), raw(), as.raw(sample(0:255, 70000, TRUE)), as.raw(9))
  stream <- do.call(c, lapply(messages, frame))
  for (size in c(1, 7, 4096, length(stream))) {
    if (size == 1) stream <- stream[1:8] else stream <- do.call(c, lapply(messages, frame))
    found <- list()
    feed <- deframer(function(bytes) found[[length(found) + 1L]] <<- bytes)
    for (from in seq(1, length(stream), by = size)) feed(stream[from:min(length(stream), from + size - 1)])
    expect_identical(found, if (size == 1) messages[1] else messages)
  }
})

test_that("a unary answer is what its frame holds", {
  for (message in list(raw(), as.raw(7), as.raw(rep(0:255, 400)))) expect_identical(unframe(frame(message)), message)
})

test_that("an answer that was compressed, cut or is too large is an error, not a message", {
  expect_error(unframe(raw()), class = "secant_internal")
  expect_error(unframe(c(as.raw(1), raw(4))), class = "secant_internal")
  expect_error(deframer(identity)(as.raw(c(0, 255, 255, 255, 255))), class = "secant_resource_exhausted")
})

test_that("base64 without padding is read at every length", {
  # RFC 4648, section 10
  texts <- c("Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy")
  expect_identical(vapply(texts, function(text) rawToChar(from_base64(text)), "", USE.NAMES = FALSE),
                   substring("foobar", 1, 1:6))
  expect_identical(from_base64("Zg=="), from_base64("Zg"))
})

test_that("trailers are read from the last answer only", {
  headers <- charToRaw("HTTP/1.1 101 Switching\r\nx: 1\r\n\r\nHTTP/2 200\r\ncontent-type: a: b\r\n\r\ngrpc-status: 0\r\n\r\n")
  expect_identical(fields_of(headers), c("content-type" = "a: b", "grpc-status" = "0"))
  expect_silent(check_status(headers, 200L))
})

test_that("a status message is percent-encoded UTF-8", {
  headers <- charToRaw("HTTP/2 200\r\n\r\ngrpc-status: 3\r\ngrpc-message: %ED%95%9C%EA%B8%80 50%25\r\n\r\n")
  failure <- failure_of(check_status(headers, 200L))
  expect_s3_class(failure, "secant_invalid_argument")
  expect_identical(conditionMessage(failure), "\ud55c\uae00 50%")
})

test_that("a proxy's answer without a status is classified by its HTTP status", {
  headers <- charToRaw("HTTP/2 503\r\nserver: proxy\r\n\r\n")
  expect_error(check_status(headers, 503L), "HTTP 503", class = "secant_unavailable")
  expect_error(check_status(headers, 404L), class = "secant_unimplemented")
})

test_that("details that cannot be read do not hide the error", {
  expect_identical(status_facts(as.raw(c(255, 255)))$reason, "")
})
