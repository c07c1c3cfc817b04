# Conversion of answers to the kind of the caller's function.

# The notations to request: R for R code; for a string none, which means the notation of the string.
notation_numbers <- function(f, notations) {
  if (is.null(notations) && f$kind != "string") notations <- "r"
  enum_numbers("Notation", notations)
}

# One formula as text, or in the kind of `f`; with several notations, a text for each by name.
formula_out <- function(message, f, notations) {
  if (length(notations) > 1L) {
    texts <- vapply(message$renderings, function(r) r$text, "")
    numbers <- vapply(message$renderings, function(r) as.integer(r$notation), 0L)
    return(stats::setNames(utf8(texts), tolower(upper_name("Notation", numbers))))
  }
  text <- utf8(message$text)
  if (!is.null(notations) || !nzchar(text)) text else kind_out(f, text)
}

kind_out <- function(f, text) if (f$kind == "string") text else code_out(f, answer_code(text, f$text))

# Code in the kind of `f`.
code_out <- function(f, code) {
  switch(f$kind,
    call = code,
    expression = as.expression(code),
    `function` = as.function(c(arguments_of(f$source), list(code)), envir = world_of(f))
  )
}

arguments_of <- function(f) if (is.primitive(f)) formals(args(f))[1L] else formals(f)

# The environment of a returned function: that of `f`, and its data.
world_of <- function(f) {
  env <- if (is.null(f$env)) baseenv() else f$env
  if (is.null(f$data)) env else list2env(f$data, parent = env)
}

# A gradient: strings by name, or code whose value is the named vector. With respect to one vector or matrix, the code of
# that vector or matrix.
gradient_out <- function(reply, names, f, notations) {
  texts <- texts_of(reply$partials)
  names(texts) <- names
  if (!is.null(notations) || f$kind == "string" || !all(nzchar(texts))) return(texts)
  codes <- lapply(texts, answer_code, f$text)
  # A length that is not known is 0.
  if (length(codes) == 1L && (reply$shape$rows != 1 || reply$shape$columns != 1)) {
    code <- codes[[1L]]
    # R's products leave a matrix of one column, which no optimizer takes as a vector.
    return(code_out(f, if (reply$shape$rows == 1 && has_products(code)) call("drop", code) else code))
  }
  code_out(f, as.call(c(quote(c), codes)))
}

# Whether code has products or transposes of matrices.
has_products <- function(code) any(c("%*%", "crossprod", "solve", "t", "tcrossprod") %in% all.names(code))

# A matrix of formulas: strings with dimnames, or code whose value is that matrix. `shape` is that of the whole matrix, with
# 0 for lengths that are not known: entries may be vectors and matrices.
matrix_out <- function(texts, f, notations, shape, notices = character()) {
  if (!is.null(notations) || f$kind == "string" || !all(nzchar(texts))) return(texts)
  codes <- apply(texts, c(1L, 2L), function(text) list(answer_code(text, f$text)))
  row <- function(i) lapply(codes[i, ], `[[`, 1L)
  if (shape$rows == nrow(texts)) {
    rows <- lapply(seq_len(nrow(texts)), function(i) as.call(c(quote(c), row(i))))
    names(rows) <- rownames(texts)
    return(code_out(f, as.call(c(quote(rbind), rows))))
  }
  if (nrow(texts) > 1L) {
    if (any(grepl("the formula is the differential", notices, fixed = TRUE))) {
      stop_argument("the Hessian by a matrix has no code: give a point or notations")
    }
    # Blocks of a Hessian, each with as many rows and columns as its variables have entries.
    sizes <- lapply(colnames(texts), function(name) call("length", as.name(name)))
    rows <- lapply(seq_len(nrow(texts)), function(i) {
      as.call(c(quote(cbind), Map(function(block, size) call("matrix", block, sizes[[i]], size), unname(row(i)), sizes)))
    })
    return(code_out(f, as.call(c(quote(rbind), rows))))
  }
  # One block for each variable; with respect to a number, a column.
  whole <- ncol(texts) == 1L && shape$columns != 1
  code_out(f, if (whole) row(1L)[[1L]] else as.call(c(quote(cbind), row(1L))))
}

# Texts of formulas; with several notations, the first.
texts_of <- function(formulas) utf8(vapply(formulas, function(formula) formula$text, ""))

# The value of a formula: a number, a vector or a matrix; NULL if it has none. `like` is the value of the variable, which
# has the names.
value_of <- function(formula, like = NULL) {
  if (formula$has("value")) return(formula$value)
  if (!has_value(formula)) return(NULL)
  values <- formula$values
  shape <- formula$shape
  named_like(if (length(shape) == 2L) matrix(values, shape[1L], shape[2L], byrow = TRUE) else values, like)
}

# A vector or matrix with the names of another one of its shape.
named_like <- function(values, like) {
  if (is.matrix(values)) {
    if (identical(dim(values), dim(like))) dimnames(values) <- dimnames(like)
  } else if (is.null(dim(like)) && length(like) == length(values)) {
    names(values) <- names(like)
  }
  values
}

# Values of formulas: a vector if all are numbers, else a list; NULL if one has none.
values_of <- function(formulas, like = vector("list", length(formulas))) {
  if (!length(formulas)) return(NULL)
  if (all_numbers(formulas)) return(vapply(formulas, function(formula) formula$value, 0))
  if (all(vapply(formulas, has_value, NA))) Map(value_of, formulas, like)
}

# The values of partials by variable. With respect to one vector or matrix, that vector or matrix; with respect to several,
# a list.
partials_out <- function(partials, names, at) {
  values <- values_of(partials, lapply(names, function(name) at[[name]]))
  if (is.list(values) && length(values) == 1L) values[[1L]] else if (!is.null(values)) stats::setNames(values, names)
}

# The places, in the rows of a reply, of the entries of a variable in R's order: down the columns of a matrix. `like` is its
# value, `size` the number of its entries.
entry_order <- function(like, size) {
  d <- dim(like)
  if (length(d) == 2L && prod(d) == size) as.vector(matrix(seq_len(size), d[1L], d[2L], byrow = TRUE)) else seq_len(size)
}

# The matrix of the values of blocks, each a number, a vector or a matrix, in rows; NULL without values. `at` are the values
# of the variables, `owners` the variables of the rows of blocks, if the matrix is a Hessian.
blocks_out <- function(rows, heights, names, at, owners = character(length(rows))) {
  values <- lapply(rows, function(row) lapply(row$partials, value_of))
  if (!length(values) || any(vapply(values, function(row) any(vapply(row, is.null, NA)), NA))) return(NULL)
  widths <- vapply(values[[1L]], length, 0L) %/% heights[1L]
  lines <- Map(function(row, height, owner) {
    do.call(cbind, Map(function(value, width, name) {
      if (length(value) != height * width) stop_malformed(sprintf("%d values for a block of %d x %d", length(value), height, width))
      if (is.matrix(value) && identical(dim(value), as.integer(c(height, width)))) {
        return(unname(value)[entry_order(if (nzchar(owner)) at[[owner]], height), entry_order(at[[name]], width), drop = FALSE])
      }
      # A matrix by a number is laid out as f is; else it has the entries of a variable.
      matrix(if (is.matrix(value) && width == 1L && !nzchar(owner)) t(value) else value, height, width)
    }, row, widths, names))
  }, values, heights, owners)
  found <- do.call(rbind, lines)
  if (ncol(found) == length(names)) colnames(found) <- names
  found
}
