# Names that other packages have too. The functions are defined with the prefix; the short names are the same functions.

#' Short names that other packages have too
#'
#' Some short names of this package are also names in other packages: `describe` in testthat, `check` in devtools, `hessian` and
#' `jacobian` in numDeriv, `gradient` in pracma, `evaluate` and `explain` in generics, `export` in rio, `Deriv` in Deriv. The package
#' that is attached last masks the others. Each of them is therefore also a function with the prefix `sec_`: `sec_check()`,
#' `sec_describe()`, `sec_hessian()`. To attach the package without the short names, write
#' `library(secant, exclude = secant::secant_aliases())`.
#'
#' @returns `secant_aliases()`: the short names, a character vector.
#' @export
#' @examples
#' secant_aliases()
#' identical(sec_hessian, hessian)
secant_aliases <- function() {
  c("check", "Deriv", "describe", "equal", "evaluate", "explain", "export", "extrema", "figure", "gradient", "hessian", "jacobian",
    "taylor")
}

#' @rdname sec_check
#' @usage NULL
#' @export
check <- sec_check

#' @rdname sec_describe
#' @usage NULL
#' @export
describe <- sec_describe

#' @rdname sec_equal
#' @usage NULL
#' @export
equal <- sec_equal

#' @rdname sec_evaluate
#' @usage NULL
#' @export
evaluate <- sec_evaluate

#' @rdname sec_export
#' @usage NULL
#' @export
export <- sec_export

#' @rdname sec_extrema
#' @usage NULL
#' @export
extrema <- sec_extrema

#' @rdname sec_gradient
#' @usage NULL
#' @export
gradient <- sec_gradient

#' @rdname sec_hessian
#' @usage NULL
#' @export
hessian <- sec_hessian

#' @rdname sec_jacobian
#' @usage NULL
#' @export
jacobian <- sec_jacobian

#' @rdname sec_taylor
#' @usage NULL
#' @export
taylor <- sec_taylor

#' @rdname explain
#' @usage NULL
#' @export
sec_explain <- explain

#' @rdname figure
#' @usage NULL
#' @export
sec_figure <- figure

#' @rdname Deriv
#' @usage NULL
#' @export
sec_deriv <- Deriv
