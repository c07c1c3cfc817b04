# A member of a protobuf oneof from arguments: the methods of a descent, the kinds of a figure. The contract is the
# table of which settings each has; nothing of it is written again here.

# list(<name> = message), for do.call(proto, ...).
member_of <- function(owner, oneof, name, settings) {
  members <- oneof_members(owner, oneof)
  if (!is.character(name) || length(name) != 1L || !name %in% names(members)) {
    stop_argument(sprintf("%s is one of %s, not %s", oneof, toString(names(members)), deparse_text(name)), oneof)
  }
  fields <- descriptor_fields(members[[name]])
  unknown <- setdiff(names(settings), names(fields))
  if (length(settings) && (is.null(names(settings)) || length(unknown))) {
    takes <- if (length(fields)) toString(names(fields)) else "no settings"
    stop_argument(sprintf("%s takes no %s; it takes %s", name, toString(c(unknown, "unnamed argument")[1L]), takes), oneof)
  }
  settings <- settings[lengths(settings) > 0L]
  values <- Map(function(value, field) field_value(value, field, name), settings, fields[names(settings)])
  stats::setNames(list(do.call(proto, c(list(members[[name]]), values))), name)
}

field_value <- function(value, field, name) {
  type <- field$type(as.string = TRUE)
  if (type == "TYPE_MESSAGE" && field$message_type()$name() == "Coordinate") return(coordinates(value, NULL, name))
  if (type == "TYPE_ENUM") return(enum_numbers(field$enum_type()$name(), value))
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

# The members of a oneof: type by name. RProtoBuf tells of oneofs only in the descriptor's text.
oneof_members <- function(owner, oneof) {
  lines <- strsplit(message_type(owner)$toString(), "\n", fixed = TRUE)[[1L]]
  from <- grep(sprintf("oneof %s {", oneof), lines, fixed = TRUE)
  to <- from + which(trimws(lines[-seq_len(from)]) == "}")[1L]
  members <- lines[seq(from + 1L, to - 1L)]
  pattern <- "^ *[.]secant[.]v1[.]([A-Za-z.]+) ([a-z_]+) = .*$"
  stats::setNames(sub(pattern, "\\1", members), sub(pattern, "\\2", members))
}
