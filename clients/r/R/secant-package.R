#' Derivatives, gradients and descents from a Secant server
#'
#' [secant_connect()] sets the address of the server. [differentiate()], [gradient()], [jacobian()] and [hessian()] return
#' exact derivatives as R code or as numbers. [taylor()], [tangent()], [approximate()] and [extrema()] describe the local
#' behaviour of a function. [evaluate()] computes values at many points. [descend()] minimizes a function and diagnoses the
#' result. [check()] and [expect_derivative()] check a derivative. [explain()] shows how a function is differentiated, step
#' by step. [export()] generates code that runs without the service. [figure()] draws. [Deriv()] has the interface of the
#' package of that name.
#'
#' @keywords internal
#' @import methods
"_PACKAGE"
