"""Forms that lose their value as written, and the forms that keep it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Graph, Node, reachable
from secantd.program import stable

__all__ = ["diagonal_of_product", "shares_of", "trace_of_product", "with_cofactors"]

Array = NDArray[np.float64]

# Operations that are linear in their first argument, in all arguments, and in one argument at a time.
LINEAR_IN_FIRST = frozenset(
    "transpose trace sum mean row_sums column_sums diagonal diagonal_matrix column row neg cumsum recurrence reverse diff slice pad "
    "gather scatter select unselect element unit pick place reshape flatten fill div".split()
)
LINEAR_IN_ALL = frozenset({"add", "concatenate", "bind_columns"})
LINEAR_IN_EACH = frozenset({"mul", "matmul", "outer"})
# The longest chain of linear operations that is followed.
CHAIN = 40


def trace_of_product(a: Array, b: Array) -> float:
    return float(np.einsum("ij,ji->", a, b))


def diagonal_of_product(a: Array, b: Array) -> Array:
    found: Array = np.einsum("ij,ji->i", a, b)
    return found


def shares_of(node: Node) -> stable.Logistic | None:
    """Return the parts of a quotient, or of a product with quotients, that contains exp(u)/sum(exp(u)) for an array u."""
    if node.op not in ("div", "mul"):
        return None
    above, below = stable.split(node)
    found: list[Node] = []
    rest: list[Node] = []
    for b in below:
        total = b.args[0] if b.op == "sum" else None
        if total is not None and total.op == "exp" and total.shape and total in above:
            above.remove(total)
            found.append(total.args[0])
        else:
            rest.append(b)
    return stable.Logistic(tuple(found), tuple(above), tuple(rest)) if found else None


def with_cofactors(graph: Graph, outputs: Sequence[Node]) -> list[Node]:
    """Return the outputs with det(A) A⁻¹ as one operation, "adjugate", which has a value where A is singular.

    The derivative of det(A) is det(A) t(A⁻¹): with A⁻¹ alone it would be NaN at a singular matrix, where it is the matrix
    of cofactors. The inverse may stand below linear operations, as in det(A) * sum(t(solve(A)) * B), and within solve.
    """
    nodes = reachable(outputs)
    ops = {n.op for n in nodes}
    if "det" not in ops or not ops & {"inverse", "solve"}:
        return list(outputs)
    changed: dict[int, Node] = {}
    for node in nodes:
        args = tuple([changed.get(a.index, a) for a in node.args])
        new = node if all(a is b for a, b in zip(args, node.args, strict=True)) else graph.again(node, args)
        while new.op == "mul":
            shorter = merged(graph, new)
            if shorter is None:
                break
            new = shorter
        if new is not node:
            changed[node.index] = new
    return [changed.get(o.index, o) for o in outputs]


def merged(graph: Graph, node: Node) -> Node | None:
    """Return a product in which one det(A) is part of the factor that contains A⁻¹; None where there is no such pair."""
    for i, factor in enumerate(node.args):
        base, exponent = factor.args if factor.op == "pow" else (factor, None)
        if base.op != "det":
            continue
        power = 1.0 if exponent is None else exponent.value if exponent.op == "number" else 0.0
        if power < 1.0:
            continue
        matrix = base.args[0]
        for j, other in enumerate(node.args):
            found = None if i == j else Multiplied(graph, matrix).by_det(other, CHAIN)
            if found is not None:
                left = (
                    []
                    if power == 1.0
                    else [base if power == 2.0 else graph.make("pow", base, graph.number(power - 1.0))]
                )
                factors = [f for k, a in enumerate(node.args) for f in (left if k == i else [found if k == j else a])]
                return graph.make("mul", *factors) if len(factors) > 1 else factors[0]
    return None


class Multiplied:
    """Expressions that are linear in A⁻¹, multiplied by det(A)."""

    def __init__(self, graph: Graph, matrix: Node) -> None:
        self.graph = graph
        self.matrix = matrix
        self.flipped = matrix.args[0] if matrix.op == "transpose" else None
        self.found: dict[int, Node | None] = {}

    def by_det(self, node: Node, depth: int) -> Node | None:
        """Return the product, None where the expression is not linear in A⁻¹."""
        if node.index not in self.found:
            self.found[node.index] = self._by_det(node, depth) if depth else None
        return self.found[node.index]

    def _by_det(self, node: Node, depth: int) -> Node | None:
        op, args = node.op, node.args
        if op in ("inverse", "solve") and self._same(args[0]):
            adjugate = self.graph.make("adjugate", args[0])
            return adjugate if op == "inverse" else self.graph.array("matmul", adjugate, args[1])
        if op in LINEAR_IN_ALL:
            parts = [self.by_det(a, depth - 1) for a in args]
            if any(p is None for p in parts):
                return None
            return self.graph.again(node, tuple([p for p in parts if p is not None]))
        candidates: Sequence[int] = ()
        if op in LINEAR_IN_FIRST:
            candidates = (0,)
        elif op in LINEAR_IN_EACH:
            candidates = range(len(args))
        elif op == "solve":
            candidates = (1,)
        for k in candidates:
            part = self.by_det(args[k], depth - 1)
            if part is not None:
                return self.graph.again(node, (*args[:k], part, *args[k + 1 :]))
        return None

    def _same(self, matrix: Node) -> bool:
        """Whether a matrix is A or its transpose, which has the same determinant."""
        return (
            matrix is self.matrix
            or matrix is self.flipped
            or (matrix.op == "transpose" and matrix.args[0] is self.matrix)
        )
