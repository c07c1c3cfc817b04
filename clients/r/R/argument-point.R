# Conversion of points, boxes and columns to messages.

# A point as messages; NULL for NULL.
coordinates <- function(point, f = NULL, field = "at") {
  point <- named_point(point, f, field)
  lapply(seq_along(point), function(i) {
    value <- point[[i]]
    # R's number is a vector of length 1, too.
    shape <- if (nzchar(names(point)[i])) f$shapes[[names(point)[i]]] else if (length(f$shapes) == 1L) f$shapes[[1L]]
    vector <- length(shape) == 1L && !identical(shape, "number") && !grepl("x", shape, fixed = TRUE)
    if (length(value) == 1L && is.null(dim(value)) && !vector) return(proto("Coordinate", variable = names(point)[i], value = value))
    array_message("Coordinate", variable = names(point)[i], value = value)
  })
}

# A point as a list of numbers, vectors and matrices by the names of variables. Numbers without names are the function's
# variables in order; a vector or matrix alone is that of the only variable, whose name only the service knows for a string.
named_point <- function(point, f, field) {
  if (is.null(point)) return(NULL)
  if (inherits(point, "secant_trace")) point <- stats::coef(point)
  if (is.data.frame(point)) point <- point_of_frame(point, f, field)
  if (is.list(point)) {
    point <- with_members(point, f)
    point <- lapply(point, function(value) if (is.data.frame(value)) as.matrix(value) else value)
    wrong <- !vapply(point, function(value) is.numeric(value) || is.logical(value), NA)
  } else {
    wrong <- !is.numeric(point) && !is.logical(point)
  }
  if (any(wrong)) {
    stop_argument(sprintf(paste("%s must be a numeric vector with an entry for each variable, for example c(x = 2, y = 1),",
                                "or a list of numbers, vectors and matrices"), field), field)
  }
  variables <- if (!is.null(f)) variables_of(f)
  if (!is.list(point)) point <- whole_or_numbers(point, f, variables)
  if (is.null(names(point))) {
    if (length(variables) != length(point)) {
      stop_argument(sprintf("name the entries of %s, for example c(x = 2, y = 1)", field), field)
    }
    names(point) <- variables
  }
  names <- enc2utf8(names(point))
  if ((any(!nzchar(names)) && length(names) > 1L) || anyDuplicated(names)) {
    stop_argument(sprintf("each entry of %s must have a name of its own", field), field)
  }
  dimensions <- vapply(point, function(value) length(dim(value)), 0L)
  if (any(dimensions > 2L)) stop_argument(sprintf("an entry of %s has %d dimensions; a matrix has two", field, max(dimensions)), field)
  stats::setNames(lapply(point, double_of), names)
}

# A point in the row of a data frame, which may have other columns.
point_of_frame <- function(point, f, field) {
  variables <- if (!is.null(f)) variables_of(f)
  # A data frame may also be the value of a variable that is a matrix.
  if (is.null(variables)) variables <- if (!is.null(f)) intersect(names(point), names_in_text(f$text))
  if (!length(variables) || !all(variables %in% names(point))) return(point)
  if (nrow(point) != 1L) {
    advice <- "sec_evaluate(f, points, order = 1) has the derivatives at many points"
    stop_argument(sprintf("%s is one point, but the data frame has %d rows\n%s", field, nrow(point), advice), field)
  }
  as.list(as.data.frame(point)[variables])
}

# A point with the elements of named vectors and lists of numbers of which the function uses elements: par$a of c(a = 1).
with_members <- function(point, f) {
  if (is.null(f) || is.null(names(point))) return(point)
  text <- f$text
  parts <- lapply(names(point), function(name) {
    value <- point[[name]]
    listed <- nzchar(name) && is.null(dim(value)) && !is.null(names(value)) && all(lengths(value) == 1L)
    if (!listed || is.data.frame(value) || !uses_members(name, text)) return(point[name])
    stats::setNames(as.list(value), paste0(name, "$", names(value)))
  })
  do.call(c, parts)
}

# The names of a point's variables.
point_names <- function(point, f, field = "at") names(named_point(point, f, field))

# A point of numbers as a named vector; one with vectors or matrices as a list.
point_out <- function(point, f, field = "at") {
  point <- named_point(point, f, field)
  if (all(lengths(point) == 1L)) unlist(point) else point
}

# A point of a reply: numbers as a named vector; one with vectors or matrices as a list.
point_in <- function(entries) {
  if (!length(entries)) return(stats::setNames(numeric(), character()))
  values <- lapply(entries, function(entry) {
    if (!length(entry$values)) return(entry$value)
    if (length(entry$shape) == 2L) matrix(entry$values, entry$shape[1L], entry$shape[2L], byrow = TRUE) else entry$values
  })
  names(values) <- utf8(vapply(entries, function(entry) entry$variable, ""))
  if (all(lengths(values) == 1L)) unlist(values) else values
}

# The names of all entries of the values of variables: x[1], A[1,2], a matrix row by row.
entry_names <- function(variables, point) {
  unlist(lapply(variables, function(name) {
    value <- point[[name]]
    if (is.matrix(value)) {
      return(sprintf("%s[%d,%d]", name, rep(seq_len(nrow(value)), each = ncol(value)), rep(seq_len(ncol(value)), nrow(value))))
    }
    if (length(value) > 1L) sprintf("%s[%d]", name, seq_along(value)) else name
  }))
}

# A vector or matrix as a list: the whole value of the only variable, or one number for each variable.
whole_or_numbers <- function(point, f, variables) {
  own <- names(point)
  if (length(variables) == 1L && length(point)) {
    # The names of a parameter vector c(a = 1, b = 2) are those of its entries.
    entries <- c(variables, grep(paste0(variables, "["), own, fixed = TRUE, value = TRUE))
    whole <- !is.null(dim(point)) || (length(point) > 1L && !any(own %in% entries))
    if (whole) return(stats::setNames(list(point), variables))
  }
  if (is.null(own) && !is.null(f) && is.null(variables)) return(stats::setNames(list(point), ""))
  as.list(point)
}

# Numbers as doubles, with their dimensions and names.
double_of <- function(value) {
  storage.mode(value) <- "double"
  value
}

# A message with the values of a vector or a matrix, which the contract has row by row.
array_message <- function(type, ..., value) {
  shape <- if (is.matrix(value)) dim(value) else if (!length(value)) 0L
  proto(type, ..., values = as.double(if (is.matrix(value)) t(value) else value), shape = shape)
}

# A box list(x = c(-1, 1)) as messages; NA is an open end.
bounds <- function(box, field = "box") {
  if (is.null(box)) return(NULL)
  if (!is.list(box) || is.null(names(box))) stop_argument(sprintf("%s must be a named list of intervals, for example list(x = c(-1, 1))", field), field)
  lapply(names(box), function(name) {
    ends <- as.double(box[[name]])
    if (length(ends) != 2L) stop_argument(sprintf("the interval of %s must be a pair c(lower, upper)", name), field)
    proto("Bound", variable = enc2utf8(name), lower = if (!is.na(ends[1L])) ends[1L], upper = if (!is.na(ends[2L])) ends[2L])
  })
}

# Named vectors and matrices as messages.
columns_message <- function(columns) {
  lapply(names(columns), function(name) {
    values <- columns[[name]]
    if (is.data.frame(values)) values <- as.matrix(values)
    if (!is.numeric(values) && !is.logical(values)) {
      advice <- if (is.factor(values) || is.character(values)) "\nmake numbers of it, for example by as.numeric() or model.matrix()"
      stop_argument(paste0(sprintf("%s is not numeric but %s", name, class(values)[1L]), advice))
    }
    if (length(dim(values)) > 2L) stop_argument(sprintf("%s has %d dimensions; a matrix has two", name, length(dim(values))))
    # An empty vector is a column too.
    if (is.matrix(values)) return(array_message("Column", name = name, value = values))
    proto("Column", name = name, values = as.double(values))
  })
}

# Declared shapes as messages: list(x = "n", A = c("n", 3), S = "symmetric n x n").
shapes_message <- function(shapes) {
  if (is.null(shapes)) return(NULL)
  if (is.null(names(shapes)) || any(!nzchar(names(shapes)))) {
    stop_argument("shapes must be a named list, for example list(A = \"n x n\")", "expression.shapes")
  }
  lapply(names(shapes), function(name) {
    sides <- shapes[[name]]
    symmetric <- FALSE
    if (is.character(sides) && length(sides) == 1L) {
      symmetric <- grepl("^\\s*symmetric\\s+", sides)
      text <- trimws(sub("^\\s*symmetric\\s+", "", sides))
      sides <- if (text == "number") character() else strsplit(text, "\\s+x\\s+|(?<=[0-9])x(?=[0-9])", perl = TRUE)[[1L]]
    }
    if (!is.character(sides) && !is.numeric(sides)) {
      stop_argument(sprintf("the shape of %s must be like 3, \"n\", c(\"n\", 3) or \"n x 3\"", name), "expression.shapes")
    }
    proto("VariableShape", variable = enc2utf8(name), symmetric = symmetric, dimensions = lapply(sides, function(side) {
      if (grepl("^[+-]?[0-9]+$", side)) proto("Dimension", size = as.numeric(side)) else proto("Dimension", name = enc2utf8(side))
    }))
  })
}

# Columns of one length from a data frame, a list of vectors, a matrix with column names, or, for a function of
# one variable, a vector. With matrices or declared shapes, the whole value of each variable.
points_of <- function(points, f, field = "points") {
  if (is.matrix(points)) points <- as.data.frame(points)
  if (is.numeric(points) || is.logical(points)) {
    points <- if (is.null(names(points))) list(points) else as.list(points)
  }
  if (!is.list(points)) stop_argument("points must be a data frame, a list of named vectors or a matrix with column names", field)
  if (is.data.frame(points)) points <- own_columns(points, f)
  points <- as.list(points)
  if (is.null(names(points))) {
    names <- variables_of(f)
    # A string has a variable that only the service knows, unless it has one name.
    if (is.null(names)) {
      found <- setdiff(names_in_text(f$text), c(KNOWN_CALLS, "pi", names(f$data)))
      if (length(found) == 1L) names <- found
    }
    if (length(names) < length(points) || !length(points)) stop_argument("name the columns of the points, for example list(x = c(1, 2))", field)
    names(points) <- names[seq_along(points)]
  }
  if (!is_whole(points, f) && length(unique(setdiff(lengths(points), 1L))) > 1L) {
    stop_argument(sprintf("columns differ in length: %s",
                          toString(paste(names(points), "has", lengths(points)))), field)
  }
  points
}

# A data frame may have columns that the function does not use.
own_columns <- function(frame, f) {
  own <- sub("(\\[|[$]).*", "", names(frame)) %in% c(names_of(f, f$text), variables_of(f))
  if (any(own)) frame[own] else frame
}

# Whether points are one point of vectors and matrices, as far as the arguments show it.
is_whole <- function(points, f) {
  any(vapply(points, function(value) length(dim(value)) > 0L, NA)) ||
    !all(vapply(f$shapes, function(shape) !length(shape) || identical(shape, "number"), NA))
}
