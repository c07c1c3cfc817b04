"""Expanded, factored and simplified formulas of vectors and matrices."""

import numpy as np
import pytest
from secantd.algebra import reshaped
from secantd.algebra.arrays import reshaped_array
from secantd.calculus import Form, differentiate, gradient_answer, tangent
from secantd.calculus.arrays.functions import constructors, derivative
from secantd.calculus.arrays.points import values_at
from secantd.errors import CalculusError
from secantd.language import Function, Notation, VariableShape, read
from secantd.settings import Limits

from .random_formulas import Writer, point

STAY = "this form rewrites what is computed entry by entry; operations on whole vectors and matrices stay: "
LENGTHS = {"x": (2,), "y": (2,), "A": (2, 2), "b": (2,), "K": (2, 2)}

# f, its variable, a form, the derivative and which operations stay. Worked out by hand, with terms in SymPy's order.
TEXTS = [
    ("sum((x + 1)^2)", "x", "EXPANDED", "2 * x + 2", ""),
    ("sum((x + 1)^2)", "x", "FACTORED", "2 * (x + 1)", ""),
    ("sum(x^2*(x + 1))", "x", "FACTORED", "x * (3 * x + 2)", ""),
    ("sum(sin(x)^2 + cos(x)^2 + x)", "x", "SIMPLIFIED", "rep(1, 2)", ""),
    ("s*sum((x + 1)^2)", "s", "EXPANDED", "sum(x^2 + 2 * x + 1)", "sum()"),
    ("(s + 1)^2*sum(x)", "s", "EXPANDED", "2 * s * sum(x) + 2 * sum(x)", "sum()"),
    ("exp(s)*(exp(s) + sum(x))", "s", "EXPANDED", "sum(x) * exp(s) + 2 * exp(2 * s)", "sum()"),
    ("s^2*sum(x^2) + 4*s*sum(x)", "s", "FACTORED", "2 * (s * sum(x^2) + 2 * sum(x))", "sum()"),
    ("sum((x*y + x)^2)", "x", "FACTORED", "2 * x * (y + 1)^2", ""),
    ("det(A)", "A", "SIMPLIFIED", "det(A) * t(solve(A))", "det(), inverses"),
    ("s^2*det(A) + s*det(A)", "s", "FACTORED", "det(A) * (2 * s + 1)", "det()"),
    ("t(b) %*% solve(A, b)", "A", "EXPANDED", "-outer(solve(t(A), b), solve(A, b))", "outer(), solve()"),
    ("sum((s + 1)^2*(A %*% x))", "s", "EXPANDED", "2 * s * sum(x * colSums(A)) + 2 * sum(x * colSums(A))",
        "sums of columns, sum()"),
    ("sum(cumsum(x)^2)", "x", "EXPANDED", "2 * rev(cumsum(rev(cumsum(x))))", "cumsum()"),
    ("(s + 1)^2*max(x)", "s", "EXPANDED", "2 * s * max(x) + 2 * max(x)", "max()"),
]  # fmt: skip


def function_of(text, notation=Notation.R):
    return read(text, notation, shapes={n: VariableShape(s) for n, s in LENGTHS.items() if n in text})


@pytest.mark.parametrize(("text", "variable", "form", "expected", "stay"), TEXTS)
def test_a_formula_of_arrays_has_the_form_that_is_asked_for(text, variable, form, expected, stay):
    found = differentiate(function_of(text), [variable], form=Form[form])
    assert (found.derivative.text, found.derivative.form) == (expected, Form[form])
    assert found.notices == ((STAY + stay,) if stay else ())


def test_each_partial_of_a_gradient_has_the_form():
    found = gradient_answer(function_of("sum((x + s)^2*y)"), ["x", "s"], form=Form.EXPANDED)
    assert [p.text for p in found.partials] == ["2 * s * y + 2 * x * y", "2 * sum(s * y + x * y)"]


def test_a_form_keeps_exact_constants_and_is_written_in_each_notation():
    f = function_of("sum((x + 1)**2)/3", Notation.PYTHON)
    found = differentiate(f, ["x"], notations=[Notation.PYTHON, Notation.R, Notation.LATEX], form=Form.EXPANDED)
    texts = dict(found.derivative.renderings)
    assert texts[Notation.PYTHON] == "2*x/3 + 2/3"
    assert texts[Notation.R] == "2 * x/3 + 2/3"
    assert "x" in texts[Notation.LATEX]


def test_without_time_the_light_form_is_returned_with_a_notice():
    found = differentiate(function_of("sum((x + 1)^2)"), ["x"], form=Form.EXPANDED, limits=Limits(algebra_seconds=1e-6))
    assert (found.derivative.text, found.derivative.form) == ("2 * (1 + x)", Form.LIGHT)
    assert any("SymPy found no other form" in n for n in found.notices)


def test_the_equation_of_a_tangent_has_the_form():
    found = tangent(function_of("sum(x^2)"), {"x": [1.0, 2.0]}, form=Form.EXPANDED)
    assert found.equation.form is Form.EXPANDED


@pytest.mark.parametrize("form", [Form.EXPANDED, Form.FACTORED])
def test_a_form_changes_no_value_and_no_shape(form):
    compared = 0
    for seed in range(40):
        writer = Writer(seed)
        output = writer.formula().node
        at = {name: np.asarray(v) if np.ndim(v) else float(v) for name, v in point(3, 2, seed).items()}
        function = Function(writer.m.graph, (output,), False, tuple(at), Notation.R, arrays=True)
        for variable in at:
            try:
                node = derivative(function, output, [variable], exact=True)
            except CalculusError:
                continue
            if node.direction is not None:
                continue
            found = reshaped_array(constructors(function), node.node, lambda g, part: reshaped(g, part, form, 2.0))
            if found is None or found is node.node:
                continue
            before, after = values_at(function, [node.node, found], at)
            assert found.shape == node.node.shape
            assert after == pytest.approx(before, rel=1e-9, abs=1e-11, nan_ok=True), (seed, variable)
            compared += 1
    assert compared > 25
