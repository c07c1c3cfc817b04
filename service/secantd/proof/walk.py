"""The derivative of a term with its proof: one rule of the preamble for each operation, and no search."""

from collections.abc import Callable
from typing import Final, NamedTuple

from secantd.proof.reals import COMPARED, Term, Terms, below

__all__ = ["derived"]


class Derived(NamedTuple):
    """A derivative and its proof, which is one text for Coq and for Lean: the rules have the same names and arguments."""

    term: Term
    proof: str


def depends(terms: list[Term], variable: Term) -> set[int]:
    """Return the indices of the terms that contain a variable."""
    found = {variable.index}
    for term in terms:
        if any(a.index in found for a in term.args):
            found.add(term.index)
    return found


def derived(terms: Terms, f: Term, variable: Term, known: Callable[[str, Term, Term], str]) -> Derived:
    """Return the derivative of a term, as the rules write it, and the proof.

    Args:
        terms: Makes the derivative.
        f: The term.
        variable: The variable.
        known: Returns the proof of a condition: a relation, its left and its right side.

    >>> from secantd.proof.reals import coq_text
    >>> t = Terms()
    >>> x = t.variable("x")
    >>> found = derived(t, t.make("ln", x), x, lambda relation, left, right: "H1")
    >>> coq_text(found.term), found.proof
    ('1 / v_x', '(d_ln _ _ _ (d_id _) H1)')
    """
    make, number = terms.make, terms.number
    parts = below([f])
    moving = depends(parts, variable)
    made: dict[int, tuple[Term, str]] = {}

    def rule(name: str, holes: int, *proofs: str) -> str:
        return f"({name}{' _' * holes} {' '.join(proofs)})"

    if f.index not in moving:
        return Derived(number(0), "(d_const _ _)")
    zero, one = number(0), number(1)
    for t in parts:
        if t.index not in moving:
            continue
        op, args = t.op, t.args
        if t is variable:
            made[t.index] = one, "(d_id _)"
            continue
        u = args[0]
        first = made.get(u.index)
        if op in ("add", "sub", "mul", "div"):
            v = args[1]
            second = made.get(v.index)
            if op == "div" and second:
                nonzero = known("<>", v, zero)
            if first and second:
                (a, p), (b, q) = first, second
                if op == "div":
                    top = make("sub", make("mul", a, v), make("mul", u, b))
                    made[t.index] = make("div", top, terms.power(v, 2)), rule("d_div", 5, p, q, nonzero)
                elif op == "mul":
                    made[t.index] = make("add", make("mul", a, v), make("mul", u, b)), rule("d_mul", 5, p, q)
                else:
                    made[t.index] = make(op, a, b), rule(f"d_{op}", 5, p, q)
            elif first:
                a, p = first
                d = make(op, a, v) if op in ("mul", "div") else a
                made[t.index] = d, rule(f"d_{op}_c", 4, p)
            else:
                assert second is not None
                b, q = second
                if op == "div":
                    d = make("div", make("neg", make("mul", u, b)), terms.power(v, 2))
                    made[t.index] = d, rule("d_c_div", 4, q, nonzero)
                else:
                    d = make("mul", u, b) if op == "mul" else make("neg", b) if op == "sub" else b
                    made[t.index] = d, rule(f"d_c_{op}", 4, q)
        elif op == "rpower":
            v = args[1]
            second = made.get(v.index)
            if first and second:
                (a, p), (b, q) = first, second
                rate = make("add", make("mul", b, make("ln", u)), make("mul", v, make("div", a, u)))
                made[t.index] = make("mul", t, rate), rule("d_rpower", 5, p, q, known("<", zero, u))
            elif first:
                a, p = first
                d = make("mul", t, make("mul", v, make("div", a, u)))
                made[t.index] = d, rule("d_rpower_c", 4, p, known("<", zero, u))
            else:
                assert second is not None
                b, q = second
                d = make("mul", t, make("mul", b, make("ln", u)))
                # Only Lean needs the condition; the proof is one text for both.
                made[t.index] = d, rule("d_c_rpower", 4, q, known("<", zero, u))
        elif op in ("max", "min", "if"):
            proofs = []
            ds = []
            for a in args:
                d, p = made.get(a.index) or (zero, "(d_const _ _)")
                ds.append(d)
                proofs.append(p)
            proofs.append(known("<>", args[0], args[1]))
            if op == "if":
                name = f"d_{COMPARED[t.name]}"
                d = make("if", args[0], args[1], ds[2], ds[3], payload=t.name)
                made[t.index] = d, rule(name, 9, *proofs)
            else:
                larger, smaller = (ds[1], ds[0]) if op == "max" else (ds[0], ds[1])
                d = make("if", args[0], args[1], larger, smaller, payload="<")
                made[t.index] = d, rule(f"d_{op}", 5, *proofs)
        else:
            assert first is not None
            a, p = first
            if op == "neg":
                made[t.index] = make("neg", a), rule("d_neg", 3, p)
            elif op == "inv":
                d = make("div", make("neg", a), terms.power(u, 2))
                made[t.index] = d, rule("d_inv", 3, p, known("<>", u, zero))
            elif op == "pow":
                n = t.exponent
                if not n:
                    made[t.index] = zero, "(d_const _ _)"
                else:
                    d = make("mul", make("mul", number(n), terms.power(u, n - 1)), a)
                    made[t.index] = d, f"(d_pow {n - 1} _ _ _ {p})"
            else:
                slope, domain = SLOPES[op]
                conditions = [
                    known(r, number(c) if isinstance(c, int) else c(terms, u), x(terms, u)) for r, c, x in domain
                ]
                made[t.index] = slope(terms, t, u, a), rule(f"d_{op}", 3, p, *conditions)
    term, proof = made[f.index]
    return Derived(term, proof)


Part = Callable[[Terms, Term], Term]
Condition = tuple[str, int | Part, Part]
Slope = Callable[[Terms, Term, Term, Term], Term]


def itself(terms: Terms, u: Term) -> Term:
    return u


def zero_of(terms: Terms, u: Term) -> Term:
    return terms.number(0)


def one_of(terms: Terms, u: Term) -> Term:
    return terms.number(1)


def over_root(sign: str) -> Slope:
    def slope(t: Terms, f: Term, u: Term, a: Term) -> Term:
        square, one = t.power(u, 2), t.number(1)
        inside = {"1-": t.make("sub", one, square), "+1": t.make("add", square, one), "-1": t.make("sub", square, one)}[
            sign
        ]
        return t.make("div", a, t.make("sqrt", inside))

    return slope


def gauss(t: Terms, f: Term, u: Term, a: Term) -> Term:
    factor = t.make("div", t.number(2), t.make("sqrt", t.make("pi")))
    return t.make("mul", t.make("mul", factor, t.make("exp", t.make("neg", t.power(u, 2)))), a)


INSIDE: Final[list[Condition]] = [("<", -1, itself), ("<", itself, one_of)]
POSITIVE: Final[list[Condition]] = [("<", 0, itself)]
NONZERO: Final[list[Condition]] = [("<>", itself, zero_of)]
# The derivative as the lemma d_NAME writes it, and what the lemma requires.
SLOPES: Final[dict[str, tuple[Slope, list[Condition]]]] = {
    "exp": (lambda t, f, u, a: t.make("mul", f, a), []),
    "ln": (lambda t, f, u, a: t.make("div", a, u), POSITIVE),
    "sqrt": (lambda t, f, u, a: t.make("div", a, t.make("mul", t.number(2), f)), POSITIVE),
    "sin": (lambda t, f, u, a: t.make("mul", t.make("cos", u), a), []),
    "cos": (lambda t, f, u, a: t.make("mul", t.make("neg", t.make("sin", u)), a), []),
    "tan": (
        lambda t, f, u, a: t.make("mul", t.make("add", t.power(f, 2), t.number(1)), a),
        [("<>", lambda t, u: t.make("cos", u), zero_of)],
    ),
    "asin": (over_root("1-"), INSIDE),
    "acos": (lambda t, f, u, a: t.make("neg", over_root("1-")(t, f, u, a)), INSIDE),
    "atan": (lambda t, f, u, a: t.make("div", a, t.make("add", t.number(1), t.power(u, 2))), []),
    "sinh": (lambda t, f, u, a: t.make("mul", t.make("cosh", u), a), []),
    "cosh": (lambda t, f, u, a: t.make("mul", t.make("sinh", u), a), []),
    "tanh": (lambda t, f, u, a: t.make("div", a, t.power(t.make("cosh", u), 2)), []),
    "arcsinh": (over_root("+1"), []),
    "arccosh": (over_root("-1"), [("<", 1, itself)]),
    "arctanh": (lambda t, f, u, a: t.make("div", a, t.make("sub", t.number(1), t.power(u, 2))), INSIDE),
    "Rabs": (lambda t, f, u, a: t.make("mul", t.make("div", u, f), a), NONZERO),
    "sign": (lambda t, f, u, a: t.number(0), NONZERO),
    # Where u is a whole number, floor(u) is u.
    "floor": (lambda t, f, u, a: t.number(0), [("<", lambda t, u: t.make("floor", u), itself)]),
    "erf": (gauss, []),
}
