test_that("an answer comes back in the kind that went in", {
  service()
  expect_identical(differentiate("x * exp(x)", "x"), "(1 + x) * exp(x)")
  expect_identical(differentiate("lambda x: x**2"), "2*x")
  expect_identical(differentiate("x^(1/3)", "x", form = "exact"), "1/(3 * x^(2/3))")
  expect_identical(differentiate(~ x * exp(x)), quote((1 + x) * exp(x)))
  expect_identical(differentiate(quote(x * y), "x"), quote(y))
  expect_identical(differentiate(expression(x * y), "y"), expression(x))
  df <- differentiate(function(x, y) x^2 * y, "x")
  expect_identical(formals(df), as.pairlist(alist(x = , y = )))
  expect_identical(df(3, 2), 12)
})

test_that("a function's answer lives where the function does", {
  service()
  scale <- 10
  g <- gradient(function(x, power = 2) scale * x^power)
  expect_identical(g(3), c(x = 60))
  expect_equal(g(3, power = 3), c(x = 270))
  expect_identical(gradient(function(x, power = 2) scale * x^power, at = c(x = 3)), c(x = 60))
})

test_that("values are plain numbers with names", {
  service()
  expect_identical(differentiate(~ x^2 + 2 * y^2, "x", at = c(x = 2, y = 1)), 4)
  expect_identical(gradient("x^2 + 2 * y^2", at = c(x = 2, y = 1)), c(x = 4, y = 4))
  expect_identical(gradient(~ x^2 + 2 * y^2, at = c(2, 1)), c(x = 4, y = 4))
  expect_identical(gradient("x^2 + y", c("y", "x")), c(y = "1", x = "2 * x"))
  full <- gradient(~ 3 * x + 4 * y, at = c(x = 0, y = 0), direction = c(x = 0, y = 7), full = TRUE)
  expect_identical(full[c("value", "norm", "directional", "shape")], list(value = 0, norm = 5, directional = 4, shape = "1 x 2"))
})

test_that("several notations come as texts by name", {
  service()
  expect_identical(differentiate(~ x^2, notations = c("r", "python")), c(r = "2 * x", python = "2*x"))
  expect_identical(differentiate(~ x^2, notations = "python"), "2*x")
})

test_that("what a reader should know is a message that can be silenced", {
  service()
  f <- sec_function("x^2", shapes = list(z = "number"))
  expect_warning(differentiate(f, "z"), "'z' does not occur", class = "secant_notice")
  expect_identical(suppressWarnings(differentiate(f, "z")), "0")
  expect_error(differentiate("x^2", "z"), "does not depend on 'z'", class = "secant_invalid_argument")
})

test_that("Jacobians and Hessians have the variables as dimnames", {
  needs("Jacobian", "Hessian")
  expect_identical(jacobian(c("x * y", "x + y")),
                   matrix(c("y", "1", "x", "1"), 2, dimnames = list(NULL, c("x", "y"))))
  polar <- jacobian(function(r, t) c(r * cos(t), r * sin(t)))
  expect_equal(polar(2, 0), matrix(c(1, 0, 0, 2), 2, dimnames = list(NULL, c("r", "t"))))
  linear <- jacobian(c("-2*x1 + x2", "x1 + x2"), full = TRUE)
  expect_identical(linear[c("sign", "area_factor")], list(sign = -1L, area_factor = 3))
  names <- list(c("x", "y"), c("x", "y"))
  expect_identical(hessian(~ x^2 * y + y^3, at = c(x = 1, y = 2)), matrix(c(4, 2, 2, 12), 2, dimnames = names))
  expect_identical(eval(hessian(quote(x^2 * y)), list(x = 1, y = 2)), matrix(c(4, 2, 2, 0), 2, dimnames = names))
  expect_identical(hessian(~ x^2 - y^2, full = TRUE)$definiteness, "INDEFINITE")
})

test_that("the chain rule is a product of Jacobians, with both factors", {
  needs("Jacobian")
  chain <- jacobian(~ x1^2 + 2 * x2, at = c(t = 1), inner = list(x1 = ~ sin(t), x2 = "cos(t)"), full = TRUE)
  expect_equal(chain$values[[1]], 2 * sin(1) * (cos(1) - 1), tolerance = 1e-14)
  expect_length(chain$factors, 2)
})

test_that("Korean names and texts go there and back", {
  service()
  expect_identical(gradient("\uac00 + \ub098^2"), c("\uac00" = "1", "\ub098" = "2 * \ub098"))
  expect_identical(gradient("\uac00 + \ub098^2", at = c("\uac00" = 1, "\ub098" = 2)), c("\uac00" = 1, "\ub098" = 4))
  expect_match(conditionMessage(failure_of(gradient("\uac00 + * \ub098"))), "\uac00 + * \ub098", fixed = TRUE)
})

test_that("the settings of descents have a meaning, a range and a default", {
  service()
  found <- describe()
  adam <- subset(found$descent_settings, method == "adam")
  expect_identical(adam$name, c("rate", "beta1", "beta2"))
  expect_identical(adam$default_value, c(0.01, 0.9, 0.999))
  expect_identical(adam$range[[1]], "above 0")
  expect_true(all(nzchar(found$descent_settings$meaning)))
  expect_true(all(found$descent_settings$method %in% found$descent_methods$name))
  expect_identical(found$descent_methods$name[found$descent_methods$bounded], "lbfgs")
})

test_that("every full answer and object prints", {
  needs("Jacobian", "Hessian")
  expect_output(print(gradient(~ x^2, full = TRUE, at = 1)), "partials: c\\(x = 2 \\* x\\)\nat: x = 1\ngradient: 2\nf: 1")
  expect_output(print(jacobian(~ c(x, x^2), full = TRUE)), "shape: 2 x 1")
  expect_output(print(describe()), "Secant")
  expect_output(print(service()), "<Secant server at ")
  expect_output(print(sec_function(~ sum(speed * t), data = cars)), "data: speed")
})

test_that("every function of the language is described, with its derivatives or why there are none", {
  service()
  all <- secant_functions()
  expect_true(all(c("dnorm", "softplus", "sum", "log") %in% all$name))
  expect_true(all(nzchar(all$summary)))
  expect_identical(secant_functions("softplus")$derivatives[[1]], "expit(x)")
  found <- secant_functions("PGAMMA")
  gamma <- found[found$name == "pgamma", ]
  expect_identical(gamma$parameters, "q, shape, rate = 1, scale = 1/rate, lower.tail = TRUE, log.p = FALSE")
  expect_identical(gamma$derivatives[[1]][[2]], "gammainc_grad_a(shape, q * rate)")
  expect_identical(gamma$unknown, "")
  by_shape <- found[found$name == "gammainc_grad_aa", ]
  expect_identical(by_shape$derivatives[[1]][[1]], "")
  expect_match(by_shape$unknown, "second order")
  expect_identical(nrow(secant_functions("no such function")), 0L)
})

test_that("textbook notation and LaTeX are read, and answers come in R or LaTeX", {
  service()
  textbook <- sec_function("2x\u00b2 + sin x", notation = "textbook")
  expect_identical(differentiate(textbook, "x"), "4 * x + cos(x)")
  expect_identical(differentiate(sec_function("\\frac{1}{2}x^2", notation = "latex"), "x"), "x")
  sums <- sec_function("\\sum_{i=1}^{n} (y_i - a)^2", data = list(y = c(1, 2, 6)), notation = "latex")
  expect_equal(evaluate(sums, list(a = 1)), 26, ignore_attr = TRUE)
  expect_error(differentiate(sec_function("1/2x", notation = "textbook"), "x"), "has two readings: (1/2)*x or 1/(2*x)", fixed = TRUE)
})
