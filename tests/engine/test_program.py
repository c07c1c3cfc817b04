"""Programs: the back ends agree with each other, with mpmath and with IEEE 754."""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node
from secantd.functions import FUNCTIONS, elementary
from secantd.program import Program, compile
from secantd.program.operations import operation

INF, NAN = math.inf, math.nan


def one(op: str, *arguments: float) -> Program:
    """Return the program of one operation of as many variables."""
    g = Graph()
    names = [f"x{i}" for i in range(len(arguments))]
    return compile([g.make(op, *map(g.symbol, names))], names)


def back_ends(program: Program, point: list[float]) -> dict[str, list[float]]:
    """Return the outputs at one point from each back end."""
    interpreted = program.point(point)
    program.prepare()
    points = [np.array([v] * 9) for v in point]
    return {
        "interpreted": interpreted,
        "source": program.point(point),
        "blocks": [float(column[4]) for column in program.batch(points)],
        "single columns": [float(column[-1]) for column in program.batch([points[0], *[p[:1] for p in points[1:]]])],
    }


def same(a: float, b: float, relative: float = 1e-12) -> bool:
    """Whether two numbers agree, NaN with NaN; below the normal numbers to their spacing."""
    return (a != a and b != b) or a == b or math.isclose(a, b, rel_tol=relative, abs_tol=1e-300)


@pytest.mark.parametrize(
    ("op", "arguments", "value"),
    [
        pytest.param("div", (1.0, 0.0), INF, id="1/0"),
        pytest.param("div", (1.0, -0.0), -INF, id="1/-0"),
        pytest.param("div", (0.0, 0.0), NAN, id="0/0"),
        pytest.param("log", (0.0,), -INF, id="log(0)"),
        pytest.param("log", (-1.0,), NAN, id="log(-1)"),
        pytest.param("log", (8.0, 2.0), 3.0, id="log(8, 2)"),
        pytest.param("log", (1000.0, 10.0), 3.0, id="log(1000, 10)"),
        pytest.param("log1p", (-1.0,), -INF, id="log1p(-1)"),
        pytest.param("sqrt", (-1.0,), NAN, id="sqrt(-1)"),
        pytest.param("exp", (1000.0,), INF, id="exp(1000)"),
        pytest.param("exp", (-INF,), 0.0, id="exp(-Inf)"),
        pytest.param("sinh", (-1000.0,), -INF, id="sinh(-1000)"),
        pytest.param("sin", (INF,), NAN, id="sin(Inf)"),
        pytest.param("atanh", (-1.0,), -INF, id="atanh(-1)"),
        pytest.param("acosh", (0.5,), NAN, id="acosh(0.5)"),
        pytest.param("pow", (0.0, 0.0), 1.0, id="0^0"),
        pytest.param("pow", (NAN, 0.0), 1.0, id="NaN^0"),
        pytest.param("pow", (1.0, NAN), 1.0, id="1^NaN"),
        pytest.param("pow", (-8.0, 1 / 3), NAN, id="(-8)^(1/3)"),
        pytest.param("pow", (0.0, -2.5), INF, id="0^-2.5"),
        pytest.param("pow", (-10.0, 309.0), -INF, id="(-10)^309"),
        pytest.param("pow", (INF, -1.5), 0.0, id="Inf^-1.5"),
        pytest.param("sinpi", (1e15 + 0.5,), 1.0, id="sinpi of a large half"),
        pytest.param("cospi", (0.5,), 0.0, id="cospi(1/2)"),
        pytest.param("tanpi", (0.25,), 1.0, id="tanpi(1/4)"),
        pytest.param("%%", (-5.0, 3.0), 1.0, id="-5 %% 3"),
        pytest.param("%%", (5.0, 0.0), NAN, id="5 %% 0"),
        pytest.param("%/%", (-5.0, 3.0), -2.0, id="-5 %/% 3"),
        pytest.param("%/%", (5.0, 0.0), INF, id="5 %/% 0"),
        pytest.param("pmax", (1.0, NAN), NAN, id="pmax with NaN"),
        pytest.param("pmin", (NAN, 1.0, 0.0), NAN, id="pmin with NaN first"),
        pytest.param("sign", (-3.0,), -1.0, id="sign"),
        pytest.param("floor", (-INF,), -INF, id="floor(-Inf)"),
        pytest.param("trunc", (-2.7,), -2.0, id="trunc(-2.7)"),
        pytest.param("trunc", (-INF,), -INF, id="trunc(-Inf)"),
        pytest.param("round", (2.5, 0.0), 2.0, id="round(2.5)"),
        pytest.param("round", (-0.15, 1.0), -0.1, id="round(-0.15, 1)"),
        pytest.param("round", (2567.0, -2.0), 2600.0, id="round(2567, -2)"),
        pytest.param("round", (NAN, 1.0), NAN, id="round(NaN, 1)"),
        pytest.param("<", (1.0, NAN), NAN, id="1 < NaN"),
        pytest.param("!=", (NAN, 1.0), NAN, id="NaN != 1"),
        pytest.param("!=", (2.0, 1.0), 1.0, id="2 != 1"),
        pytest.param("&", (0.0, NAN), 0.0, id="FALSE & NA"),
        pytest.param("|", (2.0, NAN), 1.0, id="TRUE | NA"),
        pytest.param("|", (0.0, NAN), NAN, id="FALSE | NA"),
        pytest.param("!", (0.0,), 1.0, id="!FALSE"),
        pytest.param("ifelse", (NAN, 1.0, 2.0), NAN, id="ifelse(NA, 1, 2)"),
        pytest.param("ifelse", (1.0, 1.0, NAN), 1.0, id="ifelse takes one branch"),
    ],
)
def test_values_at_poles_and_outside_domains_are_those_of_r(
    op: str, arguments: tuple[float, ...], value: float
) -> None:
    for name, (got,) in back_ends(one(op, *arguments), list(arguments)).items():
        assert same(got, value), name


@pytest.mark.parametrize("exponent", [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.5])
@pytest.mark.parametrize("base", [0.0, 1e-200, 0.3, 1.0, 17.0, 1e200, INF, NAN])
def test_a_constant_exponent_changes_no_value(base: float, exponent: float) -> None:
    g = Graph()
    fixed = compile([g.make("pow", g.symbol("x"), g.number(exponent))], ["x"])
    (expected,) = one("pow", base, exponent).point([base, exponent])
    for name, (got,) in back_ends(fixed, [base]).items():
        assert same(got, expected), name


ELEMENTARY: dict[str, Callable[..., Any]] = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x, 2),
    "log10": mpmath.log10,
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "atan2": mpmath.atan2,
    "sinpi": mpmath.sinpi,
    "cospi": mpmath.cospi,
    "tanpi": lambda x: mpmath.sinpi(x) / (mpmath.cospi(x) or mpmath.nan),
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "pow": mpmath.power,
    "div": lambda a, b: a / b,
    "%%": lambda a, b: a - b * mpmath.floor(a / b),
    "%/%": lambda a, b: mpmath.floor(a / b),
}


@pytest.mark.parametrize("op", ELEMENTARY)
@pytest.mark.parametrize("x", [-30.25, -0.75, -1e-9, 1e-12, 0.125, 0.7, 1.0 + 1e-7, 2.5, 41.0, 1e5])
def test_elementary_functions_agree_with_mpmath_to_13_digits(op: str, x: float) -> None:
    arguments = [x, 1.75] if op in ("atan2", "pow", "div", "%%", "%/%") else [x]
    with mpmath.workdps(40):
        exact = ELEMENTARY[op](*map(mpmath.mpf, arguments))
        if isinstance(exact, mpmath.mpc):
            expected = NAN if exact.imag != 0 else float(exact.real)
        else:
            expected = float(exact)
    for name, (got,) in back_ends(one(op, *arguments), arguments).items():
        assert same(got, expected, 1e-13), name


ARITY = {"ifelse": 3, **dict.fromkeys(["div", "pow", "atan2", "%%", "%/%", "&", "|"], 2)}
ARITY |= dict.fromkeys(["<", "<=", ">", ">=", "==", "!="], 2)
INTERNAL = {"pi", "sub", "reciprocal", "square", "cube", "fourth"}
# Steps and near-steps turn the last bit of an argument into any difference: they have their own tests.
JUMPS = {"trunc", "round", "floor", "ceiling", "sign", "%%", "%/%", "<", "<=", ">", ">=", "==", "!=", "!", "&", "|"}
HERE = ["add", "mul", "neg", "div", "pow", "ifelse", "softplus", "expit", *(row.name for row in elementary.ELEMENTARY)]
SMOOTH = sorted(set(HERE) - INTERNAL - JUMPS - {"log_base", "tan", "tanpi", "sinpi", "cospi"})


@st.composite
def graphs(draw: st.DrawFn) -> list[Node]:
    """Random graphs with shared nodes."""
    g = Graph()
    nodes = [g.symbol("a"), g.symbol("b"), g.number(0.5), g.number(2.0), g.number(-1.5)]
    for _ in range(draw(st.integers(1, 25))):
        op = draw(st.sampled_from(SMOOTH))
        count = draw(st.integers(2, 5)) if op in ("add", "mul", "pmax", "pmin") else ARITY.get(op, 1)
        nodes.append(g.make(op, *[draw(st.sampled_from(nodes)) for _ in range(count)]))
    return [nodes[-1], draw(st.sampled_from(nodes))]


finite = st.floats(-4.0, 4.0, allow_subnormal=False)


@settings(max_examples=150)
@given(graphs(), finite, finite)
def test_every_back_end_gives_the_same_number(outputs: list[Node], a: float, b: float) -> None:
    program = compile(outputs, ["a", "b"])
    reference, *others = back_ends(program, [a, b]).values()
    # A difference of one unit in the last place may be magnified by what follows: the same one unit in
    # the arguments shows by how much.
    nudged = program.point([math.nextafter(a, INF), math.nextafter(b, INF)])
    for other in others:
        for r, o, n in zip(reference, other, nudged, strict=True):
            spread = abs(n - r) if math.isfinite(n - r) else 0.0
            assert same(r, o, 1e-12) or abs(r - o) <= 1e4 * spread


def chain(length: int) -> Program:
    g = Graph()
    x = node = g.symbol("x")
    for _ in range(length):
        node = g.make("sin", g.make("add", node, x))
    return compile([node], ["x"])


@pytest.mark.parametrize("length", [10, 1000, 5000, pytest.param(50_000, marks=pytest.mark.long)])
def test_a_deep_chain_is_computed_without_recursion(length: int) -> None:
    program = chain(length)
    expected = 0.5
    for _ in range(length):
        expected = math.sin(expected + 0.5)
    program.prepare()
    assert program.point([0.5]) == [expected]
    assert program.batch([np.full(10, 0.5)])[0] == pytest.approx([expected] * 10, rel=1e-12)


@pytest.mark.parametrize(
    ("op", "terms"),
    [
        pytest.param("add", 100_000, marks=pytest.mark.long),
        *[(op, n) for op in ("add", "mul") for n in (2, 16, 17, 49, 50, 51, 101, 5000)],
    ],
)
def test_a_long_sum_or_product_keeps_every_term(op: str, terms: int) -> None:
    g = Graph()
    x = g.symbol("x")
    parts = [g.make("add", x, g.number(k / terms)) for k in range(terms)]
    if op == "mul":
        parts = [g.make("exp", g.make("div", p, g.number(terms))) for p in parts]
    program = compile([g.make(op, *parts)], ["x"])
    total = math.fsum(0.5 + k / terms for k in range(terms))
    expected = total if op == "add" else math.exp(total / terms)
    for (got,) in back_ends(program, [0.5]).values():
        assert got == pytest.approx(expected, rel=1e-10)


def test_negated_terms_are_subtracted_in_their_order() -> None:
    g = Graph()
    a, b, c, d = map(g.symbol, "abcd")
    minus_b = g.make("neg", b)
    total = g.make("add", a, minus_b, c, g.make("neg", d))
    point = [1e16, 1e16, 1.0, 0.25]
    for got in back_ends(compile([total], list("abcd")), point).values():
        assert got == [0.75]
    shared = compile([total, minus_b, g.make("add", g.make("neg", c), d)], list("abcd"))
    for got in back_ends(shared, point).values():
        assert got == [0.75, -1e16, -0.75]


def test_names_of_variables_never_reach_the_source() -> None:
    g = Graph()
    names = ["lambda", "x0", "f0", "nan", "import os", "t1\n"]
    program = compile([g.make("add", *map(g.symbol, names))], names)
    program.prepare()
    assert program.point([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]) == [21.0]


def test_odd_constants_survive() -> None:
    g = Graph()
    x = g.symbol("x")
    numbers = [INF, -INF, 5e-324, -0.0, 1e308, -2.5]
    outputs = [g.make("mul", x, g.number(v)) for v in numbers] + [g.number(v) for v in numbers]
    for got in back_ends(compile(outputs, ["x"]), [1.0]).values():
        assert got == numbers * 2
        assert math.copysign(1.0, got[3]) == -1.0


def test_blocks_of_every_length_join_without_a_seam() -> None:
    g = Graph()
    x, y = g.symbol("x"), g.symbol("y")
    outputs = [g.make("mul", g.make("sin", x), g.make("exp", y), x), x, g.make("sin", x), g.number(3.0), y]
    program = compile([*outputs, outputs[2]], ["x", "y"])
    for points in (5, 4095, 4096, 4097, 10_000, 250_001):
        a, b = np.linspace(-3, 3, points), np.linspace(0, 1, points)
        got = program.batch({"y": b, "x": a, "unused": a})
        expected = [np.sin(a) * np.exp(b) * a, a, np.sin(a), np.full(points, 3.0), b, np.sin(a)]
        for g_, e in zip(got, expected, strict=True):
            assert g_.shape == (points,)
            np.testing.assert_allclose(g_, e, rtol=1e-14)


def test_a_column_of_one_value_serves_all_points() -> None:
    g = Graph()
    x, s = g.symbol("x"), g.symbol("s")
    scale = g.make("exp", s)
    program = compile([g.make("div", x, scale), scale], ["x", "s"])
    a = np.linspace(0, 1, 5000)
    ratio, fixed = program.batch([a, np.array([2.0])])
    np.testing.assert_allclose(ratio, a / math.exp(2.0), rtol=1e-15)
    np.testing.assert_array_equal(fixed, np.full(5000, math.exp(2.0)))


def test_columns_of_two_lengths_are_refused_by_name() -> None:
    program = one("add", 1.0, 2.0)
    with pytest.raises(CalculusError, match="column 'x1' has 4 values") as caught:
        program.batch({"x0": [1.0, 2.0, 3.0], "x1": [1.0] * 4})
    assert caught.value.reason is Reason.INVALID_VALUE


def test_a_variable_without_a_value_is_named() -> None:
    g = Graph()
    with pytest.raises(CalculusError, match="there is no value for 'y'"):
        compile([g.symbol("y")], ["x"])
    with pytest.raises(CalculusError, match="there are no values for 'x0'"):
        one("exp", 1.0).batch({"z": [1.0]})


def test_every_function_of_the_table_has_numbers() -> None:
    assert all(operation(name).careful and operation(name).array for name in FUNCTIONS)


def test_a_function_without_numbers_is_refused() -> None:
    with pytest.raises(CalculusError, match="'frobnicate' has no implementation") as caught:
        one("frobnicate", 1.0)
    assert caught.value.reason is Reason.MISSING_PART
