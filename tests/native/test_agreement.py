"""The back ends agree: the machine in C, NumPy, and Python's math, at ordinary points and at hard ones."""

import itertools
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from secantd.calculus import reverse
from secantd.errors import CalculusError
from secantd.expression import Graph
from secantd.functions import FUNCTIONS
from secantd.language import read
from secantd.program import compile, stable_outputs
from secantd.program.blocks import BlockEvaluator
from secantd.program.interpret import Interpreter
from secantd.program.native import table
from secantd.program.native.plan import NativePlan, made_by, read_by
from secantd.program.operations import OPERATIONS, operation
from secantd.program.tape import Tape, record

TESTS = Path(__file__).resolve().parents[1]
RELATIVE = 1e-12
# Zeros, ties, the ends of the doubles, where functions overflow, underflow and have no value; halves for rounding.
HARD = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 1e-9, 1e-20, 5e-324, -5e-324, 1e-310, 2.2250738585072014e-308, 1e-154,
    1e154, 1e300, -1e300, 1.7976931348623157e308, -1.7976931348623157e308, np.inf, -np.inf, np.nan, 709.78, 709.79, -708.4, -745.1,
    -745.2, 710.5, 26.5, 27.3, 171.6, 171.7, -170.5, 1e15, 1e22, np.pi, np.pi / 2, 0.9999999999999999, 1.0000000000000002,
)  # fmt: skip
TERNARY = {"ifelse"}
UNARY = set(
    "neg reciprocal square cube fourth sqrt abs sign floor ceiling trunc round held ! exp expm1 log log2 log10 log1p sin cos tan "
    "asin acos atan sinh cosh tanh asinh acosh atanh erf erfc gamma lgamma".split()
)
RESULT = struct.pack("i", 6)
OPERATION_NAMES = [*table.ARITHMETIC[1:], *table.FUNCTIONS]


def tape_of(op: str, count: int) -> Tape:
    g = Graph()
    names = [f"x{i}" for i in range(count)]
    arguments = [g.symbol(n) for n in names]
    if op == "round":
        arguments.append(g.number(0.0))
    return record([g.make(op, *arguments)], names, {})


def columns_of(rows):
    return [np.ascontiguousarray(c) for c in np.array(rows, dtype=np.float64).T]


def test_the_extension_and_the_table_list_the_same_operations(machine):
    assert machine.OPERATIONS == table.OPERATIONS
    assert set(machine.VECTOR_FUNCTIONS) <= set(table.FUNCTIONS)


def test_every_operation_of_the_machine_is_one_of_the_tape():
    assert set(OPERATION_NAMES) <= set(OPERATIONS) | set(FUNCTIONS)
    # What is left is done by NumPy.
    assert {
        op for op in OPERATIONS if op not in table.CODES and op in FUNCTIONS and FUNCTIONS[op].parameters == ()
    } == set()


@pytest.mark.parametrize("op", OPERATION_NAMES)
def test_an_operation_has_the_values_of_numpy_on_every_instruction_set(machine, both, apart, op):
    random = np.random.default_rng(1)
    sizes = random.choice([-1.0, 1.0], 1500) * 10.0 ** random.uniform(-308, 308, 1500)
    usual = np.concatenate([sizes, random.uniform(-30, 30, 1500), random.uniform(-1.2, 1.2, 500)])
    if op in UNARY:
        columns = [np.array([*HARD, *usual])]
    elif op in TERNARY:
        columns = columns_of(random.choice(HARD, (3000, 3)))
    else:
        columns = columns_of([*itertools.product(HARD, repeat=2), *zip(usual, random.permutation(usual), strict=True)])
    for name in machine.SETS:
        machine.choose(name)
        found, expected = both(tape_of(op, len(columns)), columns)
        # SciPy's gamma is 0 where it is no normal number.
        far = apart(found[0], expected[0], 1e-300 if op == "gamma" else 2e-311)
        worst = int(far.argmax())
        assert far[worst] <= RELATIVE, (name, [float(c[worst]) for c in columns], found[0][worst], expected[0][worst])
    machine.choose(None)


# Every so many functions of the table, whose formulas take seconds to read.
STEP = 1 if "SECANT_TEST_LONG" in os.environ else 4


def test_functions_of_the_table_are_the_same_formulas_in_the_machine(both, apart):
    rows = [row for row in [row for row in FUNCTIONS.values() if row.stable][::STEP] if table.form_of(row.name)]
    assert len(rows) > 100 / STEP
    wrong = {row.name: found for row in rows if (found := difference(both, apart, row))}
    assert wrong == {}


def difference(both, apart, row):
    """Return the point at which a function differs most in the machine, and both values; None where they agree."""
    random = np.random.default_rng(2)
    count = len(row.parameters)
    rows = [*itertools.product(HARD, repeat=count)] if count < 2 else random.choice(HARD, (400, count)).tolist()
    for point in row.points:
        rows += [[x * f for x, f in zip(point, random.uniform(0.5, 2.0, count), strict=True)] for _ in range(40)]
        rows += [[h if k == j else x for k, x in enumerate(point)] for j in range(count) for h in HARD]
    columns = columns_of(rows)
    found, expected = both(tape_of(row.name, count), columns)
    far = apart(found[0], expected[0], 1e-1 if row.name.endswith(".log") else 1e-290)
    worst = int(far.argmax())
    at = [float(c[worst]) for c in columns]
    return None if far[worst] <= RELATIVE else (at, found[0][worst], expected[0][worst])


def texts() -> list[str]:
    found: dict[str, None] = {}
    for name, column in (("oracle/textbook.tsv", 1), ("golden/functions.tsv", 0)):
        for line in (TESTS / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                found[line.split("\t")[column]] = None
    return [*found]


def test_formulas_of_the_tables_and_their_gradients_have_one_value(both, apart):
    random = np.random.default_rng(3)
    compared = 0
    for text in texts():
        try:
            f = read(text)
            names = sorted(f.variables)
            if len(f.outputs) != 1 or f.outputs[0].shape or not names:
                continue
            outputs = [f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], names)]
            tape = record(outputs, names, f.graph.columns)
        except CalculusError:
            continue
        if tape.vectors:
            continue
        rows = [*random.uniform(0.2, 2.0, (150, len(names))), *random.choice(HARD, (107, len(names)))]
        columns = columns_of(rows)
        found, expected = both(tape, columns)
        interpreter = Interpreter(tape)
        with np.errstate(all="ignore"):
            moved = both(tape, [c * (1.0 + 4e-16 * (-1) ** j) for j, c in enumerate(columns)])[1]
            exact = np.array([interpreter([float(v) for v in row]) for row in rows[:20]]).T
        for k, (a, b) in enumerate(zip(found, expected, strict=True)):
            # Near a difference of equal terms any rounding is magnified, as is one of the arguments.
            noise = 100.0 * apart(moved[k], b, 1e-2)[:150] + RELATIVE
            assert np.all(apart(a, b, 1e-2)[:150] <= noise), (text, k)
            assert np.all(apart(a[:20], exact[k], 1e-2) <= noise[:20]), (text, k)
            # At hard points terms may cancel to their rounding; infinities, or almost, and NaN are at the same points.
            hard, expected_hard = (np.where(np.abs(v) > 1.79e308, np.copysign(np.inf, v), v)[150:] for v in (a, b))
            usual = np.isfinite(expected_hard)
            assert np.array_equal(np.isfinite(hard), usual), (text, k)
            assert np.array_equal(hard[~usual], expected_hard[~usual], equal_nan=True), (text, k)
        compared += 1
    assert compared > 250


@pytest.mark.parametrize(
    ("text", "x", "kinds"),
    [
        ("exp(x)", 710.0, {"overflow"}),
        ("exp(x)", -750.0, {"underflow"}),
        ("exp(x)", -740.0, {"underflow"}),
        ("exp(x)", -700.0, set()),
        ("x*x*x", 1e150, {"overflow"}),
        ("x*x", 1e-200, {"underflow"}),
        ("x^2.5", 1e200, {"overflow"}),
        ("x^-2.5", 1e200, {"underflow"}),
        ("x^2.5", 0.0, set()),
        ("sinh(x) + cosh(x)", 800.0, {"overflow"}),
        ("expm1(x)", 720.0, {"overflow"}),
        ("erfc(x)", 30.0, {"underflow"}),
        ("1/x", 1e-310, {"overflow"}),
        ("log(x)", 0.0, set()),
        ("log(x) + sin(x)*atan(x)/tanh(x) + x^1.5 + exp(x)", 1.5, set()),
    ],
)
def test_what_overflows_or_underflows_at_one_point_is_noticed(machine, text, x, kinds):
    f = read(text)
    tape = record(f.outputs, ["x"], {})
    for name in machine.SETS:
        machine.choose(name)
        for position in (0, 63, 299):
            column = np.full(300, 1.25)
            column[position] = x
            found, happened = BlockEvaluator(tape)([column], 300)
            assert happened - {"finite"} == kinds
            assert ("finite" in happened) == bool(np.isfinite(found[0]).all())
    machine.choose(None)


def test_values_that_overflow_in_between_are_computed_once_more(machine):
    f = read("x*x/(y*y)")
    columns = {"x": np.full(300, 1e200), "y": np.full(300, 2e200)}
    assert np.array_equal(compile(f.outputs, ["x", "y"]).batch(columns)[0], np.full(300, 0.25))


def test_an_operation_that_the_machine_lacks_is_done_by_numpy_in_between(both, apart):
    f = read("sin(besselJ(x + 2, 1)*y)/(1 + pgamma(exp(x), y^2 + 1)) + digamma(besselK(x + 3, 0.5))*log(y + 2)")
    tape = record([f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["x", "y"])], ["x", "y"], {})
    random = np.random.default_rng(4)
    for points in (1, 129, 20_000):
        columns = [random.uniform(0.1, 2.0, points), random.uniform(0.1, 2.0, points)]
        for given in (columns, [columns[0], columns[1][:1]], [columns[0][:1], columns[1]]):
            for a, b in zip(*both(tape, given), strict=True):
                assert apart(a, b, 1e-3).max() <= RELATIVE


@pytest.mark.parametrize(
    "row", [row for row in FUNCTIONS.values() if row.written.startswith("q")], ids=lambda row: row.name
)
def test_gradients_of_quantiles_have_one_value(both, apart, row):
    # NumPy finds the quantile and its derivatives by shapes; the machine computes densities there, with which these share products.
    names = [f"x{i}" for i in range(len(row.parameters))]
    g = Graph()
    node = g.make(row.name, *map(g.symbol, names))
    try:
        tape = record([node, *reverse.gradient(g, node, names)], names, {})
    except CalculusError:
        pytest.skip("it is not differentiable")
    random = np.random.default_rng(5)
    columns = columns_of(
        [[x * f for x, f in zip(row.points[0], random.uniform(0.8, 1.1, len(names)), strict=True)] for _ in range(40)]
    )
    for a, b in zip(*both(tape, columns), strict=True):
        assert apart(a, b, 1e-3).max() <= RELATIVE


def test_a_step_reads_what_is_already_computed(machine):
    tried = 0
    for row in [*FUNCTIONS.values()][::STEP]:
        names = [f"x{i}" for i in range(len(row.parameters))]
        g = Graph()
        node = g.make(row.name, *map(g.symbol, names))
        try:
            outputs = reverse.gradient(g, node, names)
            nodes = [node, *outputs, *[n for o in outputs for n in reverse.gradient(g, o, names)]]
        except CalculusError:
            continue
        plan = NativePlan(machine, record(nodes, names, {}), [False] * len(names))
        computed = {*range(len(names)), *[slot for slot, varies in enumerate(plan.varying) if not varies]}
        for step in plan.steps:
            assert computed.issuperset(read_by(step)), row.name
            computed.update(made_by(step))
        tried += len(plan.steps) > 1
    assert tried > 40 / STEP


def test_outputs_may_be_variables_numbers_and_the_same_value_twice(both):
    g = Graph()
    x, y = g.symbol("x"), g.symbol("y")
    s = g.make("sin", x)
    c = g.make("cos", y)
    tape = record([x, s, g.number(2.0), s, y, c, g.make("mul", s, c)], ["x", "y"], {})
    column = np.linspace(-1.0, 1.0, 333)
    for columns in ([column, column[::-1].copy()], [column, np.array([0.25])], [np.array([0.25])] * 2):
        for a, b in zip(*both(tape, columns), strict=True):
            assert np.allclose(a, b, rtol=RELATIVE, atol=0.0)


def test_a_branch_that_no_point_takes_is_not_computed(machine):
    f = read("ifelse(x > 100, exp(x)*x^x*sin(x)*cosh(x), x)")
    column = np.linspace(0.0, 99.0, 1000)
    found, happened = BlockEvaluator(record(f.outputs, ["x"], {}))([column], 1000)
    assert np.array_equal(found[0], column)
    # In both branches x^x overflows for x > 143 only, and exp(x)*x^x from 90 on.
    assert happened == {"finite"}


PAIRED = {"add": "(x + y)", "sub": "(x - y)", "mul": "(x*y)"}


@pytest.mark.parametrize("second", ["{} + z", "{} - z", "z - {}", "{}*z", "{}^2 + z", "z*{} + {}"])
@pytest.mark.parametrize("first", PAIRED)
def test_two_operations_in_one_pass_are_rounded_one_after_the_other(both, first, second):
    f = read(second.format(PAIRED[first], PAIRED[first]))
    columns = columns_of(np.random.default_rng(5).uniform(-1.0, 1.0, (1000, 3)))
    found, expected = both(record(f.outputs, list("xyz"), {}), columns)
    assert np.array_equal(found[0], expected[0])


def test_operations_have_careful_values_where_formulas_are_the_same_at_all_points():
    assert table.uniform(table.Step("round", (0,), 1), {0: 2.5}) == operation("round").careful(2.5, 0.0) == 2.0


def test_arguments_that_are_the_same_at_all_points_or_twice_the_same_have_the_values_of_columns(machine):
    random = np.random.default_rng(6)
    columns = random.normal(size=(3, 130))
    for name in machine.SETS:
        machine.choose(name)
        for op, code in table.CODES.items():
            if op in table.FUNCTIONS or op == "skip":
                continue
            for places in itertools.product(range(6), repeat=3):
                # Registers 0 to 2 are columns, 3 to 5 the same value at all points; 6 is the result.
                words = struct.pack("5i", code, 6, *places)
                found, expected = np.empty((2, 130))
                values = np.array([0.75, -1.5, 2.0])
                filled = [*columns, *[np.full(130, v) for v in values]]
                machine.run(machine.prepare(words, 3, 3, 7, RESULT), tuple(columns), values, (found,), 0, 130, 1)
                machine.run(machine.prepare(words, 6, 0, 7, RESULT), tuple(filled), b"", (expected,), 0, 130, 1)
                assert np.array_equal(found, expected, equal_nan=True), (name, op, places)
    machine.choose(None)


@pytest.mark.parametrize("name", ["erfcx", "dawsn"])
def test_slopes_that_cancel_as_printed_are_those_of_numpy(both, apart, name):
    f = read(f"{name}(x)")
    (node,) = stable_outputs(f)
    outputs = [node]
    for _ in range(4):
        outputs.append(reverse.gradient(f.graph, outputs[-1], ["x"])[0])
    x = np.concatenate([np.linspace(-6.0, 16.0, 221), 10.0 ** np.arange(2.0, 300.0, 7.0)])
    for found, expected in zip(*both(record(outputs, ["x"], {}), [x]), strict=True):
        assert apart(found, expected).max() < 2e-12
