"""The numbers of values that depend on data and constants only: groups, breaks and tables are known while a text is read."""

from typing import TYPE_CHECKING, Any, Final

from secantd.expression import Node, reachable
from secantd.interrupt import paced
from secantd.language.context import Context
from secantd.language.folding import FOLD
from secantd.language.values import Factor, Oriented, Span, Value, Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["computed_numbers", "known_numbers"]

# Operations, times rows, that are computed here one by one.
MOST: Final = 2_000_000
MOVED: Final = frozenset({"concatenate", "slice", "gather", "reverse", "order", "cumsum", "column", "row"})


def known_numbers(context: Context, value: Value, what: str) -> "NDArray[np.float64]":
    """Return the numbers of a vector of data and constants, shape (n,).

    Args:
        context: The interpreter.
        value: A vector, a data column, or an operation on these.
        what: The function, for errors.

    Raises:
        CalculusError: SYNTAX_ERROR: they depend on variables, or are not data.
    """
    import numpy as np

    if isinstance(value, Span) and isinstance(value.first, int) and isinstance(value.last, int):
        return np.arange(float(value.first), float(value.last) + 1.0)
    if isinstance(value, Factor | Oriented):
        return known_numbers(context, value.positions if isinstance(value, Factor) else value.node, what)
    if isinstance(value, Vector):
        parts = [known_numbers(context, v, what) for v in value.items]
        return np.concatenate(parts) if parts else np.zeros(0)
    if not isinstance(value, Node):
        raise context.error(f"{what} takes a vector of numbers")
    found = computed_numbers(context, value)
    if found is None:
        raise context.error(f"{what} needs numbers that are known: constants or data", "send the vector as data")
    return found if found.ndim == 1 else found.ravel(order="F")


def computed_numbers(context: Context, node: Node) -> "NDArray[np.float64] | None":
    """Return the value of an expression of data and constants, None for another one."""
    import numpy as np

    known: dict[int, NDArray[np.float64]] = {}
    nodes = reachable([node])
    for n in paced(nodes):
        if n.index in context.constants:
            known[n.index] = np.array([context.constants[n.index]])
        elif n.op == "data" and len(n.shape) == 1:
            known[n.index] = np.asarray(context.graph.columns[n.name], dtype=np.float64)
        elif n.op == "fill" and n.args[0].index in known and all(isinstance(side, int) for side in n.shape):
            known[n.index] = np.full([int(str(side)) for side in n.shape], known[n.args[0].index][0])
        elif n.op in MOVED and all(a.index in known for a in n.args):
            known[n.index] = moved(n, [known[a.index] for a in n.args])
        elif n.op in FOLD and n.rows * len(nodes) <= MOST and all(a.index in known for a in n.args):
            same = n.op == "!=" and n.args[0] is n.args[1]
            columns = np.broadcast_arrays(*[known[a.index] for a in n.args])
            rows = np.stack([c.ravel() for c in columns], axis=1).tolist()
            known[n.index] = np.array([folded(n.op, row, same) for row in rows]).reshape(columns[0].shape)
        else:
            return None
    return known[node.index]


def moved(node: Node, args: "list[NDArray[np.float64]]") -> Any:
    """Return entries of vectors at other places."""
    import numpy as np

    if node.op == "concatenate":
        return np.concatenate(args)
    if node.op == "slice":
        before, after = whole_numbers(node)
        return args[0][before : len(args[0]) - after]
    if node.op == "reverse":
        return args[0][::-1]
    if node.op == "cumsum":
        return np.cumsum(args[0])
    if node.op in ("column", "row"):
        return args[0][:, None] if node.op == "column" else args[0][None, :]
    if node.op == "order":
        return np.argsort(args[0], kind="stable") + 1.0
    return args[0][args[1].astype(int) - 1]


def whole_numbers(node: Node) -> tuple[int, int]:
    """Return how many entries a slice leaves out at the beginning and at the end."""
    payload: Any = node.payload
    return payload[0], payload[1]


def folded(op: str, row: list[float], same: bool) -> float:
    """Return an operation on numbers; `same` asks whether a number is missing (x != x)."""
    if any(v != v for v in (row[:1] if op == "ifelse" else row)):
        return float(same) if op == "!=" else float("nan")
    try:
        return float(FOLD[op](*row))
    except (ArithmeticError, ValueError):
        return float("nan")
