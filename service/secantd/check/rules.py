"""Rules of differentiation applied wrongly.

A rule is a row: its word in answers, a sentence with the correct rule, where it can be applied wrongly, and what comes out. f is
differentiated by the correct rules except at the nodes where one of these is applied.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from secantd.calculus.rules import partial
from secantd.expression import Graph, Node, algebra
from secantd.functions import FUNCTIONS

__all__ = ["RULES", "Rule", "mistaken", "moving_nodes", "sentence_of"]

# Functions of pieces, of which a claim may be right on one.
PIECES = frozenset({"abs", "sign", "pmax", "pmin", "floor", "ceiling", "trunc", "round", "%%", "%/%"})

# The positions of the arguments that depend on the variable.
Moving = Sequence[int]
Wrong = Callable[[Graph, Node, Sequence[Node]], Node]


class Rule(NamedTuple):
    """A rule applied wrongly.

    Attributes:
        word: Its word in answers.
        sentence: The mistake and the correct rule; {call} is the function's name.
        applies: Whether it can be applied wrongly at a node with these moving arguments.
        wrong: The wrong derivative of a node, from the derivatives of its arguments.
        varying: Whether it explains only claims that are not constant: many mistakes lead to the same number.
    """

    word: str
    sentence: str
    applies: Callable[[Node, Moving], bool]
    wrong: Wrong
    varying: bool = False


def is_call(node: Node) -> bool:
    return node.op in FUNCTIONS


def is_smooth_call(node: Node) -> bool:
    """Whether a node is a call of a function that is not one of pieces: |u'| for the derivative of |u| is no usual mistake."""
    return is_call(node) and node.op not in PIECES


def has_moving_denominator(node: Node, moving: Moving) -> bool:
    return node.op == "div" and 1 in moving


def on(op: str, *moving: int) -> Callable[[Node, Moving], bool]:
    """Return the test for an operation of which these arguments depend on the variable; none: any."""
    return lambda node, found: node.op == op and bool(found) and (not moving or tuple(found) == moving)


# -- the correct rules ---------------------------------------------------------------------------------------------------


def parts(graph: Graph, node: Node, inner: Sequence[Node]) -> Iterator[Node]:
    """Yield the terms of a node's derivative by the correct rules."""
    op, args = node.op, node.args
    if op == "add":
        yield from inner
    elif op == "neg":
        yield algebra.neg(graph, inner[0])
    elif op == "mul":
        for k, d in enumerate(inner):
            yield algebra.mul(graph, [d, *args[:k], *args[k + 1 :]])
    elif op == "div":
        yield algebra.div(graph, inner[0], args[1])
        square = graph.make("pow", args[1], graph.number(2.0))
        yield algebra.neg(graph, algebra.div(graph, algebra.mul(graph, [args[0], inner[1]]), square))
    elif op == "pow":
        yield algebra.mul(graph, [args[1], lowered(graph, node), inner[0]])
        if not algebra.is_number(inner[1], 0.0):
            yield algebra.mul(graph, [node, graph.make("log", args[0]), inner[1]])
    elif op == "ifelse":
        yield graph.make("ifelse", args[0], inner[1], inner[2])
    elif op in FUNCTIONS:
        for k, d in enumerate(inner):
            if not algebra.is_number(d, 0.0):
                yield algebra.mul(graph, [partial(graph, node, k), d])


def right(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.add(graph, list(parts(graph, node, inner)))


def lowered(graph: Graph, power: Node, by: float = -1.0) -> Node:
    base, exponent = power.args
    return algebra.power(graph, base, algebra.add(graph, [exponent, graph.number(by)]))


# -- the wrong ones ------------------------------------------------------------------------------------------------------


def without_inner(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    one = graph.number(1.0)
    return right(graph, node, [d if algebra.is_number(d, 0.0) else one for d in inner])


def of_the_derivative(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return graph.make(node.op, *[a if algebra.is_number(d, 0.0) else d for a, d in zip(node.args, inner, strict=True)])


def at_the_derivative(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return without_inner(graph, of_the_derivative(graph, node, inner), inner)


def product_rule(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.mul(graph, [a if algebra.is_number(d, 0.0) else d for a, d in zip(node.args, inner, strict=True)])


def product_half(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    k = next(k for k, d in enumerate(inner) if not algebra.is_number(d, 0.0))
    return algebra.mul(graph, [inner[k], *node.args[:k], *node.args[k + 1 :]])


def quotient(above: tuple[int, int], square: bool = True) -> Wrong:
    """Return the quotient rule with other signs of u' v and u v', 0 for a missing one, or without the square below."""

    def wrong(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
        u, v = node.args
        terms = (algebra.mul(graph, [inner[0], v]), algebra.mul(graph, [u, inner[1]]))
        signed = [t if s > 0 else algebra.neg(graph, t) for s, t in zip(above, terms, strict=True) if s]
        below = graph.make("pow", v, graph.number(2.0)) if square else v
        return algebra.div(graph, algebra.add(graph, signed), below)

    return wrong


def quotient_of_derivatives(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    u, v = (a if algebra.is_number(d, 0.0) else d for a, d in zip(node.args, inner, strict=True))
    return algebra.div(graph, u, v)


def without_denominator(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.neg(graph, algebra.mul(graph, [node.args[0], inner[1]]))


def denominator_lowered(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    exponent, below = node.args[1].args[1], lowered(graph, node.args[1])
    # The derivative of the base is that of the power, divided by n u^(n-1).
    own = algebra.div(graph, inner[1], algebra.mul(graph, [exponent, below]))
    return algebra.neg(graph, algebra.div(graph, algebra.mul(graph, [exponent, node.args[0], own]), below))


def power_factor(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.mul(graph, [lowered(graph, node), inner[0]])


def root_factor(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.div(graph, inner[0], node)


def power_exponent(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.mul(graph, [node.args[1], node, inner[0]])


def power_raised(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.mul(graph, [node.args[1], lowered(graph, node, 1.0), inner[0]])


def root_kept(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.mul(graph, [graph.number(0.5), node, inner[0]])


def power_of_constant(inner_too: bool) -> Wrong:
    """Return u a^(u-1), with u' as a factor or without; of exp(u) with e as the base."""

    def wrong(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
        exponent = node.args[-1]
        less = algebra.add(graph, [exponent, graph.number(-1.0)])
        power = graph.make("exp", less) if node.op == "exp" else algebra.power(graph, node.args[0], less)
        return algebra.mul(graph, [exponent, power, *([inner[-1]] if inner_too else [])])

    return wrong


def inner_sign(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.neg(graph, right(graph, node, inner))


def constant_kept(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.add(graph, [a if a.op == "number" else d for a, d in zip(node.args, inner, strict=True)])


def constant_power(graph: Graph, node: Node, inner: Sequence[Node]) -> Node:
    return algebra.mul(graph, [node.args[1], lowered(graph, node)])


CHAIN = "(g(u))' = g'(u) u'"
PRODUCT = "(u v)' = u' v + u v'"
QUOTIENT = "(u/v)' = (u' v - u v')/v^2"
RECIPROCAL = "(1/v)' = -v'/v^2"
POWER = "(u^n)' = n u^(n-1) u'"
EXPONENTIAL = "(a^u)' = a^u log(a) u'"

RULES = (
    Rule("chain_rule", f"the inner derivative is missing: {CHAIN}",
        lambda node, moving: bool(moving) and (is_call(node) or node.op == "pow"), without_inner),
    Rule("chain_rule", f"the inner derivative is missing: {RECIPROCAL}", on("div", 1), without_inner),
    Rule("product_rule", f"the derivative of a product is not the product of the derivatives: {PRODUCT}", on("mul"), product_rule),
    Rule("product_half", f"one term of the product rule is missing: {PRODUCT}",
        lambda node, moving: node.op == "mul" and len(moving) > 1, product_half),
    Rule("quotient_rule", f"the derivative of a quotient is not the quotient of the derivatives: {QUOTIENT}",
        on("div", 0, 1), quotient_of_derivatives),
    Rule("quotient_rule", f"one term of the quotient rule is missing: {QUOTIENT}", on("div", 0, 1), quotient((1, 0))),
    Rule("quotient_rule", f"one term of the quotient rule is missing: {QUOTIENT}", on("div", 0, 1), quotient((0, -1))),
    Rule("quotient_rule", f"the derivative of 1/v is not 1/v': {RECIPROCAL}", on("div", 1), quotient_of_derivatives),
    Rule("quotient_sign", f"the sign in the quotient rule is reversed: {QUOTIENT}", has_moving_denominator, quotient((-1, 1))),
    Rule("quotient_plus", f"the quotient rule has a minus: {QUOTIENT}", has_moving_denominator, quotient((1, 1))),
    Rule("quotient_square", f"the denominator of the quotient rule is not squared: {QUOTIENT}",
        has_moving_denominator, quotient((1, -1), False)),
    Rule("quotient_square", f"the denominator is missing: {RECIPROCAL}", on("div", 1), without_denominator),
    Rule("power_factor", f"the exponent is missing as a factor: {POWER}", on("pow", 0), power_factor),
    Rule("power_factor", "the factor 1/2 is missing: sqrt(u) is u^(1/2), and (u^(1/2))' = 1/2 u^(-1/2) u'", on("sqrt"), root_factor),
    Rule("power_exponent", f"the exponent is not lowered by 1: {POWER}", on("pow", 0), power_exponent),
    Rule("power_exponent", "the exponent is not lowered by 1: sqrt(u) is u^(1/2), and (u^(1/2))' = 1/2 u^(-1/2) u'",
        on("sqrt"), root_kept),
    Rule("power_exponent", f"the exponent is raised by 1: {POWER}", on("pow", 0), power_raised),
    Rule("power_exponent", "the exponent is not lowered by 1: (u^(-n))' = -n u^(-n-1) u'",
        lambda node, moving: on("div", 1)(node, moving) and node.args[1].op == "pow", denominator_lowered),
    Rule("power_of_constant", f"a power with a variable exponent is not of the form u^n: {EXPONENTIAL}",
        on("pow", 1), power_of_constant(False)),
    Rule("power_of_constant", f"a power with a variable exponent is not of the form u^n: {EXPONENTIAL}",
        on("pow", 1), power_of_constant(True)),
    Rule("power_of_constant", "exp(u) is not of the form u^n: (exp(u))' = exp(u) u'", on("exp"), power_of_constant(False)),
    Rule("power_of_constant", "exp(u) is not of the form u^n: (exp(u))' = exp(u) u'", on("exp"), power_of_constant(True)),
    Rule("inner_sign", "the sign of the derivative of {call}() is reversed",
        lambda node, moving: bool(moving) and is_call(node), inner_sign),
    Rule("chain_rule", f"the outer function is taken of the derivative: {CHAIN}, not g(u')",
        lambda node, moving: len(moving) == 1 and (is_smooth_call(node) or on("pow", 0)(node, moving)), of_the_derivative, True),
    Rule("chain_rule", f"the outer derivative is taken at the inner derivative: {CHAIN}, not g'(u')",
        lambda node, moving: len(moving) == 1 and (is_smooth_call(node) or on("pow", 0)(node, moving)), at_the_derivative, True),
    Rule("constant_kept", "the derivative of a constant is 0, but the claim keeps the constant",
        lambda node, moving: node.op == "add" and any(a.op == "number" for a in node.args), constant_kept),
    Rule("constant_kept", "the derivative of a constant is 0, but the claim differentiates a power of constants",
        lambda node, moving: node.op == "pow" and not moving, constant_power),
)  # fmt: skip


def sentence_of(rule: Rule, node: Node) -> str:
    """Return the sentence of a rule that is applied wrongly at a node."""
    return rule.sentence.format(call=FUNCTIONS[node.op].written) if node.op in FUNCTIONS else rule.sentence


def moving_nodes(nodes: Sequence[Node], name: str) -> dict[int, list[int]]:
    """Return the positions of the arguments that depend on a variable, by the node's index.

    Args:
        nodes: Nodes, arguments first.
        name: The variable.
    """
    depends: dict[int, bool] = {}
    found: dict[int, list[int]] = {}
    for node in nodes:
        found[node.index] = [k for k, a in enumerate(node.args) if depends[a.index]]
        depends[node.index] = bool(found[node.index]) or (node.op == "symbol" and node.name == name)
    return found


def mistaken(graph: Graph, nodes: Sequence[Node], name: str, rule: Rule | None, wrong: set[int]) -> Node:
    """Return the derivative of the last of `nodes` with a rule applied wrongly.

    Args:
        graph: The graph of the nodes.
        nodes: The nodes of an expression, arguments first.
        name: The variable; "pi" is the constant.
        rule: The rule; None: all are applied correctly.
        wrong: The indices of the nodes where it is applied wrongly.
    """
    zero, one = graph.number(0.0), graph.number(1.0)
    moving = moving_nodes(nodes, name)
    found: dict[int, Node] = {}
    for node in nodes:
        if not node.args:
            own = node.name if node.op == "symbol" else node.op
            found[node.index] = one if own == name else zero
            continue
        inner = [found[a.index] for a in node.args]
        still = all(algebra.is_number(d, 0.0) for d in inner)
        # What depends on the variable may have a derivative of 0 all the same: floor(x).
        if rule is not None and node.index in wrong and not (still and moving[node.index]):
            found[node.index] = rule.wrong(graph, node, inner)
        elif still:
            found[node.index] = zero
        else:
            found[node.index] = right(graph, node, inner)
    return found[nodes[-1].index]
