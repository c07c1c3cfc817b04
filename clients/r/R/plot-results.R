# Plots of results: a path on contours, Taylor polynomials, a tangent, an error over h.

#' Plot a descent
#'
#' Draws the path on the curve of a function of one variable or on the contours of a function of two variables; for more
#' variables, the value over the steps. Uses base graphics; one call to the server computes the values.
#'
#' @param x A result of [descend()].
#' @param y Not used.
#' @param xlim,ylim Ranges of the axes. `NULL`: chosen around the path.
#' @param n Number of points along each axis.
#' @param col The colour of the path.
#' @param ... Arguments of [graphics::contour()] or [graphics::plot()].
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns `x`, invisibly.
#' @export
#' @examplesIf secant::secant_available()
#' plot(descend(~ x^2 + 2*y^2, c(x = 1.03, y = 1.6), rate = 0.1))
plot.secant_trace <- function(x, y = NULL, xlim = NULL, ylim = NULL, n = 81, col = "firebrick", ..., connection = NULL) {
  variables <- trace_variables(x)
  points <- as.data.frame(x)[variables]
  f <- attr(x, "f")
  if (is.null(xlim)) xlim <- around(points[[1L]])
  grid <- if (length(variables) == 2L) {
    if (is.null(ylim)) ylim <- around(points[[2L]])
    # The entries of a whole vector are no axes.
    tryCatch(plot_grid(f, variables, xlim, ylim, n, connection), secant_invalid_argument = function(e) NULL)
  }
  if (length(variables) > 2L || (length(variables) == 2L && is.null(grid))) {
    graphics::plot(x$number, x$value, type = "l", xlab = "step", ylab = "f", col = col, ...)
    return(invisible(x))
  }
  if (is.null(grid)) {
    plot_curve(f, variables, xlim, n, NULL, connection, ...)
    path <- list(points[[1L]], x$value)
  } else {
    graphics::contour(grid$x, grid$y, grid$z, xlab = variables[1L], ylab = variables[2L], col = "grey60", ...)
    path <- list(points[[1L]], points[[2L]])
  }
  graphics::lines(path[[1L]], path[[2L]], type = "o", pch = 20, cex = 0.6, col = col)
  ends <- c(1L, length(path[[1L]]))
  graphics::points(path[[1L]][ends], path[[2L]][ends], pch = c(1, 19), col = col)
  invisible(x)
}

# An interval around values, wider by a fifth on each side; a path without extent gets a fixed width.
around <- function(values) {
  values <- range(values[is.finite(values)])
  width <- diff(values)
  values + c(-0.2, 0.2) * if (width > 0) width else 5
}

#' Plot a Taylor polynomial, a tangent or an approximation
#'
#' @param x A result of [taylor()] or [tangent()] for a function of one variable, or of [approximate()] with
#'   `sweep = TRUE`.
#' @param y Not used.
#' @param xlim Range of the x axis. `NULL`: chosen around the point.
#' @param n Number of points along the x axis.
#' @param ... Arguments of [graphics::plot()].
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns `x`, invisibly.
#' @export
#' @examplesIf "Taylor" %in% tryCatch(secant::describe()$methods, error = function(e) NULL)
#' plot(taylor(~ sin(x) + cos(x), c(x = 0), 5), xlim = c(-4, 4))
plot.secant_taylor <- function(x, y = NULL, xlim = NULL, n = 201, ..., connection = NULL) {
  plot_beside(x, xlim, n, connection, ...)
}

#' @rdname plot.secant_taylor
#' @export
plot.secant_tangent <- function(x, y = NULL, xlim = NULL, n = 201, ..., connection = NULL) {
  plot_beside(x, xlim, n, connection, ...)
}

# Draws the curve of a function and that of its polynomial or tangent.
plot_beside <- function(x, xlim, n, connection, ...) {
  if (length(x$variables) != 1L) stop_argument("plot() needs a function of one variable", "expression")
  if (is.null(xlim)) xlim <- x$at[[1L]] + c(-2, 2)
  drawn <- plot_curve(x$f, x$variables, xlim, n, NULL, connection, ...)
  beside <- as.function(x)(drawn$x)
  graphics::lines(drawn$x, rep_len(beside, nrow(drawn)), col = "firebrick", lty = 2L)
  graphics::points(x$at, as.function(x)(x$at[[1L]]), pch = 19, col = "firebrick")
  invisible(x)
}

#' @rdname plot.secant_taylor
#' @export
plot.secant_approximation <- function(x, y = NULL, ..., xlim = NULL) {
  if (is.null(x$sweep)) stop_argument("there are no errors to plot: call approximate() with sweep = TRUE", "sweep")
  shown <- x$sweep[x$sweep$error > 0 & is.finite(x$sweep$error), ]   # an error of 0 has no logarithm
  graphics::plot(shown$step, shown$error, log = "xy", type = "o", pch = 20, xlab = "h", ylab = "error", xlim = xlim, ...)
  best <- x$sweep[match(x$best_step, x$sweep$step), ]
  graphics::points(best$step, max(best$error, min(shown$error)), pch = 19, col = "firebrick")
  invisible(x)
}
