"""Terms over the real numbers and their text in Coq.

Terms are hash-consed as nodes are, and numbered in order of creation, so that every walk is a loop.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from secantd.interrupt import paced

__all__ = ["COMPARED", "NAMED", "Term", "Terms", "below", "comment", "coq_name", "coq_number", "coq_text"]

# Functions of one argument by their names in Coq: Reals, Coquelicot's sign, and those of our preamble.
NAMED: Final = frozenset({
    "exp", "ln", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh",
    "Rabs", "sign", "erf", "floor",
})  # fmt: skip
# Choices of our preamble by their comparison.
COMPARED: Final = {"<": "if_less", "<=": "if_at_most", "==": "if_equal"}
# Binding strengths in Coq's grammar of real numbers: the smaller the tighter.
ATOM, CALL, POWER, SIGN, PRODUCT, SUM = 0, 10, 30, 35, 40, 50

Payload = Fraction | str | int | None


class Term:
    """A real number.

    Attributes:
        op: "number", "variable", "pi", "add", "sub", "mul", "div", "neg", "inv", "pow" (to a natural number), "rpower" (to a
            real number), "local" (a number that a proof names), "max", "min", "if" (arguments u, v, a, b: a where u compares with v, else b), or one of NAMED.
        args: The arguments.
        payload: The value of a number, the name of a variable, the exponent of "pow", the comparison of "if".
        index: The position among the terms; arguments have smaller ones.
        size: The number of nodes when it is written out, without sharing.
    """

    __slots__ = ("args", "index", "op", "payload", "size")

    def __init__(self, op: str, args: tuple["Term", ...], payload: Payload, index: int) -> None:
        self.op = op
        self.args = args
        self.payload = payload
        self.index = index
        self.size: int = 1 + sum([a.size for a in args])

    @property
    def value(self) -> Fraction:
        """The value of a number."""
        assert isinstance(self.payload, Fraction)
        return self.payload

    @property
    def name(self) -> str:
        """The name of a variable, or the comparison of an "if"."""
        assert isinstance(self.payload, str)
        return self.payload

    @property
    def exponent(self) -> int:
        """The exponent of a "pow"."""
        assert isinstance(self.payload, int)
        return self.payload


class Terms:
    """Makes terms; equal ones are one object.

    >>> t = Terms()
    >>> coq_text(t.make("add", t.variable("x"), t.make("mul", t.number(2), t.make("exp", t.variable("x")))))
    'v_x + 2 * exp v_x'
    """

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self._interned: dict[object, Term] = {}

    def make(self, op: str, *args: Term, payload: Payload = None) -> Term:
        """Return the term of an operation; only the sign of a positive number is computed: Coq takes -0 for another term than 0."""
        if op == "neg" and args[0].op == "number" and args[0].value > 0:
            return self.number(-args[0].value)
        key = (op, args, payload)
        found = self._interned.get(key)
        if found is None:
            found = self._interned[key] = Term(op, args, payload, len(self.terms))
            self.terms.append(found)
        return found

    def number(self, value: Fraction | int) -> Term:
        """Return the term of a rational number."""
        return self.make("number", payload=Fraction(value))

    def variable(self, name: str) -> Term:
        """Return the term of a variable with the name that the author gave it."""
        return self.make("variable", payload=name)

    def power(self, base: Term, exponent: int) -> Term:
        """Return a whole power; those with negative exponents are inverses."""
        if exponent < 0:
            return self.make("inv", self.power(base, -exponent))
        return self.make("pow", base, payload=exponent)


def below(terms: Iterable[Term]) -> list[Term]:
    """Return terms with all their parts, parts first.

    >>> t = Terms()
    >>> [part.op for part in below([t.make("exp", t.make("neg", t.variable("x")))])]
    ['variable', 'neg', 'exp']
    """
    seen: dict[int, Term] = {}
    stack = list(terms)
    while stack:
        term = stack.pop()
        if term.index not in seen:
            seen[term.index] = term
            stack.extend(term.args)
    return [seen[i] for i in sorted(seen)]


def coq_name(name: str) -> str:
    """Return the identifier of a variable: v_ and its name, in which each character but letters, digits and _ of ASCII is
    its code between two quotes. No keyword begins so, and different names remain different.

    >>> coq_name("x"), coq_name("forall"), coq_name("sd.log"), coq_name("\N{GREEK SMALL LETTER MU}")
    ('v_x', 'v_forall', "v_sd'2e'log", "v_'3bc'")
    """
    return "v_" + "".join([c if c.isascii() and (c.isalnum() or c == "_") else f"'{ord(c):x}'" for c in name])


def comment(text: str) -> str:
    """Return a text as it may stand in a comment of Coq: in ASCII, and nothing in it opens or closes a comment or a string.

    >>> comment('2*(*x*)"'), comment("\N{GREEK SMALL LETTER MU}")
    ("2*( *x* )'", '\\\\u03bc')
    """
    shown = "".join([c if " " <= c <= "~" else " " if c.isspace() else f"\\u{ord(c):04x}" for c in text])
    shown = shown.replace('"', "'")
    while "(*" in shown or "*)" in shown:
        shown = shown.replace("(*", "( *").replace("*)", "* )")
    return shown


def coq_number(value: Fraction) -> tuple[str, int]:
    """Return the text of a rational number and how tightly it binds.

    >>> coq_number(Fraction(-3, 4)), coq_number(Fraction(-3))
    (('(-3 / 4)', 0), ('(-3)', 0))
    """
    if value.denominator == 1:
        return (str(value.numerator), ATOM) if value >= 0 else (f"({value.numerator})", ATOM)
    return f"({value.numerator} / {value.denominator})", ATOM


BINARY: Final = {
    "add": (" + ", SUM, SUM, SUM - 1), "sub": (" - ", SUM, SUM, SUM - 1),
    "mul": (" * ", PRODUCT, PRODUCT, PRODUCT - 1), "div": (" / ", PRODUCT, PRODUCT, PRODUCT - 1),
}  # fmt: skip
CALLED: Final = {"rpower": "Rpower", "max": "Rmax", "min": "Rmin"}


def coq_text(term: Term) -> str:
    """Return the text of a term in Coq's scope of real numbers.

    >>> t = Terms()
    >>> coq_text(t.make("neg", t.power(t.make("sub", t.variable("x"), t.number(1)), 2)))
    '- (v_x - 1) ^ 2'
    """
    made: dict[int, tuple[str, int]] = {}

    def bracketed(part: Term, loosest: int) -> str:
        text, level = made[part.index]
        return text if level <= loosest else f"({text})"

    for part in paced(below([term])):
        op, args = part.op, part.args
        if op == "number":
            made[part.index] = coq_number(part.value)
        elif op == "variable":
            made[part.index] = coq_name(part.name), ATOM
        elif op == "pi":
            made[part.index] = "PI", ATOM
        elif op == "local":
            made[part.index] = part.name, ATOM
        elif op in BINARY:
            sign, level, left, right = BINARY[op]
            made[part.index] = bracketed(args[0], left) + sign + bracketed(args[1], right), level
        elif op == "neg" or op == "inv":
            made[part.index] = ("- " if op == "neg" else "/ ") + bracketed(args[0], POWER), SIGN
        elif op == "pow":
            made[part.index] = f"{bracketed(args[0], CALL)} ^ {part.exponent}", POWER
        else:
            name = COMPARED[part.name] if op == "if" else CALLED.get(op, op)
            called = " ".join([name, *[bracketed(a, ATOM) for a in args]])
            made[part.index] = called, CALL
    return made[term.index][0]
