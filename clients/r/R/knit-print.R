# What knitr shows of answers: formulas as mathematics, tables as tables.

#' Answers in documents of knitr
#'
#' In documents of knitr and Quarto, answers with `full = TRUE`, tangents and Taylor polynomials are shown as formulas; paths of
#' descents, critical points and verdicts as tables. `knitr::normal_print` prints them as in the console.
#'
#' @param x An answer.
#' @param ... Not used.
#' @returns Text for the document, see [knitr::asis_output()].
#' @name knit_print.secant
#' @keywords internal
NULL

#' @rdname knit_print.secant
#' @exportS3Method knitr::knit_print
knit_print.secant_answer <- function(x, ...) {
  f <- .subset2(x, "f")
  if (is.null(f)) return(knitr::normal_print(x))
  again <- list(secant_derivative = differentiate, secant_gradient = sec_gradient, secant_jacobian = sec_jacobian,
                secant_hessian = sec_hessian)[[class(x)[1L]]]
  # The formulas in LaTeX are another answer of the server; a product of Jacobians has no formula of f alone.
  formulas <- if (is.null(.subset2(x, "factors"))) {
    tryCatch(suppressWarnings(again(f, x$variables, notations = "latex", full = TRUE), classes = "secant_notice"),
             secant_error = function(e) NULL)
  }
  if (is.null(formulas)) return(knitr::normal_print(x))
  knitr::asis_output(paste(c(math_of(formulas), if (!is.null(x$at)) point_line(x), notice_lines(x$notices)), collapse = "\n\n"))
}

#' @rdname knit_print.secant
#' @exportS3Method knitr::knit_print
knit_print.secant_tangent <- function(x, ...) knit_again(x, function() tangent(x$f, x$at, notations = "latex"))

#' @rdname knit_print.secant
#' @exportS3Method knitr::knit_print
knit_print.secant_taylor <- function(x, ...) knit_again(x, function() sec_taylor(x$f, x$at, x$order, notations = "latex"))

knit_again <- function(x, ask) {
  found <- tryCatch(suppressWarnings(ask(), classes = "secant_notice"), secant_error = function(e) NULL)
  if (is.null(found)) knitr::normal_print(x) else knitr::asis_output(math_of(found))
}

#' @rdname knit_print.secant
#' @exportS3Method knitr::knit_print
knit_print.secant_trace <- function(x, ...) knitr::asis_output(knit_text_of(x))

#' @rdname knit_print.secant
#' @exportS3Method knitr::knit_print
knit_print.secant_extrema <- function(x, ...) knitr::asis_output(knit_text_of(x))

#' @rdname knit_print.secant
#' @exportS3Method knitr::knit_print
knit_print.secant_verdict <- function(x, ...) knitr::asis_output(knit_text_of(x))

# Tables with a sentence, as Markdown.
knit_text_of <- function(x) {
  table <- function(rows) paste(c("", knitr::kable(rows, format = "pipe", digits = 7L, row.names = FALSE), ""), collapse = "\n")
  if (inherits(x, "secant_trace")) {
    rows <- as.data.frame(x)
    shown <- trace_rows(rows)
    cells <- as.data.frame(lapply(rows[shown, ], format, digits = 7L), check.names = FALSE, optional = TRUE)
    names(cells) <- names(rows)
    if (length(shown) < nrow(rows)) cells <- rbind(cells[1:3, ], rep("...", ncol(cells)), cells[-(1:3), ])
    return(paste0("\n", format(x)[1L], "\n", table(cells)))
  }
  if (inherits(x, "secant_extrema")) {
    rows <- as.data.frame(x)
    if (!any(nzchar(rows$exact))) rows$exact <- NULL
    closing <- utils::tail(format(x), 1L)
    return(paste0(if (nrow(rows)) table(rows) else "\nno critical points\n", "\n", closing, "\n"))
  }
  paste0("\n**", x$verdict, "**", if (nzchar(x$message)) paste0(": ", markdown_text(x$message)), "\n", table(
    data.frame(method = x$witnesses$name, verdict = x$witnesses$verdict, finding = markdown_text(x$witnesses$message))))
}

# Text whose characters Markdown does not read.
markdown_text <- function(text) gsub("([*_|<>$`^~\\\\])", "\\\\\\1", printable(text))

notice_lines <- function(notices) paste0("\n> ", markdown_text(gsub("\n", " ", notices, fixed = TRUE)), "\n", recycle0 = TRUE)

# ---- formulas in LaTeX

display <- function(...) paste0("\n$$", ..., "$$\n")

# An answer whose formulas are LaTeX, as a displayed equation.
math_of <- function(x) {
  kind <- class(x)[1L]
  if (kind == "secant_tangent") {
    if (is.null(x$equation)) return(paste0("\n", markdown_text(format(x)), "\n"))
    return(display("y = ", x$equation))
  }
  if (kind == "secant_taylor") {
    sign <- if (isTRUE(x$equals_function)) " = " else " \\approx "
    return(display("f(", toString(math_names(x$variables)), ")", sign, x$polynomial))
  }
  if (kind == "secant_derivative") {
    by <- x$variables
    counts <- table(factor(by, unique(by)))
    d <- if (length(counts) > 1L || several_variables(.subset2(x, "f"))) "\\partial" else "d"
    power <- if (length(by) > 1L) sprintf("^%d", length(by)) else ""
    below <- paste0(d, " ", math_names(names(counts)), ifelse(counts > 1L, sprintf("^%d", counts), ""), collapse = "\\,")
    return(display("\\frac{", d, power, " f}{", below, "} = ", x$formula))
  }
  partials <- .subset2(x, "partials")
  if (kind == "secant_gradient") return(display("\\nabla f = ", tuple(partials)))
  display(if (kind == "secant_hessian") "H = " else "J = ", matrix_math(partials))
}

# Whether f has several variables: its derivatives are partial.
several_variables <- function(f) {
  variables <- variables_of(f)
  if (is.null(variables)) variables <- sec_gradient(f, full = TRUE)$variables
  length(variables) > 1L
}

math_names <- function(names) ifelse(nchar(names) == 1L, names, sprintf("\\mathrm{%s}", gsub("_", "\\_", names, fixed = TRUE)))

matrix_math <- function(texts) {
  paste0("\\begin{pmatrix}", paste(apply(texts, 1L, paste, collapse = " & "), collapse = " \\\\ "), "\\end{pmatrix}")
}

tuple <- function(texts) sprintf("\\left(%s\\right)", paste(texts, collapse = ",\\; "))

math_point <- function(at) {
  at <- if (is.list(at)) at else as.list(at)
  if (any(lengths(at) != 1L)) return("the point")
  numbers <- vapply(at, format, "", digits = 7L)
  if (is.null(names(at))) return(sprintf("$%s$", toString(numbers)))
  sprintf("$%s$", paste(math_names(names(at)), "=", numbers, collapse = ",\\; "))
}

# A sentence with the values at the point.
point_line <- function(x) {
  asked <- sub("^secant_", "", class(x)[1L])
  values <- .subset2(x, asked)
  numbers <- function(values) {
    if (is.list(values) || is.null(values)) return(NULL)
    if (length(values) == 1L) return(math_number(values))
    if (!is.matrix(values)) return(tuple(math_number(values)))
    matrix_math(matrix(math_number(values), nrow(values)))
  }
  symbol <- c(derivative = "\\text{the derivative is }", gradient = "\\nabla f = ", jacobian = "J = ", hessian = "H = ")[[asked]]
  value <- x$value
  paste0("\nAt ", math_point(x$at), ": $", symbol, numbers(values), "$",
         if (length(value)) paste0(", $f = ", numbers(value), "$"), ".\n")
}

math_number <- function(values) {
  texts <- vapply(as.vector(values), format, "", digits = 7L)
  sub("e([0-9]+)$", " \\\\cdot 10^{\\1}", sub("e-0*([0-9]+)$", " \\\\cdot 10^{-\\1}", sub("e[+]0*", "e", texts)))
}
