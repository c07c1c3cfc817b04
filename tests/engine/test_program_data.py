"""Programs over data columns: vectors inside, numbers outside."""

import math

import numpy as np
import pytest
from secantd.errors import CalculusError
from secantd.expression import Graph
from secantd.program import Program, compile

X = np.array([0.5, 1.5, 2.5, 4.0])
Y = np.array([1.0, 3.0, 2.0, 7.0])


def least_squares() -> Program:
    """Return sum (y - a - b x)^2 and its partials by a and b."""
    g = Graph()
    x, y = g.data("x", X), g.data("y", Y)
    a, b = g.symbol("a"), g.symbol("b")
    residual = g.make("add", y, g.make("neg", a), g.make("neg", g.make("mul", b, x)))
    two = g.number(-2.0)
    loss = g.make("sum", g.make("pow", residual, g.number(2.0)))
    by_a = g.make("mul", two, g.make("sum", residual))
    by_b = g.make("mul", two, g.make("sum", g.make("mul", residual, x)))
    return compile([loss, by_a, by_b], ["a", "b"], g.columns)


def expected(a: float, b: float) -> list[float]:
    r = Y - a - b * X
    return [float(r @ r), float(-2 * r.sum()), float(-2 * (r @ X))]


def test_a_loss_over_data_is_the_same_from_every_back_end() -> None:
    program = least_squares()
    assert program.point([0.3, 1.2]) == pytest.approx(expected(0.3, 1.2), rel=1e-14)
    program.prepare()
    assert program.point([0.3, 1.2]) == pytest.approx(expected(0.3, 1.2), rel=1e-14)


@pytest.mark.parametrize("points", [1, 3, 1024, 1025, 30_000])
def test_a_batch_evaluates_each_point_with_all_its_data(points: int) -> None:
    a, b = np.linspace(-1, 1, points), np.linspace(3, 0, points)
    got = np.array(least_squares().batch([a, b]))
    assert got.shape == (3, points)
    for k in range(0, points, 499):
        assert got[:, k] == pytest.approx(expected(a[k], b[k]), rel=1e-12)


def test_a_single_value_beside_a_column_is_computed_once_and_right() -> None:
    a = np.linspace(-1, 1, 50)
    got = np.array(least_squares().batch([a, np.array([1.2])]))
    assert got[:, 17] == pytest.approx(expected(a[17], 1.2), rel=1e-12)


def test_data_alone_is_folded_while_compiling() -> None:
    g = Graph()
    x = g.data("x", X)
    mean = g.make("div", g.make("sum", g.make("log", x)), g.number(4.0))
    program = compile([g.make("mul", mean, g.symbol("s"))], ["s"], g.columns)
    assert len(program.tape.code) == 1
    assert program.point([2.0]) == pytest.approx([2.0 * np.log(X).mean()])


@pytest.mark.parametrize(("op", "value"), [("sum", 8.5), ("prod", 7.5), ("max_of", 4.0), ("min_of", 0.5)], ids=str)
def test_reductions_make_numbers_of_columns(op: str, value: float) -> None:
    g = Graph()
    node = g.make(op, g.make("mul", g.symbol("k"), g.data("x", X)))
    program = compile([node], ["k"], g.columns)
    assert program.point([1.0]) == [value]
    assert program.batch([np.ones(7)])[0].tolist() == [value] * 7


def test_columns_of_different_lengths_meet_only_in_reductions() -> None:
    g = Graph()
    s = g.symbol("s")
    long, short = g.data("long", np.arange(100.0)), g.data("short", np.arange(3.0))
    total = g.make("add", g.make("sum", g.make("mul", s, long)), g.make("sum", g.make("pow", short, s)))
    program = compile([total], ["s"], g.columns)
    assert program.point([2.0]) == [9905.0]
    assert program.batch([np.full(6000, 2.0)])[0].tolist() == [9905.0] * 6000


def test_a_reduction_of_one_number_is_that_number() -> None:
    g = Graph()
    program = compile([g.make("sum", g.make("exp", g.symbol("x")))], ["x"])
    assert program.point([1.0]) == [math.e]
    assert program.batch([np.ones(9)])[0].tolist() == pytest.approx([math.e] * 9)


def test_an_output_that_is_a_vector_has_a_row_for_each_point() -> None:
    g = Graph()
    program = compile([g.make("mul", g.symbol("k"), g.data("x", X))], ["k"], g.columns)
    assert program.batch([np.array([1.0, 2.0])])[0].tolist() == [X.tolist(), (2 * X).tolist()]
    with pytest.raises(CalculusError, match="vector of the data's length"):
        program.point([1.0])


def test_no_points_give_no_values() -> None:
    assert [len(v) for v in least_squares().batch([np.empty(0), np.empty(0)])] == [0, 0, 0]
    g = Graph()
    assert [len(v) for v in compile([g.symbol("x"), g.number(1)], ["x"]).batch([np.empty(0)])] == [0, 0]


def test_poles_in_data_are_infinite_and_silent() -> None:
    g = Graph()
    x = g.data("x", np.array([0.0, 1.0]))
    program = compile([g.make("sum", g.make("div", g.symbol("k"), x))], ["k"], g.columns)
    assert program.point([1.0]) == [math.inf]
