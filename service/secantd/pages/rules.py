"""The rules of differentiation as a textbook applies them: what d/dx [u] becomes, from its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from secantd.calculus import forward
from secantd.calculus.rules import partial
from secantd.expression import REDUCTIONS, Graph, Node, symbols
from secantd.functions import FUNCTIONS
from secantd.pages.sentences import Words
from secantd.pages.written import Pen, Written

__all__ = ["Applied", "elementary", "rule_of"]

# Writes the derivative of an expression: d/dx [u], or its result.
Slope = Callable[[Node], Written]
# The most terms of a sum, or factors of a product, that are written out.
MOST_TERMS: Final = 40
ONE: Final = Written("1", "1")

RULES: Final = {
    "sum": Written("(u + v)' = u' + v'", "(u + v)' = u' + v'"),
    "constant multiple": Written("(c u)' = c u'", "(c \\, u)' = c \\, u'"),
    "product": Written("(u v)' = u' v + u v'", "(u v)' = u' v + u v'"),
    "product of many": Written("(u v w)' = u' v w + u v' w + u v w'", "(u v w)' = u' v w + u v' w + u v w'"),
    "quotient": Written(
        "(u/v)' = (u' v - u v')/v^2", r"\left(\frac{u}{v}\right)' = \frac{u' v - u v'}{v^{2}}"
    ),
    "reciprocal": Written("(c/v)' = -c v'/v^2", r"\left(\frac{c}{v}\right)' = -\frac{c \, v'}{v^{2}}"),
    "power": Written("(x^n)' = n x^(n-1)", r"(x^{n})' = n \, x^{n - 1}"),
    "exponential": Written("(a^x)' = a^x ln(a)", r"(a^{x})' = a^{x} \ln a"),
    "power and exponential": Written(
        "(u^v)' = u^v (v' ln(u) + v u'/u)", r"(u^{v})' = u^{v} \left(v' \ln u + \frac{v \, u'}{u}\right)"
    ),
    "chain": Written("f(u)' = f'(u) u'", r"(f(u))' = f'(u) \, u'"),
    "chain of several": Written(
        "f(u, v)' = f_u u' + f_v v'", r"(f(u, v))' = \frac{\partial f}{\partial u} u' + \frac{\partial f}{\partial v} v'"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule for one expression.

    Attributes:
        title: Its name.
        rule: Its formula; None where the name suffices.
        parts: u = ..., v = ...
        inner: The expressions whose derivatives it needs.
        line: The derivative, from those of `inner`; None: no more than the result is shown.
        first: d/du [f(u)] of the chain rule.
    """

    title: str
    rule: Written | None
    parts: tuple[Written, ...]
    inner: tuple[Node, ...]
    line: Callable[[Slope], Written] | None
    first: Written | None = None


def elementary(node: Node, moving: set[int], *, terms: int = 3) -> bool:
    """Whether the derivative of a node is read off a table: a power, sin(x), a multiple, a short sum of them."""
    if node.index not in moving or node.op == "symbol" or node.op in forward.STEPS:
        return True
    changing = [a for a in node.args if a.index in moving]
    if node.op == "add":
        return terms > 0 and len(node.args) <= terms and all(elementary(a, moving, terms=0) for a in node.args)
    if node.op == "neg" or (node.op == "mul" and len(changing) == 1):
        return elementary(changing[0], moving, terms=0)
    if node.op == "div" and changing == [node.args[0]] and node.args[1].index not in moving:
        return elementary(changing[0], moving, terms=0)
    simple = node.op == "pow" or node.op in FUNCTIONS
    return simple and len(changing) == 1 and changing[0].op == "symbol" and node.args.count(changing[0]) == 1


def titles_of(node: Node, moving: set[int], words: Words) -> list[str]:
    """Return the names of the rules of an elementary expression."""
    if node.index not in moving:
        return [words.rule("constant")]
    if node.op == "symbol":
        return []
    found = []
    stack = [node]
    while stack:
        top = stack.pop()
        if top.index in moving and top.op != "symbol":
            found.append(title_of(top, [i for i, a in enumerate(top.args) if a.index in moving], words))
            if top.op == "add" and not all(a.index in moving for a in top.args):
                found.append(words.rule("constant"))
            stack += reversed([a for a in top.args if a.index in moving])
    return [*dict.fromkeys(found)]


def title_of(node: Node, changing: Sequence[int], words: Words) -> str:
    """Return the name of the rule of a node."""
    op, args = node.op, node.args
    if op == "add":
        return words.rule("sum")
    if op == "neg" or (op == "mul" and len(changing) == 1) or (op == "div" and list(changing) == [0]):
        return words.rule("constant multiple")
    if op == "mul":
        return words.rule("product")
    if op == "div":
        return words.rule("quotient" if 0 in changing else "reciprocal")
    if op == "pow":
        key = "power and exponential" if len(changing) > 1 else "power" if list(changing) == [0] else "exponential"
        part = args[changing[0]]
        return words.rule(key if len(changing) > 1 or part.op == "symbol" else "chain")
    if op == "ifelse":
        return words.rule("choice")
    if op in forward.STEPS:
        return words.rule("steps")
    if op in REDUCTIONS:
        return words.rule("reduction")
    return words.function(op, FUNCTIONS[op].written)


def rule_of(pen: Pen, graph: Graph, node: Node, moving: set[int], words: Words) -> Applied:
    """Return the rule that differentiates a node that contains the variable."""
    op, args = node.op, node.args
    changing = [i for i, a in enumerate(args) if a.index in moving]
    title = title_of(node, changing, words)
    if op in forward.STEPS or len(args) > MOST_TERMS:
        return Applied(title, None, (), () if op in forward.STEPS else tuple([args[i] for i in changing]), None)
    if op == "add":
        terms = [(a.op == "neg", a.args[0] if a.op == "neg" else a) for a in args]
        inner = tuple([a for _, a in terms])
        return Applied(title, RULES["sum"], (), inner, lambda d: pen.sum([(minus, d(a)) for minus, a in terms]))
    if op == "neg":
        return Applied(title, RULES["constant multiple"], (), args, lambda d: pen.sum([(True, d(args[0]))]))
    if op == "ifelse":
        test = pen.expression(args[0])
        return Applied(title, None, (), args[1:], lambda d: pen.cases(test, d(args[1]), d(args[2])))
    if op in REDUCTIONS:
        return Applied(title, None, (), args, (lambda d: pen.total(d(args[0]))) if op == "sum" else None)
    if op in ("mul", "div", "pow"):
        shown = [pen.expression(a) for a in args]
        if op == "mul":
            return of_product(pen, title, args, shown, changing)
        if op == "div":
            return of_quotient(pen, title, args, shown, changing)
        return of_power(pen, graph, node, title, shown, changing, words)
    return of_function(pen, graph, node, title, changing, words)


def of_product(
    pen: Pen, title: str, args: Sequence[Node], shown: Sequence[Written], changing: Sequence[int]
) -> Applied:
    constant = [w for i, w in enumerate(shown) if i not in changing]
    inner = tuple([args[i] for i in changing])
    if len(changing) == 1:
        return Applied(
            title, RULES["constant multiple"], (), inner, lambda d: pen.product([*constant, d(inner[0])])
        )  # fmt: skip

    def line(d: Slope) -> Written:
        terms = [(False, pen.product([d(args[i]) if i == k else shown[i] for i in changing])) for k in changing]
        total = pen.sum(terms)
        return pen.product([*constant, total]) if constant else total

    parts = pen.parts([shown[i] for i in changing])
    return Applied(title, RULES["product" if len(changing) == 2 else "product of many"], parts, inner, line)


def of_quotient(
    pen: Pen, title: str, args: Sequence[Node], shown: Sequence[Written], changing: Sequence[int]
) -> Applied:
    (above, below), (u, v) = args, shown
    if list(changing) == [0]:
        rule = RULES["constant multiple"]
        return Applied(title, rule, (), (above,), lambda d: pen.product([pen.fraction(ONE, v), d(above)]))
    square = pen.power(v, Written("2", "2"))

    def reciprocal(d: Slope) -> Written:
        return pen.sum([(True, pen.fraction(d(below) if u.text == "1" else pen.product([u, d(below)]), square))])

    def quotient(d: Slope) -> Written:
        terms = [(False, pen.product([d(above), v])), (True, pen.product([u, d(below)]))]
        return pen.fraction(pen.sum(terms), square)

    if list(changing) == [1]:
        return Applied(title, RULES["reciprocal"], (), (below,), reciprocal)
    return Applied(title, RULES["quotient"], pen.parts([u, v]), (above, below), quotient)


def of_power(
    pen: Pen, graph: Graph, node: Node, title: str, shown: Sequence[Written], changing: Sequence[int], words: Words
) -> Applied:
    (u, v), (base, exponent) = node.args, shown
    if list(changing) == [0]:
        lowered = base if exponent.text == "2" else pen.power(base, pen.sum([(False, exponent), (True, ONE)]))
        if u.op == "symbol":
            return Applied(title, RULES["power"], (), (), lambda d: pen.product([exponent, lowered]))
        return chain(pen, graph, node, 0, words, lambda d: pen.product([exponent, lowered, d(u)]))
    log, whole = pen.expression(graph.make("log", u)), pen.expression(node)
    if list(changing) == [1]:
        if v.op == "symbol":
            return Applied(title, RULES["exponential"], (), (), lambda d: pen.product([whole, log]))
        return chain(pen, graph, node, 1, words, lambda d: pen.product([whole, log, d(v)]))

    def line(d: Slope) -> Written:
        second = pen.product([exponent, pen.fraction(d(u), base)])
        return pen.product([whole, pen.sum([(False, pen.product([d(v), log])), (False, second)])])

    return Applied(title, RULES["power and exponential"], pen.parts([base, exponent]), (u, v), line)


def of_function(pen: Pen, graph: Graph, node: Node, title: str, changing: Sequence[int], words: Words) -> Applied:
    inner = tuple([node.args[i] for i in changing])
    if len(changing) == 1 and inner[0].op == "symbol":
        return Applied(title, None, (), (), None)
    outer = [pen.derivative(pen.simplified(partial(graph, node, i, exact=True))) for i in changing]
    if len(changing) == 1:
        return chain(pen, graph, node, changing[0], words, lambda d: pen.product([outer[0], d(inner[0])]))

    def line(d: Slope) -> Written:
        return pen.sum([(False, pen.product([f, d(a)])) for f, a in zip(outer, inner, strict=True)])

    return Applied(words.rule("chain of several"), RULES["chain of several"], (), inner, line)


def chain(pen: Pen, graph: Graph, node: Node, at: int, words: Words, line: Callable[[Slope], Written]) -> Applied:
    """Return the chain rule for a function of the argument at a place."""
    inner = node.args[at]
    letter = pen.letter()
    u = Written(letter, letter)
    outer = graph.make(node.op, *[graph.symbol(letter) if i == at else a for i, a in enumerate(node.args)])
    others = bool(symbols([a for i, a in enumerate(node.args) if i != at]))
    first = pen.d(u, pen.expression(outer), partial=others)
    return Applied(
        words.rule("chain"), RULES["chain"], (pen.equation(u, pen.expression(inner)),), (inner,), line, first
    )
