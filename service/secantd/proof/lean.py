"""The statements of a certificate for Lean 4 with Mathlib, with the proof that `walk` writes. Secant has no Lean to check it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from secantd.interrupt import checkpoint
from secantd.proof.lemmas import by_name, preamble
from secantd.proof.mathlib import RULES
from secantd.proof.reals import Term, below, coq_name
from secantd.proof.theorem import Theorem
from secantd.proof.walk import derived
from secantd.version import __version__

__all__ = ["lean_file"]

HEAD: Final = """\
-- Not checked by Secant, which has no Lean: run Lean 4 with Mathlib on this file.
-- Secant {version}. It states the theorems of the certificate for Coq: HasDerivAt f f' x is that f has the derivative f' at x.
-- Decimals are exact rational numbers, and u ^ (a : ℝ) is a power of a positive number. Where `field_simp` and `ring` fail to
-- prove that two forms of the derivative are equal, you have to complete the proof.
import Mathlib

namespace Secant

"""
LEMMAS: Final = by_name(RULES)
# Functions with their names in Lean: those of Mathlib, and four that the file defines.
CALLED: Final = {
    "exp": "Real.exp", "ln": "Real.log", "sqrt": "Real.sqrt", "sin": "Real.sin", "cos": "Real.cos", "tan": "Real.tan",
    "asin": "Real.arcsin", "acos": "Real.arccos", "atan": "Real.arctan", "sinh": "Real.sinh", "cosh": "Real.cosh",
    "tanh": "Real.tanh", "arcsinh": "Real.arsinh", "arccosh": "arccosh", "arctanh": "arctanh", "Rabs": "abs",
    "sign": "Real.sign", "erf": "erf", "floor": "floor", "max": "max", "min": "min",
}  # fmt: skip
WRITTEN: Final = {
    "pi": "Real.pi", "add": "({} + {})", "sub": "({} - {})", "mul": "({} * {})", "div": "({} / {})", "neg": "(-{})", "inv": "(1 / {})",
    "rpower": "({} ^ ({} : ℝ))", **{op: f"({name}{' {}' * (1 + (op in ('max', 'min')))})" for op, name in CALLED.items()},
}  # fmt: skip
RELATIONS: Final = {"<": "<", "<=": "≤", "==": "=", "<>": "≠"}
# Pieces of a text between two looks at the time limit.
PACE: Final = 1_024
ENDING: Final = """\
  first
    | with_reducible rfl
    | (field_simp; ring)
    | field_simp
    | ring
    | (simp; ring)
    | (split_ifs <;> first | (field_simp; ring) | field_simp | ring)
"""


def lean_file(theorems: Sequence[Theorem]) -> str:
    """Return the file.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> x = t.variable("x")
    >>> text = lean_file([Theorem("d", t, t.make("exp", x), t.make("exp", x), "x")])
    >>> print(text[text.index("theorem d ") : text.index(" := by", text.index("theorem d "))])
    theorem d (v_x : ℝ) :
        HasDerivAt (fun v_x : ℝ => (Real.exp v_x)) (Real.exp v_x) v_x
    """
    body = "\n".join([Printer(theorem).stated() for theorem in theorems])
    lemmas = preamble(body, LEMMAS).replace("\ntheorem", "\n\ntheorem").replace("\nnoncomputable", "\n\nnoncomputable")
    return f"{HEAD.format(version=__version__)}{lemmas}\n{body}\nend Secant\n"


def number(value: Fraction) -> str:
    """Return a rational number as a real one."""
    return f"({value.numerator} : ℝ)" if value.denominator == 1 else f"({value.numerator} / {value.denominator} : ℝ)"


def pattern(term: Term) -> str:
    """Return the text of an operation with {} for each argument."""
    op = term.op
    if op == "number":
        return number(term.value)
    if op == "variable":
        return coq_name(term.name)
    if op == "pow":
        return f"({{}} ^ {term.exponent})"
    if op == "if":
        return f"(if {{}} {RELATIONS[term.name]} {{}} then {{}} else {{}})"
    return WRITTEN[op]


class Printer:
    """Prints one theorem.

    Args:
        theorem: The theorem.
    """

    def __init__(self, theorem: Theorem) -> None:
        self.theorem = theorem
        self.given = {(h.relation, h.left.index, h.right.index): f"h{i}" for i, h in enumerate(theorem.hypotheses, 1)}

    def text(self, term: Term) -> str:
        """Return the text of a term, in brackets."""
        pieces: list[str] = []
        stack: list[Term | str] = [term]
        while stack:
            part = stack.pop()
            if isinstance(part, str):
                pieces.append(part)
                continue
            if not len(pieces) % PACE:
                checkpoint()
            between = pattern(part).split("{}")
            pieces.append(between[0])
            for arg, piece in zip(reversed(part.args), reversed(between[1:]), strict=True):
                stack += [piece, arg]
        return "".join(pieces)

    def relation(self, sign: str, left: Term, right: Term) -> str:
        """Return the text of a relation."""
        return f"{self.text(left)} {RELATIONS[sign]} {self.text(right)}"

    def proof(self, relation: str, left: Term, right: Term) -> str:
        """Return the proof of a condition: a hypothesis, or a tactic that decides what follows from hypotheses."""
        u, v = left.index, right.index
        ways = [((relation, u, v), "")]
        if relation == "<>":
            ways += [(("<>", v, u), ".symm"), (("<", u, v), ".ne"), (("<", v, u), ".ne'")]
        for key, ending in ways:
            if key in self.given:
                return f"{self.given[key]}{ending}"
        return f"(show {self.relation(relation, left, right)} by side)"

    def stated(self) -> str:
        """Return the theorem with its proof."""
        theorem = self.theorem
        variables = f" ({' '.join(map(coq_name, theorem.variables))} : ℝ)" if theorem.variables else ""
        given = "".join([
            f"\n    (h{i} : {self.relation(h.relation, h.left, h.right)})" for i, h in enumerate(theorem.hypotheses, 1)
        ])  # fmt: skip
        f, claim = self.text(theorem.f), self.text(theorem.claim)
        begin = f"theorem {theorem.name}{variables}{given} :\n   "
        if not theorem.variable:
            return f"{begin} {f} = {claim} := by\n{self.ending(theorem.f)}"
        x = coq_name(theorem.variable)
        walked = derived(theorem.terms, theorem.f, theorem.terms.variable(theorem.variable), self.proof)
        function = f"HasDerivAt (fun {x} : ℝ => {f})"
        return (
            f"{begin} {function} {claim} {x} := by\n"
            f"  have d : {function} {self.text(walked.term)} {x} :=\n    {walked.proof}\n"
            f"  refine d.congr_deriv ?_\n{self.ending(walked.term)}"
        )

    def ending(self, left: Term) -> str:
        """Return the proof that a term equals the claim; signs are quotients there."""
        zero = self.theorem.terms.number(0)
        signs = [t.args[0] for t in reversed(below([left, self.theorem.claim])) if t.op == "sign"]
        rewritten = [f"  rw [sign_over {self.text(u)} {self.proof('<>', u, zero)}]\n" for u in signs]
        return "".join([*rewritten, ENDING])
