"""Where a function may have a kink or a jump: the arguments of max, min, abs, comparisons and steps that are equal."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Graph, Node, reachable, symbols
from secantd.language import Function, Slot
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.program.smooth import absolute

__all__ = ["Ties", "tie_of", "ties_of"]

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!=", "pmax", "pmin"})
WHOLE: Final = frozenset({"floor", "ceiling", "trunc", "round"})


class Tie(NamedTuple):
    """A condition under which a function may have a kink or a jump, and the variables that it depends on."""

    node: Node
    variables: frozenset[str]


class Ties(NamedTuple):
    """The ties of an output and the program that evaluates them."""

    ties: tuple[Tie, ...]
    program: Program | None
    inputs: list[str]

    def at(self, point: Mapping[str, float]) -> frozenset[str]:
        """Return the variables along which there may be a kink at a point."""
        if self.program is None:
            return frozenset()
        found = self.program.point([point[name] for name in self.inputs])
        return frozenset().union(*[t.variables for t, v in zip(self.ties, found, strict=True) if v == 1.0])

    def among(self, columns: Mapping[str, NDArray[np.float64]], count: int) -> NDArray[np.bool_]:
        """Return at which points there may be a kink."""
        found = np.zeros(count, bool)
        if self.program is not None:
            given = [columns[n] for n in self.inputs]
            for column in self.program.batch([c if len(c) == count else np.broadcast_to(c, (count,)) for c in given]):
                found |= column == 1.0
        return found


# Keys: output.
TIES: Final[Slot[Ties]] = Slot("ties")


def ties_of(function: Function, output: Node) -> Ties:
    """Return the ties of an output, which are cached with the function."""

    def made() -> Ties:
        with function.lock:
            found = tuple(tie_nodes(function.graph, output))
        inputs = symbols([t.node for t in found])
        program = compile_program([t.node for t in found], inputs, function.graph.columns) if found else None
        return Ties(found, program, inputs)

    return function.memory.get(TIES, output.index, made)


def tie_nodes(graph: Graph, output: Node) -> Iterable[Tie]:
    names: dict[int, frozenset[str]] = {}
    for node in reachable([output]):
        own = frozenset([node.name]) if node.op == "symbol" else frozenset()
        names[node.index] = own.union(*[names[a.index] for a in node.args])
        sides = tie_of(graph, node) if names[node.index] else None
        if sides is not None:
            equal = graph.make("==", *sides)
            yield Tie(graph.make("max_of", equal) if equal.rows > 1 else equal, names[node.index])


def tie_of(graph: Graph, node: Node) -> tuple[Node, Node] | None:
    """Return two expressions that are equal where an operation has a kink or a jump."""
    op, args = node.op, node.args
    inside = absolute(node)
    if inside is not None:
        return inside, graph.number(0.0)
    if op in ("abs", "sign"):
        return args[0], graph.number(0.0)
    if op in COMPARISONS and args[0] is not args[1]:
        return args[0], args[1]
    if op in WHOLE:
        return args[0], graph.make("floor", args[0])
    if op in ("%%", "%/%"):
        quotient = graph.make("div", *args)
        return quotient, graph.make("floor", quotient)
    return None
