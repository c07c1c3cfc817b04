#' A function for the service
#'
#' All functions of this package accept a function in any of the forms below. You need `sec_function()` only to store data
#' or a notation with it, to print it or to plot it. Answers have the same type as the argument: a string for a string, a
#' call for a call or a formula, an expression for an expression, a function for a function.
#'
#' @param f One of
#'   * a formula, `~ x^2 + 2*x*y`;
#'   * a function, `function(x, y) x^2 + 2*x*y`; numbers and functions from its environment that it uses are sent with it;
#'   * a call, `quote(x^2)`, or an expression, `expression(x^2)`; an expression with several entries is a vector function;
#'   * a string in R or Python notation, `"x^2"`, `"x**2"`, `"lambda x: x**2"`, or several lines with assignments before
#'     the formula; several strings are a vector function;
#'   * an answer of this package: the derivative of a full answer or of [sec_explain()], the line of [tangent()], the polynomial of
#'     [sec_taylor()].
#' @param data A data frame or a list of named vectors and matrices that `f` may use. Their names are not variables. Only
#'   those that occur in `f` are sent.
#' @param shapes A named list of the shapes of variables: a length, `c("n", 3)`, or a text such as "n x 3" or
#'   "symmetric n x n"; a length is a number or a name. A variable without a shape has that of its value at the point, or
#'   the one that its use in `f` implies.
#' @param notation The notation of a string: "r" or "python" where they differ, "textbook" (`"2x + sin x"`) or "latex"
#'   (`"\\frac{1}{x}"`). `NULL`: R and Python are accepted.
#' @param data_set The name of a data set of the server; `f` is then the value of one row, see [descend()].
#' @returns An object of class `secant_function`, with methods for `format()`, `print()`, `as.function()` and
#'   [plot()][plot.secant_function].
#' @export
#' @examples
#' f <- sec_function(~ x^2 + 2*x*y)
#' f
#' as.function(f)(x = 1, y = 2)
#' sec_function(~ sum((dist - a - b * speed)^2), data = cars)
#' sec_function(~ t(x) %*% A %*% x, shapes = list(A = "symmetric n x n"))
sec_function <- function(f, data = NULL, notation = NULL, shapes = NULL, data_set = NULL) {
  if (inherits(f, "secant_function")) {
    if (!is.null(data)) f$data <- check_data(data)
    if (!is.null(shapes)) f$shapes <- as.list(shapes)
    if (!is.null(data_set)) f$data_set <- data_set
    if (!is.null(notation)) f$notation <- notation
    return(f)
  }
  if (!is.null(notation) && !tolower(notation) %in% c("r", "python", "textbook", "latex")) {
    stop_argument(sprintf("notation must be r, python, textbook or latex; got %s", sQuote(notation, FALSE)), "notation")
  }
  if (inherits(f, c(FUNCTIONS_WITHIN, NO_FUNCTIONS))) return(function_within(f, data, notation, shapes, data_set))
  structure(class = "secant_function", c(
    kind_of(f),
    list(source = f, data = check_data(data), notation = if (is.character(f)) notation else "r", shapes = as.list(shapes),
         data_set = data_set)
  ))
}

# The text, the kind and the environment of a caller's function.
kind_of <- function(f) {
  if (inherits(f, "formula")) return(list(text = deparse_text(without_attributes(f)), kind = "call", env = environment(f)))
  if (is.function(f)) return(list(text = function_text(f), kind = "function", env = environment(f)))
  if (is.matrix(f) && is.character(f)) {
    return(list(text = sprintf("rbind(%s)", toString(apply(f, 1L, vector_text))), kind = "string", env = NULL))
  }
  if (is.character(f) && length(f)) return(list(text = vector_text(enc2utf8(f)), kind = "string", env = NULL))
  # A list of formulas is a vector function.
  if (is.list(f) && length(f) && all(vapply(f, function(part) inherits(part, "formula") || is.call(part), NA))) {
    f <- as.expression(lapply(f, function(part) if (inherits(part, "formula")) part[[length(part)]] else part))
  }
  if (is.expression(f) && length(f)) {
    return(list(text = vector_text(vapply(as.list(f), deparse_text, "")), kind = "expression", env = NULL))
  }
  if (is.call(f) || is.name(f) || (is.numeric(f) && length(f) == 1L)) {
    return(list(text = deparse_text(f), kind = "call", env = NULL))
  }
  advice <- if (is.list(f) && length(f)) "\nfor a vector function write c(\"x^2\", \"x*y\"), ~ c(x^2, x*y) or expression(x^2, x*y)"
  stop_argument(sprintf("a function must be a formula, function, call, expression or string; got %s%s", class(f)[1L],
                        if (is.null(advice)) "" else advice), "expression")
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
    stop_argument("data must be a data frame or a list of named vectors and matrices", "expression.data")
  }
  as.list(data)
}

# The message of a function; `bound` are names that are variables of the call.
expression_message <- function(f, bound = NULL) {
  text <- f$text
  data <- f$data
  if (f$kind == "function" && !is.primitive(f$source)) {
    own <- captured(f$source, c(bound, names(data)))
    constant <- constant_defaults(f$source)
    text <- paste(c(own$setup, deparse_text(without_defaults(f$source, names(constant), bound))), collapse = "\n")
    data <- c(data, own$values, constant[setdiff(names(constant), bound)])
  }
  data <- columns_of_frames(data, text)
  if (length(data)) data <- data[sub("[$].*", "", names(data)) %in% names_of(f, text)]
  proto("Expression", text = text, notation = enum_number("Notation", f$notation), data = columns_message(data),
        shapes = shapes_message(if (length(f$shapes)) f$shapes), data_set = f$data_set)
}

# Data with the columns of data frames and lists of which the text uses columns: dat$y. One that is used as a whole is a matrix.
columns_of_frames <- function(data, text) {
  if (!length(data)) return(data)
  frames <- vapply(names(data), function(name) is.list(data[[name]]) && uses_members(name, text), NA)
  if (!any(frames)) return(data)
  whole <- data[!frames]
  for (name in names(data)[frames]) {
    columns <- Filter(function(column) is.numeric(column) || is.logical(column), as.list(data[[name]]))
    used <- vapply(names(columns), function(column) has_word(column, text), NA)
    whole[paste0(name, "$", names(columns)[used], recycle0 = TRUE)] <- columns[used]
  }
  whole
}

# Whether a text uses the elements of a list: dat$y, dat[["y"]], with(dat, ...).
uses_members <- function(name, text) {
  quoted <- paste0("\\Q", name, "\\E")
  pattern <- paste0("(?<![\\w.$])", quoted, "\\s*(\\$|\\[\\[?\\s*[\"'])|\\bwith\\(\\s*(as\\.list\\(\\s*)?", quoted, "(?![\\w.])")
  grepl(pattern, text, perl = TRUE)
}

has_word <- function(word, text) grepl(paste0("(?<![\\w.])\\Q", word, "\\E(?![\\w.])"), text, perl = TRUE)

names_of <- function(f, text) {
  # Letters side by side and subscripts: only the service finds the names.
  if (isTRUE(tolower(f$notation) %in% c("textbook", "latex"))) return(sub("[$].*", "", names(f$data)))
  if (f$kind == "string") return(names_in_text(text))
  unique(unlist(lapply(as.list(parse(text = text, keep.source = FALSE)), all.names)))
}

# Parameters whose default is a number. The service would replace the parameter by the number, but an R function must keep
# the name. Therefore such a parameter is sent as data, or as a variable if it is bound.
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

# What a closure uses from its environment: numbers and columns of data frames as values, and closures as assignments
# before it.
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
        values[[name]] <<- if (is.matrix(found)) found else as.numeric(found)
      } else if (is.list(found)) {
        for (column in intersect(names(found), words_of(body(f)))) {
          if (is.numeric(found[[column]]) || is.logical(found[[column]])) {
            values[[paste0(name, "$", column)]] <<- as.numeric(found[[column]])
          }
        }
      }
    }
  }
  visit(f)
  list(setup = setup, values = values)
}

# The names and strings in code: df$v, df[["v"]], df[, "v"].
words_of <- function(code) {
  if (is.character(code)) return(code)
  if (is.name(code)) return(as.character(code))
  if (is.call(code) || is.pairlist(code)) unique(unlist(lapply(as.list(code), words_of)))
}

# The value of a name in the environments of a function up to the user's workspace, without packages.
own_value <- function(name, env) {
  while (!is.null(env) && !identical(env, emptyenv()) && !isNamespace(env) && !identical(env, baseenv())) {
    if (exists(name, env, inherits = FALSE)) return(get(name, env, inherits = FALSE))
    if (identical(env, globalenv())) return(NULL)
    env <- parent.env(env)
  }
  NULL
}

# The variables of a function in the service's order; NULL for a string, which only the service parses.
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

#' Convert a function for the service to an R function
#'
#' @param x A [sec_function()].
#' @param connection The connection to use for a string, whose values the server computes. R never executes a string.
#' @param ... Not used.
#' @returns An R function of the variables. For R code it runs in R; for a string it requests all values from the server
#'   in one call.
#' @export
#' @examples
#' as.function(sec_function(~ x^2))(3)
as.function.secant_function <- function(x, ..., connection = NULL) {
  if (x$kind == "function") return(x$source)
  if (x$kind == "string") {
    f <- x
    return(function(...) sec_evaluate(f, list(...), connection = connection))
  }
  code <- parse_text(x$text)
  if (is.call(code) && identical(code[[1L]], quote(`~`))) code <- code[[length(code)]]
  values <- lapply(x$data, force)
  env <- list2env(as.list(values), parent = if (is.null(x$env)) parent.frame() else x$env)
  variables <- variables_of(x)
  as.function(c(stats::setNames(rep(list(quote(expr = )), length(variables)), variables), list(code)), envir = env)
}
