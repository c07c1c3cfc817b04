#' Find the critical points of a function in a box
#'
#' @inheritParams sec_taylor
#' @param box The interval to search for each variable: `list(x = c(-1, 3))`.
#' @returns A data frame of class `secant_extrema` with a row for each critical point, in ascending order of the
#'   coordinates: the variables, `value`, `nature` ("MINIMUM", "MAXIMUM", "SADDLE" or "") and `exact`, the coordinates as
#'   formulas if they are known. Attributes: `inflections`, a data frame with the same columns; `complete`, whether the list
#'   is proved to contain all critical points in the box; `notices`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Extrema" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_extrema(~ x^3 - 3*x^2 + x, list(x = c(-1, 3)))
sec_extrema <- function(f, box, notations = NULL, data = NULL, connection = NULL) {
  f <- sec_function(f, data)
  reply <- call_unary(connection_of(connection), "Extrema", proto("ExtremaRequest",
    expression = expression_message(f, names(box)), box = bounds(box), notations = notation_numbers(f, notations)
  ))
  signal_notices(reply$notices)
  variables <- utf8(reply$variables)
  structure(
    class = c("secant_extrema", "data.frame"), critical(reply$critical_points, variables),
    inflections = critical(reply$inflections, variables),
    complete = reply$complete,
    notices = utf8(reply$notices)
  )
}

critical <- function(points, variables) {
  coordinate <- function(name) {
    vapply(points, function(point) {
      names <- utf8(vapply(point$point, function(entry) entry$variable, ""))
      point$point[[match(name, names)]]$value
    }, 0)
  }
  columns <- stats::setNames(lapply(variables, coordinate), variables)
  columns$value <- vapply(points, function(point) point$value, 0)
  columns$nature <- upper_name("Nature", vapply(points, function(point) as.integer(point$nature), 0L))
  columns$exact <- vapply(points, function(point) paste(texts_of(point$exact), collapse = ", "), "")
  as.data.frame(columns, optional = TRUE)
}

#' @export
format.secant_extrema <- function(x, ...) {
  plain <- as.data.frame(x)
  if ("exact" %in% names(plain) && !any(nzchar(plain$exact))) plain$exact <- NULL
  inflections <- attr(x, "inflections")
  c(
    if (nrow(plain)) utils::capture.output(print(plain, row.names = FALSE)) else "no critical points",
    if (NROW(inflections)) {
      sprintf("inflections at %s = %s", names(inflections)[1L], paste(vapply(inflections[[1L]], format, ""), collapse = ", "))
    },
    # Part of a data frame that was cut has no such attribute.
    if (isTRUE(attr(x, "complete"))) "The list is complete.",
    if (isFALSE(attr(x, "complete"))) "The list may be incomplete."
  )
}

#' @export
print.secant_extrema <- function(x, ...) print_lines(x, ...)

#' @export
as.data.frame.secant_extrema <- function(x, ...) {
  class(x) <- "data.frame"
  attributes(x) <- attributes(x)[c("names", "class", "row.names")]
  x
}
