"""The terms of a derivative by the rules for sums, products and quotients."""

from collections.abc import Sequence

from secantd.algebra import Light
from secantd.calculus import derivative
from secantd.expression import Graph, Node, algebra, symbols

__all__ = ["terms_of_rule", "terms_of_sum"]


def terms_of_sum(graph: Graph, node: Node) -> list[Node]:
    """Return the terms of a sum of sums, with their signs.

    Args:
        graph: The graph of the expression.
        node: The expression; what is no sum is one term.
    """
    found: list[Node] = []
    waiting = [(node, False)]
    while waiting:
        each, negative = waiting.pop()
        if each.op == "add":
            waiting += [(a, negative) for a in each.args[::-1]]
        elif each.op == "neg":
            waiting.append((each.args[0], not negative))
        else:
            found.append(graph.make("neg", each) if negative else each)
    return found


def terms_of_rule(graph: Graph, node: Node, variable: str) -> tuple[list[Node], str]:
    """Return the terms of the derivative of a product or a quotient, and the name of the rule.

    Args:
        graph: The graph of the expression.
        node: The product or quotient; each factor with the variable makes one term.
        variable: The variable.

    Raises:
        CalculusError: A factor has no derivative.

    >>> from secantd.language import read
    >>> from secantd.render import r_text
    >>> f = read("3*x*sin(x)")
    >>> terms, rule = terms_of_rule(f.graph, f.outputs[0], "x")
    >>> [r_text(t) for t in terms], rule
    (['3 * sin(x)', '3 * (x * cos(x))'], 'product')
    """
    above: list[Node] = []
    below: list[Node] = []
    negative = False
    waiting = [(node, False)]
    while waiting:
        each, under = waiting.pop()
        if each.op == "neg":
            negative = not negative
            waiting.append((each.args[0], under))
        elif each.op == "mul":
            waiting += [(a, under) for a in each.args[::-1]]
        elif each.op == "div":
            waiting += [(each.args[1], not under), (each.args[0], under)]
        else:
            (below if under else above).append(each)
    found: list[Node] = []
    moving = [k for k, factor in enumerate(below) if variable in symbols([factor])]
    for k, factor in enumerate(above):
        if variable in symbols([factor]):
            slope = derivative(graph, factor, variable)
            found.append(quotient_of(graph, [slope, *above[:k], *above[k + 1 :]], below, negative))
    for k in moving:
        slope = derivative(graph, below[k], variable)
        found.append(quotient_of(graph, [slope, *above], [*below, below[k]], not negative))
    form = Light(graph)
    return [form.of(term) for term in found], "quotient" if moving else "product"


def quotient_of(graph: Graph, above: Sequence[Node], below: Sequence[Node], negative: bool) -> Node:
    found = algebra.mul(graph, above)
    if below:
        found = algebra.div(graph, found, algebra.mul(graph, below))
    return algebra.neg(graph, found) if negative else found
