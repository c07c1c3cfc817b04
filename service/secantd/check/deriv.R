# Questions from standard input, answered by the package Deriv. A question is lines: its number; seconds; the function;
# its variables; those to differentiate by; how many points; and for each point its numbers, in hexadecimal. The answer
# is a line for each derivative, "= " and its values at the points or "! " and why there is none, and then "." and the
# number of the question.
# What is parsed was printed by the server: names are v1, v2, ..., calls are those of its table of functions.
input <- file("stdin", "r")
if (!suppressWarnings(requireNamespace("Deriv", quietly = TRUE))) {
  cat("missing\n")
  quit()
}
words <- function(line) strsplit(line, " ", fixed = TRUE)[[1L]]
home <- asNamespace("stats")
repeat {
  head <- readLines(input, 6L)
  if (length(head) < 6L) break
  seconds <- as.numeric(head[2L])
  names <- words(head[4L])
  points <- lapply(readLines(input, as.integer(head[6L])), function(line) as.numeric(words(line)))
  for (name in words(head[5L])) {
    answer <- tryCatch({
      setTimeLimit(elapsed = seconds, transient = TRUE)
      code <- parse(text = Deriv::Deriv(head[3L], name, cache.exp = FALSE))[[1L]]
      values <- vapply(points, function(point) {
        as.numeric(suppressWarnings(eval(code, as.list(stats::setNames(point, names)), home)))
      }, 0)
      paste("=", paste(sprintf("%a", values), collapse = " "))
    }, error = function(e) paste("!", gsub("[[:space:]]+", " ", substr(conditionMessage(e), 1L, 200L))))
    setTimeLimit()
    cat(answer, "\n", sep = "")
  }
  cat(".", head[1L], "\n", sep = "")
  flush(stdout())
}
