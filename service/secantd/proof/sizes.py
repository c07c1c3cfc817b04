"""Absolute values in generators."""

from fractions import Fraction

from secantd.proof.products import Product, divides
from secantd.proof.reals import Term, Terms
from secantd.proof.residues import Points
from secantd.proof.state import State

__all__ = ["Sizes"]


class Sizes(State):
    """Rewrites absolute values."""

    def __init__(self, terms: Terms, points: Points, related: bool, refined: dict[tuple[str, int], int]) -> None:
        super().__init__(terms, points, related, refined)
        self.sizes: list[tuple[Term, Term, str]] = []

    def size(self, u: Term) -> tuple[Term, str]:
        """Return |u| in generators, and a proof of `abs_is u` of it."""
        above = self.signs.positive(u)
        if above is not None:
            return u, f"(abs_positive _ {above})"
        vector = self.products.vector(u)
        for v, a, link in self.sizes:
            if self.points.same(vector, self.products.vector(v)):
                return a, link if u is v else f"(abs_same _ _ _ {link} {self.equal(u, v)})"
            opposite = self.terms.make("neg", v)
            if self.points.same(vector, self.products.vector(opposite)):
                return a, f"(abs_opposite _ _ _ {link} {self.equal(u, opposite)})"
        if divides(u):
            return self._size_of_quotient(u)
        a, link = self.local("a", self.points.signed(vector)).term, self.name("X")
        relation, positive = self.name("Q"), self.name("P")
        apart = self._nonzero(u)
        self.line(f"destruct (abs_gen ({self.text(u)}) {apart}) as [{a.name} [{link} [{relation} {positive}]]].")
        self.signs.assume("<", self.terms.number(0), a, positive)
        self.relations.append(relation)
        self.sizes.append((u, a, link))
        return a, link

    def _size_of_quotient(self, u: Term) -> tuple[Term, str]:
        product = self.products.product(u)
        top = self.products.term(
            Product(Fraction(product.number.numerator), {k: n for k, n in product.powers.items() if n > 0})
        )
        under = self.products.term(
            Product(Fraction(product.number.denominator), {k: -n for k, n in product.powers.items() if n < 0})
        )
        apart = self._nonzero(under)
        if self.signs.nonzero(top) is None:
            whole = self.equal(u, self.terms.make("div", top, under))
            name = self.asserted(
                "N", f"{self._bracketed(top)} <> 0", f"exact (top_nonzero _ _ _ {self._nonzero(u)} {whole})"
            )
            self.signs.assume("<>", top, self.terms.number(0), name)
        a, p = self.size(top)
        b, q = self.size(under)
        whole = self.equal(u, self.terms.make("div", top, under))
        return self.terms.make("div", a, b), f"(abs_quotient _ _ _ _ _ {p} {q} {apart} {whole})"
