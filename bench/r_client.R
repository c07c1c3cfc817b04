# The R half of bench/r_client.py: makes calls when a line on standard input asks for them, and prints seconds.
# Lines: "calls N", and "secant N" or "Deriv N" for N formulas x * exp(x), each in a variable of its own.

address <- commandArgs(trailingOnly = TRUE)[1]
suppressPackageStartupMessages(library(secant))
connection <- secant_connect(address)
now <- function() as.numeric(Sys.time())
number <- 0
fresh <- function(n) {
  names <- paste0("x", number + seq_len(n))
  number <<- number + n
  names
}

ask <- list(
  calls = function(n) for (i in seq_len(n)) differentiate("x * exp(x)", "x"),
  secant = function(n) for (x in fresh(n)) secant::Deriv(paste(x, "* exp(", x, ")"), x),
  Deriv = function(n) for (x in fresh(n)) Deriv::Deriv(paste(x, "* exp(", x, ")"), x)
)

input <- file("stdin", "r")
while (length(line <- readLines(input, 1L))) {
  words <- strsplit(line, " ", fixed = TRUE)[[1]]
  since <- now()
  done <- tryCatch({
    suppressWarnings(ask[[words[1]]](as.integer(words[2])))
    sprintf("%.6f", now() - since)
  }, error = function(e) "none")
  cat(done, "\n", sep = "")
  flush(stdout())
}
