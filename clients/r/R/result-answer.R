# Full answers: results with full = TRUE.

answer <- function(.class, ...) structure(class = c(.class, "secant_answer"), list(...))

#' Full answers
#'
#' Functions such as [gradient()] return plain values. With `full = TRUE` they return a list with the whole reply of the
#' server: formulas, values, shape and notices. `$` extracts a field, `print()` shows all fields.
#'
#' @param x A full answer.
#' @param ... Not used.
#' @returns `format()`: the lines as a character vector. `print()`: `x`, invisibly.
#' @name secant_answer
NULL

#' @rdname secant_answer
#' @export
format.secant_answer <- function(x, ...) {
  known <- x[!vapply(x, function(field) is.null(field) || (is.character(field) && !length(field)), NA)]
  unlist(lapply(names(known), function(name) {
    lines <- field_lines(known[[name]])
    if (length(lines) == 1L) paste0(name, ": ", lines) else c(paste0(name, ":"), paste0("  ", lines))
  }))
}

field_lines <- function(field) {
  if (is.language(field) || is.function(field)) return(deparse(field))
  if (is.character(field) && is.null(names(field)) && is.null(dim(field))) {
    return(if (any(grepl("\n", field, fixed = TRUE))) unlist(strsplit(field, "\n", fixed = TRUE)) else toString(field))
  }
  if (is.atomic(field) && length(field) == 1L && is.null(names(field))) return(format(field, digits = 7L))
  utils::capture.output(print(field, quote = FALSE))
}

#' @rdname secant_answer
#' @export
print.secant_answer <- function(x, ...) print_lines(x, ...)

# The text of a Shape.
shape_of <- function(reply) reply$shape$text

# The value of an optional field; NULL if it is not set.
optional <- function(message, field) if (message$has(field)) message[[field]]
