"""What is exceptional at a point: equal largest entries, singular matrices, matrices that are not positive definite."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from secantd.calculus.arrays.points import values_at
from secantd.calculus.ties import tie_of
from secantd.expression import Graph, Node, Shape, reachable
from secantd.expression.shapes import STRETCHED
from secantd.language import Function, Slot
from secantd.program.shaped.factored import Factored

__all__ = ["note_singular", "note_ties", "tie_counts"]

# Keys: output.
TIES: Slot[list[Node]] = Slot("ties of arrays")
EXTREMES = {"max_of": "max()", "min_of": "min()"}
SOLVING = frozenset({"solve", "inverse", "logdet", "det"})


def note_ties(function: Function, output: Node, at: Mapping[str, Any], notices: list[str]) -> None:
    """Add a notice where several entries are the largest or smallest at a point: the derivative is shared by them.

    Args:
        function: The function.
        output: The expression that is differentiated.
        at: The point.
        notices: The notices of the answer.
    """
    nodes = reachable([output])
    found = [n for n in nodes if (n.op in EXTREMES or n.op in ("row_extreme", "record")) and n.args[0].shape]
    if not found:
        return
    graph = function.graph
    with function.lock:
        counts = [ties(graph, n) for n in found]
    for node, count in zip(found, values_at(function, counts, at), strict=True):
        if not count > 0:
            continue
        if node.op == "record":
            text = "equal entries are the largest or smallest so far at this point: the derivative is that of the first"
        else:
            word = EXTREMES.get(node.op) or ("max()" if node.payload == (1,) else "min()")
            text = f"several entries are equal to {word} at this point: they share the derivative equally"
        if text not in notices:
            notices.append(text)


def tie_counts(function: Function, output: Node, at: Mapping[str, Any]) -> list[Any]:
    """Return numbers that are above 0 where arguments of max, min, abs, a comparison or a step are equal at a point.

    Args:
        function: The function.
        output: The expression that is differentiated.
        at: The point.
    """
    graph = function.graph

    def made() -> list[Node]:
        found: list[Node] = []
        moving: set[int] = set()
        for node in reachable([output]):
            if not (node.op == "symbol" or any(a.index in moving for a in node.args)):
                continue
            moving.add(node.index)
            sides = tie_of(graph, node)
            if (node.op in EXTREMES or node.op in ("row_extreme", "record")) and node.args[0].shape:
                found.append(ties(graph, node))
            elif node.op == "order":
                gaps = graph.array("diff", graph.array("gather", node.args[0], node))
                found.append(graph.make("max_of", graph.make("==", gaps, graph.number(0.0))))
            elif sides is not None and not stretched(node.shape):
                equal = graph.make("==", *sides)
                found.append(graph.make("max_of", equal) if equal.shape else equal)
        return found

    with function.lock:
        counts = function.memory.get(TIES, output.index, made)
    return list(values_at(function, counts, at)) if counts else []


def stretched(shape: Shape) -> bool:
    return any(side is STRETCHED for side in shape)


def ties(graph: Graph, node: Node) -> Node:
    """Return a number that is above 0 where an extreme is reached more than once."""
    (x,) = node.args
    one, zero = graph.number(1.0), graph.number(0.0)

    def counted(test: Node) -> Node:
        return graph.make("ifelse", test, one, zero)

    minus_one = graph.number(-1.0)
    if node.op == "record":
        steps = graph.make(">", graph.array("diff", node), zero)
        equal = graph.make("==", x, graph.array("gather", x, node))
        return graph.make(
            "add", graph.make("sum", counted(equal)), graph.make("neg", graph.make("sum", counted(steps))), minus_one
        )
    if node.op == "row_extreme":
        equal = graph.make("==", x, graph.array("column", node))
        most = graph.make("max_of", graph.array("row_sums", counted(equal)))
        return graph.make("add", most, minus_one)
    return graph.make("add", graph.make("sum", counted(graph.make("==", x, node))), minus_one)


def note_singular(function: Function, output: Node, at: Mapping[str, Any], notices: list[str]) -> None:
    """Add a notice where a matrix has no inverse, or no Cholesky factor, at a point; called where a value is NaN.

    Args:
        function: The function.
        output: The expression.
        at: The point.
        notices: The notices of the answer.
    """
    found = [n for n in reachable([output]) if n.op in SOLVING or n.op == "cholesky"]
    if not found:
        return
    for node, matrix in zip(found, values_at(function, [n.args[0] for n in found], at), strict=True):
        if not np.all(np.isfinite(matrix)):
            continue
        text = ""
        if node.op == "cholesky":
            if np.linalg.eigvalsh(matrix)[0] <= 0:
                text = "the matrix of the Cholesky factor is not positive definite at this point"
        elif np.isnan(Factored(np.asarray(matrix)).solve(np.zeros(np.shape(matrix)[0]))).any():
            text = f"the matrix of {node.op if node.op != 'inverse' else 'solve'}() is singular at this point"
        if text and text not in notices:
            notices.append(text)
