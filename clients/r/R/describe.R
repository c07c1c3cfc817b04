#' What the server is and can do
#'
#' @param connection A connection; `NULL`: that of the option, see [secant_connect()].
#' @returns A list of class `secant_description`: `version`, `methods`, `notations`, `witnesses`, `back_ends`,
#'   `constants`, and the data frames `functions` (`name`, `parameters`, `summary`) and `limits` (`name`, `value`,
#'   `unit`, `reason`).
#' @export
#' @examplesIf secant::secant_available()
#' describe()
#' head(describe()$functions)
describe <- function(connection = NULL) {
  reply <- call_unary(connection_of(connection), "Describe", proto("DescribeRequest"))
  text <- function(rows, field) utf8(vapply(rows, function(row) paste(row[[field]], collapse = ", "), ""))
  structure(class = "secant_description", list(
    version = reply$version,
    methods = utf8(reply$methods),
    notations = tolower(told("Notation", reply$notations)),
    witnesses = utf8(reply$witnesses),
    back_ends = utf8(reply$back_ends),
    constants = utf8(reply$constants),
    functions = data.frame(
      name = text(reply$functions, "name"), aliases = text(reply$functions, "aliases"),
      parameters = text(reply$functions, "parameters"), summary = text(reply$functions, "summary")
    ),
    limits = data.frame(
      name = text(reply$limits, "name"), value = vapply(reply$limits, function(limit) limit$value, 0),
      unit = text(reply$limits, "unit"), reason = text(reply$limits, "reason")
    )
  ))
}

#' @export
format.secant_description <- function(x, ...) {
  lines <- c(
    paste("Secant", x$version),
    paste("answers", toString(x$methods)),
    paste("reads and writes", toString(x$notations)),
    paste("witnesses", toString(x$witnesses)),
    paste("numbers by", toString(x$back_ends)),
    sprintf("%d functions, see $functions; %d limits, see $limits", nrow(x$functions), nrow(x$limits))
  )
  unlist(lapply(lines, strwrap, width = 80, exdent = 2))
}

#' @export
print.secant_description <- function(x, ...) print_lines(x, ...)
