"""Numbers of the light form: which calls of them are constants, and which have an exact value."""

from typing import Final

from secantd.expression import Node

__all__ = ["exponent_of", "is_constant", "is_exact"]


def is_constant(node: Node) -> bool:
    """Return whether a node is a call of numbers, such as log(10), or pi."""
    return node.op == "pi" or (bool(node.args) and all(a.op == "number" for a in node.args))


def exponent_of(node: Node) -> float | Node:
    """Return an exponent: a number, also for an exact half, which makes a square root, or an expression."""
    if node.op == "number":
        return node.value
    inner = node.args[0] if node.op == "neg" else node
    if inner.op == "div" and inner.args[0].payload == 1.0 and inner.args[1].payload == 2.0:
        return -0.5 if inner is not node else 0.5
    return node


# Functions whose value is a whole number only where it is exactly so, for whole arguments.
ALGEBRAIC: Final = frozenset(
    "pow sqrt abs sign floor ceiling trunc round pmax pmin gamma factorial choose beta".split()
)


def is_exact(op: str, args: list[Node], value: float) -> bool:
    """Return whether the value of a call of numbers has no rounding error: log(1) and sqrt(4) have none."""
    if op in ("abs", "sign", "floor", "ceiling", "trunc", "pmax", "pmin"):
        return True
    whole = value.is_integer() and abs(value) < 2.0**53 and all(a.value.is_integer() for a in args)
    return whole and (op in ALGEBRAIC or all(abs(a.value) <= 1.0 for a in args))
