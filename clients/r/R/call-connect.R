#' Connect to a Secant server
#'
#' The first call opens the connection, which then stays open. The functions of this package have the argument
#' `connection`. Its default is the option `secant.connection` (a connection or an address), which `secant_connect()` sets;
#' if that is not set, the address in the environment variable `SECANT_SERVER`, or else 127.0.0.1:50051.
#'
#' @param target The address of the server, "host:port".
#' @param token Access token of the server. The default is the environment variable `SECANT_TOKEN`; `NULL` sends none.
#' @param tls Certificates, see [secant_tls()]. `NULL` connects without TLS.
#' @param timeout Time limit of each call in seconds; `Inf` sets no limit.
#' @param default Whether to make this connection the default.
#' @param transport Another transport for messages, see [secant_transport]; it must handle `target`, `token` and `tls`
#'   itself.
#' @returns A connection, an object of class `secant_connection`; invisibly if `default` is `TRUE`.
#' @section Errors: `secant_invalid_argument` if an argument is not valid; see [secant_error].
#' @export
#' @examples
#' connection <- secant_connect("127.0.0.1:50051", default = FALSE)
#' connection
#' with_timeout(connection, 5)
secant_connect <- function(target = Sys.getenv("SECANT_SERVER", "127.0.0.1:50051"), token = env_token(),
                           tls = NULL, timeout = 30, default = TRUE, transport = NULL) {
  check_target(target)
  check_timeout(timeout)
  check_token(token)
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

# HTTP/2 and the header of a bearer token (RFC 6750) allow no other characters. The message does not contain the token.
check_token <- function(token) {
  if (is.null(token)) return(invisible())
  if (!is.character(token) || length(token) != 1L || is.na(token) || !grepl("^[!-~]([ -~]*[!-~])?$", token, useBytes = TRUE)) {
    stop_argument(paste0("a token consists of printable ASCII characters, with no blank or line end around it; this one has others or is empty\n",
                         "read it from its file without the line end: readLines(file, 1)"), "token")
  }
}

check_target <- function(target) {
  if (!is.character(target) || length(target) != 1L || !grepl("^[^/]+:[0-9]+$", target)) {
    stop_argument(sprintf("target must be \"host:port\"; got %s", deparse_text(target)), "target")
  }
}

check_timeout <- function(timeout) {
  if (!is.numeric(timeout) || length(timeout) != 1L || is.na(timeout) || timeout <= 0) {
    stop_argument("timeout must be a number of seconds above 0, or Inf for no limit", "timeout")
  }
}

#' Certificates for a connection with TLS
#'
#' @param roots PEM file with the CA certificates to trust. `NULL`: the system's.
#' @param certificate PEM file with the client's own certificate, for a server that requires one (mutual TLS).
#' @param key PEM file with the private key of `certificate`.
#' @param name The name in the server's certificate if it differs from that of the target.
#' @returns A value for the argument `tls` of [secant_connect()].
#' @section Errors: `secant_invalid_argument` if a file does not exist, or if only one of `certificate` and `key` is given.
#' @export
#' @examples
#' secant_connect("calculus.example.org:443", tls = secant_tls(), default = FALSE)
secant_tls <- function(roots = NULL, certificate = NULL, key = NULL, name = NULL) {
  if (is.null(certificate) != is.null(key)) stop_argument("certificate and key go together: give both or neither", "tls")
  files <- list(cainfo = roots, sslcert = certificate, sslkey = key)
  files <- lapply(files[lengths(files) > 0L], function(file) {
    if (!file.exists(file)) stop_argument(paste("there is no file", file), "tls")
    normalizePath(file)
  })
  structure(class = "secant_tls", c(files, list(name = name)))
}

#' Change the timeout of a connection
#'
#' @param connection A connection. `NULL`: the default connection.
#' @param seconds Time limit of each call in seconds; `Inf` sets no limit.
#' @returns A copy of the connection with another timeout. Both share their open connections.
#' @export
with_timeout <- function(connection, seconds) {
  check_timeout(seconds)
  connection <- connection_of(connection)
  connection$timeout <- seconds
  connection
}

# The connection that a call uses.
connection_of <- function(connection) {
  if (is.null(connection)) connection <- getOption("secant.connection")
  if (is.null(connection)) connection <- secant_connect()
  if (is.character(connection)) {
    # Stored by its address, so that the next call finds the connection open.
    found <- addresses[[connection]]
    if (is.null(found)) addresses[[connection]] <- found <- secant_connect(connection, default = FALSE)
    return(found)
  }
  if (!inherits(connection, "secant_connection")) {
    stop_argument("connection must be a result of secant_connect(), or an address", "connection")
  }
  connection
}

addresses <- new.env(parent = emptyenv())

#' Test whether a server answers
#'
#' @param connection A connection. `NULL`: the default connection, see [secant_connect()].
#' @returns `TRUE` if the server answers within one second, else `FALSE`.
#' @export
#' @examples
#' secant_available()
secant_available <- function(connection = NULL) {
  before <- options(secant.connection = getOption("secant.connection"))
  on.exit(options(before))   # the test must not change the default connection
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
