# Messages of requests as bytes. RProtoBuf builds the same message in five times the time, which was a fifth of a call.

# The bytes of a message with the fields given; NULL and empty vectors leave a field unset. A message within a message is its
# bytes; a repeated field takes a list of them.
proto <- function(.type, ...) {
  values <- list(...)
  encoders <- encoders_of(.type)
  fields <- names(values)
  parts <- vector("list", length(values))
  for (i in seq_along(values)) {
    value <- values[[i]]
    # A message without fields has no bytes but must be kept.
    if (length(value) || is.raw(value)) parts[[i]] <- encoders[[fields[[i]]]](value)
  }
  bytes <- unlist(parts, use.names = FALSE)
  if (is.null(bytes)) raw() else bytes
}

# A function for each field of a message type: from its value to its bytes.
encoders_of <- function(type) {
  key <- paste("encoders", type)
  found <- protos[[key]]
  if (is.null(found)) {
    found <- lapply(descriptor_fields(type), encoder_of)
    protos[[key]] <- found
  }
  found
}

# https://protobuf.dev/programming-guides/encoding/: the tag is the number of the field and the kind of what follows.
VARINT <- 0
FIXED64 <- 1
DELIMITED <- 2

encoder_of <- function(field) {
  name <- field$name()
  type <- field$type(as.string = TRUE)
  number <- field$number()
  repeated <- field$is_repeated()
  wrong <- function(value, wanted) stop_argument(sprintf("%s must be %s; got %s", name, wanted, deparse_text(value)), name)
  delimited <- function(bytes) c(varint(8 * number + DELIMITED), varint(length(bytes)), bytes)
  # Each returns the bytes of a vector of numbers without the tag.
  plain <- switch(type,
    TYPE_DOUBLE = function(value) {
      if (!is.numeric(value) && !is.logical(value)) wrong(value, "numeric")
      writeBin(as.double(value), raw(), endian = "little")
    },
    TYPE_BOOL = function(value) {
      if (!(is.logical(value) || is.numeric(value)) || anyNA(value)) wrong(value, "TRUE or FALSE")
      as.raw(value != 0)
    },
    TYPE_ENUM = , TYPE_INT32 = , TYPE_INT64 = , TYPE_UINT32 = , TYPE_UINT64 = function(value) {
      if (!is.numeric(value) || any(!is.finite(value) | value %% 1 != 0)) wrong(value, "a whole number")
      if (length(value) == 1L) varint(value) else unlist(lapply(value, varint))
    }
  )
  if (!is.null(plain)) {
    if (repeated) return(function(value) delimited(plain(value)))
    tag <- varint(8 * number + if (type == "TYPE_DOUBLE") FIXED64 else VARINT)
    return(function(value) if (length(value) == 1L) c(tag, plain(value)) else wrong(value, "a single value"))
  }
  one <- if (type == "TYPE_STRING") function(text) delimited(charToRaw(enc2utf8(text))) else delimited
  known <- if (type == "TYPE_STRING") is.character else is.raw
  what <- if (type == "TYPE_STRING") "a text" else "a message"
  if (!repeated) return(function(value) if (known(value) && (is.raw(value) || length(value) == 1L)) one(value) else wrong(value, what))
  function(value) {
    if (is.raw(value)) value <- list(value)
    if (!all(vapply(value, known, NA))) wrong(value, if (type == "TYPE_STRING") "texts" else "messages")
    unlist(lapply(value, one))
  }
}

# A whole number in groups of seven bits, the lowest first; negative ones in two's complement of 64 bits.
varint <- function(number) {
  if (number >= 0 && number < 128) return(as.raw(number))
  groups <- raw(10L)
  for (i in 1:10) {
    low <- number %% 128
    number <- number %/% 128
    if (number == 0 || i == 10L) {
      groups[i] <- as.raw(if (i == 10L) 1 else low)
      return(groups[seq_len(i)])
    }
    groups[i] <- as.raw(low + 128)
  }
}
