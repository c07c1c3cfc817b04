#' A function for the service
#'
#' Every verb takes a function in any of the forms below, so that `sec_function()` is only needed to keep data or a
#' notation with it, to print or to plot it. Answers come back in the kind that went in: a string for a
#' string, a call for a call or a formula, an expression for an expression, a function for a function.
#'
#' @param f One of
#'   * a formula, `~ x^2 + 2*x*y`;
#'   * a function, `function(x, y) x^2 + 2*x*y`; numbers and functions of its own that it uses are sent along;
#'   * a call, `quote(x^2)`, or an expression, `expression(x^2)`; of several entries a vector function;
#'   * a string in R or Python notation, `"x^2"`, `"x**2"`, `"lambda x: x**2"`, or a block with assignments before
#'     the formula; several strings are a vector function.
#' @param data A data frame or a list of named vectors that `f` may use; such names are not variables. Only what
#'   occurs in `f` is sent.
#' @param notation How a string is to be read where R and Python differ: "r" or "python".
#' @returns An object of class `secant_function`, with methods for `format()`, `print()`, `as.function()` and
#'   [plot()][plot.secant_function].
#' @export
#' @examples
#' f <- sec_function(~ x^2 + 2*x*y)
#' f
#' as.function(f)(x = 1, y = 2)
#' sec_function(~ sum((dist - a - b * speed)^2), data = cars)
sec_function <- function(f, data = NULL, notation = NULL) {
  if (inherits(f, "secant_function")) {
    if (!is.null(data)) f$data <- check_data(data)
    if (!is.null(notation)) f$notation <- notation
    return(f)
  }
  if (!is.null(notation) && !tolower(notation) %in% c("r", "python")) {
    stop_argument(sprintf("a function is read in r or python, not %s", sQuote(notation, FALSE)), "notation")
  }
  structure(class = "secant_function", c(
    kind_of(f), list(source = f, data = check_data(data), notation = if (is.character(f)) notation else "r")
  ))
}

# Text, kind and environment of what a caller wrote.
kind_of <- function(f) {
  if (inherits(f, "formula")) return(list(text = deparse_text(without_attributes(f)), kind = "call", env = environment(f)))
  if (is.function(f)) return(list(text = function_text(f), kind = "function", env = environment(f)))
  if (is.character(f) && length(f)) return(list(text = vector_text(enc2utf8(f)), kind = "string", env = NULL))
  if (is.expression(f) && length(f)) {
    return(list(text = vector_text(vapply(as.list(f), deparse_text, "")), kind = "expression", env = NULL))
  }
  if (is.call(f) || is.name(f) || (is.numeric(f) && length(f) == 1L)) {
    return(list(text = deparse_text(f), kind = "call", env = NULL))
  }
  stop_argument(sprintf("a function is a formula, function, call, expression or string, not %s", class(f)[1L]), "expression")
}

without_attributes <- function(formula) {
  attributes(formula) <- NULL
  formula
}

vector_text <- function(texts) if (length(texts) == 1L) texts[[1L]] else sprintf("c(%s)", paste(texts, collapse = ", "))

check_data <- function(data) {
  if (is.null(data)) return(NULL)
  if (is.matrix(data)) data <- as.data.frame(data)
  if (!is.list(data) || is.null(names(data)) || any(!nzchar(names(data)))) {
    stop_argument("data is a data frame or a list of named vectors", "expression.data")
  }
  as.list(data)
}

# The message of a function; `bound` are names that the call itself gives a meaning, as variables.
expression_message <- function(f, bound = NULL) {
  text <- f$text
  data <- f$data
  if (f$kind == "function" && !is.primitive(f$source)) {
    own <- captured(f$source, c(bound, names(data)))
    constant <- constant_defaults(f$source)
    text <- paste(c(own$setup, deparse_text(without_defaults(f$source, names(constant), bound))), collapse = "\n")
    data <- c(data, own$values, constant[setdiff(names(constant), bound)])
  }
  if (length(data)) data <- data[names(data) %in% names_of(f, text)]
  proto("Expression", text = text, notation = enum_number("Notation", f$notation), data = columns_message(data))
}

names_of <- function(f, text) {
  if (f$kind == "string") return(names_in_text(text))
  unique(unlist(lapply(as.list(parse(text = text, keep.source = FALSE)), all.names)))
}

# Parameters whose default is a number. The service would put the number into the answer, where an R function
# with the same parameter has to keep its name: such a parameter goes as data, or where it is bound as a variable.
constant_defaults <- function(f) {
  values <- lapply(formals(f), function(default) {
    if (is.call(default) && identical(default[[1L]], quote(`-`)) && is.numeric(default[[2L]])) return(-default[[2L]])
    if (is.numeric(default) && length(default) == 1L) default
  })
  values[lengths(values) > 0L]
}

without_defaults <- function(f, constant, bound) {
  kept <- formals(f)[setdiff(names(formals(f)), setdiff(constant, bound))]
  kept[intersect(names(kept), constant)] <- list(quote(expr = ))
  formals(f) <- kept
  f
}

# What a closure uses of its own world: numbers, and closures as assignments before it.
captured <- function(f, known) {
  setup <- character()
  values <- list()
  visit <- function(f) {
    for (name in setdiff(all.names(body(f), unique = TRUE), c(names(formals(f)), known))) {
      known <<- c(known, name)
      found <- own_value(name, environment(f))
      if (is.function(found)) {
        visit(found)
        setup <<- c(setup, paste(name, "<-", deparse_text(found)))
      } else if (is.numeric(found) || is.logical(found)) {
        values[[name]] <<- as.numeric(found)
      }
    }
  }
  visit(f)
  list(setup = setup, values = values)
}

# A name's value in a function's environments up to the user's workspace; packages are not the caller's own.
own_value <- function(name, env) {
  while (!is.null(env) && !identical(env, emptyenv()) && !isNamespace(env) && !identical(env, baseenv())) {
    if (exists(name, env, inherits = FALSE)) return(get(name, env, inherits = FALSE))
    if (identical(env, globalenv())) return(NULL)
    env <- parent.env(env)
  }
  NULL
}

# The variables that R can tell by itself, in the service's order; NULL for a string.
variables_of <- function(f) {
  if (f$kind == "string") return(NULL)
  if (f$kind == "function") {
    f <- f$source
    if (is.primitive(f)) return(setdiff(names(formals(args(f))), c("...", "base")))
    return(setdiff(names(formals(f)), c("...", names(constant_defaults(f)))))
  }
  setdiff(all.vars(parse(text = f$text, keep.source = FALSE)), c("pi", names(f$data)))
}

#' @export
format.secant_function <- function(x, ...) x$text

#' @export
print.secant_function <- function(x, ...) {
  cat(x$text, "\n", sep = "")
  used <- names(x$data)[names(x$data) %in% names_of(x, x$text)]
  if (length(used)) cat("data: ", toString(used), "\n", sep = "")
  invisible(x)
}

#' @export
as.character.secant_function <- function(x, ...) x$text

#' The R function of a function for the service
#'
#' @param x A [sec_function()].
#' @param connection For a string: the server that computes its values. R never runs a text.
#' @param ... Not used.
#' @returns A function of the variables. What was written in R is R's own function; a string becomes one
#'   that asks the server for all values in one call.
#' @export
#' @examples
#' as.function(sec_function(~ x^2))(3)
as.function.secant_function <- function(x, ..., connection = NULL) {
  if (x$kind == "function") return(x$source)
  if (x$kind == "string") {
    f <- x
    return(function(...) evaluate(f, list(...), connection = connection))
  }
  code <- parse_text(x$text)
  if (is.call(code) && identical(code[[1L]], quote(`~`))) code <- code[[length(code)]]
  values <- lapply(x$data, force)
  env <- list2env(as.list(values), parent = if (is.null(x$env)) parent.frame() else x$env)
  variables <- variables_of(x)
  as.function(c(stats::setNames(rep(list(quote(expr = )), length(variables)), variables), list(code)), envir = env)
}
