"""Certificates that a claim is wrong: at a rational point the two sides lie in intervals without a common number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from secantd.calculus.results import Certificate, Interval
from secantd.expression import Graph, Node, symbols
from secantd.interrupt import checkpoint
from secantd.language.notation import Notation
from secantd.precise.digits import DIGITS, MORE_DIGITS, Digits
from secantd.precise.special import UnsupportedError
from secantd.proof.atpoint import BITS
from secantd.proof.derivatives import first_derivative
from secantd.proof.disjoint import disjoint
from secantd.proof.enclosed import enclosures
from secantd.proof.errors import NoCertificateError
from secantd.proof.numbers import holds
from secantd.proof.refutation import Refutation, refutation
from secantd.proof.terms import Translation
from secantd.proof.theorem import Theorem

__all__ = ["counterexample_certificate"]

# Significant digits of the coordinates that are tried before the double itself.
SHORTER: Final = (1, 2, 3, 4, 6, 9)
# Coordinates beyond which small numbers are tried first, and these numbers.
FAR: Final = 1e3
SMALL: Final = (
    (Fraction(2), Fraction(3), Fraction(5), Fraction(4)),
    (Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(2, 3)),
    (Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-3)),
)
# Factors of the coordinates that are tried where a hypothesis fails at the double, as between the pieces of a function.
BESIDE: Final = (Fraction(9, 8), Fraction(7, 8), Fraction(5, 4), Fraction(3, 4))
# A shorter point must show a relative difference of so much, or a share of that at the double.
CLEAR, SHARE = Fraction(1, 50), Fraction(1, 4)
# The same where the double is very large or small.
TINY: Final = Fraction(1, 10**9)
# Bits of interval arithmetic in Coq beyond those of the difference.
SPARE: Final = 64
# The most bits: Coq takes seconds for a value of so many.
MOST_BITS: Final = 4_000
ONLY_INTERVALS: Final = "the certificate has no file for Coq, only intervals by ball arithmetic"
NO_VALUE: Final = "there is no point at which the claim and the true formula both have values that differ"

Point = Mapping[str, Fraction]
Pair = tuple[Fraction, Fraction]


def counterexample_certificate(
    graph: Graph,
    output: Node,
    claim: Node,
    variables: Sequence[str],
    point: Mapping[str, float],
    partials: Sequence[Node] = (),
    *,
    notation: Notation = Notation.R,
    limit: int = 1_000,
    allowed: Callable[[Mapping[str, float]], bool] | None = None,
) -> tuple[Certificate, list[str]]:
    """Return the certificate that a claim fails at a point, or at a simpler one, and notices about it.

    Args:
        graph: The graph of the formulas, with their data; it grows.
        output: f.
        claim: The claim about the derivative of f, or about f itself.
        variables: The variables of the derivative in order: none for f itself, at most two.
        point: A point at which the two sides differ.
        partials: The derivatives of f by our rules, one for each of the variables.
        notation: That of the request.
        limit: The most operations and numbers of a formula.
        allowed: Whether a point satisfies the assumptions of the request.

    Raises:
        NoCertificateError: A side has no value there, or the functions have neither a theory in Coq nor an enclosure.

    >>> from secantd.language import read
    >>> f = read("x^3")
    >>> g, x = f.graph, f.graph.symbol("x")
    >>> claim, true = (g.make("mul", g.number(n), x, x) for n in (2, 3))
    >>> made, _ = counterexample_certificate(g, f.outputs[0], claim, ["x"], {"x": 2.0}, [true])
    >>> made.point, made.coq.count("Theorem")
    ((('x', '2'),), 2)
    """
    # The last step: f or its first derivative, and what the claim is compared with.
    second = len(partials) == 2
    *before, true = (output, *partials)
    inner = before[-1] if before else output
    names = list(dict.fromkeys([*symbols([output, claim]), *variables]))
    if lacking := [name for name in names if name not in point]:
        raise NoCertificateError(f"the point has no value of {lacking[0]}")
    if any(not isinstance(point[name], int | float) for name in names):
        raise NoCertificateError("certificates are for formulas of numbers, not of vectors and matrices")
    if not all(isfinite(point[name]) for name in names):
        raise NoCertificateError("the point at which the claim fails is not of finite numbers")
    made = Translation(graph, notation, limit)
    reason = ""
    first: Theorem | None = None
    try:
        sides = [made.of(node) for node in (output, claim)]
        if second:
            first = first_derivative(graph, output, inner, variables[0], notation, limit)
    except NoCertificateError as error:
        reason = str(error)
    hypotheses = () if reason else tuple(made.hypotheses)
    all_hypotheses = (*hypotheses, *first.hypotheses) if first else hypotheses

    def possible(at: Point) -> bool:
        return (allowed is None or allowed({n: float(v) for n, v in at.items()})) and holds(all_hypotheses, at)

    try:
        at, truth, claimed = chosen((true, claim, output), {n: point[n] for n in names}, possible, graph.columns)
    except NoCertificateError:
        if reason:
            raise NoCertificateError(reason) from None
        raise
    enclosed, why = enclosures(output, claim, variables, at, graph.columns, truth)
    text = ""
    try:
        if reason:
            raise NoCertificateError(reason)
        bits = precision(truth, claimed, (output, inner, true, claim), at, graph.columns)
        last = variables[-1] if variables else ""
        function = first.claim if first else sides[0]
        text = refutation(Refutation(function, sides[1], last, at, hypotheses, disjoint(truth, claimed), bits, first))
    except NoCertificateError as error:
        if enclosed is None:
            raise
        return certificate("", at, enclosed), [f"{ONLY_INTERVALS}: {error}"]
    return certificate(text, at, enclosed), [why] if why else []


def certificate(text: str, at: Point, enclosed: tuple[Interval, Interval] | None) -> Certificate:
    """Return the certificate with a text for Coq."""
    theirs, ours = enclosed if enclosed is not None else (None, None)
    point = tuple([(name, str(value)) for name, value in at.items()])
    return Certificate(text, point=point, claimed_value=theirs, true_value=ours)


def chosen(
    formulas: Sequence[Node],
    point: Mapping[str, float],
    possible: Callable[[Point], bool],
    columns: Mapping[str, Any],
) -> tuple[Point, Fraction, Fraction]:
    """Return the simplest point found at which the sides differ clearly, with the true and the claimed value."""
    here = {name: Fraction(value) for name, value in point.items()}
    least = TINY if far(point) else CLEAR
    try:
        for digits in (DIGITS, MORE_DIGITS):
            sides = [Digits(node, columns, digits=digits, decimal=True) for node in formulas]
            # At the double, at shorter decimals, and where that is between two pieces, beside it.
            most = difference(sides, here, possible)
            for at in simpler(point):
                checkpoint()
                found = difference(sides, at, possible)
                if found is not None and clear(found, most, least):
                    return at, *found
            if most is not None and most[0] != most[1]:
                return here, *most
            for factor in BESIDE:
                at = {name: value * factor or factor for name, value in here.items()}
                found = difference(sides, at, possible)
                if found is not None and clear(found, most, least):
                    return at, *found
    except UnsupportedError as error:
        raise NoCertificateError(f"the values cannot be computed to many digits: {error}") from None
    raise NoCertificateError(NO_VALUE)


def difference(sides: Sequence[Digits], at: Point, possible: Callable[[Point], bool]) -> Pair | None:
    """Return the true and the claimed value, None unless both and f have one and the point is possible."""
    found: list[Fraction] = []
    for side in sides:
        value = side.value(in_digits(side, at))
        if not side.mp.isfinite(value):
            return None
        found.append(exact(value))
    return (found[0], found[1]) if possible(at) else None


def in_digits(side: Digits, at: Point) -> dict[str, Any]:
    """Return a point in the digits of `side`."""
    return {name: side.mp.mpf(value.numerator) / value.denominator for name, value in at.items()}


def exact(value: Any) -> Fraction:
    """Return a number of mpmath as a fraction."""
    sign, mantissa, exponent, _ = value._mpf_
    size = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -size if sign else size


def simpler(point: Mapping[str, float]) -> Iterator[dict[str, Fraction]]:
    """Yield points of fewer digits near a point, and small numbers: before them, if a coordinate is very large or small.

    >>> next(simpler({"x": 1.23})), next(simpler({"x": -4e9}))
    ({'x': Fraction(1, 1)}, {'x': Fraction(2, 1)})
    """
    near = [{name: Fraction(f"{value:.{digits - 1}e}") for name, value in point.items()} for digits in SHORTER]
    small = [{name: row[i % len(row)] + i // len(row) for i, name in enumerate(point)} for row in SMALL]
    seen = []
    for at in small + near if far(point) else near + small:
        if at not in seen:
            seen.append(at)
            yield at


def far(point: Mapping[str, float]) -> bool:
    """Whether a coordinate is very large or small: powers of it would have thousands of digits."""
    return any(value and not 1 / FAR <= abs(value) <= FAR for value in point.values())


def clear(found: Pair, most: Pair | None, least: Fraction) -> bool:
    """Whether two values differ clearly: by a share that is not small, alone or compared with that at the double."""
    by = relative(found)
    return by >= least or (most is not None and 0 < SHARE * relative(most) <= by)


def relative(pair: Pair) -> Fraction:
    size = max(abs(pair[0]), abs(pair[1]))
    return abs(pair[0] - pair[1]) / size if size else Fraction(0)


def precision(
    true: Fraction, claimed: Fraction, formulas: Sequence[Node], at: Point, columns: Mapping[str, Any]
) -> int:
    """Return the bits of interval arithmetic that Coq needs: more where terms cancel.

    Raises:
        NoCertificateError: They are too many.
    """
    largest = max(abs(true), abs(claimed), Fraction(1))
    for node in formulas:
        side = Digits(node, columns, decimal=True)
        side.value(in_digits(side, at))
        # The noise is 1e-60 of the largest intermediate result.
        largest = max(largest, exact(side.noise) * 10**60)
    ratio = largest / abs(true - claimed)
    bits = max(BITS, SPARE + 2 * (ratio.numerator // ratio.denominator + 1).bit_length())
    if bits > MOST_BITS:
        raise NoCertificateError("the values differ in so few of their digits that Coq would take too long")
    return bits
