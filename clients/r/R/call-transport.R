#' Transports for messages
#'
#' A connection makes its calls through a transport, a list of three functions. The package has one that uses libcurl.
#' Pass another one, for example one that uses a compiled gRPC library, to [secant_connect()] as `transport`.
#'
#' \describe{
#'   \item{`unary(method, request, timeout)`}{returns the bytes of the reply.}
#'   \item{`stream(method, requests, on_reply, timeout)`}{calls `on_reply(bytes)` for each reply in order. If that returns
#'     `FALSE`, fails or is interrupted, it cancels the call.}
#'   \item{`close()`}{closes all open connections.}
#' }
#'
#' `method` is the path "/secant.v1.CalculusService/Gradient". `request` is the bytes of one message. `requests` is a list
#' of such bytes, or a function that returns the next bytes and `NULL` at the end. `timeout` is the remaining time in
#' seconds or `Inf`. A call that fails must call [stop_status()]. Calls of the service have no side effects, so the
#' connection repeats a unary call that failed with UNAVAILABLE.
#'
#' @name secant_transport
#' @keywords internal
NULL

SERVICE <- "/secant.v1.CalculusService/"

# Pauses in seconds between attempts of a call, as in the Python client.
PAUSES <- c(0.02, 0.1, 0.5)

# Makes a unary call and returns the reply message. Called thousands of times, so the usual path is the shortest.
call_unary <- function(connection, rpc, request) {
  # Invalid arguments fail here with their own class, not as a failed call.
  force(connection)
  force(request)
  since <- now()
  method <- paste0(SERVICE, rpc)
  reply <- tryCatch(connection$transport$unary(method, request, connection$timeout), secant_error = identity)
  if (!is.raw(reply)) reply <- ask_again(connection, method, request, reply, since)
  # A reply without its formula is refused below, so that its bytes need not be checked.
  check_reply(rpc, read_reply(message_type(paste0(rpc, "Response")), reply, checked = rpc == "Differentiate"))
}

# Repeats a failed call while no server answers and time is left; returns the bytes of the reply.
ask_again <- function(connection, method, bytes, failure, since) {
  for (pause in PAUSES) {
    left <- connection$timeout - (now() - since) - pause
    # CANCELLED that this client did not request comes from a proxy, or a server that is stopping.
    if (!failure$status %in% c("UNAVAILABLE", "CANCELLED") || left <= 0) break
    Sys.sleep(pause)
    reply <- tryCatch(connection$transport$unary(method, bytes, left), secant_error = identity)
    if (is.raw(reply)) return(reply)
    failure <- reply
  }
  stop(with_advice(connection, failure))
}

# Makes a call with many replies: `on_reply` gets each message; if it returns FALSE, the call ends.
call_stream <- function(connection, rpc, requests, on_reply, timeout = connection$timeout) {
  force(connection)
  force(requests)
  type <- message_type(paste0(rpc, "Response"))
  explained(connection, connection$transport$stream(
    paste0(SERVICE, rpc), requests, function(bytes) on_reply(read_reply(type, bytes)), timeout
  ))
}

now <- function() proc.time()[[3L]]

explained <- function(connection, call) {
  tryCatch(call, secant_error = function(e) stop(with_advice(connection, e)))
}

# Adds advice to a failure that no Secant server explains.
with_advice <- function(connection, failure) {
  if (nzchar(failure$reason)) return(failure)
  where <- sprintf("\n  %s: %s\n", connection$target, failure$message)
  failure$message <- switch(failure$status,
    UNAVAILABLE = paste0(
      if (ended_before(connection)) "the server of this session has ended" else "no Secant server answered", where,
      "run secant_start() to start one on this machine, or give the address of another one: secant_connect(\"host:port\")"),
    DEADLINE_EXCEEDED = paste0("no answer within ", format(connection$timeout), " s", where,
                               "allow more time: with_timeout(connection, seconds)"),
    CANCELLED = paste0("the call was cancelled, but not by this client", where, "try again"),
    UNIMPLEMENTED = paste0("this server does not have the method", where, "sec_describe() lists the methods it has"),
    failure$message
  )
  failure
}
