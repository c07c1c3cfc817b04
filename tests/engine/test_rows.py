"""Every row of the table of functions is the whole function: what it lacks, a test here names.

The formulas are compared with the values that the service computes, and with mpmath: its primitives are no code of ours.
"""

import math
import re
from collections.abc import Sequence

import pytest
from secantd.algebra.bridge import Bridge
from secantd.calculus import differentiate
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, reachable
from secantd.functions import FUNCTIONS, INNER, NAMES, Row
from secantd.functions import row as rows
from secantd.functions.curvatures import CURVATURES
from secantd.functions.gradients import GRADIENTS
from secantd.functions.orders import ORDERS
from secantd.language import Notation, read
from secantd.language.catalog import INTERNAL, known_functions
from secantd.language.distributions import is_distribution
from secantd.language.environments import OF_CALLS
from secantd.language.expansion import expanded, meaning_of, stable_form
from secantd.language.library import REPLACED, functions
from secantd.numeric import complex_value
from secantd.numeric.complexstep import KNOWN
from secantd.precise import Digits
from secantd.precise.digits import operations
from secantd.program import Program, compile
from secantd.program.operations import OPERATIONS, operation
from secantd.program.tape import record

ROWS = [pytest.param(row, id=row.name) for row in FUNCTIONS.values()]
# Quantiles of whole numbers are counted, not computed.
COUNTED = {row.name for row in FUNCTIONS.values() if row.unlike}
# Inverses of the incomplete gamma and beta functions: SymPy has none.
INVERSES = {
    f"q{family}{tail}"
    for family in ("gamma", "chisq", "beta", "t", "f")
    for tail in ("", ".upper", ".log", ".upper.log")
}
# Derivatives with respect to parameters: SymPy differentiates no incomplete gamma or beta and no Bessel function with respect to them.
GRADIENT = {row.name for row in (*GRADIENTS, *CURVATURES, *ORDERS)}
# Relative errors: one second derivative is computed by differences of a first one.
DIGITS = {"pf_grad_df1_df2": 1e-10} | {f"pf_grad_df{n}{log}": 1e-9 for n in "12" for log in ("", ".log")}
# What jumps has no complex step; where it is flat its slope is 0 all the same.
SYMPY = Bridge(Graph(), printed=False).known


def call(row: Row) -> Node:
    """Return the row at variables of its parameters' names."""
    graph = Graph()
    return graph.make(row.name, *map(graph.symbol, row.parameters))


def lacks(row: Row, known: Sequence[str]) -> set[str]:
    """Return what a witness does not know of a row."""
    node = call(row)
    (written_out,) = expanded(Graph(), [node], known)
    return {n.op for n in reachable([written_out]) if n.args and n.op not in known}


def at(row: Row, arguments: Sequence[float]) -> dict[str, float]:
    return dict(zip(row.parameters, arguments, strict=True))


def inside(row: Row) -> list[tuple[float, ...]]:
    """Return the points at which the value is a number: the logarithm of a probability of 0 is none."""
    return [p for p in row.points if math.isfinite(value(row, p))]


def value(row: Row, arguments: Sequence[float]) -> float:
    return operation(row.name).careful(*arguments)


def derivative(row: Row, position: int, arguments: Sequence[float]) -> float:
    """Return what the service computes for the derivative by a parameter."""
    texts = [repr(a) if i != position else "v" for i, a in enumerate(arguments)]
    if row.name in ("%%", "%/%"):
        text = f"{texts[0]} {row.name} {texts[1]}"
    else:
        named = [f"{name} = {t}" if name else t for name, t in zip(row.named, texts, strict=True)]
        flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags]
        text = f"{row.written}({', '.join([*named, *flags])})"
    found = differentiate(read(text, Notation.R), ["v"], at={"v": arguments[position]})
    assert found.derivative.value is not None
    return found.derivative.value


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_points_and_a_summary_and_a_reason_for_each_missing_part(row: Row) -> None:
    assert row.points
    assert all(len(p) == len(row.parameters) for p in row.points)
    assert sum(math.isfinite(value(row, p)) for p in row.points) >= min(2, len(row.points))
    assert row.summary
    assert row.source
    assert all(row.derivatives) or row.unknown
    assert not (row.meaning and row.unlike)
    assert "." not in row.written


def test_witnesses_know_all_rows_except_those_with_a_reason() -> None:
    """SymPy knew 39 of 193 rows before they had meanings, the complex step 33, mpmath 54."""
    unknown = {
        "sympy": {row.name for row in FUNCTIONS.values() if lacks(row, SYMPY)},
        "digits": {row.name for row in FUNCTIONS.values() if lacks(row, operations())},
        "complex step": {row.name for row in FUNCTIONS.values() if lacks(row, KNOWN)},
    }
    assert unknown == {"sympy": COUNTED | INVERSES | GRADIENT, "digits": COUNTED, "complex step": COUNTED}
    assert len(FUNCTIONS) - len(unknown["sympy"]) >= 184
    assert len(FUNCTIONS) - len(unknown["digits"]) >= 216


def test_what_has_no_code_and_no_stable_form_has_no_value_and_no_row_is_such() -> None:
    assert all(operation(name).array for name in FUNCTIONS)
    assert operation("softplus").careful(800.0) == 800.0
    with pytest.raises(CalculusError) as caught:
        operation("frobnicate")
    assert caught.value.reason is Reason.MISSING_PART


# Meanings of second derivatives with respect to an order: one value to 100 digits takes seconds.
SLOW = re.compile(r"bessel._grad_nu_nu")
KNOWN_TO_DIGITS = [
    pytest.param(row, id=name, marks=[pytest.mark.long] if SLOW.match(name) else [])
    for name, row in FUNCTIONS.items()
    if name not in COUNTED
]


@pytest.mark.sample(3)
@pytest.mark.parametrize("row", KNOWN_TO_DIGITS)
def test_the_meaning_has_the_value_of_the_service_to_100_digits_rounded(row: Row) -> None:
    exact = Digits(call(row), {})
    for arguments in row.points:
        expected = float(exact.value(at(row, arguments)))
        assert value(row, arguments) == pytest.approx(
            expected, rel=DIGITS["pf_grad_df1_df2"] if row.name in DIGITS else 1e-12, abs=1e-300
        )


@pytest.mark.sample(3)
@pytest.mark.parametrize("row", [p for p in ROWS if p.values[0].stable])
def test_the_stable_form_has_the_value_of_the_service(row: Row) -> None:
    form = stable_form(row.name)
    assert form is not None
    program = Program(record(form.outputs, row.parameters, {}, literal=True))
    for arguments in row.points:
        assert program.point(arguments) == [pytest.approx(value(row, arguments), rel=1e-13, abs=1e-300)]


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in INNER.items()])
def test_an_operation_of_the_tape_has_the_value_of_its_meaning(row: Row) -> None:
    exact = Digits(call(row), {})
    for arguments in row.points:
        assert value(row, arguments) == pytest.approx(float(exact.value(at(row, arguments))), rel=1e-12)


@pytest.mark.sample(4)
@pytest.mark.parametrize("row", KNOWN_TO_DIGITS)
def test_a_derivative_is_the_slope_of_the_meaning_to_100_digits(row: Row) -> None:
    exact = Digits(call(row), {})
    for arguments in inside(row):
        for position, name in enumerate(row.parameters):
            if row.derivatives[position]:
                slope = float(exact.slope(name, at(row, arguments)))
                got = derivative(row, position, arguments)
                assert got == pytest.approx(
                    slope, rel=DIGITS.get(row.name, 1e-11), abs=1e-14 * abs(value(row, arguments))
                ), name


@pytest.mark.sample(4)
@pytest.mark.parametrize("row", KNOWN_TO_DIGITS)
def test_the_complex_step_of_the_meaning_is_the_derivative(row: Row) -> None:
    node, step = call(row), 1e-20
    for arguments in inside(row):
        for position, name in enumerate(row.parameters):
            if row.derivatives[position]:
                point: dict[str, complex] = {**at(row, arguments), name: complex(arguments[position], step)}
                got = complex_value(node, point).imag / step
                expected = derivative(row, position, arguments)
                assert got == pytest.approx(
                    expected, rel=DIGITS.get(row.name, 1e-11), abs=1e-13 * abs(value(row, arguments))
                ), name


@pytest.mark.sample(3)
@pytest.mark.parametrize("row", [p for p in KNOWN_TO_DIGITS if p.values[0].name not in INVERSES | GRADIENT])
def test_sympy_computes_the_value_of_a_row(row: Row) -> None:
    node = call(row)
    graph = Graph()
    (node,) = expanded(graph, [node], FUNCTIONS)
    bridge = Bridge(graph, printed=False)
    arguments = row.points[0]
    point = {bridge.symbol(n): bridge.sympy.Rational(v) for n, v in at(row, arguments).items()}
    found = bridge.as_number(bridge.to(node)).subs(point).evalf(20)
    assert float(found) == pytest.approx(value(row, arguments), rel=1e-12)


@pytest.mark.parametrize("row", [p for p in ROWS if p.values[0].valid and p.values[0].meaning and "pnorm" not in p.id])
def test_a_meaning_has_no_value_where_the_parameters_are_not_valid(row: Row) -> None:
    """A witness that computed on would refute what is right."""
    condition = read(f"function({', '.join(row.parameters)}) {row.valid}")
    first = row.points[0]
    broken = [tuple(-a if k == i else a for k, a in enumerate(first)) for i in range(len(first))]
    holds = compile(condition.outputs, row.parameters)
    broken = [b for b in broken if holds.point(b) == [0.0]]
    exact = Digits(call(row), {})
    assert all(math.isnan(value(row, b)) and exact.mp.isnan(exact.value(at(row, b))) for b in broken)


@pytest.fixture
def gompertz(monkeypatch: pytest.MonkeyPatch) -> Row:
    """A function that is in the table for the length of a test."""
    new = rows.row(
        "gompertz(x, b = 1)", "b * exp(-x) * f", "-exp(-x) * f", summary="exp(-b exp(-x))", aliases="gumbel_cdf",
        meaning="exp(-b * exp(-x))", stable="exp(-b * exp(-x))", valid="b > 0", points=((0.3, 1.2), (-1.5, 0.4)),
    )  # fmt: skip
    monkeypatch.setitem(FUNCTIONS, new.name, new)
    for name in (new.written, *new.aliases):
        monkeypatch.setitem(NAMES, name, [new])
    yield new
    OPERATIONS.pop(new.name, None)
    for kept in (meaning_of, stable_form, known_functions):
        kept.cache_clear()


def test_a_new_function_is_one_row(gompertz: Row) -> None:
    """Nothing else is registered anywhere: read, differentiated, computed, printed and checked by every witness."""
    text = differentiate(read("gumbel_cdf(2*x)"), ["x"]).derivative.text
    assert text == "2 * (exp(-(2 * x)) * gompertz(2 * x))"
    expected = math.exp(-1.2 * math.exp(-0.3))
    assert value(gompertz, (0.3, 1.2)) == pytest.approx(expected, rel=1e-15)
    (many,) = compile([call(gompertz)], ["x", "b"]).batch([[0.3] * 9, [1.2] * 9])
    assert list(many) == [pytest.approx(expected, rel=1e-15)] * 9
    assert float(Digits(call(gompertz), {}).value({"x": 0.3, "b": 1.2})) == pytest.approx(expected, rel=1e-15)
    assert complex_value(call(gompertz), {"x": 0.3 + 1e-20j, "b": 1.2}).imag / 1e-20 == pytest.approx(
        derivative(gompertz, 0, (0.3, 1.2)), rel=1e-14
    )
    claim = judge(read("gompertz(x, b)"), read("b*exp(-x)*gompertz(x, b)"), ["x"], witnesses=["sympy"])
    assert claim.verdict is Verdict.PROVED
    assert "gompertz" in {f.name for f in known_functions.__wrapped__()}


def test_each_meaning_is_read_once() -> None:
    assert meaning_of("dnorm") is meaning_of("dnorm")
    assert meaning_of("sin") is None


def test_a_formula_is_written_out_without_recursion_and_shares_what_it_shares() -> None:
    text = "softplus(" * 3000 + "x" + ")" * 3000
    f = read(text)
    (written_out,) = expanded(f.graph, f.outputs, ("exp", "log"))
    assert len(reachable([written_out])) == 1 + 1 + 3 * 3000
    assert {n.op for n in reachable([written_out])} == {"symbol", "number", "exp", "add", "log"}


def test_every_name_that_can_be_called_belongs_to_one_function_that_a_caller_can_look_up() -> None:
    known = known_functions()
    names = [name for f in known for name in (f.name, *f.aliases)]
    of_scipy = {n for n in names if is_distribution(n)}
    assert set(names) == (set(NAMES) | set(functions()) | set(OF_CALLS) | of_scipy | {"%", "//"}) - INTERNAL
    assert {n for n in names if names.count(n) > 1} == set()
    assert len({f.name for f in known}) == len(known)
    assert all(f.summary and f.parameters for f in known)
    assert all(f.unknown for f in known if "" in f.derivatives)


def test_the_library_replaces_no_rows_but_those_that_are_found_with_it() -> None:
    """A name of the table is found without importing the library."""
    assert set(functions()) & set(NAMES) == REPLACED
