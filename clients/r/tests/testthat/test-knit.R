# Documents of knitr: what the chunks and answers become.

knitted <- function(..., figures = tempfile("figures")) {
  folder <- tempfile("document")
  dir.create(folder)
  file <- file.path(folder, "page.Rmd")
  writeLines(c("```{r, include = FALSE}", "library(secant)", sprintf("knitr::opts_chunk$set(fig.path = %s)", deparse(paste0(figures, "/"))), "```", ...), file)
  out <- knitr::knit(file, file.path(folder, "page.md"), quiet = TRUE, envir = new.env(parent = globalenv()))
  readLines(out, encoding = "UTF-8")
}

chunk <- function(..., code) c(sprintf("```{secant%s}", paste0(", ", c(...), collapse = "", recycle0 = TRUE)), code, "```", "")

test_that("a chunk becomes the derivation, the value and a figure", {
  if (!requireNamespace("knitr", quietly = TRUE)) skip("R's knitr is not installed")
  needs("Explain", "Taylor", "Check", "Export", "Extrema", "Hessian", "Tangent")
  figures <- tempfile("figures")
  page <- knitted(figures = figures,
    "```{secant}", "#| with_respect_to: x", "#| at: x = 2", "x^2 * exp(-x)", "```", "",
    chunk('call = "gradient"', "at = c(x = 1, y = 2)", "steps = FALSE", code = "x^2 + 2*y^2"),
    chunk('call = "hessian"', 'at = "x = 1, y = 2"', code = "x^2*y"),
    chunk('call = "taylor"', "at = 0", "order = 3", "figure = FALSE", code = "sin(x)"),
    chunk('call = "tangent"', "at = 1", "figure = FALSE", code = "x^2"),
    chunk('call = "extrema"', 'box = "x = -2 to 2"', "figure = FALSE", code = "x^3 - 3*x"),
    chunk('call = "descend"', 'at = "x = 1"', "figure = FALSE", code = "(x - 3)^2"),
    chunk('call = "check"', 'claimed = "2*x*exp(x)"', code = "x^2*exp(x)"),
    chunk('call = "export"', 'notations = "c"', code = "x^2"),
    chunk('call = "evaluate"', 'at = "x = 3"', code = "x^2"),
    chunk('steps = FALSE', 'at = "x = 0"', "figure = FALSE", code = "abs(x)"),
    chunk("eval = FALSE", code = "x^77"),
    chunk("error = TRUE", code = "x^2 + * y")
  )
  text <- paste(page, collapse = "\n")
  expect_match(text, "```secant\nx^2 * exp(-x)\n```", fixed = TRUE)
  expect_match(text, "At $x = 2$: $\\text{the derivative is }0$, $f = 0.5413411$.", fixed = TRUE)
  expect_match(text, "product rule", ignore.case = TRUE)
  expect_match(text, "$$\\nabla f = \\left(2 x,\\; 4 y\\right)$$", fixed = TRUE)
  expect_match(text, "At $x = 1,\\; y = 2$: $\\nabla f = \\left(2,\\; 8\\right)$, $f = 9$.", fixed = TRUE)
  expect_match(text, "H = \\begin{pmatrix}2 y & 2 x \\\\ 2 x & 0\\end{pmatrix}", fixed = TRUE)
  expect_match(text, "f\\(x\\) \\\\approx .*frac")
  expect_match(text, "$$y = ", fixed = TRUE)
  expect_match(text, "| -1|     2|MAXIMUM |", fixed = TRUE)
  expect_match(text, "a local minimum|the minimum")
  expect_match(text, "**REFUTED**: at x = 1", fixed = TRUE)
  expect_match(text, "```c\n", fixed = TRUE)
  expect_match(text, "At $x = 3$: $f = 9$", fixed = TRUE)
  expect_match(text, "\n> .*kink")
  expect_match(text, "```secant\nx^77\n```\n", fixed = TRUE)
  expect_match(text, "Error: .*remove one of '\\+' and '\\*'")
  pictures <- list.files(figures, recursive = TRUE)
  expect_length(pictures, 3L)
  expect_true(all(file.size(file.path(figures, pictures)) > 2000))
})

test_that("answers in chunks of R are formulas and tables", {
  if (!requireNamespace("knitr", quietly = TRUE)) skip("R's knitr is not installed")
  needs("Taylor", "Check")
  text <- paste(knitted("```{r}", "differentiate(~ x^2 * y, 'x', at = c(x = 1, y = 3), full = TRUE)", "sec_hessian(~ x^2 - y^2, full = TRUE)",
                        "sec_taylor(~ x^2, 0, 2)", "sec_check(~ x^2, ~ 3*x)", "sec_jacobian(expression(x^2, x*y), full = TRUE)", "```"), collapse = "\n")
  expect_match(text, "$$\\frac{\\partial f}{\\partial x} = 2 x y$$", fixed = TRUE)
  expect_match(text, "the derivative is }6$, $f = 3$.", fixed = TRUE)
  expect_match(text, "$$f(x) = x^{2}$$", fixed = TRUE)
  expect_match(text, "|method ", fixed = TRUE)
  expect_match(text, "J = \\begin{pmatrix}2 x & 0 \\\\ y & x\\end{pmatrix}", fixed = TRUE)
})

test_that("options of chunks that cannot be right say what to write", {
  service()
  expect_error(chunk_text("x^2", list(call = "integrate")), "must be one of differentiate", class = "secant_invalid_value")
  expect_error(chunk_text("x^2", list(at = "two")), "must be like \"x = 2, y = 1\"", class = "secant_invalid_value")
  expect_error(chunk_text("x^2", list(call = "tangent")), "needs the option 'at'", class = "secant_invalid_value")
  expect_error(chunk_text("x^2", list(call = "check")), "needs the option 'claimed'", class = "secant_invalid_value")
  expect_error(chunk_text("x^2", list(call = "extrema", box = "x > 0")), "must be like", class = "secant_invalid_value")
})
