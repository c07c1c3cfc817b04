# Full answers: results with full = TRUE.

answer <- function(.class, ...) structure(class = c(.class, "secant_answer"), list(...))

#' Full answers
#'
#' Functions such as [sec_gradient()] return plain values. With `full = TRUE` they return a list with the whole reply of the
#' server: formulas, values, shape and notices. `$` extracts an element, `print()` shows what was asked for. A full answer can be
#' passed on as a function, see [sec_function()].
#'
#' @section Names: What was asked for has its own name: `derivative`, `gradient`, `jacobian`, `hessian`. `value` is always the value
#'   of f at the point. The earlier names `values`, `values_are_limits`, `function_value` and `function_values` are still found.
#' @param x A full answer.
#' @param name The name of an element.
#' @param ... Not used.
#' @returns `format()`: the lines as a character vector. `print()`: `x`, invisibly.
#' @name secant_answer
NULL

# Earlier names of elements. "values" is what was asked for, if there is a point.
EARLIER <- list(
  secant_derivative = c(function_value = "value", function_value_is_limit = "value_is_limit"),
  secant_gradient = c(values = "gradient", values_are_limits = "gradient_is_limit"),
  secant_jacobian = c(values = "jacobian", values_are_limits = "jacobian_is_limit", function_values = "value",
                      function_values_are_limits = "value_is_limit"),
  secant_hessian = c(values = "hessian", values_are_limits = "hessian_is_limit")
)

#' @rdname secant_answer
#' @export
`$.secant_answer` <- function(x, name) {
  now <- EARLIER[[class(x)[1L]]][name]
  if (is.null(now) || is.na(now)) return(.subset2(x, name))
  if (name == "values" && is.null(.subset2(x, "at"))) NULL else .subset2(x, now)
}

#' @rdname secant_answer
#' @export
format.secant_answer <- function(x, ...) {
  fields <- unclass(x)
  asked <- sub("^secant_", "", class(x)[1L])
  if (is.null(fields$at)) fields[[asked]] <- NULL   # the formulas once more
  if (!is.null(fields$at)) fields$at <- point_text(as.list(fields$at))
  hidden <- c("f", "notices", "variables", "form", if (asked == "derivative") "shape")
  fields[c(hidden, grep("_limits?$", names(fields), value = TRUE))] <- NULL
  known <- fields[!vapply(fields, function(field) is.null(field) || identical(field, ""), NA)]
  known <- known[order(match(names(known), c("formula", "partials", "at", asked, "value"), nomatch = 99L))]
  limits <- grep("_limits?$", names(x), value = TRUE)
  limits <- limits[vapply(limits, function(name) any(unlist(.subset2(x, name))), NA)]
  c(unlist(lapply(names(known), function(name) {
    # The name of the only variable is at the point already.
    field <- known[[name]]
    lines <- field_lines(if (is.numeric(field) && length(field) == 1L) unname(field) else field)
    if (name == "value") name <- "f"
    if (length(lines) == 1L) paste0(name, ": ", lines) else c(paste0(name, ":"), paste0("  ", lines))
  })), if (length(limits)) paste("limits:", toString(sub("_(is|are)_limits?$", "", limits))),
    paste0("notice: ", gsub("\n", "\n  ", x$notices, fixed = TRUE), recycle0 = TRUE))
}

field_lines <- function(field) {
  if (is.language(field) || is.function(field)) return(deparse(field))
  if (is.character(field) && is.null(names(field)) && is.null(dim(field))) {
    return(if (any(grepl("\n", field, fixed = TRUE))) unlist(strsplit(field, "\n", fixed = TRUE)) else toString(field))
  }
  if (is.atomic(field) && is.null(names(field)) && is.null(dim(field)) && length(field) <= 10L) {
    return(toString(vapply(field, format, "", digits = 7L)))
  }
  utils::capture.output(print(field, quote = FALSE))
}

#' @rdname secant_answer
#' @export
print.secant_answer <- function(x, ...) print_lines(x, ...)

# The text of a Shape.
shape_of <- function(reply) reply$shape$text

# The value of an optional field; NULL if it is not set.
optional <- function(message, field) if (message$has(field)) message[[field]]

# ---- answers as functions

# Classes of answers that contain a function, and of those that do not.
FUNCTIONS_WITHIN <- c("secant_answer", "secant_explanation", "secant_tangent", "secant_taylor")
NO_FUNCTIONS <- c("secant_trace", "secant_extrema", "secant_approximation", "secant_verdict", "secant_code", "secant_figure",
                  "secant_description")

# The function in an answer, with the data and shapes of the caller's function.
function_within <- function(x, data, notation, shapes, data_set) {
  inner <- if (inherits(x, "secant_explanation")) attr(x, "derivative")
    else if (inherits(x, "secant_answer")) .subset2(x, if (inherits(x, "secant_derivative")) "formula" else "partials")
    else if (inherits(x, "secant_tangent")) x$equation
    else if (inherits(x, "secant_taylor")) x$polynomial
  if (is.null(inner)) {
    advice <- if (inherits(x, "secant_trace")) "\nits point is coef(trace), and attr(trace, \"f\") the function"
      else if (inherits(x, "secant_verdict")) "\n$derivatives of a verdict are formulas" else ""
    stop_argument(sprintf("a result of class %s has no formula to use as a function%s", class(x)[1L], advice), "expression")
  }
  f <- if (is.list(x)) .subset2(x, "f")
  if (is.null(data)) data <- f$data
  if (is.null(shapes)) shapes <- f$shapes
  # Code has the notation of its kind; a string that of the caller's text.
  if (is.null(notation) && is.character(inner)) notation <- f$notation
  sec_function(inner, data, notation, shapes, data_set)
}
