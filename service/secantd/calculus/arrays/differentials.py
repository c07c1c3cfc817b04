"""The differential of every operation on arrays: the change of its value for a small change of its arguments.

It is linear in the change and made of the same operations. The adjoints are the transposes of these rows.
"""

from collections.abc import Callable, Mapping, Sequence

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus.arrays.common import before, halved_triangle, products_of_others
from secantd.calculus.arrays.elementwise import STEPS, change_of
from secantd.calculus.arrays.gradient import moving_nodes
from secantd.calculus.arrays.scans import differential_of_scan
from secantd.expression import Node, reachable
from secantd.expression.arrays import OF_GIVEN_SHAPE
from secantd.interrupt import paced

__all__ = ["DIFFERENTIALS", "LINEAR", "differential_of"]

# Returns the change of a node, given the node and the changes of its arguments, each of its argument's shape.
Differential = Callable[[Arrays, Node, Sequence[Node]], Node]

# Linear in the first argument: the change of the value is the operation on the change.
LINEAR = frozenset(
    "sum mean column row transpose trace diagonal diagonal_matrix row_sums column_sums cumsum reverse diff slice pad "
    "gather scatter select unselect element unit pick place reshape flatten fill".split()
)


def differential_of(form: Arrays, output: Node, variable: Node, change: Node) -> Node:
    """Return the change of an expression for a change of a variable, in the light form.

    Args:
        form: The constructors of the graph.
        output: The expression.
        variable: A symbol.
        change: The change of the variable, of its shape.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where a rule is missing.
    """
    output = form.light(output)
    nodes = reachable([output])
    moving = moving_nodes(nodes, variable)
    changes: dict[int, Node] = {variable.index: change}
    for node in paced(nodes):
        if node.index not in moving or node is variable:
            continue
        change_of_node = changed(form, node, changes, moving)
        if not is_zero(change_of_node):
            changes[node.index] = change_of_node
    found = changes.get(output.index, form.zero) if output.index in moving else form.zero
    return form.light(form.full(found, output.shape))


def changed(form: Arrays, node: Node, changes: Mapping[int, Node], moving: set[int]) -> Node:
    op, args = node.op, node.args
    if op in STEPS:
        return form.zero
    if op not in LINEAR and op not in DIFFERENTIALS:
        return change_of(form, node, changes, moving)
    whole = [form.full(changes.get(a.index, form.zero), a.shape) for a in args]
    if op in LINEAR:
        payload = node.payload if isinstance(node.payload, tuple) else ()
        return form.apply(op, [whole[0], *args[1:]], payload, node.shape if op in OF_GIVEN_SHAPE else None)
    return DIFFERENTIALS[op](form, node, whole)


# -- the table -------------------------------------------------------------------------------------------------------


def of_matmul(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    a, b = node.args
    return form.add(form.matmul(d[0], b), form.matmul(a, d[1]))


def of_outer(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    u, v = node.args
    return form.add(form.outer(d[0], v), form.outer(u, d[1]))


def of_inverse(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.neg(form.solve(node.args[0], form.matmul(d[0], node)))


def of_solve(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.solve(node.args[0], form.sub(d[1], form.matmul(d[0], node)))


def of_logdet(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.apply("trace", [form.solve(node.args[0], d[0])])


def of_det(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.mul(node, of_logdet(form, node, d))


def of_cholesky(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    # L F(L^-1 dS t(L^-1)), where F is the lower triangle with half of the diagonal.
    right = form.transpose(form.solve(node, form.transpose(d[0])))
    return form.matmul(node, halved_triangle(form, form.solve(node, right)))


def of_row_extreme(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    extreme = form.apply("==", [node.args[0], form.lay("column", node)])
    count = form.row_sums(form.ifelse(extreme, form.one, form.zero))
    return form.div(form.row_sums(form.ifelse(extreme, d[0], form.zero)), count)


def of_cumprod(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    # dy[i] = y[i - 1] dx[i] + x[i] dy[i - 1]
    return form.apply("recurrence", [form.mul(before(form, node, form.one), d[0]), node.args[0]])


def of_recurrence(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    db, da = d
    if len(da.shape) < len(node.shape):
        da = form.lay("column", da)
    change = form.add(db, form.mul(da, before(form, node, form.zero)))
    return form.apply("recurrence", [form.full(change, node.shape), node.args[1]])


def of_softmax(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.mul(node, form.sub(d[0], form.sum(form.mul(node, d[0]))))


def of_logsumexp(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.sum(form.mul(form.apply("softmax", [node.args[0]]), d[0]))


def of_product_of_all(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.sum(form.mul(products_of_others(form, node.args[0]), d[0]))


def of_extreme(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    largest = form.apply("==", [node.args[0], node])
    count = form.sum(form.ifelse(largest, form.one, form.zero))
    return form.div(form.sum(form.ifelse(largest, d[0], form.zero)), count)


def joined(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    return form.apply(node.op, d)


DIFFERENTIALS: Mapping[str, Differential] = {
    "matmul": of_matmul,
    "outer": of_outer,
    "inverse": of_inverse,
    "solve": of_solve,
    "det": of_det,
    "logdet": of_logdet,
    "cholesky": of_cholesky,
    "row_extreme": of_row_extreme,
    "cumprod": of_cumprod,
    "recurrence": of_recurrence,
    "softmax": of_softmax,
    "logsumexp": of_logsumexp,
    "prod": of_product_of_all,
    "max_of": of_extreme,
    "min_of": of_extreme,
    "concatenate": joined,
    "bind_columns": joined,
    "scan": differential_of_scan,
}
