"""Arithmetic as machine code has the values of the machine's own loops, to the last bit."""

import struct
import subprocess
import sys
import threading

import numpy as np
import pytest
from secantd.calculus import reverse
from secantd.language import read
from secantd.program import compile
from secantd.program.native import table
from secantd.program.native.code import code_of
from secantd.program.native.table import Step

VALUES = (0.0, -0.0, 1.0, -1.0, 0.3, -2.5, 3.0, 5e-324, 1e-200, -1e200, 1.7976931348623157e308, np.inf, -np.inf, np.nan)
ARITHMETIC = [
    op
    for op in table.OPERATIONS
    if op not in table.FUNCTIONS and op not in ("skip", "round", "floor", "ceiling", "trunc", "%%", "%/%")
]
# Points from which on a program becomes machine code.
MANY = 5000


def columns_of(count, points, seed=1):
    random = np.random.default_rng(seed)
    found = random.uniform(-3.0, 3.0, (count, points))
    special = random.random(found.shape) < 0.3
    found[special] = random.choice(VALUES, int(special.sum()))
    return [np.ascontiguousarray(c) for c in found]


def outputs_of(machine, prepared, columns, uniforms, results, points, fused, threads=1):
    """Return what a program computes, and its flags, the second time that it runs."""
    machine.fuse(fused)
    try:
        program = machine.prepare(*prepared)
        for _ in range(2):
            found = [np.full(points, 7.0) for _ in range(results)]
            flags = machine.run(program, tuple(columns), np.array(uniforms), tuple(found), 0, points, threads)
    finally:
        machine.fuse(True)
    return found, flags


def same(found, expected):
    for a, b in zip(found, expected, strict=True):
        usual = ~np.isnan(b)
        if not np.array_equal(np.isnan(a), ~usual) or not np.array_equal(a[usual].view("i8"), b[usual].view("i8")):
            return False
    return True


def compare(machine, prepared, columns, uniforms, results, points, threads=1):
    for name in machine.SETS:
        machine.choose(name)
        plain, flags = outputs_of(machine, prepared, columns, uniforms, results, points, False, threads)
        fused, marks = outputs_of(machine, prepared, columns, uniforms, results, points, True, threads)
        assert same(fused, plain), name
        assert marks == flags, name
    machine.choose(None)


def words(*instructions):
    return b"".join([struct.pack("5i", table.CODES[op], *rest) for op, *rest in instructions])


@pytest.mark.parametrize("op", ARITHMETIC)
def test_an_operation_has_the_same_values(machine, op):
    # Twice, because one instruction is no run; with columns, a value of its own, and one that is the same at all points.
    for args in ((0, 1, 2), (3, 1, 2), (0, 3, 2), (0, 1, 3), (1, 1, 0), (2, 0, 0)):
        code = words((op, 4, *args), (op, 5, 4, 0, 1), (op, 6, 0, 5, 4), (op, 7, 1, 2, 6))
        compare(machine, (code, 3, 1, 8, struct.pack("4i", 4, 5, 6, 7)), columns_of(3, MANY), [0.75], 4, MANY)


def steps_at_random(random, columns, uniforms, length):
    """Return random steps, of which late ones read early values, and some outputs."""
    steps, count = [], columns + uniforms
    for _ in range(length):
        op = random.choice(ARITHMETIC)
        arguments = 3 if op == "ifelse" else 1 if op in UNARY else 2
        steps.append(Step(op, tuple(int(a) for a in random.integers(0, count, arguments)), count))
        count += 1
    outputs = sorted({count - 1, *[int(a) for a in random.integers(columns + uniforms, count, 5)]})
    return steps, outputs


UNARY = {"copy", "neg", "reciprocal", "square", "cube", "fourth", "sqrt", "abs", "sign", "held", "!"}
# Of the tape; two in one pass are made of them.
SIMPLE = [op for op in ARITHMETIC if op not in table.PAIRS]


@pytest.mark.parametrize("seed", range(60))
def test_random_programs_have_the_same_values(machine, seed, monkeypatch):
    random = np.random.default_rng(seed)
    monkeypatch.setattr(f"{__name__}.ARITHMETIC", SIMPLE)
    columns, uniforms = int(random.integers(1, 5)), int(random.integers(0, 14))
    steps, outputs = steps_at_random(random, columns, uniforms, int(random.choice([2, 5, 20, 60, 250])))
    if seed % 3 == 0:
        # A function of the library between runs.
        steps.insert(len(steps) // 2, Step("exp", (0,), steps[-1].out + 1))
    code = code_of(steps, [*range(columns)], outputs)
    values = dict(enumerate(random.uniform(-2.0, 2.0, columns + uniforms)))
    points = int(random.choice([MANY, 4096 + 127, 4096 + 129, 6001]))
    prepared = (code.code, columns, len(code.uniforms), code.registers, code.outputs)
    given = [values[u] for u in code.uniforms]
    compare(machine, prepared, columns_of(columns, points, seed), given, len(outputs), points, 1 + seed % 2)


def test_more_values_than_vector_registers_are_kept(machine):
    # 70 squares, then their sum from the first to the last.
    squares = [Step("square" if k % 2 else "cube", (k % 2,), 2 + k) for k in range(70)]
    sums = [Step("sub", (2 if k == 0 else 71 + k, 3 + k), 72 + k) for k in range(69)]
    code = code_of([*squares, *sums], [0, 1], [80, 140])
    compare(machine, (code.code, 2, 0, code.registers, code.outputs), columns_of(2, MANY), [], 2, MANY)


def test_branches_are_skipped_around_runs(machine):
    text = (
        "ifelse(x > 0, x*y/(1 + x)*(y - x)/(2 + y) + x/(y^2 + 1)*3, ifelse(y > 1, y/(x - 1)*(x*x*x)/(y - 7)*x - y, x))"
    )
    f = read(text)
    nodes = [f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["x", "y"])]
    columns = columns_of(2, MANY)
    found = []
    for fused in (False, True):
        machine.fuse(fused)
        program = compile(nodes, ["x", "y"], {})
        program.batch(columns)
        found.append(program.batch(columns))
    machine.fuse(True)
    assert same(found[1], found[0])


def test_an_infinity_or_nan_of_a_column_is_noticed_in_every_place(machine):
    code = words(("mul", 2, 0, 0, 0), ("add", 3, 2, 1, 1))
    for name in machine.SETS:
        machine.choose(name)
        program = machine.prepare(code, 2, 0, 4, struct.pack("2i", 2, 3))
        points = 2 * 2048 + 200
        x, y = np.ones(points), np.ones(points)
        found = (np.empty(points), np.empty(points))
        for _ in range(2):
            assert machine.run(program, (x, y), b"", found, 0, points, 1) == 0
        for column in (x, y):
            for place in (0, 5, 127, 128, 2047, 2048, 4095, 4096, points - 1):
                for value in (np.inf, np.nan):
                    column[place] = value
                    assert machine.run(program, (x, y), b"", found, 0, points, 1) == 4, (name, place, value)
                column[place] = 1.0
    machine.choose(None)


def test_overflow_and_underflow_are_noticed(machine):
    code = words(("mul", 2, 0, 0, 0), ("mul", 3, 0, 1, 1))
    program = machine.prepare(code, 2, 0, 4, struct.pack("2i", 2, 3))
    x, y = np.ones(MANY), np.ones(MANY)
    found = (np.empty(MANY), np.empty(MANY))
    machine.run(program, (x, y), b"", found, 0, MANY, 1)
    x[4321] = 1e200
    assert machine.run(program, (x, y), b"", found, 0, MANY, 1) == 5
    x[4321] = 1e-200
    assert machine.run(program, (x, y), b"", found, 0, MANY, 1) == 2


def test_columns_that_are_not_aligned_and_parts_of_the_points_are_computed(machine):
    code = words(("mul", 2, 0, 1, 0), ("sub", 3, 2, 1, 1))
    program = machine.prepare(code, 2, 0, 4, struct.pack("i", 3))
    memory = bytearray(8 * MANY + 4)
    x = np.frombuffer(memory, np.uint8)[4:].view(np.float64)
    x[:] = columns_of(1, MANY)[0]
    y = columns_of(2, MANY)[1]
    found = np.zeros(MANY)
    machine.run(program, (np.array(x), y), b"", (found,), 0, MANY, 1)
    again = np.zeros(MANY)
    machine.run(program, (x, y), b"", (again,), 100, MANY - 7, 1)
    with np.errstate(all="ignore"):
        assert same([again[100:-7]], [found[100:-7]])
    assert not again[:100].any()
    assert not again[-7:].any()


def test_sums_over_data_have_the_same_digits(machine):
    data = {"u": np.random.default_rng(4).normal(size=3000)}
    f = read("sum((u - m)^2/s^2*u + m*u)", data=data)
    nodes = [f.outputs[0], *reverse.gradient(f.graph, f.outputs[0], ["m", "s"])]
    at = [np.linspace(-1.0, 1.0, 40), np.linspace(0.5, 1.5, 40)]
    found = []
    for fused in (False, True):
        machine.fuse(fused)
        program = compile(nodes, ["m", "s"], f.graph.columns)
        program.batch(at)
        found.append(program.batch(at))
    machine.fuse(True)
    assert same(found[1], found[0])


def test_threads_may_begin_while_a_program_becomes_machine_code(machine):
    code = words(("mul", 2, 0, 1, 0), ("sub", 3, 2, 1, 1))
    x, y = np.random.default_rng(2).normal(size=(2, 3000))
    expected = x * y - y
    for _ in range(20):
        program = machine.prepare(code, 2, 0, 4, struct.pack("i", 3))
        wrong = []

        def run(program=program, wrong=wrong):
            for _ in range(5):
                found = np.empty(3000)
                machine.run(program, (x, y), b"", (found,), 0, 3000, 1)
                if not np.array_equal(found, expected):
                    wrong.append(found)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


def test_no_pass_is_attached_to_a_program_that_is_machine_code(machine):
    code = words(("mul", 1, 0, 0, 0), ("add", 2, 1, 0, 0))
    program = machine.prepare(code, 1, 0, 3, struct.pack("i", 2))
    machine.run(program, (np.ones(MANY),), b"", (np.empty(MANY),), 0, MANY, 1)
    rows = machine.prepare(code, 1, 0, 3, struct.pack("i", 2))
    with pytest.raises(ValueError, match="sizes"):
        machine.attach(program, 0, rows, 3, b"", b"")


NO_CODE = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
# PR_SET_MDWE: memory is never made executable after it was written.
if libc.prctl(65, 1, 0, 0, 0):
    sys.exit(77)
import numpy as np
from secantd.language import read
from secantd.program import compile
from secantd.program.native.library import machine
assert machine() is not None
f = read("x*y - y/x + x")
p = compile(f.outputs, ["x", "y"], {})
x, y = np.random.default_rng(2).normal(size=(2, 20000))
for _ in range(2):
    assert np.array_equal(p.batch([x, y])[0], x*y - y/x + x)
"""


def test_where_no_code_may_be_written_the_loops_run(extension):
    import os

    ended = subprocess.run(
        [sys.executable, "-c", NO_CODE], env={**os.environ, "SECANT_NATIVE": extension}, capture_output=True, text=True
    )
    if ended.returncode == 77:
        pytest.skip("this kernel cannot forbid it")
    assert ended.returncode == 0, ended.stderr


def test_the_environment_switches_machine_code_off(extension, use):
    assert use(SECANT_NATIVE=extension, SECANT_NATIVE_CODE="off") is not None
    f = read("x*y - y/x + x")
    x, y = np.random.default_rng(2).normal(size=(2, 20000))
    program = compile(f.outputs, ["x", "y"], {})
    for _ in range(2):
        assert np.array_equal(program.batch([x, y])[0], x * y - y / x + x)
