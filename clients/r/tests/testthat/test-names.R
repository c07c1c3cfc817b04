test_that("each short name that other packages have is the function with the prefix, and can be left out", {
  short <- secant_aliases()
  long <- paste0("sec_", tolower(short))
  expect_true(all(c(short, long) %in% getNamespaceExports("secant")))
  for (i in seq_along(short)) expect_identical(get(short[i], asNamespace("secant")), get(long[i], asNamespace("secant")))
  code <- paste("suppressMessages(library(secant, exclude = secant::secant_aliases()));",
                "cat(exists('check'), exists('describe'), exists('sec_check'), exists('differentiate'))")
  printed <- system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", "-e", shQuote(code)), stdout = TRUE)
  expect_identical(printed, "FALSE FALSE TRUE TRUE")
})
