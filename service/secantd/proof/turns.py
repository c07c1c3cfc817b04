"""Sines and cosines in generators."""

from typing import Final, NamedTuple

from secantd.proof.powers import Powers
from secantd.proof.reals import Term, Terms
from secantd.proof.residues import Points, Vector

__all__ = ["Turns"]

# The most turns by angles that are known: the degree of polynomials in their sines and cosines.
TURNS: Final = 12


# An angle, its sine and cosine, and the proof.
Turn = tuple[Term, Term, Term, str]


class Angle(NamedTuple):
    """s = sin(a) and c = cos(a)."""

    a: Term
    s: Term
    c: Term
    link: str
    vector: Vector


class Turns(Powers):
    """Rewrites sines and cosines."""

    def __init__(self, terms: Terms, points: Points, related: bool, refined: dict[tuple[str, int], int]) -> None:
        super().__init__(terms, points, related, refined)
        quarter = terms.make("div", terms.make("pi"), terms.number(2))
        self.angles = [Angle(quarter, terms.number(1), terms.number(0), "trig_quarter", self.products.vector(quarter))]
        self._turned: dict[int, tuple[Term, Term, str]] = {}

    def turn(self, u: Term) -> tuple[Term, Term, str]:
        """Return sin(u) and cos(u) in generators, and a proof of `trig_is u` of them."""
        found = self._turned.get(u.index)
        if found is None:
            s, c, proof = self._turn(u)
            if not proof.isalnum():
                statement = f"trig_is ({self.text(u)}) ({self.text(s)}) ({self.text(c)})"
                proof = self.asserted("X", statement, f"exact {proof}")
            found = self._turned[u.index] = s, c, proof
        return found

    def _turn(self, u: Term) -> tuple[Term, Term, str]:
        if u.op == "number" and not u.value:
            return self.terms.number(0), self.terms.number(1), "trig_zero"
        vector = self.products.vector(u)
        if not any(vector):
            return self.terms.number(0), self.terms.number(1), self._no_turn(u)
        if u.op in ("add", "sub"):
            shifted = self._shifted(u)
            if shifted is not None:
                return shifted
        found = self._combination(vector, [x.vector for x in self.angles])
        # A fraction of a quarter turn has no sine that is known.
        turns: list[tuple[int, int]] = []
        if found is not None and found[0].denominator == 1:
            turns = [(k, self._whole(value, ("angle", k), 1)) for k, value in enumerate(found) if value]
        if not turns or sum([abs(n) for _, n in turns]) > TURNS:
            d = self.refined.get(("angle", len(self.angles)), 1)
            a = u if d == 1 else self.terms.make("div", u, self.terms.number(d))
            self._new_angle(a)
            if d == 1:
                x = self.angles[-1]
                return x.s, x.c, x.link
            turns = [(len(self.angles) - 1, d)]
        return self._turn_of(u, turns)

    def _shifted(self, u: Term) -> tuple[Term, Term, str] | None:
        """Return sin(u) and cos(u) where u is an angle and quarter turns: the angle alone may be a multiple of others."""
        quarter = self.angles[0]
        for shift, rest in (u.args[::-1], u.args):
            n = self.points.ratio(self.products.vector(shift), quarter.vector)
            if n is None or n.denominator != 1 or not 0 < abs(n) <= TURNS:
                continue
            if u.op == "sub":
                if shift is u.args[0]:
                    rest = self.terms.make("neg", rest)
                else:
                    n = -n
            s, c, proof = self.turn(rest)
            multiple = self._multiple(quarter, abs(n.numerator))
            return self._is(u, self._added((rest, s, c, proof), multiple, n > 0))
        return None

    def _no_turn(self, u: Term) -> str:
        return f"(trig_from _ _ _ _ trig_zero {self.equal(u, self.terms.number(0))})"

    def _new_angle(self, a: Term) -> None:
        sines, cosines = self.points.circle()
        s, c = self.local("s", sines).term, self.local("c", cosines).term
        link, relation = self.name("X"), self.name("Q")
        self.line(f"destruct (trig_gen ({self.text(a)})) as [{s.name} [{c.name} [{link} {relation}]]].")
        self.relations.append(relation)
        self.angles.append(Angle(a, s, c, link, self.products.vector(a)))

    def _turn_of(self, u: Term, turns: list[tuple[int, int]]) -> tuple[Term, Term, str]:
        """Return sin(u) and cos(u) for u = the sum of n a, from (position of the angle a, n)."""
        number = self.terms.number
        found = number(0), number(0), number(1), "trig_zero"
        for i, (k, n) in enumerate(sorted(turns, key=lambda turn: -turn[1])):
            multiple = self._multiple(self.angles[k], abs(n))
            found = multiple if not i and n > 0 else self._added(found, multiple, n > 0)
        return self._is(u, found)

    def _is(self, u: Term, found: Turn) -> tuple[Term, Term, str]:
        """Return the sine and cosine that were found for a term that equals u."""
        total, s, c, proof = found
        return s, c, f"(trig_from _ _ _ _ {proof} {self.equal(u, total)})"

    def _multiple(self, angle: Angle, n: int) -> Turn:
        """Return n times an angle, by doubling: the number of operations is of the order of n^2."""
        once = angle.a, angle.s, angle.c, angle.link
        found = once
        for digit in f"{n:b}"[1:]:
            found = self._added(found, found, True)
            if digit == "1":
                found = self._added(found, once, True)
        return found

    def _added(self, one: Turn, other: Turn, up: bool) -> Turn:
        """Return the sum of two angles, or the difference."""
        make = self.terms.make
        (u, s, c, p), (a, t, d, q) = one, other
        op, opposite = ("add", "sub") if up else ("sub", "add")
        sine = make(op, make("mul", s, d), make("mul", c, t))
        cosine = make(opposite, make("mul", c, d), make("mul", s, t))
        return make(op, u, a), sine, cosine, f"(trig_{'up' if up else 'down'} _ _ _ _ _ _ {p} {q})"
