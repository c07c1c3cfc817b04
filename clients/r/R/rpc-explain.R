#' Show how a function is differentiated, step by step
#'
#' @inheritParams differentiate
#' @param by_definition Whether to use the limit of the difference quotient instead of the rules; polynomials only.
#' @returns A data frame of class `secant_explanation` with a row for each step, in reading order: `rule`, `expression`,
#'   `result`, `text` (the step as one sentence), `depth` (0 for the whole expression) and `parts` (a list of named strings:
#'   u, v, inner, outer). The attribute `derivative` is the result of [differentiate()], of the same type as `f`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Explain" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' explain(~ (2*x + 1)^4)
#' explain("x^2 + 2*x + 3", by_definition = TRUE)
explain <- function(f, variables = NULL, by_definition = FALSE, notations = NULL, data = NULL, shapes = NULL,
                    connection = NULL) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Explain", proto("ExplainRequest",
    expression = expression_message(f, variables),
    variables = names_message(variables),
    notations = notation_numbers(f, notations),
    by_definition = by_definition
  ))
  signal_notices(reply$notices)
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
            derivative = formula_out(reply$derivative, f, notations), notices = utf8(reply$notices))
}

#' @export
format.secant_explanation <- function(x, ...) {
  answer <- attr(x, "derivative")
  c(paste0(strrep("  ", x$depth), x$text), if (!is.null(answer)) paste("=", field_lines(answer)))
}

#' @export
print.secant_explanation <- function(x, ...) print_lines(x, ...)
