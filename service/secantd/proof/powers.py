"""Exponentials, logarithms and roots in generators."""

from fractions import Fraction
from typing import Final, NamedTuple

from secantd.proof.products import Factor, Product, divides
from secantd.proof.reals import Term, Terms
from secantd.proof.residues import Points, Vector
from secantd.proof.sizes import Sizes
from secantd.proof.state import NoEqualityError

__all__ = ["Powers"]

ONE: Final = Fraction(1)
# The largest prime that is taken out of the argument of a logarithm.
LARGEST_PRIME: Final = 100


class Exponential(NamedTuple):
    """g = exp(a), where d generators make the exponential that was met first."""

    a: Term
    g: Term
    link: str
    vector: Vector
    d: int


class Logarithm(NamedTuple):
    """log = ln(b), with 0 < b."""

    b: Term
    log: Term
    link: str
    positive: str
    vector: Vector


class Powers(Sizes):
    """Rewrites exponentials, logarithms and roots."""

    def __init__(self, terms: Terms, points: Points, related: bool, refined: dict[tuple[str, int], int]) -> None:
        super().__init__(terms, points, related, refined)
        self.exponentials: list[Exponential] = []
        self.logarithms: list[Logarithm] = []
        self.roots: dict[int, tuple[Term, str, int]] = {}

    def exp(self, u: Term) -> tuple[Term, str]:
        """Return exp(u) in generators, and a proof of `exp_is u` of it."""
        return self.remembered("exp", u, self._exp)

    def _exp(self, u: Term) -> tuple[Term, str]:
        if u.op == "number" and not u.value:
            return self.terms.number(1), "exp_none"
        vector = self.products.vector(u)
        basis = [*[x.vector for x in self.exponentials], *[self.products.vector(x.log) for x in self.logarithms]]
        found = [] if not any(vector) else self._combination(vector, basis)
        if found is None:
            return self._new_exponential(u, vector)
        items: list[tuple[int, Term, Term, str]] = []
        first = len(self.exponentials)
        for k, value in enumerate(found):
            if not value:
                continue
            if k < first:
                x = self.exponentials[k]
                items.append((self._whole(value, ("exp", k), x.d), x.a, x.g, x.link))
            elif value.denominator == 1:
                y = self.logarithms[k - first]
                items.append((value.numerator, y.log, y.b, f"(exp_of_ln _ _ {y.positive} {y.link})"))
            else:
                a, r, link, d = self._root(k - first)
                items.append((self._whole(value, ("root", k - first), d), a, r, link))
        return self._exp_of(u, items)

    def _new_exponential(self, u: Term, vector: Vector) -> tuple[Term, str]:
        d = self.refined.get(("exp", len(self.exponentials)), 1)
        a = u if d == 1 else self.terms.make("div", u, self.terms.number(d))
        factor = self.local("g", self.points.square())
        g, link, above = factor.term, self.name("X"), self.name("P")
        self.line(f"destruct (exp_gen ({self.text(a)})) as [{g.name} [{link} {above}]].")
        self.signs.assume("<", self.terms.number(0), g, above)
        factor.log, factor.link = a, f"(ln_of_exp _ _ {link})"
        self.exponentials.append(Exponential(a, g, link, self.products.vector(a), 1))
        if d == 1:
            return g, link
        return self._exp_of(u, [(d, a, g, link)])

    def _exp_of(self, u: Term, items: list[tuple[int, Term, Term, str]]) -> tuple[Term, str]:
        """Return exp(u) for u = the sum of n a, where g is exp(a), from (n, a, g, proof)."""
        make, number = self.terms.make, self.terms.number
        if len(items) == 1 and items[0][0] == 1:
            _, a, g, link = items[0]
            return g, f"(exp_from _ _ _ _ {link} {self.equal(u, a)} eq_refl)"
        total, product, proof = number(0), number(1), "exp_none"
        for n, a, g, link in items:
            step = make("mul", number(abs(n)), a)
            total = make("add" if n > 0 else "sub", total, step)
            product = make("mul" if n > 0 else "div", product, self.terms.power(g, abs(n)))
            proof = f"(exp_{'up' if n > 0 else 'down'} {abs(n)} _ _ _ _ {proof} {link})"
        flat = self.products.term(self.products.product(product))
        return flat, f"(exp_from _ _ _ _ {proof} {self.equal(u, total)} {self.equal(product, flat)})"

    def _root(self, k: int) -> tuple[Term, Term, str, int]:
        """Return 1/d * ln(b), the d-th root of b, a proof, and d."""
        d = self.refined.get(("root", k), 1)
        item = self.logarithms[k]
        if d == 1:
            return item.log, item.b, "", 1
        a = self.terms.make("mul", self.terms.number(Fraction(1, d)), item.log)
        if k not in self.roots:
            if divides(item.b):
                raise NoEqualityError
            factor = self.local("r", self._root_values(item.b, d))
            r, link, above = factor.term, self.name("X"), self.name("P")
            self.line(f"destruct (exp_gen ({self.text(a)})) as [{r.name} [{link} {above}]].")
            self.signs.assume("<", self.terms.number(0), r, above)
            factor.log, factor.link = a, f"(ln_of_exp _ _ {link})"
            relation = f"exact (root_is {d - 1} _ _ _ {item.positive} {item.link} {link})"
            self.relations.append(self.asserted("Q", f"{r.name} ^ {d} = {self.text(item.b)}", relation))
            self.roots[k] = r, link, d
        r, link, _ = self.roots[k]
        return a, r, link, d

    def _root_values(self, b: Term, d: int) -> Vector:
        """Return roots with random signs: `field` knows of r only that r^d is b."""
        roots = self.points.root(self.products.vector(b), d)
        return roots if d % 2 else self.points.signed(roots)

    def ln(self, u: Term) -> tuple[Term, str]:
        """Return ln(u) in generators, and a proof of `ln_is u` of it."""
        return self.remembered("ln", u, self._ln)

    def _ln(self, u: Term) -> tuple[Term, str]:
        positive = self._positive(u)
        vector = self.products.vector(u)
        for x in self.logarithms:
            if self.points.same(vector, self.products.vector(x.b)):
                return x.log, self._ln_same(u, x)
        product = self.products.product(u)
        split = self.related or any(kind == "root" and d > 2 for (kind, _), d in self.refined.items())
        if not split and not divides(u) and not self._single(product):
            x = self._new_logarithm(u, positive)
            return x.log, self._ln_same(u, x)
        items: list[tuple[int, Term, Term, str, str]] = []
        rest: dict[int, int] = {}
        for k, n in sorted(product.powers.items()):
            factor = self.products.factors[k]
            above = self.signs.positive(factor.term)
            if above is not None:
                self._take(items, n, factor, above)
            else:
                rest[k] = n
        for prime, n in primes(product.number):
            x = self._logarithm_of(self.terms.number(prime))
            items.append((n, x.b, x.log, x.link, x.positive))
        sign = Fraction(-1) if product.number < 0 else ONE
        if rest or sign < 0:
            self._rest(items, u, positive, sign, rest)
        return self._ln_of(u, items)

    def _single(self, product: Product) -> bool:
        """Whether a product is a power of a factor with a known logarithm, or of one factor."""
        return len(product.powers) <= 1 and product.number == 1

    def _take(self, items: list[tuple[int, Term, Term, str, str]], n: int, factor: Factor, above: str) -> None:
        if factor.log is None:
            x = self._logarithm_of(factor.term, above)
            factor.log, factor.link = x.log, x.link
        items.append((n, factor.term, factor.log, factor.link, above))

    def _logarithm_of(self, b: Term, above: str = "") -> Logarithm:
        for x in self.logarithms:
            if x.b is b:
                return x
        return self._new_logarithm(b, above or self._positive(b))

    def _rest(
        self,
        items: list[tuple[int, Term, Term, str, str]],
        u: Term,
        positive: str,
        sign: Fraction,
        rest: dict[int, int],
    ) -> None:
        """Add the logarithm of the factors of unknown sign: even powers are those of absolute values."""
        odd: dict[int, int] = {}
        for k, n in rest.items():
            factor = self.products.factors[k].term
            apart = self.signs.nonzero(factor)
            if apart is None or n == 1:
                odd[k] = n
                continue
            a, _ = self.size(factor)
            above = self.signs.positive(a)
            assert above is not None
            even = n - n % 2
            position = next(i for i, f in enumerate(self.products.factors) if f.term is a)
            if even:
                self._take(items, even, self.products.factors[position], above)
            if n % 2:
                odd[k] = 1
        if not odd and sign > 0:
            return
        b = self.products.term(Product(sign, odd))
        if divides(b):
            raise NoEqualityError
        q = self.terms.number(1)
        for n, factor_term, _, _, _ in items:
            q = self.terms.make("mul" if n > 0 else "div", q, self.terms.power(factor_term, abs(n)))
        above = self.signs.positive(q)
        assert above is not None
        whole = self.equal(u, self.terms.make("mul", q, b))
        name = self.asserted(
            "P", f"0 < {self._bracketed(b)}", f"exact (rest_positive _ _ _ {positive} {above} {whole})"
        )
        self.signs.assume("<", self.terms.number(0), b, name)
        x = self._logarithm_of(b, name)
        items.append((1, x.b, x.log, x.link, x.positive))

    def _new_logarithm(self, b: Term, positive: str) -> Logarithm:
        factor = self.local("l", self.points.any())
        log, link = factor.term, self.name("X")
        self.line(f"destruct (ln_gen ({self.text(b)})) as [{log.name} {link}].")
        if not positive.isalnum():
            positive = self.asserted("P", f"0 < {self._bracketed(b)}", f"exact {positive}")
            self.signs.assume("<", self.terms.number(0), b, positive)
        found = Logarithm(b, log, link, positive, factor.vector)
        self.logarithms.append(found)
        return found

    def _ln_same(self, u: Term, x: Logarithm) -> str:
        if u is x.b:
            return x.link
        return self._ln_of(u, [(1, x.b, x.log, x.link, x.positive)])[1]

    def _ln_of(self, u: Term, items: list[tuple[int, Term, Term, str, str]]) -> tuple[Term, str]:
        """Return ln(u) for u = the product of b^n, from (n, b, ln(b), proof, proof of 0 < b)."""
        make, number = self.terms.make, self.terms.number
        if len(items) == 1 and items[0][0] == 1 and items[0][1] is u:
            return items[0][2], items[0][3]
        product, total, proof = number(1), number(0), "logs_none"
        neat: Term | None = None
        for n, b, log, link, above in items:
            product = make("mul" if n > 0 else "div", product, self.terms.power(b, abs(n)))
            total = make("add" if n > 0 else "sub", total, make("mul", number(abs(n)), log))
            proof = f"(logs_{'up' if n > 0 else 'down'} {abs(n)} _ _ _ _ {proof} {above} {link})"
            part = log if abs(n) == 1 else make("mul", number(abs(n)), log)
            if neat is None:
                neat = part if n > 0 else make("neg", part)
            else:
                neat = make("add" if n > 0 else "sub", neat, part)
        neat = neat or number(0)
        return neat, f"(ln_from _ _ _ _ {proof} {self.equal(u, product)} {self.equal(total, neat)})"


def primes(value: Fraction) -> list[tuple[int, int]]:
    """Return a number without its sign as powers of primes, as far as they are small, and of what is left.

    >>> primes(Fraction(-12, 5))
    [(2, 2), (3, 1), (5, -1)]
    """
    found: dict[int, int] = {}
    for part, sign in ((abs(value.numerator), 1), (value.denominator, -1)):
        p = 2
        while p <= LARGEST_PRIME and part > 1:
            while not part % p:
                part //= p
                found[p] = found.get(p, 0) + sign
            p += 1
        if part > 1:
            found[part] = found.get(part, 0) + sign
    return sorted((p, n) for p, n in found.items() if n)
