#' Connect to a Secant server
#'
#' The connection is made by the first call and kept. Verbs take a connection as their last argument; without one
#' they use the option `secant.connection` (a connection, or an address), which `secant_connect()` sets, and
#' without that the server at the variable `SECANT_SERVER` or 127.0.0.1:50051.
#'
#' @param target Where the server listens, "host:port".
#' @param token The token that the server asks for; `NULL` sends none.
#' @param tls Certificates for a server that speaks TLS: [secant_tls()]. `NULL` speaks in the clear.
#' @param timeout Seconds for each call; `Inf` waits for ever.
#' @param default Whether verbs are to use this connection where none is named.
#' @param transport Another way to carry messages, see [secant_transport]; `target`, `token` and `tls` are then its
#'   own affair.
#' @returns A connection, an object of class `secant_connection`.
#' @export
#' @examples
#' connection <- secant_connect("127.0.0.1:50051", default = FALSE)
#' connection
#' with_timeout(connection, 5)
secant_connect <- function(target = Sys.getenv("SECANT_SERVER", "127.0.0.1:50051"), token = env_token(),
                           tls = NULL, timeout = 30, default = TRUE, transport = NULL) {
  check_target(target)
  check_timeout(timeout)
  metadata <- if (!is.null(token)) c(authorization = paste("Bearer", token))
  if (is.null(transport)) transport <- curl_transport(target, tls, metadata)
  connection <- structure(class = "secant_connection", list(target = target, timeout = timeout, transport = transport))
  if (default) options(secant.connection = connection)
  if (default) invisible(connection) else connection
}

env_token <- function() {
  token <- Sys.getenv("SECANT_TOKEN")
  if (nzchar(token)) token
}

check_target <- function(target) {
  if (!is.character(target) || length(target) != 1L || !grepl("^[^/]+:[0-9]+$", target)) {
    stop_argument(sprintf("a target is \"host:port\", not %s", deparse_text(target)), "target")
  }
}

check_timeout <- function(timeout) {
  if (!is.numeric(timeout) || length(timeout) != 1L || is.na(timeout) || timeout <= 0) {
    stop_argument("a timeout is a number of seconds above 0; Inf waits for ever", "timeout")
  }
}

#' Certificates for a server that speaks TLS
#'
#' @param roots Whom to trust: a PEM file. `NULL`: the machine's own list.
#' @param certificate The client's own certificate, where the server asks for one (mutual TLS): a PEM file.
#' @param key Its key: a PEM file.
#' @param name The name in the server's certificate, where it is not that of the target.
#' @returns A value for `tls` of [secant_connect()].
#' @export
#' @examples
#' secant_connect("calculus.example.org:443", tls = secant_tls(), default = FALSE)
secant_tls <- function(roots = NULL, certificate = NULL, key = NULL, name = NULL) {
  if (is.null(certificate) != is.null(key)) stop_argument("certificate and key go together", "tls")
  files <- list(cainfo = roots, sslcert = certificate, sslkey = key)
  files <- lapply(files[lengths(files) > 0L], function(file) {
    if (!file.exists(file)) stop_argument(paste("there is no file", file), "tls")
    normalizePath(file)
  })
  structure(class = "secant_tls", c(files, list(name = name)))
}

#' The same connection with another timeout
#'
#' @param connection A connection.
#' @param seconds For each call; `Inf` waits for ever.
#' @returns A connection that shares what `connection` keeps open.
#' @export
with_timeout <- function(connection, seconds) {
  check_timeout(seconds)
  connection <- connection_of(connection)
  connection$timeout <- seconds
  connection
}

# The connection that a verb uses.
connection_of <- function(connection) {
  if (is.null(connection)) connection <- getOption("secant.connection")
  if (is.null(connection)) connection <- secant_connect()
  if (is.character(connection)) {
    # Kept by its address, so that the next call finds the connection open.
    found <- addresses[[connection]]
    if (is.null(found)) addresses[[connection]] <- found <- secant_connect(connection, default = FALSE)
    return(found)
  }
  if (!inherits(connection, "secant_connection")) {
    stop_argument("a connection is what secant_connect() returns, or an address", "connection")
  }
  connection
}

addresses <- new.env(parent = emptyenv())

#' Whether a server answers
#'
#' @param connection A connection; `NULL`: that of the option, see [secant_connect()].
#' @returns `TRUE` or `FALSE`, within a second.
#' @export
#' @examples
#' secant_available()
secant_available <- function(connection = NULL) {
  before <- options(secant.connection = getOption("secant.connection"))
  on.exit(options(before))   # to ask is not to connect
  tryCatch({
    call_unary(with_timeout(connection, 1), "Describe", proto("DescribeRequest"))
    TRUE
  }, secant_error = function(e) FALSE)
}

#' @export
format.secant_connection <- function(x, ...) sprintf("<Secant server at %s>", x$target)

#' @export
print.secant_connection <- function(x, ...) print_lines(x, ...)

#' @export
close.secant_connection <- function(con, ...) con$transport$close()
