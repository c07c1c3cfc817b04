"""The difference of two formulas at a point, by intervals of many digits."""

from collections.abc import Mapping, Sequence

from secantd.expression import Graph, Node
from secantd.program.recomputed import sign_at
from secantd.program.tape import record

__all__ = ["difference_at"]


def difference_at(
    graph: Graph, one: Node, other: Node, order: Sequence[str], at: Mapping[str, float]
) -> tuple[bool, float]:
    """Return whether two formulas certainly differ, and a bound of their difference; numbers in them are doubles.

    In doubles cosh(20)^2 - sinh(20)^2 is 0, and with 130 digits (1e-900 + y)^2 - y^2.

    Args:
        graph: The graph of the formulas, which grows.
        one: A formula.
        other: Another one.
        order: The names of its variables.
        at: Their values.

    >>> from secantd.language import read
    >>> f = read("c(cosh(x)^2 - sinh(x)^2, 1, 2)")
    >>> difference_at(f.graph, f.outputs[0], f.outputs[1], ["x"], {"x": 20.0})[1] < 1e-300
    True
    >>> difference_at(f.graph, f.outputs[0], f.outputs[2], ["x"], {"x": 20.0})
    (True, 1.0)
    """
    difference = graph.make("add", one, graph.make("neg", other))
    sign, size = sign_at(record([difference], order, graph.columns), [at[name] for name in order])
    return bool(sign), size
