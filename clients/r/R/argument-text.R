# Conversion of R code to text for the service.

# The text of a call, a function or other code; it may have several lines.
deparse_text <- function(x) {
  text <- paste(deparse(x, width.cutoff = 500L, control = c("keepNA", "keepInteger")), collapse = "\n")
  # 15 digits are readable and nearly always exact; 17 digits are always exact.
  same <- tryCatch(identical(parse_text(text), x, ignore.srcref = TRUE, ignore.environment = TRUE),
                   error = function(e) FALSE)
  if (same || !has_long_numbers(x)) return(enc2utf8(text))
  enc2utf8(paste(deparse(x, width.cutoff = 500L, control = c("keepNA", "keepInteger", "digits17")), collapse = "\n"))
}

parse_text <- function(text) str2lang(enc2utf8(text))

# Whether code has a number that needs more than 15 digits.
has_long_numbers <- function(x) {
  if (is.function(x)) x <- body(x)
  if (is.call(x) || is.expression(x) || is.pairlist(x)) {
    return(any(vapply(as.list(x), function(part) !identical(part, quote(expr = )) && has_long_numbers(part), NA)))
  }
  is.double(x) && any(is.finite(x) & as.numeric(format(x, digits = 15L)) != x)
}

# The text of a function; that of a primitive is constructed.
function_text <- function(f) {
  if (is.primitive(f)) {
    arguments <- names(formals(args(f)))
    if (is.null(arguments)) stop_argument("this primitive function has no arguments to differentiate with respect to", "expression")
    name <- sub('^[.]Primitive[(]"(.*)"[)]$', "\\1", deparse(f))
    return(sprintf("function(%1$s) %2$s(%1$s)", toString(setdiff(arguments, c("...", "base"))), name))
  }
  deparse_text(f)
}

# The names that occur in a text in R or Python notation.
names_in_text <- function(text) {
  unique(unlist(regmatches(text, gregexpr("[[:alpha:].][[:alnum:]._]*", text))))
}
