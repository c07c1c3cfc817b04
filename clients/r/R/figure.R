#' A figure drawn by the server
#'
#' An image as SVG or PNG, the same bytes for the same request in every language. R's own graphics are drawn by the
#' `plot()` methods.
#'
#' @inheritParams differentiate
#' @param f A function of one or two variables (for "area" a vector function of two).
#' @param kind What is drawn, with its own details in `...`:
#'   * "curve": `tangents_at`, `arrows`;
#'   * "secant", secants turning into the tangent: `at`, `steps`;
#'   * "taylor", polynomials of several orders: `at`, `orders`;
#'   * "surface": `arrows`, `at`, `slice_variable`;
#'   * "contour": `arrows`, `levels`;
#'   * "descent": `start` and other arguments of [descend()];
#'   * "error" of difference schemes over h: `at`, `schemes`;
#'   * "area", what a Jacobian makes of the unit square: `at`.
#' @param ... Details of the kind. `arrows` are "gradient" or "negative_gradient".
#' @param ranges The axes, an interval for each variable: `list(x = c(-1, 3))`. `NULL`: chosen around the point.
#' @param format "svg" or "png".
#' @param width,height In pixels at 96 per inch. 0: 640 and 480.
#' @returns An object of class `secant_figure`: a list of `image` (raw), `media_type`, `description` (what is to be seen,
#'   in words) and `notices`. [save_figure()] writes it; in a knitr document it shows itself.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Plot" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' figure(~ x^3 - 3*x^2 + x, tangents_at = c(0, 1), ranges = list(x = c(-0.9, 2.9)))
figure <- function(f, kind = "curve", ..., ranges = NULL, format = "svg", width = 0, height = 0, data = NULL,
                   connection = NULL) {
  f <- sec_function(f, data)
  details <- list(...)
  if (identical(kind, "descent")) details <- list(request = descent_details(f, details))
  reply <- call_unary(connection_of(connection), "Plot", do.call(proto, c(list(
    "PlotRequest",
    expression = expression_message(f, names(ranges)),
    ranges = bounds(ranges, "ranges"),
    format = enum_number("ImageFormat", format),
    width = as.integer(width),
    height = as.integer(height)
  ), member_of("PlotRequest", "figure", kind, details))))
  tell_notices(reply$notices)
  structure(class = "secant_figure", list(
    image = reply$image, media_type = reply$media_type, description = utf8(reply$description), notices = utf8(reply$notices)
  ))
}

# The arguments of descend() as a message; PlotRequest's expression holds for both.
descent_details <- function(f, details) {
  known <- c("start", "method", "rate", "maximize", "max_steps", "tolerance", "trace_every", "bounds", "starts")
  given <- details[intersect(known, names(details))]
  defaults <- list(method = NULL, rate = NULL, maximize = FALSE, max_steps = 0, tolerance = NULL, trace_every = 0,
                   bounds = NULL, starts = NULL)
  arguments <- c(given, defaults[setdiff(names(defaults), names(given))],
                 list(f = f, settings = details[setdiff(names(details), known)], standard_errors = FALSE, expression = NULL))
  do.call(descend_request, arguments)
}

#' Write a figure to a file
#'
#' @param x What [figure()] returned.
#' @param file A file's name. `NULL`: a temporary one with the right ending.
#' @returns The file's name, invisibly.
#' @export
save_figure <- function(x, file = NULL) {
  if (is.null(file)) file <- tempfile(fileext = if (x$media_type == "image/png") ".png" else ".svg")
  writeBin(x$image, file)
  invisible(file)
}

#' @export
format.secant_figure <- function(x, ...) {
  c(sprintf("<%s, %d bytes>", x$media_type, length(x$image)), strwrap(x$description, 80))
}

#' @export
print.secant_figure <- function(x, ...) print_lines(x, ...)

# Called by knitr where a figure is a chunk's value.
knit_print.secant_figure <- function(x, ...) {
  file <- save_figure(x, knitr::fig_path(if (x$media_type == "image/png") ".png" else ".svg"))
  knitr::include_graphics(file)
}
