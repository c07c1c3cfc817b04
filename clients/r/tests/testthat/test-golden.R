# The tables that every language reads, where the whole project is at hand: SECANT_GOLDEN names their folder.

golden <- function(file) {
  path <- file.path(Sys.getenv("SECANT_GOLDEN"), file)
  if (!nzchar(Sys.getenv("SECANT_GOLDEN")) || !file.exists(path)) skip("SECANT_GOLDEN names no folder of tables")
  lines <- grep("^(#|$)", readLines(path, encoding = "UTF-8"), invert = TRUE, value = TRUE)
  cells <- lapply(strsplit(paste0(lines, "\t|"), "\t", fixed = TRUE), function(line) line[-length(line)])
  rows <- lapply(cells[-1], function(row) as.list(stats::setNames(row, cells[[1]])))
  stats::setNames(rows, vapply(rows, function(row) row$id, ""))
}

words <- function(text) if (nzchar(text)) strsplit(text, " ", fixed = TRUE)[[1]]
pairs <- function(text) {
  parts <- words(text)
  stats::setNames(as.list(sub("^[^=]*=", "", parts)), sub("=.*$", "", parts))
}
point_of <- function(row) if (nzchar(row$at)) vapply(pairs(row$at), as.numeric, 0)
by_name <- function(arguments, prefix) {
  found <- arguments[startsWith(names(arguments), prefix)]
  stats::setNames(found, substring(names(found), nchar(prefix) + 1))
}
function_of <- function(row, arguments) sec_function(row$text, notation = arguments$notation, data = {
  columns <- arguments[grepl(",", arguments, fixed = TRUE)]
  if (length(columns)) lapply(columns, function(column) as.numeric(strsplit(column, ",", fixed = TRUE)[[1]]))
})

# Numbers agree to a unit of the last digit that the row shows, whole numbers to 1e-12.
expect_digits <- function(found, row) {
  shown <- words(row$value)
  mantissa <- sub("e.*", "", shown)
  exponent <- ifelse(grepl("e", shown), as.numeric(sub(".*e", "", shown)), 0)
  decimals <- ifelse(grepl(".", mantissa, fixed = TRUE), nchar(sub(".*[.]", "", mantissa)), NA)
  expected <- as.numeric(shown)
  unit <- ifelse(is.na(decimals), 1e-12 * pmax(1, abs(expected)), 10^(exponent - decimals))
  close <- abs(found[seq_along(expected)] - expected) <= pmax(unit, 4e-16 * abs(expected))
  expect_true(all(close), info = paste(row$id, toString(format(found, digits = 17))))
}
expect_texts <- function(found, row) {
  if (nzchar(row$expected)) expect_identical(found, strsplit(row$expected, " ; ", fixed = TRUE)[[1]], info = row$id)
}
text_of <- function(x) as.vector(t(x))

calls <- list(
  Differentiate = function(row, f, arguments) {
    by <- words(row$variables)
    expect_texts(differentiate(f, by, notations = row$notation), row)
    if (nzchar(row$value)) expect_digits(differentiate(f, by, at = point_of(row)), row)
  },
  Gradient = function(row, f, arguments) {
    by <- words(row$variables)
    expect_texts(unname(gradient(f, by, notations = row$notation)), row)
    if (nzchar(row$value)) expect_digits(gradient(f, by, at = point_of(row)), row)
  },
  Evaluate = function(row, f, arguments) expect_digits(evaluate(f, as.list(point_of(row))), row),
  Descend = function(row, f, arguments) {
    settings <- lapply(arguments[setdiff(names(arguments), c("notation", names(f$data)))], as.numeric)
    end <- outcome(do.call(descend, c(list(f, point_of(row)), settings)))
    expect_identical(paste(end$reason, end$steps), row$expected, info = row$id)
    expect_digits(c(end$point, end$value), row)
  },
  Jacobian = function(row, f, arguments) {
    inner <- by_name(arguments, "inner:")
    if (!length(inner)) inner <- NULL
    full <- jacobian(f, words(row$variables), inner = inner, at = point_of(row), full = TRUE)
    expect_texts(c(text_of(full$partials), if (!is.null(full$determinant)) c("det", full$determinant)), row)
    if (nzchar(row$value)) expect_digits(text_of(full$values), row)
  },
  Hessian = function(row, f, arguments) {
    full <- hessian(f, full = TRUE)
    expect_texts(c(text_of(full$partials), full$definiteness[nzchar(full$definiteness)]), row)
  },
  Taylor = function(row, f, arguments) {
    points <- if (!is.null(arguments$points)) list(x = as.numeric(arguments$points))
    found <- taylor(f, point_of(row), as.integer(arguments$order), points = points)
    expect_texts(c(found$polynomial, found$expanded, if (found$equals_function) "equal"), row)
    expect_digits(c(found$terms$derivative, found$comparison$polynomial, found$comparison$f), row)
  },
  Tangent = function(row, f, arguments) {
    found <- suppressWarnings(tangent(f, point_of(row), notations = "r"))
    expect_texts(if (is.null(found$equation)) found$contact else found$equation, row)
    expect_digits(c(found$slopes, found$value), row)
  },
  Approximate = function(row, f, arguments) {
    found <- approximate(f, point_of(row), arguments$scheme, as.numeric(arguments$step))
    expect_identical(unname(coef(found)), as.numeric(words(row$value)), info = row$id)
  },
  Explain = function(row, f, arguments) {
    steps <- explain(f, row$variables, by_definition = !is.null(arguments$definition))
    expected <- strsplit(row$expected, " ; ", fixed = TRUE)[[1]]
    expect_identical(utils::tail(steps$result, length(expected)), expected, info = row$id)
  },
  Extrema = function(row, f, arguments) {
    box <- lapply(by_name(arguments, "box:"), function(ends) as.numeric(strsplit(ends, ":", fixed = TRUE)[[1]]))
    found <- extrema(f, box, notations = "r")
    described <- function(points) if (NROW(points)) paste(points$nature, gsub(", ", " ", points$exact, fixed = TRUE))
    expect_texts(c(described(found), described(attr(found, "inflections"))), row)
  }
)

test_that("every claim of checks.tsv is judged right", {
  rows <- golden("checks.tsv")
  needs("Check")
  for (row in rows) {
    columns <- lapply(pairs(row$data), function(column) as.numeric(strsplit(column, ",", fixed = TRUE)[[1]]))
    read <- function(text) sec_function(text, notation = if (nzchar(row$notation)) row$notation, data = if (length(columns)) columns)
    found <- suppressWarnings(check(read(row$text), read(row$claimed), words(row$variables)))
    right <- if (row$verdict == "RIGHT") c("PROVED", "AGREES") else row$verdict
    expect_true(found$verdict %in% right, info = paste(row$id, found$verdict, found$message))
    expect_identical(c(found$slip, found$variable), c(row$slip, row$variable), info = row$id)
  }
})

for (table in c("seeds.tsv", "calculus.tsv")) {
  test_that(paste("every row of", table, "is answered right"), {
    rows <- golden(table)
    service()
    for (row in rows) {
      if (!row$rpc %in% servers$methods) next
      expect_true(row$rpc %in% names(calls), info = row$id)
      arguments <- pairs(row$arguments)
      suppressWarnings(calls[[row$rpc]](row, function_of(row, arguments), arguments))
    }
  })
}

# The examples of arrays: numbers of an independent library to 1e-9, and code that runs in R.

# A value of JSON: a number, a vector or a matrix.
array_of <- function(json) {
  value <- eval(str2lang(gsub("]", ")", gsub("[", "list(", json, fixed = TRUE), fixed = TRUE)))
  if (length(value) && is.list(value[[1]])) do.call(rbind, lapply(value, unlist)) else unlist(value)
}
point_from <- function(json) {
  parts <- regmatches(json, gregexpr("\"[A-Za-z0-9]+\":(\\[\\[.*?\\]\\]|\\[[^]]*\\]|[-0-9.e]+)", json, perl = TRUE))[[1]]
  values <- lapply(sub("^[^:]*:", "", parts), array_of)
  stats::setNames(values, sub("^\"([^\"]*)\".*", "\\1", parts))
}
# The entries of values row by row, as the table has them.
by_row <- function(value) if (is.list(value)) unlist(lapply(value, by_row)) else as.vector(if (is.matrix(value)) t(value) else value)

test_that("values and derivatives are those of an independent library", {
  rows <- golden("array_examples.tsv")
  service()
  expect_gt(length(rows), 22)
  for (row in rows) {
    at <- point_from(row$at)
    by <- words(row$by)
    shapes <- lapply(at[by], function(value) if (is.matrix(value)) dim(value) else if (length(value) > 1L) length(value) else "number")
    for (name in words(row$symmetric)) shapes[[name]] <- sprintf("symmetric %d x %d", nrow(at[[name]]), ncol(at[[name]]))
    data <- at[words(row$data)]
    right <- lapply(row[c("value", "gradient", "along")], array_of)
    if (is.null(right$gradient)) {
      found <- jacobian(row$r, by, at = at[by], data = data)
      expect_equal(as.vector(found %*% cos(seq_along(unlist(at[by])) - 1)), right$along, tolerance = 1e-9, label = row$id)
      next
    }
    found <- suppressWarnings(gradient(row$r, by, at = at[by], data = data, shapes = shapes))
    expect_equal(unname(by_row(found)), right$gradient, tolerance = 1e-9, label = row$id)
    # As it is written, the derivative of the log of a large sum overflows in R.
    if (row$id != "log of a large sum") {
      texts <- gradient(row$r, by, data = data, shapes = shapes)
      values <- if (length(by) == 1) list(found) else as.list(found)
      for (k in seq_along(by)) {
        value <- eval(str2lang(paste0("{", texts[[k]], "\n}")), at)
        expect_equal(as.vector(value), as.vector(values[[k]]), tolerance = 1e-9, label = paste(row$id, texts[[k]]))
      }
    }
    # The direction of `along` is cos(0), cos(1), ... row by row; the Hessian has the entries of a matrix down its columns.
    step <- utils::relist(cos(seq_along(unlist(at[by])) - 1), at[by])
    step <- Map(function(d, value) if (is.matrix(value)) matrix(d, nrow(value), ncol(value), byrow = TRUE) else d, step, at[by])
    step[words(row$symmetric)] <- lapply(step[words(row$symmetric)], function(d) d + t(d))
    second <- suppressWarnings(hessian(row$r, by, at = at[by], data = data, shapes = shapes))
    change <- utils::relist(as.vector(second %*% unlist(step)), step)
    expect_equal(unname(by_row(change)), right$along, tolerance = 1e-9, label = row$id)
  }
})
