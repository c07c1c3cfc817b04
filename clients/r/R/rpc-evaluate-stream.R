#' Evaluate a function over a stream of points
#'
#' Sends blocks of points to the server as they become available and returns the answers in the same order. Only the blocks
#' in transit are kept in memory. If all points are available at once, use [evaluate()].
#'
#' @inheritParams evaluate
#' @param blocks A list of blocks of points, each as for [evaluate()] (where a variable of `f` is a vector or a matrix, one
#'   point; the `shapes` of vectors have to be declared), or a function that returns the next block, and
#'   `NULL` at the end. It is called before the answers to earlier blocks have arrived.
#' @param on_block A function that is called with each answer, a result of [evaluate()], and the number of points before
#'   it. If it returns `FALSE`, the stream ends. `NULL`: the answers are collected and returned.
#' @param data_set A data set of the server, see [describe()]`$data_sets`. `f` is then the value of one row, and the answers are those
#'   to all rows, without `blocks`; names of columns are data of the row.
#' @param at With a data set, the values of the names in `f` that are no columns.
#' @returns Without `on_block`, the list of answers. With it, the number of blocks answered, invisibly.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' evaluate_stream(~ x^2, list(1:2, 3:5))
#' show <- function(values, offset) cat(offset, ":", values, "\n")
#' evaluate_stream(~ x^2, list(1:2, 3:5), on_block = show)
evaluate_stream <- function(f, blocks = list(), variables = NULL, order = 0, on_block = NULL, data = NULL, shapes = NULL,
                            data_set = NULL, at = NULL, connection = NULL) {
  f <- sec_function(f, data, shapes = shapes, data_set = data_set)
  rows <- !is.null(f$data_set)   # of the server, of which the number is not known
  if (rows && length(blocks)) stop_argument("the points are the rows of the data set; send no blocks", "blocks")
  take <- if (is.function(blocks)) blocks else one_by_one(as.list(blocks))
  sizes <- integer()
  wholes <- new.env()   # by number, the blocks that are one point of vectors and matrices
  ended <- FALSE
  left <- FALSE   # by the caller
  next_block <- function(number) {
    block <- take()
    if (is.null(block)) ended <<- TRUE
    if (is.null(block)) return(NULL)
    points <- points_of(block, f)
    if (is_whole(points, f)) assign(as.character(number), points, envir = wholes)
    sizes[number] <<- if (is_whole(points, f)) 1L else recycled_length(points)
    points
  }
  # The names of the first block are the variables.
  first <- next_block(1)
  message <- expression_message(f, c(variables, names(first), names(at)))
  answers <- list()
  count <- 0L
  names <- character()
  converse(connection_of(connection), message, variables, order, timeout = Inf,
           at = if (!is.null(at)) coordinates(at, f, "at"), blocks = function(number) if (number == 1) first else next_block(number), on_reply = function(reply) {
    # Only the first answer names the variables.
    if (count == 0L) names <<- utf8(reply$variables)
    count <<- count + 1L
    if (rows) sizes[count] <<- length(reply$values)
    if (count > length(sizes)) stop_malformed("more blocks than were sent")
    key <- as.character(count)
    values <- if (is.null(wholes[[key]])) {
      check_block(reply, sizes[count], names, order)
      evaluation_out(list(reply), names, order)
    } else {
      whole_out(reply, order, names, wholes[[key]])
    }
    if (!is.null(wholes[[key]])) rm(list = key, envir = wholes)
    if (is.null(on_block)) {
      answers[[count]] <<- values
    } else if (identical(on_block(values, reply$offset), FALSE)) {
      left <<- TRUE
      FALSE
    }
  })
  if (!left && (!ended || count < length(sizes))) stop_malformed("the stream ended with blocks unanswered")
  if (is.null(on_block)) answers else invisible(count)
}
