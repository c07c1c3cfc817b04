"""Functions that exported R code of arrays calls."""

__all__ = ["HELPERS"]

HELPERS = {
    "logdet": """# log(det(a)), also where det(a) overflows; NaN where it is negative.
@logdet <- function(a) {
  d <- determinant(a)
  if (d$sign < 0) NaN else as.vector(d$modulus)
}""",
    "cholesky": """# The lower triangle L with L %*% t(L) = a; NaN where a is not positive definite.
@cholesky <- function(a) tryCatch(t(chol(a)), error = function(e) a * NaN)""",
    "recurrence": """# y with y[1] = b[1], y[i] = b[i] + a[i] * y[i - 1].
@recurrence <- function(b, a) {
  for (i in seq_along(b)[-1]) b[i] <- b[i] + a[i] * b[i - 1]
  b
}""",
    "recurrence_rows": """# Rows y with y[1, ] = b[1, ], y[i, ] = b[i, ] + a[i, ] * y[i - 1, ].
@recurrence_rows <- function(b, a) {
  a <- matrix(a, nrow(b), ncol(b))
  for (i in seq_len(nrow(b))[-1]) b[i, ] <- b[i, ] + a[i, ] * b[i - 1, ]
  b
}""",
    "record": """# The positions of the first largest entry so far.
@record <- function(x) match(cummax(x), x)""",
    "where": """# Indices, all inside a value of length n.
@where <- function(index, n) {
  stopifnot(all(is.na(index) | (index >= 1 & index < n + 1)))
  index
}""",
    "scatter": """# n zeros to which values are added at indices; NaN where an index is.
@scatter <- function(values, index, n) {
  index <- trunc(@where(index, n))
  values <- rep_len(values, length(index))
  found <- numeric(n)
  for (i in seq_along(index)) found[index[i]] <- found[index[i]] + values[i]
  if (anyNA(index)) rep(NaN, n) else found
}""",
    "scatter_rows": """# Rows of zeros to which rows are added at indices; NaN where an index is.
@scatter_rows <- function(values, index, n, m) {
  index <- trunc(@where(index, n))
  values <- matrix(values, length(index), m)
  found <- matrix(0, n, m)
  for (i in seq_along(index)) found[index[i], ] <- found[index[i], ] + values[i, ]
  if (anyNA(index)) matrix(NaN, n, m) else found
}""",
    "taken": """# A mask as an index; NA where it is NaN.
@taken <- function(mask) mask != 0""",
    "unselect": """# values where a mask is not 0, else 0; NaN where the mask is.
@unselect <- function(values, mask) {
  found <- numeric(length(mask))
  found[is.na(mask) | mask != 0] <- values
  found[is.na(mask)] <- NaN
  found
}""",
    "unselect_rows": """# Rows of values where a mask is not 0, else 0; NaN where the mask is.
@unselect_rows <- function(values, mask, m) {
  found <- matrix(0, length(mask), m)
  found[is.na(mask) | mask != 0, ] <- values
  found[is.na(mask), ] <- NaN
  found
}""",
    "placed_row": """# Zeros with one row of values.
@placed_row <- function(values, place, n, m) {
  found <- matrix(0, n, m)
  found[place, ] <- values
  found
}""",
    "placed_column": """# Zeros with one column of values.
@placed_column <- function(values, place, n, m) {
  found <- matrix(0, n, m)
  found[, place] <- values
  found
}""",
    "filled": """# A matrix of as many values as it has entries.
@filled <- function(values, n, m, byrow) {
  stopifnot(length(values) == n * m)
  matrix(values, n, m, byrow)
}""",
    "softmax": """# exp(x)/sum(exp(x)), also where exp(x) overflows.
@softmax <- function(x) {
  weights <- exp(x - max(x))
  weights/sum(weights)
}""",
    "logsumexp": """# log(sum(exp(x))), also where exp(x) overflows.
@logsumexp <- function(x) {
  most <- max(x)
  if (is.finite(most)) most + log(sum(exp(x - most))) else most
}""",
}
