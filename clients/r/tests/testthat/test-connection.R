test_that("a missing server is unavailable, and the message has a hint", {
  failure <- failure_of(describe(secant_connect("127.0.0.1:1", default = FALSE)))
  expect_s3_class(failure, "secant_unavailable")
  expect_match(conditionMessage(failure), "no Secant server answered\n  127.0.0.1:1: .*run secant_start\\(\\)")
  expect_false(secant_available("127.0.0.1:1"))
})

test_that("the connection is found in the argument, in the option, as an address", {
  connection <- service()
  expect_identical(differentiate("x", connection = connection), "1")
  options(secant.connection = NULL)
  expect_identical(differentiate("x", connection = connection$target), "1")
  options(secant.connection = connection$target)
  expect_identical(differentiate("x"), "1")
  expect_true(secant_available())
})

test_that("a deadline ends a call, and names itself", {
  service()
  started <- Sys.time()
  failure <- failure_of(descend(~ x^2, c(x = 1), rate = 1e-9, tolerance = 0, trace_every = 1e6,
                                connection = with_timeout(service(), 0.3)))
  expect_s3_class(failure, "secant_deadline_exceeded")
  expect_match(conditionMessage(failure), "no answer within 0.3 s")
  expect_lt(as.numeric(Sys.time() - started, units = "secs"), 5)
  expect_identical(differentiate("x"), "1")
})

test_that("calls of all kinds share what is kept open", {
  service()
  for (i in 1:3) {
    expect_identical(differentiate("x^2", notations = "r"), "2 * x")
    expect_identical(evaluate(~ x^2, 3), 9)
    expect_s3_class(descend(~ x^2, c(x = 1)), "secant_trace")
    expect_s3_class(failure_of(gradient("x +")), "secant_syntax_error")
  }
  close(service())
  expect_identical(differentiate("x^2", notations = "r"), "2 * x")
})

test_that("a call can be made while another stream is read", {
  service()
  inner <- NULL
  descend(~ x^2, c(x = 1), rate = 0.1, on_steps = function(steps) {
    inner <<- c(differentiate("x^2", notations = "r"), nrow(descend(~ y^2, c(y = 1), rate = 0.1)))
  })
  expect_identical(inner[1], "2 * x")
})

test_that("a token opens a server that asks for one", {
  if (!nzchar(Sys.which("sha256sum"))) skip("sha256sum is not installed")
  secret <- tempfile()
  cat("green apple", file = secret)
  sums <- tempfile()
  writeLines(sub(" .*", "", system2("sha256sum", secret, stdout = TRUE)), sums)
  server <- start_server("--tokens", sums)
  ask <- function(token) describe(secant_connect(server$address, token = token, default = FALSE))
  expect_s3_class(ask("green apple"), "secant_description")
  expect_error(ask("red apple"), class = "secant_unauthenticated")
  expect_error(ask(NULL), class = "secant_unauthenticated")
  stop_server(server)
})

tls_files <- function() {
  if (!nzchar(Sys.which("openssl"))) skip("openssl is not installed")
  folder <- tempfile("tls_files")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  openssl <- function(...) system2("openssl", c(...), stdout = FALSE, stderr = FALSE)
  key <- c("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
  openssl("req", "-x509", key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=ca")
  writeLines("subjectAltName=DNS:calculus.test", "names")
  for (name in c("server", "client")) {
    openssl("req", key, "-keyout", paste0(name, ".key"), "-out", paste0(name, ".csr"), "-subj", paste0("/CN=", name))
    openssl("x509", "-req", "-in", paste0(name, ".csr"), "-out", paste0(name, ".pem"), "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names")
  }
  function(name) file.path(folder, name)
}

test_that("TLS and mutual TLS are spoken, by the certificate's own name", {
  tls_file <- tls_files()
  server <- start_server("--tls-certificate", tls_file("server.pem"), "--tls-key", tls_file("server.key"), "--client-ca", tls_file("ca.pem"))
  ask <- function(tls) {
    connection <- secant_connect(server$address, tls = tls, timeout = 5, default = FALSE)
    first <- differentiate("x^2", notations = "r", connection = connection)
    c(first, nrow(descend(~ x^2, c(x = 1), rate = 0.5, connection = connection)), differentiate("x", connection = connection))
  }
  known <- secant_tls(tls_file("ca.pem"), tls_file("client.pem"), tls_file("client.key"), name = "calculus.test")
  expect_identical(ask(known), c("2 * x", "2", "1"))
  expect_error(ask(secant_tls(tls_file("ca.pem"), name = "calculus.test")), class = "secant_unavailable")   # shows no certificate
  expect_error(ask(secant_tls(tls_file("ca.pem"), tls_file("client.pem"), tls_file("client.key"))), class = "secant_unavailable")   # another name
  expect_error(ask(NULL), class = "secant_unavailable")
  stop_server(server)
})

test_that("another transport carries every verb", {
  connection <- service()
  methods <- character()
  counted <- within(list(close = connection$transport$close), {
    unary <- function(method, ...) {
      methods <<- c(methods, basename(method))
      connection$transport$unary(method, ...)
    }
    stream <- function(method, ...) {
      methods <<- c(methods, basename(method))
      connection$transport$stream(method, ...)
    }
  })
  mine <- secant_connect("elsewhere:1", transport = counted, default = FALSE)
  differentiate("x", connection = mine)
  descend(~ x^2, c(x = 1), connection = mine)
  expect_identical(methods, c("Differentiate", "Descend"))
})

test_that("a transport that is busy for a while is asked again, with pauses", {
  tries <- 0
  unary <- function(method, request, timeout) {
    tries <<- tries + 1
    if (tries < 3) stop_status("UNAVAILABLE", "not yet")
    proto("DescribeResponse", version = "9")
  }
  connection <- secant_connect("elsewhere:1", transport = list(unary = unary), default = FALSE)
  expect_identical(describe(connection)$version, "9")
  expect_identical(tries, 3)
})
