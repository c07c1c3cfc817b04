#' Derivatives, gradients and descents from a Secant server
#'
#' [secant_connect()] says where the server is. Then [differentiate()], [gradient()], [jacobian()] and [hessian()]
#' give exact derivatives as R code or as numbers, [taylor()], [tangent()], [approximate()] and [extrema()] a
#' function near a point, [evaluate()] numbers at many points, [descend()] a descent with its diagnosis, [check()] and
#' [expect_derivative()] tell whether a derivative is right, [explain()] derives step by step, [export()] writes code
#' that runs without the service, [figure()] draws. [Deriv()] takes the call forms of the package of that name.
#'
#' @keywords internal
#' @import methods
"_PACKAGE"
