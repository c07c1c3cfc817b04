"""What results show: in a terminal, in a notebook, as JSON, as data frames, as warnings."""

import dataclasses
import json
import warnings

import numpy as np
import pytest
import secant
from secant import results

AT = {"x": 1, "y": 2}


@pytest.fixture(scope="module", autouse=True)
def used(real):
    secant.use(real)
    yield real
    secant.use(None)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: secant.differentiate("x^2"), "<Derivative 2 * x>"),
        (lambda: secant.differentiate("x^2", at=3), "<Derivative 2 * x, derivative = 6.0, value = 9.0>"),
        (lambda: secant.gradient("x^2*y").partials[1], "<Formula x^2>"),
        (lambda: secant.gradient("x*y", at=AT), f"<Gradient [y, x], gradient = [2. 1.], value = 2.0, norm = {5**0.5}>"),
        (lambda: secant.jacobian("c(x*y, x)"), "<Jacobian [y, x]\n          [1, 0]\n  determinant = -x>"),
        (
            lambda: secant.hessian("x^2*y", at=AT).hessian,
            "array([[4., 2.],\n       [2., 0.]])",
        ),
        (lambda: secant.tangent("x^2", {"x": 1}), "<Tangent 2 * x - 1, value = 1.0, slopes = [2.]>"),
        (
            lambda: secant.evaluate("x^2", {"x": range(20)}, order=1),
            "<Evaluation of 20 points\n  value  d_x\n      0    0\n      1    2\n      4    4\n      9    6\n     16    8\n"
            "      …    …\n    225   30\n    256   32\n    289   34\n    324   36\n    361   38>",
        ),
    ],
)
def test_the_repr_holds_what_was_asked(call, shown):
    assert repr(call()) == shown


def test_a_matrix_is_shown_as_a_matrix():
    found = secant.hessian("x^2*y", at=AT)
    assert "  hessian = [[4. 2.]\n             [2. 0.]]\n  value = 2.0\n  definiteness = indefinite\n" in repr(found)
    page = found._repr_html_()
    assert page.count("<tr>") == 2 + len([*found._known()])
    assert '<code style="white-space:pre-wrap">[2 * y, 2 * x]' in page


def test_a_trace_shows_its_first_and_its_last_steps():
    descent = secant.descend("x^2", {"x": 1.0}, rate=0.01)
    outcome = descent.result()
    assert (len(descent.trace), len(repr(descent.trace).splitlines())) == (outcome.steps + 1, 13)
    assert repr(descent.trace).startswith(f"<Trace of {outcome.steps + 1} steps\n")
    assert descent.trace._repr_html_().count("<tr>") == 12
    assert repr(outcome).startswith("<Outcome CONVERGED\n  point = x: ")


def test_html_is_escaped_and_left_out_where_latex_is_all():
    assert secant.differentiate("x^2")._repr_html_() is None
    formula = results.Formula("x < y & <b>", 1.0)
    found = results.Derivative(formula, ("x",), 2.0, "scalar", ("<script>",))
    page = found._repr_html_()
    assert "x &lt; y &amp; &lt;b&gt;" in page
    assert "note: &lt;script&gt;" in page
    latex = results.Formula("m", 1.0, {"latex": r"\begin{bmatrix} a & b \end{bmatrix}"})
    assert r"$\displaystyle \begin{bmatrix} a &amp; b \end{bmatrix}$" in latex._repr_html_()


ALL = [
    lambda: secant.differentiate("x^2", at=3),
    lambda: secant.gradient("x*y", at=AT, direction={"x": 1, "y": 1}),
    lambda: secant.jacobian("c(x*y, x)", at=AT),
    lambda: secant.hessian("x*y", at=AT),
    lambda: secant.taylor("exp(x)", {"x": 0}, 2),
    lambda: secant.tangent("x^2", {"x": 1}),
    lambda: secant.approximate("x^2", {"x": 1}, sweep=True),
    lambda: secant.approximate("x^2", {"x": 1}, sweep=True).sweep,
    lambda: secant.evaluate("x^2/x", {"x": [0, 1, float("nan")]}, order=2),
    lambda: secant.check("x^2", "2*x", witnesses=["exact"]),
    lambda: secant.descend("x^2", {"x": 1.0}).result(),
    lambda: secant.explain("x^2"),
    lambda: secant.export("x^2", notations="c"),
    lambda: secant.describe(),
]


@pytest.mark.parametrize("call", ALL)
def test_a_dict_of_a_result_is_json_with_all_its_fields(call):
    found = call()
    names = {found._RENAMED.get(f.name, f.name) for f in dataclasses.fields(found) if f.name[0] != "_"}
    values = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert names <= set(values)
    assert isinstance(found._repr_html_(), str | None)


@pytest.mark.parametrize("name", results.__all__)
def test_every_result_has_a_dict_and_a_frame(name):
    assert callable(getattr(secant, name).to_dict)
    assert callable(getattr(secant, name).to_frame)


def test_a_dict_has_the_names_of_the_attributes():
    found = secant.hessian("x*y", at=AT).to_dict()
    assert (found["value"], found["hessian"]) == (2.0, [[0.0, 1.0], [1.0, 0.0]])
    assert secant.differentiate("x^2", at=3).to_dict()["derivative"] == 6.0


@pytest.mark.parametrize(
    ("call", "columns", "first"),
    [
        (lambda: secant.gradient("x*y", at=AT), ["variable", "partial", "gradient"], ["x", "y", 2.0]),
        (lambda: secant.gradient("x*y"), ["variable", "partial"], ["x", "y"]),
        (lambda: secant.hessian("x*y", at=AT), ["x", "y"], [0.0, 1.0]),
        (lambda: secant.jacobian("c(x*y, x)"), ["x", "y"], ["y", "x"]),
        (lambda: secant.taylor("3*exp(x)", {"x": 0}, 2), ["x", "coefficient", "derivative"], [0, 3.0, 3.0]),
        (lambda: secant.evaluate("x*y", {"x": [3], "y": [2]}, order=1), ["value", "d_x", "d_y"], [6.0, 2.0, 3.0]),
        (lambda: secant.check("x^2", "2*x", witnesses=["exact"]), ["name", "verdict", "message"], ["exact", "PROVED"]),
        (lambda: secant.descend("x^2", {"x": 0.0}).result(), ["variable", "point"], ["x", 0.0]),
    ],
)
def test_a_result_is_a_data_frame(call, columns, first):
    frame = call().to_frame()
    assert [*frame.columns] == columns
    assert frame.iloc[0].tolist()[: len(first)] == first
    polars = pytest.importorskip("polars")
    assert isinstance(call().to_frame("polars"), polars.DataFrame)


def test_what_has_no_table_and_no_library_is_refused():
    with pytest.raises(TypeError, match=r"a Formula has no table\nto_dict\(\) returns its fields"):
        secant.gradient("x").partials[0].to_frame()
    with pytest.raises(ValueError, match="library must be pandas or polars; got 'dplyr'"):
        secant.gradient("x").to_frame("dplyr")
    assert [*secant.hessian("x*y").to_frame().index] == ["x", "y"]


def test_numpy_takes_answers_as_arrays():
    assert np.linalg.inv(secant.hessian("x^2 + y^2", at=AT)).tolist() == [[0.5, 0], [0, 0.5]]
    assert np.asarray(secant.gradient("x*y", at=AT)).tolist() == [2, 1]
    assert float(secant.differentiate("x^2", at=3)) == 6.0


def test_a_notice_is_a_warning_once_for_each_line():
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("default")
        for _ in range(3):
            secant.differentiate("abs(x)", at=0)
        secant.differentiate("abs(x)", at=0)
    assert [(w.category, w.filename) for w in found] == [(secant.NoticeWarning, __file__)] * 2
    assert "f has a kink along x at x = 0" in str(found[0].message)
    assert secant.differentiate("abs(x)", at=0).notices
