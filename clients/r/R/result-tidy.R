# Methods for the generics of the package generics, which broom exports.

#' Results as tables
#'
#' Methods for `tidy()` and `glance()` of the packages generics and broom. `tidy()` returns a data frame with a row for each
#' part of a result, `glance()` one row that summarizes it.
#'
#' | result of | `tidy()` has a row for each | columns |
#' |---|---|---|
#' | [descend()] | coordinate of the last point | `term`, `estimate`, `std.error` if asked for |
#' | [sec_gradient()] with `full` | variable | `term`, `formula`, `estimate` with a point |
#' | [sec_hessian()], [sec_jacobian()] with `full` | entry | `row`, `term`, `formula`, `estimate` with a point |
#' | [differentiate()] with `full` | derivative, that is one | `term`, `formula`, `estimate` with a point |
#' | [tangent()] | intercept and slope | `term`, `estimate` |
#' | [sec_taylor()] | term of the polynomial | exponents, `coefficient`, `derivative`, `value_is_limit` |
#' | [approximate()] | variable | `variable`, `value`, `exact`, `error`, `step`, `truncation`, `rounding` |
#' | [sec_extrema()] | critical point | variables, `value`, `nature`, `exact` |
#' | [sec_check()], [sec_equal()] | method that took part | `name`, `verdict`, `message` |
#' | [sec_explain()] | step | `rule`, `expression`, `result`, `text`, `depth` |
#'
#' @param x A result.
#' @param ... Not used.
#' @returns A data frame.
#' @name tidy.secant
#' @examplesIf secant::secant_available() && requireNamespace("generics", quietly = TRUE)
#' fit <- descend(~ sum((dist - a - b * speed)^2), c(a = 0, b = 0), data = cars)
#' generics::tidy(fit)
#' generics::glance(fit)
NULL

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_trace <- function(x, ...) {
  point <- stats::coef(x)
  errors <- outcome(x)$standard_errors
  found <- data.frame(term = names(point), estimate = unname(point))
  if (!is.null(errors)) found$std.error <- unname(errors)
  found
}

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_trace <- function(x, ...) {
  end <- outcome(x)
  last <- as.data.frame(x)[nrow(x), ]
  data.frame(
    value = if (is.null(end)) last$value else end$value,
    gradient_norm = if (is.null(end)) last$gradient_norm else end$gradient_norm,
    steps = if (is.null(end)) last$number else end$steps,
    converged = !is.null(end) && end$reason == "CONVERGED",
    reason = if (is.null(end)) "STOPPED" else end$reason,
    nature = if (is.null(end)) "" else end$nature
  )
}

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_answer <- function(x, ...) {
  class <- class(x)[1L]
  if (class == "secant_derivative") {
    return(entries_table(NULL, paste(x$variables, collapse = ", "), x$formula, if (!is.null(x$at)) x$derivative))
  }
  partials <- .subset2(x, "partials")
  values <- if (!is.null(x$at)) .subset2(x, sub("^secant_", "", class))
  if (class == "secant_gradient") return(entries_table(NULL, x$variables, entries_of(partials), values))
  rows <- if (class == "secant_hessian") x$variables
  formulas <- entries_of(partials)
  count <- if (!is.null(values)) nrow(values) else length(formulas) / length(x$variables)
  if (length(rows) != count) rows <- seq_len(count)
  columns <- if (!is.null(values) && ncol(values) != length(x$variables)) seq_len(ncol(values)) else x$variables
  entries_table(rep(rows, each = length(columns)), rep(columns, times = count), formulas,
                if (!is.null(values)) as.vector(t(values)))
}

# The formulas of an answer as strings, a matrix row by row.
entries_of <- function(partials) {
  if (is.null(partials)) return(NULL)
  if (is.character(partials)) return(if (is.matrix(partials)) as.vector(t(partials)) else unname(partials))
  code <- code_of(partials)
  arguments_in <- function(code, ...) {
    if (is.call(code) && as.character(code[[1L]])[1L] %in% c(...)) as.list(code)[-1L] else list(code)
  }
  parts <- unlist(lapply(arguments_in(code, "rbind"), arguments_in, "c", "cbind"), recursive = FALSE)
  vapply(unname(parts), deparse_text, "")
}

# Columns that do not fit each other, as for derivatives with respect to whole vectors, are left out.
entries_table <- function(row, term, formula, estimate) {
  if (is.language(formula) || is.function(formula)) formula <- entries_of(formula)
  estimate <- if (is.list(estimate)) NULL else as.vector(estimate)
  count <- max(length(term), 1L)
  if (length(estimate) && length(estimate) != count) {
    return(data.frame(term = sprintf("%s[%d]", term[1L], seq_along(estimate)), estimate = estimate))
  }
  columns <- list(row = row, term = term, formula = if (length(formula) == count) unname(formula), estimate = unname(estimate))
  as.data.frame(columns[lengths(columns) > 0L])
}

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_answer <- function(x, ...) {
  facts <- list(
    variables = toString(x$variables),
    value = if (length(x$value) == 1L) x$value else NA_real_,
    norm = .subset2(x, "norm"), definiteness = .subset2(x, "definiteness"), determinant = {
      determinant <- .subset2(x, "determinant")
      if (is.character(determinant) || is.null(determinant)) determinant else deparse_text(code_of(determinant))
    }
  )
  as.data.frame(facts[lengths(facts) > 0L])
}

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_tangent <- function(x, ...) {
  found <- stats::coef(x)
  data.frame(term = names(found), estimate = unname(found))
}

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_tangent <- function(x, ...) data.frame(value = x$value, kind = x$kind, contact = x$contact)

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_taylor <- function(x, ...) x$terms

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_taylor <- function(x, ...) data.frame(order = x$order, equals_function = x$equals_function)

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_approximation <- function(x, ...) x$partials

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_approximation <- function(x, ...) {
  data.frame(scheme = x$scheme, value = x$value, largest_error = max(abs(x$partials$error)))
}

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_extrema <- function(x, ...) as.data.frame(x)

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_extrema <- function(x, ...) {
  counts <- lapply(c(minima = "MINIMUM", maxima = "MAXIMUM", saddles = "SADDLE"), function(nature) sum(x$nature == nature))
  data.frame(counts, inflections = NROW(attr(x, "inflections")), complete = isTRUE(attr(x, "complete")))
}

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_verdict <- function(x, ...) x$witnesses

#' @rdname tidy.secant
#' @exportS3Method generics::glance
glance.secant_verdict <- function(x, ...) {
  data.frame(verdict = x$verdict, right = as.logical(x), slip = x$slip, message = x$message)
}

#' @rdname tidy.secant
#' @exportS3Method generics::tidy
tidy.secant_explanation <- function(x, ...) {
  data.frame(rule = x$rule, expression = x$expression, result = x$result, text = x$text, depth = x$depth)
}
