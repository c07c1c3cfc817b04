#' How messages travel
#'
#' A connection hands every call to its transport, a list of three functions. The package brings one over
#' libcurl; another (such as one over a compiled gRPC library) is given to [secant_connect()] as `transport`.
#'
#' \describe{
#'   \item{`unary(method, request, timeout)`}{returns the bytes of the one reply.}
#'   \item{`stream(method, requests, on_reply, timeout)`}{calls `on_reply(bytes)` for each reply in its order and
#'     ends the call early where that returns `FALSE`, fails or is interrupted; the server is told so.}
#'   \item{`close()`}{ends what is kept open.}
#' }
#'
#' `method` is the path "/secant.v1.CalculusService/Gradient", `request` the bytes of one message, `requests` a
#' list of such bytes, or a function that returns the next and `NULL` at the end, `timeout` the seconds left or
#' `Inf`. A call that fails stops through [stop_status()]. Calls of the service are pure: the connection makes a
#' unary one again where it stopped with UNAVAILABLE.
#'
#' @name secant_transport
#' @keywords internal
NULL

SERVICE <- "/secant.v1.CalculusService/"

# Attempts of a call and the pauses between them in seconds, those of the Python client.
PAUSES <- c(0.02, 0.1, 0.5)

# One call: the reply message. Called thousands of times, so that the usual way, one good answer, is the shortest.
call_unary <- function(connection, rpc, request) {
  # What cannot be asked fails here, with its own class, and not as a failed call.
  force(connection)
  force(request)
  since <- now()
  bytes <- RProtoBuf::serialize(request, NULL)
  method <- paste0(SERVICE, rpc)
  reply <- tryCatch(connection$transport$unary(method, bytes, connection$timeout), secant_error = identity)
  if (!is.raw(reply)) reply <- ask_again(connection, method, bytes, reply, since)
  RProtoBuf::read(message_type(paste0(rpc, "Response")), reply)
}

# The reply of a call that failed, made again while nobody answers and time is left.
ask_again <- function(connection, method, bytes, failure, since) {
  for (pause in PAUSES) {
    left <- connection$timeout - (now() - since) - pause
    if (failure$status != "UNAVAILABLE" || left <= 0) break
    Sys.sleep(pause)
    reply <- tryCatch(connection$transport$unary(method, bytes, left), secant_error = identity)
    if (is.raw(reply)) return(reply)
    failure <- reply
  }
  stop(with_advice(connection, failure))
}

# One call with many replies: `on_reply` gets each as a message, FALSE ends the call.
call_stream <- function(connection, rpc, requests, on_reply, timeout = connection$timeout) {
  force(connection)
  force(requests)
  type <- message_type(paste0(rpc, "Response"))
  explained(connection, connection$transport$stream(
    paste0(SERVICE, rpc), requests, function(bytes) on_reply(RProtoBuf::read(type, bytes)), timeout
  ))
}

now <- function() proc.time()[["elapsed"]]

explained <- function(connection, call) {
  tryCatch(call, secant_error = function(e) stop(with_advice(connection, e)))
}

# What to do about a failure that no Secant server explains.
with_advice <- function(connection, failure) {
  if (nzchar(failure$reason)) return(failure)
  said <- sprintf("\n  %s: %s\n", connection$target, failure$message)
  failure$message <- switch(failure$status,
    UNAVAILABLE = paste0("no Secant server answers", said, "start one with `secantd`, or name another: secant_connect(\"host:port\")"),
    DEADLINE_EXCEEDED = paste0("no answer within ", format(connection$timeout), " s", said,
                               "allow more with with_timeout(connection, seconds)"),
    UNIMPLEMENTED = paste0("this server does not have the method", said, "ask it for what it has with describe()"),
    failure$message
  )
  failure
}
