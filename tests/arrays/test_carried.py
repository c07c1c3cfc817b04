"""Loops over data that carry vectors and matrices: hidden Markov models, Kalman filters, learning, against loops by hand."""

import math

import numpy as np
import pytest
from secantd.calculus import gradient_answer, hessian
from secantd.calculus.evaluate import evaluate
from secantd.errors import CalculusError
from secantd.expression import VariableShape, reachable
from secantd.language import Notation, read

from .carried import AT, BY, BY_HAND, EXAMPLES, HIDDEN, KALMAN, data, differences, kalman, of_any_length
from .in_r import Text, r_values
from .running import in_python, needs_r


@pytest.mark.sample(2)
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
