# R's process: the protocol of host.py.

reply <- function(...) {
  cat(jsonlite::toJSON(list(...), auto_unbox = TRUE, digits = 17, null = "null"), "\n", sep = "")
  flush(stdout())
}

points_of <- function(f, points) {
  set.seed(points)
  lapply(names(formals(f)), function(name) runif(points, 0.2, 1.5))
}

# As in bench/rivals/__init__.py.
thinned <- function(answer) {
  if (is.numeric(answer)) answer[seq(1, length(answer), by = max(1, length(answer) %/% 200))] else if (is.character(answer)) answer else NULL
}

connect <- function(library, address) {
  .libPaths(c(library, .libPaths()))
  suppressPackageStartupMessages(library("secant", character.only = TRUE))
  secant::secant_connect(address)
}

number <- 0
new_name <- function() {
  number <<- number + 1
  paste0("x", number)
}

# Each returns a function without arguments.
jobs <- list(
  Deriv = function(text, variable) function() Deriv::Deriv(text, variable),
  D = function(text, variable) function() paste(deparse(stats::D(parse(text = text)[[1]], variable)), collapse = " "),
  # The function that Export wrote into a file, at so many points; value and gradient.
  exported = function(path, points) {
    scope <- new.env()
    sys.source(path, scope)
    f <- compiler::cmpfun(scope$f)
    at <- points_of(f, points)
    function() as.numeric(attr(do.call(f, at), "gradient"))
  },
  # The gradient that Deriv returns, all points of a variable together.
  DerivFunction = function(path, points, text) {
    scope <- new.env()
    sys.source(path, scope)
    names <- names(formals(scope$f))
    f <- compiler::cmpfun(Deriv::Deriv(as.function(c(formals(scope$f), parse(text = text)[[1]])), names))
    at <- points_of(scope$f, points)
    function() as.numeric(do.call(f, at))
  },
  derivFunction = function(path, points, text) {
    scope <- new.env()
    sys.source(path, scope)
    names <- names(formals(scope$f))
    f <- compiler::cmpfun(stats::deriv(parse(text = text)[[1]], names, function.arg = names))
    at <- points_of(scope$f, points)
    function() as.numeric(attr(do.call(f, at), "gradient"))
  },
  # One call of the package secant, from a library of its own, over a connection that is kept; the server has answered it before.
  call = function(library, address) {
    connect(library, address)
    function() secant::differentiate("x * exp(x)", "x")
  },
  # A formula in a variable of its own, each time another one: over the wire, and by R's package.
  fresh = function(library, address) {
    connect(library, address)
    function() {
      x <- new_name()
      secant::Deriv(paste(x, "* exp(", x, ")"), x)
    }
  },
  DerivFresh = function() function() {
    x <- new_name()
    Deriv::Deriv(paste(x, "* exp(", x, ")"), x)
  },
  numDeriv = function(size) {
    at <- seq(0.5, 2, length.out = size)
    f <- function(x) sum(x^2)
    function() numDeriv::grad(f, at)
  },
  numDerivSimple = function(size) {
    at <- seq(0.5, 2, length.out = size)
    f <- function(x) sum(x^2)
    function() numDeriv::grad(f, at, method = "simple")
  }
)

suppressWarnings(suppressPackageStartupMessages(requireNamespace("Deriv", quietly = TRUE)))
reply(ready = TRUE)
made <- list()
input <- file("stdin", "r")
while (length(line <- readLines(input, 1L))) {
  request <- jsonlite::fromJSON(line)
  tryCatch(
    if (!is.null(request$make)) {
      made[[length(made) + 1]] <- do.call(jobs[[request$make]], as.list(request$arguments))
      reply(made = length(made) - 1)
    } else if (!is.null(request$time)) {
      job <- made[[request$time + 1]]
      begun <- Sys.time()
      for (k in seq_len(request$times)) job()
      reply(seconds = as.numeric(Sys.time() - begun, units = "secs") / request$times)
    } else {
      begun <- Sys.time()
      answer <- made[[request$answer + 1]]()
      reply(answer = thinned(answer), seconds = as.numeric(Sys.time() - begun, units = "secs"))
    },
    error = function(e) reply(error = conditionMessage(e))
  )
}
