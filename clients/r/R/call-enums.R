# Names of the contract's enums: "latex" for NOTATION_LATEX, "CONVERGED" for STOP_REASON_CONVERGED. Case is ignored.

# Values by name, without the enum's prefix: c(UNSPECIFIED = 0, R = 1, PYTHON = 2, ...).
enum_names <- function(enum) {
  key <- paste0("enum ", enum)
  found <- protos[[key]]
  if (is.null(found)) {
    values <- unlist(as.list(message_type(enum)))
    # The contract's lint makes the first name PREFIX_UNSPECIFIED.
    prefix <- sub("UNSPECIFIED$", "", names(values)[values == 0])
    found <- stats::setNames(values, substring(names(values), nchar(prefix) + 1L))
    protos[[key]] <- found
  }
  found
}

# The values of names; NULL (unset) for NULL.
enum_numbers <- function(enum, words) {
  if (is.null(words)) return(NULL)
  known <- enum_names(enum)[-1L]
  found <- known[chartr("- ", "__", toupper(as.character(words)))]
  if (anyNA(found)) {
    stop_argument(sprintf("%s must be one of %s; got %s", tolower(enum), toString(tolower(names(known))),
                          sQuote(words[is.na(found)][1L], FALSE)))
  }
  unname(found)
}

enum_number <- function(enum, word) {
  if (length(word) > 1L) stop_argument(sprintf("%s must be a single name", tolower(enum)))
  enum_numbers(enum, word)
}

# The names of values in upper case, as in the contract; "" for 0 (unset).
upper_name <- function(enum, number) {
  words <- enum_names(enum)
  found <- names(words)[match(number, words)]
  # An unknown number comes from a server that is newer than this client.
  ifelse(is.na(found), as.character(number), ifelse(number == 0L, "", found))
}
