"""Kernels, and powers, exponentials and logarithms of quotients of polynomials in them: see `normalform`."""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from secantd.check.assumptions import Assumptions
from secantd.check.equality.polynomials import (
    ONE,
    Form,
    Monomial,
    Poly,
    Ring,
    Settled,
    TooLargeError,
    UndefinedError,
    constant,
    poly_key,
    primes,
    times_power,
)
from secantd.expression import Node, reachable

__all__ = ["HALF", "NormalForms", "Rules"]

# The largest power of a sine of an arcsine that is written out.
ANGLE = 8
HALF = Fraction(1, 2)


class NormalForms:
    """The normal forms of expressions, and the kernels in them.

    Args:
        rules: The rule of each operation that has one.
        positive: Variables that are not negative.
        assumed: Assumptions about variables.
    """

    def __init__(self, rules: "Rules", positive: set[str], assumed: Assumptions) -> None:
        self.rules = rules
        self.ring = Ring(self.settled)
        self.kernels: list[tuple[object, ...]] = []
        self.ids: dict[tuple[object, ...], int] = {}
        self.polys: dict[int, Poly] = {}
        self.found: dict[int, Form] = {}
        self.signs: dict[int, int] = {}
        self.whole: set[str] = {name for name, bounds in assumed.bounds.items() if bounds.step}
        self.positive = positive | {name for name, bounds in assumed.bounds.items() if bounds.low >= 0}
        self.negative = {name for name, bounds in assumed.bounds.items() if bounds.high <= 0} - self.positive

    # -- kernels -------------------------------------------------------------------------------------------------------

    def kernel(self, *key: object, sign: int = 0) -> int:
        """Return the number of a kernel; `sign` is 1 if it is never negative, -1 if it is never positive."""
        if key not in self.ids:
            self.ids[key] = len(self.kernels)
            self.kernels.append(key)
            self.signs[self.ids[key]] = sign
        return self.ids[key]

    def single(self, *key: object, power: Fraction | int = 1, sign: int = 0) -> Form:
        """Return a power of a kernel."""
        return self.power_of(self.kernel(*key, sign=sign), Fraction(power))

    def settled(self, kernel: int, exponent: Fraction) -> Settled | None:
        """Apply the relation of a kernel with itself to one of its powers."""
        kind, *rest = self.kernels[kernel]
        n = math.floor(exponent)
        if kind == "prime" and n:
            if abs(n) > 10**4:
                raise TooLargeError
            return Fraction(int(rest[0])) ** n, [(kernel, exponent - n)], []  # type: ignore[call-overload]
        if kind == "i" and not 0 < exponent < 2:
            turns = int(exponent) % 4
            return Fraction(-1 if turns > 1 else 1), [(kernel, Fraction(turns % 2))], []
        if kind == "abs" and not 0 < exponent < 2:
            even = 2 * math.floor(exponent / 2)
            return Fraction(1), [(kernel, exponent - even), (int(rest[0]), Fraction(even))], []  # type: ignore[call-overload]
        if kind == "poly" and n > 0:
            factors = [self.polys[kernel]] * n if n <= 12 else None
            if factors is None:
                raise TooLargeError
            return Fraction(1), [(kernel, exponent - n)], factors
        if kind == "cis":
            return self.turned(kernel, exponent)
        return None

    def turned(self, kernel: int, exponent: Fraction) -> Settled | None:
        """Apply exp(i pi) = -1, and exp(i pi n)^2 = 1 for a whole number n."""
        monomial: Monomial = self.kernels[kernel][1]  # type: ignore[assignment]
        pi = self.ids.get(("pi",))
        if pi is None or (pi, Fraction(1)) not in monomial:
            return None
        others = [(k, e) for k, e in monomial if k != pi]
        if not others:
            turns = exponent % 2
            if turns == exponent and turns < 1 and turns != HALF:
                return None
            sign = Fraction(-1 if turns >= 1 else 1)
            rest = turns % 1
            if rest == HALF:
                return sign, [(self.kernel("i"), Fraction(1))], []
            return sign, [(kernel, rest)], []
        integral = all(self.is_whole(k) and e > 0 and e.denominator == 1 for k, e in others)
        if integral and exponent.denominator == 1 and exponent not in (0, 1):
            return Fraction(1), [(kernel, exponent % 2)], []
        return None

    # -- expressions ---------------------------------------------------------------------------------------------------

    def of(self, output: Node) -> Form:
        """Return the normal form of an expression.

        Raises:
            TooLargeError: It is too large.
            UndefinedError: It has no value.
        """
        for node in reachable([output], self.found):
            self.found[node.index] = self.made(node, [self.found[a.index] for a in node.args])
        return self.found[output.index]

    def made(self, node: Node, args: list[Form]) -> Form:
        op = node.op
        if op == "number":
            if not math.isfinite(node.value):
                raise UndefinedError
            return constant(Fraction(repr(node.value)))
        if op == "symbol":
            if node.shape:
                raise TooLargeError
            sign = 1 if node.name in self.positive else -1 if node.name in self.negative else 0
            return self.single("symbol", node.name, sign=sign)
        if op == "pi":
            return self.pi()
        if op == "data" or node.rows > 1:
            raise TooLargeError
        rule = self.rules.get(op)
        if rule is not None:
            return rule(self, args)
        return self.call(op, args)

    def pi(self) -> Form:
        return self.single("pi", sign=1)

    def key(self, form: Form) -> tuple[object, ...]:
        return poly_key(form.above), poly_key(form.below)

    def call(self, op: str, args: Sequence[Form]) -> Form:
        return self.single("call", op, *[self.key(a) for a in args])

    def leading(self, form: Form) -> Fraction:
        """Return the coefficient whose sign is that of a form."""
        return form.above[max(form.above)] if form.above else Fraction(0)

    def exp(self, u: Form) -> Form:
        """Return exp(u), a product over the terms of u."""
        if not u.whole:
            negative = self.leading(u) < 0
            key = self.key(self.ring.scaled(u, -1) if negative else u)
            return self.single("exp of", key, power=-1 if negative else 1, sign=1)
        result = constant(1)
        for monomial, c in u.above.items():
            log = self.log_of(monomial)
            if log is not None:
                result = self.ring.mul(result, self.size_to(log, c))
            else:
                result = self.ring.mul(result, self.single("exp", monomial, power=c, sign=1))
        return result

    def log_of(self, monomial: Monomial) -> int | None:
        """Return the kernel whose logarithm a monomial is, None if it is no logarithm."""
        if len(monomial) == 1 and monomial[0][1] == 1 and self.kernels[monomial[0][0]][0] == "log":
            return int(self.kernels[monomial[0][0]][1])  # type: ignore[call-overload, no-any-return]
        return None

    def cis(self, u: Form) -> Form:
        """Return exp(i u), a product over the terms of u."""
        if not u.whole:
            negative = self.leading(u) < 0
            key = self.key(self.ring.scaled(u, -1) if negative else u)
            return self.single("cis of", key, power=-1 if negative else 1)
        result = constant(1)
        for monomial, c in u.above.items():
            arc = self.arc(monomial) if c.denominator == 1 and abs(c) <= ANGLE else None
            part = self.single("cis", monomial, power=c) if arc is None else self.ring.power(arc, int(c))
            result = self.ring.mul(result, part)
        return result

    def arc(self, monomial: Monomial) -> Form | None:
        """Return exp(i asin(u)) = sqrt(1 - u^2) + i u, and the same of an arc tangent."""
        if len(monomial) != 1 or monomial[0][1] != 1:
            return None
        kind, *rest = self.kernels[monomial[0][0]]
        if kind != "call" or rest[0] not in ("asin", "atan"):
            return None
        parts: Any = rest[1]
        u = Form(dict(parts[0]), dict(parts[1]))
        ring = self.ring
        square, turned = ring.power(u, 2), ring.mul(self.single("i"), u)
        if rest[0] == "asin":
            return ring.add(self.root(ring.add(constant(1), ring.scaled(square, -1)), HALF), turned)
        return ring.mul(ring.add(constant(1), turned), self.root(ring.add(constant(1), square), -HALF))

    def sine(self, u: Form) -> Form:
        ring = self.ring
        gap = ring.add(self.cis(u), ring.scaled(self.cis(ring.scaled(u, -1)), -1))
        return ring.scaled(ring.mul(self.single("i"), gap), -HALF)

    def cosine(self, u: Form) -> Form:
        return self.ring.scaled(self.ring.add(self.cis(u), self.cis(self.ring.scaled(u, -1))), HALF)

    def log(self, u: Form) -> Form:
        """Return log|u|, which is log(u) wherever that has a value."""
        if not u.above:
            raise UndefinedError
        total = self.log_of_poly(u.above)
        if not u.whole:
            total = self.ring.add(total, self.ring.scaled(self.log_of_poly(u.below), -1))
        return total

    def log_of_poly(self, poly: Poly) -> Form:
        factor, monomial, rest = self.parted(poly)
        terms = [constant(0)]
        terms += [
            self.ring.scaled(self.single("log", self.kernel("prime", p, sign=1)), e) for p, e in primes(abs(factor))
        ]
        terms += [self.ring.scaled(self.log_of_kernel(kernel), e) for kernel, e in monomial]
        if rest is not None:
            terms.append(self.single("log", rest))
        return self.ring.add(*terms)

    def log_of_kernel(self, kernel: int) -> Form:
        kind, *rest = self.kernels[kernel]
        if kind == "exp":
            return Form({rest[0]: Fraction(1)}, {ONE: Fraction(1)})  # type: ignore[dict-item]
        if kind == "abs":
            return self.single("log", rest[0])
        return self.single("log", kernel)

    def parted(self, poly: Poly) -> tuple[Fraction, Monomial, int | None]:
        """Return a polynomial as a rational factor, a monomial, and a kernel for a factor of several terms."""
        if len(poly) == 1:
            ((monomial, c),) = poly.items()
            return c, monomial, None
        first = max(poly)
        common = Fraction(
            math.gcd(*[c.numerator for c in poly.values()]), math.lcm(*[c.denominator for c in poly.values()])
        )
        common = -common if poly[first] < 0 else common
        lowest = dict(first)
        for m in poly:
            powers = dict(m)
            lowest = {k: min(e, powers.get(k, Fraction(0))) for k, e in lowest.items()}
            lowest |= {k: min(e, Fraction(0)) for k, e in powers.items() if k not in lowest}
        monomial = tuple(sorted((k, e) for k, e in lowest.items() if e))
        rest = self.ring.multiplied(poly, self.ring.turned_over(monomial, common))
        return common, monomial, self.of_poly(rest)

    def of_poly(self, poly: Poly) -> int:
        """Return the kernel of a polynomial of several terms."""
        kernel = self.kernel("poly", poly_key(poly), sign=1 if self.never_negative(poly) else 0)
        self.polys[kernel] = poly
        return kernel

    def never_negative(self, poly: Poly) -> bool:
        """Whether all terms of a polynomial are at least 0."""
        return all(c > 0 and all(self.even(k, e) for k, e in m) for m, c in poly.items())

    def even(self, kernel: int, exponent: Fraction) -> bool:
        """Whether a power of a kernel is never negative."""
        if self.kernels[kernel][0] in ("i", "cis", "cis of"):
            return False
        return self.signs[kernel] > 0 or (exponent.denominator == 1 and exponent % 2 == 0)

    def size_to(self, kernel: int, exponent: Fraction) -> Form:
        """Return |kernel|^exponent."""
        sign = self.signs[kernel]
        if exponent.denominator == 1 and exponent % 2 == 0:
            sign = 1
        if sign < 0 and exponent.denominator == 1:
            return self.ring.scaled(self.power_of(kernel, exponent), -1)
        if sign > 0:
            return self.power_of(kernel, exponent)
        return self.power_of(self.kernel("abs", kernel, sign=1), exponent)

    def power_of(self, kernel: int, exponent: Fraction) -> Form:
        factor, monomial, polys = self.ring.monomial({kernel: exponent})
        result = Form({monomial: factor}, {ONE: Fraction(1)})
        for poly in polys:
            result = self.ring.mul(result, Form(poly, {ONE: Fraction(1)}))
        return result

    def size(self, u: Form) -> Form:
        """Return |u|."""
        if not u.above:
            return u
        return self.ring.mul(
            self.size_of_poly(u.above, Fraction(1)), self.ring.inverse(self.size_of_poly(u.below, Fraction(1)))
        )

    def size_of_poly(self, poly: Poly, exponent: Fraction) -> Form:
        """Return |poly|^exponent."""
        factor, monomial, rest = self.parted(poly)
        self.require_real(monomial)
        parts = [self.rational(abs(factor), exponent)]
        parts += [self.size_to(k, e * exponent) for k, e in monomial]
        if rest is not None:
            parts.append(self.size_to(rest, exponent))
        return self.ring.mul(*parts)

    def require_real(self, monomial: Monomial) -> None:
        if any(self.kernels[k][0] in ("i", "cis", "cis of") for k, _ in monomial):
            raise TooLargeError

    def rational(self, value: Fraction, exponent: Fraction) -> Form:
        """Return a power of a positive rational number."""
        parts = [constant(1)]
        parts += [self.single("prime", p, power=e * exponent, sign=1) for p, e in primes(value)]
        return self.ring.mul(*parts)

    def root(self, u: Form, exponent: Fraction) -> Form:
        """Return u^exponent for an exponent that is no integer: where it has a value, u is not negative."""
        if not u.above:
            if exponent < 0:
                raise UndefinedError
            return u
        if not u.whole:
            square = self.ring.multiplied(u.above, u.below)
            below = self.size_of_poly(u.below, -2 * exponent)
            return self.ring.mul(self.root(Form(square, {ONE: Fraction(1)}), exponent), below)
        if len(u.above) == 1:
            return self.size_of_poly(u.above, exponent)
        for monomial in u.above:
            if any(self.kernels[k][0] == "i" for k, _ in monomial):
                # A sum of exponentials of imaginary angles is real, and its root a kernel of its own.
                return self.single("root", self.key(u), exponent)
        factor, monomial, rest = self.parted(u.above)
        if all(self.signs[k] > 0 for k, _ in monomial) and rest is not None and factor > 0:
            parts = [self.rational(factor, exponent), self.power_of(rest, exponent)]
            parts += [self.power_of(k, e * exponent) for k, e in monomial]
            return self.ring.mul(*parts)
        common = abs(factor)
        kernel = self.of_poly({m: c / common for m, c in u.above.items()})
        return self.ring.mul(self.rational(common, exponent), self.power_of(kernel, exponent))

    def power(self, u: Form, v: Form) -> Form:
        """Return u^v."""
        exponent = v.number
        if exponent is not None:
            return self.ring.power(u, int(exponent)) if exponent.denominator == 1 else self.root(u, exponent)
        number = u.number
        if number is not None and number < 0:
            # It has values where v is a whole number only.
            turned = self.cis(self.ring.mul(self.pi(), v))
            return self.ring.mul(turned, self.exp(self.ring.mul(v, self.log(u))))
        if u.whole and len(u.above) == 1:
            ((monomial, c),) = u.above.items()
            if c > 0 and all(self.signs[k] > 0 for k, _ in monomial):
                return self.exp(self.ring.mul(v, self.log(u)))
        if not v.whole or not u.above:
            return self.call("pow", [u, v])
        parts = [constant(1)]
        for monomial, c in v.above.items():
            whole = c.denominator == 1
            if monomial == ONE:
                parts.append(self.ring.power(u, int(c)) if whole else self.root(u, c))
            elif whole:
                parts.append(self.single("power", self.key(u), monomial, power=c))
            else:
                parts.append(self.single("power", self.key(u), (monomial, c)))
        return self.ring.mul(*parts)

    def is_whole(self, kernel: int) -> bool:
        kind, *rest = self.kernels[kernel]
        return kind == "symbol" and rest[0] in self.whole

    # -- zero ----------------------------------------------------------------------------------------------------------

    def is_zero(self, form: Form) -> bool:
        """Whether a form is 0: with fractional powers of polynomials multiplied so that no exponent is negative."""
        above = form.above
        for kernel in [k for k in range(len(self.kernels)) if self.kernels[k][0] == "poly"]:
            lowest = min((dict(m).get(kernel, Fraction(0)) for m in above), default=Fraction(0))
            if lowest < 0:
                above = times_power(self.ring, above, kernel, -lowest)
        return not above


Rules: TypeAlias = Mapping[str, Callable[[NormalForms, list[Form]], Form]]
