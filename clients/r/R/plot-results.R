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
#' @param main The title. `NULL`: the formula and the number of steps.
#' @param ... Arguments of [graphics::contour()] or [graphics::plot()].
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns `x`, invisibly.
#' @export
#' @examplesIf secant::secant_available()
#' plot(descend(~ x^2 + 2*y^2, c(x = 1.03, y = 1.6), rate = 0.1))
plot.secant_trace <- function(x, y = NULL, xlim = NULL, ylim = NULL, n = 201, col = "firebrick", main = NULL, ...,
                              connection = NULL) {
  if (is.null(main)) main <- trace_title(x)
  variables <- trace_variables(x)
  points <- as.data.frame(x)[variables]
  scene <- trace_scene(x, variables, xlim, ylim, n, connection)
  if (is.null(scene)) {
    graphics::plot(x$number, x$value, type = "l", xlab = "step", ylab = "f", col = col, main = main, ...)
    return(invisible(x))
  }
  if (length(variables) == 1L) {
    graphics::plot(scene$x, scene$f, type = "l", xlab = variables, ylab = "f", main = main, ...)
    path <- list(points[[1L]], x$value)
  } else {
    draw_contours(scene, variables, main = main, ...)
    path <- list(points[[1L]], points[[2L]])
  }
  graphics::lines(path[[1L]], path[[2L]], type = "o", pch = 20, cex = 0.6, col = col)
  ends <- c(1L, length(path[[1L]]))
  graphics::points(path[[1L]][ends], path[[2L]][ends], pch = c(1, 19), col = col)
  invisible(x)
}

# The values behind a path: a curve (data frame), a grid (list), or NULL if neither can be drawn.
trace_scene <- function(x, variables, xlim, ylim, n, connection) {
  f <- attr(x, "f")
  points <- as.data.frame(x)[variables]
  if (length(variables) > 2L) return(NULL)
  if (is.null(xlim)) xlim <- around(points[[1L]])
  # The entries of a whole vector are no axes.
  tryCatch({
    if (length(variables) == 1L) return(curve_of(f, variables, xlim, n, connection))
    if (is.null(ylim)) ylim <- around(points[[2L]])
    plot_grid(f, variables, xlim, ylim, n, connection)
  }, secant_invalid_argument = function(e) NULL)
}

trace_title <- function(x) {
  steps <- x$number[nrow(x)]
  sprintf("%s of %s: %d %s", if (isTRUE(attr(x, "maximize"))) "Ascent" else "Descent", plot_title(attr(x, "f"), 45L), steps,
          if (steps == 1L) "step" else "steps")
}

# An interval around values, wider by a fifth on each side; a path without extent gets a fixed width.
around <- function(values) {
  values <- range(values[is.finite(values)])
  width <- diff(values)
  values + c(-0.2, 0.2) * if (width > 0) width else 5
}

#' Plot a Taylor polynomial, a tangent or an approximation
#'
#' @param x A result of [sec_taylor()] or [tangent()] for a function of one variable, or of [approximate()] with
#'   `sweep = TRUE`.
#' @param y Not used.
#' @param xlim Range of the x axis. `NULL`: chosen around the point.
#' @param n Number of points along the x axis.
#' @param main The title. `NULL`: the formula.
#' @param ... Arguments of [graphics::plot()].
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns `x`, invisibly.
#' @export
#' @examplesIf "Taylor" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' plot(sec_taylor(~ sin(x) + cos(x), c(x = 0), 5), xlim = c(-4, 4))
plot.secant_taylor <- function(x, y = NULL, xlim = NULL, n = 201, main = NULL, ..., connection = NULL) {
  plot_beside(x, xlim, n, main, connection, ...)
}

#' @rdname plot.secant_taylor
#' @export
plot.secant_tangent <- function(x, y = NULL, xlim = NULL, n = 201, main = NULL, ..., connection = NULL) {
  plot_beside(x, xlim, n, main, connection, ...)
}

# Draws the curve of a function and that of its polynomial or tangent.
plot_beside <- function(x, xlim, n, main, connection, ..., ylim = NULL) {
  drawn <- beside(x, xlim, n, connection)
  # A polynomial leaves the picture where it is far from f.
  if (is.null(ylim)) ylim <- grDevices::extendrange(drawn$f[is.finite(drawn$f)], f = 0.3)
  graphics::plot(drawn$x, drawn$f, type = "l", xlab = x$variables, ylab = "f", ylim = ylim,
                 main = if (is.null(main)) plot_title(x$f) else main, ...)
  graphics::lines(drawn$x, drawn$beside, col = PATH, lty = 2L)
  graphics::points(x$at, as.function(x)(x$at[[1L]]), pch = 19, col = PATH)
  graphics::legend("topleft", c("f", beside_name(x)), lty = 1:2, col = c("black", PATH), bg = "white", box.lty = 0, inset = 0.01)
  invisible(x)
}

# The values of f and of the polynomial or tangent, a data frame of x, f and beside.
beside <- function(x, xlim, n, connection) {
  if (length(x$variables) != 1L) stop_argument("plot() needs a function of one variable", "expression")
  if (is.null(xlim)) xlim <- x$at[[1L]] + c(-2, 2)
  drawn <- curve_of(x$f, x$variables, xlim, n, connection)
  drawn$beside <- rep_len(as.function(x)(drawn$x), nrow(drawn))
  drawn
}

beside_name <- function(x) if (inherits(x, "secant_taylor")) sprintf("polynomial of order %d", x$order) else "tangent"

#' @rdname plot.secant_taylor
#' @export
plot.secant_approximation <- function(x, y = NULL, ..., xlim = NULL, main = NULL) {
  shown <- sweep_shown(x)
  graphics::plot(shown$step, shown$error, log = "xy", type = "o", pch = 20, xlab = "h", ylab = "error", xlim = xlim,
                 main = if (is.null(main)) sweep_title(x) else main, ...)
  best <- best_of(x, shown)
  graphics::points(best$step, best$error, pch = 19, col = PATH)
  invisible(x)
}

# The errors that have a logarithm.
sweep_shown <- function(x) {
  if (is.null(x$sweep)) stop_argument("there are no errors to plot: call approximate() with sweep = TRUE", "sweep")
  x$sweep[x$sweep$error > 0 & is.finite(x$sweep$error), ]
}

best_of <- function(x, shown) {
  best <- x$sweep[match(x$best_step, x$sweep$step), c("step", "error")]
  best$error <- max(best$error, min(shown$error))
  best
}

sweep_title <- function(x) {
  sprintf("Error of %s differences of %s at %s", gsub("_", " ", x$scheme), plot_title(x$f, 30L), point_text(x$at, 4L))
}

#' Plot the function of a full answer
#'
#' Draws the function around the point of the answer: with the tangent there for one variable, with arrows downhill for two.
#'
#' @param x A result of [differentiate()], [sec_gradient()] or [sec_hessian()] with `full = TRUE`.
#' @param y Not used.
#' @param xlim,ylim Ranges of the variables. `NULL`: 2 units around the point, or around 0.
#' @param ... Arguments of [plot()][plot.secant_function].
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns The values drawn, invisibly.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' plot(differentiate(~ x^2 * exp(-x), at = c(x = 1), full = TRUE))
plot.secant_answer <- function(x, y = NULL, xlim = NULL, ylim = NULL, ..., connection = NULL) {
  invisible(plot_at(.subset2(x, "f"), x$at, xlim, ylim, ..., connection = connection))
}

# A function of one or two variables around a point.
plot_at <- function(f, at, xlim, ylim, ..., connection = NULL) {
  variables <- plot_variables(f, connection)
  around_point <- function(i, given) {
    if (!is.null(given)) return(as.numeric(given))
    own <- if (is.null(names(at))) i else variables[i]
    middle <- if (is.null(at) || (is.character(own) && !own %in% names(at))) 0 else at[[own]]
    middle + c(-2, 2)
  }
  if (length(variables) == 1L) {
    return(plot(f, xlim = around_point(1L, xlim), tangents = if (!is.null(at)) unname(at[[1L]]), ..., connection = connection))
  }
  plot(f, xlim = around_point(1L, xlim), ylim = around_point(2L, ylim), arrows = "negative_gradient", ..., connection = connection)
}
