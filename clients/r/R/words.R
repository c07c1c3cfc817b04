# The contract's enums as plain words: "latex" for NOTATION_LATEX, "CONVERGED" for STOP_REASON_CONVERGED.
# What a caller may ask for is read in any case and told in lower case, all others as the contract spells them.

# Numbers by word, the enum's prefix taken off: c(UNSPECIFIED = 0, R = 1, PYTHON = 2, ...).
enum_words <- function(enum) {
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

# The numbers of words; NULL (unset) for NULL.
enum_numbers <- function(enum, words) {
  if (is.null(words)) return(NULL)
  known <- enum_words(enum)[-1L]
  found <- known[chartr("- ", "__", toupper(as.character(words)))]
  if (anyNA(found)) {
    stop_argument(sprintf("%s is one of %s, not %s", tolower(enum), toString(tolower(names(known))),
                          sQuote(words[is.na(found)][1L], FALSE)))
  }
  unname(found)
}

enum_number <- function(enum, word) {
  if (length(word) > 1L) stop_argument(sprintf("%s is one word", tolower(enum)))
  enum_numbers(enum, word)
}

# The word of an answer as the contract spells it, "" where the server left it unset.
told <- function(enum, number) {
  words <- enum_words(enum)
  found <- names(words)[match(number, words)]
  # A number that is not known comes from a server newer than this client.
  ifelse(is.na(found), as.character(number), ifelse(number == 0L, "", found))
}
