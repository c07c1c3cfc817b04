# The transport over libcurl: unary calls. Comments describe pitfalls of libcurl and its R package where they matter.

curl_transport <- function(target, tls = NULL, metadata = NULL) {
  state <- new.env(parent = emptyenv())
  state$base <- paste0(if (is.null(tls)) "http://" else "https://", if (is.null(tls$name)) target else tls_host(target, tls))
  state$options <- curl_options(target, tls)
  state$metadata <- metadata
  # libcurl 7.88 (Debian 12) cannot use "HTTP/2 by prior knowledge" twice on one connection (curl#10634, fixed in 8.0).
  # There only a new connection uses it and an open one uses plain HTTP/2. A call whose connection has been closed is
  # repeated on a new one.
  state$legacy <- is.null(tls) && curl_version_is(">= 7.88.0") && curl_version_is("< 8.0.0")
  state$warm <- FALSE
  state$slots <- new.env(parent = emptyenv())
  list(
    unary = function(method, request, timeout) curl_unary(state, method, request, timeout),
    stream = function(method, requests, on_reply, timeout) curl_stream(state, method, requests, on_reply, timeout),
    close = function() {
      state$slots <- new.env(parent = emptyenv())
      state$pool <- NULL
      invisible(gc(FALSE))
    }
  )
}

curl_version_is <- function(what) {
  version <- numeric_version(sub("[^0-9.].*", "", curl::curl_version()$version))
  bound <- strsplit(what, " ", fixed = TRUE)[[1L]]
  match.fun(bound[1L])(version, bound[2L])
}

curl_options <- function(target, tls) {
  options <- list(post = TRUE)
  if (grepl("^(127[.]|localhost:|\\[::1\\])", target)) options$proxy <- ""   # no proxy for this machine
  if (is.null(tls)) return(options)
  if (!is.null(tls$name)) options$connect_to <- paste0("::", target)
  c(options, tls[intersect(c("cainfo", "sslcert", "sslkey"), names(tls))])
}

# "name:port" for a certificate whose name differs from that of the target.
tls_host <- function(target, tls) paste0(tls$name, sub("^.*(:[0-9]+)$", "\\1", target))

# Bytes. libcurl 7.88 (Debian 12) sets aside what does not fit into its buffer of 16 kB, and sometimes delivers what follows before it:
# in one of ten long answers, values came in the wrong order. It reads 32 kB from the network at once, which always fit here.
BUFFER <- 65536L

PRIOR_KNOWLEDGE <- 5L   # CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
BY_ALPN <- 4L           # CURL_HTTP_VERSION_2TLS
PLAIN_HTTP2 <- 3L       # CURL_HTTP_VERSION_2_0

new_handle <- function(state, method, timeout) {
  handle <- curl::new_handle(
    url = paste0(state$base, method),
    http_version = if (startsWith(state$base, "https")) BY_ALPN else PRIOR_KNOWLEDGE,
    buffersize = BUFFER,
    timeout_ms = if (is.finite(timeout)) as.integer(min(ceiling(timeout * 1000), .Machine$integer.max)) else 0L
  )
  curl::handle_setopt(handle, .list = state$options)
  headers <- c(
    "content-type" = "application/grpc", te = "trailers", "grpc-accept-encoding" = "identity",
    # The server gets the same deadline; gRPC allows at most eight digits.
    "grpc-timeout" = if (is.finite(timeout)) sprintf("%.0fm", min(ceiling(timeout * 1000), 99999999)),
    "user-agent" = AGENT, state$metadata
  )
  curl::handle_setheaders(handle, .list = as.list(headers))
  handle
}

AGENT <- "secant-r/0.1"

# Setting the options of a handle takes longer than a call (0.2 ms and 0.1 ms). Therefore handles are stored by method,
# timeout and size of the body, at most this many.
HANDLES <- 256L

curl_unary <- function(state, method, request, timeout) {
  body <- frame(request)
  key <- paste(method, timeout, length(body))
  slot <- state$slots[[key]]
  # Busy until the call ends, so that the handle of a call that ended early, in an unknown state, is not used again.
  if (is.null(slot) || slot$busy) {
    slot <- new_slot(state, method, timeout, length(body))
    if (length(state$slots) < HANDLES) state$slots[[key]] <- slot
  }
  slot$busy <- TRUE
  answer <- fetch(state, slot, body, timeout)
  slot$busy <- FALSE
  check_status(answer$headers, answer$status_code)
  unframe(answer$content)
}

# A handle whose body is read from the slot when libcurl needs it.
new_slot <- function(state, method, timeout, size) {
  slot <- new.env(parent = emptyenv())
  slot$busy <- FALSE
  slot$url <- paste0(state$base, method)
  slot$handle <- new_handle(state, method, timeout)
  # Without the size, libcurl 7.88 treats the connection as dead after its first answer.
  curl::handle_setopt(slot$handle, postfieldsize = size, readfunction = function(most) {
    left <- slot$left
    if (length(left) <= most) {
      slot$left <- raw()
      return(left)
    }
    slot$left <- left[(most + 1L):length(left)]
    left[seq_len(most)]
  })
  if (state$legacy) curl::handle_setopt(slot$handle, http_version = PLAIN_HTTP2)
  slot
}

LOST <- 6L

fetch <- function(state, slot, body, timeout) {
  since <- now()
  ask <- function() {
    slot$left <- body
    curl::curl_fetch_memory(slot$url, slot$handle)
  }
  if (!state$legacy) return(tryCatch(ask(), error = function(e) stop_curl(e, since, timeout)))
  if (state$warm) {
    answer <- tryCatch(ask(), error = function(e) if (late(since, timeout)) stop_curl(e, since, timeout))
    if (!is.null(answer)) return(answer)
    state$warm <- FALSE
  }
  curl::handle_setopt(slot$handle, http_version = PRIOR_KNOWLEDGE, fresh_connect = TRUE)
  # libcurl 7.88 also loses an answer that arrives before the body is sent, such as the rejection of a token: one call in
  # eight, measured.
  for (again in seq_len(LOST)) {
    answer <- tryCatch(ask(), error = identity)
    if (!inherits(answer, "error") || !grepl("Stream error", conditionMessage(answer), fixed = TRUE)) break
  }
  if (inherits(answer, "error")) stop_curl(answer, since, timeout)
  curl::handle_setopt(slot$handle, http_version = PLAIN_HTTP2, fresh_connect = FALSE)
  state$warm <- TRUE
  answer
}

late <- function(since, timeout) now() - since >= timeout * 0.99

stop_curl <- function(failure, since, timeout) {
  message <- if (is.character(failure)) failure else conditionMessage(failure)
  stop_status(if (late(since, timeout)) "DEADLINE_EXCEEDED" else "UNAVAILABLE", message)
}
