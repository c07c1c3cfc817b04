# A member of a protobuf oneof from arguments: the methods of a descent, the kinds of a figure. The settings of each member
# are read from the contract, not listed here.

# list(<name> = message), for do.call(proto, ...).
member_of <- function(owner, oneof, name, settings) {
  members <- oneof_members(owner, oneof)
  if (!is.character(name) || length(name) != 1L || !name %in% names(members)) {
    stop_argument(sprintf("%s must be one of %s; got %s", oneof, toString(names(members)), deparse_text(name)), oneof)
  }
  fields <- descriptor_fields(members[[name]])
  unknown <- setdiff(names(settings), names(fields))
  if (length(settings) && (is.null(names(settings)) || length(unknown))) {
    unknown <- c(unknown[nzchar(unknown)], NA)[1L]
    known <- if (length(fields)) toString(names(fields)) else "none"
    wrong <- if (is.na(unknown)) "has no unnamed settings" else sprintf("has no setting '%s'", unknown)
    stop_argument(sprintf("%s '%s' %s; its settings: %s", oneof, name, wrong, known), oneof)
  }
  settings <- settings[lengths(settings) > 0L]
  values <- Map(function(value, field) field_value(value, field, name), settings, fields[names(settings)])
  stats::setNames(list(do.call(proto, c(list(members[[name]]), values))), name)
}

field_value <- function(value, field, name) {
  type <- field$type(as.string = TRUE)
  if (type == "TYPE_MESSAGE" && field$message_type()$name() == "Coordinate") return(coordinates(value, NULL, name))
  if (type == "TYPE_ENUM") return(enum_numbers(field$enum_type()$name(), value))
  if (type == "TYPE_DOUBLE" && !is.numeric(value)) {
    stop_argument(sprintf("%s must be a number; got %s", field$name(), deparse_text(value)), field$name())
  }
  if (type == "TYPE_DOUBLE") return(as.double(value))
  if (type %in% c("TYPE_INT32", "TYPE_INT64")) return(as.integer(value))
  value
}

# The fields of a message by name.
descriptor_fields <- function(type) {
  descriptor <- message_type(type)
  fields <- lapply(seq_len(descriptor$field_count()), function(i) descriptor$field(i))
  stats::setNames(fields, vapply(fields, function(field) field$name(), ""))
}

# The members of a oneof: types by name. RProtoBuf shows oneofs only in the text of a descriptor.
oneof_members <- function(owner, oneof) {
  lines <- strsplit(message_type(owner)$toString(), "\n", fixed = TRUE)[[1L]]
  from <- grep(sprintf("oneof %s {", oneof), lines, fixed = TRUE)
  to <- from + which(trimws(lines[-seq_len(from)]) == "}")[1L]
  members <- lines[seq(from + 1L, to - 1L)]
  pattern <- "^ *[.]secant[.]v1[.]([A-Za-z.]+) ([a-z_]+) = .*$"
  stats::setNames(sub(pattern, "\\1", members), sub(pattern, "\\2", members))
}

# A number of an argument as an integer.
whole_number <- function(value, name) {
  if (!is.numeric(value) || length(value) != 1L || is.na(value) || value %% 1 != 0 || abs(value) > .Machine$integer.max) {
    stop_argument(sprintf("%s must be a whole number; got %s", name, deparse_text(value)), name)
  }
  as.integer(value)
}
