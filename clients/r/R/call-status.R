# Parsing of a gRPC status: trailers, percent-encoding, base64, google.rpc.Status and its details.

# Names and values of the last answer's headers and trailers.
fields_of <- function(headers) {
  lines <- strsplit(text_of(headers), "\r\n", fixed = TRUE)[[1L]]
  first <- max(0L, grep("^HTTP/", lines))
  lines <- lines[seq_along(lines) > first & nzchar(lines)]
  at <- regexpr(":", lines, fixed = TRUE)
  stats::setNames(sub("^ ", "", substring(lines, at + 1L)), tolower(substring(lines, 1L, at - 1L)))
}

# Headers as text. Bytes that are not ASCII, which gRPC does not allow, would make rawToChar() or strsplit() fail.
text_of <- function(headers) {
  headers[headers == 0 | headers > 0x7f] <- charToRaw("?")
  rawToChar(headers)
}

# Stops unless the call succeeded. `http` is the HTTP status.
check_status <- function(headers, http) {
  # The usual case, recognized without parsing the headers.
  if (length(grepRaw("\ngrpc-status: 0\r", headers, fixed = TRUE))) return(invisible())
  fields <- fields_of(headers)
  status <- fields["grpc-status"]
  if (is.na(status)) stop_status(status_of_http(http), sprintf("no grpc-status in the answer (HTTP %d)", http))
  if (status == "0") return(invisible())
  message <- fields["grpc-message"]
  message <- if (is.na(message)) "" else printable(curl::curl_unescape(message))
  details <- fields["grpc-status-details-bin"]
  code <- suppressWarnings(as.integer(status))
  # Unreadable details must not hide the error itself.
  details <- if (!is.na(details)) tryCatch(from_base64(details), error = function(e) NULL)
  stop_status(if (is.na(code) || code < 1L) "UNKNOWN" else code, message, details)
}

# https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
status_of_http <- function(http) {
  switch(as.character(http), "400" = "INTERNAL", "401" = "UNAUTHENTICATED", "403" = "PERMISSION_DENIED",
         "404" = "UNIMPLEMENTED", "429" = , "502" = , "503" = , "504" = "UNAVAILABLE", "UNKNOWN")
}

BASE64 <- utf8ToInt("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

# The bytes of a base64 text; gRPC omits the padding.
from_base64 <- function(text) {
  sextets <- match(utf8ToInt(sub("=+$", "", text)), BASE64) - 1L
  bits <- vapply(5:0, function(i) bitwAnd(bitwShiftR(sextets, i), 1L), numeric(length(sextets)))
  bits <- as.integer(t(matrix(bits, ncol = 6L)))
  octets <- matrix(bits[seq_len(length(bits) %/% 8L * 8L)], nrow = 8L)
  # packBits wants the lowest bit first.
  packBits(octets[8:1, ], "raw")
}

# Reason, metadata, field and retry_after of the bytes of a google.rpc.Status.
status_facts <- function(bytes) {
  facts <- list(reason = "", metadata = character(), field = "", retry_after = NULL)
  if (is.null(bytes)) return(facts)
  # Unreadable details must not hide the error itself.
  tryCatch(read_details(bytes, facts), error = function(e) facts)
}

read_details <- function(bytes, facts) {
  for (packed in RProtoBuf::read(message_type("google.rpc.Status"), bytes)$details) {
    kind <- sub(".*/", "", packed$type_url)
    if (!kind %in% c("google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.RetryInfo")) next
    detail <- RProtoBuf::read(message_type(kind), packed$value)
    if (kind == "google.rpc.ErrorInfo") {
      facts$reason <- detail$reason
      entries <- detail$metadata
      facts$metadata <- stats::setNames(
        utf8(vapply(entries, function(entry) entry$value, "")), vapply(entries, function(entry) entry$key, ""))
    } else if (kind == "google.rpc.BadRequest") {
      if (length(detail$field_violations)) facts$field <- detail$field_violations[[1L]]$field
    } else {
      facts$retry_after <- detail$retry_delay$seconds + detail$retry_delay$nanos / 1e9
    }
  }
  facts
}
