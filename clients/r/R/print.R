# What the printed forms have in common.

print_lines <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}

# "x = 2, y = 1".
point_text <- function(point, digits = 7L) {
  paste(names(point), "=", vapply(point, format, "", digits = digits), collapse = ", ")
}
