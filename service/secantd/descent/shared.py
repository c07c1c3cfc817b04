"""Objectives that were descended lately: their derivatives and their loops are made once."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock

from secantd.descent.objective import Objective
from secantd.expression import reachable
from secantd.language.function import Function

__all__ = ["shared_objective"]

# How many are kept, and how large they may be: some megabytes in all.
KEPT = 64
LARGEST = 1_000

_kept: OrderedDict[Hashable, Objective] = OrderedDict()
_lock = Lock()


def shared_objective(function: Function, variables: Sequence[str], maximize: bool) -> Objective:
    """Return the objective of `function`: one that is kept, if it computes the same, else a new one.

    Functions over data, and large ones, are kept with the function alone.

    Raises:
        CalculusError: What `Objective` raises.
    """
    own = ("objective", tuple(variables), maximize)
    objective: Objective | None = function.memory.get(own)
    if objective is None:
        objective = function.memory[own] = _alike(function, variables, maximize)
    return objective


def _alike(function: Function, variables: Sequence[str], maximize: bool) -> Objective:
    key: Hashable = None
    if len(function.outputs) == 1 and not function.graph.columns and len(function.graph.nodes) <= LARGEST:
        nodes = reachable(function.outputs)
        position = {node.index: i for i, node in enumerate(nodes)}
        # repr tells -0.0 from 0.0.
        said = tuple((n.op, repr(n.payload), *[position[a.index] for a in n.args]) for n in nodes)
        key = (said, tuple(variables), maximize)
        with _lock:
            found = _kept.get(key)
            if found is not None:
                _kept.move_to_end(key)
                return found
    made = Objective(function, variables, maximize)
    if key is not None:
        with _lock:
            _kept[key] = made
            if len(_kept) > KEPT:
                _kept.popitem(last=False)
    return made
