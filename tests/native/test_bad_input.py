"""Inputs that are odd or wrong: sizes around a block, arrays of any kind, code that is not sound, other extensions, threads, forks."""

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from secantd.expression import Graph
from secantd.language import read
from secantd.program import compile
from secantd.program.blocks import BlockEvaluator
from secantd.program.native import library, plan
from secantd.program.native.library import Machine
from secantd.program.tape import record
from secantd.transport.methods.describe import back_ends

TEXT = "sin(x)^2*exp(y) + ifelse(x > y, log1p(x^2), y^2)"
Use = Callable[..., Machine | None]


def columns_of(points: int) -> list[np.ndarray]:
    random = np.random.default_rng(points)
    return [random.uniform(-1.0, 1.0, points), random.uniform(-1.0, 1.0, points)]


def expected(x, y):
    return np.sin(x) ** 2 * np.exp(y) + np.where(x > y, np.log1p(x**2), y**2)


def program():
    return compile(read(TEXT).outputs, ["x", "y"])


@pytest.mark.parametrize("points", [0, 1, 2, 5, 127, 128, 129, 255, 256, 257, 2047, 2048, 2049, 100_000])
@pytest.mark.parametrize("threads", ["1", "2", "9"])
def test_any_number_of_points_is_computed_by_any_number_of_threads(extension, use: Use, monkeypatch, points, threads):
    use(SECANT_NATIVE=extension, SECANT_NATIVE_THREADS=threads)
    monkeypatch.setattr(plan, "MANY", 1)
    x, y = columns_of(points)
    (found,) = program().batch([x, y])
    assert found.shape == (points,)
    np.testing.assert_allclose(found, expected(x, y), rtol=1e-12)


def odd(kind: str, values: np.ndarray) -> np.ndarray:
    """Return an array with the values of another one."""
    if kind == "misaligned":
        shifted = np.empty(8 * len(values) + 1, dtype=np.uint8)[1:].view(np.float64)
        shifted[:] = values
        assert not shifted.flags.aligned
        return shifted
    if kind == "not contiguous":
        return np.repeat(values, 3)[::3]
    if kind == "reversed":
        return values[::-1].copy()[::-1]
    if kind == "float32 and back":
        return values.astype(np.float32).astype(np.float64)
    found = values.copy()
    if kind == "read-only":
        found.flags.writeable = False
    if kind == "in the other byte order":
        return found.astype(">f8")
    return found


@pytest.mark.parametrize("kind", ["misaligned", "not contiguous", "reversed", "read-only", "in the other byte order"])
def test_any_kind_of_array_is_read_and_not_written(machine, kind):
    x, y = columns_of(1000)
    odd_x, odd_y = odd(kind, x), odd(kind, y)
    np.testing.assert_allclose(program().batch([odd_x, odd_y])[0], expected(x, y), rtol=1e-12)
    assert np.array_equal(odd_x, x)
    assert np.array_equal(odd_y, y)


def test_one_array_may_be_two_columns_and_one_value_a_column(machine):
    x, y = columns_of(1000)
    np.testing.assert_allclose(program().batch([x, x])[0], expected(x, x), rtol=1e-12)
    np.testing.assert_allclose(program().batch([x, y[:1]])[0], expected(x, y[0]), rtol=1e-12)
    np.testing.assert_allclose(program().batch({"x": x[:1], "y": y})[0], expected(x[0], y), rtol=1e-12)
    own = program()
    for value in (0.5, -0.25):
        np.testing.assert_allclose(own.batch([x, [value]])[0], expected(x, value), rtol=1e-12)


COPY = struct.pack("5i", 0, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("code", "columns", "uniforms", "registers", "outputs"),
    [
        (COPY[:-1], 1, 0, 2, struct.pack("i", 1)),
        (COPY, 1, 0, 2, b"abc"),
        (COPY, -1, 0, 2, struct.pack("i", 1)),
        (COPY, 3, 0, 2, struct.pack("i", 1)),
        (COPY, 1, 1, 2, struct.pack("i", 1)),
        (COPY, 1, 0, 1 << 30, struct.pack("i", 1)),
        (COPY, 1, 0, 2, struct.pack("i", 0)),
        (COPY, 1, 0, 2, struct.pack("i", 2)),
        (COPY, 1, 0, 2, struct.pack("2i", 1, 1)),
        (struct.pack("5i", 0, 0, 0, 0, 0), 1, 0, 2, struct.pack("i", 1)),
        (struct.pack("5i", 0, 1, 2, 0, 0), 1, 0, 2, struct.pack("i", 1)),
        (struct.pack("5i", 0, 1, -1, 0, 0), 1, 0, 2, struct.pack("i", 1)),
        (struct.pack("5i", 1, 1, 0, 7, 0), 1, 0, 2, struct.pack("i", 1)),
        (struct.pack("5i", 999, 1, 0, 0, 0), 1, 0, 2, struct.pack("i", 1)),
        (struct.pack("5i", -1, 1, 0, 0, 0), 1, 0, 2, struct.pack("i", 1)),
    ],
)
def test_code_that_is_not_sound_is_refused(machine, code, columns, uniforms, registers, outputs):
    with pytest.raises(ValueError, match="the code"):
        machine.prepare(code, columns, uniforms, registers, outputs)


def test_random_code_is_refused_or_runs(machine):
    random = np.random.default_rng(6)
    accepted = 0
    x = np.linspace(-2.0, 2.0, 300)
    for _ in range(20_000):
        length = int(random.integers(1, 6))
        code = random.integers(0, 8, (length, 5))
        code[:, 0] = random.integers(0, len(machine.OPERATIONS), length)
        try:
            made = machine.prepare(code.astype(np.int32).tobytes(), 1, 1, 8, struct.pack("2i", 6, 7))
        except ValueError:
            continue
        accepted += 1
        machine.run(made, (x,), np.ones(1), (np.empty(300), np.empty(300)), 0, 300, 1)
    assert accepted > 50


def test_arrays_that_do_not_fit_the_code_are_refused(machine):
    made = machine.prepare(struct.pack("5i", 1, 2, 0, 1, 0), 1, 1, 3, struct.pack("i", 2))
    x, one, out = np.zeros(100), np.ones(1), np.empty(100)
    assert machine.run(made, (x,), one, (out,), 0, 100, 1) == 0
    read_only = out.copy()
    read_only.flags.writeable = False
    wrong = [
        ((x[:99],), one, (out,), 0, 100),
        ((x,), one, (out[:99],), 0, 100),
        ((x,), one[:0], (out,), 0, 100),
        ((), one, (out,), 0, 100),
        ((x, x), one, (out,), 0, 100),
        ((x,), one, (), 0, 100),
        ([x], one, (out,), 0, 100),
        ((x,), one, (out,), -1, 100),
        ((x,), one, (out,), 50, 40),
        ((x[::2],), one, (out,), 0, 10),
        ((x,), one, (read_only,), 0, 100),
        (("text",), one, (out,), 0, 100),
        ((x,), None, (out,), 0, 100),
    ]
    for columns, uniforms, outputs, first, last in wrong:
        with pytest.raises((ValueError, TypeError, BufferError)):
            machine.run(made, columns, uniforms, outputs, first, last, 1)
    with pytest.raises((ValueError, TypeError)):
        machine.run("no program", (x,), one, (out,), 0, 100, 1)
    with pytest.raises(TypeError):
        machine.run(made)
    with pytest.raises(ValueError, match="instruction set"):
        machine.choose("avx1024")


def test_an_extension_of_other_sources_is_not_used(extension, use: Use, tmp_path):
    other = tmp_path / "_machine.abi3.so"
    content = Path(extension).read_bytes()
    assert content.count(library.checksum().encode()) == 1
    other.write_bytes(content.replace(library.checksum().encode(), b"0" * 64))
    assert use(SECANT_NATIVE=str(other)) is None
    assert "native" not in back_ends.__wrapped__()
    x, y = columns_of(1000)
    np.testing.assert_allclose(program().batch([x, y])[0], expected(x, y), rtol=1e-12)


def test_what_is_no_extension_is_not_used(use: Use, tmp_path):
    text = tmp_path / "machine.so"
    text.write_text("no extension")
    for name in (str(text), str(tmp_path / "missing.so"), str(tmp_path / "machine.txt"), "off"):
        assert use(SECANT_NATIVE=name) is None


def test_describe_lists_the_back_end_that_runs(extension, use: Use):
    use(SECANT_NATIVE=extension)
    assert "native" in back_ends.__wrapped__()
    use(SECANT_NATIVE="off")
    assert "native" not in back_ends.__wrapped__()


def test_a_processor_without_wide_vectors_has_the_same_values(extension, use: Use):
    found = use(SECANT_NATIVE=extension)
    x, y = columns_of(1000)
    for name in found.SETS:
        use(SECANT_NATIVE=extension, SECANT_NATIVE_SET=name)
        np.testing.assert_allclose(program().batch([x, y])[0], expected(x, y), rtol=1e-12)
    assert use(SECANT_NATIVE=extension, SECANT_NATIVE_SET="no such set") is None


def test_threads_are_forbidden_by_the_environment(extension, use: Use):
    use(SECANT_NATIVE=extension, SECANT_NATIVE_THREADS="1")
    assert library.threads() == 1
    use(SECANT_NATIVE_THREADS="many")
    assert library.threads() >= 1


REFUSED = """
import resource
import numpy as np
from secantd.language import read
from secantd.program import compile
from secantd.program.native import plan
plan.MANY = 1
own = compile(read("sin(x)*exp(y)").outputs, ["x", "y"])
x = np.random.default_rng(0).uniform(size=400_000)
before = own.batch([x, x])[0]
size = next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]
# One thread takes 8 MB of addresses.
resource.setrlimit(resource.RLIMIT_AS, (int(size) * 1024 + (20 << 20), -1))
print(np.array_equal(own.batch([x, x])[0], before))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
@pytest.mark.skipif("SECANT_TEST_NATIVE" in os.environ, reason="sanitizers need more memory")
def test_threads_that_the_system_refuses_leave_their_blocks_to_the_others(extension):
    environment = {**os.environ, "SECANT_NATIVE": extension, "SECANT_NATIVE_THREADS": "20"}
    done = subprocess.run([sys.executable, "-c", REFUSED], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_a_child_forked_after_use_computes(extension, use: Use, monkeypatch):
    use(SECANT_NATIVE=extension, SECANT_NATIVE_THREADS="2")
    monkeypatch.setattr(plan, "MANY", 1)
    x, y = columns_of(50_000)
    own = program()
    before = own.batch([x, y])[0]
    for _ in range(3):
        child = os.fork()
        if child == 0:
            same = np.array_equal(own.batch([x, y])[0], before) and np.array_equal(own.batch([x, y])[0], before)
            os._exit(0 if same else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert np.array_equal(own.batch([x, y])[0], before)


def test_many_threads_of_python_may_use_one_program(machine):
    own = program()
    x, y = columns_of(30_000)
    wanted = own.batch([x, y])[0]
    wrong = []

    def work() -> None:
        for _ in range(20):
            if not np.array_equal(own.batch([x, y])[0], wanted):
                wrong.append(1)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    assert not wrong


def test_memory_of_a_result_is_used_again_only_if_nothing_refers_to_it(machine):
    own = program()
    x, y = columns_of(200_000)
    first = own.batch([x, y])[0]
    part = first[100:200]
    kept = part.copy()
    address = first.ctypes.data
    del first
    second = own.batch([y, x])[0]
    assert second.ctypes.data != address
    assert np.array_equal(part, kept)
    del part
    third = own.batch([x, y])[0]
    assert third.ctypes.data == address
    np.testing.assert_allclose(third, expected(x, y), rtol=1e-12)
    np.testing.assert_allclose(second, expected(y, x), rtol=1e-12)
    third[0] = 5.0
    assert third.flags.writeable


def test_memory_has_the_size_that_was_asked_for(machine):
    for size in (0, 1, 4096, 5_000_000):
        assert len(memoryview(machine.memory(size))) == size
    with pytest.raises(MemoryError):
        machine.memory(1 << 62)
    with pytest.raises((ValueError, MemoryError, OverflowError)):
        machine.memory(-1)


def test_a_long_computation_is_many_calls_between_which_it_can_be_stopped(machine, monkeypatch):
    monkeypatch.setattr(plan, "AT_ONCE", 1000)
    seen = []
    monkeypatch.setattr(plan, "checkpoint", lambda: seen.append(1))
    x, y = columns_of(1000)
    np.testing.assert_allclose(program().batch([x, y])[0], expected(x, y), rtol=1e-12)
    assert len(seen) > 10


def test_a_formula_of_thousands_of_variables_is_computed(machine):
    names = [f"x{i}" for i in range(3000)]
    f = read(" + ".join(f"sin({n})*{n}" for n in names))
    columns = np.random.default_rng(7).uniform(-1.0, 1.0, (3000, 10))
    (found,) = compile(f.outputs, names).batch(list(columns))
    np.testing.assert_allclose(found, (np.sin(columns) * columns).sum(axis=0), rtol=1e-12)


def test_a_formula_that_needs_too_many_registers_is_computed_by_numpy(machine, monkeypatch):
    monkeypatch.setattr(plan, "MOST_REGISTERS", 3)
    x, y = columns_of(1000)
    np.testing.assert_allclose(program().batch([x, y])[0], expected(x, y), rtol=1e-12)


def test_a_tape_without_variables_has_values(machine):
    g = Graph()
    tape = record([g.number(2.0)], ["x"], {})
    assert np.array_equal(BlockEvaluator(tape)([np.zeros(9)], 9)[0][0], np.full(9, 2.0))
