"""A proof that two terms are equal: functions are rewritten into generators, and `field` decides what remains.

Exponentials whose exponents depend on each other rationally, logarithms of products, powers, roots, and sines and cosines of sums are
expressed in generators, bottom-up, each step with its proof. Values modulo a prime find the relations; Coq verifies them. Relations that
are left, such as r^2 = x for a root, are given to `field`.
"""

from typing import Final

from secantd.proof.chains import Chains
from secantd.proof.leaves import leaves
from secantd.proof.reals import Term, Terms, below, coq_text
from secantd.proof.residues import Points, TooFewPointsError, VanishingError
from secantd.proof.signs import Signs
from secantd.proof.state import NoEqualityError, RefinedError

__all__ = ["equality"]

# Numbers of random points: half of them are lost with each square root of a sum.
COUNTS: Final = (48, 400, 3_000)
# Operations whose parts are compared one by one, with the lemma, in terms of more than so many nodes.
BY_PARTS: Final = {"add": "f_equal2 Rplus", "sub": "f_equal2 Rminus", "div": "f_equal2 Rdiv", "neg": "f_equal Ropp"}
LARGE: Final = 60
# Refinements of generators: exp(u/2) beside exp(u).
REFINED: Final = 12


def equality(terms: Terms, left: Term, right: Term, signs: Signs) -> list[str] | None:
    """Return the lines of a proof of left = right; None where we know no proof.

    Args:
        terms: Makes terms.
        left: The left side.
        right: The right side.
        signs: The hypotheses; each domain follows from them.

    >>> t = Terms()
    >>> x, one = t.variable("x"), t.number(1)
    >>> equality(t, t.make("add", x, one), t.make("add", one, x), Signs()), equality(t, x, one, Signs())
    (['field; nonzero.'], None)
    """
    if left is right:
        return ["reflexivity."]
    for related in (False, True):
        for count in COUNTS:
            try:
                found = attempt(terms, left, right, signs, related, count)
            except TooFewPointsError:
                continue
            if found is not None:
                return found
            break
    return None


def attempt(terms: Terms, left: Term, right: Term, signs: Signs, related: bool, count: int) -> list[str] | None:
    refined: dict[tuple[str, int], int] = {}
    for _ in range(REFINED):
        chains = Chains(terms, Points(count, 1), related, dict(refined))
        proof = Proof(terms, left, right, signs, chains)
        try:
            return proof.lines()
        except RefinedError:
            refined = dict(chains.refined)
            continue
        except (NoEqualityError, VanishingError):
            return None
    return None


class Proof:
    """Proves one equality; see `equality`."""

    def __init__(self, terms: Terms, left: Term, right: Term, signs: Signs, chains: "Chains") -> None:
        self.terms = terms
        self.left = left
        self.right = right
        self.signs = signs
        self.chains = chains
        self.facts: list[tuple[str, Term, Term, str]] = []

    def lines(self) -> list[str] | None:
        """Return the lines of the proof, None where the sides are not equal."""
        chains = self.chains
        self._domains()
        parts = below([self.left, self.right, *[t for fact in self.facts for t in fact[1:3]]])
        for name, left, right in [(f[0], f[1], f[2]) for f in self.facts]:
            if name == "<" and left.op == "number" and right.op == "variable" and left.value >= 0:
                chains.squares.add(right.index)
        under = {t.args[-1].index for t in parts if t.op in ("div", "inv")}
        under |= {f[1].index for f in self.facts if f[0] == "<>" and f[2].op == "number"}
        facts = list(self.facts)
        done: set[int] = set()
        for t in parts:
            chains.rewrite(t, t.index in under)
            done.add(t.index)
            ready = [f for f in facts if f[1].index in done and f[2].index in done]
            facts = [f for f in facts if f not in ready]
            for relation, a, b, proof in ready:
                chains.know(relation, chains.image(a), chains.image(b), proof)
        a, b = chains.image(self.left), chains.image(self.right)
        if not chains.products.zero(self.terms.make("sub", a, b)):
            return None
        return [*chains.lines, *self._closed(a, b)]

    def _closed(self, a: Term, b: Term) -> list[str]:
        """Return the proof of an equation in generators. Sums with equal terms are proved term by term: `field` multiplies out."""
        products = self.chains.products
        lines: list[str] = []
        stack = [(a, b)]
        while stack:
            left, right = stack.pop()
            if left is right:
                lines.append("reflexivity.")
                continue
            pairs = list(zip(left.args, right.args, strict=False))
            same = left.op == right.op and left.op in BY_PARTS and left.size + right.size > LARGE
            if same and all(products.points.same(products.vector(u), products.vector(v)) for u, v in pairs):
                lines.append(f"apply ({BY_PARTS[left.op]}).")
                stack += reversed(pairs)
            else:
                lines.append(self.chains.by_field())
        return lines

    def _fact(self, relation: str, left: Term, right: Term, proof: str) -> None:
        """Add a fact about the domain; a hypothesis has its name already."""
        if any(f[:3] == (relation, left, right) for f in self.facts):
            return
        if not proof.isalnum():
            name = f"V{len(self.facts) + 1}"
            statement = f"{coq_text(left)} {relation} {coq_text(right)}"
            self.chains.lines.append(f"assert ({name} : {statement}) by exact {proof}.")
            proof = name
        self.facts.append((relation, left, right, proof))

    def _domains(self) -> None:
        """Collect the hypotheses and what follows from them for denominators and arguments of functions."""
        terms, signs = self.terms, self.signs
        zero = terms.number(0)
        for relation, left, right, name in signs.given:
            self.facts.append((relation, left, right, name))
        parts = below([self.left, self.right])
        for t in parts:
            if t.op in ("div", "inv"):
                under = t.args[-1]
                if under.op == "number":
                    continue
                for leaf, proof in leaves(under, signs.nonzero(under) or "", signs):
                    self._fact("<>", leaf, zero, proof)
            elif t.op in ("ln", "sqrt", "rpower"):
                self._known("<", zero, t.args[0])
            elif t.op in ("Rabs", "sign"):
                self._known("<>", t.args[0], zero)
            elif t.op == "tan":
                self._known("<>", terms.make("cos", t.args[0]), zero)
            elif t.op in ("if", "max", "min"):
                self._known("<>", t.args[0], t.args[1])

    def _known(self, relation: str, left: Term, right: Term) -> None:
        proof = self.signs.holds(relation, left, right)
        if proof is not None:
            self._fact(relation, left, right, proof)
