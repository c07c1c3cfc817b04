"""The statements of a certificate for Lean 4 with Mathlib, with a proof by the same walk. Secant has no Lean to check it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from secantd.interrupt import paced
from secantd.proof.reals import Term, below, coq_name
from secantd.proof.terms import Hypothesis
from secantd.version import __version__

__all__ = ["LeanTheorem", "lean_file"]

HEAD: Final = """\
-- Not checked by Secant, which has no Lean: run Lean 4 with Mathlib on this file.
-- Secant {version}. It states the theorems of the certificate for Coq: HasDerivAt f f' x is that f has the derivative f' at x.
-- Decimals are exact rational numbers, u ^ (a : R) is a power of a positive number, and tanh u is sinh u / cosh u. Where `field_simp`
-- and `ring` do not prove that two forms of the derivative are equal, that is left to the reader.
import Mathlib

"""
# Functions with their names in Mathlib and the method of HasDerivAt.
NAMES: Final = {
    "exp": "exp", "ln": "log", "sqrt": "sqrt", "sin": "sin", "cos": "cos", "tan": "tan", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "sinh": "sinh", "cosh": "cosh",
}  # fmt: skip
SIGNS: Final = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
# Rules that need no condition, and those whose argument must not be 0.
PLAIN: Final = frozenset({"exp", "sin", "cos", "atan", "sinh", "cosh"})
NONZERO: Final = frozenset({"ln", "sqrt"})
ENDING: Final = """\
  first
    | (field_simp; ring)
    | field_simp
    | ring
    | (simp; ring)
"""


@dataclass(frozen=True, slots=True)
class LeanTheorem:
    """A statement: that `claim` is the derivative of f with respect to a variable, with "" that it equals f."""

    name: str
    f: Term
    claim: Term
    variable: str
    hypotheses: Sequence[Hypothesis]
    variables: Sequence[str]


Condition = Callable[[Term], str]


class BeyondError(Exception):
    """A function has no rule in the walk for Lean."""


def lean_file(theorems: Sequence[LeanTheorem]) -> str:
    """Return the file; "" if a function has no rule here.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> x = t.variable("x")
    >>> text = lean_file([LeanTheorem("d", t.make("exp", x), t.make("exp", x), "x", (), ("x",))])
    >>> print(text[text.index("theorem d") : text.index(" := by")])
    theorem d (v_x : ℝ) :
        HasDerivAt (fun v_x : ℝ => (Real.exp v_x)) (Real.exp v_x) v_x
    """
    try:
        return HEAD.format(version=__version__) + "\n".join([stated(theorem) for theorem in theorems])
    except BeyondError:
        return ""


def stated(theorem: LeanTheorem) -> str:
    """Return one theorem with its proof."""
    texts = lean_texts([theorem.f, theorem.claim, *[s for h in theorem.hypotheses for s in (h.left, h.right)]])
    variables = f" ({' '.join(map(coq_name, theorem.variables))} : ℝ)" if theorem.variables else ""
    given = "".join(
        [
            f"\n    (h{i} : {texts[h.left.index]} {'<' if h.relation == '<' else '≠'} {texts[h.right.index]})"
            for i, h in enumerate(theorem.hypotheses, 1)
        ]
    )
    f, claim = texts[theorem.f.index], texts[theorem.claim.index]
    if not theorem.variable:
        return f"theorem {theorem.name}{variables}{given} :\n    {f} = {claim} := by\n{ENDING}"
    x = coq_name(theorem.variable)
    walked = proof(theorem, texts)
    return (
        f"theorem {theorem.name}{variables}{given} :\n    HasDerivAt (fun {x} : ℝ => {f}) {claim} {x} := by\n"
        f"  have d := {walked}\n  refine d.congr_deriv ?_\n{ENDING}"
    )


def number(value: Fraction) -> str:
    """Return a rational number as a real one."""
    return f"({value.numerator} : ℝ)" if value.denominator == 1 else f"({value.numerator} / {value.denominator} : ℝ)"


def lean_texts(terms: Sequence[Term]) -> dict[int, str]:
    """Return the texts of terms and their parts, in brackets, by index.

    Raises:
        BeyondError: A function has no name here.
    """
    made: dict[int, str] = {}
    for term in paced(below(terms)):
        args = [made[a.index] for a in term.args]
        op = term.op
        if op == "number":
            text = number(term.value)
        elif op == "variable":
            text = coq_name(term.name)
        elif op == "pi":
            text = "Real.pi"
        elif op in SIGNS:
            text = f"({args[0]} {SIGNS[op]} {args[1]})"
        elif op == "neg":
            text = f"(-{args[0]})"
        elif op == "inv":
            text = f"(1 / {args[0]})"
        elif op == "pow":
            text = f"({args[0]} ^ {term.exponent})"
        elif op == "rpower":
            text = f"({args[0]} ^ ({args[1]} : ℝ))"
        elif op == "tanh":
            text = f"(Real.sinh {args[0]} / Real.cosh {args[0]})"
        elif op in NAMES:
            text = f"(Real.{NAMES[op]} {args[0]})"
        else:
            raise BeyondError(op)
        made[term.index] = text
    return made


def proof(theorem: LeanTheorem, texts: Mapping[int, str]) -> str:
    """Return the term that proves the derivative of f, in the form of the rules."""
    x = coq_name(theorem.variable)
    names = {(h.relation, h.left.index, h.right.index): f"h{i}" for i, h in enumerate(theorem.hypotheses, 1)}
    zero = {t.index for h in theorem.hypotheses for t in (h.left, h.right) if t.op == "number" and not t.value}

    def positive(u: Term) -> str:
        found = [names[key] for z in zero if (key := ("<", z, u.index)) in names]
        return found[0] if found else "(by positivity)"

    def nonzero(u: Term) -> str:
        found = [names[key] for z in zero if (key := ("<>", u.index, z)) in names]
        if found:
            return found[0]
        above = positive(u)
        return above if above.startswith("(") else f"{above}.ne'"

    made: dict[int, str] = {}
    moving: set[int] = set()
    for term in paced(below([theorem.f])):
        op, args = term.op, term.args
        if op == "variable" and term.name == theorem.variable:
            moving.add(term.index)
            made[term.index] = f"(hasDerivAt_id' {x})"
            continue
        if not any(a.index in moving for a in args):
            made[term.index] = f"(hasDerivAt_const {x} {texts[term.index]})"
            continue
        moving.add(term.index)
        inner = [made[a.index] for a in args]
        made[term.index] = rule(term, inner, x, positive, nonzero)
    return made[theorem.f.index]


def rule(term: Term, inner: Sequence[str], x: str, positive: Condition, nonzero: Condition) -> str:
    """Return the proof for an operation from those for its arguments."""
    op, args = term.op, term.args
    if op in ("add", "sub", "mul"):
        return f"({inner[0]}.{op} {inner[1]})"
    if op == "neg":
        return f"{inner[0]}.neg"
    if op == "div":
        return f"({inner[0]}.div {inner[1]} {nonzero(args[1])})"
    if op == "inv":
        return f"((hasDerivAt_const {x} (1 : ℝ)).div {inner[0]} {nonzero(args[0])})"
    if op == "pow":
        return f"({inner[0]}.pow {term.exponent})"
    if op == "rpower":
        return f"({inner[0]}.rpow {inner[1]} {positive(args[0])})"
    if op == "tanh":
        return f"({inner[0]}.sinh.div {inner[0]}.cosh (Real.cosh_pos _).ne')"
    if op in PLAIN:
        return f"{inner[0]}.{NAMES[op]}"
    if op in NONZERO:
        return f"({inner[0]}.{NAMES[op]} {nonzero(args[0])})"
    if op == "tan":
        return f"((Real.hasDerivAt_tan (by assumption)).comp {x} {inner[0]})"
    return f"((Real.hasDerivAt_{NAMES[op]} (by linarith) (by linarith)).comp {x} {inner[0]})"
