"""SymPy's form: an expression with its terms and factors as SymPy prints them.

Users of Python know formulas from SymPy: `2*x + 2*y - sin(x + 2*y)`, `sqrt(x)/2`, `-2*sin(x)**2 + 2`. The light form is what R's
Deriv prints. This form is made from the exact light form by what SymPy's constructors do to every expression: like terms and
powers of one base are merged, numbers multiplied into sums, sqrt(4*x) is 2*sqrt(x), sin(-x) is -sin(x). Its text, read by SymPy and
printed again, is the same text. SymPy itself takes milliseconds to be asked, and half a second to be loaded; tests compare
with it.

Guarantees. The form equals its expression wherever that has a value, in exact arithmetic. Functions and choices that SymPy has
no word for keep their place and the order of their arguments.

Complexity. Every node is rewritten once. Terms and factors are sorted by keys of bounded length, O(n log n).
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from secantd.algebra.folding import value_of
from secantd.algebra.sympyform.numbers import MINUS, ONE, ZERO, Number, fraction, multiplied, negated, number_of
from secantd.algebra.sympyform.order import Term
from secantd.algebra.sympyform.sums import Sums
from secantd.expression import REDUCTIONS, Graph, Node, reachable
from secantd.functions import FUNCTIONS
from secantd.interrupt import checkpoint

__all__ = ["SympyForm"]

# f(-x) is -f(x), and f(x).
ODD: Final = frozenset("sin tan sinh tanh asin atan asinh atanh erf sign".split())
EVEN: Final = frozenset("cos cosh abs".split())
PRODUCTS: Final = frozenset({"mul", "div", "neg"})


def within_products(nodes: Sequence[Node], output: Node) -> set[int]:
    """Return the indices of the products that are factors of one other product and nothing else: they are opened there.

    Args:
        nodes: Nodes in topological order.
        output: The last of them.
    """
    within = {n.index for n in nodes if n.op in PRODUCTS}
    within.discard(output.index)
    used: set[int] = set()
    for node in nodes:
        for a in node.args:
            if node.op not in PRODUCTS or a.index in used:
                within.discard(a.index)
            used.add(a.index)
    return within


class SympyForm(Sums):
    """The expressions of one graph in SymPy's form, which are kept.

    Args:
        graph: The graph.

    >>> from secantd.language import read
    >>> from secantd.render import python_text
    >>> f = read("cos(1 + x) * y * (3 + sin(2*y + x)) * 2 / x^2")
    >>> python_text(SympyForm(f.graph).of(f.outputs[0]))
    '2*y*(sin(x + 2*y) + 3)*cos(x + 1)/x**2'
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self.forms: dict[int, Node] = {}
        self.minus_one = self.node_of(MINUS)
        self.half = self.node_of(fraction(1, 2))

    def of(self, output: Node) -> Node:
        """Return SymPy's form of a node.

        Args:
            output: The node, in the exact light form.
        """
        forms = self.forms
        nodes = reachable([output], forms)
        within = within_products(nodes, output)
        for node in nodes:
            if node.index not in within:
                checkpoint()
                form = self.product(node, within) if node.op in PRODUCTS else self.step(node)
                # Keys of arguments exist before those of what contains them.
                self.key(form)
                forms[node.index] = form
        return forms[output.index]

    def product(self, node: Node, within: set[int]) -> Node:
        """Return the form of a product of products."""
        parts: list[Term] = []
        number: Number = ONE
        stack = [(node, False)]
        while stack:
            top, inverse = stack.pop()
            if top is not node and top.index not in within:
                part = self.term(self.forms[top.index])
                parts.append(self.inverted(self.forms[top.index]) if inverse else part)
                continue
            if top.op == "neg":
                number = negated(number)
            if top.op == "div":
                stack.append((top.args[1], not inverse))
                stack.append((top.args[0], inverse))
            else:
                stack += [(a, inverse) for a in reversed(top.args)]
        if number is not ONE:
            parts.append(Term(number, []))
        return self.written(self.merged(parts))

    def inverted(self, node: Node) -> Term:
        """Return 1/node; 1/0 stays as it is."""
        if self.value(node) == 0:
            return Term(ONE, [(self.graph.make("div", self.one, node), self.one)])
        return self.raised(node, self.minus_one)

    def step(self, node: Node) -> Node:
        """Return the form of a node that is no product, from those of its arguments."""
        op = node.op
        if op == "number":
            return self.leaf(node)
        args = [self.forms[a.index] for a in node.args]
        if not args:
            if op == "pi":
                self.constants[node.index] = math.pi
            return node
        if op == "add":
            return self.sum_of([self.term(a) for a in args])
        if op == "pow":
            return self.written(self.raised(args[0], args[1]))
        if op == "sqrt":
            return self.written(self.raised(args[0], self.half))
        if op == "exp":
            return self.exponential(args[0])
        if op == "log_base":
            logarithms = [self.call("log", [a]) for a in args]
            return self.written(self.merged([self.term(logarithms[0]), self.inverted(logarithms[1])]))
        if op in REDUCTIONS and args[0].rows != node.args[0].rows:
            # The rows have become one number, of which a sum would be taken once.
            return node
        return self.call(op, args)

    def leaf(self, node: Node) -> Node:
        """Return a number, which is one of the form unless it is infinite or NaN."""
        value = node.value
        if value == 0.0 and math.copysign(1.0, value) < 0.0:
            return self.node_of(ZERO)
        if math.isfinite(value):
            self.numbers.setdefault(node.index, number_of(value))
        return node

    def exponential(self, argument: Node) -> Node:
        """Return exp(argument): exp(2*log(x)) is x^2, and exp(x + log(y)) y*exp(x)."""
        if self.value(argument) == 0:
            return self.one
        terms = self.sums.get(argument.index)
        if terms is None:
            power = self.of_logarithm(self.term(argument))
            return self.written(Term(ONE, [(self.e, argument)]) if power is None else power)
        parts: list[Term] = []
        rest: list[Term] = []
        for term in terms:
            power = self.of_logarithm(term)
            if power is None:
                rest.append(term)
            else:
                parts.append(power)
        if not parts:
            return self.written(Term(ONE, [(self.e, argument)]))
        if rest:
            parts.append(Term(ONE, [(self.e, self.sum_of(rest))]))
        return self.written(self.merged(parts))

    def of_logarithm(self, term: Term) -> Term | None:
        """Return exp(term) where it is a power, because the term is number*log(base)."""
        if len(term.powers) != 1:
            return None
        base, exponent = term.powers[0]
        if base.op != "log" or exponent is not self.one or not isinstance(term.number, Fraction):
            return None
        return self.raised(base.args[0], self.node_of(term.number))

    def call(self, op: str, args: list[Node]) -> Node:
        """Return a call, with a minus or a number of its argument in front where SymPy takes it out."""
        sign: Number = ONE
        first = args[0]
        if op in ODD and self.has_minus(first):
            sign, args = MINUS, [self.negated(first)]
        elif op in EVEN and self.has_minus(first):
            args = [self.negated(first)]
        if op in ("abs", "sign"):
            term = self.term(args[0])
            if term.powers and term.number is not ONE:
                if op == "abs":
                    # The number is positive: a minus is gone.
                    sign = multiplied(sign, term.number)
                args = [self.written(Term(ONE, term.powers))]
        made = self.graph.make(op, *args)
        self.note_constant(made)
        return made if sign is ONE else self.written(Term(sign, [(made, self.one)]))

    def note_constant(self, node: Node) -> None:
        """Keep the value of a call without variables: SymPy sorts log(2)*x among terms as 0.69*x."""
        values: list[float] = []
        for argument in node.args:
            number = self.numbers.get(argument.index)
            value = self.constants.get(argument.index) if number is None else float(number)
            if value is None:
                return
            values.append(value)
        if node.op in FUNCTIONS:
            value = value_of(node.op, values)
            if math.isfinite(value):
                self.constants[node.index] = value
