#' Everything that a call can fail with
#'
#' A failed call stops with a condition of class `secant_error`, which `tryCatch()` can tell from others. Its
#' message is the server's: what is wrong, where (a caret under the text), what to do.
#'
#' @section Classes: Each condition has three classes that begin with `secant_`: its reason, its status, and
#'   `secant_error`.
#'
#' | status class | reason classes |
#' |---|---|
#' | `secant_invalid_argument` | `secant_syntax_error`, `secant_unknown_function`, `secant_unknown_variable`, `secant_not_differentiable`, `secant_limit_exceeded`, `secant_invalid_value` |
#' | `secant_out_of_range` | `secant_undefined_at_point` |
#' | `secant_resource_exhausted` | `secant_time_limit`, `secant_memory_limit`, `secant_busy` |
#' | `secant_unauthenticated` | `secant_unauthenticated` |
#' | `secant_unimplemented` | `secant_missing_part` |
#' | `secant_unavailable`, `secant_deadline_exceeded`, `secant_cancelled`, `secant_internal` | |
#'
#' @section Fields: `status` ("INVALID_ARGUMENT"), `reason` ("SYNTAX_ERROR", or "" where the failure did not
#'   come from a Secant server), `span` (start and end in characters of the expression's text, the first is 1, the
#'   end included; or `NULL`), `field` of the request, `limit` that was passed, `retry_after` in seconds, and
#'   `metadata`, all facts that came with the reason.
#'
#' An argument that makes no sense before any call is a `secant_invalid_argument` with reason "INVALID_VALUE".
#' What a reader of an answer should know, such as that a variable does not occur, is told by [message()] with
#' class `secant_notice`: `suppressMessages()` silences it.
#'
#' @name secant_error
#' @examplesIf secant::secant_available()
#' failure <- tryCatch(gradient("x^2 + * y"), secant_syntax_error = identity)
#' failure$span
#' cat(conditionMessage(failure))
NULL

# gRPC's status codes 1 to 16, in their order.
STATUSES <- c("CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
              "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
              "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED")

#' Fail with a status of gRPC
#'
#' For transports only: see [secant_transport].
#'
#' @param status The status' number (1 to 16) or name, "UNAVAILABLE".
#' @param message What the status came with.
#' @param details The bytes of its `grpc-status-details-bin`, or `NULL`.
#' @returns Never; it stops with a [secant_error].
#' @export
#' @keywords internal
#' @examples
#' try(stop_status("UNAVAILABLE", "nobody there"))
stop_status <- function(status, message, details = NULL) {
  name <- if (is.numeric(status)) STATUSES[status] else status
  if (length(name) != 1L || is.na(name)) name <- "UNKNOWN"
  stop(condition_of(name, message, status_facts(details)))
}

# The condition of a status; `facts` as status_facts() gives them.
condition_of <- function(status, message, facts) {
  class <- unique(tolower(paste0("secant_", c(facts$reason[nzchar(facts$reason)], status, "error"))))
  if (!nzchar(message)) message <- status
  number <- function(name) suppressWarnings(as.numeric(facts$metadata[name]))
  start <- number("start")
  limit <- number("limit")
  structure(
    class = c(class, "error", "condition"),
    list(
      message = message,
      call = NULL,
      status = status,
      reason = facts$reason,
      # The wire counts from 0 and leaves the end out; R counts from 1 and keeps it.
      span = if (length(start) && !is.na(start)) c(start = start + 1, end = number("end")[[1L]]),
      field = facts$field,
      limit = if (length(limit) && !is.na(limit)) limit[[1L]],
      retry_after = facts$retry_after,
      metadata = facts$metadata
    )
  )
}

# An argument that makes no sense.
stop_argument <- function(message, field = "") {
  stop(condition_of("INVALID_ARGUMENT", message,
                    list(reason = "INVALID_VALUE", metadata = character(), field = field, retry_after = NULL)))
}

tell_notices <- function(notices) {
  for (notice in utf8(as.character(notices))) {
    message(structure(class = c("secant_notice", "message", "condition"),
                      list(message = paste0(notice, "\n"), call = NULL)))
  }
}
