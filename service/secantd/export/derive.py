"""f and its derivatives as one graph, if possible for data of any length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.numbers import partials
from secantd.calculus.point import require_no_rows, scalar
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, VariableShape, reachable, symbols
from secantd.language import Function
from secantd.shown import series

__all__ = ["ROWS", "Derived", "Read", "derive"]

Columns = Mapping[str, NDArray[np.float64]]


class Read(Protocol):
    """Reads the text again, with other data, and with shapes of further names."""

    def __call__(self, data: Columns, shapes: Mapping[str, VariableShape] = ..., /) -> Function: ...


# The symbol for the number of rows; no name of a text has such a character.
ROWS = "\0rows"
# Lengths of stand-in data: primes that hardly occur in formulas.
LENGTHS = (101, 103, 107)


@dataclass(frozen=True, slots=True)
class Derived:
    """The nodes from which code is written.

    Attributes:
        outputs: f, its partials, the upper triangle of its Hessian, up to the requested order.
        variables: The arguments: first those of the derivatives, then all others.
        columns: The data columns of more than one row that f uses.
        scalars: The data columns of one row.
        rows: The only length of columns for which the code is valid; 0: any length.
        literal: Whether the formula contains numbers taken from the data.
    """

    outputs: tuple[Node, ...]
    variables: tuple[str, ...]
    columns: tuple[str, ...] = ()
    scalars: tuple[str, ...] = ()
    rows: int = 0
    literal: bool = False


def derive(function: Function, order: int, chosen: tuple[str, ...], again: Read | None = None) -> Derived:
    """Return f and its derivatives with respect to `chosen`.

    Args:
        function: A scalar function.
        order: 0, 1 or 2.
        chosen: The variables of the derivatives.
        again: Reads the text with other data; without it the code is valid for the length of these data only.

    Raises:
        CalculusError: INVALID_VALUE: f is a vector; NOT_DIFFERENTIABLE.
    """
    with function.lock:
        outputs = computed(function, order, chosen)
    variables = tuple(dict.fromkeys([*chosen, *function.variables, *symbols(outputs)]))
    used = [n for n in reachable(outputs) if n.op == "data"]
    if not used:
        return Derived(outputs, variables)
    lengths = {n.rows for n in used}
    if len(lengths - {1}) > 1:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the data columns have {series(sorted(lengths))} rows",
            "give all columns the same length",
            field="expression.data",
        )
    found = general(function, order, chosen, again, max(lengths)) if again is not None else None
    if found is not None:
        nodes, names = found
        single = tuple(n for n in names if len(function.graph.columns[n]) < max(lengths))
        return Derived(nodes, variables, tuple(n for n in names if n not in single), single)
    rows = max(lengths)
    names = [n.name for n in used]
    single = tuple(n for n in names if len(function.graph.columns[n]) == 1)
    columns = tuple(n for n in names if n not in single)
    return Derived(outputs, variables, columns, single, rows if columns else 0, literal=True)


def computed(function: Function, order: int, chosen: tuple[str, ...]) -> tuple[Node, ...]:
    require_no_rows([scalar(function)])
    return partials(function, order, chosen)


def general(
    function: Function, order: int, chosen: tuple[str, ...], again: Read, rows: int
) -> tuple[tuple[Node, ...], list[str]] | None:
    """Return nodes with the number of rows as a symbol, and their columns; None if the text does not allow it.

    The text is read with stand-in data of three lengths n. If the three graphs differ in nothing but numbers of the form
    a + bn, the formula holds for every n. Numbers taken from the data (y[1]) do not have that form, as the stand-in values
    differ.
    """
    readings = []
    for length in LENGTHS:
        chance = np.random.default_rng(length)
        stand_in = {
            name: chance.uniform(0.25, 0.75, length if len(values) == rows else len(values))
            for name, values in function.graph.columns.items()
        }
        for name, values in function.graph.columns.items():
            # Derivatives have a condition where data are infinite.
            infinite = values[np.isinf(values)]
            if len(infinite) and len(stand_in[name]) == length:
                stand_in[name][length // 2] = infinite[0]
        try:
            other = again(stand_in)
            outputs = computed(other, order, chosen)
        except CalculusError:
            return None
        readings.append((outputs, reachable(outputs)))
    first, *others = readings
    if any(len(nodes) != len(first[1]) for _, nodes in others):
        return None
    places = [{n.index: i for i, n in enumerate(nodes)} for _, nodes in readings]
    shapes = [[places[k][o.index] for o in outputs] for k, (outputs, _) in enumerate(readings)]
    if any(s != shapes[0] for s in shapes):
        return None
    graph = Graph(function.graph.limit)
    made: list[Node] = []
    for i, triple in enumerate(zip(*[nodes for _, nodes in readings], strict=True)):
        node = common_node(graph, triple, made, [[places[k][a.index] for a in n.args] for k, n in enumerate(triple)])
        if node is None:
            return None
        made.append(node)
        assert len(made) == i + 1
    return tuple(made[i] for i in shapes[0]), [n.name for n in first[1] if n.op == "data"]


def common_node(graph: Graph, nodes: Sequence[Node], made: list[Node], places: list[list[int]]) -> Node | None:
    """Return the node that equals each of `nodes` at its length, None if there is none."""
    first = nodes[0]
    if any(n.op != first.op or p != places[0] for n, p in zip(nodes, places, strict=True)):
        return None
    if first.op == "number":
        return counted(graph, [n.value for n in nodes])
    if any(n.payload != first.payload for n in nodes):
        return None
    if first.op == "symbol":
        return graph.symbol(first.name)
    if first.op == "data":
        return graph.data(first.name, np.zeros(first.rows))
    return graph.make(first.op, *[made[i] for i in places[0]])


def counted(graph: Graph, values: Sequence[float]) -> Node | None:
    """Return a + bn with the given values at the three lengths, None if there are no such whole numbers a and b."""
    if all(np.array(v).tobytes() == np.array(values[0]).tobytes() for v in values) or all(v != v for v in values):
        return graph.number(values[0])
    slope = (values[1] - values[0]) / (LENGTHS[1] - LENGTHS[0])
    offset = values[0] - slope * LENGTHS[0]
    whole = slope == round(slope) and offset == round(offset) if np.isfinite(slope + offset) else False
    if not whole or values[2] != offset + slope * LENGTHS[2]:
        return None
    node = graph.symbol(ROWS)
    if slope != 1.0:
        node = graph.make("mul", graph.number(slope), node)
    return graph.make("add", node, graph.number(offset)) if offset else node
