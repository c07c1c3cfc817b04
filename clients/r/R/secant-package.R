#' Derivatives, gradients and descents from a Secant server
#'
#' [secant_start()] starts a server for this R session, which ends with it; [secant_connect()] uses a server elsewhere. Start with
#'
#' ```r
#' library(secant)
#' secant_start()
#' differentiate(~ x * exp(x))
#' ```
#'
#'  [differentiate()], [sec_gradient()], [sec_jacobian()] and [sec_hessian()] return
#' exact derivatives as R code or as numbers. [sec_taylor()], [tangent()], [approximate()] and [sec_extrema()] describe the local
#' behaviour of a function. [sec_evaluate()] computes values at many points. [descend()] minimizes a function and diagnoses the
#' result. [sec_check()] and [expect_derivative()] check a derivative. [sec_explain()] shows how a function is differentiated, step
#' by step. [sec_export()] generates code that runs without the service. [sec_figure()] draws. [Deriv()] has the interface of the
#' package of that name. [secant_chunks] are chunks of knitr and Quarto, [secant_expectations] those of testthat.
#'
#' @keywords internal
#' @import methods
"_PACKAGE"
