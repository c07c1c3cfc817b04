"""Operations in one pass have the values of two, what is not finite is found without a search, and long outputs pass the caches."""

import itertools
import struct

import numpy as np
import pytest
from secantd.language import read
from secantd.program import compile
from secantd.program.native import table
from secantd.program.native.code import code_of
from secantd.program.native.table import Step
from secantd.program.tape import record

VALUES = (0.0, -0.0, 1.0, -1.0, 0.3, -2.5, 3.0, 5e-324, 1e-200, -1e200, 1.7976931348623157e308, np.inf, -np.inf, np.nan)
FIRST = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": lambda x, _: -x,
    "abs": lambda x, _: np.abs(x),
    "square": lambda x, _: x * x,
}
SECOND = {name: FIRST[name] for name in ("add", "sub", "mul", "div", "neg")}
# The infinities and zeros of all operations, and where they overflow.
EXTREMES = (*VALUES, -3.7, 0.999, 26.0, 171.7, -170.5, 710.0, -745.2, 1e16)


def same(found, expected):
    """Whether numbers are the same, zeros with their signs."""
    usual = ~np.isnan(expected)
    return np.array_equal(np.isnan(found), ~usual) and np.array_equal(
        found[usual].view(np.int64), expected[usual].view(np.int64)
    )


@pytest.mark.parametrize(("first", "second"), [*itertools.product(FIRST, SECOND)])
def test_two_steps_in_one_pass_have_the_values_of_two_passes(machine, first, second):
    one, two = (1 if name in ("neg", "abs", "square") else 2 for name in (first, second))
    x, y, z = columns = [np.ascontiguousarray(c) for c in np.array([*itertools.product(VALUES, repeat=3)]).T]
    for turned in (False, True)[:two]:
        steps = [
            Step(first, (0, 1)[:one], 3),
            Step(second, ((2, 3) if turned else (3, 2))[-two:] if two > 1 else (3,), 4),
        ]
        code = code_of(steps, [0, 1, 2], [4])
        with np.errstate(all="ignore"):
            inner = FIRST[first](x, y)
            expected = SECOND[second](z, inner) if turned else SECOND[second](inner, z)
        for name in machine.SETS:
            machine.choose(name)
            found = np.empty(len(x))
            program = machine.prepare(code.code, 3, 0, code.registers, code.outputs)
            machine.run(program, tuple(columns), b"", (found,), 0, len(x), 1)
            assert same(found, expected), (name, turned)
    machine.choose(None)


def test_a_negative_value_is_a_part_of_the_next_operation():
    for steps, expected in (
        ([Step("neg", (0,), 3), Step("add", (3, 1), 4)], "sub"),
        ([Step("neg", (0,), 3), Step("sub", (3, 1), 4)], "neg sub"),
        ([Step("neg", (0,), 3), Step("sub", (1, 3), 4)], "add"),
        ([Step("neg", (0,), 3), Step("mul", (1, 3), 4)], "mul neg"),
        ([Step("abs", (0,), 3), Step("neg", (3,), 4)], "abs neg"),
        ([Step("div", (0, 1), 3), Step("div", (2, 3), 4)], "div under"),
        ([Step("mul", (0, 1), 2), Step("neg", (0,), 3), Step("add", (2, 3), 4)], "mul sub"),
    ):
        words = np.frombuffer(code_of(steps, [0, 1, 2][: 2 + (expected != "mul sub")], [4]).code, dtype=np.int32)
        assert [table.OPERATIONS[op] for op in words.reshape(-1, 5)[:, 0]] == [expected]
    # The value is needed elsewhere.
    words = np.frombuffer(code_of([Step("neg", (0,), 3), Step("add", (3, 1), 4)], [0, 1], [3, 4]).code, dtype=np.int32)
    assert [table.OPERATIONS[op] for op in words.reshape(-1, 5)[:, 0]] == ["neg", "add"]


@pytest.mark.parametrize("op", [op for op in table.OPERATIONS if op != "skip"])
def test_an_output_that_is_not_finite_is_noticed_after_every_operation(machine, op):
    result = struct.pack("i", 3)
    program = machine.prepare(struct.pack("5i", table.CODES[op], 3, 0, 1, 2), 3, 0, 4, result)
    random = np.random.default_rng(8)
    points = [*itertools.product(EXTREMES, EXTREMES[:3], EXTREMES[:2]), *random.choice(EXTREMES, (400, 3))]
    for name in machine.SETS:
        machine.choose(name)
        for point in points:
            # One point that is unlike the others, in a block and in what is left.
            for length in (131, 3):
                columns = np.full((3, length), 0.75)
                columns[:, length - 2] = point
                found = np.empty(length)
                flags = machine.run(program, tuple(columns), b"", (found,), 0, length, 1)
                assert bool(flags & 4) == (not np.isfinite(found).all()), (name, point, length)
    machine.choose(None)


def test_an_infinity_of_the_formula_is_noticed(machine):
    program = machine.prepare(struct.pack("5i", 1, 2, 0, 1, 0), 1, 1, 3, struct.pack("i", 2))
    x, found = np.ones(300), np.empty(300)
    assert machine.run(program, (x,), np.array([2.0]), (found,), 0, 300, 1) == 0
    assert machine.run(program, (x,), np.array([np.inf]), (found,), 0, 300, 1) == 4
    assert machine.run(program, (x,), np.array([np.nan]), (found,), 0, 300, 1) == 4


@pytest.mark.parametrize("threads", [1, 3])
def test_long_outputs_are_written_past_the_caches(machine, threads):
    # 16 MB are 2^21 doubles.
    points = 2**21 + 77
    program = machine.prepare(struct.pack("5i", 1, 2, 0, 1, 0), 2, 0, 3, struct.pack("i", 2))
    x, y = np.random.default_rng(9).normal(size=(2, points))
    room = np.zeros(points + 9)
    for name in machine.SETS:
        machine.choose(name)
        for shift in (0, 1, 8 - (room.ctypes.data // 8) % 8):
            room[:] = 5.0
            assert machine.run(program, (x, y), b"", (room[shift : shift + points],), 0, points, threads) == 0
            assert np.array_equal(room[shift : shift + points], x + y)
            assert room[:shift].tolist() == [5.0] * shift
            assert np.all(room[shift + points :] == 5.0)
    machine.choose(None)


def test_a_factor_of_one_is_no_instruction():
    f = read("1*exp(x)/(1 + exp(x))")
    assert [i.op for i in record(f.outputs, ["x"], {}).code] == ["expit"]
    assert compile(f.outputs, ["x"]).point([0.0]) == [0.5]
    g = read("(1*exp(x)/(1 + exp(x)))*2")
    assert [i.op for i in record(g.outputs, ["x"], {}).code] == ["expit", "mul"]


def test_long_memory_is_kept_instead_of_short_memory(machine):
    # More of them than are kept.
    short = [machine.memory(9000 + 8000 * k) for k in range(40)]
    del short
    long = np.frombuffer(machine.memory(3_000_000))
    address = long.ctypes.data
    # Memory that is given back to the system would be given out again at this address.
    del long
    blocking = [np.empty(375_000) for _ in range(3)]
    assert np.frombuffer(machine.memory(3_000_000)).ctypes.data == address
    assert len(blocking) == 3


def test_thousands_of_signs_before_a_value_are_taken_together():
    function = read("x*y + " + "-" * 2000 + "x")
    (output,) = function.outputs
    program = compile([output], ["x", "y"])
    x, y = np.linspace(1.0, 2.0, 300), np.linspace(3.0, 4.0, 300)
    assert program.batch({"x": x, "y": y})[0].tolist() == (x * y + x).tolist()
