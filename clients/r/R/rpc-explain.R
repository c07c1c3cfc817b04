#' Show how a function is differentiated, step by step
#'
#' Printing the result shows a page as in a textbook. knitr documents show it with formulas, whose long parts can be folded.
#'
#' @inheritParams differentiate
#' @param by_definition Whether to use the limit of the difference quotient instead of the rules; polynomials only.
#' @param gradient Whether to derive all first partial derivatives, with respect to `variables`, or by default all variables of `f`.
#' @param language The language of the page: "en" or "ko". `NULL`: "en".
#' @param format `NULL`, or the format of a page to return instead of the steps: "text", "latex" (a part of a document that loads
#'   amsmath), "html" (a `div` with MathML, which needs no library) or "markdown".
#' @returns A data frame of class `secant_explanation` with a row for each step, inner expressions first: `rule`, `expression`,
#'   `result`, `text` (the step as one sentence), `depth` (0 for the whole expression) and `parts` (a list of named strings:
#'   u, v, inner, outer). The attribute `derivative` is the result of [differentiate()], of the same type as `f`, and the
#'   attribute `pages` has the page in each format. With `format`: the page, a string of class `secant_page`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Explain" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' explain(~ (2*x + 1)^4)
#' explain("x^2 + 2*x + 3", by_definition = TRUE)
#' cat(explain(~ log(x^2 - 2), language = "ko", format = "latex"))
explain <- function(f, variables = NULL, by_definition = FALSE, notations = NULL, data = NULL, shapes = NULL,
                    connection = NULL, gradient = FALSE, language = NULL, format = NULL) {
  if (!is.null(format) && !one_text(format, "format") %in% names(explanation_formats)) {
    stop_argument(sprintf("format must be one of %s; got %s", toString(names(explanation_formats)), sQuote(format, FALSE)))
  }
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Explain", proto("ExplainRequest",
    expression = expression_message(f, variables),
    variables = names_message(variables),
    notations = notation_numbers(f, notations),
    by_definition = by_definition,
    formats = unname(explanation_formats),
    language = if (is.null(language)) "" else one_text(language, "language"),
    gradient = gradient
  ))
  signal_notices(reply$notices)
  numbers <- vapply(reply$pages, function(page) as.numeric(page$format), 0)
  pages <- stats::setNames(utf8(vapply(reply$pages, function(page) page$text, "")),
                           names(explanation_formats)[match(numbers, explanation_formats)])
  if (!is.null(format)) {
    if (!format %in% names(pages)) stop_argument("this server writes no pages: it is older than this client")
    return(structure(pages[[format]], class = "secant_page", format = format))
  }
  steps <- reply$steps
  text <- function(field) utf8(vapply(steps, field, ""))
  table <- data.frame(
    rule = text(function(step) step$rule),
    expression = text(function(step) step$expression$text),
    result = text(function(step) step$result$text),
    text = text(function(step) step$text),
    depth = vapply(steps, function(step) as.integer(step$depth), 0L)
  )
  table$parts <- lapply(steps, function(step) {
    stats::setNames(texts_of(lapply(step$parts, function(part) part$formula)),
                    utf8(vapply(step$parts, function(part) part$name, "")))
  })
  structure(class = c("secant_explanation", "data.frame"), table,
            derivative = formula_out(reply$derivative, f, notations), pages = pages, notices = utf8(reply$notices))
}

# The formats of the contract by the names that callers write.
explanation_formats <- c(text = 1, latex = 2, html = 3, markdown = 4)

# A single string.
one_text <- function(value, what) {
  if (!is.character(value) || length(value) != 1L || is.na(value)) stop_argument(sprintf("%s must be a string", what))
  value
}

#' @export
format.secant_explanation <- function(x, ...) {
  pages <- attr(x, "pages")
  if ("text" %in% names(pages)) return(strsplit(pages[["text"]], "\n", fixed = TRUE)[[1L]])
  answer <- attr(x, "derivative")
  c(paste0(strrep("  ", x$depth), x$text), if (!is.null(answer)) paste("=", field_lines(answer)))
}

#' @export
print.secant_explanation <- function(x, ...) print_lines(x, ...)

#' @export
format.secant_page <- function(x, ...) strsplit(as.vector(x), "\n", fixed = TRUE)[[1L]]

#' @export
print.secant_page <- function(x, ...) print_lines(x, ...)

# Called by knitr for a page that is the value of a chunk.
knit_print.secant_page <- function(x, ...) knitr::asis_output(knit_text(as.vector(x), attr(x, "format")))

# Called by knitr for an explanation: the page in the format of the document.
knit_print.secant_explanation <- function(x, ...) {
  pages <- attr(x, "pages")
  format <- if (knitr::is_html_output()) "html" else if (knitr::is_latex_output()) "latex" else "markdown"
  if (!format %in% names(pages)) return(knitr::asis_output(paste(c("```", base::format(x), "```"), collapse = "\n")))
  knitr::asis_output(knit_text(pages[[format]], format))
}

# The page as a part of a document. HTML is a raw block: Markdown would read its indented lines as code.
knit_text <- function(page, format) {
  if (format == "html" && !is_inert_page(page)) {
    stop_argument("the server's page contains more than text and formulas; print it with cat() to look at it")
  }
  switch(format,
    html = paste0("\n\n```{=html}\n", page, "\n```\n\n"),
    latex = paste0("\n\n```{=latex}\n", page, "\n```\n\n"),
    markdown = paste0("\n\n", page, "\n\n"),
    paste0("\n\n```\n", page, "\n```\n\n"))
}

# Whether a page has only the elements and attributes of the service's pages, so that a browser runs and loads nothing.
is_inert_page <- function(html) {
  tags <- regmatches(html, gregexpr("<[^>]*>", html))[[1L]]
  elements <- paste0("div|h3|h4|p|b|em|ul|li|details|summary|math|mrow|mi|mn|mo|ms|mtext|mspace|mfrac|msqrt|mroot|msub|msup|",
                     "msubsup|munder|mover|munderover|mtable|mtr|mtd")
  attributes <- paste0("class|lang|dir|style|open|display|displaystyle|form|fence|stretchy|accent|linethickness|width|",
                       "mathvariant|xmlns")
  allowed <- sprintf('^</?(%s)( (%s)="[^"<>&\\\\]*")*/?>$', elements, attributes)
  loads <- grepl("(", gsub("rgba(", "", tags, fixed = TRUE), fixed = TRUE)
  length(tags) > 0L && all(grepl(allowed, tags)) && !any(loads)
}
