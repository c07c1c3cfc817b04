"""What certificates state, compared with what was asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from secantd.expression import Node, symbols
from secantd.precise.digits import Digits
from secantd.precise.special import UnsupportedError

from .alike import MP, alike, free, points_of, value
from .grammar import Term
from .reader import Statement, read_file

__all__ = ["called", "compare_derivative", "compare_refutation", "derivative_of", "missing", "needless", "parts"]

# Relative difference of values with 40 digits.
CLOSE = MP.mpf(10) ** -25


def called(names: Sequence[str]) -> dict[str, str]:
    """Return what variables are called in certificates: v_ and the name, other characters than ASCII letters, digits and _ by code."""
    return {name: "v_" + re.sub(r"[^A-Za-z0-9_]", lambda c: f"'{ord(c.group()):x}'", name) for name in names}


def parts(term: Term, sign: str = "/\\") -> list[Term]:
    """Return what a conjunction consists of."""
    if isinstance(term, tuple) and term[0] == sign:
        return [*parts(term[1], sign), *parts(term[2], sign)]
    return [term]


def same_values(
    term: Term,
    node: Node,
    names: Mapping[str, str],
    places: Sequence[Mapping[str, Any]],
    columns: Mapping[str, Any] | None = None,
) -> int:
    """Return at how many places a term has the value of an expression; AssertionError where it has another one."""
    side = Digits(node, columns or {}, decimal=True)
    count = 0
    for at in places:
        mine = at_place(side, {name: MP.mpf(at[written]) for name, written in names.items() if written in at})
        if mine is None:
            continue
        theirs = value(term, at)
        if MP.isfinite(mine) and MP.isfinite(theirs):
            mine = MP.mpf(mine)
            assert abs(mine - theirs) <= CLOSE * max(abs(mine), abs(theirs), 1), (term, at, mine, theirs)
            count += 1
    return count


def at_place(side: Digits, at: Mapping[str, Any]) -> Any:
    """Return the value of an expression, None if it is too large for 40 digits."""
    try:
        return side.value(at)
    except UnsupportedError:
        return None


def bound_of(term: Term, inner: Term) -> tuple[Fraction, Fraction]:
    """Return the two numbers of low <= inner <= high."""
    (one, two) = parts(term)
    assert (one[0], one[2], two[0], two[1]) == ("<=", inner, "<=", inner), term
    return constant(one[1]), constant(two[2])


def inside(number: Any, low: Fraction, high: Fraction) -> bool:
    """Whether a number of mpmath is between two fractions."""
    below, above = (MP.mpf(bound.numerator) / bound.denominator for bound in (low, high))
    return bool(below <= number <= above)


def constant(term: Term) -> Fraction:
    """Return the number that a term without variables and functions is."""
    if isinstance(term, Fraction):
        return term
    assert isinstance(term, tuple), term
    op, *rest = term
    numbers = [constant(part) for part in rest]
    if op == "neg":
        return -numbers[0]
    assert op == "/", term
    return numbers[0] / numbers[1]


def compare_refutation(
    certificate: Any,
    output: Node,
    claim: Node,
    variable: str,
    point: Mapping[str, Fraction] | None = None,
    before: str = "",
) -> None:
    """Assert that a certificate refutes the claim that was made: of f and its derivative, at the point that the record names.

    Args:
        certificate: The record.
        output: f.
        claim: The claim, of the same graph or another one.
        variable: The variable of the derivative; "" for a claim about f itself.
        point: The point; None: that of the record.
        before: The variable of the first derivative, if the claim is about the second one.
    """
    file = read_file(certificate.coq)
    point = {name: Fraction(text) for name, text in certificate.point} if point is None else point
    names = called(list(point))
    assert set(symbols([output, claim])) <= set(point)
    assert list(file.theorems) == ["first"] * bool(before) + ["values", "claim_is_wrong"]
    values, wrong = file.theorems["values"], file.theorems["claim_is_wrong"]
    where = {("=", names[name]): number for name, number in point.items()}
    for statement in (values, wrong):
        assert statement.variables == tuple(names.values())
        assert {h[:2]: constant(h[2]) for h in statement.hypotheses} == where
        assert len(statement.hypotheses) == len(where)
    conjuncts = parts(values.conclusion)
    negated = wrong.conclusion
    if variable:
        f, c = derivative_of(negated[1], names[variable]) if negated[0] == "~" else (None, None)
        place = next(i for i, part in enumerate(conjuncts) if part[0] == "exists")
        _, d, body = conjuncts[place]
        derivative, *bounds = parts(body)
        assert derivative_of(derivative, names[variable]) == (f, d)
        assert d not in free(f) | set(names.values())
        low, high = bound_of(("/\\", *bounds), d)
        if before:
            f = function_before(f, names[before])
            place -= 1
            near = ("ex_derive", ("fun", names[before], f), names[before])
            assert conjuncts[place] == ("locally", names[variable], ("fun", names[variable], near))
            compare_first(file.theorems["first"], f, names[before])
    else:
        assert negated[0] == "<>"
        f, c = negated[1], negated[2]
        place = len(conjuncts) - 4
        low, high = bound_of(("/\\", *conjuncts[place : place + 2]), f)
    least, most = bound_of(("/\\", *conjuncts[-2:]), c)
    assert high < least or most < low, "the intervals have a common number"
    assert alike(f, output, names), "another function"
    assert alike(c, claim, names), "another claim"
    here = {names[name]: MP.mpf(number.numerator) / number.denominator for name, number in point.items()}
    assert same_values(f, output, names, [here]) == same_values(c, claim, names, [here]) == 1
    assert inside(value(c, here), least, most)
    assert variable or inside(value(f, here), low, high)
    for condition in conjuncts[:place]:
        assert condition[0] in ("<", "<>"), condition
        assert value(condition, here), condition
    if variable:
        along = [names[name] for name in (before, variable) if name]
        orders = tuple([along.count(x) for x in dict.fromkeys(along)])
        along = list(dict.fromkeys(along))
        slope = MP.diff(
            lambda *t: value(f, {**here, **dict(zip(along, t, strict=True))}), tuple([here[x] for x in along]), orders
        )
        assert inside(slope, low, high)
    for interval, (below, above) in ((certificate.true_value, (low, high)), (certificate.claimed_value, (least, most))):
        if interval is not None:
            assert below <= Fraction(interval.lower) <= Fraction(interval.upper) <= above


def function_before(term: Term, x: str) -> Term:
    """Return F of Derive (fun x => F) x."""
    assert isinstance(term, tuple), term
    assert (term[0], term[2]) == ("Derive", x), term
    kind, bound, body = term[1]
    assert (kind, bound) == ("fun", x), term
    return body


def compare_first(statement: Statement, f: Term, x: str) -> None:
    """Assert that a theorem is about f, and that what it states has the values of differences of f."""
    stated, slope = derivative_of(statement.conclusion, x)
    assert stated == f
    assert {h[0] for h in statement.hypotheses} <= {"<", "<>"}
    places = points_of(statement.variables, statement.hypotheses)
    assert places, "no point satisfies the hypotheses"
    for at in places:
        difference = MP.diff(lambda t, at=at: value(f, {**at, x: t}), at[x])
        assert abs(difference - value(slope, at)) <= MP.mpf(10) ** -15 * max(1, abs(difference))


def derivative_of(term: Term, x: str) -> tuple[Term, Term]:
    """Return F and F' of is_derive (fun x => F) x F'."""
    assert isinstance(term, tuple), term
    assert (term[0], term[2]) == ("is_derive", x), term
    kind, bound, body = term[1]
    assert (kind, bound) == ("fun", x), term
    return body, term[3]


def compare_derivative(
    statement: Statement,
    output: Node,
    claim: Node,
    variable: str,
    variables: Sequence[str],
    columns: Mapping[str, Any] | None = None,
) -> int:
    """Assert that a theorem states that the claim is the derivative of f (or f itself); return at how many points values agreed.

    Args:
        statement: The theorem.
        output: f.
        claim: Its derivative, as it was claimed or answered.
        variable: The variable of the derivative; "" for a claim about f itself.
        variables: All variables of the request.
        columns: The data.
    """
    names = called(variables)
    assert set(statement.variables) <= set(names.values())
    if variable:
        f, c = derivative_of(statement.conclusion, names[variable])
    else:
        assert statement.conclusion[0] == "="
        f, c = statement.conclusion[1:]
    assert alike(f, output, names, columns), "another function"
    assert alike(c, claim, names, columns), "another claim"
    for hypothesis in statement.hypotheses:
        assert isinstance(hypothesis, tuple)
        assert hypothesis[0] in ("<", "<>"), hypothesis
    places = points_of([*names.values()], statement.hypotheses)
    assert places, "no point satisfies the hypotheses"
    return sum(same_values(t, node, names, places, columns) for t, node in ((f, output), (c, claim)))


def needless(statement: Statement, output: Node, claim: Node, variables: Sequence[str]) -> list[Term]:
    """Return hypotheses that fail at a random point at which f and the claim have values: nothing there needs them."""
    return [
        hypothesis
        for at, found in sampled((), output, claim, variables)
        if all(v is not None and MP.isfinite(v) for v in found)
        for hypothesis in statement.hypotheses
        if not value(hypothesis, at)
    ]


def missing(statement: Statement, output: Node, claim: Node, variables: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return random points at which all hypotheses hold, and f or the claim has no value."""
    places = sampled(statement.hypotheses, output, claim, variables)
    return [at for at, found in places if any(v is not None and MP.isnan(v) for v in found)]


def sampled(
    hypotheses: Sequence[Term], output: Node, claim: Node, variables: Sequence[str]
) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Yield random points at which hypotheses hold, with the values of f and the claim there."""
    names = called(variables)
    sides = [Digits(node, {}, decimal=True) for node in (output, claim)]
    for at in points_of([*names.values()], hypotheses, count=12):
        yield at, [at_place(side, {name: at[written] for name, written in names.items()}) for side in sides]
