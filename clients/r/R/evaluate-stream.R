#' Values at points without end
#'
#' Blocks of points go to the server as they come, answers come back in their order; nothing is held longer than
#' one block needs. For points that are all there, [evaluate()] does the same by itself.
#'
#' @inheritParams evaluate
#' @param blocks A list of blocks of points, each as for [evaluate()], or a function that returns the next block and
#'   `NULL` at the end. Blocks are asked for ahead of the answers.
#' @param on_block Called with each answer, as [evaluate()] returns it, and the number of points answered before;
#'   `FALSE` from it ends the stream. `NULL`: the answers are kept and returned.
#' @returns Without `on_block` the list of answers; with it the number of blocks answered, invisibly.
#' @inheritSection differentiate Errors
#' @export
#' @examplesIf secant::secant_available()
#' evaluate_stream(~ x^2, list(1:2, 3:5))
#' evaluate_stream(~ x^2, list(1:2, 3:5), on_block = function(values, offset) cat(offset, ":", values, "\n"))
evaluate_stream <- function(f, blocks, variables = NULL, order = 0, on_block = NULL, data = NULL, connection = NULL) {
  f <- sec_function(f, data)
  take <- if (is.function(blocks)) blocks else one_by_one(as.list(blocks))
  next_block <- function(number) {
    block <- take()
    if (!is.null(block)) points_of(block, f)
  }
  # The first block tells which names the points give a meaning.
  first <- next_block(1)
  message <- expression_message(f, c(variables, names(first)))
  answers <- list()
  count <- 0L
  names <- character()
  converse(connection_of(connection), message, variables, order, timeout = Inf,
           blocks = function(number) if (number == 1) first else next_block(number), on_reply = function(reply) {
    # Only the first answer names the variables.
    if (count == 0L) names <<- utf8(reply$variables)
    count <<- count + 1L
    values <- evaluation_out(list(reply), names, order)
    if (is.null(on_block)) answers[[count]] <<- values else on_block(values, reply$offset)
  })
  if (is.null(on_block)) answers else invisible(count)
}
