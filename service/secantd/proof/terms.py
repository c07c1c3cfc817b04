"""Formulas as terms over the real numbers, with the hypotheses under which they have a value and a derivative.

A number is the decimal that is shown. A whole power has any base, another one a positive base: u^a is exp(a * ln u). A function
with a textbook formula is written out. What Coq's libraries have no theory for is refused with the reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Node, reachable
from secantd.expression.decimals import decimal
from secantd.functions import FUNCTIONS
from secantd.language.expansion import expanded, meaning_of, validity
from secantd.language.notation import Notation
from secantd.proof.constants import COMPARE, constant, value_of_constants
from secantd.proof.data import written_out
from secantd.proof.errors import NoCertificateError
from secantd.proof.reals import Term, Terms, coq_text
from secantd.render import render

__all__ = ["Hypothesis", "Translation"]

# Functions of one argument with a name in Coq.
SAME: Final = {
    "exp": "exp", "log": "ln", "sqrt": "sqrt", "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos",
    "atan": "atan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    "abs": "Rabs", "sign": "sign", "erf": "erf", "floor": "floor",
}  # fmt: skip
COMPARISONS: Final = frozenset(COMPARE)
OTHERS: Final = frozenset({
    "number", "symbol", "data", "pi", "add", "mul", "neg", "div", "pow", "ifelse", "pmax", "pmin", "erfc", "&", "|", "!",
    "expm1", "log1p", "gamma", "lgamma", "choose", "ceiling", "held",
})  # fmt: skip
KNOWN: Final = frozenset(SAME) | COMPARISONS | OTHERS | REDUCTIONS
INFINITE: Final = "Inf and NaN are not real numbers"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A condition under which a statement holds.

    Attributes:
        relation: "<" or "<>".
        left: The left side.
        right: The right side.
        shown: The condition in the notation of the request.
    """

    relation: str
    left: Term
    right: Term
    shown: str

    @property
    def text(self) -> str:
        """The condition in Coq."""
        return f"{coq_text(self.left)} {self.relation} {coq_text(self.right)}"


class Translation:
    """Translates formulas of a graph; the hypotheses of all formulas are collected.

    Args:
        graph: The graph of the formulas, with their data; it grows.
        notation: The notation in which hypotheses are shown.
        limit: The most nodes of a term, written out.

    Attributes:
        terms: The terms.
        hypotheses: The hypotheses in order of first need.

    >>> from secantd.language import read
    >>> f = read("x^3 * log(y)")
    >>> made = Translation(f.graph)
    >>> coq_text(made.of(f.outputs[0])), [h.text for h in made.hypotheses], [h.shown for h in made.hypotheses]
    ('v_x ^ 3 * ln v_y', ['0 < v_y'], ['y > 0'])
    """

    def __init__(self, graph: Graph, notation: Notation = Notation.R, limit: int = 1_000) -> None:
        self.graph = graph
        self.notation = notation
        self.limit = limit
        self.terms = Terms()
        self.hypotheses: list[Hypothesis] = []
        self._needed: set[tuple[str, int, int]] = set()
        self._made: dict[int, Term] = {}

    def of(self, node: Node) -> Term:
        """Return the term of a formula, a number.

        Raises:
            NoCertificateError: Something in it has no theory, or it is too large.
        """
        self._require_scalars(node)
        (node,) = expanded(self.graph, [rows[0] for rows in written_out(self.graph, self._valid([node]))], KNOWN)
        for part in reachable([node]):
            if part.index not in self._made:
                term = self._term(part)
                if term is None:
                    continue
                if term.size > self.limit:
                    raise NoCertificateError(
                        f"the formula has more than {self.limit} operations and numbers, written out for the certificate"
                    )
                self._made[part.index] = term
        return self._number(node)

    def assume(self, conditions: Sequence[Node]) -> None:
        """Add conditions as hypotheses."""
        for condition in conditions:
            self._condition(condition)

    def _require_scalars(self, node: Node) -> None:
        for part in reachable([node]):
            if part.op in ARRAY_OPERATIONS or len(part.shape) == 2 or (part.op == "symbol" and part.shape):
                raise NoCertificateError("certificates are for formulas of numbers, not of vectors and matrices")
        if node.shape and node.rows > 1:
            raise NoCertificateError("the formula has one value for each row of its data")

    def _valid(self, outputs: Sequence[Node]) -> list[Node]:
        """Add the conditions under which calls of functions have values; return the formulas."""
        for part in reachable(outputs):
            if part.op not in KNOWN and meaning_of(part.op):
                condition = validity(self.graph, part)
                if condition is not None:
                    # Of data there is one condition for each row.
                    for row in written_out(self.graph, [condition])[0]:
                        self._condition(row)
        return list(outputs)

    def _condition(self, condition: Node, holds: bool = True) -> None:
        """Add the parts of a condition, or of its opposite, as hypotheses, each with strict inequality."""
        stack = [(condition, holds)]
        while stack:
            part, holds = stack.pop()
            if part.op == "!":
                stack.append((part.args[0], not holds))
            elif part.op == ("&" if holds else "|"):
                stack += [(a, holds) for a in reversed(part.args)]
            elif part.op in ("<", "<=", ">", ">="):
                left, right = part.args
                known = self._decided(part)
                if known is not None:
                    if known != holds:
                        raise NoCertificateError(f"the condition {self.shown(part)} never holds")
                    continue
                sign = part.op[0] if holds else "<" if part.op[0] == ">" else ">"
                low, high = (left, right) if sign == "<" else (right, left)
                self.need("<", self.of(low), self.of(high), f"{self.shown(left)} {sign} {self.shown(right)}")
            elif part.op == ("!=" if holds else "=="):
                self._apart(*part.args)
            else:
                raise NoCertificateError(
                    "the condition under which a function has values cannot be stated as an inequality"
                )

    def _decided(self, test: Node) -> bool | None:
        """Return whether a comparison of constants holds; None for another condition."""
        if test.op not in COMPARE:
            return None
        left, right = [constant(self.of(side)) for side in test.args]
        return None if left is None or right is None else COMPARE[test.op](left, right)

    def need(self, relation: str, left: Term, right: Term, shown: str) -> None:
        """Add a hypothesis unless it is known."""
        u, v = constant(left), constant(right)
        if u is not None and v is not None and (u < v if relation == "<" else u != v):
            return
        key = (relation, left.index, right.index)
        if key not in self._needed:
            self._needed.add(key)
            self.hypotheses.append(Hypothesis(relation, left, right, shown))

    def shown(self, node: Node) -> str:
        """Return the text of a formula in the notation of the request."""
        try:
            return render(node, self.notation, 1_000)
        except CalculusError as error:
            if error.reason is not Reason.LIMIT_EXCEEDED:
                raise
            return "..."

    def _positive(self, node: Node) -> Term:
        term = self._made[node.index]
        self.need("<", self.terms.number(0), term, f"{self.shown(node)} > 0")
        return term

    def _nonzero(self, node: Node) -> Term:
        term = self._made[node.index]
        self.need("<>", term, self.terms.number(0), f"{self.shown(node)} != 0")
        return term

    def _not_whole(self, node: Node) -> Term:
        term, text = self._made[node.index], self.shown(node)
        self.need("<", self.terms.make("floor", term), term, f"floor({text}) < {text}")
        return term

    def _inside(self, node: Node, low: int | None, high: int | None) -> Term:
        term, text = self._made[node.index], self.shown(node)
        if low is not None:
            self.need("<", self.terms.number(low), term, f"{text} > {low}")
        if high is not None:
            self.need("<", term, self.terms.number(high), f"{text} < {high}")
        return term

    def _term(self, node: Node) -> Term | None:
        """Return the term of a node whose arguments are translated; None for a condition, Inf and NaN."""
        op = node.op
        if op in COMPARISONS or op in ("&", "|", "!"):
            return None
        make = self.terms.make
        if op == "number":
            if not isfinite(node.value):
                return None
            return self.terms.number(decimal(float(node.value)))
        if op == "symbol":
            return self.terms.variable(node.name)
        if op == "pi":
            return make("pi")
        if op == "ifelse" and not all(map(real, node.args[1:])):
            holds = real(node.args[1])
            if holds == real(node.args[2]):
                raise NoCertificateError(INFINITE)
            self._condition(node.args[0], holds)
            return self._number(node.args[1 if holds else 2])
        if op == "ifelse":
            return self._choice(node.args[0], *[self._number(a) for a in node.args[1:]])
        args = [self._number(a) for a in node.args]
        if op == "add":
            total = args[0]
            for node_part, part in zip(node.args[1:], args[1:], strict=True):
                negative = node_part.op == "neg"
                total = make("sub", total, self._number(node_part.args[0])) if negative else make("add", total, part)
            return total
        if op == "mul":
            product = args[0]
            for part in args[1:]:
                product = make("mul", product, part)
            return product
        if op == "neg":
            return make("neg", args[0])
        if op == "div":
            return make("div", args[0], self._nonzero_unless_number(node.args[1]))
        if op == "pow":
            return self._power(node.args[0], node.args[1])
        return self._call(node, args)

    def _number(self, node: Node) -> Term:
        """Return the term of an argument; a condition is 1 where it holds, else 0."""
        found = self._made.get(node.index)
        if not real(node):
            raise NoCertificateError(INFINITE)
        if found is None:
            found = self._choice(node, self.terms.number(1), self.terms.number(0))
        return found

    def _nonzero_unless_number(self, node: Node) -> Term:
        term = self._number(node)
        if term.op == "number":
            if not term.value:
                raise NoCertificateError("it divides by 0")
            return term
        self.need("<>", term, self.terms.number(0), f"{self.shown(node)} != 0")
        return term

    def _power(self, base: Node, exponent: Node) -> Term:
        value = self._number(exponent)
        known = constant(value)
        if known is not None and known.denominator == 1:
            whole = known.numerator
            if abs(whole) > self.limit:
                raise NoCertificateError(f"it has a power of more than {self.limit}")
            return self.terms.power(self._nonzero_unless_number(base) if whole < 0 else self._number(base), whole)
        term = self._number(base)
        if term.op == "number" and term.value <= 0:
            raise NoCertificateError("it has a real power of a number that is not positive")
        return self.terms.make("rpower", self._positive(base), value)

    def _call(self, node: Node, args: Sequence[Term]) -> Term:
        op, make = node.op, self.terms.make
        first = node.args[0] if node.args else None
        values = [constant(arg) for arg in args]
        known = value_of_constants(self.terms, op, [v for v in values if v is not None]) if None not in values else None
        if known is not None:
            return known
        if op in SAME and first is not None:
            self._number(first)
            domain = DOMAINS.get(op)
            if domain is not None:
                domain(self, first)
            return make(SAME[op], *args)
        if op == "expm1":
            return make("sub", make("exp", args[0]), self.terms.number(1))
        if op == "log1p":
            assert first is not None
            return make("ln", make("add", self.terms.number(1), self._inside_from(first)))
        if op == "erfc":
            return make("sub", self.terms.number(1), make("erf", args[0]))
        if op in ("pmax", "pmin"):
            self._apart(node.args[0], node.args[1])
            return make(op[1:], *args)
        if op == "ceiling":
            assert first is not None
            opposite = make("neg", args[0])
            text = self.shown(first)
            self.need("<", make("floor", opposite), opposite, f"{text} < ceiling({text})")
            return make("neg", make("floor", opposite))
        if op == "held":
            raise NoCertificateError("it has a bound of double precision")
        raise NoCertificateError(f"{written(op)}() has no theory in Coq's libraries of real numbers")

    def _cosine(self, node: Node) -> Term:
        term = self._made[node.index]
        cosine = self.terms.make("cos", term)
        self.need("<>", cosine, self.terms.number(0), f"cos({self.shown(node)}) != 0")
        return term

    def _inside_from(self, node: Node) -> Term:
        term = self._number(node)
        one = self.terms.number(1)
        self.need("<", self.terms.number(0), self.terms.make("add", one, term), f"1 + {self.shown(node)} > 0")
        return term

    def _apart(self, left: Node, right: Node) -> tuple[Term, Term]:
        """Add the hypothesis that two sides of a comparison differ; return them."""
        u, v = self.of(left), self.of(right)
        self.need("<>", u, v, f"{self.shown(left)} != {self.shown(right)}")
        return u, v

    def _choice(self, test: Node, yes: Term, no: Term) -> Term:
        """Return the term that is `yes` where a condition holds, else `no`."""
        op, args = test.op, test.args
        if op == "!":
            return self._choice(args[0], no, yes)
        if op == "&":
            return self._choice(args[0], self._choice(args[1], yes, no), no)
        if op == "|":
            return self._choice(args[0], yes, self._choice(args[1], yes, no))
        if op not in COMPARISONS:
            raise NoCertificateError("a condition is not a comparison of two numbers")
        known = self._decided(test)
        if known is not None:
            return yes if known else no
        u, v = self._apart(*args)
        if op == "!=":
            yes, no = no, yes
        if op[0] == ">":
            u, v = v, u
        return self.terms.make("if", u, v, yes, no, payload={"!=": "=="}.get(op, op.replace(">", "<")))


DOMAINS: Final[dict[str, Callable[[Translation, Node], Term]]] = {
    "log": Translation._positive,
    "sqrt": Translation._positive,
    "abs": Translation._nonzero,
    "floor": Translation._not_whole,
    "sign": Translation._nonzero,
    "asin": lambda made, node: made._inside(node, -1, 1),
    "acos": lambda made, node: made._inside(node, -1, 1),
    "atanh": lambda made, node: made._inside(node, -1, 1),
    "acosh": lambda made, node: made._inside(node, 1, None),
    "tan": lambda made, node: made._cosine(node),
}


def real(node: Node) -> bool:
    """Whether a node is not Inf or NaN, as a number."""
    return node.op != "number" or isfinite(node.value)


def written(op: str) -> str:
    row = FUNCTIONS.get(op)
    return row.written if row is not None else op
