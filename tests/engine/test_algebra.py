"""SymPy's part: heavier forms, limits, exact critical points, all under a deadline."""

import math
import sys
import time
import warnings
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from secantd.algebra import Form, reshaped, within
from secantd.analysis import extrema
from secantd.calculus import differentiate, formulas, gradient_answer, hessian, jacobian
from secantd.errors import CalculusError, Reason
from secantd.interrupt import OutOfTimeError, TakesLongError, no_time, run_within
from secantd.language import Notation, read
from secantd.program import compile as compile_program
from secantd.render import r_text, render
from secantd.settings import Limits

# A busy machine may need longer than the service grants: what is tested here is the answer.
AMPLE_TIME = Limits(algebra_seconds=60.0)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("(x + 1)^3", Form.EXPANDED, "3*x**2 + 6*x + 3"),
        ("x^3 - 3*x^2 + 2*x", Form.FACTORED, "3*x**2 - 6*x + 2"),
        ("(x^2 - 1)^2", Form.FACTORED, "4*x*(x - 1)*(x + 1)"),
        ("sin(x)^2 + cos(x)^2 + x", Form.SIMPLIFIED, "1"),
        ("x/(x + 1) + 1/(x - 1)", Form.SIMPLIFIED, "-4*x/(x**4 - 2*x**2 + 1)"),
        ("0.1*x^2 + x/3", Form.EXPANDED, "x/5 + 1/3"),
    ],
)
def test_a_derivative_is_given_in_the_form_asked_for(text, form, expected):
    answer = differentiate(read(text), ["x"], notations=[Notation.PYTHON], form=form, limits=AMPLE_TIME)
    assert (answer.derivative.text, answer.derivative.form) == (expected, form)


@pytest.mark.parametrize("form", [Form.EXPANDED, Form.FACTORED, Form.SIMPLIFIED])
@pytest.mark.parametrize(
    "text",
    [
        "exp(x)*sin(x)/x",
        "abs(x)*x^2",
        "log(x^2 + 1)*atan(x)",
        "ifelse(x > 1, x^2, sqrt(x))",
        "x^0.7*2^x",
        "x^2*(x > 1)",
        "ifelse(x, x^3, 2)",
    ],
)
def test_a_form_does_not_change_a_value(text, form):
    at = {"x": 1.7}
    f = read(text)
    shaped = differentiate(f, ["x"], notations=[Notation.R], form=form, limits=AMPLE_TIME).derivative.text
    plain = differentiate(f, ["x"], at).derivative.value
    again = read(f"({shaped}) + 0*x")
    assert differentiate(again, ["x"], at).value == pytest.approx(plain, rel=1e-12)


def test_when_the_time_runs_out_the_light_form_is_returned_with_a_notice():
    hard = "*".join(f"(sin({k}*x) + cos(x)^{k})" for k in range(1, 12))
    limits = Limits(algebra_seconds=0.2)
    began = time.monotonic()
    answer = differentiate(read(hard), ["x"], form=Form.SIMPLIFIED, limits=limits)
    assert answer.derivative.form is Form.LIGHT
    assert "light form" in answer.notices[0]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer",
    [
        lambda f, limits: gradient_answer(f, form=Form.SIMPLIFIED, limits=limits),
        lambda f, limits: jacobian(f, form=Form.SIMPLIFIED, limits=limits),
        lambda f, limits: hessian(f, form=Form.SIMPLIFIED, limits=limits),
    ],
    ids=["gradient", "jacobian", "hessian"],
)
def test_the_formulas_of_one_answer_share_the_time(monkeypatch, answer):
    clock, asked = [0.0], []

    def takes_two_seconds(graph, node, form, seconds):
        asked.append(seconds)
        clock[0] += 2.0

    monkeypatch.setattr(formulas, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(formulas, "reshaped", takes_two_seconds)
    found = answer(read("x*y + sin(y*z)*u*v"), Limits(algebra_seconds=5.0))
    assert asked == [5.0, 3.0, 1.0]
    assert "light form" in found.notices[0]


def test_a_job_that_does_not_end_is_ended():
    def endless() -> None:
        while True:
            pass

    assert within(0.1, endless) is None


def test_an_exception_of_sympy_is_no_answer_and_one_of_ours_is_raised():
    import sympy

    assert within(60.0, lambda: sympy.Poly(sympy.sin(sympy.Symbol("x")), sympy.Symbol("y")).coeff_monomial("z")) is None
    assert within(60.0, lambda: float(sympy.Symbol("x"))) is None
    assert within(60.0, lambda: 1 / 0) is None
    with pytest.raises(KeyError):
        within(60.0, lambda: {}["x"])
    with pytest.raises(AttributeError):
        within(60.0, lambda: sympy.Symbol("x").unknown)


def test_on_the_event_loop_the_algebra_is_not_begun():
    f = read("(x + 1)^2")
    with no_time(), pytest.raises(TakesLongError):
        reshaped(f.graph, f.outputs[0], Form.EXPANDED, 1.0)


@pytest.mark.parametrize(("text", "form"), [("(2*x)^1e308", Form.EXPANDED), ("2^2^2^2^2^2 + x", Form.FACTORED)])
def test_sympy_is_not_given_numbers_too_long_to_be_interrupted(text, form):
    f = read(text)
    began = time.monotonic()
    assert reshaped(f.graph, f.outputs[0], form, 20.0) is None
    assert time.monotonic() - began < 10


def found(text, box):
    answer = extrema(read(text), box, limits=AMPLE_TIME)
    return [(p.nature.name, *(round(v, 6) for _, v in p.point)) for p in answer.critical_points], answer


@pytest.mark.parametrize("size", ["1e-200", "1e200"])
def test_a_change_of_sign_is_found_at_any_size_of_the_derivative(size, monkeypatch):
    monkeypatch.setattr(sys.modules["secantd.analysis.search"], "within", lambda *_: None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        points, _ = found(f"{size}*(x^2 + exp(x/3))", {"x": (-2.0, 1.0)})
    assert points == [("MINIMUM", -0.15811)]


def test_the_cubic_of_the_notes_has_its_exact_critical_points():
    points, answer = found("x^3 - 3*x^2 + x", {"x": (-0.9, 2.9)})
    assert [n for n, _ in points] == ["MAXIMUM", "MINIMUM"]
    assert [p.exact[0].text for p in answer.critical_points] == ["1 - sqrt(6)/3", "sqrt(6)/3 + 1"]
    assert [p.point for p in answer.inflections] == [(("x", 1.0),)]
    assert answer.complete


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("x^2 + 2*x + 3", {"x": (-5.0, 5.0)}, [("MINIMUM", -1.0)]),
        ("x^4", {"x": (-1.0, 1.0)}, [("MINIMUM", 0.0)]),
        ("x^3", {"x": (-1.0, 1.0)}, [("INFLECTION", 0.0)]),
        ("1/x", {"x": (-1.0, 1.0)}, []),
        ("x*exp(sin(3*x)) + cos(x^2)", {"x": (0.0, 1.0)}, [("MAXIMUM", 0.658686)]),
        ("x^2 + 2*y^2", {"x": (-5.0, 5.0), "y": (-3.0, 3.0)}, [("MINIMUM", 0.0, 0.0)]),
        ("x^2 - y^2", {"x": (-1.0, 1.0), "y": (-1.0, 1.0)}, [("SADDLE", 0.0, 0.0)]),
        ("sin(x)*cos(y)", {"x": (1.0, 2.0), "y": (-1.0, 1.0)}, [("MAXIMUM", 1.570796, 0.0)]),
    ],
)
def test_critical_points_in_the_box_are_found_with_their_nature(text, box, expected):
    assert found(text, box)[0] == expected


def test_himmelblau_has_nine_critical_points():
    # SymPy does not solve its system in any time; Newton's method finds all nine.
    box = {"x": (-6.0, 6.0), "y": (-6.0, 6.0)}
    answer = extrema(read("(x^2 + y - 11)^2 + (x + y^2 - 7)^2"), box, limits=Limits(algebra_seconds=0.5))
    assert sorted(p.nature.name for p in answer.critical_points) == ["MAXIMUM"] + ["MINIMUM"] * 4 + ["SADDLE"] * 4
    assert not answer.complete


@pytest.mark.parametrize("box", [{"x": (1.0, -1.0)}, {"x": (0.0, float("inf"))}, {"x": (0.0, 0.0)}, {}])
def test_a_box_that_is_none_is_refused(box):
    with pytest.raises(CalculusError) as error:
        extrema(read("x^2"), box)
    assert error.value.reason in (Reason.INVALID_VALUE, Reason.UNKNOWN_VARIABLE)


def test_what_sympy_has_no_word_for_comes_back_unchanged():
    f = read("sum(a*x)^2 + a", data={"x": np.array([1.0, 2.0])})
    shaped = reshaped(f.graph, f.outputs[0], Form.EXPANDED, 60.0)
    assert render(shaped, Notation.R) == "sum(a * x)^2 + a"


def test_an_end_of_time_that_python_drops_comes_again():
    class Held:
        pass

    def ended(_: object) -> None:
        # What is raised in here Python drops.
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            pass

    def without_end() -> None:
        held = Held()
        watched = weakref.ref(held, ended)
        del held
        assert watched() is None
        while True:
            pass

    before, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        with pytest.raises(OutOfTimeError):
            run_within(0.1, without_end)
    finally:
        sys.unraisablehook = before


def test_long_numbers_beside_logarithms_are_no_powers_within_them():
    # SymPy's simplify() returned log(7^(8513356902117 * 7^(...))), or did not return.
    f = read("exp(13.6213710433872*log(7)*x) + log(7)*13.6213710433872/x")
    found = reshaped(f.graph, f.outputs[0], Form.SIMPLIFIED, 20.0)
    assert found is not None
    assert "7^" not in r_text(found)
    assert compile_program([found], ["x"]).point([0.3])[0] == pytest.approx(
        7 ** (13.6213710433872 * 0.3) + math.log(7) * 13.6213710433872 / 0.3
    )
