"""The state of a proof that two terms are equal: its lines so far, what is known about signs, and generators.

A generator is a number of which its defining equation is known; the definitions of the preamble hide that equation from the tactics
that replace functions by generators.
"""

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Final

from secantd.proof.leaves import leaves
from secantd.proof.products import Factor, Products
from secantd.proof.reals import Term, Terms, coq_text
from secantd.proof.residues import Points, Vector
from secantd.proof.signs import Signs

__all__ = ["NoEqualityError", "RefinedError", "State"]

ONE: Final = Fraction(1)


class RefinedError(Exception):
    """A generator needs a root: the proof begins anew."""


class NoEqualityError(Exception):
    """There is no proof of this kind."""


class State:
    """The state of one proof.

    Args:
        terms: Makes terms.
        points: Random points.
        related: Whether all relations between arguments are looked for, not only multiples of one.
        refined: The orders of roots that generators need, by kind and position.

    Attributes:
        products: Values and products of terms.
        signs: What is known about signs, in generators.
        squares: The indices of variables that are known to be positive.
        lines: The lines of the proof.
        relations: The names of equations between generators.
    """

    def __init__(self, terms: Terms, points: Points, related: bool, refined: dict[tuple[str, int], int]) -> None:
        self.terms = terms
        self.points = points
        self.related = related
        self.refined = refined
        self.products = Products(terms, points, self._fresh)
        self.signs = Signs()
        self.squares: set[int] = set()
        self.lines: list[str] = []
        self.relations: list[str] = []
        self._count = 0
        self._known: dict[tuple[str, int], tuple[Term, str]] = {}

    def _fresh(self, term: Term) -> Vector:
        return self.points.square() if term.index in self.squares or term.op == "pi" else self.points.any()

    def name(self, letter: str) -> str:
        """Return a new name."""
        self._count += 1
        return f"{letter}{self._count}"

    def line(self, text: str) -> None:
        """Add a line of the proof."""
        self.lines.append(text)

    def text(self, term: Term) -> str:
        return coq_text(term)

    def asserted(self, letter: str, statement: str, proof: str) -> str:
        """Add a fact with its proof; return its name."""
        name = self.name(letter)
        self.line(f"assert ({name} : {statement}) by {proof}.")
        return name

    def remembered(self, kind: str, u: Term, make: Callable[[Term], tuple[Term, str]]) -> tuple[Term, str]:
        """Return what `make` finds of a term, with a proof of `kind_is u` of it that is a name; the second time from memory."""
        found = self._known.get((kind, u.index))
        if found is None:
            value, proof = make(u)
            if not proof.isalnum():
                proof = self.asserted("X", f"{kind}_is ({self.text(u)}) ({self.text(value)})", f"exact {proof}")
            found = self._known[kind, u.index] = value, proof
        return found

    def by_field(self) -> str:
        """Return the tactic that proves an equation of fractions."""
        given = f" [{' '.join(self.relations)}]" if self.relations else ""
        return f"field{given}; nonzero."

    def equal(self, left: Term, right: Term) -> str:
        """Return a proof of left = right."""
        if left is right:
            return "eq_refl"
        return self.asserted("W", f"{self.text(left)} = {self.text(right)}", f"({self.by_field()[:-1]})")

    def local(self, letter: str, vector: Vector) -> Factor:
        """Return a new generator."""
        return self.products.generator(self.terms.make("local", payload=self.name(letter)), vector)

    def know(self, relation: str, left: Term, right: Term, proof: str) -> None:
        """Add a fact, in generators."""
        self.signs.assume(relation, left, right, proof)
        if relation == "<>" and right.op == "number" and not right.value:
            self._factors_nonzero(left, proof)

    def _factors_nonzero(self, term: Term, proof: str) -> None:
        for leaf, why in leaves(term, proof, self.signs):
            if why != proof:
                zero = self.terms.number(0)
                name = self.asserted("N", f"{self.text(leaf)} <> 0", f"exact {why}")
                self.signs.assume("<>", leaf, zero, name)

    def note_denominator(self, term: Term) -> None:
        """Add that the factors of a denominator are not 0, as far as it follows."""
        for k, n in self.products.product(term).powers.items():
            factor = self.products.factors[k].term
            if n < 0 and factor.op in ("add", "sub") and factor.index not in self.signs.apart:
                proof = self.signs.nonzero(factor)
                if proof is not None:
                    name = self.asserted("N", f"{self.text(factor)} <> 0", f"exact {proof}")
                    self.signs.assume("<>", factor, self.terms.number(0), name)

    def _positive(self, u: Term) -> str:
        proof = self.signs.positive(u)
        if proof is None:
            raise NoEqualityError
        return proof

    def _nonzero(self, u: Term) -> str:
        proof = self.signs.nonzero(u)
        if proof is None:
            raise NoEqualityError
        return proof

    def _bracketed(self, term: Term) -> str:
        return f"({self.text(term)})"

    def _combination(self, vector: Vector, basis: list[Vector]) -> list[Fraction] | None:
        """Return the coefficients of a value in a basis: of one element, or, where relations are looked for, of all."""
        if self.related:
            return self.points.combination(vector, basis) if basis else None
        for k, b in enumerate(basis):
            ratio = self.points.ratio(vector, b)
            if ratio is not None:
                return [ratio if i == k else Fraction(0) for i in range(len(basis))]
        return None

    def _whole(self, value: Fraction, key: tuple[str, int], d: int) -> int:
        """Return the multiple of a generator of which d make one; a generator that has to be finer begins anew."""
        times = value * d
        if times.denominator != 1:
            self.refined[key] = lcm(self.refined.get(key, 1), value.denominator)
            raise RefinedError
        return times.numerator
