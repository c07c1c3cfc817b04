"""Functions of vectors and matrices as functions of their entries at one point, where all lengths are known.

Limits and one-sided derivatives are found by moving single numbers (`calculus.settle`), so each entry becomes a variable: x[1].
"""

from collections.abc import Mapping

import numpy as np

from secantd.calculus.arrays.entryrules import (
    MOST,
    TOO_LONG,
    Expansion,
    Nodes,
    UnsupportedError,
    names_of_entries,
    single,
)
from secantd.calculus.arrays.exceptions import tie_counts
from secantd.calculus.arrays.points import Value, values_at
from secantd.calculus.arrays.unrolled import path_of, within_steps
from secantd.expression import Graph, Node, reachable, scan_of
from secantd.expression.arrays import OF_GIVEN_SHAPE
from secantd.language import Function, Notation

__all__ = ["Entrywise", "UnsupportedError", "entrywise", "names_of_entries"]


class Entrywise:
    """A function of entries.

    Attributes:
        function: The function; its outputs are the entries of the value, row by row.
        at: The value of each entry.
    """

    def __init__(self, function: Function, at: dict[str, float]) -> None:
        self.function = function
        self.at = at


def entrywise(function: Function, output: Node, at: Mapping[str, Value]) -> Entrywise:
    """Return an output as a function of entries at a point.

    Args:
        function: The function that owns the output.
        output: The output.
        at: A number, a vector or a matrix for each variable.

    Raises:
        UnsupportedError: It is too long, or has operations without such a form.
    """
    nodes = reachable([output])
    symmetric = function.graph.symmetric
    tied = next((n.name for n in nodes if n.op == "symbol" and n.name in symmetric), None)
    if tied is not None:
        raise UnsupportedError(f"'{tied}' is symmetric, so that no entry of it changes alone")
    if sum(int(np.size(v)) for v in at.values()) > MOST:
        raise UnsupportedError(f"the variables have more than {MOST} entries")
    # Lengths, positions and shapes are numbers that no small change of an entry changes.
    fixed = [n for n in nodes if n.op == "length" or n.op in OF_GIVEN_SHAPE]
    fixed += [n.args[1] for n in nodes if n.op in ("gather", "scatter", "select", "unselect")]
    sorted_ = [n.args[0] for n in nodes if n.op in ("order", "record")]
    masks = [n.args[1] for n in nodes if n.op in ("select", "unselect")]
    if any(bool(np.any(np.asarray(c) > 0)) for m in masks for c in tie_counts(function, m, at)):
        raise UnsupportedError("a mask changes at this point, and with it a length")
    local = within_steps(nodes)
    try:
        if any(len(np.unique(v)) < np.size(v) for v in values_at(function, sorted_, at) if sorted_):
            raise UnsupportedError(
                "entries that are sorted, or compared with those before, are equal: all may change places"
            )
        known = dict(zip([n.index for n in fixed], values_at(function, fixed, at), strict=True)) if fixed else {}
        graph = Graph()
        made: dict[int, Nodes] = {}
        count = 0
        expansion = Expansion(graph, function.graph, at, known)
        for node in nodes:
            if node.index in local:
                made[node.index] = single(graph.number(0.0))
                continue
            args = [made[a.index] for a in node.args]
            if node.op == "scan":
                length = np.shape(known[node.index])[0]
                count += length * len(reachable(scan_of(node).steps))
                if count > MOST:
                    raise UnsupportedError(TOO_LONG)
                value = path_of(graph, node, args, made, length)
            else:
                value = expansion.of(node, args)
            made[node.index] = value
            count += value.size
            if count > MOST:
                raise UnsupportedError(TOO_LONG)
    except ValueError:
        raise UnsupportedError("the lengths do not conform entry by entry") from None
    outputs = tuple(made[output.index].ravel().tolist())
    point = {
        name: float(entry)
        for variable, value in at.items()
        for name, entry in zip(names_of_entries(variable, np.shape(value)), np.ravel(value).tolist(), strict=True)
    }
    used = frozenset(n.name for n in reachable(outputs) if n.op == "symbol")
    return Entrywise(Function(graph, outputs, len(outputs) > 1, tuple(point), Notation.R, used=used), point)
