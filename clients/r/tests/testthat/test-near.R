test_that("a Taylor polynomial of x^4 of degree 6 is x^4", {
  needs("Taylor")
  found <- taylor(~ x^4, c(x = 1), 6)
  expect_identical(found$terms$derivative, c(1, 4, 12, 24, 24, 0, 0))
  expect_true(found$equals_function)
  expect_identical(found$expanded, quote(x^4))
  expect_equal(as.function(found)(3), 81)
  expect_equal(taylor("sin(x) + cos(x)", c(x = 0), 10, points = list(x = 4))$comparison$polynomial, -1.34751, tolerance = 1e-5)
  expect_identical(names(taylor(~ x * y, c(x = 0, y = 0), 2)$terms), c("x", "y", "coefficient", "derivative", "value_is_limit"))
  expect_identical(taylor("sin(x)/x", c(x = 0), 2)$terms$value_is_limit[1L], TRUE)
  expect_false(any(found$terms$value_is_limit))
  expect_output(print(found), "equals the function")
  expect_identical(taylor("log(x)", c(x = 2), 1, form = "exact")$polynomial, "log(2) + (x - 2)/2")
  expect_identical(tangent(~ x^2/3, c(x = 1), form = "exact")$equation, quote(2 * x/3 - 1/3))
})

test_that("a tangent has an equation, or a notice with the reason", {
  needs("Tangent")
  line <- tangent(~ x^3 - 3*x^2 + x, c(x = 1))
  expect_identical(line$equation, quote(1 - 2 * x))
  expect_identical(coef(line), c("(Intercept)" = 1, x = -2))
  expect_identical(as.function(line)(0:2), c(1, -1, -3))
  kink <- suppressWarnings(tangent("abs(x)", c(x = 0)))
  expect_null(kink$equation)
  expect_identical(c(kink$left_slope, kink$right_slope), c(-1, 1))
  expect_output(print(kink), "kink: slope -1 from the left, 1 from the right")
  expect_error(as.function(kink), "no tangent")
})

test_that("differences are the notes' to the last digit", {
  needs("Approximate")
  digits <- function(scheme) format(coef(approximate(~ x^2, c(x = 2), scheme, step = 1e-3))[["x"]], digits = 17)
  expect_identical(digits("central"), "3.9999999999995595")
  expect_identical(digits("forward"), "4.0009999999996992")
  swept <- approximate(~ exp(x), c(x = 1), sweep = TRUE)
  expect_true(swept$best_step %in% swept$sweep$step)
  expect_output(print(swept), "best step")
  expect_error(approximate(~ x, c(x = 1), step = 0), class = "secant_invalid_value")
})

test_that("extrema are rows with their nature", {
  needs("Extrema")
  found <- extrema(~ x^3 - 3*x^2 + x, list(x = c(-1, 3)))
  expect_identical(found$nature, c("MAXIMUM", "MINIMUM"))
  expect_equal(found$x, 1 + c(-1, 1) * sqrt(6) / 3)
  expect_equal(attr(found, "inflections")$x, 1)
  expect_output(print(found), "inflections at x = 1.*The list is complete")
  expect_output(print(extrema(~ x, list(x = c(-1, 1)))), "no critical points")
})

test_that("a derivation ends with the derivative", {
  needs("Explain")
  steps <- explain(~ (2*x + 1)^4)
  expect_identical(steps$result[nrow(steps)], "8 * (1 + 2 * x)^3")
  expect_identical(attr(steps, "derivative"), differentiate(~ (2*x + 1)^4))
  expect_output(print(steps), "= 8 * (1 + 2 * x)^3", fixed = TRUE)
})

test_that("a derivation is a page in each format and language", {
  needs("Explain")
  korean <- explain(~ log(x^2 - 2), language = "ko")
  expect_output(print(korean), "\ud569\uc131\ud568\uc218\uc758 \ubbf8\ubd84\ubc95")
  expect_identical(names(attr(korean, "pages")), c("text", "latex", "html", "markdown"))
  html <- explain(~ log(x^2 - 2), language = "ko", format = "html")
  expect_identical(as.vector(html), attr(korean, "pages")[["html"]])
  expect_output(print(html), "<math xmlns", fixed = TRUE)
  expect_match(knit_text(as.vector(html), "html"), "```{=html}", fixed = TRUE)
  gradient <- explain(~ x^2 * y, gradient = TRUE, notations = c("r", "latex"))
  expect_identical(attr(gradient, "derivative")[["r"]], "c(2 * (x * y), x^2)")
  expect_error(explain(~ x, language = "tlh"), "the languages are 'en' and 'ko'", class = "secant_invalid_argument")
  expect_error(explain(~ x, format = "pdf"), "format must be one of text, latex, html, markdown; got 'pdf'")
  expect_error(explain(~ x, language = 3), "language must be a string")
  for (bad in c("<div><script>1</script></div>", "<div onclick=\"f()\">x</div>", "<div style=\"background:url(x)\"></div>", "", "<a href=\"x\">")) {
    expect_false(is_inert_page(bad))
  }
  expect_error(knit_text("<script>", "html"), "more than text and formulas")
})

test_that("code comes by its language, with the names of its files", {
  reply <- proto("ExportResponse", variables = "x", codes = list(
    proto("Code", notation = 1L, text = "f <- function(x) x\n", file_name = "f.R"),
    proto("Code", notation = 4L, text = "double f(double x);\n", file_name = "f.c")
  ))
  code <- export(~ x, notations = c("r", "c"), connection = answering(reply))
  expect_named(unclass(code), c("r", "c"))
  expect_identical(attr(code, "file_names"), c("f.R", "f.c"))
  expect_output(print(code), "---- r\nf <- function(x) x\n---- c\ndouble f(double x);", fixed = TRUE)
})

test_that("SQL names its table, parameters and columns", {
  needs("Export")
  code <- export(~ sum((y - a - b * x)^2), c("a", "b"), "sql", columns = c("x", "y"), table = "main.points")
  expect_identical(attr(code, "parameters"), c("a", "b"))
  expect_identical(attr(code, "columns"), c("y", "x"))
  expect_match(code[["sql"]], 'FROM "main"."points"', fixed = TRUE)
  expect_match(code[["sql"]], "fsum(", fixed = TRUE)
  expect_warning(plain <- export(~ sum(a * x), "a", "sql", columns = "x", plain_sums = TRUE), "sums are plain, as requested",
                 class = "secant_notice")
  expect_no_match(plain[["sql"]], "fsum(", fixed = TRUE)
  expect_error(export(~ x^2, plain_sums = TRUE), "plain_sums is for SQL", class = "secant_invalid_argument")
  expect_error(export(~ x^2, table = "t"), class = "secant_invalid_argument")
  expect_error(export(~ x^2, notations = "sql", columns = 1), "columns must be text", class = "secant_invalid_argument")
})

test_that("code for other languages is whole", {
  needs("Export")
  code <- export(~ x^2 + 2*y^2, notations = c("r", "python"))
  expect_named(unclass(code), c("r", "python"))
  expect_identical(attr(code, "file_names"), c("f.R", "f.py"))
  world <- new.env()
  eval(parse(text = code[["r"]]), world)
  expect_identical(as.vector(world$f(2, 1)), 6)
  expect_identical(attr(world$f(2, 1), "gradient"), cbind(x = 4, y = 4))
  expect_output(print(code), "---- python")
})

test_that("code in R computes what the service computes, for vectors and for data, and optimizers take it", {
  needs("Export")
  world <- new.env()
  eval(parse(text = export(~ exp(-x^2) * sin(x * y), order = 2, name = "wave")[["r"]]), world)
  at <- list(x = c(0.3, -1.2, 2), y = c(1, 0.5, -2))
  found <- do.call(world$wave, at)
  right <- evaluate(~ exp(-x^2) * sin(x * y), at, order = 2)
  # evaluate() returns what the code does: values with the attributes of stats::deriv().
  expect_equal(found, right, tolerance = 1e-13)
  y <- c(2.1, 3.9, 6.2, 7.8)
  x <- c(1, 2, 3, 4)
  eval(parse(text = export(~ sum((y - a - b*x)^2), data = list(x = x, y = y), name = "rss")[["r"]]), world)
  best <- stats::nlm(function(p) world$rss(p[1], p[2], y, x), c(0, 0), check.analyticals = TRUE)
  expect_equal(best$estimate, unname(stats::coef(stats::lm(y ~ x))), tolerance = 1e-5)
  expect_error(export(~ qgamma(x, 2), notations = "python"), class = "secant_invalid_argument")
  expect_error(export(~ x^2, name = "if"), class = "secant_invalid_argument")
})

test_that("figures move, are dark, and are files of their type", {
  needs("Plot")
  # Drawing waits for a core on a busy machine.
  patient <- with_timeout(service(), 60)
  moving <- figure(~ x^2, "secant", at = 1, animate = TRUE, theme = "dark", connection = patient)
  expect_match(rawToChar(moving$image), "<animate ", fixed = TRUE)
  gif <- figure(~ x^2, "descent", start = c(x = 1), rate = 0.4, animate = TRUE, format = "gif", width = 200, height = 160,
                connection = patient)
  expect_identical(rawToChar(gif$image[1:4]), "GIF8")
  expect_identical(tools::file_ext(save_figure(gif)), "gif")
  expect_error(figure(~ x^2, animate = TRUE, connection = patient), "this figure has no animation")
  expect_error(figure(~ x^2, theme = "blue", connection = patient), "theme must be one of light, dark")
})

test_that("figures are files with a description", {
  needs("Plot")
  svg <- figure(~ x^3 - 3*x^2 + x, tangents_at = c(0, 1), ranges = list(x = c(-0.9, 2.9)))
  expect_match(rawToChar(svg$image), "<svg")
  expect_output(print(svg), "tangents")
  png <- figure(~ x^2 + 2*y^2, "descent", start = c(x = 1, y = 2), rate = 0.1, max_steps = 5, format = "png")
  file <- save_figure(png)
  expect_identical(readBin(file, "raw", 4L), as.raw(c(0x89, 0x50, 0x4e, 0x47)))
})
