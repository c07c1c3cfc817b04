# Makes vignettes/secant.Rmd, with results and figures, from secant.Rmd.orig, so that R CMD build needs no server. A server has to
# answer, see ?secant_connect. Run: Rscript clients/r/tools/vignette.R [FOLDER]

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
folder <- normalizePath(file.path(dirname(script), "..", "vignettes"))
target <- c(commandArgs(trailingOnly = TRUE), folder)[1]
setwd(target)
# A call that fails ends this script instead of becoming a part of the page.
knitr::opts_chunk$set(error = FALSE)
knitr::knit(file.path(folder, "secant.Rmd.orig"), "secant.Rmd", quiet = TRUE)
