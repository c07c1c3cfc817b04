proof <- function() proto("Certificate", coq = "Lemma a : True.\nProof. exact I. Qed.\n", hypotheses = "x > 0")

counterexample <- function() proto("Certificate",
  coq = "Lemma a : True.\n",
  point = list(proto("ExactCoordinate", variable = "x", value = "1/3")),
  claimed_value = proto("Interval", lower = "0.99", upper = "1.01"),
  true_value = proto("Interval", lower = "2.7182", upper = "2.7183")
)

test_that("a certificate is a file for Coq and its hypotheses", {
  reply <- proto("CheckResponse", verdict = 1L, certificate = proof())
  found <- sec_check(~ log(x), ~ 1/x, certificate = TRUE, connection = answering(reply))$certificate
  expect_identical(found$coq, "Lemma a : True.\nProof. exact I. Qed.\n")
  expect_identical(found$hypotheses, "x > 0")
  expect_identical(format(found), c("Certificate of 2 lines of Coq", "hypotheses: x > 0"))
})

test_that("a counterexample has exact numbers", {
  reply <- proto("CheckResponse", verdict = 3L, certificate = counterexample())
  found <- sec_equal(~ exp(x), ~ x, certificate = TRUE, connection = answering(reply))$certificate
  expect_identical(found$point, c(x = "1/3"))
  expect_identical(found$true_value, c("2.7182", "2.7183"))
  expect_true("claimed value: 0.99 to 1.01" %in% format(found))
})

test_that("an answer without a certificate has none", {
  expect_null(sec_check(~ x, ~ 1, connection = answering(proto("CheckResponse", verdict = 1L)))$certificate)
})

test_that("a derivative with a certificate is the whole reply", {
  reply <- proto("DifferentiateResponse", derivative = proto("Formula", text = "1/x"), variables = "x", certificate = proof())
  found <- differentiate("log(x)", certificate = TRUE, connection = answering(reply))
  expect_identical(c(found$derivative, found$certificate$hypotheses), c("1/x", "x > 0"))
})

test_that("enclosures are attributes with derivatives of their own", {
  bounds <- list(proto("Bounds", lower = c(0.9, 3.9), upper = c(1.1, 4.1)),
                 proto("Bounds", name = "x", lower = c(1.9, 3.8), upper = c(2.1, 4.2)))
  reply <- function(bounds) proto("EvaluateResponse", values = c(1, 4), variables = "x", enclosures = bounds,
    derivatives = list(proto("Column", name = "x", values = c(2, 4))))
  found <- sec_evaluate("x^2", c(1, 2), order = 1, enclosures = TRUE, connection = answering(reply(bounds)))
  expect_identical(as.vector(attr(found, "lower")), c(0.9, 3.9))
  expect_identical(attr(attr(found, "upper"), "gradient"), cbind(x = c(2.1, 4.2)))
  expect_error(
    sec_evaluate("x^2", c(1, 2), order = 1, enclosures = TRUE, connection = answering(reply(bounds[1L]))),
    class = "secant_malformed_reply"
  )
})

test_that("a server proves, refutes and encloses", {
  needs("Check")
  right <- sec_check(~ log(x), ~ 1/x, certificate = TRUE)$certificate
  expect_match(right$coq, "is_derive", fixed = TRUE)
  expect_identical(right$hypotheses, "x > 0")
  wrong <- sec_check(~ x^3, ~ 3*x, certificate = TRUE)$certificate
  expect_named(wrong$point, "x")
  low <- sec_evaluate(~ exp(x), 1, enclosures = TRUE)
  expect_true(attr(low, "lower") <= exp(1) && exp(1) <= attr(low, "upper"))
})
