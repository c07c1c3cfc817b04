#' Derivatives, gradients and descents from a Secant server
#'
#' [secant_connect()] sets the address of the server. [differentiate()], [sec_gradient()], [sec_jacobian()] and [sec_hessian()] return
#' exact derivatives as R code or as numbers. [sec_taylor()], [tangent()], [approximate()] and [sec_extrema()] describe the local
#' behaviour of a function. [sec_evaluate()] computes values at many points. [descend()] minimizes a function and diagnoses the
#' result. [sec_check()] and [expect_derivative()] check a derivative. [sec_explain()] shows how a function is differentiated, step
#' by step. [sec_export()] generates code that runs without the service. [sec_figure()] draws. [Deriv()] has the interface of the
#' package of that name.
#'
#' @keywords internal
#' @import methods
"_PACKAGE"
