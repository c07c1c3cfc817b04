#' Describe the server
#'
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns A list of class `secant_description`: `version`, `methods`, `notations`, `witnesses` (the methods that
#'   [sec_check()] can use), `back_ends` (the libraries that compute numbers), `constants`, `engine` (what adds the rows of data
#'   sets: "" for the server itself, or "dask"), and the data frames `data_sets` (`name`, `columns`, `rows`), `functions` (see
#'   [secant_functions()]), `limits` (`name`, `value`, `unit`, `reason`), `descent_methods` (`name`, `summary`, `bounded`:
#'   whether it supports bounds) and `descent_settings` (`method`, `name`, `meaning`, `range`, `default_value`).
#' @section Errors: `secant_unavailable` if no server answers; see [secant_error].
#' @export
#' @examplesIf secant::secant_available()
#' sec_describe()
#' head(sec_describe()$functions)
#' subset(sec_describe()$descent_settings, method == "adam")
sec_describe <- function(connection = NULL) {
  reply <- call_unary(connection_of(connection), "Describe", proto("DescribeRequest"))
  text <- function(rows, field) utf8(vapply(rows, function(row) paste(row[[field]], collapse = ", "), ""))
  settings <- do.call(c, lapply(reply$descent_methods, function(method) as.list(method$settings)))
  structure(class = "secant_description", list(
    version = reply$version,
    methods = utf8(reply$methods),
    notations = tolower(upper_name("Notation", reply$notations)),
    witnesses = utf8(reply$witnesses),
    back_ends = utf8(reply$back_ends),
    constants = utf8(reply$constants),
    data_sets = data.frame(
      name = text(reply$data_sets, "name"), columns = text(reply$data_sets, "columns"),
      rows = vapply(reply$data_sets, function(set) as.numeric(set$rows), 0)
    ),
    engine = reply$engine,
    functions = data.frame(
      name = text(reply$functions, "name"), aliases = text(reply$functions, "aliases"),
      parameters = text(reply$functions, "parameters"), summary = text(reply$functions, "summary"),
      derivatives = I(lapply(reply$functions, function(row) utf8(as.character(row$derivatives)))),
      unknown = text(reply$functions, "unknown"), source = text(reply$functions, "source")
    ),
    limits = data.frame(
      name = text(reply$limits, "name"), value = vapply(reply$limits, function(limit) limit$value, 0),
      unit = text(reply$limits, "unit"), reason = text(reply$limits, "reason")
    ),
    descent_methods = data.frame(
      name = text(reply$descent_methods, "name"), summary = text(reply$descent_methods, "summary"),
      bounded = vapply(reply$descent_methods, function(method) method$bounded, NA)
    ),
    descent_settings = data.frame(
      method = rep(text(reply$descent_methods, "name"), vapply(reply$descent_methods, function(m) length(m$settings), 0L)),
      name = text(settings, "name"), meaning = text(settings, "meaning"), range = text(settings, "range"),
      default_value = vapply(settings, function(setting) setting$default_value, 0)
    )
  ))
}

#' @export
format.secant_description <- function(x, ...) {
  lines <- c(
    paste("Secant", x$version),
    paste("methods:", toString(x$methods)),
    paste("notations:", toString(x$notations)),
    paste("witnesses:", toString(x$witnesses)),
    paste("back ends:", toString(x$back_ends)),
    paste("constants:", toString(x$constants)),
    if (nrow(x$data_sets)) paste("data sets:", toString(x$data_sets$name)),
    sprintf("$limits: a data frame of %d limits", nrow(x$limits)),
    sprintf("$descent_methods, $descent_settings: data frames of %d methods of descend() and their settings",
            nrow(x$descent_methods)),
    sprintf("$functions: a data frame of %d functions", nrow(x$functions))
  )
  unlist(lapply(lines, strwrap, width = 80, exdent = 2))
}

#' @export
print.secant_description <- function(x, ...) print_lines(x, ...)

#' List the functions of the language
#'
#' @inheritParams sec_describe
#' @param word A word to search for in names, aliases and summaries. `NULL`: all functions.
#' @returns A data frame with one row for each function: `name`, `aliases`, `parameters`, `summary`, `derivatives` (a list:
#'   the derivative with respect to each parameter that is not a flag, `""` if not known), `unknown` (why a derivative is
#'   not known) and `source` (the source of the formulas). `print()` shows the calls and summaries.
#' @inheritSection sec_describe Errors
#' @export
#' @examplesIf secant::secant_available()
#' secant_functions("normal")
#' secant_functions("softplus")$derivatives
secant_functions <- function(word = NULL, connection = NULL) {
  found <- sec_describe(connection)$functions
  class(found) <- c("secant_functions", "data.frame")
  if (is.null(word)) return(found)
  matches <- function(column) grepl(tolower(word), tolower(column), fixed = TRUE)
  found[matches(found$name) | matches(found$aliases) | matches(found$summary), ]
}

# A part with other columns prints as a data frame does.
#' @export
format.secant_functions <- function(x, ...) {
  if (!all(c("name", "parameters", "summary") %in% names(x))) return(utils::capture.output(print(as.data.frame(x))))
  if (!nrow(x)) return("no functions")
  call <- sprintf("%s(%s)", x$name, x$parameters)
  width <- min(max(nchar(call)), 40L)
  shown <- utils::head(seq_along(call), 30L)
  c(unlist(lapply(shown, function(i) {
    line <- formatC(call[i], width = -width)
    if (nchar(call[i]) > width) c(line, paste0(strrep(" ", width + 2L), x$summary[i])) else paste0(line, "  ", x$summary[i])
  })), if (length(call) > length(shown)) sprintf("... %d more; search for a word: secant_functions(\"normal\")", length(call) - length(shown)))
}

#' @export
print.secant_functions <- function(x, ...) print_lines(x, ...)

#' @export
as.data.frame.secant_functions <- function(x, ...) {
  class(x) <- "data.frame"
  x
}
