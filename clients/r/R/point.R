# Points, boxes and columns: what a caller writes, as messages.

# A point as messages; NULL is no point. A number without a name is the next of the function's variables.
coordinates <- function(point, f = NULL, field = "at") {
  point <- named_point(point, f, field)
  lapply(seq_along(point), function(i) proto("Coordinate", variable = names(point)[i], value = point[[i]]))
}

named_point <- function(point, f, field) {
  if (is.null(point)) return(NULL)
  if (is.list(point)) {
    if (any(lengths(point) != 1L)) stop_argument("a point has one number for each variable; many points go to evaluate()", field)
    point <- unlist(point)
  }
  if (!is.numeric(point) && !is.logical(point)) {
    stop_argument(sprintf("%s is a numeric vector with an entry for each variable, such as c(x = 2, y = 1)", field), field)
  }
  names <- names(point)
  if (is.null(names)) {
    names <- if (!is.null(f)) variables_of(f)
    if (length(names) != length(point)) {
      stop_argument(sprintf("name the entries of %s: c(x = 2, y = 1)", field), field)
    }
  }
  if (any(!nzchar(names)) || anyDuplicated(names)) stop_argument(sprintf("each entry of %s has a name of its own", field), field)
  stats::setNames(as.double(point), enc2utf8(names))
}

# A box list(x = c(-1, 1)) as messages; NA leaves an end open.
bounds <- function(box, field = "box") {
  if (is.null(box)) return(NULL)
  if (!is.list(box) || is.null(names(box))) stop_argument(sprintf("%s is a list of intervals: list(x = c(-1, 1))", field), field)
  lapply(names(box), function(name) {
    ends <- as.double(box[[name]])
    if (length(ends) != 2L) stop_argument(sprintf("the interval of %s is a pair c(lower, upper)", name), field)
    proto("Bound", variable = enc2utf8(name), lower = if (!is.na(ends[1L])) ends[1L], upper = if (!is.na(ends[2L])) ends[2L])
  })
}

# Named vectors as messages.
columns_message <- function(columns) {
  lapply(names(columns), function(name) {
    values <- columns[[name]]
    if (!is.numeric(values) && !is.logical(values)) {
      stop_argument(sprintf("%s is not numeric but %s", name, class(values)[1L]))
    }
    # Also an empty vector is a column.
    message <- proto("Column", name = enc2utf8(name))
    message$values <- as.double(values)
    message
  })
}

# Columns of one length from a data frame, a list of vectors, a matrix with column names, or, for a function of
# one variable, a vector.
points_of <- function(points, f, field = "points") {
  if (is.matrix(points)) points <- as.data.frame(points)
  if (is.numeric(points) || is.logical(points)) {
    points <- if (is.null(names(points))) list(points) else as.list(points)
  }
  if (!is.list(points)) stop_argument("points are a data frame, a list of named vectors or a matrix with column names", field)
  points <- as.list(points)
  if (is.null(names(points))) {
    names <- variables_of(f)
    if (length(names) < length(points) || !length(points)) stop_argument("name the columns of the points: list(x = c(1, 2))", field)
    names(points) <- names[seq_along(points)]
  }
  if (length(unique(setdiff(lengths(points), 1L))) > 1L) {
    stop_argument(sprintf("the points have columns of different length: %s",
                          toString(paste(names(points), lengths(points)))), field)
  }
  points
}
