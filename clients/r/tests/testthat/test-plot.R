# Whether a plot is drawn at all, and from which numbers; what it looks like is for eyes.

drawn <- function(plot) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  plot
}

test_that("a curve with tangents, contours with arrows and a surface are drawn", {
  service()
  curve <- drawn(plot(sec_function(~ x^3 - 3*x^2 + x), xlim = c(-0.9, 2.9), tangents = c(0, 1)))
  expect_identical(nrow(curve), 201L)
  expect_equal(curve$f, with(curve, x^3 - 3*x^2 + x))
  grid <- drawn(plot(sec_function("x^2 + 2*y^2"), xlim = c(-2, 2), arrows = "negative_gradient"))
  expect_equal(grid$z[1, 201], 12)
  # No line at a kink, but the reason.
  expect_warning(drawn(plot(sec_function(~ abs(x)), xlim = c(-1, 1), tangents = c(0, 0.5))), "there is no tangent")
  expect_identical(drawn(plot(sec_function("1/x + y"), c(-1, 1), type = "surface", n = 3))$z[2, 1], NA_real_)
  expect_error(plot(sec_function(~ x + y + z)), "one or two variables; got 3")
})

test_that("a descent is drawn in one, two and three variables", {
  service()
  expect_s3_class(drawn(plot(descend(~ x^2, c(x = 1), rate = 0.1))), "secant_trace")
  expect_s3_class(drawn(plot(descend(~ x^2 + 2*y^2, c(x = 1, y = 2), rate = 0.1))), "secant_trace")
  expect_s3_class(drawn(plot(descend(~ x^2 + y^2 + z^2, c(x = 1, y = 2, z = 3)))), "secant_trace")
})

test_that("polynomials, tangents and errors over h are drawn", {
  needs("Taylor", "Tangent", "Approximate")
  expect_s3_class(drawn(plot(taylor("sin(x)", c(x = 0), 3))), "secant_taylor")
  expect_s3_class(drawn(plot(tangent(~ x^2, c(x = 1)))), "secant_tangent")
  expect_s3_class(drawn(plot(approximate(~ exp(x), c(x = 1), sweep = TRUE))), "secant_approximation")
  expect_error(plot(approximate(~ exp(x), c(x = 1))), "sweep = TRUE")
})

test_that("a function of a whole vector is not drawn, and its descent by the value of each step", {
  service()
  squares <- sec_function(~ sum((y - X %*% b)^2), data = list(X = cbind(1, 1:4), y = c(1, 2, 3, 5)))
  expect_error(plot(squares), "a number and a 4 x 2 matrix do not conform", class = "secant_invalid_argument")
  expect_error(figure(squares), "this call takes functions of numbers", class = "secant_invalid_argument")
  expect_s3_class(drawn(plot(descend(squares, c(0, 0)))), "secant_trace")
  expect_equal(drawn(plot(sec_function(~ sum(x^2))))$f[c(1L, 101L)], c(1, 0))
  expect_identical(dim(drawn(plot(sec_function(function(x) x[1]^2 + x[2]), n = 3))$z), c(3L, 3L))
})

test_that("contours are spread over a narrow valley, at round levels", {
  axis <- seq(-2, 2, length.out = 41)
  valley <- outer(axis, axis, function(x, y) (1 - x)^2 + 100 * (y - x^2)^2)
  levels <- contour_levels(valley)
  inside <- findInterval(valley, levels)
  expect_true(max(table(inside)) < 0.25 * length(valley))
  expect_identical(levels, signif(levels, 2))
  expect_identical(contour_levels(outer(axis, axis, function(x, y) x + y)), seq(-3.5, 3.5, by = 0.5))
  expect_identical(contour_levels(matrix(3, 2, 2)), 3)
  expect_error(contour_levels(matrix(NA_real_, 2, 2)), "no finite value in this box")
})

test_that("a full answer is drawn around its point", {
  service()
  curve <- drawn(plot(differentiate(~ x^2, at = c(x = 3), full = TRUE)))
  expect_identical(range(curve$x), c(1, 5))
  expect_identical(range(drawn(plot(sec_gradient("x^2 + y", at = c(x = 1, y = 2), full = TRUE)))$y), c(0, 4))
  expect_error(plot(sec_gradient(~ x + y + z, full = TRUE)), "one or two variables; got 3", class = "secant_invalid_value")
})

test_that("a title is the formula on one line", {
  expect_identical(plot_title(sec_function(~ x^2)), "x^2")
  expect_identical(plot_title(sec_function(function(x) {
    y <- x^2
    y + 1
  })), "{ y <- x^2 y + 1 }")
  expect_identical(nchar(plot_title(sec_function(strrep("x + ", 40)))), 60L)
})

test_that("autoplot() draws functions, paths, polynomials, tangents and errors", {
  if (!requireNamespace("ggplot2", quietly = TRUE)) skip("R's ggplot2 is not installed")
  needs("Taylor", "Tangent", "Approximate")
  shown <- list(
    ggplot2::autoplot(sec_function(~ x^3), xlim = c(-2, 2)),
    ggplot2::autoplot(sec_function(~ x^2 + 2*y^2), n = 31),
    ggplot2::autoplot(descend(~ x^2, c(x = 1), rate = 0.1)),
    ggplot2::autoplot(descend(~ x^2 + 2*y^2, c(x = 1, y = 2)), n = 31),
    ggplot2::autoplot(descend(~ x^2 + y^2 + z^2, c(x = 1, y = 2, z = 3))),
    ggplot2::autoplot(sec_taylor(~ sin(x), c(x = 0), 3)),
    ggplot2::autoplot(tangent(~ x^2, c(x = 1))),
    ggplot2::autoplot(approximate(~ exp(x), c(x = 1), sweep = TRUE))
  )
  for (one in shown) {
    expect_s3_class(one, "ggplot")
    expect_true(nchar(one$labels$title) > 0L)
    expect_silent(drawn(print(one)))
  }
})
