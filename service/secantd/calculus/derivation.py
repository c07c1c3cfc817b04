"""One step of a derivation."""

from collections.abc import Container
from dataclasses import dataclass

from secantd.calculus.results import Formula
from secantd.expression import Node, reachable

__all__ = ["Derivation", "Part", "depths_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a rule: u, v, the inner or the outer function."""

    name: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Derivation:
    """A differentiated expression, the rule, and the result; `depth` is 0 for the whole expression."""

    rule: str
    expression: Formula
    result: Formula
    parts: tuple[Part, ...]
    text: str
    depth: int


def depths_of(whole: Node, skipped: Container[int] = ()) -> dict[int, int]:
    """Return the depth of each node by its index: the fewest steps on a path from the whole expression to it.

    Args:
        whole: The expression.
        skipped: The indices of nodes that are no steps.
    """
    depths = {whole.index: 0}
    for node in reversed(reachable([whole])):
        below = depths[node.index] + (node.index not in skipped)
        for argument in node.args:
            depths[argument.index] = min(depths.get(argument.index, below), below)
    return depths
