"""Loops over data that carry vectors and matrices: hidden Markov models, Kalman filters, learning, against loops by hand."""

import itertools
import math

import numpy as np
import pytest
from secantd.calculus import gradient_answer, hessian
from secantd.calculus.evaluate import evaluate
from secantd.errors import CalculusError
from secantd.expression import VariableShape, reachable
from secantd.language import Notation, read

from .in_r import Text, r_values
from .running import in_python, needs_r

HIDDEN = """function(g, m1, m2) {
  p <- plogis(g)
  a <- c(0.5, 0.5)
  ll <- 0
  for (k in 1:length(r)) {
    if (k > 1) a <- c(a[1]*p + a[2]*(1 - p), a[1]*(1 - p) + a[2]*p)
    a <- a*c(dnorm(r[k], m1, 1), dnorm(r[k], m2, 1))
    s <- sum(a)
    ll <- ll + log(s)
    a <- a/s
  }
  -ll
}"""
DISCRETE = """{
  A <- matrix(c(plogis(g), 1 - plogis(g), 1 - plogis(m1), plogis(m1)), 2, 2, byrow = TRUE)
  B <- rbind(c(0.5, 0.3, 0.2), c(0.1, 0.3, 0.6))*exp(m2)
  alpha <- c(0.5, 0.5)
  ll <- 0
  for (t in seq_along(z)) {
    alpha <- (alpha %*% A) * B[, z[t]]
    ll <- ll + log(sum(alpha))
    alpha <- alpha/sum(alpha)
  }
  ll
}"""
KALMAN = """{
  F <- matrix(c(1, 0, 1, 1), 2, 2); Q <- diag(c(g, m1)); H <- matrix(c(1, 0), 1, 2)
  x <- c(0, 0); P <- diag(2)*10; ll <- 0
  for (t in 1:length(r)) {
    x <- F %*% x
    P <- F %*% P %*% t(F) + Q
    v <- r[t] - H %*% x
    S <- H %*% P %*% t(H) + m2
    K <- P %*% t(H) %*% solve(S)
    x <- x + K %*% v
    P <- (diag(2) - K %*% H) %*% P
    ll <- ll - 0.5*(log(2*pi*S) + v^2/S)
  }
  ll
}"""
IN_NUMPY = """
P = np.eye(2)*10
x = np.zeros(2)
F = np.array([[1, 1], [0, 1]])
H = np.array([1, 0])
ll = 0
for t in range(len(r)):
    x = F @ x
    P = F @ P @ F.T + np.diag([g, m1])
    v = r[t] - H @ x
    S = H @ P @ H + m2
    K = P @ H / S
    x = x + K*v
    P = P - np.outer(K, H @ P)
    ll -= 0.5*(np.log(2*np.pi*S) + v**2/S)
ll
"""
TWO_SERIES = """{
  P <- diag(c(g, m1)); x <- c(0, 0); ll <- 0; R <- matrix(c(m2, 0.2, 0.2, 1), 2, 2)
  for (t in 1:nrow(Y)) {
    P <- P + 0.1*diag(2)
    e <- Y[t, ] - x
    S <- P + R
    K <- P %*% solve(S)
    x <- x + as.vector(K %*% e)
    P <- P - K %*% P
    ll <- ll + log(det(S)) + sum(e*solve(S, e))
  }
  ll
}"""
LEARNING = """{
  Q <- c(0, 0); ll <- 0
  for (t in 1:length(z2)) {
    p <- exp(g*Q)/sum(exp(g*Q))
    ll <- ll + log(p[z2[t]])
    Q[z2[t]] <- Q[z2[t]] + m2*(r[t] - Q[z2[t]])
  }
  ll + m1
}"""
TABLE = """{
  Q <- matrix(0.1, 2, 3); s <- 0
  for (t in 2:length(z)) {
    d <- r[t] + g*max(Q[z2[t], ]) - Q[z2[t - 1], z[t - 1]]
    Q[z2[t - 1], z[t - 1]] <- Q[z2[t - 1], z[t - 1]] + m2*d
    s <- s + d^2
  }
  s + m1*sum(Q)
}"""
LAGS = """{
  lag <- c(0, 0, 0); s <- 0; phi <- c(g, -m1, m2)/2
  for (v in r) { e <- v - sum(phi*lag); s <- s + e^2; lag <- c(e, lag[1:2]) }
  s
}"""
CHAIN = """{
  P <- matrix(c(plogis(g), 1 - plogis(g), 1 - plogis(m1), plogis(m1)), 2, 2, byrow = TRUE)
  s <- 0
  for (t in 2:length(z2)) s <- s + log(P[z2[t - 1], z2[t]]) + m2*r[t]
  s
}"""
FIRST = """{
  s <- 0
  for (t in 1:length(r)) {
    if (t == 1) h <- g else h <- g + m1*r[t - 1]^2 + m2*h
    s <- s + log(h^2 + 1)
  }
  s
}"""
LAST = """{
  s <- 0
  for (t in 1:length(r)) {
    s <- g*s + r[t]*m1
    if (t < length(r)) s <- s + tanh(r[t + 1]*m2*s) else s <- s^2
  }
  s
}"""
EXAMPLES = {
    "HMM": HIDDEN, "discrete HMM": DISCRETE, "Kalman": KALMAN, "two series": TWO_SERIES, "learning": LEARNING,
    "table of learning": TABLE, "lags": LAGS, "chain": CHAIN, "first row": FIRST, "last row": LAST,
}  # fmt: skip
AT = {"g": 0.3, "m1": 0.6, "m2": 0.9}
BY = ("g", "m1", "m2")


def data(n):
    chance = np.random.default_rng(n)
    return {
        "r": chance.normal(size=n),
        "z": chance.integers(1, 4, n).astype(float),
        "z2": chance.integers(1, 3, n).astype(float),
        "Y": chance.normal(size=(n, 2)),
    }


def normal(x, m):
    return math.exp(-((x - m) ** 2) / 2) / math.sqrt(2 * math.pi)


def logistic(x):
    return 1 / (1 + math.exp(-x))


def switching(g, m1):
    p, q = logistic(g), logistic(m1)
    return np.array([[p, 1 - p], [1 - q, q]])


def hidden(d, g, m1, m2):
    p, a, total = logistic(g), np.array([0.5, 0.5]), 0.0
    for k, v in enumerate(d["r"]):
        if k:
            a = np.array([[p, 1 - p], [1 - p, p]]) @ a
        a = a * [normal(v, m1), normal(v, m2)]
        total += math.log(a.sum())
        a = a / a.sum()
    return -total


def discrete(d, g, m1, m2):
    B = np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]) * math.exp(m2)
    a, total = np.array([0.5, 0.5]), 0.0
    for z in d["z"].astype(int):
        a = (a @ switching(g, m1)) * B[:, z - 1]
        total += math.log(a.sum())
        a = a / a.sum()
    return total


def kalman(d, g, m1, m2):
    F, H = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 0.0])
    x, P, total = np.zeros(2), np.eye(2) * 10, 0.0
    for y in d["r"]:
        x, P = F @ x, F @ P @ F.T + np.diag([g, m1])
        v, S = y - H @ x, H @ P @ H + m2
        K = P @ H / S
        x, P = x + K * v, P - np.outer(K, H @ P)
        total -= 0.5 * (math.log(2 * math.pi * S) + v**2 / S)
    return total


def two_series(d, g, m1, m2):
    x, P, total, R = np.zeros(2), np.diag([g, m1]), 0.0, np.array([[m2, 0.2], [0.2, 1.0]])
    for y in d["Y"]:
        P = P + 0.1 * np.eye(2)
        e, S = y - x, P + R
        K = P @ np.linalg.inv(S)
        x, P = x + K @ e, P - K @ P
        total += math.log(np.linalg.det(S)) + e @ np.linalg.solve(S, e)
    return total


def learning(d, g, m1, m2):
    Q, total = np.zeros(2), 0.0
    for z, v in zip(d["z2"].astype(int) - 1, d["r"], strict=True):
        p = np.exp(g * Q) / np.exp(g * Q).sum()
        total += math.log(p[z])
        Q[z] += m2 * (v - Q[z])
    return total + m1


def table(d, g, m1, m2):
    Q, total, s, a = np.full((2, 3), 0.1), 0.0, d["z2"].astype(int) - 1, d["z"].astype(int) - 1
    for t in range(1, len(s)):
        error = d["r"][t] + g * Q[s[t]].max() - Q[s[t - 1], a[t - 1]]
        Q[s[t - 1], a[t - 1]] += m2 * error
        total += error**2
    return total + m1 * Q.sum()


def lags(d, g, m1, m2):
    lag, total = [0.0, 0.0, 0.0], 0.0
    for v in d["r"]:
        e = v - np.dot([g / 2, -m1 / 2, m2 / 2], lag)
        total += e**2
        lag = [e, *lag[:2]]
    return total


def chain(d, g, m1, m2):
    z = d["z2"].astype(int) - 1
    return sum(math.log(switching(g, m1)[a, b]) for a, b in itertools.pairwise(z)) + m2 * d["r"][1:].sum()


def first_row(d, g, m1, m2):
    h, total = g, math.log(g**2 + 1)
    for v in d["r"][:-1]:
        h = g + m1 * v**2 + m2 * h
        total += math.log(h**2 + 1)
    return total


def last_row(d, g, m1, m2):
    s, r = 0.0, d["r"]
    for t, v in enumerate(r):
        s = g * s + v * m1
        s = s + math.tanh(r[t + 1] * m2 * s) if t < len(r) - 1 else s**2
    return s


BY_HAND = {
    "HMM": hidden, "discrete HMM": discrete, "Kalman": kalman, "two series": two_series, "learning": learning,
    "table of learning": table, "lags": lags, "chain": chain, "first row": first_row, "last row": last_row,
    "NumPy": kalman,
}  # fmt: skip


def of_any_length(name):
    notation = Notation.PYTHON if name == "NumPy" else Notation.R
    shapes = {"Y": VariableShape(("nrow(Y)", 2))} if name == "two series" else {}
    return read(IN_NUMPY if name == "NumPy" else EXAMPLES[name], notation, shapes=shapes, variables=BY)


def differences(f, at, h=1e-5):
    """Central differences, with a step halved once and extrapolated."""

    def slope(name, h):
        up, down = ({**at, name: at[name] + sign * h} for sign in (1, -1))
        return (f(**up) - f(**down)) / (2 * h)

    return np.array([(4 * slope(n, h) - slope(n, 2 * h)) / 3 for n in BY])


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("n", [3, 120])
def test_loops_that_carry_vectors_have_the_values_and_derivatives_of_loops_by_hand(name, n):
    columns, f = data(n), of_any_length(name)
    used = {n: v for n, v in columns.items() if n in f.used}
    point = {**AT, **used}
    found = evaluate(f, point, 2, BY)
    by_hand = BY_HAND[name]
    assert found.values[0] == pytest.approx(by_hand(columns, **AT), rel=1e-9)
    gradient = [value[0] for _, value in found.derivatives][: len(BY)]
    wanted = differences(lambda **at: by_hand(columns, **at), AT, 1e-3)
    np.testing.assert_allclose(gradient, wanted, rtol=1e-6, atol=1e-6 * np.abs(wanted).max())

    def slopes(**at):
        return np.array([v[0] for _, v in evaluate(f, {**at, **used}, 1, BY).derivatives])

    second = hessian(f, BY, point, values_only=True)
    rows = np.array([[block.value for block in row] for row in second.rows])
    numeric = differences(slopes, AT)
    np.testing.assert_allclose(rows, numeric, rtol=1e-6, atol=1e-6 * np.abs(numeric).max())


@pytest.mark.parametrize("name", EXAMPLES)
def test_long_data_have_the_values_of_loops_of_any_length(name):
    columns = data(150)
    used = {n: v for n, v in columns.items() if n in of_any_length(name).used}
    f = read(EXAMPLES[name], Notation.R, used, variables=BY)
    assert evaluate(f, {n: [v] for n, v in AT.items()}, 0, ()).values[0] == pytest.approx(
        BY_HAND[name](columns, **AT), rel=1e-9
    )


def test_the_gradient_of_a_hidden_markov_model_has_the_values_of_another_program():
    r = np.array([0.4, -1.1, 0.8, 0.2, -0.6, 1.9, -0.3])
    at = {"g": 1.4, "m1": -0.6, "m2": 0.9, "r": r}
    found = gradient_answer(read(HIDDEN, Notation.R, variables=BY), BY, at).partials
    assert [p.value for p in found] == pytest.approx([0.4113367902, -1.782611361, 1.755808181], rel=1e-9)


@needs_r
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_texts_run_in_r_and_in_python_and_are_read_again(name):
    columns, f = data(6), of_any_length(name)
    at = {n: v for n, v in {**AT, **columns}.items() if n in f.used or n in AT}
    answers = gradient_answer(f, BY, at, (Notation.R, Notation.PYTHON)).partials
    jobs = []
    for by, answer in zip(BY, answers, strict=True):
        texts = dict(answer.renderings)
        # Positions are whole numbers in Python.
        found = in_python(texts[Notation.PYTHON], {n: v.astype(int) if n[0] == "z" else v for n, v in at.items()})
        np.testing.assert_allclose(found, answer.value, rtol=1e-9, atol=1e-12, err_msg=texts[Notation.PYTHON])
        arrays = {n: np.asarray(v) for n, v in at.items()}
        jobs.append(Text(by, name, "{" + texts[Notation.R] + "}", np.asarray(answer.value), arrays))
        shapes = {n: VariableShape(tuple(f"{n}{k}" for k in range(v.ndim))) for n, v in columns.items() if n in f.used}
        again = read(texts[Notation.R], Notation.R, shapes=shapes, variables=BY)
        points = {n: v for n, v in at.items() if n in again.used or n in again.variables}
        assert evaluate(again, points, 0, ()).values[0] == pytest.approx(answer.value, rel=1e-9)
    for job, (_, found) in zip(jobs, r_values(jobs), strict=True):
        np.testing.assert_allclose(found, np.ravel(job.value), rtol=1e-9, atol=1e-12, err_msg=job.text)


def test_a_recursion_of_vectors_does_not_grow_with_the_data():
    sizes = [len(reachable(read(KALMAN, Notation.R, {"r": np.ones(n)}, variables=BY).outputs)) for n in (200, 400)]
    assert sizes[0] == sizes[1]


REFUSED = {
    "{ a <- x; for (v in r) a <- a*v; sum(a) }": "a vector of length length(x) as the value of 'a'",
    "{ a <- rep(1, 65); for (v in r) a <- a*v; sum(a) }": "a value of 65 entries of 'a'",
    "{ a <- rep(1, 40); b <- rep(1, 40); for (v in r) { a <- a*v; b <- b + a }; sum(b) }": "hand 80 numbers",
    "{ a <- c(1, 2); for (v in r) a <- c(a, v); sum(a) }": "",
    "{ P <- diag(5); for (v in r) P <- solve(P + v*diag(5)); sum(P) }": "inverse of a 5 x 5 matrix",
    "{ a <- c(1, 2); for (i in 1:length(r)) { a <- 2*a; a[i] <- 0 }; sum(a) }": "the loop's index to a vector that also",
    "{ s <- 0; for (i in 1:length(r)) s <- s + sum(r*r[i]); s }": "of unknown size, that differs from row to row",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_no_recursion_of_numbers_can_carry_is_refused_with_the_reason(text):
    shapes = {name: VariableShape((f"length({name})",)) for name in ("r", "x")}
    with pytest.raises(CalculusError) as caught:
        read(text, Notation.R, shapes=shapes)
    assert REFUSED[text] in caught.value.headline


def test_a_position_outside_is_not_a_number():
    f = read("{ Q <- c(0, 0); for (i in 1:length(z)) Q[z[i]] <- Q[z[i]] + a; sum(Q) }", Notation.R, variables=("a",))
    assert evaluate(f, {"a": 2.0, "z": np.array([1.0, 2.0, 1.0])}, 0, ()).values[0] == 6
    assert math.isnan(evaluate(f, {"a": 2.0, "z": np.array([1.0, 3.0])}, 0, ()).values[0])


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e308, 5e-324])
def test_unusual_data_have_the_values_of_the_loop_by_hand(bad):
    columns = data(5)
    columns["r"][2] = bad
    f = of_any_length("Kalman")
    with np.errstate(all="ignore"):
        wanted = kalman(columns, **AT)
    assert evaluate(f, {**AT, "r": columns["r"]}, 0, ()).values[0] == pytest.approx(wanted, rel=1e-9, nan_ok=True)


def test_formulas_of_short_data_are_loops_where_written_out_they_would_be_very_long():
    r = np.array([0.4, -1.1, 0.8, 0.2, -0.6, 1.9, -0.3])
    f = read(HIDDEN, Notation.R, {"r": r})
    assert not f.arrays
    found = gradient_answer(f, BY, {"g": 1.4, "m1": -0.6, "m2": 0.9}).partials
    assert [p.value for p in found] == pytest.approx([0.4113367902, -1.782611361, 1.755808181], rel=1e-9)
    assert all("for (i in" in p.text and len(p.text) < 10_000 for p in found)
    assert "for" not in gradient_answer(read(HIDDEN, Notation.R, {"r": r[:3]}), ["m1"], None).partials[0].text


def test_parts_that_a_row_needs_twice_have_names_within_the_loop():
    f = read("{ a <- c(0.5, 0.5); for (v in r) { a <- a*c(exp(-(v - m)^2), exp(-(v + m)^2)); a <- a/sum(a) }; a[1] }")
    texts = dict(gradient_answer(f, ["m"], None, (Notation.R, Notation.PYTHON, Notation.LATEX)).partials[0].renderings)
    assert texts[Notation.R].startswith(
        ".e1 <- exp(-(r - m)^2)\n"
        ".e2 <- exp(-(m + r)^2)\n"
        "a1 <- rep(0.5, length(r) + 1)\n"
        "a2 <- rep(0.5, length(r) + 1)\n"
        "for (i in seq_len(length(r))) {\n"
    )
    for _, text in texts.items():
        assert len(text) < 2500


FOLDS = {
    "Reduce(function(h, v) k*h + v, r)": lambda r, z, k: fold(r[1:], r[0], k)[-1],
    "Reduce(function(h, v) k*h + v, r, 2)": lambda r, z, k: fold(r, 2, k)[-1],
    "sum(Reduce(function(h, v) k*h + v, r, 0, accumulate = TRUE)^2)": lambda r, z, k: np.sum(np.square(fold(r, 0, k))),
    "k*sum(Reduce(function(y, p) p[1] + p[2]*y, Map(c, r, z), 0, accumulate = TRUE)[-1])": lambda r, z, k: (
        k * sum(fold(r, 0, z)[1:])
    ),
    "sum(Reduce(function(a, v) c(a[2], k*a[1] + v), r, c(1, 2)))": lambda r, z, k: crossed(r, k),
}


def fold(r, h, k):
    found = [h]
    for v, factor in zip(r, np.broadcast_to(k, r.shape), strict=True):
        found.append(factor * found[-1] + v)
    return found


def crossed(r, k):
    a = (1.0, 2.0)
    for v in r:
        a = (a[1], k * a[0] + v)
    return sum(a)


@pytest.mark.parametrize("text", FOLDS)
def test_reduce_takes_vectors_of_any_length(text):
    r, z = np.random.default_rng(3).normal(size=(2, 5)) / 2
    shapes = {name: VariableShape(("n",)) for name in ("r", "z")}
    f = read(text, Notation.R, shapes=shapes, variables=("k",))
    at = {n: v for n, v in {"r": r, "z": z, "k": 0.7}.items() if n in f.used}
    found = evaluate(f, at, 1, ("k",))
    wanted = FOLDS[text]
    assert found.values[0] == pytest.approx(wanted(r, z, 0.7), rel=1e-12)
    slope = (wanted(r, z, 0.7 + 1e-6) - wanted(r, z, 0.7 - 1e-6)) / 2e-6
    assert found.derivatives[0][1][0] == pytest.approx(slope, rel=1e-6)


def test_sums_of_the_rows_of_a_known_number_of_groups_are_read_again():
    text = "sum(rowsum(rbind(X, matrix(0, 3, 2)), c(g, seq_len(3)))^2)"
    f = read(text, Notation.R, shapes={"X": VariableShape(("n", 2)), "g": VariableShape(("n",))})
    X = np.arange(10.0).reshape(5, 2)
    found = evaluate(f, {"X": X, "g": np.array([1.0, 2, 2, 1, 3])}, 0, ()).values[0]
    assert found == np.sum(np.square([X[0] + X[3], X[1] + X[2], X[4]]))
