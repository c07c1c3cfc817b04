"""A cache of recent objectives, so that their derivatives and loops are made once."""

from collections.abc import Hashable, Sequence

from secantd.descent.arrayformula import ArrayFormula
from secantd.descent.entries import Entries
from secantd.descent.objective import Objective
from secantd.descent.scalarobjective import ScalarObjective
from secantd.expression import reachable
from secantd.language.function import Function
from secantd.language.memory import Slot
from secantd.lru import LRUCache

__all__ = ["shared_formula", "shared_objective"]

# The number of cached objectives, and their largest size in nodes: some megabytes in all.
KEPT = 64
LARGEST = 1_000

# Keys: the variables, and whether f is maximized.
OBJECTIVES: Slot[Objective] = Slot("objectives")
# Keys: the shapes of the variables, and the memory for arrays.
FORMULAS: Slot[ArrayFormula] = Slot("functions of arrays with their derivatives")

_kept: LRUCache[Hashable, Objective] = LRUCache(KEPT)


def shared_objective(function: Function, variables: Sequence[str], maximize: bool) -> Objective:
    """Return the objective of `function`: a cached one that computes the same, or a new one.

    Objectives over data, and large ones, are cached with their function only.

    Args:
        function: A scalar function.
        variables: The order of a point.
        maximize: Whether to minimize -f.

    Raises:
        CalculusError: As for `Objective`.
    """
    key = (tuple(variables), maximize)
    return function.memory.get(OBJECTIVES, key, lambda: _alike(function, variables, maximize))


def shared_formula(function: Function, entries: Entries, memory: int) -> ArrayFormula:
    """Return a function of vectors and matrices with its derivatives, a cached one where there is one.

    Args:
        function: A function whose value is a number.
        entries: The variables and their entries.
        memory: Bytes for all arrays that exist at once; 0: no limit.

    Raises:
        CalculusError: As for `ArrayFormula`.
    """
    key = (tuple(entries.shapes.items()), memory)
    return function.memory.get(FORMULAS, key, lambda: ArrayFormula(function, entries, memory))


def _alike(function: Function, variables: Sequence[str], maximize: bool) -> Objective:
    key: Hashable = None
    if len(function.outputs) == 1 and not function.graph.columns and len(function.graph.nodes) <= LARGEST:
        nodes = reachable(function.outputs)
        position = {node.index: i for i, node in enumerate(nodes)}
        # repr distinguishes -0.0 from 0.0.
        content = tuple((n.op, repr(n.payload), *[position[a.index] for a in n.args]) for n in nodes)
        key = (content, tuple(variables), maximize)
        found = _kept.get(key)
        if found is not None:
            return found
    made = ScalarObjective(function, variables, maximize)
    if key is not None:
        _kept.put(key, made)
    return made
