test_that("value is f at the point in every full answer, and what was asked has its own name", {
  service()
  one <- differentiate(~ x^3, at = c(x = 2), full = TRUE)
  expect_identical(one[c("derivative", "value")], list(derivative = 12, value = 8))
  expect_identical(deparse(one$formula), "3 * x^2")
  expect_identical(c(one$function_value, one$value_is_limit), c(8, 0))
  gradient <- sec_gradient("x^2*y", at = c(x = 2, y = 3), full = TRUE)
  expect_identical(gradient$gradient, c(x = 12, y = 4))
  expect_identical(gradient$values, gradient$gradient)
  expect_identical(gradient$value, 12)
  hessian <- sec_hessian("x^2*y", at = c(x = 2, y = 3), full = TRUE)
  expect_identical(hessian$hessian[["x", "x"]], 6)
  expect_identical(list(hessian$values, hessian$value), list(hessian$hessian, 12))
  jacobian <- sec_jacobian(c("x^2", "x*y"), at = c(x = 2, y = 3), full = TRUE)
  expect_identical(list(jacobian$value, jacobian$function_values), list(c(4, 6), c(4, 6)))
  expect_equal(unname(jacobian$jacobian), rbind(c(4, 0), c(3, 2)))
  expect_null(sec_gradient("x^2", full = TRUE)$values)
  expect_identical(unname(sec_gradient("x^2", full = TRUE)$gradient), "2 * x")
})

test_that("full answers print what was asked, without flags and empty fields", {
  service()
  expect_output(print(differentiate("x * exp(x)", full = TRUE)), "^formula: \\(1 \\+ x\\) \\* exp\\(x\\)$")
  printed <- utils::capture.output(print(differentiate("sin(x)/x", at = c(x = 0), full = TRUE)))
  expect_identical(printed[2:5], c("at: x = 0", "derivative: 0", "f: 1", "limits: derivative, value"))
  kink <- utils::capture.output(print(sec_gradient("abs(x)", at = c(x = 0), full = TRUE)))
  expect_match(kink[length(kink)], "^notice: .*kink")
})

test_that("answers are functions for further calls", {
  service()
  expect_identical(deparse(differentiate(differentiate(~ x^3))), "6 * x")
  expect_identical(differentiate(differentiate("x^3", full = TRUE)), "6 * x")
  expect_equal(unname(sec_jacobian(sec_gradient(~ x^2 * y, full = TRUE), at = c(x = 1, y = 2))), rbind(c(4, 2), c(2, 0)))
  expect_true(as.logical(sec_check(~ x^2 * y, sec_gradient(~ x^2 * y, full = TRUE))))
  expect_true(as.logical(sec_check("x^2 * y", sec_gradient("x^2 * y"))))
  expect_true(as.logical(sec_check("x^2 * y", sec_hessian("x^2 * y"), order = 2)))
  expect_identical(sec_evaluate(tangent(~ x^2, c(x = 1)), 3), 5)
  expect_equal(sec_evaluate(sec_taylor(~ exp(x), c(x = 0), 2), 1), 2.5)
  expect_identical(deparse(differentiate(sec_explain(~ x^3))), "6 * x")
  data <- differentiate(~ sum((y - b * z)^2), "b", data = list(y = c(1, 2), z = c(1, 1)), full = TRUE)
  expect_equal(sec_evaluate(data, list(b = 0)), -6)
  path <- descend(~ (x - 3)^2, c(x = 1))
  expect_equal(differentiate(~ x^2, at = path), 6, tolerance = 1e-4)
  expect_error(differentiate(path), "its point is coef\\(trace\\)", class = "secant_invalid_value")
  expect_error(differentiate(sec_export(~ x)), "no formula", class = "secant_invalid_value")
})

test_that("notices are one warning for each answer, of a class that can be muffled", {
  reply <- proto("DifferentiateResponse", derivative = proto("Formula", text = "1"), variables = "x", notices = c("one", "two"))
  seen <- 0
  withCallingHandlers(differentiate("x", connection = answering(reply)), secant_notice = function(w) {
    seen <<- seen + 1
    expect_identical(conditionMessage(w), "one\ntwo")
    invokeRestart("muffleWarning")
  })
  expect_identical(seen, 1)
  expect_silent(suppressWarnings(differentiate("x", connection = answering(reply)), classes = "secant_notice"))
})

test_that("tidy() and glance() return tables", {
  if (!requireNamespace("generics", quietly = TRUE)) skip("R's generics is not installed")
  needs("Taylor", "Extrema", "Check", "Tangent", "Approximate", "Explain")
  tidy <- generics::tidy
  glance <- generics::glance
  fit <- descend(~ sum((dist - a - b * speed)^2), c(a = 0, b = 0), data = cars)
  expect_equal(stats::setNames(tidy(fit)$estimate, tidy(fit)$term), stats::setNames(coef(lm(dist ~ speed, cars)), c("a", "b")), tolerance = 1e-5)
  expect_identical(glance(fit)[c("converged", "reason")], data.frame(converged = TRUE, reason = "CONVERGED"))
  expect_identical(tidy(sec_gradient(~ x^2 * y, at = c(x = 1, y = 2), full = TRUE)),
                   data.frame(term = c("x", "y"), formula = c("2 * (x * y)", "x^2"), estimate = c(4, 1)))
  second <- tidy(sec_hessian("x^2 * y", at = c(x = 1, y = 2), full = TRUE))
  expect_identical(second$estimate, c(4, 2, 2, 0))
  expect_identical(paste0(second$row, second$term), c("xx", "xy", "yx", "yy"))
  expect_identical(tidy(sec_jacobian(expression(x^2, y), full = TRUE))$formula, c("2 * x", "0", "0", "1"))
  expect_identical(tidy(tangent(~ x^2, c(x = 1)))$estimate, c(-1, 2))
  expect_identical(tidy(sec_taylor(~ x^2, c(x = 0), 2))$coefficient, c(0, 0, 1))
  expect_identical(glance(sec_extrema(~ x^3 - 3*x, list(x = c(-2, 2))))$minima, 1L)
  expect_identical(glance(sec_check(~ x^2, ~ 3*x))$slip, "factor")
  expect_true(nrow(tidy(sec_explain(~ x^2))) > 0L)
  expect_equal(tidy(approximate(~ x^2, c(x = 1)))$value, 2, tolerance = 1e-6)
})

test_that("tables are written by write.csv() as they are", {
  needs("Extrema")
  file <- tempfile(fileext = ".csv")
  write.csv(descend(~ x^2, c(x = 1), rate = 0.1), file, row.names = FALSE)
  expect_identical(names(read.csv(file)), c("number", "x", "value", "gradient_norm"))
  write.csv(sec_extrema(~ x^3 - 3*x, list(x = c(-2, 2))), file, row.names = FALSE)
  expect_equal(read.csv(file)$x, c(-1, 1))
  write.csv(sec_hessian(~ x^2 * y, at = c(x = 1, y = 2)), file)
  expect_equal(as.matrix(read.csv(file, row.names = 1)), rbind(x = c(x = 4, y = 2), y = c(2, 0)))
})

test_that("a trace prints its first and last rows", {
  service()
  printed <- utils::capture.output(print(descend(~ x^2 + 2*x + 3, c(x = 0.88), rate = 0.01)))
  expect_length(printed, 9L)
  expect_match(printed[6L], "\\.\\.\\. [0-9]+ more")
})
