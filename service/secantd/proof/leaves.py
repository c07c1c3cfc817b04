"""The factors of a term that is not 0."""

from secantd.proof.reals import Term
from secantd.proof.signs import Signs

__all__ = ["leaves"]


def leaves(term: Term, proof: str, signs: Signs) -> list[tuple[Term, str]]:
    """Return the factors of a term that is not 0, with proofs that they are not 0.

    Args:
        term: The term.
        proof: The proof that it is not 0.
        signs: What is known about signs.

    >>> from secantd.proof.reals import Terms, coq_text
    >>> t = Terms()
    >>> found = leaves(t.make("mul", t.variable("x"), t.variable("y")), "H1", Signs())
    >>> [(coq_text(leaf), why) for leaf, why in found]
    [('v_x', '(nonzero_left _ _ H1)'), ('v_y', '(nonzero_right _ _ H1)')]
    """
    found = []
    stack = [(term, proof)]
    while stack:
        t, p = stack.pop()
        own = signs.nonzero(t)
        p = p or own or ""
        if t.op == "mul":
            a, b = t.args
            stack += [
                (b, signs.nonzero(b) or f"(nonzero_right _ _ {p})"),
                (a, signs.nonzero(a) or f"(nonzero_left _ _ {p})"),
            ]
        elif t.op == "div":
            a = t.args[0]
            stack.append((a, signs.nonzero(a) or f"(nonzero_left _ _ {p})"))
        elif t.op == "neg":
            a = t.args[0]
            stack.append((a, signs.nonzero(a) or f"(nonzero_neg _ {p})"))
        elif t.op == "pow" and t.exponent:
            a = t.args[0]
            stack.append((a, signs.nonzero(a) or f"(nonzero_pow {t.exponent} _ {p})"))
        elif t.op != "number":
            found.append((t, p))
    return found
