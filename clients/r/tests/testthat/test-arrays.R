# Vectors and matrices. Expected values are those of an independent array library in double precision, or R's own.

X <- cbind(1, c(0.5, 1, 2, 4))
y <- c(1, 2, 3, 5)
squares <- function(b) sum((y - X %*% b)^2)
rosenbrock <- function(x) 100 * (x[2] - x[1]^2)^2 + (1 - x[1])^2

test_that("derivatives by a vector are vectors, and their code runs in R", {
  service()
  expect_equal(gradient(squares, at = c(0.3, -0.4)), c(-25.6, -69.5))
  expect_equal(gradient(squares)(c(0.3, -0.4)), c(-25.6, -69.5))
  expect_equal(hessian(squares, at = c(0.3, -0.4)), 2 * crossprod(X))
  expect_equal(hessian(squares)(c(0.3, -0.4)), 2 * crossprod(X))
  expect_identical(dimnames(hessian(squares, at = c(u = 0.3, v = -0.4))), list(c("u", "v"), c("u", "v")))
  expect_identical(gradient("sum(x^2)", at = c(1, 2)), c(2, 4))
  expect_identical(gradient(~ sum(x^2), at = c(a = 1, b = 2)), c(a = 2, b = 4))
  # A matrix of the environment is a matrix: it was once sent as a vector.
  expect_equal(gradient(function(a, b) sum((y - X %*% c(a, b))^2), at = c(a = 0.3, b = -0.4)), c(a = -25.6, b = -69.5))
})

test_that("derivatives by a matrix keep its dimensions and their names", {
  service()
  A <- matrix(c(2, 0.5, 1, 3), 2, dimnames = list(c("a", "b"), c("c", "d")))
  found <- differentiate(function(A) log(det(A)), at = A)
  expect_equal(found, structure(t(solve(A)), dimnames = dimnames(A)))
  expect_equal(gradient(function(A) log(det(A)), at = A), found)
  expect_equal(jacobian(function(x) A %*% x, at = c(1, 2)), unname(A))
  expect_equal(gradient(function(x, A) t(x) %*% A %*% x, "x", at = list(x = c(1, 2), A = A)), c(7, 13.5))
})

test_that("a number is a vector of one entry", {
  service()
  X <- cbind(c(0.5, 1, 2, 4))
  f <- function(b) sum((y - X %*% b)^2)
  expect_equal(unname(gradient(f, at = 0.5)), gradient(f)(0.5)[[1]])
  expect_equal(gradient(f, at = 0.5, shapes = list(b = 1)), sum(-2 * X * (y - X * 0.5)))
  expect_equal(gradient(function(x) sum(x^2), at = 0.5, shapes = list(x = "n")), 1)
  expect_equal(c(optim(0, f, gradient(f), method = "BFGS")$par), unname(coef(lm(y ~ X - 1))), tolerance = 1e-6)
})

test_that("blocks of a stream are whole points where shapes tell it", {
  service()
  blocks <- list(list(x = c(1, 2)), list(x = c(3, 4, 5)))
  found <- evaluate_stream(~ sum(x^2), blocks, order = 1, shapes = list(x = "n"))
  expect_equal(found, list(structure(5, gradient = rbind(c(2, 4))), structure(50, gradient = rbind(c(6, 8, 10)))))
  A <- matrix(c(2, 0.5, 1, 3), 2)
  found <- evaluate_stream(~ log(det(A)), list(list(A = A)), order = 2)[[1]]
  expect_equal(attr(found, "gradient"), rbind(as.vector(t(solve(A)))))
  expect_equal(attr(found, "hessian")[1, , ], unname(suppressWarnings(hessian(~ log(det(A)), at = list(A = A)))))
  expect_error(evaluate_stream(~ sum(x^2), blocks), "declare the shapes of vectors", class = "secant_invalid_argument")
})

test_that("nls takes a vector of parameters with the Jacobian as its gradient", {
  service()
  x <- 1:20
  f <- function(p, x) p[1] * exp(-p[2] * x) + p[3]
  slope <- jacobian(f, "p", shapes = list(x = "n", p = 3))
  model <- function(p) structure(f(p, x), gradient = slope(p, x))
  z <- f(c(2, 0.3, 0.5), x) + rep(c(0.01, -0.01), 10)
  ours <- nls(z ~ model(p), start = list(p = c(1, 0.1, 0)))
  theirs <- nls(z ~ a * exp(-b * x) + c, start = list(a = 1, b = 0.1, c = 0))
  expect_equal(unname(coef(ours)), unname(coef(theirs)), tolerance = 1e-6)
})

test_that("derivatives by a matrix have its entries down the columns", {
  service()
  A <- matrix(c(2, 0.5, 1, 3), 2)
  inverse <- solve(A)
  at <- expand.grid(i = 1:2, j = 1:2)
  by_a <- outer(1:4, 1:4, Vectorize(function(p, q) -inverse[at$j[p], at$i[q]] * inverse[at$j[q], at$i[p]]))
  logdet <- function(A) log(det(A))
  expect_warning(found <- hessian(logdet, at = A), "differential")
  expect_equal(unname(found), by_a)
  suppressWarnings({
    expect_equal(differentiate(logdet, c("A", "A"), at = A), by_a)
    expect_equal(jacobian(function(X, b) X %*% b, "X", at = list(X = X, b = c(1, -1))), kronecker(t(c(1, -1)), diag(4)))
    quadratic <- hessian(function(x, A) t(x) %*% A %*% x, at = list(x = c(1, 2), A = A))
  })
  expect_equal(quadratic[1:2, 3:6], rbind(c(2, 2, 2, 0), c(0, 1, 1, 4)))   # x'Ax by x[i] and A[j, k]
  expect_equal(quadratic, t(quadratic))
  # f's own entries stand row by row.
  expect_equal(unname(jacobian(function(s) s * X, at = c(s = 2))), cbind(as.vector(t(X))))
})

test_that("several variables are a list, or a vector where code computes them", {
  service()
  f <- function(b, s) s * sum((y - X %*% b)^2)
  expect_equal(gradient(f, at = list(b = c(0.3, -0.4), s = 2)), list(b = c(-51.2, -139), s = 57.16))
  expect_equal(gradient(f)(c(0.3, -0.4), 2), c(b1 = -51.2, b2 = -139, s = 57.16))
  expect_equal(hessian(f, at = list(b = c(0.3, -0.4), s = 2)),
               rbind(cbind(4 * crossprod(X), c(-25.6, -69.5)), c(-25.6, -69.5, 0)))
whole <- hessian(f)
  expect_equal(whole(c(0.3, -0.4), 2), hessian(f, at = list(b = c(0.3, -0.4), s = 2)))
  mixed <- function(s, b, u) s^2 * u * sum(b^2) + sum(exp(b)) * u
  expect_equal(hessian(mixed)(2, c(1, 2), 3), hessian(mixed, at = list(s = 2, b = c(1, 2), u = 3)))
  expect_error(hessian(function(A, s) s^2 * log(det(A))), "give a point or notations", class = "secant_invalid_argument")
  rows <- jacobian(function(x) c(sum(x), sum(x^2)))
  expect_equal(unname(rows(c(1, 2))), rbind(c(1, 1), c(2, 4)))
  expect_equal(evaluate(squares, list(b = c(0.3, -0.4)), order = 1, shapes = list(b = "k")),
               structure(57.16, gradient = rbind(c(-25.6, -69.5))))
})

test_that("a gradient is what R's optimizers take as it is", {
  service()
  slope <- gradient(rosenbrock)
  expect_identical(names(slope(c(-1.2, 1))), c("x[1]", "x[2]"))   # in the order of the index, not of the text
  expect_equal(unname(slope(c(-1.2, 1))), c(-215.6, -88))
  expect_equal(optim(c(-1.2, 1), rosenbrock, slope, method = "BFGS")$par, c(1, 1), tolerance = 1e-6)
  best <- unname(coef(lm(y ~ X - 1)))
  slope <- gradient(squares)
  expect_equal(optim(c(0, 0), squares, slope, method = "CG")$par, best, tolerance = 1e-5)
  expect_equal(nlm(function(b) structure(squares(b), gradient = slope(b)), c(0, 0))$estimate, best, tolerance = 1e-5)
  expect_equal(nlminb(c(0, 0), squares, slope, hessian(squares))$par, best, tolerance = 1e-6)
})

test_that("Deriv has the values of R's Deriv for vectors of every length", {
  service()
  skip_if_not_installed("Deriv")
  formulas <- alist(
    sum((x - th)^2), sum(exp(th * x)) + th^2, sum(log(th + x)), sum(x) / th, sum(x^2 * th)^2, log(sum(exp(th * x))),
    sqrt(sum((x * th)^2)), sum(sin(th * x) * cos(x)), sum(dnorm(x, th, 1)), sum(th^x), exp(-th * sum(x)), sum(x / (x + th)),
    sum(abs(x - th)), th * sum(x) + sum(x^3), sum((th * x)^3) / sum(x), sum(tanh(th * x)), sum(pnorm(th * x)), sum(atan(x / th)),
    sum(sqrt(th^2 + x^2)), sum(log1p(th * x)), th^2 * x, exp(-th * x)
  )
  for (formula in formulas) {
    f <- as.function(c(alist(th = , x = ), formula))
    ours <- Deriv(f, "th")
    theirs <- Deriv::Deriv(f, "th")
    for (n in c(1, 2, 5)) {
      x <- seq_len(n) / 3 + 0.05
      expect_equal(as.vector(ours(0.7, x)), as.vector(theirs(0.7, x)), tolerance = 1e-9, label = paste(deparse(formula), n))
      slope <- (f(0.7 + 1e-5, x) - f(0.7 - 1e-5, x)) / 2e-5
      expect_equal(as.vector(ours(0.7, x)), slope, tolerance = 1e-7, label = paste(deparse(formula), n))
    }
  }
  # R's Deriv has neither.
  for (f in list(function(th, x) mean((x - th)^2), function(th, x) prod(th + x))) {
    x <- c(0.4, 1.3, 2)
    expect_equal(Deriv(f, "th")(0.7, x), (f(0.7 + 1e-5, x) - f(0.7 - 1e-5, x)) / 2e-5, tolerance = 1e-7)
  }
})

test_that("wrong arrays are refused with their field", {
  service()
  expect_error(gradient(squares, at = c(1, 2, 3)), "3", class = "secant_invalid_argument")
  failure <- failure_of(gradient(squares, at = c(1, 2), shapes = list(b = 3)))
  expect_match(conditionMessage(failure), "'b' is declared as a vector of length 3, but its value is a vector of length 2", fixed = TRUE)
  expect_error(gradient(squares, shapes = list(b = 0)), "a length is 0", class = "secant_invalid_argument")
  expect_error(gradient(~ sum(x), at = list(x = array(1, c(1, 1, 1)))), "3 dimensions", class = "secant_invalid_argument")
})

test_that("a text that hands a function to apply() and the like is no answer", {
  expect_error(answer_code("apply(x, 2, system)"), "calls system", class = "secant_malformed_reply")
  expect_error(answer_code("outer(x, y, FUN = quit)"), "calls quit", class = "secant_malformed_reply")
  expect_error(answer_code("outer(FUN = quit, x, y)"), class = "secant_malformed_reply")
  expect_error(answer_code("sweep(A, 2, x, function(a, b) a)"), class = "secant_malformed_reply")
  expect_error(answer_code("Reduce(function(y, p) system(p), x)"), "calls system", class = "secant_malformed_reply")
  expect_error(answer_code("Reduce(function(y = quit()) y, x)"), class = "secant_malformed_reply")
  folded <- "Reduce(function(y, p) y + p[1], Map(c, a, b), 0)"
  expect_identical(deparse(answer_code(folded)), folded)
  expect_error(answer_code("x$modulus$system"), class = "secant_malformed_reply")
  expect_error(answer_code("f(1)$v"), "calls $", fixed = TRUE, class = "secant_malformed_reply")
  expect_identical(answer_code("df$v + 1"), quote(df$v + 1))
  expect_error(answer_code("sum(\"a\")"), "holds character", class = "secant_malformed_reply")
  for (text in c("sweep(A, 2, x, \"*\")", "apply(A, 2, cumsum)", "as.vector(determinant(A)$modulus)", "A[1, ]", "outer(a, b)",
                 "as.vector(tapply(y, factor(g, seq_along(x)), sum, default = 0))", "t(X) %*% y")) {
    expect_identical(deparse(answer_code(text)), deparse(str2lang(text)))
  }
})

test_that("a refuted claim has a point with its vectors", {
  service()
  verdict <- check(function(th, x) sum((x - th)^2), "-2*(x - th)", "th")
  expect_false(as.logical(verdict))
  expect_length(verdict$witness_point$x, 3L)
})

test_that("an answer repeats the assignments of its function, and its code runs", {
  service()
  f <- function(b) { r <- y - X %*% b; sum(r^2) }
  g <- gradient(f)
  expect_match(deparse(body(g)), "r <- y - X %*% b", fixed = TRUE, all = FALSE)
  expect_equal(g(c(0.3, -0.4)), c(-25.6, -69.5))
  expect_identical(gradient("r <- y - X %*% b; sum(r^2)", "b"), c(b = "r <- y - X %*% b\n-2 * t(X) %*% r"))
  expect_identical(deparse(differentiate(quote({ r <- y - X %*% b; sum(r^2) }), "b", naming = "none")), "-2 * t(X) %*% (y - X %*% b)")
  h <- hessian(function(x) log(sum(exp(x))), naming = "repeated")
  p <- c(1, exp(1)) / (1 + exp(1))
  expect_equal(h(c(1, 2)), diag(p) - outer(p, p))
  expect_match(deparse(body(jacobian(function(x) { p <- tanh(x); p * sum(p) }, naming = "author"))), "p <- tanh(x)", fixed = TRUE, all = FALSE)
  # Deriv's answers are one expression.
  expect_identical(deparse(body(Deriv(f))), "-2 * t(X) %*% (y - X %*% b)")
})

test_that("a block assigns only to names of the caller's function and of parts", {
  block <- function(text, own = "r <- x; r") deparse(answer_code(text, own))
  expect_identical(block("r <- x\n.e1 <- r^2\n.e1 + 1"), c("{", "    r <- x", "    .e1 <- r^2", "    .e1 + 1", "}"))
  expect_identical(block("P12 <- x\nP12", "P <- diag(2)"), c("{", "    P12 <- x", "    P12", "}"))
  for (text in c("q <- x\nq", "q1 <- x\nq1", "12 <- x\nr", "r <- x\nT <- r\nr", "r(1) <- x\nr", "x\nr", "r <<- x\nr", "r <- (r <- x)\nr", "r <- x\nr <- x",
                 "r <- system(x)\nr", "r <- x\n} ; {\nr", "assign(r, x)\nr", "r = x\nr", "r <- x\nquit(r)")) {
    expect_error(answer_code(text, "r <- x; r"), class = "secant_malformed_reply")
  }
})

test_that("a loop of a block fills vectors of the block", {
  loop <- c(".e1 <- rep(0, 3)", "for (i in seq_len(2)) .e1[i + 1] <- .e1[i] * a + r[i]", ".e1[3]")
  expect_identical(eval(answer_code(paste(loop, collapse = "\n")), list(a = 2, r = c(1, 5))), 7)
  two <- ".e1 <- rep(1, 3)\n.e2 <- rep(0, 3)\nfor (i in seq_len(2)) {\n  .e1[i + 1] <- .e1[i]\n  .e2[i + 1] <- .e1[i]\n}\n.e2[3]"
  expect_identical(eval(answer_code(two)), 1)
  part <- ".e1 <- rep(1, 3)\nfor (i in seq_len(2)) {\n  .t1 <- .e1[i]/2\n  .e1[i + 1] <- .t1 + .t1^2\n}\n.e1[2]"
  expect_identical(eval(answer_code(part)), 0.75)
  expect_error(answer_code(sub(".t1 <- .e1[i]/2", ".t1 <- quit()", part, fixed = TRUE)), class = "secant_malformed_reply")
  for (body in c("x[i] <- 1", ".e1 <- 1", ".e1[quit()] <- 1", ".e1[i] <- quit()", "{ .e1[i] <- 1; quit() }", "quit()",
                 "for (i in 1:2) .e1[i] <- 1", ".e1[[i]] <- 1", "f(.e1)[i] <- 1", ".e1[i, 1] <- 1")) {
    expect_error(answer_code(paste0(".e1 <- rep(0, 3)\nfor (i in seq_len(2)) ", body, "\n.e1")), class = "secant_malformed_reply")
  }
  expect_error(answer_code(".e1 <- 0\nfor (T in seq_len(2)) .e1[T] <- 1\n.e1"), "loop over T", class = "secant_malformed_reply")
  expect_error(answer_code(".e1 <- 0\nfor (i in quit()) .e1[i] <- 1\n.e1"), "calls quit", class = "secant_malformed_reply")
})

test_that("loops that carry vectors take data of any length", {
  service()
  states <- function(g, m) {
    p <- plogis(g)
    a <- c(0.5, 0.5)
    ll <- 0
    for (k in 1:length(w)) {
      if (k > 1) a <- c(a[1] * p + a[2] * (1 - p), a[1] * (1 - p) + a[2] * p)
      a <- a * c(dnorm(w[k], -m), dnorm(w[k], m))
      ll <- ll + log(sum(a))
      a <- a/sum(a)
    }
    ll
  }
  w <- sin(1:150)
  at <- c(g = 0.3, m = 0.8)
  h <- 1e-5
  slope <- function(f, k) {
    step <- h * (seq_along(at) == k)
    (f(at + step) - f(at - step))/(2 * h)
  }
  value <- function(p) states(p[1], p[2])
  by_r <- unname(c(slope(value, 1), slope(value, 2)))
  found <- gradient(states)
  expect_equal(unname(found(0.3, 0.8)), by_r, tolerance = 1e-7)
  expect_equal(unname(gradient(states, at = at)), by_r, tolerance = 1e-7)
})

test_that("columns of a data frame in a function's environment are data", {
  service()
  df <- data.frame(u = 1:5, v = c(2.1, 3.9, 6.2, 7.8, 10.1), name = letters[1:5])
  wanted <- c(-2 * sum(df$v - 1 - 2 * df$u), -2 * sum(df$u * (df$v - 1 - 2 * df$u)))
  for (f in list(function(p) sum((df$v - p[1] - p[2] * df$u)^2), function(p) sum((df[["v"]] - p[1] - p[2] * df[, "u"])^2))) {
    expect_equal(unname(gradient(f)(c(1, 2))), wanted)
  }
  kept <- list(a = c(1, 2, 4), text = "no number")
  expect_equal(unname(gradient(function(th) th^2 * sum(kept$a))(3)), 42)
})

test_that("a number of a function's environment is a number beside vectors and matrices", {
  service()
  X <- cbind(1, c(0.5, 1, 2, 4))
  y <- c(1, 2, 3, 5)
  lambda <- 0.1
  ridge <- function(b, weight = 2) sum((y - X %*% b)^2) + lambda * weight * sum(b^2)
  g <- gradient(ridge)
  b <- c(0.3, -0.4)
  expect_equal(as.vector(g(b)), as.vector(-2 * t(X) %*% (y - X %*% b) + 2 * lambda * 2 * b))
  log_determinant <- function(th) log(det(lambda * diag(2) + th * outer(y[1:2], y[1:2])))
  expect_equal(unname(gradient(log_determinant)(0.5)), 5 / (0.1 + 0.5 * 5))
})

test_that("code with a recursion or a choice by one number runs", {
  service()
  r <- c(0.1, -0.3, 0.2, 0.5)
  garch <- function(w, a, b, r) {
    h <- mean(r^2)
    s <- 0
    for (i in 2:length(r)) {
      h <- w + a * r[i - 1]^2 + b * h
      s <- s + 0.5 * (log(2 * pi * h) + r[i]^2 / h)
    }
    s
  }
  g <- gradient(garch, c("w", "a", "b"), shapes = list(r = "n"))
  expect_equal(unname(g(0.02, 0.1, 0.8, r)), c(-8.215130470535, -0.385286636813, -0.864480885363), tolerance = 1e-10)
  f <- function(x, s) if (s > 0) sum(x^2) else sum(x)
  slope <- differentiate(f, "x", shapes = list(x = "n", s = "number"))
  expect_equal(slope(c(1, 2), 1), c(2, 4))
  expect_equal(slope(c(1, 2), -1), c(1, 1))
})

test_that("columns of a data frame in the data, and elements of a named vector of the point, are found where f uses them", {
  service()
  dat <- data.frame(y = c(1, 2, 4), x = 0:2, name = letters[1:3])
  by_frame <- function(par, dat) sum((dat$y - par[1] - par[2] * dat[["x"]])^2)
  expect_equal(unname(unlist(gradient(by_frame, at = list(par = c(0.5, 1)), data = list(dat = dat)))), c(-5, -7))
  expect_equal(unname(gradient("with(dat, sum((y - a - b*x)^2))", at = c(a = 0.5, b = 1), data = list(dat = dat))), c(-5, -7))
  by_name <- function(par) par[["a"]]^2 * par$b
  expect_equal(unname(gradient(by_name, at = list(par = c(a = 2, b = 3)))), c(12, 4))
  # A frame and a named vector that are used as a whole are a matrix and a vector.
  whole <- sec_function(~ sum(X %*% b), data = list(X = data.frame(u = 1:2, v = 3:4)))
  expect_equal(unname(unlist(gradient(whole, at = list(b = c(u = 1, v = 1))))), c(3, 7))
})
