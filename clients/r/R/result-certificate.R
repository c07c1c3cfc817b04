#' Certificates
#'
#' What can be checked without Secant: a proof for Coq, or a counterexample in exact numbers. [sec_check()], [sec_equal()],
#' [differentiate()] and [sec_gradient()] return one with `certificate = TRUE`.
#'
#' A certificate is a list of class `secant_certificate` with the entries
#' \describe{
#'   \item{`coq`}{a file for Coq with the libraries Coquelicot and Interval, a string: `writeLines(found$coq, "proof.v")`, and
#'     `coqc proof.v` checks it. `""` for a counterexample with functions that have no theory there.}
#'   \item{`lean`}{the same statements for Lean 4 with Mathlib, not checked by Secant; `""` if there is none.}
#'   \item{`hypotheses`}{what the statement assumes, such as "x > 0".}
#'   \item{`point`}{for a counterexample, the point in exact numbers: a named character vector such as `c(x = "1/3")`.}
#'   \item{`claimed_value`, `true_value`}{for a counterexample, the ends of an interval around each value, two decimal numbers as
#'     strings; the intervals have no common number. `NULL` where the server has no ball arithmetic.}
#' }
#' @name secant_certificate
#' @examplesIf "Check" %in% tryCatch(secant::sec_describe()$methods, error = function(e) NULL)
#' sec_check(~ log(x), ~ 1/x, certificate = TRUE)$certificate
NULL

# The certificate of a reply; NULL if it has none.
certificate_out <- function(reply) {
  if (!reply$has("certificate")) return(NULL)
  found <- reply$certificate
  ends <- function(name) if (found$has(name)) utf8(c(found[[name]]$lower, found[[name]]$upper))
  structure(
    list(
      coq = utf8(found$coq),
      lean = utf8(found$lean),
      hypotheses = utf8(found$hypotheses),
      point = stats::setNames(
        utf8(vapply(found$point, function(one) one$value, "")), utf8(vapply(found$point, function(one) one$variable, ""))
      ),
      claimed_value = ends("claimed_value"),
      true_value = ends("true_value")
    ),
    class = "secant_certificate"
  )
}

#' @export
format.secant_certificate <- function(x, ...) {
  lines <- if (nzchar(x$coq)) lengths(regmatches(x$coq, gregexpr("\n", x$coq, fixed = TRUE))) else 0L
  between <- function(name) if (length(x[[name]])) sprintf("%s: %s to %s", sub("_", " ", name), x[[name]][[1L]], x[[name]][[2L]])
  c(
    if (lines) sprintf("Certificate of %d lines of Coq", lines) else "Certificate of enclosures",
    if (length(x$hypotheses)) paste("hypotheses:", toString(x$hypotheses)),
    if (length(x$point)) paste("point:", paste(names(x$point), "=", x$point, collapse = ", ")),
    between("claimed_value"),
    between("true_value")
  )
}

#' @export
print.secant_certificate <- function(x, ...) print_lines(x, ...)
