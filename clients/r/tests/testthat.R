library(testthat)
library(secant)

test_check("secant")
