"""Formulas with data: sums, products, maxima and minima over rows have the values of NumPy, for any number of rows and points."""

import struct

import numpy as np
import pytest
from secantd.calculus import reverse
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.expression import Graph
from secantd.language import read
from secantd.program import blocks, compile
from secantd.program.blocks import BlockEvaluator
from secantd.program.native import RowPlan, at_point, plan
from secantd.program.tape import Tape, record

FORMULAS = [
    "sum((y - w - b*x)^2)",
    "mean(log(1 + exp(w*x + b)) - y*(w*x + b))",
    "-sum(dnorm(y, w + b*x, exp(b), log = TRUE))",
    "log(sum(exp(w*x)))*b",
    "sum((w*x - mean(w*x))^2) + b",
    "sd(w*x + b*y)",
    "max(w*x + b*y) - min(x*w - y*b)",
    "prod(1 + w*x/100) + b",
    "sum(ifelse(y > w, x, b*exp(x)))",
    "sum(exp(w*x)*y)/sum(exp(w*x)) + sum(sin(b*x))",
    "sum(dpois(round(abs(4*y)), exp(w + b*x/4), log = TRUE))",
]


def data_of(rows: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(rows)
    return {"x": random.uniform(-1.0, 1.0, rows), "y": random.uniform(-1.0, 1.0, rows)}


def tape_of(text: str, data: dict[str, np.ndarray]) -> Tape:
    f = read(text, data={k: v for k, v in data.items() if k in text.replace("exp", "").replace("max", "")})
    outputs = [f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["b", "w"])]
    return record(outputs, ["b", "w"], f.graph.columns)


def same(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("rows", [2, 5, 64, 65, 127, 128, 129, 1000])
@pytest.mark.parametrize("text", FORMULAS)
def test_data_are_reduced_as_by_numpy(machine, both, text, rows):
    random = np.random.default_rng(9)
    tape = tape_of(text, data_of(rows))
    assert RowPlan(machine, tape, [False, False]).possible
    for points in (1, 3, 129):
        columns = [random.uniform(0.1, 1.0, points), random.uniform(0.1, 1.0, points)]
        same(*both(tape, columns))
        same(*both(tape, [columns[0], columns[1][:1]]))


def test_data_of_several_lengths_are_reduced_side_by_side(both):
    text = "sum(sin(w*u)) + sum(cos(b*v))*sum(w*z) + max(b*z)"
    random = np.random.default_rng(1)
    f = read(text, data={"u": random.uniform(size=300), "v": random.uniform(size=7), "z": random.uniform(size=129)})
    tape = record([f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["b", "w"])], ["b", "w"], f.graph.columns)
    same(*both(tape, [random.uniform(size=200), random.uniform(size=200)]))


def test_misaligned_and_read_only_data_are_read(both):
    memory = np.zeros(8 * 1000 + 1, dtype=np.uint8)
    x = memory[1:].view(np.float64)
    x[:] = np.linspace(-1.0, 1.0, 1000)
    x.flags.writeable = False
    g = Graph()
    w = g.symbol("w")
    tape = record([g.make("sum", g.make("exp", g.make("mul", w, g.data("x", x))))], ["w"], g.columns)
    same(*both(tape, [np.linspace(0.0, 1.0, 10)]))


@pytest.mark.parametrize("op", ["sum", "prod", "max_of", "min_of"])
@pytest.mark.parametrize("rows", [3, 200])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 1e308, -1e308, 5e-324])
@pytest.mark.parametrize("position", [0, 1, -1])
def test_hard_values_in_data_are_reduced_as_by_numpy(both, op, rows, value, position):
    x = np.linspace(0.5, 1.5, rows)
    x[position] = value
    g = Graph()
    tape = record([g.make(op, g.make("mul", g.symbol("w"), g.data("x", x)))], ["w"], g.columns)
    for w in (1.0, -1.0):
        found, expected = both(tape, [np.full(9, w)])
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)


@pytest.mark.parametrize("rows", [3, 200])
def test_an_overflow_within_the_rows_is_noticed(machine, rows):
    x = np.linspace(0.5, 1.5, rows)
    g = Graph()
    w, column = g.symbol("w"), g.data("x", x)
    square = g.make("pow", g.make("mul", w, column), g.number(2.0))
    tape = record([g.make("sum", g.make("exp", g.make("neg", square)))], ["w"], g.columns)
    assert BlockEvaluator(tape)([np.full(5, 1e160)], 5)[1] == {"overflow", "finite"}
    assert BlockEvaluator(tape)([np.full(5, 30.0)], 5)[1] == {"underflow", "finite"}
    assert BlockEvaluator(tape)([np.full(5, 1.0)], 5)[1] == {"finite"}
    total = record([g.make("sum", g.make("mul", w, column))], ["w"], g.columns)
    assert "finite" not in BlockEvaluator(total)([np.full(5, 1.7e308)], 5)[1]


def test_a_sum_of_many_rows_keeps_its_digits(machine):
    x = np.full(100_001, 0.1)
    x[0] = 1e9
    g = Graph()
    tape = record([g.make("sum", g.make("mul", g.symbol("w"), g.data("x", x)))], ["w"], g.columns)
    (found,), _ = BlockEvaluator(tape)([np.ones(3)], 3)
    assert found == pytest.approx([1e9 + 10_000.0] * 3, rel=4.5e-16)


def test_sums_have_the_same_digits_with_any_threads_and_instruction_set(extension, use, monkeypatch):
    monkeypatch.setattr(plan, "MANY", 1)
    g = Graph()
    data = data_of(10_000)
    x, y, w = g.data("x", data["x"]), g.data("y", data["y"]), g.symbol("w")
    tape = record([g.make("sum", g.make("div", x, g.make("add", y, w)))], ["w"], g.columns)
    points = np.linspace(2.0, 3.0, 37)
    found = set()
    for threads in ("1", "2", "5"):
        for name in use(SECANT_NATIVE=extension).SETS:
            use(SECANT_NATIVE_THREADS=threads, SECANT_NATIVE_SET=name)
            found.add(BlockEvaluator(tape)([points], 37)[0][0].tobytes())
    assert len(found) == 1


def test_vectors_as_outputs_and_operations_that_the_machine_lacks_are_left_to_numpy(machine, both):
    g = Graph()
    w, x = g.symbol("w"), g.data("x", np.linspace(0.5, 2.0, 100))
    for node in (g.make("mul", w, x), g.make("sum", g.make("besselJ", g.make("mul", w, x), g.number(1.0)))):
        tape = record([node], ["w"], g.columns)
        assert not RowPlan(machine, tape, [False]).possible
        same(*both(tape, [np.linspace(0.5, 1.0, 20)]))


def test_a_program_with_data_has_the_values_of_its_points(machine):
    f = read(FORMULAS[1], data=data_of(300))
    own = compile([f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["b", "w"])], ["b", "w"], f.graph.columns)
    columns = [np.linspace(-1.0, 1.0, 21), np.linspace(0.0, 2.0, 21)]
    found = own.batch(columns)
    for k in range(21):
        assert [o[k] for o in found] == pytest.approx(own.point([c[k] for c in columns]), rel=1e-12)
    blocks_used = BlockEvaluator(own.tape)
    blocks_used(columns, 21)
    assert isinstance(blocks_used._plan[1], RowPlan)
    assert blocks.machine() is machine


def program_of(text: str, rows: int):
    f = read(text, data=data_of(rows))
    return compile([f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["b", "w"])], ["b", "w"], f.graph.columns)


@pytest.mark.parametrize("rows", [2, 255, 256, 1000])
@pytest.mark.parametrize(
    "text", ["mean(log(1 + exp(w*x + b)) - y*(w*x + b))", "sum((w*x - mean(w*x))^2)/exp(b) + sum(x*y)"]
)
def test_a_point_has_one_value_interpreted_compiled_by_the_machine_and_by_numpy(extension, use, text, rows):
    found = []
    for name in (extension, "off"):
        use(SECANT_NATIVE=name)
        own = program_of(text, rows)
        found.append(own.point([0.25, 0.75]))
        own.prepare()
        assert own.point([0.25, 0.75]) == found[-1]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_an_overflow_in_the_rows_of_a_point_is_computed_once_more(machine):
    g = Graph()
    w, x = g.symbol("w"), g.data("x", np.linspace(0.5, 1.5, 300))
    product = g.make("mul", w, x)
    ratio = g.make("div", g.make("mul", product, product), g.make("mul", w, w))
    own = compile([g.make("sum", ratio)], ["w"], g.columns)
    assert at_point(own.tape) is not None
    assert own.point([1e200]) == pytest.approx([float(np.sum(np.linspace(0.5, 1.5, 300) ** 2))], rel=1e-12)


def test_a_formula_whose_code_takes_longer_than_its_rows_is_left_to_numpy_at_a_point(machine, monkeypatch):
    own = program_of("sum((y - w - b*x)^2)", 300)
    assert at_point(own.tape) is not None
    monkeypatch.setattr("secantd.program.native.point.LONGEST", 2)
    assert at_point(own.tape) is None


def test_a_descent_on_many_rows_makes_the_same_steps_recorded_or_not(machine):
    f = read("mean((y - w - b*x)^2 + exp(w*x)/9)", data=data_of(500))
    ends = set()
    for trace in (0, 1, 7):
        request = DescentRequest(f, (("w", 1.0), ("b", 0.5)), method=FixedRate(0.5), max_steps=2000, trace_every=trace)
        *_, last = descend(request)
        ends.add(tuple(last.outcome.point))
    assert len(ends) == 1


ROWS = struct.pack("5i", 1, 2, 0, 1, 0)


@pytest.mark.parametrize(
    ("position", "length", "given", "reductions"),
    [
        (2, 9, (0,), (0, 0, 2)),
        (-1, 9, (0,), (0, 0, 2)),
        (0, 0, (0,), (0, 0, 2)),
        (0, 9, (), (0, 0, 2)),
        (0, 9, (7,), (0, 0, 2)),
        (0, 9, (-1,), (0, 0, 2)),
        (0, 9, (0,), (9, 0, 2)),
        (0, 9, (0,), (0, 1, 2)),
        (0, 9, (0,), (0, 0, 0)),
        (0, 9, (0,), (0, 0, 4)),
        (0, 9, (0,), (0, 0)),
    ],
)
def test_a_pass_that_is_not_sound_is_refused(machine, position, length, given, reductions):
    rows = machine.prepare(ROWS, 1, 1, 3, struct.pack("i", 2))
    points = machine.prepare(struct.pack("5i", 0, 3, 2, 0, 0), 1, 0, 4, struct.pack("i", 3))
    packed = struct.pack(f"{len(given)}i", *given), struct.pack(f"{len(reductions)}i", *reductions)
    with pytest.raises(ValueError, match="the code"):
        machine.attach(points, position, rows, length, *packed)
    with pytest.raises(ValueError, match="the code"):
        machine.attach(points, 0, points, 9, *packed)
    machine.attach(points, 0, rows, 9, struct.pack("i", 0), struct.pack("3i", 0, 0, 2))
    out = np.empty(4)
    del rows
    assert machine.run(points, (np.arange(4.0), np.ones(9)), b"", (out,), 0, 4, 1) == 0
    assert out.tolist() == [9.0, 18.0, 27.0, 36.0]
    with pytest.raises(ValueError, match="fewer"):
        machine.run(points, (np.arange(4.0), np.ones(8)), b"", (out,), 0, 4, 1)
    with pytest.raises(ValueError, match="tuple"):
        machine.run(points, (np.arange(4.0),), b"", (out,), 0, 4, 1)
