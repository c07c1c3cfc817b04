"""Shapes of values in the graph."""

import pytest
from secantd.expression import (
    ARRAY_OPERATIONS,
    STRETCHED,
    Graph,
    Length,
    graft,
    has_arrays,
    plus,
    shape_text,
    substituted,
)

N, M, K = Length.named("n"), Length.named("m"), Length.named("k")


def test_lengths_are_sums_of_names_and_a_whole_number():
    assert plus(N, M, -1) == plus(-1, M, N)
    assert plus(N, Length((("n", -1),))) == 0
    assert repr(plus(N, N, M, -3)) == "m + 2*n - 3"
    assert substituted(plus(N, N, M, -3), {"n": 2, "m": K}) == plus(K, 1)


def test_an_elementwise_operation_has_the_shape_of_its_arguments():
    g = Graph()
    x, A = g.symbol("x", (N,)), g.symbol("A", (N, K))
    assert g.make("mul", x, g.number(2)).shape == (N,)
    assert g.make("mul", g.array("column", x), A).shape == (N, K)
    assert g.make("add", g.array("column", x), g.array("row", x)).shape == (N, N)
    assert g.make("sum", A).shape == ()
    assert g.symbol("s").shape == ()


@pytest.mark.parametrize("other", [(M,), (N, K)])
def test_shapes_that_do_not_conform_make_no_node(other):
    g = Graph()
    with pytest.raises(ValueError, match=r"shapes|lengths"):
        g.make("add", g.symbol("x", (N,)), g.symbol("y", other))


SHAPES = [
    ("matmul", [(N, K), (K,)], (), (N,)),
    ("matmul", [(N, K), (K, M)], (), (N, M)),
    ("transpose", [(N, K)], (), (K, N)),
    ("outer", [(N,), (M,)], (), (N, M)),
    ("diff", [(N,)], (), (plus(N, -1),)),
    ("slice", [(N,)], (1, 2), (plus(N, -3),)),
    ("pad", [(N, K)], (1, 0), (plus(N, 1), K)),
    ("gather", [(K,), (N,)], (), (N,)),
    ("pick", [(N, K)], (1, 0), (N,)),
    ("pick", [(N, K)], (0, 2), (K,)),
    ("concatenate", [(N,), (), (M,)], (), (plus(N, M, 1),)),
    ("bind_columns", [(N,), (N, K), ()], (), (N, plus(K, 2))),
    ("flatten", [(3, N)], (0,), (Length((("n", 3),)),)),
    ("column", [(N,)], (), (N, STRETCHED)),
]


@pytest.mark.parametrize(("op", "shapes", "payload", "expected"), SHAPES)
def test_an_array_operation_determines_its_shape(op, shapes, payload, expected):
    g = Graph()
    args = [g.symbol(f"x{i}", s) for i, s in enumerate(shapes)]
    assert g.array(op, *args, payload=payload).shape == expected


def test_two_masks_of_one_condition_give_equal_lengths_and_two_conditions_do_not():
    g = Graph()
    x, y = g.symbol("x", (N,)), g.symbol("y", (N,))
    first, second = (g.make(">", v, g.number(0)) for v in (x, y))
    assert g.array("select", x, first).shape == g.array("select", y, first).shape
    assert g.array("select", x, first).shape != g.array("select", x, second).shape


def test_arrays_are_grafted_with_their_shapes_and_whole_numbers():
    g, other = Graph(), Graph()
    node = g.array("fill", g.array("element", g.symbol("x", (N,)), payload=(-1,)), shape=(M, K))
    copied = graft(other, g, node, {})
    assert (copied.op, copied.shape, copied.args[0].payload, copied.args[0].args[0].shape) == (
        "fill",
        (M, K),
        (-1,),
        (N,),
    )


def test_formulas_of_numbers_and_data_columns_need_no_rules_of_arrays():
    import numpy as np

    g = Graph()
    column = g.data("y", np.ones(3))
    assert not has_arrays([column, g.symbol("a"), g.make("sum", g.make("mul", column, g.symbol("a")))])
    assert has_arrays([g.symbol("x", (N,))])
    assert has_arrays([g.data("X", np.ones((3, 2)))])


def test_a_length_is_a_number_of_named_lengths():
    g = Graph()
    assert g.length(3) is g.number(3)
    assert g.length(N) is g.length(Length.named("n"))
    assert [a.op for a in g.length(plus(N, -1)).args] == ["length", "number"]


def test_shapes_are_described_in_words():
    assert shape_text((N, 3)) == "a n x 3 matrix"
    assert shape_text(()) == "a number"
    assert {"matmul", "solve", "fill"} <= set(ARRAY_OPERATIONS)
