# The transport over libcurl: streams.

# Seconds between checks for an interrupt of the caller.
LOOK <- 0.05

curl_stream <- function(state, method, requests, on_reply, timeout) {
  # A handle used twice with multi_add would add up the headers of both calls.
  handle <- new_handle(state, method, timeout)
  broken <- NULL
  give_body(handle, requests, function(e) broken <<- e)
  # The pool's connections are not those of unary calls; a new one each time avoids 7.88's trap.
  if (state$legacy) curl::handle_setopt(handle, fresh_connect = TRUE, forbid_reuse = TRUE)
  pool <- if (is.null(state$pool)) curl::new_pool() else state$pool
  state$pool <- NULL   # a call made from inside on_reply gets one of its own
  on.exit(state$pool <- pool)

  answer <- NULL
  halt <- NULL
  feed <- deframer(function(bytes) {
    if (is.null(halt) && identical(on_reply(bytes), FALSE)) halt <<- FALSE
  })
  # An R error that leaves a callback of libcurl ends the process, so it is stored and signalled later.
  take <- function(bytes, ...) {
    if (is.null(halt) && length(bytes)) {
      tryCatch(feed(bytes), error = function(e) halt <<- e, interrupt = function(e) halt <<- e)
    }
  }
  curl::multi_add(handle, pool = pool, data = take,
                  done = function(found) answer <<- found, fail = function(message) answer <<- message)
  since <- now()
  tryCatch(
    while (is.null(answer) && is.null(halt) && is.null(broken)) curl::multi_run(timeout = LOOK, poll = TRUE, pool = pool),
    finally = if (is.null(answer)) {
      # Newer libcurl keeps the connection of an abandoned call and informs the server only with the next call.
      curl::handle_setopt(handle, forbid_reuse = TRUE)
      curl::multi_cancel(handle)
    }
  )
  if (identical(halt, FALSE)) return(invisible())
  if (inherits(halt, "interrupt")) interrupt(halt)
  if (!is.null(halt)) stop(halt)
  if (!is.null(broken)) stop(broken)
  if (is.character(answer)) stop_curl(answer, since, timeout)
  check_status(answer$headers, answer$status_code)
  invisible()
}

# An interrupt that came while a callback ran.
interrupt <- function(condition) {
  signalCondition(condition)
  invokeRestart("abort")   # no handler took it: abort, as R does
}

# Sets the body of a call: all requests at once, or one after the other when libcurl needs them.
give_body <- function(handle, requests, on_error) {
  if (is.list(requests) && length(requests) == 1L) {
    body <- frame(requests[[1L]])
    return(curl::handle_setopt(handle, postfieldsize = length(body), copypostfields = body))
  }
  # A large body given at once takes libcurl 7.88 seconds: 8 MB took 14 times as long as in pieces.
  if (is.list(requests)) requests <- one_by_one(requests)
  held <- raw()
  ended <- FALSE
  more <- function(size) {
    while (!ended && length(held) < size) {
      message <- requests()
      ended <<- is.null(message)
      if (!ended) held <<- c(held, frame(message))
    }
    given <- held[seq_len(min(size, length(held)))]
    held <<- held[seq.int(length(given) + 1L, length.out = length(held) - length(given))]
    given
  }
  # The body cannot be read twice, so no old connection is used, which may have been closed.
  curl::handle_setopt(handle, fresh_connect = TRUE, upload = TRUE, customrequest = "POST", readfunction = function(size) {
    tryCatch(more(size), error = function(e) {
      on_error(e)
      raw()
    })
  })
}

one_by_one <- function(items) {
  force(items)
  taken <- 0L
  function() {
    taken <<- taken + 1L
    if (taken <= length(items)) items[[taken]]
  }
}
