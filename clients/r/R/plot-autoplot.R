#' Plots of results with ggplot2
#'
#' Methods for `autoplot()` of the package ggplot2. They draw the same as the methods of [plot()][plot.secant_function] and
#' return an object that ggplot2's functions change further.
#'
#' @param object A [sec_function()] of one or two variables, or a result of [descend()], [sec_taylor()], [tangent()] or
#'   [approximate()] with `sweep = TRUE`.
#' @param xlim,ylim Ranges of the first and the second variable. `NULL`: chosen around the point or the path.
#' @param n Number of points along each axis.
#' @param ... Not used.
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns An object of class `ggplot`.
#' @inheritSection differentiate Errors
#' @name autoplot.secant
#' @examplesIf secant::secant_available() && requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(descend(~ x^2 + 2*y^2, c(x = 1.03, y = 1.6), rate = 0.1))
NULL

#' @rdname autoplot.secant
#' @exportS3Method ggplot2::autoplot
autoplot.secant_function <- function(object, xlim = c(-1, 1), ylim = xlim, n = 201, ..., connection = NULL) {
  variables <- plot_variables(object, connection)
  title <- plot_title(object)
  if (length(variables) == 1L) {
    return(curve_layer(curve_of(object, variables, xlim, n, connection), variables, title))
  }
  contour_layer(plot_grid(object, variables, xlim, ylim, min(n, 201), connection), variables, title)
}

#' @rdname autoplot.secant
#' @exportS3Method ggplot2::autoplot
autoplot.secant_trace <- function(object, xlim = NULL, ylim = NULL, n = 201, ..., connection = NULL) {
  variables <- trace_variables(object)
  steps <- as.data.frame(object)
  scene <- trace_scene(object, variables, xlim, ylim, n, connection)
  title <- trace_title(object)
  if (is.null(scene)) {
    data <- data.frame(x = steps$number, y = steps$value)
    return(ggplot2::ggplot(data, aes_of("x", "y")) + ggplot2::geom_line(colour = PATH) +
             ggplot2::labs(x = "step", y = "f", title = title))
  }
  path <- data.frame(x = steps[[variables[1L]]], y = if (length(variables) == 1L) steps$value else steps[[variables[2L]]])
  base <- if (length(variables) == 1L) curve_layer(scene, variables, title) else contour_layer(scene, variables, title)
  base + ggplot2::geom_path(data = path, mapping = aes_of("x", "y"), colour = PATH) +
    ggplot2::geom_point(data = path, mapping = aes_of("x", "y"), colour = PATH, size = 0.8) +
    ggplot2::geom_point(data = path[c(1L, nrow(path)), ], mapping = aes_of("x", "y"), colour = PATH, size = 2.5, shape = c(1, 19))
}

#' @rdname autoplot.secant
#' @exportS3Method ggplot2::autoplot
autoplot.secant_taylor <- function(object, xlim = NULL, n = 201, ..., connection = NULL) {
  beside_layer(object, xlim, n, connection)
}

#' @rdname autoplot.secant
#' @exportS3Method ggplot2::autoplot
autoplot.secant_tangent <- function(object, xlim = NULL, n = 201, ..., connection = NULL) {
  beside_layer(object, xlim, n, connection)
}

#' @rdname autoplot.secant
#' @exportS3Method ggplot2::autoplot
autoplot.secant_approximation <- function(object, ...) {
  shown <- sweep_shown(object)
  best <- best_of(object, shown)
  ggplot2::ggplot(shown, aes_of("step", "error")) + ggplot2::geom_line() + ggplot2::geom_point(size = 0.8) +
    ggplot2::geom_point(data = best, colour = PATH, size = 2.5) +
    ggplot2::scale_x_log10() + ggplot2::scale_y_log10() +
    ggplot2::labs(x = "h", y = "error", title = sweep_title(object))
}

aes_of <- function(x, y) ggplot2::aes(x = .data[[x]], y = .data[[y]])

# The pronoun of ggplot2's aes(), which the check of the code would miss.
utils::globalVariables(".data")

curve_layer <- function(curve, variables, title) {
  ggplot2::ggplot(data.frame(x = curve$x, y = curve$f), aes_of("x", "y")) + ggplot2::geom_line(na.rm = TRUE) +
    ggplot2::labs(x = variables, y = "f", title = title)
}

contour_layer <- function(grid, variables, title) {
  data <- data.frame(x = rep(grid$x, times = length(grid$y)), y = rep(grid$y, each = length(grid$x)), z = as.vector(grid$z))
  ggplot2::ggplot(data, aes_of("x", "y")) +
    ggplot2::geom_contour(ggplot2::aes(z = .data[["z"]], colour = ggplot2::after_stat(.data[["level"]])),
                          breaks = contour_levels(grid$z), na.rm = TRUE) +
    ggplot2::labs(x = variables[1L], y = variables[2L], colour = "f", title = title)
}

beside_layer <- function(x, xlim, n, connection) {
  drawn <- beside(x, xlim, n, connection)
  at <- x$at[[1L]]
  point <- data.frame(x = at, f = as.function(x)(at))
  names <- c("f", beside_name(x))
  long <- data.frame(x = rep(drawn$x, 2L), f = c(drawn$f, drawn$beside), of = factor(rep(names, each = nrow(drawn)), names))
  ggplot2::ggplot(long, aes_of("x", "f")) +
    ggplot2::geom_line(ggplot2::aes(colour = .data[["of"]], linetype = .data[["of"]]), na.rm = TRUE) +
    ggplot2::geom_point(data = point, colour = PATH, size = 2.5) +
    ggplot2::scale_colour_manual(values = c("black", PATH)) +
    # A polynomial leaves the picture where it is far from f.
    ggplot2::coord_cartesian(ylim = grDevices::extendrange(drawn$f[is.finite(drawn$f)], f = 0.3)) +
    ggplot2::labs(x = x$variables, y = "f", colour = NULL, linetype = NULL, title = plot_title(x$f))
}
