# R language as the text that the service reads.

# The text of a call, a function or any other language, on as many lines as R makes of it.
deparse_text <- function(x) {
  text <- paste(deparse(x, width.cutoff = 500L, control = c("keepNA", "keepInteger")), collapse = "\n")
  # 15 digits read well and are nearly always all; 17 are always all.
  same <- tryCatch(identical(parse_text(text), x, ignore.srcref = TRUE, ignore.environment = TRUE),
                   error = function(e) FALSE)
  if (same || !has_long_numbers(x)) return(enc2utf8(text))
  enc2utf8(paste(deparse(x, width.cutoff = 500L, control = c("keepNA", "keepInteger", "digits17")), collapse = "\n"))
}

parse_text <- function(text) str2lang(enc2utf8(text))

# Whether a number in it needs more than 15 digits.
has_long_numbers <- function(x) {
  if (is.function(x)) x <- body(x)
  if (is.call(x) || is.expression(x) || is.pairlist(x)) {
    return(any(vapply(as.list(x), function(part) !identical(part, quote(expr = )) && has_long_numbers(part), NA)))
  }
  is.double(x) && any(is.finite(x) & as.numeric(format(x, digits = 15L)) != x)
}

# A function's text; a primitive has none of its own.
function_text <- function(f) {
  if (is.primitive(f)) {
    arguments <- names(formals(args(f)))
    if (is.null(arguments)) stop_argument("this primitive has no arguments to differentiate by", "expression")
    name <- sub('^[.]Primitive[(]"(.*)"[)]$', "\\1", deparse(f))
    return(sprintf("function(%1$s) %2$s(%1$s)", toString(setdiff(arguments, c("...", "base"))), name))
  }
  deparse_text(f)
}

# Names that occur in a text, R's or Python's.
names_in_text <- function(text) {
  unique(unlist(regmatches(text, gregexpr("[[:alpha:].][[:alnum:]._]*", text))))
}
