"""Common mistakes in derivatives, recognized by the values of the claim.

A mistake is tested by making it: f is differentiated with one rule applied wrongly, at one node or at every node, and the
values of the result are compared with those of the claim.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import derivative
from secantd.calculus.rules import partial
from secantd.check.domains import where_right
from secantd.check.trial import Trial
from secantd.check.verdict import constant_text
from secantd.errors import CalculusError
from secantd.expression import Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS
from secantd.program import compile as compile_program

__all__ = ["CommonMistake", "common_mistake"]

Array = NDArray[np.float64]
Places = NDArray[np.intp]

# The most and the fewest points at which values are compared, and their largest relative difference.
POINTS = 8
FEWEST = 3
AGREE = 1e-7
# A factor closer to 1 than this was rounded rather than forgotten.
ROUNDED = 1e-3
# A formula of more nodes has too many places at which a rule may be applied wrongly.
LONGEST = 80


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """A common mistake: a word for programs, and a sentence that helps."""

    word: str
    sentence: str


# Rules that may be applied wrongly, and the correct rule.
RULES = {
    "chain_rule": "the inner derivative is missing: (g(u))' = g'(u) u'",
    "product_rule": "the derivative of a product is not the product of the derivatives: (u v)' = u' v + u v'",
    "product_half": "one term of the product rule is missing: (u v)' = u' v + u v'",
    "quotient_rule": "the derivative of a quotient is not the quotient of the derivatives: (u/v)' = (u' v - u v')/v^2",
    "quotient_sign": "the sign in the quotient rule is reversed: (u/v)' = (u' v - u v')/v^2",
    "quotient_plus": "the quotient rule has a minus: (u/v)' = (u' v - u v')/v^2",
    "quotient_square": "the denominator of the quotient rule is not squared: (u/v)' = (u' v - u v')/v^2",
    "power_factor": "the exponent is missing as a factor: (u^n)' = n u^(n-1) u'",
    "power_exponent": "the exponent is not lowered by 1: (u^n)' = n u^(n-1) u'",
    "power_of_constant": "a power with a variable exponent is not of the form u^n: (a^u)' = a^u log(a) u'",
    "inner_sign": "the sign of the derivative of {call}() is reversed",
    "constant_kept": "the derivative of a constant is 0, but the claim keeps the constant",
}


def common_mistake(trial: Trial, i: int) -> CommonMistake | None:
    """Return the common mistake that explains the i-th claim, None if none does.

    Args:
        trial: The claim at points.
        i: The position of the claim.
    """
    places: Places = np.flatnonzero(trial.comparable(i))[:POINTS]
    claimed, true = trial.claimed[i, places], trial.true[i, places]
    if len(places) < FEWEST or equal_values(claimed, true):
        return on_a_domain(trial, i)
    known: Sequence[Callable[[], CommonMistake | None]] = (
        lambda: opposite(claimed, true),
        lambda: another(trial, i, places),
        lambda: a_rule(trial, i, places),
        lambda: itself(trial, i, places),
        lambda: a_factor(claimed, true),
        lambda: a_term(claimed, true),
        lambda: on_a_domain(trial, i),
    )
    return next((found for test in known if (found := test()) is not None), None)


def equal_values(a: Array, b: Array) -> bool:
    """Whether two arrays of values are equal up to rounding."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    return bool(np.all(np.abs(a - b) <= AGREE * np.maximum(np.abs(a), np.abs(b))))


def opposite(claimed: Array, true: Array) -> CommonMistake | None:
    """The claim is minus the derivative."""
    found = CommonMistake("sign", "the sign is reversed: the derivative is minus the claim")
    return found if equal_values(claimed, -true) else None


def another(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is a derivative with respect to another variable."""
    name = trial.variables[i]
    for j, other in enumerate(trial.variables):
        if j != i and equal_values(trial.claimed[i, places], trial.true[j, places]):
            if equal_values(trial.claimed[j, places], trial.true[i, places]):
                sentence = f"the partial derivatives with respect to {name} and {other} are swapped; the order is "
                return CommonMistake("order", sentence + ", ".join(trial.variables[:8]))
            return CommonMistake("other_variable", f"the claim is the derivative with respect to {other}, not {name}")
    return None


def itself(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is f, its second derivative, or a derivative with respect to a variable that was not asked for."""
    claimed = trial.claimed[i, places]
    if equal_values(claimed, trial.heights[places]):
        return CommonMistake("function_itself", "the claim is the function itself")
    name = trial.variables[i]
    asked: list[tuple[CommonMistake, Node]] = []
    try:
        first = derivative(trial.graph, trial.output, name)
        second = derivative(trial.graph, first, name)
        asked.append((CommonMistake("second_derivative", "the claim is the second derivative"), second))
        for other in trial.order[:LONGEST]:
            if other not in trial.variables:
                found = CommonMistake(
                    "other_variable", f"the claim is the derivative with respect to {other}, not {name}"
                )
                asked.append((found, derivative(trial.graph, trial.output, other)))
    except CalculusError:
        pass
    return matching(trial, claimed, places, asked)


def a_factor(claimed: Array, true: Array) -> CommonMistake | None:
    """The derivative is a constant times the claim."""
    if not np.all(claimed):
        return None
    ratio = true / claimed
    if not ratio[0] or not equal_values(ratio, np.full(len(ratio), ratio[0])):
        return None
    what = "a constant is rounded, or wrong" if abs(ratio[0] - 1) < ROUNDED else "a factor is missing"
    return CommonMistake("factor", f"{what}: the derivative is {constant_text(float(ratio[0]))} times the claim")


def a_term(claimed: Array, true: Array) -> CommonMistake | None:
    """The derivative is the claim plus a constant."""
    gap = true - claimed
    if not equal_values(gap, np.full(len(gap), gap[0])) or len(set(true.tolist())) == 1:
        return None
    verb = "missing" if gap[0] > 0 else "superfluous"
    return CommonMistake("term", f"a constant term is {verb}: the derivative is the claim {'+' if gap[0] > 0 else '-'} "
                        f"{constant_text(abs(float(gap[0])))}")  # fmt: skip


def on_a_domain(trial: Trial, i: int) -> CommonMistake | None:
    """The claim holds on a domain only."""
    region = where_right(trial, i)
    return None if region is None else CommonMistake("domain", f"the claim holds {region}")


# -- rules applied wrongly -----------------------------------------------------------------------------------------


def a_rule(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is the derivative with one rule applied wrongly, at one node or everywhere."""
    nodes = reachable([trial.output])
    if len(nodes) > LONGEST or any(n.rows > 1 for n in nodes):
        return None
    graph, name = trial.graph, trial.variables[i]
    asked: list[tuple[CommonMistake, Node]] = []
    for rule in RULES:
        spots = [n for n in nodes if rule_applies(rule, n)]
        for wrong in [*([spots] if len(spots) > 1 else []), *[[n] for n in spots]]:
            try:
                node = mistaken(graph, nodes, name, rule, {n.index for n in wrong})
            except CalculusError:
                continue
            call = FUNCTIONS[wrong[0].op].written if wrong[0].op in FUNCTIONS else ""
            asked.append((CommonMistake(rule, RULES[rule].format(call=call)), node))
    return matching(trial, trial.claimed[i, places], places, asked)


def matching(
    trial: Trial, claimed: Array, places: Places, asked: Sequence[tuple[CommonMistake, Node]]
) -> CommonMistake | None:
    """Return the first mistake whose formula has the claim's values."""
    if not asked:
        return None
    program = compile_program([node for _, node in asked], trial.order, trial.graph.columns)
    found = trial.batch(program, np.ascontiguousarray(trial.points[:, places]))
    return next((s for (s, _), values in zip(asked, found, strict=True) if equal_values(values, claimed)), None)


def rule_applies(rule: str, node: Node) -> bool:
    """Whether a rule can be applied wrongly at a node."""
    if rule in ("chain_rule", "inner_sign"):
        return node.op in FUNCTIONS or (node.op == "pow" and rule == "chain_rule")
    if rule == "constant_kept":
        return node.op == "add" and any(not a.args and a.op == "number" for a in node.args)
    return node.op == {"product": "mul", "quotient": "div", "power": "pow"}[rule.partition("_")[0]]


def mistaken(graph: Graph, nodes: Sequence[Node], name: str, rule: str, wrong: set[int]) -> Node:
    """Return the derivative of the last of `nodes` with respect to `name`, with a rule applied wrongly at the nodes with
    the indices in `wrong`."""
    zero = graph.number(0.0)
    found: dict[int, Node] = {}
    for node in nodes:
        if node.op == "symbol":
            found[node.index] = graph.number(1.0 if node.name == name else 0.0)
            continue
        inner = [found[a.index] for a in node.args]
        if node.index in wrong and (rule == "constant_kept" or any(not algebra.is_number(d, 0.0) for d in inner)):
            found[node.index] = wrong_derivative(graph, node, inner, rule)
        elif all(algebra.is_number(d, 0.0) for d in inner):
            found[node.index] = zero
        else:
            found[node.index] = algebra.add(graph, list(parts(graph, node, inner)))
    return found[nodes[-1].index]


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
        less = algebra.power(graph, args[0], algebra.add(graph, [args[1], graph.number(-1.0)]))
        yield algebra.mul(graph, [args[1], less, inner[0]])
        if not algebra.is_number(inner[1], 0.0):
            yield algebra.mul(graph, [node, graph.make("log", args[0]), inner[1]])
    elif op == "ifelse":
        yield graph.make("ifelse", args[0], inner[1], inner[2])
    elif op in FUNCTIONS:
        for k, d in enumerate(inner):
            if not algebra.is_number(d, 0.0):
                yield algebra.mul(graph, [partial(graph, node, k), d])


def wrong_derivative(graph: Graph, node: Node, inner: Sequence[Node], rule: str) -> Node:
    """Return a node's derivative by a rule applied wrongly."""
    args, one = node.args, graph.number(1.0)
    if rule == "chain_rule":
        bare = [one if not algebra.is_number(d, 0.0) else d for d in inner]
        return algebra.add(graph, list(parts(graph, node, bare)))
    if rule == "inner_sign":
        return algebra.neg(graph, algebra.add(graph, list(parts(graph, node, inner))))
    if rule == "constant_kept":
        return algebra.add(graph, [a if a.op == "number" else d for a, d in zip(args, inner, strict=True)])
    moving = [k for k, d in enumerate(inner) if not algebra.is_number(d, 0.0)]
    if rule == "product_rule":
        return algebra.mul(graph, [d if k in moving else a for k, (a, d) in enumerate(zip(args, inner, strict=True))])
    if rule == "product_half":
        k = moving[0]
        return algebra.mul(graph, [inner[k], *args[:k], *args[k + 1 :]])
    if rule.startswith("quotient"):
        return quotient(graph, node, inner, rule)
    base, exponent = args
    less = algebra.power(graph, base, algebra.add(graph, [exponent, graph.number(-1.0)]))
    if rule == "power_factor":
        return algebra.mul(graph, [less, inner[0]])
    if rule == "power_exponent":
        return algebra.mul(graph, [exponent, node, inner[0]])
    return algebra.mul(graph, [exponent, less, inner[1] if algebra.is_number(inner[0], 0.0) else inner[0]])


def quotient(graph: Graph, node: Node, inner: Sequence[Node], rule: str) -> Node:
    above, below = node.args
    if rule == "quotient_rule":
        return algebra.div(graph, inner[0], inner[1])
    square = graph.make("pow", below, graph.number(2.0))
    first, second = algebra.mul(graph, [inner[0], below]), algebra.mul(graph, [above, inner[1]])
    if rule == "quotient_sign":
        swapped = algebra.add(graph, [second, algebra.neg(graph, first)])
        return algebra.div(graph, swapped, square)
    if rule == "quotient_plus":
        return algebra.div(graph, algebra.add(graph, [first, second]), square)
    return algebra.div(graph, algebra.add(graph, [first, algebra.neg(graph, second)]), below)
