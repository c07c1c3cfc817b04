"""Loops over data of any length: recursions over rows, against loops that are unrolled and against R and Python."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.calculus import explain, gradient_answer, hessian, jacobian
from secantd.calculus.evaluate import evaluate
from secantd.errors import CalculusError
from secantd.expression import VariableShape, reachable
from secantd.language import Notation, read

from .in_r import Text, r_values
from .running import in_python, needs_r

R4 = [0.1, -0.3, 0.2, 0.5]
AT = {"w": 0.02, "a": 0.1, "b": 0.8}
GARCH = """{
  h <- mean(r^2); s <- 0
  for (i in 2:length(r)) {
    h <- w + a*r[i-1]^2 + b*h
    s <- s + 0.5*(log(2*pi*h) + r[i]^2/h)
  }
  s
}"""
FILLED = """
h <- numeric(length(r)); h[1] <- mean(r^2)
for (i in seq_along(r)[-1]) h[i] <- w + a*r[i-1]^2 + b*h[i-1]
"""
IN_PYTHON = """
h = np.mean(r**2)
s = 0
for i in range(1, len(r)):
    h = w + a*r[i - 1]**2 + b*h
    s += 0.5*(np.log(2*np.pi*h) + r[i]**2/h)
s
"""
# By an independent array library in double precision.
WANTED = {"w": -8.215130470535, "a": -0.385286636813, "b": -0.864480885363}


def shapes(*names):
    return {name: VariableShape((f"length({name})",)) for name in names}


def scanned(text, notation=Notation.R, variables=()):
    """A text, read for any length."""
    return read(text, notation, variables=variables)


def is_scan(function):
    return any(n.op == "scan" for n in reachable(function.outputs))


@pytest.mark.parametrize(
    ("text", "notation"),
    [pytest.param(GARCH, Notation.R, id="R"), pytest.param(IN_PYTHON, Notation.PYTHON, id="Python")],
)
def test_the_gradient_of_garch_has_the_values_of_an_independent_library(text, notation):
    f = scanned(text, notation)
    assert is_scan(f)
    found = gradient_answer(f, list(WANTED), {**AT, "r": np.array(R4)})
    for partial, (name, value) in zip(found.partials, WANTED.items(), strict=True):
        assert partial.value == pytest.approx(value, rel=1e-9), name


def test_long_data_are_a_recursion_and_short_data_are_unrolled():
    assert is_scan(read(GARCH, Notation.R, {"r": np.ones(1000)}))
    short = read(GARCH, Notation.R, {"r": np.ones(10)})
    assert not short.arrays


# -- the same as a loop that is unrolled ---------------------------------------------------------------------------------

# Expressions of the names before them, of rows and of parameters.
LEAVES = ["h", "g", "r[i]", "r[i - 1]", "z[i]", "a", "b", "0.5", "i/7"]


def expressions(depth=3):
    leaf = st.sampled_from(LEAVES)
    if not depth:
        return leaf
    inner = expressions(depth - 1)
    return st.one_of(
        leaf,
        st.builds("({} + {})".format, inner, inner),
        st.builds("({} - {})".format, inner, inner),
        st.builds("{} * {}".format, inner, inner),
        st.builds("tanh({})".format, inner),
        st.builds("sin({})".format, inner),
        st.builds("{}/(1 + {}^2)".format, inner, inner),
        st.builds("ifelse({} > {}, {}, {})".format, leaf, leaf, inner, inner),
    )


STATEMENTS = st.one_of(
    st.builds("h <- {}".format, expressions()),
    st.builds("g <- tanh({})".format, expressions()),
    st.builds("s <- s + {}".format, expressions()),
    st.builds("if ({} > 0) s <- s + {} else h <- {}".format, st.sampled_from(LEAVES), expressions(1), expressions(1)),
    st.builds("q[i] <- {} * q[i - 1] + {}".format, st.sampled_from(["a", "0.3", "b"]), expressions(1)),
    st.builds("s <- s + q[i - 1]".format),
)
BODIES = st.lists(STATEMENTS, min_size=1, max_size=4).map("\n".join)
LOOP = "{{ h <- {}; g <- 0.3; s <- a; q <- numeric(length(r)); q[1] <- b\nfor (i in 2:length(r)) {{\n{}\n}}\ns + h*g + sum(q^2) + sum(r*z) }}"
LOOPS = st.builds(LOOP.format, st.sampled_from(["a", "mean(r)", "0"]), BODIES)
N = 6
RNG = np.random.default_rng(5)
COLUMNS = {"r": RNG.normal(size=N), "z": RNG.normal(size=N)}
NUMBERS = {"a": 0.4, "b": -0.7}


@settings(max_examples=60 if "SECANT_TEST_LONG" in os.environ else 20)
@given(LOOPS)
def test_a_recursion_has_the_value_gradient_and_hessian_of_the_unrolled_loop(text):
    by = ("a", "b")
    unrolled = read(text, Notation.R, COLUMNS, variables=by)
    whole = read(text, Notation.R, shapes=shapes("r", "z"), variables=by)
    wanted = evaluate(unrolled, {n: [v] for n, v in NUMBERS.items()}, 2, by)
    used = {n: COLUMNS[n] for n in whole.variables if n in COLUMNS}
    found = evaluate(whole, {**{n: v for n, v in NUMBERS.items() if n in whole.variables}, **used}, 2, by)
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-9, atol=1e-9)
    for (name, value), (same, other) in zip(found.derivatives, wanted.derivatives, strict=True):
        assert name == same
        np.testing.assert_allclose(value, other, rtol=1e-8, atol=1e-8, err_msg=name)


@settings(max_examples=25 if "SECANT_TEST_LONG" in os.environ else 10)
@given(LOOPS)
def test_the_gradient_with_respect_to_the_data_has_the_values_of_differences(text):
    f = read(text, Notation.R, shapes=shapes("r", "z"), variables=("r",))
    at = {n: v for n, v in {**NUMBERS, **COLUMNS}.items() if n in f.variables}
    (partial,) = gradient_answer(f, ["r"], at).partials

    def value(change):
        return evaluate(f, {**at, "r": COLUMNS["r"] + change}, 0, ()).values[0]

    slopes = [(value(1e-6 * e) - value(-1e-6 * e)) / 2e-6 for e in np.eye(N)]
    # A choice that changes within the step of the differences has no derivative there.
    if "ifelse" not in text and "if (" not in text:
        np.testing.assert_allclose(partial.values, slopes, rtol=2e-5, atol=2e-6)


# -- what kinds of loops there are -----------------------------------------------------------------------------------------

LOOPS_BY_HAND = {
    "a vector that is filled": (
        "{ h <- numeric(length(r)); h[1] <- 1; for (i in 2:length(r)) h[i] <- a*h[i-1] + r[i]; sum(h^2) }",
        lambda r, a: sum(np.square(path(r[1:], a, 1.0))),
    ),
    "two rows back": (
        "{ h <- rep(1, length(r)); for (i in 3:length(r)) h[i] <- a*h[i-1] - h[i-2] + r[i]; h[length(r)] }",
        lambda r, a: second_order(r, a),
    ),
    "over the entries": ("{ s <- 0; for (v in r) s <- a*s + v; s }", lambda r, a: filtered(r, a)),
    "backwards": (
        "{ s <- 0; for (i in seq_along(r)) s <- a*s + r[length(r) - i + 1]; s }",
        lambda r, a: filtered(r[::-1], a),
    ),
    "a sum": (
        "{ s <- 0; for (i in 2:length(r)) s <- s + (r[i] - a*r[i-1])^2; s }",
        lambda r, a: np.sum((r[1:] - a * r[:-1]) ** 2),
    ),
    "the index": (
        "{ s <- 0; for (i in seq_along(r)) s <- s + r[i]*i^2*a; s }",
        lambda r, a: a * np.sum(r * np.arange(1, len(r) + 1) ** 2),
    ),
    "a condition": (
        "{ s <- 0; n <- 0; for (v in r) if (v > 0) { s <- s + v*a; n <- n + 1 }; s/n }",
        lambda r, a: a * np.mean(r[r > 0]),
    ),
    "a column of a matrix": (
        "{ s <- 0; X <- cbind(1, r); for (i in seq_along(r)) s <- a*s + X[i, 2]; s }",
        lambda r, a: filtered(r, a),
    ),
    "a value that the loop does not change": (
        "{ k <- a; s <- 0; for (v in r) s <- k*s + v; s + k }",
        lambda r, a: filtered(r, a) + a,
    ),
    "the last value": ("{ for (v in r) last <- v*a; last }", lambda r, a: r[-1] * a),
    "a growing vector": (
        "{ h <- 1; for (i in 2:length(r)) h[i] <- a*h[i-1] + r[i]; sum(h) }",
        lambda r, a: sum(path(r[1:], a, 1.0)),
    ),
    "a function": (
        "{ f <- function(h, v) a*h + v; s <- 0; for (v in r) s <- f(s, v); s }",
        lambda r, a: filtered(r, a),
    ),
}


def path(r, a, h=0.0):
    found = [h]
    for v in r:
        found.append(a * found[-1] + v)
    return found


def filtered(r, a):
    return path(r, a)[-1]


def second_order(r, a):
    before, h = 1.0, 1.0
    for v in r[2:]:
        before, h = h, a * h - before + v
    return h


@pytest.mark.parametrize("name", LOOPS_BY_HAND)
@pytest.mark.parametrize("n", [3, 250])
def test_loops_over_data_have_the_values_of_python(name, n):
    text, wanted = LOOPS_BY_HAND[name]
    r = np.random.default_rng(n).normal(size=n)
    expected = wanted(r, 0.6)
    slope = (wanted(r, 0.6 + 1e-6) - wanted(r, 0.6 - 1e-6)) / 2e-6
    of_any_length = evaluate(scanned(text, variables=("a",)), {"a": 0.6, "r": r}, 1, ("a",))
    of_data = evaluate(read(text, Notation.R, {"r": r}), {"a": [0.6]}, 1, ("a",))
    for found in (of_any_length, of_data):
        assert found.values[0] == pytest.approx(expected, rel=1e-9)
        assert found.derivatives[0][1][0] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_loop_of_python_may_have_no_rows(rows):
    text = "s = 1\nfor i in range(1, len(r)):\n    s = a*s + r[i]\ns"
    r = np.arange(1.0, rows + 1)
    found = evaluate(scanned(text, Notation.PYTHON, ("a",)), {"a": 0.5, "r": r}, 1, ("a",))
    assert found.values[0] == pytest.approx(path(r[1:], 0.5, 1.0)[-1])


def test_hessians_and_jacobians_of_recursions():
    f = scanned(GARCH)
    at = {**AT, "r": np.array(R4)}
    rows = hessian(f, ["w", "a", "b"], at).rows
    found = np.array([[block.value for block in row] for row in rows])
    unrolled = hessian(read(GARCH, Notation.R, {"r": np.array(R4)}), ["w", "a", "b"], AT).rows
    wanted = np.array([[block.value for block in row] for row in unrolled])
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    path_of_h = FILLED.replace("seq_along(r)[-1]", "2:length(r)") + "h"
    ((block,),) = jacobian(scanned(path_of_h), ["b"], at).rows
    h, slope = [np.mean(np.square(R4))], [0.0]
    for v in R4[:-1]:
        slope.append(h[-1] + 0.8 * slope[-1])
        h.append(0.02 + 0.1 * v**2 + 0.8 * h[-1])
    np.testing.assert_allclose(block.values, slope, rtol=1e-12)


# -- texts -------------------------------------------------------------------------------------------------------------------

TEXTS = [
    pytest.param(GARCH, ("w", "a", "b", "r"), id="GARCH"),
    pytest.param(
        "{ l <- r[1]; t <- 0; s <- 0; for (i in 2:length(r)) { e <- r[i] - l - t; s <- s + e^2; n <- l + t + a*e; "
        "t <- t + b*(n - l - t); l <- n }; s + w }", ("a", "b", "r"), id="Holt",
    ),
    pytest.param(
        "{ P <- 1; x <- 0; s <- 0; for (v in r) { P <- P + w^2; K <- P/(P + a^2); s <- s + (v - x)^2; x <- x + K*(v - x); "
        "P <- (1 - K)*P }; s + b }", ("w", "a", "r"), id="Kalman",
    ),
    pytest.param(
        "{ h <- 0; for (i in seq_along(r)) { if (r[i] > h) h <- h + a*(r[i] - h) else h <- b*h + w*i }; h }",
        ("a", "b", "w", "r"), id="a choice",
    ),
]  # fmt: skip


@needs_r
@pytest.mark.parametrize(("text", "by"), TEXTS)
def test_the_texts_of_derivatives_run_in_r_and_in_python_and_are_read_again(text, by):
    f = scanned(text)
    at = {**AT, "r": np.array(R4)}
    at = {n: v for n, v in at.items() if n in f.variables}
    answers = gradient_answer(f, list(by), at, (Notation.R, Notation.PYTHON)).partials
    jobs = []
    for name, answer in zip(by, answers, strict=True):
        in_notation = dict(answer.renderings)
        wanted = answer.value if answer.values is None else answer.values
        np.testing.assert_allclose(in_python(in_notation[Notation.PYTHON], at), wanted, rtol=1e-9, err_msg=name)
        jobs.append(
            Text(
                name,
                text,
                "{" + in_notation[Notation.R] + "}",
                np.asarray(wanted),
                {n: np.asarray(v) for n, v in at.items()},
            )
        )
        for notation in (Notation.R, Notation.PYTHON):
            again = read(in_notation[notation], notation, shapes=shapes("r"))
            (value,) = again.outputs
            assert value.shape == f.graph.symbol(name).shape
            if not value.shape:
                points = {n: v for n, v in at.items() if n in again.variables}
                assert evaluate(again, points, 0, ()).values[0] == pytest.approx(wanted, rel=1e-9)
    for job, (_, found) in zip(jobs, r_values(jobs), strict=True):
        np.testing.assert_allclose(found, np.ravel(job.value), rtol=1e-9, err_msg=job.text)


def test_texts_do_not_grow_with_the_data():
    of = [
        gradient_answer(read(GARCH, Notation.R, {"r": np.ones(n)}), ["b"], None).partials[0].text for n in (1000, 2000)
    ]
    assert of[0].replace("1000", "2000").replace("999", "1999") == of[1]


def test_the_text_of_a_derivative_is_one_loop_for_each_recursion():
    f = scanned("{ h <- 0; for (v in r) h <- a*h + v; h }", variables=("a",))
    assert gradient_answer(f, ["a"], None).partials[0].text == (
        "h <- rep(0, length(r) + 1)\n"
        "for (i in seq_len(length(r))) h[i + 1] <- a * h[i] + r[i]\n"
        ".e1 <- rep(0, length(r) + 1)\n"
        "for (i in seq_len(length(r))) .e1[i + 1] <- a * .e1[i] + h[i]\n"
        ".e1[length(r) + 1]"
    )


# -- what is refused ----------------------------------------------------------------------------------------------------------

REFUSED = {
    "{ s <- 0; for (i in 1:length(r)) s <- s + r[i-1]; s }": "does not lie within the length",
    "{ s <- 0; for (i in 1:length(r)) s <- s + r[i+1]; s }": "does not lie within the length",
    "{ s <- 0; for (i in 1:length(r)) s <- s + r[2*i]; s }": "a position that is not the loop's index",
    "{ s <- 1; for (i in 1:length(r)) s <- s + r[s]; s }": "at a position that depends on data",
    "{ s <- 0; for (v in r) { for (u in z) s <- s + u*v }; s }": "a loop over data within another one",
    "{ f <- function(x) { for (v in x) return(v); 0 }; f(r[-1]) }": "return() is not part of the language in a loop",
    "{ for (v in r) s <- s + v; s }": "uses 's', which has no value yet",
    "{ h <- numeric(3); for (i in 1:length(r)) h[i] <- r[i]; sum(h) }": "",
    "{ h <- numeric(length(r)); for (i in 2:length(r)) { h[i] <- r[i]; h[i-1] <- 0 }; sum(h) }": "several positions",
    "{ h <- numeric(length(r)); for (i in 1:length(r)) h[i] <- h[i-1] + r[i]; sum(h) }": "before the beginning of the vector",
    "{ s <- 0; for (v in r) { s <- s + v; break }; s }": "'break' is not part of the language",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_recursion_is_refused_with_the_reason(text):
    with pytest.raises(CalculusError) as caught:
        read(text, Notation.R, shapes=shapes("r", "z"))
    assert REFUSED[text] in caught.value.headline


def test_a_loop_over_known_data_that_is_no_recursion_is_unrolled():
    text = "{ h <- c(1, 2); for (i in 1:length(r)) { h <- c(h[2], a*h[1] + r[i]); k <- rev(r)[1:i] }; h[1] + h[2] }"
    r = np.random.default_rng(1).normal(size=150)
    f = read(text, Notation.R, {"r": r})
    assert not f.arrays
    h = (1.0, 2.0)
    for v in r:
        h = (h[1], 0.5 * h[0] + v)
    assert evaluate(f, {"a": [0.5]}, 0, ()).values[0] == pytest.approx(sum(h))


def test_lengths_that_disagree_are_refused():
    f = scanned("{ s <- 0; for (i in seq_along(r)) s <- a*s + r[i]*z[i]; s }", variables=("a",))
    with pytest.raises(CalculusError, match=r"'z' is a vector of length 3, but the formula needs a vector of length 4"):
        evaluate(f, {"a": 0.5, "r": np.ones(4), "z": np.ones(3)}, 0, ())


def test_a_million_rows_are_bounded_by_the_time_of_the_call():
    f = scanned("{ s <- 0; for (v in r) s <- a*s + v; s }", variables=("a",))
    found = evaluate(f, {"a": 0.5, "r": np.ones(300_000)}, 1, ("a",))
    assert found.values[0] == pytest.approx(2)
    assert found.derivatives[0][1][0] == pytest.approx(4)


def test_what_a_step_cannot_compute_is_nan_from_there_on():
    f = scanned("{ h <- a; for (v in r) h <- log(h) + v; h }", variables=("a",))
    assert np.isnan(evaluate(f, {"a": 0.5, "r": np.zeros(5)}, 0, ()).values[0])
    f = scanned("{ h <- a; for (v in r) h <- h*h + v; h }", variables=("a",))
    assert evaluate(f, {"a": 10.0, "r": np.zeros(12)}, 0, ()).values[0] == np.inf


def test_the_steps_of_a_loop_over_data_name_the_vectors_that_its_recursions_fill():
    steps = explain(scanned("{ h <- 0; for (v in r) h <- a*h + v; h^2 }"), ["a"], [Notation.R]).steps
    assert [(s.rule, s.depth) for s in steps] == [("recursion", 2), ("linear operation", 1), ("power", 0)]
    assert steps[0].text.startswith("recursion: d(h) = .e1 (dy[i] = a[i] dy[i-1] + du[i]")
    assert steps[2].text.startswith("power: d(h[length(r) + 1]^2) = 2 * (h[length(r) + 1] * .e1[length(r) + 1])")
    assert steps[0].result.text == (
        "h <- rep(0, length(r) + 1)\n"
        "for (i in seq_len(length(r))) h[i + 1] <- a * h[i] + r[i]\n"
        ".e1 <- rep(0, length(r) + 1)\n"
        "for (i in seq_len(length(r))) .e1[i + 1] <- a * .e1[i] + h[i]\n"
        ".e1"
    )


def test_the_last_step_of_a_loop_over_data_is_its_derivative():
    found = explain(scanned(GARCH), ["b"], [Notation.R])
    assert found.steps[-1].result.text == found.derivative.text
    by_data = explain(scanned(GARCH, variables=("r",)), ["r"], [Notation.R])
    assert by_data.steps[-1].rule == "gradient"
