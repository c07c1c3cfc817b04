"""A reader of certificates for Lean: what a file states, as the terms that `reader` makes of a file for Coq.

Terms there are in brackets throughout, so that no rule of precedence matters. Nothing is shared with the printer.
"""

import re
from fractions import Fraction

from .grammar import Definition, ReadError, Term, Tokens, substituted
from .reader import Statement

__all__ = ["read_lean"]

TOKEN = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w.']*|∫)|\s*(?P<number>\d+)|\s*(?P<sign>=>|\.\.|[-+*/^():,=<≤≠ℝ])", re.ASCII
)
OPERATIONS = frozenset("+-*/")
RELATIONS = {"<": "<", "≤": "<=", "=": "=", "≠": "<>"}
# Names of Mathlib by those of Coq, and with how many arguments.
NAMES = {
    "Real.log": "ln", "Real.arcsin": "asin", "Real.arccos": "acos", "Real.arctan": "atan", "Real.arsinh": "arcsinh", "abs": "Rabs",
    "Int.floor": "Int_part",
    **{f"Real.{name}": name for name in ("exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sign")},
}  # fmt: skip
PAIRS = {"max": "Rmax", "min": "Rmin"}
STATED = re.compile(r"theorem (\w+)(?: \(([^():]*) : ℝ\))?((?:\n    \(h\d+ : .*\))*) :\n    (.*) := by\n((?:  .*\n)+)")
DEFINED = re.compile(r"noncomputable def (\w+) \((\w+) : ℝ\) : ℝ := (.*)\n")
# The rules, which are theorems about functions.
RULE = re.compile(r"theorem (?:d_\w+|sign_over) \((?:.|\n)*?(?=\n\n)")
BEGIN = re.compile(r"(?:-- .*\n)+import Mathlib\n\nnamespace Secant\n\n")
SIDE = re.compile(r"macro \"side\" : tactic => `\(tactic\| first\n(?:  \| [\w ().;]+\n)+  \| nlinarith\)\n")


class LeanTokens(Tokens):
    """The tokens of a term in Lean."""

    pattern = TOKEN

    def atom(self) -> Term:
        """Read a name, a number, or a term in brackets."""
        kind = self.kind()
        word = self.take()
        if kind == "name":
            if word in NAMES or word in PAIRS or word in self.definitions:
                raise ReadError(f"{word} without an argument")
            return "PI" if word == "Real.pi" else word
        if kind == "number":
            return Fraction(word)
        if word != "(":
            raise ReadError(f"{word} where a term is expected")
        found = self.term()
        if self.peek() == ":":
            self.take(":")
            self.take("ℝ")
        self.take(")")
        return found

    def term(self) -> Term:
        """Read one operation."""
        word = self.peek()
        if word == "-":
            self.take()
            inner = self.atom()
            if self.peek() != "/":
                return ("neg", inner)
            # -1 / 2, the one place without brackets: a sign binds more strongly.
            return (self.take(), ("neg", inner), self.atom())
        if word == "if":
            self.take()
            sign, u, v = self.relation()
            self.take("then")
            yes = self.atom()
            self.take("else")
            return ("if", sign, u, v, yes, self.atom())
        if word == "∫":
            self.take()
            bound = self.take()
            self.take("in")
            low = self.atom()
            self.take("..")
            high = self.atom()
            self.take(",")
            return ("RInt", ("fun", bound, self.term()), low, high)
        if word in NAMES:
            self.take()
            return (NAMES[word], self.atom())
        if word in PAIRS:
            self.take()
            return (PAIRS[word], self.atom(), self.atom())
        if word in self.definitions:
            self.take()
            made = self.definitions[word]
            return substituted(made.body, {made.parameters[0]: self.atom()})
        left = self.atom()
        if self.peek() in OPERATIONS:
            return (self.take(), left, self.atom())
        if self.peek() == "^":
            self.take()
            return ("Rpower" if self.peek() == "(" else "^", left, self.atom())
        return left

    def relation(self) -> tuple[str, Term, Term]:
        """Read two terms and a sign between them."""
        left = self.atom()
        return RELATIONS[self.take(*RELATIONS)], left, self.atom()

    def conclusion(self) -> Term:
        """Read HasDerivAt (fun x : ℝ => f) claim x, or an equation."""
        if self.peek() != "HasDerivAt":
            return self.relation()
        for word in ("HasDerivAt", "(", "fun"):
            self.take(word)
        bound = self.take()
        for word in (":", "ℝ", "=>"):
            self.take(word)
        f = self.atom()
        self.take(")")
        claim = self.atom()
        return ("is_derive", ("fun", bound, f), self.atom(), claim)


def read_lean(text: str) -> dict[str, Statement]:
    """Return what a file for Lean states, by name.

    Raises:
        ReadError: It has something that is no part of a certificate.
    """
    begin = BEGIN.match(text)
    if begin is None or not text.endswith("\nend Secant\n"):
        raise ReadError("the beginning or the end is not that of a certificate")
    rest = RULE.sub("", SIDE.sub("", text[begin.end() : -len("end Secant\n")], count=1))
    definitions: dict[str, Definition] = {}
    for name, parameter, body in DEFINED.findall(rest):
        tokens = LeanTokens(body, definitions)
        found = tokens.atom()
        tokens.end()
        definitions[name] = Definition(name, (parameter,), found)
    rest = DEFINED.sub("", rest)
    theorems: dict[str, Statement] = {}
    for match in STATED.finditer(rest):
        name, variables, given, conclusion, proof = match.groups()
        if re.search(r"\b(?:sorry|admit|axiom|native_decide)\b", proof):
            raise ReadError("an assumption in a proof")
        hypotheses = []
        for line in re.findall(r"\(h\d+ : (.*)\)", given):
            tokens = LeanTokens(line, definitions)
            hypotheses.append(tokens.relation())
            tokens.end()
        tokens = LeanTokens(conclusion, definitions)
        if name in theorems:
            raise ReadError(f"two theorems {name}")
        theorems[name] = Statement(name, tuple((variables or "").split()), tuple(hypotheses), tokens.conclusion())
        tokens.end()
    if left := STATED.sub("", rest).strip():
        raise ReadError(f"beyond a certificate: {left[:80]!r}")
    return theorems
