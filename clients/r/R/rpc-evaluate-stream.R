#' Evaluate a function over a stream of points
#'
#' Sends blocks of points to the server as they become available and returns the answers in the same order. Only the blocks
#' in transit are kept in memory. If all points are available at once, use [sec_evaluate()].
#'
#' @inheritParams sec_evaluate
#' @param blocks A list of blocks of points, each as for [sec_evaluate()] (where a variable of `f` is a vector or a matrix, one
#'   point; the `shapes` of vectors have to be declared), or a function that returns the next block, and
#'   `NULL` at the end. It is called before the answers to earlier blocks have arrived. A data frame is divided into blocks. So
#'   is a table, a dataset or a record batch reader of the package arrow, of which only one batch is in memory: for Parquet files
#'   `arrow::open_dataset("data")[, c("x", "y")]`, with the columns that are variables of `f`.
#' @param on_block A function that is called with each answer, a result of [sec_evaluate()], and the number of points before
#'   it. If it returns `FALSE`, the stream ends. `NULL`: the answers are collected and returned.
#' @param data_set A data set of the server, see [sec_describe()]`$data_sets`. `f` is then the value of one row, and the answers are those
#'   to all rows, without `blocks`; names of columns are data of the row.
#' @param at The values of parameters, the names in `f` that are no columns: a named numeric vector. They are the same in all blocks.
#' @returns Without `on_block`, the list of answers. With it, the number of blocks answered, invisibly.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' evaluate_stream(~ x^2, list(1:2, 3:5))
#' evaluate_stream(~ a * x^2, data.frame(x = c(1, 2)), at = c(a = 3))
#' show <- function(values, offset) cat(offset, ":", values, "\n")
#' evaluate_stream(~ x^2, list(1:2, 3:5), on_block = show)
evaluate_stream <- function(f, blocks = list(), variables = NULL, order = 0, on_block = NULL, data = NULL, shapes = NULL,
                            data_set = NULL, at = NULL, connection = NULL) {
  f <- sec_function(f, data, shapes = shapes, data_set = data_set)
  rows <- !is.null(f$data_set)   # of the server, of which the number is not known
  if (rows && length(blocks)) stop_argument("the points are the rows of the data set; send no blocks", "blocks")
  take <- with_parameters(source_of(blocks, order, f), if (!rows) at, f)
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
  message <- expression_message(f, c(variables, names(first), if (rows) names(at)))
  answers <- list()
  count <- 0L
  names <- character()
  converse(connection_of(connection), message, length(f$shapes) > 0L, variables, order, timeout = Inf,
           at = if (rows && !is.null(at)) coordinates(at, f, "at"),
           blocks = function(number) if (number == 1) first else next_block(number), on_reply = function(reply) {
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

# A function that returns the next block of what evaluate_stream() takes, and NULL at the end.
source_of <- function(blocks, order, f) {
  if (is.function(blocks)) return(blocks)
  if (is.data.frame(blocks)) return(divided(one_by_one(list(blocks)), order, f))
  arrow <- c("ArrowTabular", "Dataset", "arrow_dplyr_query", "RecordBatchReader")
  if (!inherits(blocks, arrow)) return(one_by_one(as.list(blocks)))
  if (!inherits(blocks, "RecordBatchReader")) blocks <- getExportedValue("arrow", "as_record_batch_reader")(blocks)
  divided(function() {
    batch <- blocks$read_next_batch()
    if (!is.null(batch)) as.data.frame(batch)
  }, order, f)
}

# The rows of data frames, which `take` returns one after the other, in blocks of the size of a message.
divided <- function(take, order, f) {
  held <- NULL
  from <- 1
  whole <- FALSE   # whether the frame at hand has been sent
  function() {
    while (is.null(held) || whole) {
      held <<- take()
      if (is.null(held)) return(NULL)
      held <<- own_columns(held, f)
      from <<- 1
      # Batches without rows are left out.
      whole <<- nrow(held) == 0L
    }
    to <- min(nrow(held), from + rows_a_block(length(held), order) - 1)
    rows <- seq(from, to)
    from <<- to + 1
    whole <<- to == nrow(held)
    lapply(held, function(column) column[rows])
  }
}

# Blocks with the values of parameters beside their columns.
with_parameters <- function(take, at, f) {
  if (is.null(at)) return(take)
  at <- as.list(at)
  if (is.null(names(at)) || !all(nzchar(names(at))) || !all(lengths(at) == 1L)) {
    stop_argument("at must be a named vector of the values of parameters, for example c(a = 2)", "at")
  }
  function() {
    block <- take()
    if (is.null(block)) return(NULL)
    if (is.data.frame(block)) block <- own_columns(block, f)
    if (is.null(names(block))) stop_argument("name the columns of each block where parameters are given", "at")
    both <- intersect(names(block), names(at))
    if (length(both)) stop_argument(sprintf("'%s' is a column of the block and in at", both[1L]), "at")
    c(as.list(block), at)
  }
}
