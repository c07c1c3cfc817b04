"""Hard points are computed in intervals that contain the value; expected values are those of mpmath with many more digits."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath.libmp import finf  # type: ignore[import-untyped]
from secantd.calculus import differentiate, evaluate, gradient_answer, jacobian
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.language import read
from secantd.program import compile as compile_program
from secantd.program import recomputed
from secantd.program.enclosed import operations
from secantd.program.enclosures import Enclosure
from secantd.program.tape import record

mp = mpmath.mp.clone()
mp.prec = 2500
BITS = 200
# Arguments of all sizes; those of a function are the ones for which it has a value.
PLACES = (
    5e-324, 1e-300, -1e-300, 1e-17, -1e-17, 0.3, -0.3, 0.999, -0.999, 1.0, -1.0, 1.5, -2.5, 20.0, -37.5, 100.0, -100.0, 745.0, -746.0,
    1000.25, -3000.0, 1e17, -1e17, 1e308, -1e308,
)  # fmt: skip
FUNCTIONS = {
    "exp": mp.exp, "expm1": lambda a: mp.exp(a) - 1 if abs(a) > 1e-9 else mp.expm1(a), "log": mp.log, "sqrt": mp.sqrt,
    "log1p": lambda a: mp.log(1 + a), "log2": lambda a: mp.log(a) / mp.log(2), "log10": lambda a: mp.log(a) / mp.log(10),
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "atan": mp.atan, "asin": mp.asin, "acos": mp.acos, "asinh": mp.asinh,
    "acosh": mp.acosh, "atanh": mp.atanh, "square": lambda a: a * a, "cube": lambda a: a**3, "fourth": lambda a: a**4,
    "reciprocal": lambda a: 1 / a, "cosh": lambda a: (mp.exp(a) + mp.exp(-a)) / 2, "abs": abs, "floor": mp.floor,
    "sinh": lambda a: (mp.exp(a) - mp.exp(-a)) / 2 if abs(a) > 1e-9 else mp.sinh(a), "ceiling": mp.ceil, "sign": mp.sign,
    "tanh": lambda a: 1 - 2 / (1 + mp.exp(2 * a)) if abs(a) > 1e-9 else mp.tanh(a), "expit": lambda a: 1 / (1 + mp.exp(-a)),
    "trunc": lambda a: mp.floor(a) if a > 0 else mp.ceil(a), "erf": mp.erf, "erfc": mp.erfc,
    "sech2": lambda a: 4 / (mp.exp(a) + mp.exp(-a)) ** 2,
}  # fmt: skip
# mpmath takes long for these, or its exponents no longer fit.
SHORTER = {"erf": 30.0, "erfc": 30.0}


def contains(e: Enclosure, value: Any) -> bool:
    """Whether a number is within an enclosure, which is far narrower than a double; mpmath's last digits may be wrong."""
    if mp.isinf(value):
        return e.double() == float(value)
    low, high = mp.make_mpf(e.low), mp.make_mpf(e.high)
    slack = abs(value) * mp.mpf(2) ** -1800
    return bool(low - slack <= value <= high + slack and high - low <= abs(value) * mp.mpf(2) ** -100)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_enclosure_contains_the_value_and_little_else(name: str) -> None:
    table = operations(BITS)
    outside = []
    for x in PLACES:
        if abs(x) > SHORTER.get(name, math.inf):
            continue
        try:
            value = FUNCTIONS[name](mp.mpf(x))
        except (ValueError, ZeroDivisionError):
            continue
        found = table[name](table["number"](x))
        if isinstance(value, mp.mpc):
            outside += [] if found.missing else [(x, found)]
        elif abs(x) > 1e17 and name in ("exp", "cosh", "sinh", "expm1", "sech2", "expit", "log1p", "tanh") and x < 0:
            continue
        elif not contains(found, value):
            outside.append((x, found, value))
    assert not outside


@pytest.mark.parametrize("a", [5e-324, -1e-17, 0.3, -2.5, 710.0, 1e17, -1e308])
@pytest.mark.parametrize("b", [-1e-300, 1.0, -2.0, 0.5, 3.0, 745.5, 1e10])
def test_operations_on_intervals_contain_all_values(a: float, b: float) -> None:
    table = operations(BITS)
    # Intervals with a width of their own, computed from a and b.
    x, y = (table["mul"](table["exp"](table["number"](0.1)), table["number"](v)) for v in (a, b))
    u, v = (mp.exp(mp.mpf(0.1)) * w for w in (a, b))
    assert contains(table["add"](x, y), u + v)
    assert contains(table["sub"](x, y), u - v)
    assert contains(table["mul"](x, y, x), u * v * u)
    assert contains(table["div"](x, y), u / v)
    assert contains(table["pmax"](x, y), max(u, v))
    assert contains(table["pmin"](x, y), min(u, v))
    assert table["<"](x, y).double() == float(u < v)
    if a > 0.0 and abs(v * mp.log(u)) < 1e9:
        assert contains(table["pow"](x, y), u**v)


def test_equal_numbers_cancel_exactly_and_sums_keep_their_terms() -> None:
    f = operations(BITS)
    number, exp, add, sub = f["number"], f["exp"], f["add"], f["sub"]
    one, tiny = number(1.0), exp(number(-1e17))
    assert sub(exp(number(0.3)), exp(number(0.3))).zero
    assert f["log"](sub(add(one, tiny), one)).double() == -1e17
    assert f["log"](add(one, f["expm1"](number(-1e17)))).double() == -1e17
    assert f["log"](sub(one, f["tanh"](number(1e17)))).double() == -2e17
    assert f["log"](sub(one, f["expit"](number(1e17)))).double() == -1e17


@pytest.mark.parametrize(
    ("op", "arguments", "expected"),
    [
        ("log", [0.0], -math.inf),
        ("log", [-1.0], math.nan),
        ("sqrt", [-5e-324], math.nan),
        ("div", [1.0, 0.0], math.inf),
        ("div", [0.0, 0.0], math.nan),
        ("div", [-1.0, math.inf], 0.0),
        ("mul", [0.0, math.inf], math.nan),
        ("sub", [math.inf, math.inf], math.nan),
        ("pow", [0.0, 0.0], 1.0),
        ("pow", [0.0, -2.0], math.inf),
        ("pow", [-8.0, 1 / 3], math.nan),
        ("pow", [-2.0, 1e17], math.inf),
        ("pow", [math.nan, 0.0], 1.0),
        ("exp", [-math.inf], 0.0),
        ("tanh", [math.inf], 1.0),
        ("asin", [1.5], math.nan),
        ("sin", [math.inf], math.nan),
        ("missing", [math.nan], 1.0),
        ("missing", [math.inf], 0.0),
        ("ifelse", [1.0, 3.0, math.nan], 3.0),
        ("ifelse", [math.nan, 3.0, 3.0], math.nan),
        ("&", [0.0, math.nan], 0.0),
        ("|", [math.nan, 1.0], 1.0),
        ("pmax", [1.0, math.nan], math.nan),
        ("==", [0.0, -0.0], 1.0),
        ("atan2", [1.0, 0.0], math.pi / 2),
        ("logaddexp", [-math.inf, -math.inf], -math.inf),
    ],
)
def test_poles_infinities_and_nan_are_those_of_doubles(op: str, arguments: list[float], expected: float) -> None:
    table = operations(BITS)
    found = table[op](*[table["number"](a) for a in arguments]).double()
    assert found == expected or (found != found and expected != expected)


def test_numbers_whose_exponents_do_not_fit_into_memory_are_bounded() -> None:
    table = operations(BITS)
    large = table["exp"](table["exp"](table["number"](1e308)))
    assert large.double() == math.inf
    assert not large.infinite
    assert table["div"](table["number"](1.0), large).double() == 0.0
    assert table["sub"](large, table["exp"](table["number"](1e308))).double() in (None, math.inf)
    assert table["sub"](large, table["mul"](large, large)).double() is None


def test_a_value_does_not_depend_on_what_else_is_asked() -> None:
    # Found by the fuzz: Differentiate had 0, Gradient 1.7e-305.
    f, at = read("z - tanh(x/2) * (z)"), {"z": 709.0, "x": 709.0}
    values = {
        differentiate(f, ["z"], at).value,
        differentiate(f, ["x"], at).value,
        gradient_answer(f, ["x"], at).value,
        gradient_answer(f, ["x", "z"], at).value,
        jacobian(f, ["x", "z"], at).values[0],
        float(evaluate(f, {n: np.array([v]) for n, v in at.items()}).values[0]),
    }
    assert len(values) == 1


def test_0_may_stand_for_a_number_that_underflowed_where_a_derivative_asks_for_0() -> None:
    # expit(-800) is 4e-348, and the derivative is 0 only where it is 0; with respect to x, too, it was right.
    f = read("(exp(x)/(1 + exp(x))*(exp(-(y + 1)) - 1)^2)^0.5")
    at = {"x": -800.0, "y": -800.0}
    alone, beside = (gradient_answer(f, names, at).partials[-1].value for names in (("y",), ("x", "y")))
    assert alone == beside == pytest.approx(-math.exp(399.0), rel=1e-13)
    assert float(evaluate(f, {n: np.array([v] * 9) for n, v in at.items()}, 1, ["y"]).derivatives[0][1][4]) == beside


def test_steps_of_a_descent_have_the_values_of_the_gradient_also_in_compiled_loops() -> None:
    text = "(log(cosh(y - z) + 1 + exp(z) + exp(-x)) + log(2^x/(0.5 + 2^x)))/2 + 2^-y/(exp(x) + 2^-y)"
    f, at = read(text), {"y": 0.25, "z": 1e308, "x": -20.0}
    norm = math.hypot(*[p.value for p in gradient_answer(f, tuple(at), at, values_only=True).partials])
    for _ in range(6):
        request = DescentRequest(f, tuple(at.items()), method=FixedRate(1e-300), max_steps=5, trace_every=1)
        steps = next(iter(descend(request))).steps
        assert [s.gradient_norm for s in steps] == pytest.approx([norm] * len(steps), rel=1e-14)


def test_a_product_that_underflows_in_between_has_its_digits() -> None:
    # 1.4e-315*2e-9*4e11 was -1.8e-312: the first product has one digit.
    f = read("exp(-y)/(exp(-y) + exp(-z))^2*log(cosh(y))*((10^(-(z + 1)) - 1)/(-1 + exp(-y) + exp(z) + 10^(-(z + 1))))")
    y, z = mp.mpf(745), mp.mpf(20)
    small = mp.power(10, -(z + 1))
    share = mp.exp(-y) / (mp.exp(-y) + mp.exp(-z)) ** 2
    expected = float(share * mp.log(mp.cosh(y)) * (small - 1) / (-1 + mp.exp(-y) + mp.exp(z) + small))
    found = evaluate(f, {"y": np.array([1.0, 745.0]), "z": np.array([1.0, 20.0])}, 1, ["y"])
    assert float(found.values[1]) == pytest.approx(expected, rel=0.0, abs=1e-318)
    assert gradient_answer(f, ("y",), {"y": 745.0, "z": 20.0}).value == pytest.approx(expected, rel=0.0, abs=1e-318)


def test_a_batch_with_too_many_hard_points_has_a_notice() -> None:
    f = read("log(1 + exp(-x)^2*y - 1)")
    few, many = (np.linspace(700.0, 710.0, n) for n in (50, 9000))
    found = evaluate(f, {"x": few, "y": np.array([1.0])}, 1, ["x"], beside=False)
    assert found.values == pytest.approx(-2.0 * few)
    assert not any("double precision" in n for n in found.notices)
    found = evaluate(f, {"x": many, "y": np.array([1.0])}, 1, ["x"], beside=False)
    assert any("points have values in double precision" in n for n in found.notices)


def test_what_would_take_too_long_with_more_digits_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    f = read("c(x + 1, log(cos(x)^2 + sin(x)^2 - 1))")
    tape = record(f.outputs, f.variables, {})
    monkeypatch.setattr(recomputed, "WORK", 2 * len(tape.code))
    known, unknown = recomputed.recomputed(tape, [1e200], [0, 1]) or []
    assert (known.value, known.known, unknown.known) == (1e200, True, False)
    monkeypatch.setattr(recomputed, "WORK", 1)
    assert recomputed.recomputed(tape, [1e200], [0, 1]) is None


def test_an_even_power_of_numbers_from_0_on_ends() -> None:
    # The size of an enclosure of 0 begins at 0 and has no sign; its size was looked for again and again.
    f = read("(cos(exp(exp(z))) + y)^2 - 2*y*cos(exp(exp(z))) - y^2")
    assert len(compile_program(f.outputs, ["z", "y"], {}).batch([np.array([3.0, 50.0, 800.0]), np.ones(3)])[0]) == 3


def test_a_function_of_thousands_of_operations_keeps_double_precision() -> None:
    # A claim about its derivative took 70 s: the quadrature was computed with 6000 digits, and counted as one operation.
    f = read("pf_grad_df2(x, 3, 4) + log(sqrt(x*x) - x)")
    tape = record(f.outputs, f.variables, {})
    spent = [0]
    recomputed.recomputed(tape, [1e-200], [0], spent)
    assert spent[0] > recomputed.LONGEST_FORM
    f = read("pf_grad_df2(x, 3, 4)")
    (found,) = recomputed.recomputed(record(f.outputs, f.variables, {}), [2.0], [0]) or []
    assert found.value == pytest.approx(compile_program(f.outputs, ["x"], {}).point([2.0])[0], rel=1e-13)


def test_the_complementary_error_function_of_an_interval_without_an_upper_end_has_a_value() -> None:
    f = operations(200)
    wide = Enclosure(f["exp"](f["number"](1e9)).low, finf)
    assert f["erfc"](wide).double() == 0.0
    assert f["erfc"](Enclosure(f["number"](2.0).low, finf)).size == pytest.approx(math.erfc(2.0))
