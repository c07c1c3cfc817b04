"""Derivatives of elementwise operations: of arithmetic, and of the rows of the table of functions."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus import rules
from secantd.expression import Node, reachable
from secantd.interrupt import paced

__all__ = ["STEPS", "change_of", "factors", "slopes"]

# Their derivative is 0 wherever it exists.
STEPS = frozenset({"<", "<=", ">", ">=", "==", "!=", "&", "|", "!", "order", "record", "length", "local"})


class Factor(NamedTuple):
    """A factor of a derivative.

    Attributes:
        node: The factor.
        test: Where it is not 0; None: everywhere.
        side: The value of the test where it is chosen.
        choice: The choice of pmax or pmin, instead of a test.
    """

    node: Node
    test: Node | None = None
    side: bool = True
    choice: rules.Choice | None = None

    def times(self, form: Arrays, term: Node) -> Node:
        """Return the product with a term, 0 where the factor is not chosen: the term may be Inf or NaN there."""
        product = form.mul(self.node, term)
        if self.choice is not None:
            test, tie, share = self.choice
            return form.ifelse(test, form.mul(form.ifelse(tie, share, form.one), product), form.zero)
        if self.test is None:
            return product
        sides = (product, form.zero) if self.side else (form.zero, product)
        return form.ifelse(self.test, *sides)


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
        return Factor(form.one)
    if op == "neg":
        return Factor(form.number(-1.0))
    if op == "mul":
        return Factor(form.mul(*[a for j, a in enumerate(args) if j != i]))
    if op == "div":
        if i == 0:
            return Factor(form.reciprocal(args[1]))
        return Factor(form.neg(form.div(node, args[1])))
    if op == "pow":
        base, exponent = args
        if i == 0:
            less = form.add(exponent, form.number(-1.0))
            return Factor(form.mul(exponent, form.power(base, less)))
        return Factor(form.mul(node, form.apply("log", [base])))
    if op == "ifelse":
        return Factor(form.one, args[0], i == 1)
    choice = rules.choice(form.graph, node, i, partial(made, form))
    if choice is not None:
        return Factor(form.one, choice=choice)
    return Factor(rules.partial(form.graph, node, i, partial(made, form), exact=form.exact))


def made(form: Arrays, op: str, args: list[Node]) -> Node:
    # Fractions of an exact rule are written as quotients of numbers.
    fractions = form.exact and any(a.op == "div" for a in args)
    return form.apply(op, [form.light(a) for a in args] if fractions else args)


def change_of(form: Arrays, node: Node, changes: Mapping[int, Node], moving: set[int]) -> Node:
    """Return the change of an elementwise operation for changes of its arguments.

    Args:
        form: The constructors.
        node: The operation.
        changes: The changes of nodes that are not 0, by index.
        moving: The indices of the nodes that depend on the variable.
    """
    terms = []
    for i, slope_of in factors(form, node, moving):
        change = changes.get(node.args[i].index)
        if change is not None:
            terms.append(slope_of.times(form, change))
    return form.add(*terms) if terms else form.zero


def slopes(form: Arrays, outputs: Sequence[Node], variable: Node) -> list[Node]:
    """Return the derivatives of numbers with respect to another; elementwise operations lead from one to the others.

    Args:
        form: The constructors.
        outputs: Numbers in the light form.
        variable: Any node without arguments.
    """
    changes = {variable.index: form.one}
    moving = {variable.index}
    for node in paced(reachable(outputs)):
        if node.op in STEPS or not any(a.index in moving for a in node.args):
            continue
        moving.add(node.index)
        change = change_of(form, node, changes, moving)
        if not is_zero(change):
            changes[node.index] = change
    return [changes.get(output.index, form.zero) for output in outputs]
