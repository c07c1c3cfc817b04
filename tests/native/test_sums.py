"""Sums of outputs by the machine: the bits do not depend on threads or instruction sets, and every sum is that of fsum."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from secantd.language import read
from secantd.program import Adder, compile
from secantd.program.native import plan, sums
from secantd.program.native.library import Machine
from secantd.rows import BLOCK, RowFormula, reduce_in_order
from secantd.rows import sums as sum_over

Use = Callable[..., Machine | None]
RNG = np.random.default_rng(7)
# Operations that all instruction sets round alike.
TEXT = "(y - a - b*x)^2/(1 + x^2) + sqrt(abs(x))"
AT = {"a": 0.3, "b": -1.1}


def columns_of(rows):
    return {"x": RNG.normal(size=rows), "y": RNG.normal(size=rows) * 10.0 ** RNG.integers(-9, 9, size=rows)}


@pytest.mark.parametrize("rows", [2, 127, 128, 129, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 77])
def test_bits_do_not_depend_on_threads_or_instruction_sets(extension, use: Use, monkeypatch, rows):
    columns = columns_of(rows)
    monkeypatch.setattr(sums, "MANY", 1)
    found = set()
    machine = use(SECANT_NATIVE=extension)
    assert machine is not None
    for name in machine.SETS:
        for threads in ("1", "2", "7"):
            use(SECANT_NATIVE=extension, SECANT_NATIVE_THREADS=threads, SECANT_NATIVE_SET=name)
            total = sum_over(RowFormula(TEXT, ("x", "y"), order=2), columns, AT)
            assert (total.rows, total.failed) == (rows, 0)
            found.add(total.pairs.tobytes())
    assert len(found) == 1


def test_each_sum_is_fsum_of_the_values(machine: Machine):
    rows = 2 * BLOCK + 11
    columns = columns_of(rows)
    program = compile(read(TEXT).outputs, ["a", "b", "x", "y"])
    given = [np.array([AT["a"]]), np.array([AT["b"]]), columns["x"], columns["y"]]
    added = Adder(program)(given, rows, BLOCK)
    assert added is not None
    assert not added.doubtful.any()
    (values,) = program.batch(given)
    for k, (pair,) in enumerate(added.pairs):
        exact = math.fsum(values[k * BLOCK : (k + 1) * BLOCK])
        assert pair[0] == exact
        assert abs(pair[1]) <= math.ulp(exact) / 2


def test_sums_with_and_without_the_machine_agree(extension, use: Use):
    columns = columns_of(BLOCK + 300)
    found = []
    for chosen in (extension, "off"):
        use(SECANT_NATIVE=chosen)
        found.append(sum_over(RowFormula(f"a*{TEXT} + b*exp(-x^2)", ("x", "y"), order=2), columns, AT))
    assert found[0].pairs[:, 0] == pytest.approx(found[1].pairs[:, 0], rel=1e-14)


def test_outputs_that_are_equal_or_the_same_at_all_points_have_their_sums(machine: Machine):
    columns = {"x": np.arange(1000.0)}
    total = sum_over(RowFormula("a^2/2 + b*x + c*x", ("x",), order=2), columns, {"a": 3.0, "b": 1.0, "c": 2.0})
    assert total.gradient.tolist() == [3000.0, 499500.0, 499500.0]
    assert total.hessian.tolist() == [[1000.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_derivative_that_is_infinite_in_all_rows_fails_in_all_rows(machine: Machine):
    total = sum_over(RowFormula("x + sqrt(s)", ("x",), order=1), {"x": np.arange(100.0)}, {"s": 0.0})
    assert (total.value, total.gradient.tolist(), total.failed) == (4950.0, [math.inf], 100)


def test_a_block_with_a_doubtful_value_is_computed_as_evaluate_does(machine: Machine):
    x = np.ones(3 * BLOCK)
    x[BLOCK + 5], x[2 * BLOCK + 1] = 0.0, 800.0
    total = sum_over(RowFormula("sin(x)/x + log(1 + exp(x))*0", ("x",)), {"x": x})
    assert total.failed == 0
    assert total.value == pytest.approx((3 * BLOCK - 2) * math.sin(1.0) + 1.0 + math.sin(800.0) / 800.0, rel=1e-13)
    bad = np.ones(3 * BLOCK)
    bad[[7, 2 * BLOCK + 9]] = [math.nan, -1.0]
    total = sum_over(RowFormula("sqrt(x)", ("x",)), {"x": bad})
    assert (total.missing, total.failed, total.places) == (1, 1, (7, 2 * BLOCK + 9))
    assert sum_over(RowFormula("sqrt(x)", ("x",)), {"x": bad[:BLOCK]}, skip_missing=True).value == BLOCK - 1


def test_long_calls_are_divided_without_a_change_of_bits(machine: Machine, monkeypatch):
    columns = columns_of(4 * BLOCK + 5)
    formula = RowFormula(TEXT, ("x", "y"), order=1)
    whole = sum_over(formula, columns, AT)
    monkeypatch.setattr(sums, "AT_ONCE", 1)
    assert sum_over(formula, columns, AT).pairs.tobytes() == whole.pairs.tobytes()
    parts = [{n: c[k : k + 2 * BLOCK] for n, c in columns.items()} for k in range(0, 4 * BLOCK + 5, 2 * BLOCK)]
    found = reduce_in_order(sum_over(formula, part, AT) for part in parts)
    assert found.pairs.tobytes() == whole.pairs.tobytes()


def test_wrong_arguments_are_refused(machine: Machine):
    code = plan.NativePlan(machine, compile(read("x^2").outputs, ["x"]).tape, [False])._whole
    assert code is not None
    program, column, one = code[0], np.ones(10), np.zeros(0)
    pairs, happened = np.zeros(8), np.zeros(4, np.uint8)
    machine.add_up(program, (column,), one, 10, 3, pairs, happened, 1, 0.0)
    assert pairs.tolist() == [3.0, 0.0, 3.0, 0.0, 3.0, 0.0, 1.0, 0.0]
    for wrong in (
        ((), one, 10, 3, pairs, happened),
        ((column,), one, 11, 3, pairs, happened),
        ((column,), one, 10, 0, pairs, happened),
        ((column,), one, -1, 3, pairs, happened),
        ((column,), one, 10, 2, pairs, happened),
        ((column,), one, 10, 3, pairs[:7], happened),
        ((column,), one, 10, 3, pairs, happened[:3]),
    ):
        with pytest.raises(ValueError, match=r"bytes|tuple|points|parts"):
            machine.add_up(program, *wrong, 1, 0.0)
    with pytest.raises((BufferError, ValueError)):
        machine.add_up(program, (column,), one, 10, 3, pairs, bytes(4), 1, 0.0)
    with pytest.raises(TypeError, match="9 arguments"):
        machine.add_up(program)
