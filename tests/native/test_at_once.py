"""Plain columns are computed in one call of the machine; all others, and what is unusual, as before."""

import struct

import numpy as np
import pytest
from secantd.calculus import settle
from secantd.calculus.evaluate import evaluate
from secantd.errors import CalculusError
from secantd.language import read
from secantd.program import blocks, compile, compiled
from secantd.program.compiled import is_hard

FAR = 1e15
SETTLE = settle.settle_columns
# x + y, and the square of it.
CODE = struct.pack("10i", 1, 2, 0, 1, 0, 7, 3, 2, 2, 2)


@pytest.fixture
def added(machine):
    """The program of x + y and its square."""
    return machine.prepare(CODE, 2, 0, 4, struct.pack("2i", 2, 3))


def evaluated(machine, program, columns, few=0, most=1 << 40, far=0.0, threads=1):
    return machine.evaluate(program, columns, b"", np.frombuffer, few, 1 << 40, most, threads, far)


@pytest.fixture
def slow(monkeypatch):
    """A function that computes without the short way."""

    def computed(program, columns):
        with monkeypatch.context() as context:
            context.setattr(blocks.NativePlan, "at_once", lambda *_: None)
            return program.batch(columns)

    return computed


@pytest.mark.parametrize("points", [1, 5, 127, 128, 129, 1023, 1024, 5000])
@pytest.mark.parametrize("kind", [list, tuple])
def test_plain_columns_are_computed(machine, added, points, kind):
    x, y = np.random.default_rng(points).normal(size=(2, points))
    happened, found = evaluated(machine, added, kind([x, y]))
    assert happened == 0
    assert np.array_equal(found[0], x + y)
    assert np.array_equal(found[1], (x + y) ** 2)
    for array in found:
        array[:] = 1.0


@pytest.mark.parametrize(
    "columns",
    [
        [np.ones(9), np.ones(8)],
        [np.ones(9), np.ones(9), np.ones(9)],
        [np.ones(9)],
        [np.ones(9), np.ones(18)[::2]],
        [np.ones(9), np.ones(9, np.float32)],
        [np.ones(9), np.ones(9, np.int64)],
        [np.ones(9), np.ones(9, ">f8")],
        [np.ones(9), np.ones(9, complex)],
        [np.ones(9), np.ones((3, 3))],
        [np.ones(9), [1.0] * 9],
        [np.ones(9), 1.0],
        [np.ones(9), None],
        [np.ones(0), np.ones(0)],
        np.ones((2, 9)),
        "text",
        None,
    ],
    ids=str,
)
def test_other_columns_are_left_to_python(machine, added, columns):
    assert evaluated(machine, added, columns) is None


def test_few_and_too_many_points_are_left_to_python(machine, added):
    columns = [np.ones(9), np.ones(9)]
    assert evaluated(machine, added, columns, few=9) is None
    assert evaluated(machine, added, columns, most=8) is None
    assert evaluated(machine, added, columns, few=8, most=9) is not None


def test_a_call_with_wrong_arguments_is_refused(machine, added):
    columns = [np.ones(9), np.ones(9)]
    with pytest.raises(TypeError):
        machine.evaluate(added, columns)
    with pytest.raises(TypeError):
        evaluated(machine, added, columns, far=None)
    with pytest.raises(ValueError, match="PyCapsule"):
        evaluated(machine, None, columns)
    with pytest.raises(ZeroDivisionError):
        machine.evaluate(added, columns, b"", lambda _: 1 / 0, 0, 1, 9, 1, 0.0)
    needs_one = machine.prepare(struct.pack("5i", 1, 2, 0, 1, 0), 1, 1, 3, struct.pack("i", 2))
    with pytest.raises(ValueError, match="fewer than 1 doubles"):
        evaluated(machine, needs_one, columns[:1])


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 1.0, -1e-14, 9e14, -9e14, 1e15, 1e-15, -1e15, -1e-15, 5e-324, np.inf, -np.inf, np.nan]
)
def test_hard_numbers_are_found_wherever_they_are(machine, added, value):
    for name in machine.SETS:
        machine.choose(name)
        for points, place in ((5, 4), (128, 0), (300, 299), (5000, 2050)):
            x, y = np.full((2, points), 1.5)
            y[place] = value
            flags = evaluated(machine, added, [x, y], far=FAR)[0]
            assert bool(flags & 8) == is_hard(y, FAR)
            assert evaluated(machine, added, [x, y])[0] & 8 == 0
            shifted = memoryview(bytearray(8 * points + 1))[1:].cast("d")
            shifted[place] = value
            assert bool(evaluated(machine, added, [x, shifted], far=FAR)[0] & 8) == is_hard(y, FAR)
            assert evaluated(machine, added, [x, shifted])[1][0][place] == pytest.approx(1.5 + value, nan_ok=True)
    machine.choose(None)


@pytest.mark.parametrize(
    "text",
    [
        "x*y/(x + y)",
        "exp(x)*y - exp(y)",
        "x^2.5 + log(y)",
        "exp(x - y)/(1 + exp(x))",
        "x",
        "x*y + 0*x",
        "sin(x)",
        "x*exp(x)*exp(-x)",
    ],
)
def test_the_short_way_has_the_values_of_the_long_one(machine, slow, text):
    random = np.random.default_rng(1)
    hard = [0.0, 1e-300, -1e-20, 1e16, 1e200, -800.0, 800.0, np.inf, -np.inf, np.nan, 1e308]
    program = compile(read(text).outputs, ["x", "y"])
    for share in (0.0, 0.01):
        x, y = random.normal(size=(2, 3000))
        for column in (x, y):
            chosen = random.uniform(size=3000) < share
            column[chosen] = random.choice(hard, chosen.sum())
        expected = slow(program, [x, y])
        for columns in ([x, y], (x, y), {"y": y, "x": x}, [x, y.tolist()]):
            for a, b in zip(program.batch(columns), expected, strict=True):
                assert np.array_equal(a, b, equal_nan=True)


def test_columns_of_other_lengths_are_as_before_after_plain_ones(machine):
    program = compile(read("x*y").outputs, ["x", "y"])
    x = np.arange(50.0)
    for columns, expected in (([x, x], x * x), ([x, x[:1]], 0 * x), ([x, 2.0], 2 * x), ([x[:3], x[:3]], x[:3] ** 2)):
        for _ in range(2):
            assert np.array_equal(program.batch([x, x])[0], x * x)
            assert np.array_equal(program.batch(columns)[0], expected)
    with pytest.raises(CalculusError, match="column 'y' has 49 values"):
        program.batch([x, x[1:]])
    with pytest.raises(CalculusError, match="no values for 'y'"):
        program.batch({"x": x})


@pytest.mark.parametrize("text", ["x + exp(y) - z", "x + exp(y) - z + 0*qnorm(y - 0.5)"])
def test_what_cancels_beside_a_column_of_one_value_is_computed_once_more(machine, text):
    f = read(text)
    program = compile(f.outputs, ["x", "y", "z"], {})
    far = np.full(9, 1e17)
    for y in (np.full(9, 1.0), np.array([1.0])):
        (found,) = program.batch([far, y, far])
        assert found == pytest.approx(np.full(9, np.e), rel=1e-14)


def test_usual_columns_are_not_searched_in_python(machine, monkeypatch):
    program = compile(read("exp(x)").outputs, ["x"])
    monkeypatch.setattr(compiled, "is_hard", None)
    for _ in range(2):
        assert np.allclose(program.batch([np.linspace(0.1, 1.0, 50)])[0], np.exp(np.linspace(0.1, 1.0, 50)))


@pytest.mark.parametrize(
    ("text", "points", "finite"),
    [
        ("x*y + exp(x)", {"x": [1.0, 2.0, 3.0, 4.0, 5.0], "y": [2.0] * 5}, True),
        ("x/y", {"x": [0.0, 2.0, 3.0, 4.0, 5.0], "y": [0.0, 1.0, 1.0, 1.0, 1.0]}, False),
        ("log(x) + y", {"x": [-1.0, 2.0, 3.0, 4.0, 5.0], "y": [0.0] * 5}, False),
        ("abs(x - y)", {"x": [1.0, 2.0, 3.0, 4.0, 5.0], "y": [1.0, 0.0, 0.0, 0.0, 0.0]}, True),
    ],
)
def test_what_is_not_finite_or_at_a_kink_is_looked_at_as_before(machine, monkeypatch, text, points, finite):
    columns = {name: np.array(values) for name, values in points.items()}
    f = read(text)
    for _ in range(2):
        assert compile(f.outputs, ["x", "y"]).batch_and_finite(columns)[1] == finite
        found = evaluate(f, columns, 1)
        with monkeypatch.context() as context:
            context.setattr(settle, "settle_columns", lambda *given, finite: SETTLE(*given))
            expected = evaluate(read(text), columns, 1)
        assert found.notices == expected.notices
        for a, b in zip(
            [found.values, *[d for _, d in found.derivatives]],
            [expected.values, *[d for _, d in expected.derivatives]],
            strict=True,
        ):
            assert np.array_equal(a, b, equal_nan=True)
