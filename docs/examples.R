# Runs blocks of R code for docs/examples.py. Each line of standard input is the path of a block, which is replaced by its
# code with what every expression prints after it, in lines that begin with "#>"; then its path is printed.
# All names are local, so that blocks may use any.

local({
  shown <- function(expression) {
    capture.output(tryCatch(withCallingHandlers({
      found <- withVisible(eval(expression, globalenv()))
      if (found$visible) print(found$value)
    }, message = function(m) {
      # The server of the examples is there before them; that of a reader is not.
      if (!startsWith(conditionMessage(m), "secant: a server answers")) cat(conditionMessage(m))
      invokeRestart("muffleMessage")
    }, warning = function(w) {
      cat("Warning:", conditionMessage(w), "\n")
      invokeRestart("muffleWarning")
    }), error = function(e) cat("Error:", conditionMessage(e), "\n")))
  }

  rendered <- function(lines) {
    code <- lines[!grepl("^#>", lines)]
    parsed <- parse(text = code, keep.source = TRUE)
    last <- vapply(attr(parsed, "srcref"), function(ref) ref[3L], 0L)
    texts <- split(code, cut(seq_along(code), c(0, last, Inf)))
    unlist(lapply(seq_along(texts), function(i) {
      printed <- if (i <= length(parsed)) shown(parsed[[i]])
      c(texts[[i]], sub(" +$", "", paste("#>", printed)[seq_along(printed)]))
    }))
  }

  input <- file("stdin", "r")
  while (length(path <- readLines(input, 1L))) {
    writeLines(rendered(readLines(path)), path)
    cat(path, "\n", sep = "")
  }
})
