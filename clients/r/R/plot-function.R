#' Plot a function
#'
#' Draws a function of one variable as a curve, and a function of two variables as contours or as a surface, with base
#' graphics. One call to the server computes all values, and one for each tangent.
#'
#' @param x A [sec_function()] of one or two variables.
#' @param y The x axis if it is numeric, as in `plot(f, c(-2, 2))`; else not used.
#' @param xlim,ylim Ranges of the first and the second variable.
#' @param n Number of points along each axis, for a surface at most 61.
#' @param tangents Values of x at which tangents to the curve are drawn. At a kink there is none, and a warning has the reason.
#' @param type For a function of two variables: "contour" or "surface".
#' @param arrows Arrows on the contours: "none", "gradient" (uphill) or "negative_gradient" (downhill).
#' @param main The title. `NULL`: the formula.
#' @param levels The levels of contours. `NULL`: chosen so that they are spread over the picture, also in narrow valleys.
#' @param ... Arguments of [graphics::plot()], [graphics::contour()] or [graphics::persp()].
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns The values drawn, invisibly: a data frame of `x` and `f`, or a list of `x`, `y` and the matrix `z`.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' plot(sec_function(~ x^3 - 3*x^2 + x), xlim = c(-0.9, 2.9), tangents = c(0, 1))
#' plot(sec_function(~ x^2 + 2*y^2), c(-2, 2), c(-2, 2), arrows = "negative_gradient")
plot.secant_function <- function(x, y = NULL, xlim = c(-1, 1), ylim = xlim, n = 201, tangents = NULL,
                                 type = c("contour", "surface"), arrows = c("none", "gradient", "negative_gradient"), main = NULL,
                                 levels = NULL, ..., connection = NULL) {
  if (is.null(main)) main <- plot_title(x)
  if (is.numeric(y)) {   # plot(f, c(-2, 2)) means the x axis
    if (missing(ylim)) ylim <- if (missing(xlim)) y else xlim
    xlim <- y
  }
  variables <- plot_variables(x, connection)
  if (length(variables) == 1L) return(invisible(plot_curve(x, variables, xlim, n, tangents, connection, main = main, ...)))
  type <- match.arg(type)
  # A narrow valley breaks into pieces on a coarser grid; a surface of more facets is black.
  grid <- plot_grid(x, variables, xlim, ylim, if (type == "surface") min(n, 61) else min(n, 201), connection)
  if (type == "surface") {
    graphics::persp(grid$x, grid$y, grid$z, xlab = variables[1L], ylab = variables[2L], zlab = "f", ticktype = "detailed",
                    theta = 30, phi = 30, border = NA, col = "grey85", shade = 0.4, main = main, ...)
    return(invisible(grid))
  }
  draw_contours(grid, variables, levels, main = main, ...)
  arrows <- match.arg(arrows)
  if (arrows != "none") draw_arrows(x, variables, xlim, ylim, if (arrows == "gradient") 1 else -1, connection)
  invisible(grid)
}

# The variables of a function, one or two.
plot_variables <- function(f, connection) {
  variables <- variables_of(f)
  # The components of a vector are variables of their own.
  if (is.null(variables) || grepl("[", f$text, fixed = TRUE)) {
    variables <- sec_gradient(f, full = TRUE, connection = connection)$variables
  }
  if (!length(variables) %in% 1:2) {
    stop_argument(sprintf("plot() needs a function of one or two variables; got %d", length(variables)), "expression")
  }
  variables
}

plot_curve <- function(f, variable, xlim, n, tangents, connection, ..., ylab = "f", type = "l", col = "black") {
  at <- seq(xlim[1L], xlim[2L], length.out = n)
  points <- stats::setNames(list(c(at, tangents)), variable)
  values <- values_of_numbers(f, points, 0, connection)
  curve <- as.vector(values)[seq_along(at)]
  if (!any(is.finite(curve))) {
    stop_argument(sprintf("f has no finite value for %s from %s to %s; give another range as xlim", variable,
                          format(xlim[1L]), format(xlim[2L])), "xlim")
  }
  curve[!is.finite(curve)] <- NA
  graphics::plot(at, curve, type = type, xlab = variable, ylab = ylab, col = col, ...)
  if (!is.null(tangents)) {
    own <- length(at) + seq_along(tangents)
    for (i in seq_along(tangents)) {
      # Where there is none, as at a kink, tangent() signals the reason.
      line <- tangent(f, stats::setNames(tangents[i], variable), connection = connection)
      if (is.null(line$equation)) next
      slope <- line$slopes[[1L]]
      graphics::abline(values[own[i]] - slope * tangents[i], slope, col = "firebrick")
    }
    graphics::points(tangents, values[own], pch = 19, col = "firebrick")
  }
  data.frame(x = at, f = curve)
}

# The values of a curve as a data frame of x and f.
curve_of <- function(f, variable, xlim, n, connection) {
  at <- seq(xlim[1L], xlim[2L], length.out = n)
  data.frame(x = at, f = as.vector(values_of_numbers(f, stats::setNames(list(at), variable), 0, connection)))
}

# The formula as a title, on one line that fits a picture.
plot_title <- function(f, width = 60L) {
  text <- if (f$kind == "function" && !is.primitive(f$source)) deparse_text(body(f$source)) else sub("^~ *", "", f$text)
  text <- gsub("\\s+", " ", text)
  if (nchar(text) > width) paste0(substr(text, 1L, width - 3L), "...") else text
}

# Colour of paths, tangents and points.
PATH <- "firebrick"

draw_contours <- function(grid, variables, levels = NULL, col = "grey50", labcex = 0.7, ...) {
  if (is.null(levels)) levels <- contour_levels(grid$z)
  graphics::contour(grid$x, grid$y, grid$z, xlab = variables[1L], ylab = variables[2L], levels = levels, col = col,
                    labcex = labcex, vfont = NULL, ...)
}

# Levels that are round numbers. Equal steps leave a valley empty whose walls are much higher than its floor; then equal shares of
# the picture lie between levels.
contour_levels <- function(z, count = 12L) {
  z <- z[is.finite(z)]
  if (!length(z)) stop_argument("f has no finite value in this box; give other ranges as xlim and ylim", "xlim")
  bounds <- range(z)
  even <- pretty(bounds, count)
  even <- even[even > bounds[1L] & even < bounds[2L]]
  shares <- stats::quantile(z, c(0.25, 0.5, 0.75), names = FALSE)
  inside <- diff(range(findInterval(shares, even)))
  if (inside >= 3L || diff(bounds) == 0) return(if (length(even)) even else bounds[1L])
  floor <- bounds[1L]
  places <- floor + stats::quantile(z - floor, seq_len(count) / (count + 1), names = FALSE)
  places <- unique(signif(places, 2L))
  if (length(places) < 3L) even else places
}

# The values of a function at points. Its variables are numbers here: as a vector, all points would be one value.
values_of_numbers <- function(f, points, order, connection) {
  whole <- grep("[", names(points), fixed = TRUE, value = TRUE, invert = TRUE)
  shapes <- stats::setNames(rep(list("number"), length(whole)), whole)
  sec_evaluate(f, points, order = order, shapes = c(f$shapes[setdiff(names(f$shapes), whole)], shapes), connection = connection)
}

plot_grid <- function(f, variables, xlim, ylim, n, connection) {
  x <- seq(xlim[1L], xlim[2L], length.out = n)
  y <- seq(ylim[1L], ylim[2L], length.out = n)
  points <- stats::setNames(list(rep(x, times = n), rep(y, each = n)), variables)
  z <- values_of_numbers(f, points, 0, connection)
  z[!is.finite(z)] <- NA
  list(x = x, y = y, z = matrix(z, n, n))
}

# Arrows of the gradient (sign 1) or against it (-1) on a coarse grid, the longest as long as a cell.
draw_arrows <- function(f, variables, xlim, ylim, sign, connection, n = 11L) {
  x <- seq(xlim[1L], xlim[2L], length.out = n)
  y <- seq(ylim[1L], ylim[2L], length.out = n)
  points <- stats::setNames(list(rep(x, times = n), rep(y, each = n)), variables)
  slopes <- sign * attr(values_of_numbers(f, points, 1, connection), "gradient")
  lengths <- sqrt(rowSums(slopes^2))
  shown <- is.finite(lengths) & lengths > 0
  scale <- 0.9 * min(diff(x[1:2]), diff(y[1:2])) / max(lengths[shown], 0)
  from <- cbind(points[[1L]], points[[2L]])[shown, , drop = FALSE]
  to <- from + scale * slopes[shown, , drop = FALSE]
  visible <- sqrt(rowSums((to - from)^2)) > 0.01 * diff(x[1:2])   # arrows() warns about arrows of length 0
  graphics::arrows(from[visible, 1L], from[visible, 2L], to[visible, 1L], to[visible, 2L], length = 0.05, col = "steelblue")
}
