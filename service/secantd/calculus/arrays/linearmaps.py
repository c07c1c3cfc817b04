"""The matrix of a linear map, read off a differential: the Jacobian matrix from dy = J %*% dx."""

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus.arrays.indices import ALONG, NoMatrixError, matrix_by_indices
from secantd.expression import Node

__all__ = ["NoMatrixError", "matrix_of"]


def matrix_of(form: Arrays, y: Node, change: Node) -> Node:
    """Return M with y = M %*% change for a vector y, and the vector m with y = sum(m * change) for a scalar.

    Args:
        form: The constructors of the graph.
        y: A scalar or vector that is linear in `change`, in the light form.
        change: A vector, a symbol.

    Raises:
        NoMatrixError: The matrix has no form without arrays of rank 3.
    """
    return Matrices(form, change).of(y)


class Matrices:
    """The matrices of the linear expressions in one change.

    Args:
        form: The constructors.
        change: The change.
    """

    def __init__(self, form: Arrays, change: Node) -> None:
        self.form = form
        self.change = change
        self.known: dict[int, bool] = {change.index: True}
        self.found: dict[int, Node] = {}

    def depends(self, node: Node) -> bool:
        """Return whether a node depends on the change."""
        stack = [node]
        while stack:
            top = stack[-1]
            unknown = [a for a in top.args if a.index not in self.known]
            if top.index in self.known:
                stack.pop()
            elif unknown:
                stack += unknown
            else:
                self.known[top.index] = any(self.known[a.index] for a in top.args)
        return self.known[node.index]

    def of(self, y: Node) -> Node:
        found = self.found.get(y.index)
        if found is None:
            found = self.chain(y)
            if found is None:
                found = matrix_by_indices(self.form, y, self.change, self.depends)
            self.found[y.index] = found
        return found

    def chain(self, y: Node) -> Node | None:
        """Return the matrix by the rules for chains of products, None where there is none."""
        form, op, args = self.form, y.op, y.args
        if y is self.change:
            return form.identity(y.shape[0])
        if not self.depends(y):
            assert is_zero(y)
            return form.fill(form.zero, (*y.shape, *self.change.shape))
        if op == "add":
            return form.add(*[self.term(a, y) for a in args])
        if op == "neg":
            return form.neg(self.of(args[0]))
        if op in ("mul", "div"):
            return self.product(y)
        if op == "matmul" and not self.depends(args[0]) and len(y.shape) == 1:
            return form.matmul(args[0], self.of(args[1]))
        if op == "solve" and len(y.shape) == 1:
            return form.solve(args[0], self.of(args[1]))
        if op in ("sum", "mean") and len(args[0].shape) == 1:
            whole = self.total(args[0])
            return whole if op == "sum" else form.div(whole, form.length(args[0].shape[0]))
        if op in ALONG and len(y.shape) == 1:
            payload = y.payload if isinstance(y.payload, tuple) else ()
            return form.apply(op, [self.of(args[0]), *args[1:]], payload, (*y.shape, *self.change.shape))
        if op == "recurrence" and len(y.shape) == 1 and not self.depends(args[1]):
            return form.apply(op, [self.of(args[0]), args[1]])
        if op == "ifelse":
            test = form.lay("column", args[0]) if args[0].shape else args[0]
            return form.ifelse(test, *[self.term(a, y) if self.depends(a) else form.zero for a in args[1:]])
        if op == "fill" and len(y.shape) == 1:
            return self.term(args[0], y)
        if op == "concatenate":
            return form.transpose(form.apply("bind_columns", [form.transpose(self.of(a)) for a in args]))
        if op == "element" and len(args[0].shape) == 1:
            assert isinstance(y.payload, tuple)
            return form.apply("pick", [self.of(args[0])], (0, *y.payload))
        return None

    def term(self, x: Node, y: Node) -> Node:
        """Return the matrix of a term of y; a scalar is the same in each row."""
        return self.of(x) if x.shape or not y.shape else self.form.outer(self.form.ones(*y.shape), self.of(x))

    def product(self, y: Node) -> Node | None:
        form = self.form
        linear, rest = self.parted(y)
        if len(y.shape) == 0:
            return form.mul(rest, self.of(linear))
        if not linear.shape:
            return form.outer(form.full(rest, y.shape), self.of(linear))
        if linear.shape != y.shape:
            return None
        return form.mul(form.lay("column", rest), self.of(linear))

    def parted(self, y: Node) -> tuple[Node, Node]:
        """Return the factor that depends on the change, and the product of the others."""
        form = self.form
        if y.op == "div":
            return y.args[0], form.reciprocal(y.args[1])
        (linear,) = [a for a in y.args if self.depends(a)]
        return linear, form.mul(form.one, *[a for a in y.args if a is not linear])

    def total(self, x: Node) -> Node:
        """Return the vector m with sum(x) = sum(m * change)."""
        form = self.form
        if x.op == "add":
            count = form.length(x.shape[0])
            return form.add(*[self.total(a) if a.shape else form.mul(count, self.of(a)) for a in x.args])
        if x.op == "neg":
            return form.neg(self.total(x.args[0]))
        if x.op in ("mul", "div"):
            linear, rest = self.parted(x)
            if linear.shape and rest.shape:
                return form.matmul(form.transpose(self.of(linear)), form.full(rest, linear.shape))
        return form.column_sums(self.of(x))
