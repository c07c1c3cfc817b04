"""Loops over data that carry vectors and matrices, and the same loops by hand."""

import itertools
import math

import numpy as np
from secantd.expression import VariableShape
from secantd.language import Notation, read

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
