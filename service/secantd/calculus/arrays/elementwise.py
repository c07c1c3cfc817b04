"""Derivatives of elementwise operations: of arithmetic, and of the rows of the table of functions."""

from collections.abc import Iterator, Mapping
from functools import partial

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus import rules
from secantd.expression import Node, reachable
from secantd.functions import FUNCTIONS
from secantd.interrupt import paced

__all__ = ["STEPS", "change_of", "factors", "slope"]

# Their derivative is 0 wherever it exists.
STEPS = frozenset({"<", "<=", ">", ">=", "==", "!=", "&", "|", "!", "order", "record", "length", "local"})

# A factor of a derivative, and under which condition it is not 0: a test, and the side on which it is chosen.
Factor = tuple[Node, Node | None, bool]


def factors(form: Arrays, node: Node, moving: set[int]) -> Iterator[tuple[int, Factor]]:
    """Return, for each argument that depends on a variable, its position and its factor of the differential.

    A choice stays apart from its factor: what is chosen may be Inf or NaN where the other side is taken.

    Args:
        form: The constructors.
        node: An elementwise operation.
        moving: The indices of the nodes that depend on the variable.
    """
    for i, argument in enumerate(node.args):
        if argument.index in moving:
            yield i, factor(form, node, i)


def factor(form: Arrays, node: Node, i: int) -> Factor:
    op, args = node.op, node.args
    if op == "add":
        return form.one, None, True
    if op == "neg":
        return form.number(-1.0), None, True
    if op == "mul":
        return form.mul(*[a for j, a in enumerate(args) if j != i]), None, True
    if op == "div":
        if i == 0:
            return form.reciprocal(args[1]), None, True
        return form.neg(form.div(node, args[1])), None, True
    if op == "pow":
        base, exponent = args
        if i == 0:
            less = form.add(exponent, form.number(-1.0))
            return form.mul(exponent, form.power(base, less)), None, True
        return form.mul(node, form.apply("log", [base])), None, True
    if op == "ifelse":
        return form.one, args[0], i == 1
    side = rules.chosen_side(op, i)
    slope = rules.partial(form.graph, node, i, partial(made, form))
    if side is None or FUNCTIONS[op].derivatives[i] == "0" or slope.op != "ifelse":
        return slope, None, True
    return form.one, slope.args[0], side


def made(form: Arrays, op: str, args: list[Node]) -> Node:
    return form.apply(op, args)


def change_of(form: Arrays, node: Node, changes: Mapping[int, Node], moving: set[int]) -> Node:
    """Return the change of an elementwise operation for changes of its arguments.

    Args:
        form: The constructors.
        node: The operation.
        changes: The changes of nodes that are not 0, by index.
        moving: The indices of the nodes that depend on the variable.
    """
    terms = []
    for i, (factor_of, test, side) in factors(form, node, moving):
        change = changes.get(node.args[i].index)
        if change is None:
            continue
        term = form.mul(factor_of, change)
        if test is not None:
            term = form.ifelse(test, term, form.zero) if side else form.ifelse(test, form.zero, term)
        terms.append(term)
    return form.add(*terms) if terms else form.zero


def slope(form: Arrays, output: Node, variable: Node) -> Node:
    """Return the derivative of a number with respect to another; elementwise operations lead from one to the other.

    Args:
        form: The constructors.
        output: A number in the light form.
        variable: Any node without arguments.
    """
    changes = {variable.index: form.one}
    moving = {variable.index}
    for node in paced(reachable([output])):
        if node.op in STEPS or not any(a.index in moving for a in node.args):
            continue
        moving.add(node.index)
        change = change_of(form, node, changes, moving)
        if not is_zero(change):
            changes[node.index] = change
    return changes.get(output.index, form.zero)
