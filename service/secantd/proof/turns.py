"""Sines and cosines in generators."""

from typing import Final, NamedTuple

from secantd.proof.powers import Powers
from secantd.proof.reals import Term, Terms
from secantd.proof.residues import Points, Vector

__all__ = ["Turns"]

# The most sines and cosines that a multiple of an angle is made of.
TURNS: Final = 6


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
        self.angles: list[Angle] = []
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
        found = self._combination(vector, [x.vector for x in self.angles])
        turns = []
        if found is not None:
            for k, value in enumerate(found):
                if value:
                    turns += [(k, 1 if value > 0 else -1)] * abs(self._whole(value, ("angle", k), 1))
        if not turns or len(turns) > TURNS:
            d = self.refined.get(("angle", len(self.angles)), 1)
            a = u if d == 1 else self.terms.make("div", u, self.terms.number(d))
            self._new_angle(a)
            if d == 1:
                x = self.angles[-1]
                return x.s, x.c, x.link
            turns = [(len(self.angles) - 1, 1)] * d
        return self._turn_of(u, turns)

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
        make, number = self.terms.make, self.terms.number
        total, s, c, proof = number(0), number(0), number(1), "trig_zero"
        turns.sort(key=lambda t: -t[1])
        for i, (k, sign) in enumerate(turns):
            x = self.angles[k]
            if not i and sign > 0:
                total, s, c, proof = x.a, x.s, x.c, x.link
                continue
            other = "sub" if sign > 0 else "add"
            op = "add" if sign > 0 else "sub"
            total = make(op, total, x.a)
            s, c = (
                make(op, make("mul", s, x.c), make("mul", c, x.s)),
                make(other, make("mul", c, x.c), make("mul", s, x.s)),
            )
            proof = f"(trig_{'up' if sign > 0 else 'down'} _ _ _ _ _ _ {proof} {x.link})"
        return s, c, f"(trig_from _ _ _ _ {proof} {self.equal(u, total)})"
