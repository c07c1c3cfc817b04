"""Operations whose elements are elements of their arguments: no memory is needed for their values."""

from collections.abc import Mapping

from secantd.export.arrays.loopwriter import LoopWriter, View
from secantd.export.arrays.vectors import whole_numbers
from secantd.expression import Node

__all__ = ["VIEWS"]


def padded(w: LoopWriter, node: Node, i: str, j: str) -> str:
    head, _ = whole_numbers(node)
    (x,) = node.args
    rows = w.side(x.shape[0])
    index = w.shifted(i, -head)
    # Whole numbers of C have no sign, so that nothing is subtracted in the comparison.
    least, most = head + w.BASE, f"{rows} + {head}" if head else rows
    below = f"{i} < {most}" if w.BASE == 0 else f"{i} <= {most}"
    inside = f"{i} >= {least} {w.AND} {below}" if head else below
    return w.choice(inside, w.at(x, index, j), w.language.number(0.0))


def reverse(w: LoopWriter, node: Node, i: str, j: str) -> str:
    rows = w.side(node.shape[0])
    i = i if i.isidentifier() else f"({i})"
    return w.at(node.args[0], f"{rows} - 1 - {i}" if w.BASE == 0 else f"{rows} + 1 - {i}", j)


def pick(w: LoopWriter, node: Node, i: str, j: str) -> str:
    axis, number = whole_numbers(node)
    (x,) = node.args
    place = w.place(number, x.shape[axis])
    return w.at(x, place, i) if axis == 0 else w.at(x, i, place)


def element(w: LoopWriter, node: Node, i: str, j: str) -> str:
    (x,) = node.args
    places = [w.place(number, d) for number, d in zip(whole_numbers(node), x.shape, strict=True)]
    return w.at(x, *places)


def unit(w: LoopWriter, node: Node, i: str, j: str) -> str:
    tests = [
        f"{index} == {w.place(number, d)}"
        for index, number, d in zip((i, j), whole_numbers(node), node.shape, strict=False)
    ]
    return w.choice(f" {w.AND} ".join(tests), w.at(node.args[0]), w.language.number(0.0))


def place(w: LoopWriter, node: Node, i: str, j: str) -> str:
    axis, number = whole_numbers(node)
    index, other = (i, j) if axis == 0 else (j, i)
    test = f"{index} == {w.place(number, node.shape[axis])}"
    return w.choice(test, w.at(node.args[0], other), w.language.number(0.0))


def reshape(w: LoopWriter, node: Node, i: str, j: str) -> str:
    (x,) = node.args
    down = whole_numbers(node) != (1,)
    if len(node.shape) == 1:
        number = w.zero(i)
    elif down:
        number = f"({w.zero(i)} + {w.zero(j)} * {w.side(node.shape[0])})"
    else:
        number = f"({w.zero(i)} * {w.side(node.shape[1])} + {w.zero(j)})"
    if len(x.shape) == 1:
        return w.at(x, w.based(number))
    inner = w.side(x.shape[0] if down else x.shape[1])
    rest, whole = w.based(f"{number} {w.mod} {inner}"), w.based(w.divided(number, inner))
    return w.at(x, rest, whole) if down else w.at(x, whole, rest)


VIEWS: Mapping[str, View] = {
    "column": lambda w, node, i, j: w.at(node.args[0], i),
    "row": lambda w, node, i, j: w.at(node.args[0], j),
    "transpose": lambda w, node, i, j: w.at(node.args[0], j, i),
    "diagonal": lambda w, node, i, j: w.at(node.args[0], i, i),
    "diagonal_matrix": lambda w, node, i, j: w.choice(f"{i} == {j}", w.at(node.args[0], i), w.language.number(0.0)),
    "outer": lambda w, node, i, j: f"({w.at(node.args[0], i)} * {w.at(node.args[1], j)})",
    "reverse": reverse,
    "slice": lambda w, node, i, j: w.at(node.args[0], w.shifted(i, whole_numbers(node)[0]), j),
    "pad": padded,
    "element": element,
    "unit": unit,
    "pick": pick,
    "place": place,
    "reshape": reshape,
    "flatten": reshape,
    "fill": lambda w, node, i, j: w.at(node.args[0]),
    "identity": lambda w, node, i, j: w.choice(f"{i} == {j}", w.language.number(1.0), w.language.number(0.0)),
}  # fmt: skip
