# The transport over libcurl, unary calls. Traps of libcurl and its R package are told where they are met.

curl_transport <- function(target, tls = NULL, metadata = NULL) {
  state <- new.env(parent = emptyenv())
  state$base <- paste0(if (is.null(tls)) "http://" else "https://", if (is.null(tls$name)) target else tls_host(target, tls))
  state$options <- curl_options(target, tls)
  state$metadata <- metadata
  # libcurl 7.88 (Debian 12) cannot say "HTTP/2 by prior knowledge" twice on one connection (curl#10634, mended
  # in 8.0). There a new connection says it, a live one is asked for plain HTTP/2, and a call that finds its
  # connection gone is made once more on a new one.
  state$legacy <- is.null(tls) && curl_version_is(">= 7.88.0") && curl_version_is("< 8.0.0")
  state$warm <- FALSE
  state$idle <- new.env(parent = emptyenv())
  list(
    unary = function(method, request, timeout) curl_unary(state, method, request, timeout),
    stream = function(method, requests, on_reply, timeout) curl_stream(state, method, requests, on_reply, timeout),
    close = function() {
      rm(list = ls(state$idle), envir = state$idle)
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
  if (grepl("^(127[.]|localhost:|\\[::1\\])", target)) options$proxy <- ""   # a proxy is for elsewhere
  if (is.null(tls)) return(options)
  if (!is.null(tls$name)) options$connect_to <- paste0("::", target)
  c(options, tls[intersect(c("cainfo", "sslcert", "sslkey"), names(tls))])
}

# "name:port", where the certificate's name is not that of the target.
tls_host <- function(target, tls) paste0(tls$name, sub("^.*(:[0-9]+)$", "\\1", target))

PRIOR_KNOWLEDGE <- 5L   # CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
BY_ALPN <- 4L           # CURL_HTTP_VERSION_2TLS
PLAIN_HTTP2 <- 3L       # CURL_HTTP_VERSION_2_0

new_handle <- function(state, method, timeout) {
  handle <- curl::new_handle(
    url = paste0(state$base, method),
    http_version = if (startsWith(state$base, "https")) BY_ALPN else PRIOR_KNOWLEDGE,
    timeout_ms = if (is.finite(timeout)) as.integer(min(ceiling(timeout * 1000), .Machine$integer.max)) else 0L
  )
  curl::handle_setopt(handle, .list = state$options)
  headers <- c(
    "content-type" = "application/grpc", te = "trailers", "grpc-accept-encoding" = "identity",
    # As long as it waits here it may work there; the largest that the wire takes is eight digits.
    "grpc-timeout" = if (is.finite(timeout)) sprintf("%.0fm", min(ceiling(timeout * 1000), 99999999)),
    "user-agent" = AGENT, state$metadata
  )
  curl::handle_setheaders(handle, .list = as.list(headers))
  handle
}

AGENT <- "secant-r/0.1"

curl_unary <- function(state, method, request, timeout) {
  # Setting a handle's options costs more than a call: one is kept for each method and timeout.
  key <- paste(method, timeout)
  handle <- state$idle[[key]]
  if (is.null(handle)) {
    handle <- new_handle(state, method, timeout)
    if (state$legacy) curl::handle_setopt(handle, http_version = PLAIN_HTTP2)
  } else {
    # Whatever ends this call early leaves no handle in an unknown state behind.
    state$idle[[key]] <- NULL
  }
  # libcurl counts to the first NUL unless the size is set before the body.
  body <- frame(request)
  curl::handle_setopt(handle, postfieldsize = length(body), copypostfields = body)
  answer <- fetch(state, paste0(state$base, method), handle, timeout)
  state$idle[[key]] <- handle
  check_status(answer$headers, answer$status_code)
  unframe(answer$content)
}

fetch <- function(state, url, handle, timeout) {
  since <- now()
  if (!state$legacy) {
    return(tryCatch(curl::curl_fetch_memory(url, handle), error = function(e) stop_curl(e, since, timeout)))
  }
  if (state$warm) {
    answer <- tryCatch(curl::curl_fetch_memory(url, handle), error = function(e) {
      if (late(since, timeout)) stop_curl(e, since, timeout)
    })
    if (!is.null(answer)) return(answer)
    state$warm <- FALSE
  }
  curl::handle_setopt(handle, http_version = PRIOR_KNOWLEDGE, fresh_connect = TRUE)
  answer <- tryCatch(curl::curl_fetch_memory(url, handle), error = function(e) stop_curl(e, since, timeout))
  curl::handle_setopt(handle, http_version = PLAIN_HTTP2, fresh_connect = FALSE)
  state$warm <- TRUE
  answer
}

late <- function(since, timeout) now() - since >= timeout * 0.99

stop_curl <- function(failure, since, timeout) {
  message <- if (is.character(failure)) failure else conditionMessage(failure)
  stop_status(if (late(since, timeout)) "DEADLINE_EXCEEDED" else "UNAVAILABLE", message)
}
