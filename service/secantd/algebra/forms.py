"""The heavier forms, by SymPy: expanded, factored, simplified."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from secantd.algebra.bridge import Bridge
from secantd.algebra.patience import OutOfTimeError, deadline, need_time
from secantd.expression import Graph, Node

__all__ = ["Form", "limit_at", "reshaped", "within"]

Result = TypeVar("Result")


class Form(Enum):
    """How far an answer is simplified; values are those of `secant.v1.Form`."""

    LIGHT = 1
    EXPANDED = 2
    FACTORED = 3
    SIMPLIFIED = 4


def within(seconds: float, job: Callable[[], Result]) -> Result | None:
    """Return what some algebra gives, or None where its time runs out or SymPy cannot."""
    need_time()
    # In its own time: broken off half-way, the import would leave a SymPy that does nothing right.
    import sympy  # noqa: F401

    try:
        with deadline(seconds):
            return job()
    except OutOfTimeError:
        return None
    except (ArithmeticError, AttributeError, KeyError, NotImplementedError, RecursionError, TypeError, ValueError):
        # What SymPy raises for an expression that one of its algorithms does not cover.
        return None


def reshaped(graph: Graph, node: Node, form: Form, seconds: float) -> Node | None:
    """Return a node in a heavier form, or None where the algebra did not finish in time.

    >>> from secantd.language import read
    >>> f = read("(x + 1)^2")
    >>> from secantd.render import r_text
    >>> r_text(reshaped(f.graph, f.outputs[0], Form.EXPANDED, 10.0))
    'x^2 + 2 * x + 1'
    """

    def job() -> Node:
        bridge = Bridge(graph)
        s = bridge.sympy
        verbs: dict[Form, Callable[[Any], Any]] = {
            Form.EXPANDED: lambda e: s.expand(e),
            Form.FACTORED: lambda e: s.factor(e),
            Form.SIMPLIFIED: lambda e: s.simplify(e),
        }
        return bridge.back(verbs[form](bridge.to(node)))

    return within(seconds, job)


def limit_at(graph: Graph, node: Node, variable: str, at: float, seconds: float) -> float | None:
    """Return the limit of a node as its variable goes to `at` from both sides, None where there is none."""

    def job() -> float | None:
        bridge = Bridge(graph)
        s, x = bridge.sympy, bridge.symbol(variable)
        expression = bridge.to(node)
        sides = [s.limit(expression, x, bridge.number(at), side) for side in "-+"]
        if sides[0] != sides[1] or not sides[0].is_real or not sides[0].is_finite:
            return None
        return float(sides[0])

    return within(seconds, job)
