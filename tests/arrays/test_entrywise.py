"""Limits, kinks and overflow of functions of vectors and matrices, and functions of their entries."""

import math

import numpy as np
import pytest
from secantd.calculus import evaluate, gradient_answer, hessian, jacobian
from secantd.calculus.arrays import smallmatrices
from secantd.calculus.arrays.entrywise import UnsupportedError, entrywise, names_of_entries
from secantd.calculus.arrays.points import values_at
from secantd.expression import Graph, VariableShape, reachable
from secantd.language import Function, Notation, read
from secantd.program import compile as compile_program

from .random_formulas import Writer, point

KINK = "f has a kink along {0} at {0} = {1}: the slope is {2} from the left and {3} from the right"
LIMIT = "the value of f is a limit"
OVERFLOW = "f or a derivative overflows at this point"


def test_a_function_of_entries_has_the_values_of_that_of_arrays():
    compared, refused = 0, {}
    for seed in range(150):
        writer = Writer(seed)
        output = writer.formula().node
        at = {name: np.asarray(v) if np.ndim(v) else float(v) for name, v in point(3, 2, seed).items()}
        function = Function(writer.m.graph, (output,), False, tuple(at), Notation.R, arrays=True)
        try:
            entries = entrywise(function, output, at)
        except UnsupportedError as reason:
            refused[str(reason)] = refused.get(str(reason), 0) + 1
            continue
        (one,) = entries.function.outputs
        names = tuple(entries.at)
        (found,) = compile_program([one], names).point([entries.at[n] for n in names])
        (expected,) = values_at(function, [output], at)
        assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12, nan_ok=True), seed
        compared += 1
    assert compared > 90
    assert all(any(word in reason for word in ("symmetric", "a mask", "sorted")) for reason in refused), refused


# f, x, the gradient and what a notice begins with. Worked out by hand.
AT = [
    ("sum(abs(x))", [0.0, 1.0], [0.0, 1.0], KINK.format("x[1]", 0, -1, 1)),
    ("max(x)", [1.0, 0.0, 1.0], [0.5, 0.0, 0.5], KINK.format("x[3]", 1, 0, 1)),
    ("sum(pmax(0, 1 - x))", [1.0, 2.0], [-0.5, 0.0], KINK.format("x[1]", 1, -1, 0)),
    ("sqrt(sum(x^2))", [0.0, 0.0], [0.0, 0.0], KINK.format("x[2]", 0, -1, 1)),
    ("sum(sin(x)/x)", [0.0, 1.0], [0.0, math.cos(1) - math.sin(1)], LIMIT),
    ("sum(x*log(x))", [0.0, 1.0], [-math.inf, 1.0], "f has values on one side of x[1] = 0, x[2] = 1 only"),
    ("sum(exp(x))", [1000.0, 0.0], [math.inf, 1.0], OVERFLOW),
    (
        "sum(sort(x)*c(1, 2, 3))",
        [1.0, 1.0, 0.0],
        [2.0, 3.0, 1.0],
        "arguments of max, min, abs or a comparison are equal",
    ),
    ("sum(x*abs(x))", [0.0, 2.0], [0.0, 4.0], ""),
    ("log(sum(exp(x)))", [1000.0, 0.0], [1.0, 0.0], ""),
    ("sum((exp(x)/sum(exp(x)))*c(1, 2))", [1000.0, 0.0], [0.0, 0.0], ""),
]


@pytest.mark.parametrize(("text", "x", "slopes", "notice"), AT)
def test_every_call_has_the_limits_and_kinks_of_functions_of_vectors(text, x, slopes, notice):
    at = {"x": np.array(x)}
    gradient = gradient_answer(read(text), ["x"], at)
    values = gradient_answer(read(text), ["x"], at, values_only=True)
    rows = jacobian(read(text), ["x"], at)
    evaluated = evaluate(read(text), at, 1, ["x"])
    is_limit = notice == LIMIT or "one side" in notice
    for found, notices, limit in (
        (gradient.partials[0].values, gradient.notices, gradient.value_is_limit),
        (values.partials[0].values, values.notices, values.value_is_limit),
        (np.ravel(rows.rows[0][0].values), rows.notices, rows.values_are_limits == (True,)),
        (evaluated.derivatives[0][1], evaluated.notices, evaluated.limits == (0,)),
    ):
        assert np.ravel(found) == pytest.approx(slopes, rel=1e-12, nan_ok=True)
        # Evaluate says by `limits` which values are limits.
        told = notice if found is not evaluated.derivatives[0][1] or notice != LIMIT else ""
        assert any(n.startswith(told) for n in notices) if told else notices == ()
        assert limit == is_limit


NOT_LOOKED_FOR = (
    "arguments of max, min, abs or a comparison are equal at this point: limits and kinks were not looked for, because "
)
LOOP = "{{ s <- 0; for (i in 1:length(x)) s <- s/2 + {}; s }}"
# f, the point, the gradient with respect to x and what a notice begins with. Worked out by hand.
OF_MATRICES = [
    ("sum(abs(solve(A, x)))", {"A": np.eye(2), "x": [0.0, 1.0]}, [0.0, 1.0], KINK.format("x[1]", 0, -1, 1)),
    ("max(solve(A) %*% x)", {"A": np.eye(3), "x": [2.0, 2.0, 1.0]}, [0.5, 0.5, 0.0], KINK.format("x[1]", 2, 0, 1)),
    ("abs(det(x))", {"x": [[1.0, 2.0], [2.0, 4.0]]}, [[0.0, 0.0], [0.0, 0.0]], KINK.format("x[1,1]", 1, -4, 4)),
    ("det(x)*sum(solve(x))", {"x": [[1.0, 2.0], [2.0, 4.0]]}, [[1.0, -1.0], [-1.0, 1.0]], "the matrix of det() is singular"),
    ("log(abs(det(x)))", {"x": [[1.0, 2.0], [2.0, 4.0]]}, np.full((2, 2), math.nan), "the matrix of det() is singular"),
    ("sum(solve(A))*sum(sin(x)/x)", {"A": 2*np.eye(3), "x": [0.0, 0.0]}, [0.0, 0.0], LIMIT),
    (LOOP.format("abs(x[i])"), {"x": [2.0, 0.0, 1.0]}, [0.25, 0.0, 1.0], KINK.format("x[2]", 0, -0.5, 0.5)),
    (LOOP.format("sin(x[i])/x[i]"), {"x": [math.pi, 0.0]}, [-0.5 / math.pi, 0.0], LIMIT),
    ("sum(sin(x[x > -1])/x[x > -1])", {"x": [0.0, -3.0]}, [0.0, 0.0], LIMIT),
    ("sum(abs(sort(x))*c(1, 2))", {"x": [1.0, 0.0]}, [2.0, 0.0], KINK.format("x[2]", 0, -1, 1)),
    ("max(solve(A, x))", {"A": np.eye(5), "x": [2.0, 2.0, 1.0, 0.0, 0.0]}, [0.5, 0.5, 0.0, 0.0, 0.0],
        NOT_LOOKED_FOR + "the matrix of solve() has 5 rows, and inverses and determinants are written out up to 4 x 4"),
    ("sum(x[x > 0])", {"x": [0.0, 1.0]}, [0.0, 1.0], NOT_LOOKED_FOR + "a mask changes at this point, and with it a length"),
    ("sum(abs(x)) + sum(chol(A))", {"A": np.eye(2), "x": [0.0, 1.0]}, [0.0, 1.0], NOT_LOOKED_FOR + "'A' is symmetric"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "slopes", "notice"), OF_MATRICES)
def test_inverses_determinants_and_recursions_have_limits_and_kinks_or_a_reason(text, at, slopes, notice):
    point = {name: np.array(value) for name, value in at.items()}
    shapes = {name: VariableShape(np.shape(value)) for name, value in at.items() if np.ndim(value) > 1}
    for values_only in (False, True):
        found = gradient_answer(read(text, shapes=shapes), ["x"], point, values_only=values_only)
        assert found.partials[0].values == pytest.approx(np.array(slopes), rel=1e-12, abs=1e-15, nan_ok=True)
        assert any(n.startswith(notice) for n in found.notices), found.notices
        assert found.value_is_limit == any(n.startswith(LIMIT) for n in found.notices)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_cramers_rule_has_the_values_of_numpy(count):
    graph = Graph()
    names = names_of_entries("A", (count, count))
    a = np.array([graph.symbol(n) for n in names], dtype=object).reshape(count, count)
    numbers = np.random.default_rng(count).normal(size=(count, count))
    nodes = [smallmatrices.determinant(graph, a), *smallmatrices.inverse(graph, a).ravel()]
    found = compile_program(nodes, tuple(names)).point(np.ravel(numbers).tolist())
    expected = [np.linalg.det(numbers), *np.linalg.inv(numbers).ravel()]
    assert found == pytest.approx(expected, rel=1e-11)


def test_a_recursion_of_several_states_is_unrolled_with_its_values():
    text = """{ h <- numeric(length(r)); g <- c; h[1] <- 0.1
    for (i in 2:length(r)) { h[i] <- a*h[i-1] + b*r[i-1]^2 + g; g <- g/2 + h[i] }
    sum(log(h)) + g }"""
    f = read(text, shapes={"r": VariableShape(("n",))})
    at = {"a": 0.4, "b": 0.3, "c": 0.2, "r": np.array([0.5, -1.0, 2.0, 0.1])}
    assert any(n.op == "scan" for n in reachable(f.outputs))
    entries = entrywise(f, f.outputs[0], at)
    (found,) = compile_program(entries.function.outputs, tuple(entries.at)).point(list(entries.at.values()))
    h, g, total = 0.1, 0.2, math.log(0.1)
    for r in at["r"][:-1]:
        h = 0.4 * h + 0.3 * r**2 + g
        g = g / 2 + h
        total += math.log(h)
    assert found == pytest.approx(total + g, rel=1e-14)
    assert not any(n.op == "scan" for n in reachable(entries.function.outputs))


def test_second_derivatives_and_matrices_have_limits_and_kinks_too():
    bent = hessian(read("sum(x*abs(x))"), ["x"], {"x": np.array([0.0, 2.0])})
    assert bent.notices[0].startswith(
        "f has no such derivative with respect to x[1] at x[1] = 0: the derivative of order 2 is -2"
    )
    limit = hessian(read("sum(sin(x)/x)"), ["x"], {"x": np.array([0.0, 1.0])})
    assert limit.rows[0][0].values[0, 0] == pytest.approx(-1 / 3, rel=1e-14)
    assert (limit.rows[0][0].value_is_limit, limit.value_is_limit) == (True, True)
    matrix = gradient_answer(read("sum(A %*% A) + sum(abs(A))"), ["A"], {"A": np.array([[1.0, 0.0], [-2.0, 3.0]])})
    assert matrix.notices[0].startswith(KINK.format("A[1,2]", 0, -1, 1))
    several = jacobian(read("c(sum(x), sum(abs(x)))"), ["x"], {"x": np.array([0.0, 2.0])})
    assert several.notices[0].startswith("f[1]" if len(several.rows) == 1 else "f has a kink along x[1]")


def test_many_kinks_have_a_few_notices_and_large_arrays_one():
    found = gradient_answer(read("sum(abs(x))"), ["x"], {"x": np.zeros(20)}, values_only=True)
    assert found.notices[-1] == "14 further notices of this kind are left out"
    large = gradient_answer(read("sum(abs(x))"), ["x"], {"x": np.zeros(100_000)}, values_only=True)
    assert [n.partition(":")[0] for n in large.notices] == [
        "arguments of max, min, abs or a comparison are equal at this point"
    ]
