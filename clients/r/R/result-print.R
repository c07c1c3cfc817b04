# Printing of results.

print_lines <- function(x, ...) {
  cat(printable(format(x, ...)), sep = "\n")   # the texts come from a server
  invisible(x)
}

# "x = 2, y = 1".
point_text <- function(point, digits = 7L) {
  paste(names(point), "=", vapply(point, entries_text, "", digits = digits), collapse = ", ")
}

# A number, or a vector or matrix as "c(1, 2)" and "2 x 2".
entries_text <- function(value, digits) {
  if (is.matrix(value)) return(sprintf("a %d x %d matrix", nrow(value), ncol(value)))
  text <- vapply(value, format, "", digits = digits)
  if (length(text) == 1L) text[[1L]] else sprintf("c(%s)", toString(text))
}
