"""Whether a statement of a certificate is what was asked: the same form, and the same values at random points.

A form is a term without what a printer is free to choose: a - b is a + (-1) b, a/b is a b^(-1), sums and products have no order, tan is
sin/cos. Nothing else is simplified: x + x is not 2 x, and 0 x is not 0.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

import mpmath
from secantd.expression import Graph, Node, reachable
from secantd.expression.decimals import decimal
from secantd.language.expansion import expanded

from .grammar import ReadError, Term, names

__all__ = ["Forms", "alike", "points_of", "value"]

UNARY = {
    "exp": "exp", "log": "ln", "sin": "sin", "cos": "cos", "asin": "asin", "acos": "acos", "atan": "atan", "abs": "Rabs", "asinh": "arcsinh",
    "acosh": "arccosh", "atanh": "arctanh", "sign": "sign", "erf": "erf", "floor": "Int_part",
}  # fmt: skip
WRITTEN_OUT = ("sqrt", "tan", "sinh", "cosh", "tanh")
# Functions that keep their name; all others are replaced by the meaning in the table of functions.
KNOWN = frozenset(
    (
        *UNARY,
        *WRITTEN_OUT,
        "add",
        "mul",
        "neg",
        "div",
        "pow",
        "pi",
        "ifelse",
        "pmax",
        "pmin",
        "ceiling",
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "!=",
    )
)
# What functions of numbers are: numbers, the truth of relations, None where whole numbers do not define them.
CONSTANT: dict[str, Callable[..., Fraction | int | bool | None]] = {
    "floor": math.floor, "ceiling": math.ceil, "abs": abs, "pmax": max, "pmin": min,
    "sign": lambda a: (a > 0) - (a < 0), "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "gamma": lambda a: math.factorial(int(a) - 1) if a == int(a) and a > 0 else None,
    "choose": lambda n, k: math.comb(int(n), int(k)) if n == int(n) and k == int(k) and min(n, k) >= 0 else None,
}  # fmt: skip
DIGITS = 40
CLOSE = mpmath.mpf(10) ** -25


class Forms:
    """Forms as numbers: equal forms have the same number."""

    def __init__(self, columns: Mapping[str, Any] | None = None) -> None:
        self.columns = columns or {}
        self.keys: dict[tuple[Any, ...], int] = {}
        self.list: list[tuple[Any, ...]] = []

    def made(self, *key: Any) -> int:
        if key not in self.keys:
            self.keys[key] = len(self.list)
            self.list.append(key)
        return self.keys[key]

    def number(self, value: Fraction | int) -> int:
        return self.made("number", Fraction(value))

    def is_number(self, form: int) -> Fraction | None:
        key = self.list[form]
        return key[1] if key[0] == "number" else None

    def parts(self, kind: str, forms: Iterable[int]) -> list[int]:
        found: list[int] = []
        for form in forms:
            found += self.list[form][1] if self.list[form][0] == kind else [form]
        return found

    def sum(self, *forms: int) -> int:
        total, kept = Fraction(0), []
        count = 0
        for form in self.parts("sum", forms):
            if (value := self.is_number(form)) is not None:
                total, count = total + value, count + 1
            else:
                kept.append(form)
        if not kept:
            return self.number(total)
        # A zero that is written stays: 0 + x has the form of x + 0, not of x.
        kept += [self.number(total)] * (count > 0)
        return kept[0] if len(kept) == 1 else self.made("sum", tuple(sorted(kept)))

    def product(self, *forms: int) -> int:
        total, kept = Fraction(1), []
        for form in self.parts("product", forms):
            if (value := self.is_number(form)) is not None:
                total *= value
            else:
                kept.append(form)
        if not kept:
            return self.number(total)
        kept += [self.number(total)] * (total != 1)
        return kept[0] if len(kept) == 1 else self.made("product", tuple(sorted(kept)))

    def power(self, base: int, exponent: Fraction) -> int:
        key = self.list[base]
        if exponent == 1:
            return base
        if exponent.denominator == 1:
            if key[0] == "number" and (key[1] or exponent > 0):
                return self.number(key[1] ** int(exponent))
            if key[0] == "product":
                return self.product(*(self.power(part, exponent) for part in key[1]))
            if key[0] == "power" and key[2].denominator == 1:
                return self.power(key[1], key[2] * exponent)
        return self.made("power", base, exponent)

    def negative(self, form: int) -> int:
        return self.product(self.number(-1), form)

    def inverse(self, form: int) -> int:
        return self.power(form, Fraction(-1))

    def call(self, name: str, *arguments: int) -> int:
        """Return the form of a function by its name in Coq."""
        a = arguments[0]
        if name == "sqrt":
            return self.power(a, Fraction(1, 2))
        if name == "tan":
            return self.product(self.call("sin", a), self.inverse(self.call("cos", a)))
        if name == "tanh":
            return self.product(self.call("sinh", a), self.inverse(self.call("cosh", a)))
        if name in ("sinh", "cosh"):
            other = self.call("exp", self.negative(a))
            whole = self.sum(self.call("exp", a), self.negative(other) if name == "sinh" else other)
            return self.product(whole, self.number(Fraction(1, 2)))
        if name == "Rpower":
            exponent = self.is_number(arguments[1])
            if exponent is not None:
                return self.power(a, exponent)
            return self.call("exp", self.product(arguments[1], self.call("ln", a)))
        if name == "arccosh":
            root = self.call("sqrt", self.sum(self.power(a, Fraction(2)), self.number(-1)))
            return self.made("ln", self.sum(a, root))
        if name == "arctanh":
            one = self.number(1)
            inner = self.product(self.sum(one, a), self.inverse(self.sum(one, self.negative(a))))
            return self.product(self.made("ln", inner), self.number(Fraction(1, 2)))
        if name == "erf":
            t = self.made("bound", 0)
            bell = self.call("exp", self.negative(self.power(t, Fraction(2))))
            whole = self.made("RInt", bell, self.number(0), a)
            return self.product(self.number(2), self.inverse(self.call("sqrt", self.made("PI"))), whole)
        if name == "Rsqr":
            return self.power(a, Fraction(2))
        if name == "exp":
            # exp(b ln a) with a number b is a power.
            inside = self.parts("product", [a])
            logs = [form for form in inside if self.list[form][0] == "ln"]
            rest = [form for form in inside if form not in logs]
            if len(logs) == 1 and all(self.is_number(form) is not None for form in rest):
                return self.power(self.list[logs[0]][1], self.is_number(self.product(*rest)) if rest else Fraction(1))
        return self.made(name, *arguments)

    def of_term(self, term: Term, given: Mapping[str, int]) -> int:
        """Return the form of a term that was read from a certificate."""
        if isinstance(term, Fraction):
            return self.number(term)
        if isinstance(term, str):
            if term == "PI":
                return self.made("PI")
            if term not in given:
                raise ReadError(f"an unknown name {term}")
            return given[term]
        op = term[0]
        if op == "fun":
            raise ReadError("a function where a number is expected")
        if op == "RInt":
            bound = self.made("bound", 0)
            if bound in given.values():
                raise ReadError("an integral in an integral")
            body = self.of_term(term[1][2], {**given, term[1][1]: bound})
            return self.made("RInt", body, self.of_term(term[2], given), self.of_term(term[3], given))
        if op == "if":
            sides = [self.of_term(part, given) for part in term[2:]]
            return self.made("if", term[1], *sides)
        inside = [self.of_term(part, given) for part in term[1:]]
        if op == "+":
            return self.sum(*inside)
        if op == "-":
            return self.sum(inside[0], self.negative(inside[1]))
        if op == "*":
            return self.product(*inside)
        if op == "/":
            return self.product(inside[0], self.inverse(inside[1]))
        if op == "neg":
            return self.negative(inside[0])
        if op == "inv":
            return self.inverse(inside[0])
        if op in ("^", "powerRZ"):
            exponent = self.is_number(inside[1])
            if exponent is None or exponent.denominator != 1 or (op == "^" and exponent < 0):
                raise ReadError("the exponent of ^ is no number")
            return self.made("one", inside[0]) if exponent == 0 else self.power(inside[0], exponent)
        return self.call(op, *inside)

    def of_node(self, node: Node, given: Mapping[str, int]) -> int:
        """Return the form of an expression, with the meaning of its functions and sums over data written out."""
        graph = Graph()
        graph.columns.update(self.columns)
        (whole,) = expanded(graph, [node], KNOWN)
        made: dict[int, list[int]] = {}
        for n in reachable([whole]):
            if n.op == "data":
                made[n.index] = [self.number(decimal(v)) for v in self.columns[n.name].tolist()]
            elif n.op in ("sum", "prod"):
                (rows,) = [made[a.index] for a in n.args]
                made[n.index] = [self.sum(*rows) if n.op == "sum" else self.product(*rows)]
            else:
                columns = [made[a.index] for a in n.args]
                count = max([len(c) for c in columns], default=1)
                made[n.index] = [self.operation(n, [c[i % len(c)] for c in columns], given) for i in range(count)]
        (form,) = made[whole.index]
        return form

    def chosen(self, test: int | bool, yes: int, no: int) -> int:
        """Return the form of a choice."""
        if isinstance(test, bool):
            return yes if test else no
        op, *rest = self.list[test]
        if op in ("&", "|"):
            u, v = rest
            return (
                self.chosen(u, self.chosen(v, yes, no), no)
                if op == "&"
                else self.chosen(u, yes, self.chosen(v, yes, no))
            )
        if op != "test":
            return self.made("ifelse", test, yes, no)
        relation, u, v = rest
        if relation == "!=":
            yes, no = no, yes
        return self.made("if", {"==": "=", "!=": "="}.get(relation, relation), u, v, yes, no)

    def of_constants(self, op: str, inside: list[int]) -> int | bool | None:
        """Return the form of a function of numbers that whole numbers define, or whether a condition holds; None for others."""
        if op in ("&", "|"):
            known = [form for form in inside if isinstance(form, bool)]
            return (all(known) if op == "&" else any(known)) if len(known) == len(inside) else None
        values = [None if isinstance(form, bool) else self.is_number(form) for form in inside]
        if None in values or op not in CONSTANT:
            return None
        found = CONSTANT[op](*values)
        return found if isinstance(found, bool | None) else self.number(found)

    def operation(self, n: Node, inside: list[int], given: Mapping[str, int]) -> int:
        half = self.is_number(inside[0]) if n.op in ("gamma", "lgamma") else None
        if half is not None and half.denominator == 2 and half > 0:
            # Gamma of k + 1/2 by its recursion from 1/2.
            product = math.prod([Fraction(2 * i + 1, 2) for i in range(int(half))], start=Fraction(1))
            value = self.product(self.number(product), self.call("sqrt", self.made("PI")))
            return value if n.op == "gamma" else self.made("ln", value)
        if n.op == "lgamma":
            inner = self.of_constants("gamma", inside)
            return inner if inner is None else self.number(0) if self.is_number(inner) == 1 else self.made("ln", inner)
        nowhere = self.keys.get(("no number",))
        if n.op == "ifelse" and not isinstance(inside[0], bool) and nowhere in inside[1:]:
            # That a formula has a value is a hypothesis.
            return inside[2 if inside[1] == nowhere else 1]
        known = self.of_constants(n.op, inside)
        if known is not None:
            return known
        if n.op == "number":
            return self.number(decimal(n.value)) if math.isfinite(n.value) else self.made("no number")
        if n.op == "symbol":
            return given[n.name]
        if n.op == "pi":
            return self.made("PI")
        if n.op == "add":
            return self.sum(*inside)
        if n.op == "mul":
            return self.product(*inside)
        if n.op == "neg":
            return self.negative(inside[0])
        if n.op == "div":
            return self.product(inside[0], self.inverse(inside[1]))
        if n.op == "pow":
            exponent = self.is_number(inside[1])
            if exponent is None:
                return self.call("Rpower", *inside)
            return self.made("one", inside[0]) if exponent == 0 else self.power(inside[0], exponent)
        if n.op == "ceiling":
            return self.negative(self.call("Int_part", self.negative(inside[0])))
        if n.op == "erfc":
            return self.sum(self.number(1), self.negative(self.call("erf", *inside)))
        if n.op in ("<", "<=", ">", ">=", "==", "!="):
            # A relation, with its sides in the order of Coq's decisions.
            u, v = inside if n.op[0] != ">" else inside[::-1]
            return self.made("test", n.op.replace(">", "<"), u, v)
        if n.op == "ifelse":
            return self.chosen(*inside)
        if n.op in ("pmax", "pmin"):
            return self.made("Rmax" if n.op == "pmax" else "Rmin", *inside)
        if n.op in UNARY or n.op in WRITTEN_OUT:
            return self.call(UNARY.get(n.op, n.op), *inside)
        return self.made(n.op, *inside)


def alike(term: Term, node: Node, called: Mapping[str, str], columns: Mapping[str, Any] | None = None) -> bool:
    """Return whether a term has the form of an expression.

    Args:
        term: A term of a certificate.
        node: An expression of a request.
        called: What the variables of the request are called in the certificate.
        columns: The data of the request.
    """
    forms = Forms(columns)
    variables = {name: forms.made("variable", name) for name in called}
    mine = forms.of_node(node, variables)
    theirs = forms.of_term(term, {written: variables[name] for name, written in called.items()})
    return mine == theirs


def value(term: Term, at: Mapping[str, Any]) -> Any:
    """Return the value of a term or the truth of a relation with 40 digits, as Coq defines it where that is usual; NaN elsewhere."""
    mp = MP
    if isinstance(term, Fraction):
        return mp.mpf(term.numerator) / term.denominator
    if isinstance(term, str):
        return +mp.pi if term == "PI" else at[term]
    op = term[0]
    if op == "RInt":
        low, high = value(term[2], at), value(term[3], at)
        return mp.quad(lambda t: value(term[1][2], {**at, term[1][1]: t}), [low, high])
    if op == "if":
        u, v, yes, no = [value(part, at) for part in term[2:]]
        return yes if {"<": u < v, "<=": u <= v, "=": u == v}[term[1]] else no
    inside = [value(part, at) for part in term[1:]]
    a = inside[0]
    b = inside[1] if len(inside) > 1 else None
    nan = mp.nan
    try:
        result = {
            "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "neg": lambda: -a, "inv": lambda: 1 / a,
            "^": lambda: a ** int(b), "powerRZ": lambda: a ** int(b), "exp": lambda: mp.exp(a), "ln": lambda: mp.log(a) if a > 0 else nan,
            "sqrt": lambda: mp.sqrt(a) if a >= 0 else nan, "sin": lambda: mp.sin(a), "cos": lambda: mp.cos(a), "tan": lambda: mp.tan(a),
            "asin": lambda: mp.asin(a) if abs(a) <= 1 else nan, "acos": lambda: mp.acos(a) if abs(a) <= 1 else nan,
            "atan": lambda: mp.atan(a), "sinh": lambda: mp.sinh(a), "cosh": lambda: mp.cosh(a), "tanh": lambda: mp.tanh(a),
            "arcsinh": lambda: mp.asinh(a), "Rabs": lambda: abs(a), "Int_part": lambda: mp.floor(a), "Rsqr": lambda: a * a, "sign": lambda: mp.sign(a),
            "Rmax": lambda: max(a, b), "Rmin": lambda: min(a, b), "Rpower": lambda: mp.exp(b * mp.log(a)) if a > 0 else nan,
            "<": lambda: a < b, "<=": lambda: a <= b, ">": lambda: a > b, ">=": lambda: a >= b, "=": lambda: a == b, "<>": lambda: a != b,
            "/\\": lambda: a and b, "\\/": lambda: a or b, "~": lambda: not a,
        }[op]()  # fmt: skip
    except ZeroDivisionError:
        return nan
    return result


MP = mpmath.mp.clone()
MP.dps = DIGITS


# Where hypotheses are about large numbers.
FAR = ((90.0, 2000.0),) * 40


def points_of(
    statement_variables: Sequence[str], hypotheses: Sequence[Term], count: int = 3, seed: int = 0
) -> list[dict[str, Any]]:
    """Return points at which hypotheses hold, fewer than `count` if few are found."""
    chance = Random(seed)
    found: list[dict[str, Any]] = []
    for low, high in ((0.2, 0.9), (1.1, 2.9), (-3.0, 3.0), (0.01, 0.3), (-1.0, 0.0), (3.0, 12.0)) * 40 + FAR:
        if low == FAR[0][0] and found:
            break
        at = {name: MP.mpf(chance.uniform(low, high)) for name in statement_variables}
        if all(value(hypothesis, at) is True or value(hypothesis, at) == True for hypothesis in hypotheses):  # noqa: E712
            found.append(at)
            if len(found) == count:
                break
    return found


def free(term: Term) -> set[str]:
    """Return the names of a term that are variables."""
    return names(term) - {"PI"}
