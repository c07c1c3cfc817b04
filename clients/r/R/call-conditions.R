#' Errors of calls
#'
#' A call that fails signals an error of class `secant_error`, which `tryCatch()` can handle. Its message comes from the
#' server: what is wrong, where (with a caret under the text), and what to do.
#'
#' @section Classes: Each error has three classes that begin with `secant_`: its reason, its status, and `secant_error`.
#'
#' | status class | reason classes |
#' |---|---|
#' | `secant_invalid_argument` | `secant_syntax_error`, `secant_unknown_function`, `secant_unknown_variable`, `secant_not_differentiable`, `secant_limit_exceeded`, `secant_invalid_value` |
#' | `secant_out_of_range` | `secant_undefined_at_point` |
#' | `secant_resource_exhausted` | `secant_time_limit`, `secant_memory_limit`, `secant_busy` |
#' | `secant_unauthenticated` | `secant_unauthenticated` |
#' | `secant_unimplemented` | `secant_missing_part` |
#' | `secant_internal` | `secant_malformed_reply`: the reply does not fit its request |
#' | `secant_unavailable` | `secant_no_server`: [secant_start()] found nothing to start |
#' | `secant_deadline_exceeded`, `secant_cancelled` | |
#'
#' @section Fields: `status` ("INVALID_ARGUMENT"); `reason` ("SYNTAX_ERROR", or "" if the failure did not come from a
#'   Secant server); `span` (start and end in the expression's text, in characters from 1, end included; or `NULL`);
#'   `field`, the field of the request; `limit`, the limit that was exceeded; `retry_after`, seconds to wait before trying
#'   again; `metadata`, all details of the reason.
#'
#' An argument that is not valid fails before any call, with class `secant_invalid_argument` and reason "INVALID_VALUE".
#' Notices about an answer, such as that a value is that of a kink, are one warning of class `secant_notice` for each answer;
#' `suppressWarnings(call, classes = "secant_notice")` hides them. With `full = TRUE`, they are the element `notices` instead.
#'
#' @name secant_error
#' @examplesIf secant::secant_available()
#' failure <- tryCatch(sec_gradient("x^2 + * y"), secant_syntax_error = identity)
#' failure$span
#' cat(conditionMessage(failure))
NULL

# gRPC's status codes 1 to 16, in their order.
STATUSES <- c("CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
              "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
              "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED")

#' Signal the error of a gRPC status
#'
#' For transports only, see [secant_transport].
#'
#' @param status The number of the status (1 to 16) or its name, "UNAVAILABLE".
#' @param message The message of the status.
#' @param details The bytes of `grpc-status-details-bin`, or `NULL`.
#' @returns Nothing; it signals a [secant_error].
#' @export
#' @keywords internal
#' @examples
#' try(stop_status("UNAVAILABLE", "nobody there"))
stop_status <- function(status, message, details = NULL) {
  name <- if (is.numeric(status)) STATUSES[status] else status
  if (length(name) != 1L || is.na(name)) name <- "UNKNOWN"
  stop(condition_of(name, message, status_facts(details)))
}

# The condition of a status; `facts` is a result of status_facts().
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
      # The contract counts from 0 and excludes the end; R counts from 1 and includes it.
      span = if (length(start) && is.finite(start) && is.finite(number("end"))) c(start = start + 1, end = number("end")[[1L]]),
      field = facts$field,
      limit = if (length(limit) && is.finite(limit)) limit[[1L]],
      retry_after = facts$retry_after,
      metadata = facts$metadata
    )
  )
}

# Signals an error for an argument that is not valid.
stop_argument <- function(message, field = "") {
  stop(condition_of("INVALID_ARGUMENT", message,
                    list(reason = "INVALID_VALUE", metadata = character(), field = field, retry_after = NULL)))
}

# Signals the notices of an answer as one warning.
signal_notices <- function(notices) {
  if (!length(notices)) return(invisible())
  warning(structure(class = c("secant_notice", "warning", "condition"),
                    list(message = paste(printable(notices), collapse = "\n"), call = NULL)))
}
