"""A normal form of formulas as quotients of polynomials in kernels, which proves most identities of textbooks in a millisecond.

The problem. Two formulas are equal if their difference is 0, and a sum of products of kernels that are independent of each other is 0
only if all coefficients are. The form is not canonical (Richardson 1968): a difference that is not 0 proves nothing.

The method. Sines and cosines are exponentials of imaginary angles, hyperbolic functions exponentials of real ones, and an
exponential of a sum is a product, so that identities between them become identities between polynomials. A logarithm of a product is
the sum of log|factor|, and a power with a fractional exponent the product of |factor|^exponent. Coefficients are exact fractions;
decimals count as written.

Guarantees. A form has the value of its formula wherever that has one: rules such as log(a*b) = log|a| + log|b| hold wherever the
left side has a value, (u^a)(u^b) = u^(a + b) where both sides have one. It may have values where the formula has none. Functions
whose rules need a case stay calls.

Sources: J. Moses, Algebraic Simplification: A Guide for the Perplexed, CACM 14 (1971) 527-537, "zero equivalence"; J. S. Cohen, Computer
Algebra and Symbolic Computation: Mathematical Methods (2003), chapter 7, for exponentials and trigonometric functions.
"""

import math
from fractions import Fraction

from secantd.check.assumptions import Assumptions
from secantd.check.equality.kernels import HALF, NormalForms, Rules
from secantd.check.equality.polynomials import ONE, Form, TooLargeError, UndefinedError, constant
from secantd.expression import Graph, Node
from secantd.language.expansion import expanded

__all__ = ["equal_forms"]

# Operations that have a rule here; functions with a meaning in these are expanded.
KNOWN = frozenset(
    "add mul neg div pow sqrt exp log sin cos tan asin acos atan sinh cosh tanh asinh atanh abs sign floor ceiling pmax pmin gamma digamma "
    "trigamma lgamma psigamma factorial choose erf ifelse < <= > >= == != & | ! besselJ besselY besselI besselK lambertW0 atan2 beta".split()
)

# The largest shift of an argument of gamma or floor that is written out.
SHIFT = 40


def equal_forms(graph: Graph, output: Node, claim: Node, assumed: Assumptions) -> bool:
    """Whether two expressions have one normal form; False if they do not, or if they are too large.

    >>> from secantd.language import read
    >>> f = read("c(sin(2*x), 2*sin(x)*cos(x), log(x*y), log(x) + log(y), (x^2 - 1)/(x - 1), x + 1, cos(2*x))")
    >>> a, b, c, d, e, g, h = f.outputs
    >>> [equal_forms(f.graph, *pair, Assumptions()) for pair in ((a, b), (c, d), (e, g), (a, h))]
    [True, True, True, False]
    """
    one, other = expanded(graph, [output, claim], KNOWN)
    forms = NormalForms(RULES, needed_positive(one) | needed_positive(other), assumed)
    try:
        return forms.is_zero(forms.ring.add(forms.of(one), forms.ring.scaled(forms.of(other), -1)))
    except (TooLargeError, UndefinedError, OverflowError):
        return False


def needed_positive(node: Node) -> set[str]:
    """Return the variables without whose being at least 0 an expression has no value."""
    found: set[str] = set()
    waiting, seen = [node], set()
    while waiting:
        each = waiting.pop()
        if each.index in seen:
            continue
        seen.add(each.index)
        fractional = each.op == "pow" and each.args[1].op in ("number", "div") and not whole_number(each.args[1])
        if (each.op in ("sqrt", "log") or fractional) and each.args[0].op == "symbol":
            found.add(each.args[0].name)
        if each.op == "pow" and each.args[1].op == "number" and each.args[1].value:
            waiting.append(each.args[0])
        elif each.op in STRICT or fractional:
            waiting += each.args
    return found


# Operations without a value where an argument has none.
STRICT = frozenset("add mul neg div sqrt exp log sin cos tan sinh cosh tanh asin acos atan abs asinh atanh".split())


def whole_number(node: Node) -> bool:
    """Whether a constant exponent is, or may be, a whole number."""
    if node.op == "number":
        return bool(node.value.is_integer())
    one, other = node.args
    return one.op != "number" or other.op != "number" or not other.value or (one.value / other.value).is_integer()


def shifted(n: NormalForms, u: Form) -> tuple[Form, int]:
    """Return u without the whole part of its constant term, and that whole part."""
    k = math.floor(u.above.get(ONE, Fraction(0))) if u.whole else 0
    if abs(k) > SHIFT:
        raise TooLargeError
    return n.ring.add(u, constant(-k)), k


def gamma(n: NormalForms, u: Form) -> Form:
    value = u.number
    if value is not None and value.denominator == 1:
        if value <= 0 or value > SHIFT:
            raise UndefinedError
        return constant(math.factorial(int(value) - 1))
    w, k = shifted(n, u)
    base = n.single("pi", power=HALF, sign=1) if w.number == HALF else n.call("gamma", [w])
    parts = [base, *(n.ring.add(w, constant(j)) for j in range(k))]
    parts += [n.ring.inverse(n.ring.add(w, constant(-j))) for j in range(1, -k + 1)]
    return n.ring.mul(*parts)


def digamma(n: NormalForms, u: Form) -> Form:
    if u.number is not None:
        return n.call("digamma", [u])
    w, k = shifted(n, u)
    ring = n.ring
    parts = [n.call("digamma", [w]), *(ring.inverse(ring.add(w, constant(j))) for j in range(k))]
    parts += [ring.scaled(ring.inverse(ring.add(w, constant(-j))), -1) for j in range(1, -k + 1)]
    return ring.add(*parts)


def choose(forms: NormalForms, n: Form, k: Form) -> Form:
    count = k.number
    if count is None or count.denominator != 1 or not 0 <= count <= SHIFT:
        return forms.call("choose", [n, k])
    factors = [forms.ring.add(n, constant(-j)) for j in range(int(count))]
    return forms.ring.scaled(forms.ring.mul(constant(1), *factors), Fraction(1, math.factorial(int(count))))


def floor(n: NormalForms, u: Form) -> Form:
    w, k = shifted(n, u)
    value = w.number
    if value is not None:
        return constant(k)
    share = w.above.get(ONE, Fraction(0))
    whole = n.ring.add(w, constant(-share))
    return n.ring.add(whole if integral(n, whole) else n.call("floor", [w]), constant(k))


def integral(n: NormalForms, form: Form) -> bool:
    """Whether a form is a whole number, as a polynomial of whole numbers."""
    return form.whole and all(
        c.denominator == 1 and all(n.is_whole(k) and e > 0 and e.denominator == 1 for k, e in m)
        for m, c in form.above.items()
    )


def larger(n: NormalForms, a: Form, b: Form, sign: int) -> Form:
    gap = n.size(n.ring.add(a, n.ring.scaled(b, -1)))
    return n.ring.scaled(n.ring.add(a, b, n.ring.scaled(gap, sign)), HALF)


def acosine(n: NormalForms, u: Form) -> Form:
    return n.ring.add(n.ring.scaled(n.pi(), HALF), n.ring.scaled(odd(n, "asin", u), -1))


def odd(n: NormalForms, op: str, u: Form) -> Form:
    if not u.above:
        return u
    negative = n.leading(u) < 0
    found = n.call(op, [n.ring.scaled(u, -1) if negative else u])
    return n.ring.scaled(found, -1) if negative else found


RULES: Rules = {
    "add": lambda n, a: n.ring.add(*a),
    "mul": lambda n, a: n.ring.mul(*a),
    "neg": lambda n, a: n.ring.scaled(a[0], -1),
    "div": lambda n, a: n.ring.mul(a[0], n.ring.inverse(a[1])),
    "pow": lambda n, a: n.power(a[0], a[1]),
    "sqrt": lambda n, a: n.root(a[0], HALF),
    "exp": lambda n, a: n.exp(a[0]),
    "log": lambda n, a: n.log(a[0]),
    "sin": lambda n, a: n.sine(a[0]),
    "cos": lambda n, a: n.cosine(a[0]),
    "tan": lambda n, a: n.ring.mul(n.sine(a[0]), n.ring.inverse(n.cosine(a[0]))),
    "sinh": lambda n, a: n.ring.scaled(hyperbolic(n, a[0], -1), HALF),
    "cosh": lambda n, a: n.ring.scaled(hyperbolic(n, a[0], 1), HALF),
    "tanh": lambda n, a: n.ring.mul(hyperbolic(n, a[0], -1), n.ring.inverse(hyperbolic(n, a[0], 1))),
    "asin": lambda n, a: odd(n, "asin", a[0]),
    "acos": lambda n, a: acosine(n, a[0]),
    "atan": lambda n, a: odd(n, "atan", a[0]),
    "asinh": lambda n, a: n.log(n.ring.add(a[0], n.root(n.ring.add(n.ring.power(a[0], 2), constant(1)), HALF))),
    "atanh": lambda n, a: n.ring.scaled(
        n.ring.add(
            n.log(n.ring.add(constant(1), a[0])),
            n.ring.scaled(n.log(n.ring.add(constant(1), n.ring.scaled(a[0], -1))), -1),
        ),
        HALF,
    ),
    "abs": lambda n, a: n.size(a[0]),
    "floor": lambda n, a: floor(n, a[0]),
    "pmax": lambda n, a: larger(n, a[0], a[1], 1),
    "pmin": lambda n, a: larger(n, a[0], a[1], -1),
    "gamma": lambda n, a: gamma(n, a[0]),
    "factorial": lambda n, a: gamma(n, n.ring.add(a[0], constant(1))),
    "beta": lambda n, a: n.ring.mul(gamma(n, a[0]), gamma(n, a[1]), n.ring.inverse(gamma(n, n.ring.add(a[0], a[1])))),
    "digamma": lambda n, a: digamma(n, a[0]),
    "choose": lambda n, a: choose(n, a[0], a[1]),
}


def hyperbolic(n: NormalForms, u: Form, sign: int) -> Form:
    """Return exp(u) + sign * exp(-u)."""
    return n.ring.add(n.exp(u), n.ring.scaled(n.exp(n.ring.scaled(u, -1)), sign))
