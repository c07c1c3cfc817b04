# A broken or hostile server: no answer of its runs in R, and what cannot be an answer is a condition with a class.

formula_message <- function(text = "x", value = NULL) proto("Formula", text = text, value = value)
derivative_reply <- function(text) proto("DifferentiateResponse", derivative = formula_message(text), variables = "x")

test_that("a text that calls anything but functions of numbers is no answer", {
  witness <- tempfile()
  texts <- c(
    sprintf("file.create('%s')", witness), sprintf("x + system('touch %s')", witness), "base::system(x)", "(function(x) x)(1)",
    "if (x) quit() else 2", "`quit`(x)", "x <- 1", "{x}", "get(x)", "c('a')", "x$y$z", "x@y", "x[[1]]", "sin", "1; 2", "x +", "",
    "sapply(x, sin)", "do.call(sin, x)", "\\(x) x", "~x", strrep("(", 1e5), "'a'", "Recall(x)"
  )
  for (text in setdiff(texts, c("", "sin"))) {
    # A string stays a string; what came as R would come back as R.
    for (f in list(quote(x^2), ~ x^2, expression(x^2), function(x) x^2)) {
      expect_error(differentiate(f, connection = answering(derivative_reply(text))), class = "secant_malformed_reply")
    }
    expect_error(Deriv("x^2", "x", connection = answering(derivative_reply(text))), class = "secant_internal")
  }
  expect_false(file.exists(witness))
})

test_that("rows and matrices of texts are looked at too", {
  bad <- formula_message("system('true')")
  row <- proto("Row", partials = list(bad))
  expect_error(gradient(~ x, connection = answering(proto("GradientResponse", partials = list(bad), variables = "x"))),
               "calls system", class = "secant_malformed_reply")
  expect_error(hessian(~ x, connection = answering(proto("HessianResponse", rows = list(row), variables = "x"))),
               class = "secant_malformed_reply")
  polynomial <- proto("TaylorResponse", polynomial = bad, expanded = formula_message(), variables = "x")
  expect_error(as.function(taylor("x", c(x = 1), 1, connection = answering(polynomial))), class = "secant_malformed_reply")
})

test_that("what the service prints is let through", {
  for (text in c("2 * x", "-x", "ifelse(test = x > 0, yes = 1, no = -1)", "pnorm(x, lower.tail = FALSE, log.p = TRUE)",
                 "besselJ(x, 1L)", "sum(y[1] * x)", "!(x > 1 & y <= 2 | z != 3)", "pi", "Inf", "1e-300", "x %/% 2", "NaN")) {
    expect_identical(differentiate(quote(x), connection = answering(derivative_reply(text))), str2lang(text))
  }
})

replies <- list(
  "no answer" = list("DifferentiateResponse", list(), function(s) differentiate("x", connection = s)),
  "a partial too few" = list("GradientResponse", list(partials = list(formula_message()), variables = c("x", "y")),
                             function(s) gradient("x*y", connection = s)),
  "a partial without value" = list(
    "GradientResponse", list(partials = list(formula_message("x", 1), formula_message("y")), variables = c("x", "y")),
    function(s) gradient("x*y", connection = s)),
  "a flat matrix" = list(
    "HessianResponse", list(rows = list(proto("Row", partials = list(formula_message(), formula_message()))), variables = c("x", "y")),
    function(s) hessian("x*y", connection = s)),
  "a ragged matrix" = list("JacobianResponse", list(rows = list(proto("Row")), variables = "x"),
                           function(s) jacobian("c(x)", connection = s)),
  "exponents" = list(
    "TaylorResponse", list(polynomial = formula_message(), expanded = formula_message(), terms = list(proto("Term")), variables = "x"),
    function(s) taylor("x", c(x = 1), 1, connection = s)),
  "slopes" = list("TangentResponse", list(equation = formula_message(), variables = "x"),
                  function(s) tangent("x", c(x = 1), connection = s)),
  "differences" = list("ApproximateResponse", list(variables = "x"), function(s) approximate("x", c(x = 1), connection = s)),
  "a coordinate too few" = list("ExtremaResponse", list(critical_points = list(proto("CriticalPoint")), variables = "x"),
                                function(s) extrema("x", list(x = c(0, 1)), connection = s)),
  "no verdict" = list("CheckResponse", list(), function(s) check("x", "1", connection = s)),
  "gigabytes of blanks" = list(
    "ExplainResponse", list(derivative = formula_message(), steps = list(proto("Derivation", depth = .Machine$integer.max))),
    function(s) explain("x", connection = s)),
  "fewer values than points" = list("EvaluateResponse", list(values = 1, variables = "x"),
                                    function(s) evaluate("x", list(x = 1:3), connection = s)),
  "one derivative for all points" = list(
    "EvaluateResponse", list(values = c(1, 2), derivatives = list(proto("Column", values = 1)), variables = "x"),
    function(s) evaluate("x", list(x = 1:2), order = 1, connection = s))
)

test_that("a malformed reply is a condition with the reason", {
  for (name in names(replies)) {
    reply <- replies[[name]]
    message <- do.call(proto, c(list(reply[[1L]]), reply[[2L]]))
    expect_error(reply[[3L]](answering(message)), "the server's reply is malformed", class = "secant_malformed_reply", info = name)
  }
})

test_that("bytes that are no message are a condition", {
  garbage <- secant_connect("nowhere:1", transport = list(unary = function(...) as.raw(rep(255, 9))), default = FALSE)
  expect_error(describe(garbage), "no message", class = "secant_malformed_reply")
})

# A connection whose every stream gets these replies.
streaming <- function(...) {
  replies <- list(...)
  stream <- function(method, requests, on_reply, timeout) {
    if (is.function(requests)) while (!is.null(requests())) NULL
    for (one in replies) on_reply(one)
  }
  secant_connect("nowhere:1", transport = list(stream = stream), default = FALSE)
}

test_that("steps and blocks that do not fit the request are conditions", {
  step <- function(number, ...) proto("Step", number = number, point = c(...))
  walk <- function(...) descend("x", c(x = 1), connection = streaming(...), progress = FALSE)
  expect_error(walk(proto("DescendResponse", steps = list(step(0, 1, 2)))), "2 coordinates", class = "secant_malformed_reply")
  expect_error(walk(proto("DescendResponse", steps = list(step(5, 1), step(4, 1)))), "out of order", class = "secant_malformed_reply")
  expect_error(walk(proto("DescendResponse", variables = c("x", "y"))), "2 variables", class = "secant_malformed_reply")
  expect_error(walk(proto("DescendResponse", outcome = proto("Outcome", point = c(1, 2)))), class = "secant_malformed_reply")
  blocks <- list(list(x = 1:2), list(x = 3))
  answer <- function(...) proto("EvaluateStreamResponse", values = c(...), variables = "x")
  expect_error(evaluate_stream("x", blocks, connection = streaming(answer(1))), "1 values for 2", class = "secant_malformed_reply")
  expect_error(evaluate_stream("x", blocks, connection = streaming(answer(1, 2))), "unanswered", class = "secant_malformed_reply")
  expect_identical(evaluate_stream("x", blocks, connection = streaming(answer(1, 2), answer(3))), list(c(1, 2), 3))
  expect_error(evaluate("x", list(x = as.double(1:70000)), connection = streaming(answer(1))), class = "secant_malformed_reply")
})

test_that("headers and details that cannot be read do not hide the error", {
  status <- function(...) check_status(c(charToRaw("HTTP/2 200\r\n\r\n"), ...), 200L)
  expect_error(status(charToRaw("grpc-status: many\r\n\r\n")), class = "secant_unknown")
  expect_error(status(charToRaw("grpc-status: 3\r\ngrpc-status-details-bin: %%%\r\n\r\n")), class = "secant_invalid_argument")
  expect_error(status(charToRaw("grpc-status: 3\r\ngrpc-message: "), as.raw(c(0, 255)), charToRaw("\r\n\r\n")),
               class = "secant_invalid_argument")
  failure <- failure_of(status(charToRaw("grpc-status: 3\r\ngrpc-message: %1B[2J%E2%80%AEx\r\n\r\n")))
  expect_identical(conditionMessage(failure), "?[2J?x")
  expect_error(unframe(c(as.raw(c(0, 0, 0, 0, 9)), raw(3))), "3 bytes in a frame of 9", class = "secant_internal")
})

test_that("what a server wrote drives no terminal", {
  reply <- proto("DifferentiateResponse", derivative = formula_message("1"), variables = "x", notices = "\u001b[2J\u202eevil\a")
  expect_warning(answer <- differentiate("x", full = TRUE, connection = answering(reply)), NA)
  expect_identical(grep("\u001b|\a|\u202e", utils::capture.output(print(answer))), integer())
  expect_warning(differentiate("x", connection = answering(reply)), "?[2J?evil?", fixed = TRUE)
})

test_that("a token that no header can carry is refused where it is given", {
  for (token in c("sesame\n", "sesame ", "s\u00e9same", "")) {
    expect_error(secant_connect("a:1", token = token, default = FALSE), "printable ASCII", class = "secant_invalid_argument")
  }
})

test_that("a call that somebody else cancelled is made again", {
  calls <- 0
  transport <- list(unary = function(...) {
    calls <<- calls + 1
    if (calls < 3) stop_status("CANCELLED", "stream reset")
    derivative_reply("1")
  })
  expect_identical(differentiate("x", connection = secant_connect("a:1", transport = transport, default = FALSE)), "1")
  expect_identical(calls, 3)
})
