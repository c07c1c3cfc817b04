"""f and its derivatives as one graph, for data of any length where that can be had."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.evaluate import derivatives
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, reachable, symbols
from secantd.language import Function

__all__ = ["ROWS", "Derived", "Read", "derive"]

Columns = Mapping[str, NDArray[np.float64]]
# Reads the text again, with other data.
Read = Callable[[Columns], Function]

# The symbol for the number of rows; no name of a text has such a character.
ROWS = "\0rows"
# Lengths of stand-in data: primes that formulas do not have as numbers, two of them apart by 2.
LENGTHS = (101, 103, 107)


@dataclass(frozen=True, slots=True)
class Derived:
    """Nodes to write code for.

    Attributes:
        outputs: f, its partials, the upper triangle of its Hessian; as many as the order asks for.
        variables: The arguments: those differentiated by, then all others.
        columns: The data columns that f uses and that have rows.
        scalars: Those of one row.
        rows: The length of the columns where the code holds for no other; 0: any length.
        literal: Whether numbers of the data stand in the formula.
    """

    outputs: tuple[Node, ...]
    variables: tuple[str, ...]
    columns: tuple[str, ...] = ()
    scalars: tuple[str, ...] = ()
    rows: int = 0
    literal: bool = False


def derive(function: Function, order: int, chosen: tuple[str, ...], again: Read | None = None) -> Derived:
    """Return f and its derivatives by `chosen`.

    Args:
        function: A scalar function.
        order: 0, 1 or 2.
        chosen: By what.
        again: Reads the text with other data; without it code for data holds for their length only.

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
            f"the data columns have {' and '.join(str(n) for n in sorted(lengths))} rows",
            "send columns of one length",
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
    nodes, _ = derivatives(function, order, chosen)
    if any(n.rows > 1 for n in nodes):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression has one value for each row of its data, and code is written for one number",
            "write sum(...) around it",
            field="expression.text",
        )
    return tuple(nodes)


def general(
    function: Function, order: int, chosen: tuple[str, ...], again: Read, rows: int
) -> tuple[tuple[Node, ...], list[str]] | None:
    """Return nodes in which the number of rows is a symbol, and the columns they use; None where there are none.

    The text is read with stand-in data of three lengths n. Whatever then is the same but for numbers that are
    a + bn holds for every n; numbers taken from the data (y[1]) are not, because the stand-ins differ in them.
    """
    readings = []
    for length in LENGTHS:
        chance = np.random.default_rng(length)
        stand_in = {
            name: chance.uniform(0.25, 0.75, length if len(values) == rows else len(values))
            for name, values in function.graph.columns.items()
        }
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
        node = joined(graph, triple, made, [[places[k][a.index] for a in n.args] for k, n in enumerate(triple)])
        if node is None:
            return None
        made.append(node)
        assert len(made) == i + 1
    return tuple(made[i] for i in shapes[0]), [n.name for n in first[1] if n.op == "data"]


def joined(graph: Graph, nodes: Sequence[Node], made: list[Node], places: list[list[int]]) -> Node | None:
    """Return the node that is each of `nodes` at its length, None where there is none."""
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
    """Return a + bn where that has `values` at the three lengths."""
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
