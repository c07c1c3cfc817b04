# Validation of replies before their values are used. A server may be broken, of another version, or not a Secant server at
# all. Without these checks, a list that is too short would put values in the wrong places.

stop_malformed <- function(message) {
  stop(condition_of(
    "INTERNAL",
    paste0("the server's reply is malformed: ", message,
           "\ncheck that client and server have the same version, and that the target is a Secant server"),
    list(reason = "MALFORMED_REPLY", metadata = character(), field = "", retry_after = NULL)
  ))
}

# The message of a reply's bytes. `checked`: the caller refuses a message without fields.
read_reply <- function(type, bytes, checked = FALSE) {
  reply <- tryCatch(RProtoBuf::read(type, bytes), error = function(e) NULL)
  # RProtoBuf reports no error if nothing could be parsed. Sizes may differ, because zeros may be written explicitly.
  if (is.null(reply) || (!checked && length(bytes) && reply$bytesize() == 0)) stop_malformed("its bytes are no message")
  reply
}

require_length <- function(what, found, wanted, owner) {
  if (length(found) != wanted) stop_malformed(sprintf("%d %s for %d %s", length(found), what, wanted, owner))
}

require_fields <- function(reply, ...) {
  for (field in c(...)) if (!reply$has(field)) stop_malformed(paste("no", field))
}

# Stops unless the reply of an rpc is valid.
check_reply <- function(rpc, reply) {
  delayedAssign("n", length(reply$variables))   # not every reply has variables
  switch(rpc,
    Differentiate = check_formula(reply, reply$derivative, "derivative"),
    Gradient = check_partials(reply$partials, n),
    Jacobian = {
      check_rows(reply$rows, n)
      if (length(reply$values) && !has_arrays(reply$rows)) require_length("values of f", reply$values, length(reply$rows), "rows")
      for (factor in reply$factors) check_rows(factor$rows, length(factor$variables))
    },
    Hessian = {
      require_length("rows", reply$rows, n, "variables")
      check_rows(reply$rows, n)
      # Each entry of a vector has a row.
      rows <- if (reply$shape$rows > 0) reply$shape$rows else n
      if (length(reply$eigenvalues)) require_length("eigenvalues", reply$eigenvalues, rows, "variables")
    },
    Taylor = {
      require_fields(reply, "polynomial", "expanded")
      for (term in reply$terms) require_length("exponents", term$exponents, n, "variables")
      require_length("values of f", reply$function_values, length(reply$polynomial_values), "values of the polynomial")
    },
    Tangent = if (nzchar(reply$equation$text) && length(reply$slopes) < n) require_length("slopes", reply$slopes, n, "variables"),
    Approximate = require_length("partials", reply$partials, n, "variables"),
    Extrema = for (point in c(reply$critical_points, reply$inflections)) {
      names <- vapply(point$point, function(entry) entry$variable, "")
      if (!identical(names, reply$variables)) stop_malformed("a critical point whose coordinates are not those of the variables")
    },
    Check = {
      if (reply$verdict == 0) stop_malformed("a check without a verdict")
      # Of order 2 a matrix.
      if (!length(reply$derivatives) %in% c(0L, n^2)) require_length("derivatives", reply$derivatives, n, "variables")
    },
    Explain = {
      check_formula(reply, reply$derivative, "derivative")
      depths <- vapply(reply$steps, function(step) as.integer(step$depth), 0L)
      # The depth is also an indentation: a hostile server could cause gigabytes of spaces.
      if (any(depths < 0L | depths > length(depths))) stop_malformed("a step deeper than there are steps")
    }
  )
  invisible(reply)
}

# Stops unless the formula in a field of a reply is there.
check_formula <- function(reply, formula, field) {
  # A formula with a text is there; asking for it takes as long as all else here.
  if (is.null(formula) || !nzchar(formula$text)) {
    require_fields(reply, field)
    if (!has_value(formula)) stop_malformed("a formula without text and value")
  }
  check_shape(formula)
}

# Whether a formula has a value, a number or an array.
has_value <- function(formula) formula$has("value") || length(formula$values) > 0L || length(formula$shape) > 0L

check_shape <- function(formula) {
  if (length(formula$shape)) require_length("values", formula$values, prod(as.numeric(formula$shape)), "entries of a formula")
}

# Whether the value of each formula is a number.
all_numbers <- function(formulas) all(vapply(formulas, function(formula) formula$has("value"), NA))

check_rows <- function(rows, n) for (row in rows) check_partials(row$partials, n)

# Whether an entry of some row is a vector or a matrix.
has_arrays <- function(rows) {
  any(vapply(rows, function(row) any(vapply(row$partials, function(partial) length(partial$values) > 0L, NA)), NA))
}

check_partials <- function(partials, n) {
  require_length("partials", partials, n, "variables")
  if (all_numbers(partials)) return(invisible())
  for (partial in partials) check_shape(partial)
  known <- vapply(partials, has_value, NA)
  if (any(known) && !all(known)) stop_malformed(sprintf("%d values for %d partials", sum(known), n))
}

# Stops unless a block of values belongs to `count` points; `names` are the variables.
check_block <- function(reply, count, names, order) {
  require_length("values", reply$values, count, "points")
  n <- length(names)
  require_length("columns of derivatives", reply$derivatives, (order >= 1) * n + (order >= 2) * n * (n + 1) / 2, "wanted")
  for (column in reply$derivatives) require_length("derivatives in a column", column$values, count, "points")
}

# Stops unless the steps and the outcome are points of `n` variables.
check_steps <- function(reply, n) {
  if (length(reply$variables)) require_length("variables", reply$variables, n, "coordinates of the start")
  for (step in reply$steps) require_length("coordinates", step$point, n, "variables")
  if (!reply$has("outcome")) return(invisible())
  require_length("coordinates", reply$outcome$point, n, "variables")
  for (optimum in reply$outcome$optima) require_length("coordinates", optimum$point, n, "variables")
  if (length(reply$outcome$standard_errors)) require_length("standard errors", reply$outcome$standard_errors, n, "variables")
}
