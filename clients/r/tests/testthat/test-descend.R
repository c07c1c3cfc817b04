test_that("the lecture's descent has its 636 steps and its digits", {
  service()
  trace <- descend(~ x^2 + 2*x + 3, c(x = 0.883646125995533), rate = 1e-2, tolerance = 1e-5)
  expect_identical(dim(trace), c(637L, 4L))
  expect_identical(names(trace), c("number", "x", "value", "gradient_norm"))
  expect_identical(format(coef(trace)[["x"]], digits = 15), "-0.999995047967832")
  expect_identical(outcome(trace)[c("reason", "steps", "predicted_steps", "rate_limit")],
                   list(reason = "CONVERGED", steps = 636, predicted_steps = 636, rate_limit = 1))
})

test_that("every method of the contract is known by its name", {
  service()
  for (method in names(oneof_members("DescendRequest", "method"))) {
    expect_s3_class(descend(~ x^2 + 2*y^2, c(x = 1, y = 1), method = method, max_steps = 3), "secant_trace")
  }
  expect_lt(abs(coef(descend("(x - 3)^2", c(x = 1), method = "adam", rate = 0.5, beta1 = 0.8))[["x"]] - 3), 1e-4)
})

test_that("bounds, many starts and standard errors come back by name", {
  service()
  bounded <- descend(~ (x - 3)^2 + y^2, c(x = 0, y = 1), bounds = list(x = c(NA, 2)))
  expect_equal(coef(bounded), c(x = 2, y = 0), tolerance = 1e-5)
  many <- outcome(descend(~ x^4 - 2*x^2 + 0.1*x, c(x = 1), starts = list(x = c(-2, 2))))
  expect_identical(nrow(many$optima), 2L)
  fit <- descend(function(m, s) sum((dist - m)^2 / (2 * s^2) + log(s)), c(m = 40, s = 20), data = cars, standard_errors = TRUE)
  expect_equal(coef(fit)[["m"]], mean(cars$dist), tolerance = 1e-5)
  expect_named(outcome(fit)$standard_errors, c("m", "s"))
})

test_that("a trace prints, and a part of it is a data frame", {
  service()
  trace <- descend(~ x^2, c(x = 1), rate = 1.5)
  expect_identical(outcome(trace)$reason, "DIVERGED")
  expect_output(print(trace), "number")
  expect_identical(class(trace[1:2, ]), "data.frame")
  expect_identical(class(as.data.frame(trace)), "data.frame")
})

test_that("a progress bar goes to its end", {
  out <- textConnection("shown", "w", local = TRUE)
  bar <- progress_bar(0, NULL, out)
  bar$show(data.frame(number = 0, value = 1, gradient_norm = 1))
  bar$close(TRUE)
  close(out)
  expect_match(paste(shown, collapse = "\n"), "|==============================| 100%  step 0  f = 1", fixed = TRUE)
  expect_identical(progress_share(list(number = 5, gradient_norm = 1), 1, 10, 1e-5), 0.5)
  expect_equal(progress_share(list(number = 5, gradient_norm = 1e-4), 1, 0, 1e-5), 0.8)
})

test_that("FALSE from on_steps stops the server too", {
  before <- left_alone()
  trace <- descend(~ x^2, c(x = 1), rate = 1e-9, tolerance = 0, on_steps = function(steps) max(steps$number) < 1000)
  expect_null(outcome(trace))
  expect_true(coef(trace)[["x"]] < 1)
  expect_true(eventually(function() left_alone() == before + 1))
})

# One server is killed and started again for all that has to outlive it: a start takes seconds.
restarted <- new.env()

test_that("a descent goes on where its server was killed, and is the same as one unbroken", {
  first <- start_server()
  connection <- secant_connect(first$address, default = FALSE)
  ask <- function(...) descend(~ x^2 + 2*x + 3, c(x = 0.883646125995533), rate = 1e-7, max_steps = 3e6, trace_every = 100, connection = connection, ...)
  whole <- ask()
  broken <- ask(on_steps = function(steps) {
    if (is.null(restarted$server) && max(steps$number) > 500) {
      stop_server(first)
      restarted$failure <- failure_of(differentiate("x^2", connection = connection))
      restarted$server <- start_server(listen = first$address)
    }
  })
  expect_identical(as.data.frame(broken), as.data.frame(whole))
  expect_identical(outcome(broken)[c("steps", "point", "value")], outcome(whole)[c("steps", "point", "value")])
  restarted$connection <- connection
})

test_that("a call fails while its server is away, and finds it again", {
  if (is.null(restarted$connection)) skip("there was no restart")
  expect_s3_class(restarted$failure, "secant_unavailable")
  expect_identical(differentiate("x^2", connection = restarted$connection), "2 * x")
  expect_identical(evaluate(~ x, rnorm(1e5) * 0, connection = restarted$connection), numeric(1e5))
})

test_that("a method with a memory does not pretend to go on", {
  if (is.null(restarted$connection)) skip("there was no restart")
  failure <- failure_of(descend(~ x^2, c(x = 1), method = "momentum", rate = 1e-6, tolerance = 0, on_steps = function(steps) {
    stop_server(restarted$server)
  }, connection = restarted$connection))
  expect_s3_class(failure, "secant_unavailable")
})

test_that("an interrupt ends the call, stops the server and keeps the steps", {
  before <- left_alone()
  mine <- structure(class = c("interrupt", "condition"), list(message = "", call = NULL))
  expect_warning(trace <- descend(~ x^2, c(x = 1), rate = 1e-9, tolerance = 0, on_steps = function(steps) {
    if (max(steps$number) > 100) signalCondition(mine)
  }), "interrupted after [0-9]+ steps", class = "secant_interrupted")
  expect_gt(nrow(trace), 100)
  expect_true(eventually(function() left_alone() == before + 1))
})

test_that("a start of vectors and matrices ends as vectors and matrices", {
  service()
  A <- matrix(1:6, 2)
  ended <- outcome(descend("sum((A - M)^2) + sum(v^2) + s^2", list(A = 0 * A, v = c(1, 2), s = 3), data = list(M = A)))
  expect_named(ended$point, c("A[1,1]", "A[1,2]", "A[1,3]", "A[2,1]", "A[2,2]", "A[2,3]", "v[1]", "v[2]", "s"))
  expect_equal(ended$arrays, list(A = A, v = c(0, 0), s = 0), tolerance = 1e-6)
  named <- descend(function(b) sum((b - 1:2)^2), c(intercept = 0, slope = 0))
  expect_equal(outcome(named)$arrays$b, c(intercept = 1, slope = 2), tolerance = 1e-6)
})

test_that("what was found out about f, and remarks on bounds, are those of every client", {
  service()
  line <- outcome(descend("2*x + 1", c(x = 1)))
  expect_identical(line[c("reason", "nature", "finding")], list(reason = "DIVERGED", nature = "", finding = "UNBOUNDED"))
  expect_match(line$message, "its derivative with respect to x is 2 everywhere", fixed = TRUE)
  expect_identical(outcome(descend("abs(x)", c(x = 1)))[c("nature", "finding")], list(nature = "MINIMUM", finding = "KINK"))
  expect_identical(line$notices, character())
  expect_warning(held <- descend("(x - 3)^2", c(x = 5), method = "lbfgs", bounds = list(x = c(-1, 1))), "is held by its upper bound 1",
                 class = "secant_notice")
  expect_identical(outcome(held)$notices, c("the start x = 5 is outside its bounds; the descent begins at x = 1",
                                            "x is held by its upper bound 1"))
})
