# Questions from standard input, answered by the package Deriv. A question is lines: seconds; the function; its
# variables; those to differentiate by; how many points; and for each point its numbers, in hexadecimal. The answer is
# a line for each derivative, "= " and its values at the points or "! " and why there is none, and then ".".
# What is parsed was printed by the server: names are v1, v2, ..., calls are those of its table of functions.
input <- file("stdin", "r")
if (!suppressWarnings(requireNamespace("Deriv", quietly = TRUE))) {
  cat("missing\n")
  quit()
}
words <- function(line) strsplit(line, " ", fixed = TRUE)[[1L]]
home <- asNamespace("stats")
repeat {
  head <- readLines(input, 5L)
  if (length(head) < 5L) break
  seconds <- as.numeric(head[1L])
  names <- words(head[3L])
  points <- lapply(readLines(input, as.integer(head[5L])), function(line) as.numeric(words(line)))
  for (name in words(head[4L])) {
    answer <- tryCatch({
      setTimeLimit(elapsed = seconds, transient = TRUE)
      code <- parse(text = Deriv::Deriv(head[2L], name, cache.exp = FALSE))[[1L]]
      values <- vapply(points, function(point) {
        as.numeric(suppressWarnings(eval(code, as.list(stats::setNames(point, names)), home)))
      }, 0)
      paste("=", paste(sprintf("%a", values), collapse = " "))
    }, error = function(e) paste("!", gsub("[[:space:]]+", " ", substr(conditionMessage(e), 1L, 200L))))
    setTimeLimit()
    cat(answer, "\n", sep = "")
  }
  cat(".\n")
  flush(stdout())
}
