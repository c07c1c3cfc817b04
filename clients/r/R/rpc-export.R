#' Generate code that computes a function and its derivatives without the service
#'
#' In R, the generated function returns its value with the attributes `gradient`, a matrix with one column for each
#' variable, and `hessian`, as in [stats::deriv()]; [stats::nls()] and [stats::nlm()] use them. Data columns are arguments.
#'
#' @inheritParams sec_gradient
#' @param variables The order of the generated function's arguments. `NULL`: as for [sec_gradient()].
#' @param notations Languages of the code: any of "r", "python", "latex", "c", "javascript", "julia", "stan" and "sql". `NULL`:
#'   that of `f`.
#' @param order Highest order of derivatives: 0 `f` only, 1 also the gradient, 2 also the Hessian.
#' @param name The name of the generated function; it must not be a reserved word of one of the languages.
#' @param table SQL: the name of the table, also with its schema: "main.points". `NULL`: "data".
#' @param dialect SQL: "duckdb", "postgresql" or "spark". `NULL`: DuckDB.
#' @param columns The names of `f` that are columns of the table; all others are parameters of the query. `NULL`: the columns of
#'   `data`; without data all names except `variables`, or all names if that leaves none.
#' @param keep SQL: columns of the table that the result contains, too, if `f` has a value for each row.
#' @param plain_sums SQL: add with the plain `sum` of the database, which is faster, without compensating the rounding.
#' @returns A named character vector of class `secant_code` with the source code of a file for each language. The attribute
#'   `file_names` has the usual names of the files, `parameters` and `columns` those of the parameters of SQL and of the columns
#'   that it reads. `writeLines()` writes the code.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Export" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_export(~ x^2 + 2 * y^2)
#' sec_export(~ x^2 + 2 * y^2, notations = "c", order = 0)
#' points <- list(x = c(1, 2, 3), y = c(2, 4, 5))
#' code <- sec_export(~ sum((y - a - b * x)^2), data = points, name = "rss")
#' eval(parse(text = code[["r"]]))
#' nlm(function(p) rss(p[1], p[2], points$y, points$x), c(0, 0))$estimate
#' sec_export(~ sum((y - a - b * x)^2), c("a", "b"), "sql", columns = c("x", "y"), table = "points")
sec_export <- function(f, variables = NULL, notations = NULL, order = 1, name = "f", data = NULL, shapes = NULL,
                   table = NULL, dialect = NULL, columns = NULL, keep = NULL, plain_sums = FALSE,
                   connection = NULL) {
  f <- sec_function(f, data, shapes = shapes)
  reply <- call_unary(connection_of(connection), "Export", proto("ExportRequest",
    expression = expression_message(f, variables),
    variables = names_message(variables),
    notations = notation_numbers(f, notations),
    order = whole_number(order, "order"),
    name = enc2utf8(name),
    table = if (!is.null(table)) enc2utf8(table),
    dialect = enum_number("SqlDialect", dialect),
    columns = names_message(columns, "columns"),
    keep = names_message(keep, "keep"),
    plain_sums = plain_sums
  ))
  signal_notices(reply$notices)
  languages <- tolower(upper_name("Notation", vapply(reply$codes, function(code) as.integer(code$notation), 0L)))
  structure(
    class = "secant_code", stats::setNames(texts_of(reply$codes), languages),
    file_names = utf8(vapply(reply$codes, function(code) code$file_name, "")),
    variables = utf8(reply$variables),
    parameters = utf8(unlist(lapply(reply$codes, function(code) code$parameters))),
    columns = utf8(unlist(lapply(reply$codes, function(code) code$columns)))
  )
}

#' @export
format.secant_code <- function(x, ...) {
  texts <- sub("\n+$", "", unclass(x))
  if (length(texts) == 1L) return(unname(texts))
  unname(as.vector(rbind(paste0("---- ", names(x)), texts)))
}

#' @export
print.secant_code <- function(x, ...) print_lines(x, ...)
