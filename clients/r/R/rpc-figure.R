#' Draw a figure on the server
#'
#' Returns an image as SVG, PNG, PDF or, if it moves, GIF. The same request returns the same bytes in every client. The `plot()` methods draw with
#' R's own graphics instead.
#'
#' @inheritParams differentiate
#' @param f A function of one or two variables (for "area", a vector function of two variables).
#' @param kind The kind of figure. Each kind has its own details in `...`:
#'   * "curve", a curve with tangents: `tangents_at`, `arrows`;
#'   * "secant", secants that approach the tangent: `at`, `steps`;
#'   * "taylor", Taylor polynomials of several orders: `at`, `orders`;
#'   * "surface", a surface over two variables: `arrows`, `at`, `slice_variable`;
#'   * "contour", contour lines of two variables: `arrows`, `levels`;
#'   * "descent", the path of a descent: `start` and other arguments of [descend()];
#'   * "error", the error of difference schemes over h: `at`, `schemes`;
#'   * "area", the image of the unit square under the Jacobian: `at`.
#' @param ... Details of the kind. `arrows` is "gradient" (uphill) or "negative_gradient" (downhill).
#' @param ranges The range of each axis, by variable: `list(x = c(-1, 3))`. `NULL`: chosen around the point.
#' @param format "svg", "png", "pdf" or, with `animate`, "gif".
#' @param width,height Width and height in pixels at 96 per inch. 0: 640 and 480.
#' @param animate Whether to show it step by step, again and again: secants that become the tangent, or a descent as it goes. For
#'   "secant" and "descent", as SVG or GIF.
#' @param theme "light" or "dark". `NULL`: "light".
#' @returns An object of class `secant_figure`: a list of `image` (raw), `media_type`, `description` (a description of the
#'   image in words) and `notices`. [save_figure()] writes it to a file; knitr documents show it.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf "Plot" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' figure(~ x^3 - 3*x^2 + x, tangents_at = c(0, 1), ranges = list(x = c(-0.9, 2.9)))
figure <- function(f, kind = "curve", ..., ranges = NULL, format = "svg", width = 0, height = 0, data = NULL,
                   connection = NULL, animate = FALSE, theme = NULL) {
  f <- sec_function(f, data)
  details <- list(...)
  if (identical(kind, "descent")) details <- list(request = descent_details(f, details))
  reply <- call_unary(connection_of(connection), "Plot", do.call(proto, c(list(
    "PlotRequest",
    expression = expression_message(f, names(ranges)),
    ranges = bounds(ranges, "ranges"),
    format = enum_number("ImageFormat", format),
    width = as.integer(width),
    height = as.integer(height),
    animate = animate,
    theme = enum_number("Theme", theme)
  ), member_of("PlotRequest", "figure", kind, details))))
  signal_notices(reply$notices)
  structure(class = "secant_figure", list(
    image = reply$image, media_type = reply$media_type, description = utf8(reply$description), notices = utf8(reply$notices)
  ))
}

# The arguments of descend() as a message without the expression, which PlotRequest has.
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
#' @param x A result of [figure()].
#' @param file The path of the file. `NULL`: a temporary file with the right extension.
#' @returns The path of the file, invisibly.
#' @export
save_figure <- function(x, file = NULL) {
  if (is.null(file)) file <- tempfile(fileext = image_ending(x))
  writeBin(x$image, file)
  invisible(file)
}

# The ending of the file of a figure.
image_ending <- function(x) {
  switch(x$media_type, "image/png" = ".png", "image/gif" = ".gif", "application/pdf" = ".pdf", ".svg")
}

#' @export
format.secant_figure <- function(x, ...) {
  c(sprintf("<%s, %d bytes>", x$media_type, length(x$image)), strwrap(x$description, 80))
}

#' @export
print.secant_figure <- function(x, ...) print_lines(x, ...)

# Called by knitr for a figure that is the value of a chunk.
knit_print.secant_figure <- function(x, ...) {
  file <- save_figure(x, knitr::fig_path(image_ending(x)))
  knitr::include_graphics(file)
}
