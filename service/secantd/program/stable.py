"""Patterns that overflow or cancel as written, and are computed by stable formulas.

For large u log(1 + exp(u)) is u and exp(u)/(1 + exp(u)) is 1, but as written they are Inf and NaN from u = 710 on.
exp(log f - log F), the derivative of log F, is 1e5 for the normal distribution at -1e5, where log f and log F are
5e9 and cancel. The tape computes these patterns by formulas that hold everywhere. The printed text and all other formulas
are not changed.
"""

from typing import NamedTuple

from secantd.expression import Node
from secantd.functions import PRINTED

__all__ = [
    "Logistic",
    "logistic_of",
    "ratio_of",
    "softplus_of",
]


class Logistic(NamedTuple):
    """A product that contains exp(u)/(1 + exp(u)): Π expit(u) · Π above / Π below."""

    arguments: tuple[Node, ...]
    above: tuple[Node, ...]
    below: tuple[Node, ...]


def one_plus_exp(node: Node) -> Node | None:
    """Return u where a node is 1 + exp(u)."""
    if node.op != "add" or len(node.args) != 2:
        return None
    for one, e in (node.args, node.args[::-1]):
        if one.op == "number" and one.value == 1.0 and e.op == "exp":
            return e.args[0]
    return None


def softplus_of(node: Node) -> Node | None:
    """Return u where a node is log(1 + exp(u)) or log1p(exp(u))."""
    if node.op == "log1p" and node.args[0].op == "exp":
        return node.args[0].args[0]
    if node.op == "log" and len(node.args) == 1:
        return one_plus_exp(node.args[0])
    return None


def logistic_of(node: Node) -> Logistic | None:
    """Return the parts of a quotient, or of a product with quotients, that contains exp(u)/(1 + exp(u))."""
    if node.op not in ("div", "mul"):
        return None
    above, below = split(node)
    if not below or not any(exponential(a) for a in above):
        return None
    found: list[Node] = []
    rest: list[Node] = []
    for b in below:
        u = one_plus_exp(b)
        match = next((a for a in above if u is not None and a.op == "exp" and a.args[0] is u), None)
        if u is None or match is None:
            rest.append(b)
        else:
            above.remove(match)
            found.append(u)
    return Logistic(tuple(found), tuple(above), tuple(rest)) if found else None


def exponential(node: Node) -> bool:
    return node.op == "exp"


def split(node: Node) -> tuple[list[Node], list[Node]]:
    """Return the factors of numerators and denominators, with powers by 2 and 3 written out."""
    above: list[Node] = []
    below: list[Node] = []
    for factor in node.args if node.op == "mul" else (node,):
        if factor.op == "div":
            above += factors(factor.args[0])
            below += factors(factor.args[1])
        else:
            above += factors(factor)
    return above, below


def factors(node: Node) -> list[Node]:
    found: list[Node] = []
    for factor in node.args if node.op == "mul" else (node,):
        base, exponent = factor.args if factor.op == "pow" else (factor, None)
        count = exponent.value if exponent is not None and exponent.op == "number" else 0.0
        if count in (2.0, 3.0) and (base.op == "exp" or one_plus_exp(base) is not None):
            found += [base] * int(count)
        else:
            found.append(factor)
    return found


RATIOS = {
    ("dnorm.log", "pnorm.log"): "mills",
    ("dnorm.log", "pnorm.upper.log"): "mills_upper",
}


def ratio_of(node: Node) -> tuple[str, tuple[Node, ...]] | None:
    """Return the operation and the arguments where a node is exp(log f - log F) of one distribution."""
    if node.op != "exp" or node.args[0].op != "add" or len(node.args[0].args) != 2:
        return None
    density, minus = node.args[0].args
    if minus.op != "neg":
        return None
    probability = minus.args[0]
    name = RATIOS.get((density.op, PRINTED.get(probability.op, probability.op)))
    same = len(density.args) == len(probability.args) and all(
        a is b for a, b in zip(density.args, probability.args, strict=True)
    )
    return (name, density.args) if name and same else None
