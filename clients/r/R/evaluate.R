#' Values at many points
#'
#' A scalar function and its derivatives at N points, in one call. Large batches go in blocks over a stream by
#' themselves. At poles the values are `NaN` and `Inf`, never an error.
#'
#' @inheritParams gradient
#' @param points A data frame, a list of named vectors or a matrix with column names; a vector of length 1 stands
#'   for N times itself. For a function of one variable also a plain vector.
#' @param variables The order of the derivatives. `NULL`: as for [gradient()].
#' @param order 0 values, 1 also the gradient, 2 also the Hessian.
#' @returns A numeric vector of N values; from `order` 1 with the attribute "gradient", an N x n matrix, for `order` 2
#'   also "hessian", an N x n x n array, as [stats::deriv()] has them.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' evaluate(~ x^2, c(1, 2, NA, Inf))
#' evaluate("x^2 + 2 * y^2", data.frame(x = c(2, -1), y = c(1, 2)), order = 1)
evaluate <- function(f, points, variables = NULL, order = 0, data = NULL, connection = NULL) {
  f <- sec_function(f, data)
  points <- points_of(points, f)
  connection <- connection_of(connection)
  message <- expression_message(f, c(variables, names(points)))
  rows <- rows_a_block(length(points), order)
  count <- max(0L, lengths(points))
  if (count <= rows) {
    reply <- call_unary(connection, "Evaluate", proto("EvaluateRequest",
      expression = message, points = columns_message(points), order = as.integer(order),
      variables = names_message(variables)
    ))
    return(evaluation_out(list(reply), utf8(reply$variables), order))
  }
  replies <- list()
  blocks <- function(number) {
    from <- (number - 1) * rows + 1
    if (from <= count) block_of(points, seq(from, min(count, number * rows)))
  }
  converse(connection, message, variables, order, blocks, timeout = connection$timeout,
           on_reply = function(reply) replies[[length(replies) + 1L]] <<- reply)
  evaluation_out(replies, utf8(replies[[1L]]$variables), order)
}

# Doubles in one message, 512 KB: streams were measured fastest at this size, and the limit is 4 MB.
BLOCK <- 65536L

# Points that go in one message, by the larger of question and answer.
rows_a_block <- function(n, order) {
  answer <- 1 + (order >= 1) * n + (order >= 2) * n * (n + 1) / 2
  max(1, BLOCK %/% max(n, answer))
}

block_of <- function(points, rows) lapply(points, function(column) if (length(column) == 1L) column else column[rows])

# EvaluateStream with the blocks that `blocks(number)` gives, from 1 to the first NULL.
converse <- function(connection, message, variables, order, blocks, on_reply, timeout) {
  answered <- FALSE
  first <- blocks(1)
  ask <- function(number) if (number == 1) first else blocks(number)
  tryCatch(
    call_stream(connection, "EvaluateStream", block_requests(message, variables, order, ask), timeout = timeout,
                on_reply = function(reply) {
                  answered <<- TRUE
                  on_reply(reply)
                }),
    secant_unavailable = function(failure) {
      # libcurl 7.88 loses an answer that came before it had sent everything, as the server's refusal of a formula
      # does: a call that is sent whole gets it.
      if (!answered && !is.null(first)) {
        call_unary(connection, "Evaluate", proto("EvaluateRequest",
          expression = message, points = columns_message(block_of(first, 1L)), order = as.integer(order),
          variables = names_message(variables)))
      }
      stop(failure)
    }
  )
}

# A function that gives the bytes of the setup, then of block after block, then NULL.
block_requests <- function(message, variables, order, blocks) {
  number <- -1
  function() {
    number <<- number + 1
    if (number == 0) {
      setup <- proto("EvaluateStreamRequest.Setup", expression = message, order = as.integer(order),
                     variables = names_message(variables))
      return(RProtoBuf::serialize(proto("EvaluateStreamRequest", setup = setup), NULL))
    }
    points <- blocks(number)
    if (is.null(points)) return(NULL)
    block <- proto("EvaluateStreamRequest.Points", columns = columns_message(points))
    RProtoBuf::serialize(proto("EvaluateStreamRequest", points = block), NULL)
  }
}

# The values of one or several replies, with the derivatives as attributes.
evaluation_out <- function(replies, names, order) {
  values <- unlist(lapply(replies, function(reply) reply$values), use.names = FALSE)
  if (is.null(values)) values <- numeric()
  if (order < 1) return(values)
  n <- length(names)
  columns <- lapply(seq_along(replies[[1L]]$derivatives), function(k) {
    unlist(lapply(replies, function(reply) reply$derivatives[[k]]$values), use.names = FALSE)
  })
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
