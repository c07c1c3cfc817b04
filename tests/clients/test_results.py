"""Replies become small classes with the contract's words and NumPy arrays."""

import dataclasses
import pickle
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import secant
from secant import results, rpcs
from secant.expression import expression
from secant.v1 import check_pb2, derivative_pb2, describe_pb2, expression_pb2, local_pb2, plot_pb2


def formula(text, value=None, **renderings):
    message = expression_pb2.Formula(text=text, value=value)
    for notation, rendering in renderings.items():
        message.renderings.add(notation=f"NOTATION_{notation.upper()}", text=rendering)
    return message


def rows(*entries):
    return [expression_pb2.Row(partials=[formula(text, value) for text, value in row]) for row in entries]


def test_a_derivative_is_its_text():
    reply = derivative_pb2.DifferentiateResponse(
        derivative=formula("2 * x", 4.0), variables=["x"], value=5.0, notices=["so"]
    )
    reply.shape.text = "scalar"
    found = rpcs.differentiate("x^2 + 1", "x").convert(reply)
    assert str(found) == found.text == "2 * x"
    assert (found.derivative, float(found), found.value, found.shape, found.notices) == (
        4.0,
        4.0,
        5.0,
        "scalar",
        ("so",),
    )
    assert repr(found) == "<Derivative 2 * x\n  derivative = 4.0\n  value = 5.0\n  note: so>"


def test_blocks_in_a_row_stand_below_each_other():
    reply = derivative_pb2.GradientResponse(partials=[formula("K = s*A\nK @ x"), formula("x")], variables=["x", "y"])
    assert str(rpcs.gradient("f").convert(reply)) == "[K = s*A\n K @ x,\n x]"


def test_without_a_point_there_is_no_value_rather_than_0():
    found = rpcs.gradient("x^2").convert(derivative_pb2.GradientResponse(partials=[formula("2 * x")], variables=["x"]))
    assert (found.function_value, found.values, found.norm, found.directional) == (None, None, None, None)
    with pytest.raises(ValueError, match="no `gradient`, because no point was given\ngive the point, for example at="):
        found.gradient  # noqa: B018


def test_a_gradient_of_values_only_is_an_array_and_reads_as_numbers():
    reply = derivative_pb2.GradientResponse(
        variables=["x", "y"], partials=[formula("", 4.0), formula("", 0.5)], value=6.0, norm=4.0
    )
    found = rpcs.gradient("f").convert(reply)
    np.testing.assert_array_equal(found.values, [4.0, 0.5])
    assert str(found) == "[4.0, 0.5]"


def test_a_jacobian_has_its_matrix_determinant_and_factors():
    reply = derivative_pb2.JacobianResponse(
        variables=["a", "b"],
        rows=rows([("-2", -2.0), ("1", 1.0)], [("1", 1.0), ("1", 1.0)]),
        values=[1.0, 2.0],
        determinant=formula("-3", -3.0),
        sign=-1,
        area_factor=3.0,
    )
    reply.factors.add(name="df/dx", variables=["x"], rows=rows([("1", 1.0)]))
    found = rpcs.jacobian("c(x, y)").convert(reply)
    np.testing.assert_array_equal(found.values, [[-2, 1], [1, 1]])
    np.testing.assert_array_equal(found.function_values, [1, 2])
    assert (found.determinant.value, found.sign, found.area_factor) == (-3.0, -1, 3.0)
    assert str(found) == "[-2, 1]\n[1, 1]"
    assert (found.factors[0].name, found.factors[0].texts) == ("df/dx", (("1",),))


def test_a_hessian_has_its_definiteness():
    reply = derivative_pb2.HessianResponse(
        rows=rows([("2", 2.0), ("3", 3.0)], [("3", 3.0), ("0", 0.0)]),
        definiteness="DEFINITENESS_INDEFINITE",
        eigenvalues=[-2.16, 4.16],
        variables=["x", "y"],
    )
    found = rpcs.hessian("f").convert(reply)
    assert (found.definiteness, found.values.shape) == ("INDEFINITE", (2, 2))
    assert rpcs.hessian("f").convert(derivative_pb2.HessianResponse()).definiteness == ""


ASKED = [
    pytest.param("differentiate", ("x*y", "x"), {"at": {"x": 2, "y": 3}}, 6.0, "derivative", 3.0, id="differentiate"),
    pytest.param("gradient", ("x*y",), {"at": {"x": 2, "y": 3}}, 6.0, "gradient", [3, 2], id="gradient"),
    pytest.param(
        "jacobian", ("c(x*y, x)",), {"at": {"x": 2, "y": 3}}, [6, 2], "jacobian", [[3, 2], [1, 0]], id="jacobian"
    ),
    pytest.param("hessian", ("x*y",), {"at": {"x": 2, "y": 3}}, 6.0, "hessian", [[0, 1], [1, 0]], id="hessian"),
    pytest.param("tangent", ("x*y", {"x": 2, "y": 3}), {}, 6.0, "gradient", [3, 2], id="tangent"),
    pytest.param("taylor", ("x^2", {"x": 2}, 1), {}, 4.0, "equals_function", False, id="taylor"),
    pytest.param("taylor", ("x^2", {"x": 0}, 2), {}, 0.0, "equals_function", True, id="taylor-0"),
    pytest.param("evaluate", ("x*y", {"x": [2], "y": 3}), {"order": 1}, [6.0], "gradient", [[3, 2]], id="evaluate"),
    pytest.param("approximate", ("x*y", {"x": 2, "y": 3}), {}, 6.0, "gradient", [3, 2], id="approximate"),
]


@pytest.mark.parametrize(("name", "arguments", "how", "value", "asked", "answer"), ASKED)
def test_value_is_f_at_the_point_and_what_was_asked_has_its_own_name(real, name, arguments, how, value, asked, answer):
    found = getattr(real, name)(*arguments, **how)
    np.testing.assert_allclose(found.value, value, atol=1e-12)
    np.testing.assert_allclose(getattr(found, asked), answer, atol=1e-8)


def test_a_verdict_is_true_for_proved_and_agrees():
    for verdict, truth in [("PROVED", True), ("AGREES", True), ("REFUTED", False), ("UNDECIDED", False)]:
        found = rpcs.check("x", "1").convert(check_pb2.CheckResponse(verdict=f"VERDICT_{verdict}"))
        assert (found.verdict, bool(found)) == (verdict, truth)


def test_a_verdict_shows_the_finding_of_each_witness():
    reply = check_pb2.CheckResponse(verdict="VERDICT_REFUTED", message="wrong at x = 1", slip="sign", notices=["so"])
    reply.witnesses.add(name="exact", verdict="VERDICT_REFUTED", message="it is -1")
    reply.witnesses.add(name="numeric", verdict="VERDICT_UNDECIDED", message="rough")
    found = rpcs.check("x", "1").convert(reply)
    lines = ["REFUTED: wrong at x = 1", "  exact    REFUTED    it is -1", "  numeric  UNDECIDED  rough", "  note: so"]
    assert str(found).splitlines() == lines
    assert (repr(found), found.slip) == ("<Verdict REFUTED: wrong at x = 1>", "sign")


def test_a_sweep_is_a_table_of_arrays():
    reply = local_pb2.ApproximateResponse(variables=["x"], best_step=0.5, reason="so")
    reply.partials.add(value=4.1, exact=4.0, error=0.1, step=0.5)
    for step in (1.0, 0.5):
        reply.sweep.add(step=step, value=4.0, error=step / 10)
    found = rpcs.approximate("x^2", {"x": 2}).convert(reply)
    np.testing.assert_array_equal(found.sweep.steps, [1.0, 0.5])
    assert (found.values[0], found.sweep.best_step) == (4.1, 0.5)


def test_the_word_of_a_server_newer_than_the_client_is_its_number():
    reply = local_pb2.TangentResponse()
    reply.contact = 99
    assert rpcs.tangent("x", {"x": 1}).convert(reply).contact == "99"


def test_limits_are_found_by_name():
    limit = describe_pb2.Limit(name="steps", value=1e7, unit="steps", reason="seconds")
    found = rpcs.describe().convert(describe_pb2.DescribeResponse(limits=[limit], notations=[1, 3]))
    assert (found.limits["steps"].value, found.notations) == (1e7, ("r", "latex"))


def test_a_figure_shows_and_saves_itself(tmp_path):
    svg = rpcs.plot("x").convert(plot_pb2.PlotResponse(image=b"<svg/>", media_type="image/svg+xml"))
    png = rpcs.plot("x").convert(plot_pb2.PlotResponse(image=b"\x89PNG", media_type="image/png"))
    assert (svg._repr_svg_(), svg._repr_png_()) == ("<svg/>", None)
    assert (png._repr_svg_(), png._repr_png_()) == (None, b"\x89PNG")
    svg.save(tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_bytes() == b"<svg/>"


def test_a_result_cannot_be_changed_and_can_be_pickled():
    found = rpcs.differentiate("x").convert(derivative_pb2.DifferentiateResponse(derivative=formula("1")))
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.shape = "matrix"
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("name", results.__all__)
def test_every_result_is_public_and_documents_its_fields(name):
    kind = getattr(secant, name)
    assert name in secant.__all__
    fields = {field.name for field in dataclasses.fields(kind) if not field.name.startswith("_")}
    assert fields <= {line.strip().split(":")[0] for line in kind.__doc__.splitlines() if ": " in line}


@pytest.fixture
def notebook(monkeypatch):
    """A process in which IPython runs."""
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=object))


@pytest.mark.parametrize(
    ("notations", "asked"), [(None, [0, 3]), ("r", [1, 3]), ("latex", [3]), (["python", "latex"], [2, 3])]
)
def test_in_a_notebook_latex_is_asked_for_too(notebook, notations, asked):
    assert list(rpcs.differentiate("x", notations=notations).request.notations) == asked


def test_a_formula_that_came_as_latex_shows_itself_so(notebook):
    reply = derivative_pb2.DifferentiateResponse(derivative=formula("2 * x", None, r="2 * x", latex="2 x"))
    found = rpcs.differentiate("x^2").convert(reply)
    assert (str(found), found._repr_latex_()) == ("2 * x", "$\\displaystyle 2 x$")
    reply = derivative_pb2.GradientResponse(variables=["x", "y"], partials=[reply.derivative, reply.derivative])
    assert "2 x & 2 x" in rpcs.gradient("x^2").convert(reply)._repr_latex_()


def test_outside_a_notebook_nothing_is_asked_for_and_one_notation_is_known_by_name():
    assert list(rpcs.differentiate("x").request.notations) == []
    reply = derivative_pb2.DifferentiateResponse(derivative=formula("2 x"))
    assert rpcs.differentiate("x", notations="latex").convert(reply).renderings == {"latex": "2 x"}
    assert rpcs.differentiate("x").convert(reply)._repr_latex_() is None


def test_an_expression_carries_its_notation_and_data_and_a_keyword_goes_before_them():
    f = secant.Expression("sum((y - a)^2)", notation="python", data={"y": [1, 2]})
    message = expression(f)
    assert (message.notation, message.data[0].name, list(message.data[0].values)) == (2, "y", [1, 2])
    message = expression(f, "R", {"y": [3]})
    assert (message.notation, list(message.data[0].values)) == (1, [3])
    assert expression("x").notation == 0


def test_data_columns_may_differ_in_length_because_the_server_recycles_them():
    assert [len(c.values) for c in expression("a*b", data={"a": [1, 2, 3, 4], "b": [1, 2]}).data] == [4, 2]


@pytest.mark.parametrize(
    ("f", "notation", "error", "message"),
    [
        pytest.param("x", "julia", ValueError, "notation must be r, python, textbook or latex", id="julia"),
        pytest.param(3, None, TypeError, "got int", id="number"),
    ],
)
def test_what_is_no_function_is_refused_before_it_is_sent(f, notation, error, message):
    with pytest.raises(error, match=message):
        expression(f, notation)


def test_figures_take_their_own_details():
    request = rpcs.plot("x^2", "curve", tangents_at=[0, 1], arrows="gradient", ranges={"x": (-1, 2)}).request
    assert (list(request.curve.tangents_at), request.curve.arrows) == ([0, 1], plot_pb2.ARROWS_GRADIENT)
    request = rpcs.plot("x*y", "surface", at={"x": 1, "y": 2}).request
    assert [(c.variable, c.value) for c in request.surface.at] == [("x", 1), ("y", 2)]
    request = rpcs.plot("x^2", "error", at=1.0, schemes=["forward", "central"], format="png").request
    assert (request.error.at, list(request.error.schemes), request.format) == (1.0, [1, 3], 2)
    request = rpcs.plot("x^2", "descent", start={"x": 1}, rate=0.1).request
    assert (request.descent.request.fixed_rate.rate, request.descent.request.expression.text) == (0.1, "")
    assert rpcs.plot("x^2").request.WhichOneof("figure") == "curve"
    with pytest.raises(TypeError, match="figure 'contour' has no setting 'tangents_at'; its settings: arrows, levels"):
        rpcs.plot("x*y", "contour", tangents_at=[1])
