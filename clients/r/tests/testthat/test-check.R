test_that("a right derivative is TRUE, a wrong one FALSE with the point where it fails", {
  needs("Check")
  right <- check(~ log(x^2 - 2), ~ 2*x / (x^2 - 2))
  expect_true(as.logical(right))
  expect_true(if (right) TRUE else FALSE)
  expect_true(right$verdict %in% c("PROVED", "AGREES"))
  wrong <- check(~ x^3, ~ 2 * x^2)
  expect_false(as.logical(wrong))
  expect_identical(wrong$verdict, "REFUTED")
  point <- wrong$witness_point
  expect_equal(c(wrong$claimed_value, wrong$true_value), c(2, 3) * point[["x"]]^2)
  expect_output(print(wrong), "numeric|exact")
})

test_that("a gradient is claimed by strings, a call or a function", {
  needs("Check")
  f <- function(x, y) x^2 * y
  for (claim in list(c("2*x*y", "x^2"), quote(c(2*x*y, x^2)), expression(2*x*y, x^2), function(x, y) c(2*x*y, x^2))) {
    expect_true(as.logical(check(f, claim)))
  }
  expect_false(as.logical(check(f, c("2*x*y", "x"))))
})

test_that("expect_derivative() passes, or fails with the witness", {
  needs("Check")
  expect_success(expect_derivative(~ x^2, ~ 2 * x))
  expect_failure(expect_derivative(~ x^2, ~ 3 * x))
})
