"""All functions in generators: exponentials, logarithms, powers, sines and cosines whose arguments depend on each other."""

from fractions import Fraction

from secantd.interrupt import checkpoint
from secantd.proof.products import divides
from secantd.proof.reals import NAMED, Payload, Term, Terms, below
from secantd.proof.residues import Points
from secantd.proof.state import NoEqualityError
from secantd.proof.turns import Turns

__all__ = ["Chains"]


class Chains(Turns):
    """Rewrites functions into generators; see `State`."""

    def __init__(self, terms: Terms, points: Points, related: bool, refined: dict[tuple[str, int], int]) -> None:
        super().__init__(terms, points, related, refined)
        self._image: dict[int, Term] = {}
        self.others: dict[str, list[tuple[Term, Term, str]]] = {}

    def image(self, term: Term) -> Term:
        """Return a term in variables and generators."""
        if term.index not in self._image:
            for part in below([term]):
                self.rewrite(part, False)
        return self._image[term.index]

    def rewrite(self, term: Term, under: bool) -> None:
        """Rewrite a term whose parts are rewritten.

        Args:
            term: The term.
            under: Whether something is divided by it: then it becomes one fraction.
        """
        if term.index in self._image:
            return
        checkpoint()
        args = [self._image[a.index] for a in term.args]
        made = term if not args else self._again(term, args)
        found = self._image.get(made.index) if made is not term else None
        if found is None:
            found = made
            if term.op in NAMED or term.op in ("rpower", "max", "min", "if"):
                found, proof = self._function(made, args)
                self._replace(made, found, proof)
            if under and divides(found):
                found = self._flat(found)
            self._image[made.index] = found
            self._image.setdefault(found.index, found)
        self._image[term.index] = found

    def _again(self, term: Term, args: list[Term]) -> Term:
        payload: Payload = term.payload
        return self.terms.make(term.op, *args, payload=payload)

    def _flat(self, term: Term) -> Term:
        """Replace a term by one fraction without fractions in it."""
        found = self.products.term(self.products.product(term))
        if found is not term:
            name = self.name("E")
            self.line(f"assert ({name} : {self.text(term)} = {self.text(found)}) by ({self.by_field()[:-1]}).")
            self.line(f"rewritten {name}.")
        return found

    def _replace(self, old: Term, new: Term, proof: str) -> None:
        if old is not new:
            name = self.asserted("E", f"{self.text(old)} = {self.text(new)}", f"exact {proof}")
            self.line(f"rewritten {name}.")

    def _function(self, term: Term, args: list[Term]) -> tuple[Term, str]:
        """Return what a call is in generators, and a proof."""
        op, make, u = term.op, self.terms.make, args[0]
        if op == "exp":
            return self.exp(u)
        if op == "ln":
            return self.ln(u)
        if op == "sqrt":
            log, p = self.ln(u)
            g, q = self.exp(make("mul", self.terms.number(Fraction(1, 2)), log))
            return g, f"(sqrt_from _ _ _ {self._positive(u)} {p} {q})"
        if op == "rpower":
            log, p = self.ln(u)
            g, q = self.exp(make("mul", args[1], log))
            return g, f"(rpower_from _ _ _ _ {p} {q})"
        if op in ("sin", "cos", "tan"):
            s, c, p = self.turn(u)
            return {"sin": s, "cos": c, "tan": make("div", s, c)}[op], f"(trig_{op} _ _ _ {p})"
        if op in ("sinh", "cosh", "tanh"):
            return self._hyperbolic(op, u)
        if op == "Rabs":
            return self.size(u)
        if op == "sign":
            a, p = self.size(u)
            return make("div", u, a), f"(sign_from _ _ {self._nonzero(u)} {p})"
        if op in ("max", "min", "if"):
            return self._chosen(term, args)
        return self._other(op, u)

    def _hyperbolic(self, op: str, u: Term) -> tuple[Term, str]:
        make = self.terms.make
        a, p = self.exp(u)
        b, q = self.exp(make("neg", u))
        if op == "tanh":
            found = make("div", make("sub", a, b), make("add", a, b))
        else:
            found = make("div", make("sub" if op == "sinh" else "add", a, b), self.terms.number(2))
        proof = f"({op}_from _ _ _ {p} {q})"
        return self._tidy(found, proof) if op == "tanh" else (found, proof)

    def _tidy(self, term: Term, proof: str) -> tuple[Term, str]:
        """Return one fraction for a term with fractions in denominators."""
        flat = self.products.term(self.products.product(term))
        self.note_denominator(flat)
        return flat, f"(eq_trans {proof} {self.equal(term, flat)})"

    def _chosen(self, term: Term, args: list[Term]) -> tuple[Term, str]:
        make, number = self.terms.make, self.terms.number
        u, v = args[:2]
        apart = self.signs.holds("<>", u, v)
        if apart is None:
            raise NoEqualityError
        if term.payload == "==":
            return args[3], f"(eq_from _ _ _ _ {apart})"
        known = self._ordered(term, args)
        if known is not None:
            return known
        gap = make("sub", u, v)
        d, p = self.size(gap)
        if term.op in ("max", "min"):
            both = make("add" if term.op == "max" else "sub", make("add", u, v), d)
            return make("div", both, number(2)), f"({term.op}_from _ _ _ {p})"
        a, b = args[2:]
        middle = make("div", make("add", a, b), number(2))
        half = make("div", make("sub", b, a), number(2))
        found = make("add", middle, make("mul", half, make("div", gap, d)))
        return found, f"({'lt' if term.payload == '<' else 'le'}_from _ _ _ _ _ {apart} {p})"

    def _ordered(self, term: Term, args: list[Term]) -> tuple[Term, str] | None:
        """Return the side that is chosen, if it is known which of the two is less."""
        u, v = args[:2]
        kind = {"max": "max", "min": "min"}.get(term.op) or ("less" if term.payload == "<" else "at_most")
        rest = [""] if term.op != "if" else ["", "_", "_"]
        less, more = self.signs.holds("<", u, v), self.signs.holds("<", v, u)
        if less is None and more is None:
            return None
        sides = args[2:] if term.op == "if" else [v, u] if term.op == "max" else [u, v]
        proof = f"({kind}_{'before' if less else 'after'} _ _{' '.join(rest)} {less or more})"
        return sides[0 if less else 1], proof

    def _other(self, op: str, u: Term) -> tuple[Term, str]:
        known = self.others.setdefault(op, [])
        vector = self.products.vector(u)
        for v, g, link in known:
            if self.points.same(vector, self.products.vector(v)):
                return g, link if u is v else f"(value_same _ _ _ _ {link} {self.equal(u, v)})"
            opposite = self.terms.make("neg", v)
            if op == "atan" and self.points.same(vector, self.products.vector(opposite)):
                return self.terms.make("neg", g), f"(atan_opposite _ _ _ {link} {self.equal(u, opposite)})"
        g, link = self.local("g", self.points.any()).term, self.name("X")
        self.line(f"destruct (value_gen {op} ({self.text(u)})) as [{g.name} {link}].")
        known.append((u, g, link))
        return g, link
