# Makes README.md from README.Rmd; a server has to answer, see ?secant_connect. Run: Rscript clients/r/tools/readme.R [FILE]

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
folder <- normalizePath(file.path(dirname(script), ".."))
target <- c(commandArgs(trailingOnly = TRUE), file.path(folder, "README.md"))[1]
made <- tempfile(fileext = ".md")
# A call that fails ends this script instead of becoming a part of the page.
knitr::opts_chunk$set(error = FALSE)
knitr::knit(file.path(folder, "README.Rmd"), made, quiet = TRUE)
text <- paste(readLines(made, encoding = "UTF-8"), collapse = "\n")
text <- sub("^---\n.*?\n---\n+", "", text, perl = TRUE)   # the settings of the source are not for readers
writeLines(gsub("\n{3,}", "\n\n", text), target, useBytes = TRUE)
