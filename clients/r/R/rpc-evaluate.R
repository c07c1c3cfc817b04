#' Evaluate a function at many points
#'
#' Computes a scalar function and its derivatives at N points in one call; large batches are sent in blocks. Where the
#' function is not defined, the value is `NaN` or infinite; that is not an error.
#'
#' @inheritParams sec_gradient
#' @param points The points: a data frame, a list of named vectors or a matrix with column names; a vector of length 1 is
#'   repeated N times. For a function of one variable also a plain vector. If a variable of `f` is a vector or a matrix,
#'   there is one point, a list with the whole value of each variable; declare the `shapes` of vectors that differ in length.
#' @param variables The order of the derivatives. `NULL`: as for [sec_gradient()].
#' @param order Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian.
#' @param enclosures Whether to give numbers between which each exact value lies. The server needs the extra `proof` for it.
#' @returns A numeric vector of N values; n counts the entries of vectors and matrices, those of a matrix down its columns. If `order` is at least 1, it has the attribute "gradient", an N x n matrix; if
#'   `order` is 2, also the attribute "hessian", an N x n x n array, as in [stats::deriv()]. If a value is a limit, because
#'   the formula has none at a point (0/0), the attribute "limits" has the numbers of these points. With `enclosures`, the attributes "lower" and "upper" are numbers
#'   that are not above and not below the exact values, with attributes "gradient" and "hessian" of their own.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' sec_evaluate(~ x^2, c(1, 2, NA, Inf))
#' sec_evaluate("x^2 + 2 * y^2", data.frame(x = c(2, -1), y = c(1, 2)), order = 1)
sec_evaluate <- function(f, points, variables = NULL, order = 0, data = NULL, shapes = NULL, connection = NULL,
                         enclosures = FALSE) {
  f <- sec_function(f, data, shapes = shapes)
  points <- points_of(points, f)
  connection <- connection_of(connection)
  message <- expression_message(f, c(variables, names(points)))
  rows <- rows_a_block(length(points), order)
  count <- max(0L, lengths(points))
  whole <- is_whole(points, f)
  if (count <= rows || whole || enclosures) {
    reply <- call_unary(connection, "Evaluate", proto("EvaluateRequest",
      expression = message, points = columns_message(points), order = whole_number(order, "order"),
      variables = names_message(variables), enclosures = if (enclosures) TRUE
    ))
    # A function of vectors takes the columns as one point; the reply says so if the arguments do not.
    whole <- whole || (length(points) > 0L && recycled_length(points) != 1L && reply$shape$rows == 1L)
    if (whole) return(whole_out(reply, order, utf8(reply$variables), points))
    check_block(reply, if (length(points)) recycled_length(points) else length(reply$values), reply$variables, order)
    values <- evaluation_out(list(reply), utf8(reply$variables), order)
    return(if (enclosures) with_bounds(values, reply, utf8(reply$variables), order) else values)
  }
  replies <- list()
  blocks <- function(number) {
    from <- (number - 1) * rows + 1
    if (from <= count) block_of(points, seq(from, min(count, number * rows)))
  }
  converse(connection, message, length(f$shapes) > 0L, variables, order, blocks, timeout = connection$timeout,
           on_reply = function(reply) {
             check_block(reply, max(0, min(rows, count - length(replies) * rows)), names_of_reply(replies, reply), order)
             replies[[length(replies) + 1L]] <<- reply
           })
  answered <- sum(vapply(replies, function(reply) length(reply$values), 0L))
  if (answered != count) stop_malformed(sprintf("%d values for %d points", answered, count))
  evaluation_out(replies, utf8(replies[[1L]]$variables), order)
}

# How many points columns of length N and 1 make.
recycled_length <- function(columns) {
  sizes <- unique(lengths(columns))
  if (length(sizes) > 1L) setdiff(sizes, 1L) else if (length(sizes)) sizes else 0L
}

# The variables of a stream's reply; only the first reply has them.
names_of_reply <- function(before, reply) if (length(before)) before[[1L]]$variables else reply$variables

# Doubles in one message, 512 KB: streams were fastest at this size. The limit is 4 MB.
BLOCK <- 65536L

# The number of points in one message, limited by the larger of request and reply.
rows_a_block <- function(n, order) {
  answer <- 1 + (order >= 1) * n + (order >= 2) * n * (n + 1) / 2
  max(1, BLOCK %/% max(n, answer))
}

block_of <- function(points, rows) lapply(points, function(column) {
  if (length(column) == 1L || length(dim(column))) column else column[rows[rows <= length(column)]]
})

# Calls EvaluateStream with the blocks `blocks(1)`, `blocks(2)`, ... up to the first NULL. `declared`: whether the message of the
# expression declares shapes.
converse <- function(connection, message, declared, variables, order, blocks, on_reply, timeout, at = NULL) {
  answered <- FALSE
  first <- blocks(1)
  ask <- function(number) if (number == 1) first else blocks(number)
  tryCatch(
    call_stream(connection, "EvaluateStream", block_requests(message, variables, order, ask, at), timeout = timeout,
                on_reply = function(reply) {
                  answered <<- TRUE
                  on_reply(reply)
                }),
    secant_unavailable = function(failure) {
      # libcurl 7.88 loses an answer that arrives before everything is sent, such as the rejection of a formula. A unary
      # call receives it.
      if (!answered && !is.null(first)) {
        # Two points, or the first two entries of a vector that is not declared, of which the stream has no whole points.
        part <- if (declared) first else block_of(first, 1:2)
        reply <- call_unary(connection, "Evaluate", proto("EvaluateRequest",
          expression = message, points = columns_message(part),
          order = whole_number(order, "order"), variables = names_message(variables)))
        if (!declared && recycled_length(part) == 2L && reply$shape$rows == 1L) {
          stop_argument(paste0("a variable of the expression is a vector, and each block is one point\n",
                               "declare the shapes of vectors, or use sec_evaluate()"), "shapes")
        }
      }
      stop(failure)
    }
  )
}

# A function that returns the bytes of the setup, then of each block, then NULL.
block_requests <- function(message, variables, order, blocks, at = NULL) {
  number <- -1
  function() {
    number <<- number + 1
    if (number == 0) {
      setup <- proto("EvaluateStreamRequest.Setup", expression = message, order = whole_number(order, "order"),
                     variables = names_message(variables), at = at)
      return(proto("EvaluateStreamRequest", setup = setup))
    }
    points <- blocks(number)
    if (is.null(points)) return(NULL)
    block <- proto("EvaluateStreamRequest.Points", columns = columns_message(points))
    proto("EvaluateStreamRequest", points = block)
  }
}

# The values of one or several replies, with the derivatives as attributes.
evaluation_out <- function(replies, names, order) {
  values <- unlist(lapply(replies, function(reply) reply$values), use.names = FALSE)
  if (is.null(values)) values <- numeric()
  before <- c(0, cumsum(vapply(replies, function(reply) length(reply$values), 0L)))
  limits <- unlist(lapply(seq_along(replies), function(k) before[[k]] + as.numeric(replies[[k]]$limits) + 1))
  if (length(limits)) attr(values, "limits") <- limits
  signal_notices(unique(unlist(lapply(replies, function(reply) reply$notices))))
  columns <- lapply(seq_along(replies[[1L]]$derivatives), function(k) {
    unlist(lapply(replies, function(reply) reply$derivatives[[k]]$values), use.names = FALSE)
  })
  with_derivatives(values, columns, names, order)
}

# Values with the attributes "lower" and "upper".
with_bounds <- function(values, reply, names, order) {
  require_length("enclosures", reply$enclosures, 1L + length(reply$derivatives), "columns of the answer")
  for (side in c("lower", "upper")) {
    columns <- lapply(reply$enclosures, function(one) one[[side]])
    for (column in columns) require_length(paste(side, "ends"), column, length(values), "points")
    attr(values, side) <- with_derivatives(columns[[1L]], columns[-1L], names, order)
  }
  values
}

# Values with the attributes "gradient" and "hessian" from the columns of derivatives.
with_derivatives <- function(values, columns, names, order) {
  if (order < 1) return(values)
  n <- length(names)
  attr(values, "gradient") <- matrix(as.double(unlist(columns[seq_len(n)])), length(values), n, dimnames = list(NULL, names))
  if (order >= 2) attr(values, "hessian") <- hessians(columns[-seq_len(n)], length(values), names)
  values
}

# The array of N Hessians from the columns of their upper triangles, row by row.
hessians <- function(columns, count, names) {
  n <- length(names)
  found <- array(NA_real_, c(count, n, n), list(NULL, names, names))
  k <- 0L
  for (i in seq_len(n)) {
    for (j in i:n) {
      k <- k + 1L
      found[, i, j] <- found[, j, i] <- columns[[k]]
    }
  }
  found
}

# The value of a function of vectors or matrices at one point, with the derivatives as attributes. `at` are the values of
# the variables, `names` their names.
whole_out <- function(reply, order, names, at) {
  n <- length(names)
  require_length("values", reply$values, 1L, "points")
  require_length("columns of derivatives", reply$derivatives, (order >= 1) * n + (order >= 2) * n * (n + 1) / 2, "wanted")
  value <- reply$values
  if (order < 1) return(value)
  columns <- lapply(reply$derivatives, function(column) column$values)
  sizes <- lengths(columns[seq_len(n)])
  places <- Map(function(name, size) entry_order(at[[name]], size), names, sizes)
  attr(value, "gradient") <- matrix(unlist(Map(`[`, columns[seq_len(n)], places)), 1L)
  if (order < 2) return(value)
  ends <- cumsum(sizes)
  hessian <- array(NA_real_, c(1L, sum(sizes), sum(sizes)))
  k <- n
  for (i in seq_len(n)) {
    for (j in i:n) {
      k <- k + 1L
      require_length("second derivatives", columns[[k]], sizes[i] * sizes[j], "entries of a block")
      rows <- ends[i] - sizes[i] + seq_len(sizes[i])
      across <- ends[j] - sizes[j] + seq_len(sizes[j])
      block <- matrix(columns[[k]], sizes[i], sizes[j], byrow = TRUE)[places[[i]], places[[j]], drop = FALSE]
      hessian[1L, rows, across] <- block
      hessian[1L, across, rows] <- t(block)
    }
  }
  attr(value, "hessian") <- hessian
  value
}
