# Answers in the kind that the function came in.

# The notations to ask for: R for what came as R, else what the string itself was written in.
notations_asked <- function(f, notations) {
  if (is.null(notations) && f$kind != "string") notations <- "r"
  enum_numbers("Notation", notations)
}

# One formula: text, or the kind of `f`; with several notations a text for each by name.
formula_out <- function(message, f, notations) {
  if (length(notations) > 1L) {
    texts <- vapply(message$renderings, function(r) r$text, "")
    numbers <- vapply(message$renderings, function(r) as.integer(r$notation), 0L)
    return(stats::setNames(utf8(texts), tolower(told("Notation", numbers))))
  }
  text <- utf8(message$text)
  if (!is.null(notations) || !nzchar(text)) text else kind_out(f, text)
}

kind_out <- function(f, text) if (f$kind == "string") text else code_out(f, parse_text(text))

# Code as the kind of `f`.
code_out <- function(f, code) {
  switch(f$kind,
    call = code,
    expression = as.expression(code),
    `function` = as.function(c(arguments_of(f$source), list(code)), envir = world_of(f))
  )
}

arguments_of <- function(f) if (is.primitive(f)) formals(args(f))[1L] else formals(f)

# The environment of an answer's function: that of the question's, and the data that came with it.
world_of <- function(f) {
  env <- if (is.null(f$env)) baseenv() else f$env
  if (is.null(f$data)) env else list2env(f$data, parent = env)
}

# A vector of formulas: strings by name, or code whose value is the named vector.
vector_out <- function(texts, names, f, notations) {
  names(texts) <- names
  if (!is.null(notations) || f$kind == "string" || !all(nzchar(texts))) return(texts)
  code_out(f, as.call(c(quote(c), lapply(texts, parse_text))))
}

# A matrix of formulas: strings with dimnames, or code whose value is that matrix.
matrix_out <- function(texts, f, notations) {
  if (!is.null(notations) || f$kind == "string" || !all(nzchar(texts))) return(texts)
  rows <- lapply(seq_len(nrow(texts)), function(i) as.call(c(quote(c), lapply(texts[i, ], parse_text))))
  names(rows) <- rownames(texts)
  code_out(f, as.call(c(quote(rbind), rows)))
}

# Texts of formulas; with several notations, the first.
texts_of <- function(formulas) utf8(vapply(formulas, function(formula) formula$text, ""))

# Values of formulas; NULL where one has none.
values_of <- function(formulas) {
  if (!length(formulas) || !all(vapply(formulas, function(formula) formula$has("value"), NA))) return(NULL)
  vapply(formulas, function(formula) formula$value, 0)
}
