"""Common mistakes in rewritten formulas, recognized by the values of the claim."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import derivative
from secantd.check.domains import where_right
from secantd.check.equality.trial import ValueTrial
from secantd.check.mistakes import (
    FEWEST,
    LONGEST,
    OTHERS,
    POINTS,
    CommonMistake,
    equal_values,
    wrong_term,
)
from secantd.check.terms import terms_of_sum
from secantd.check.verdict import constant_text, number
from secantd.errors import CalculusError
from secantd.expression import Node, graft, reachable, symbols
from secantd.language import Notation
from secantd.program import compile as compile_program

__all__ = ["equality_mistake"]

Array = NDArray[np.float64]

# A factor closer to 1 than this was rounded rather than forgotten.
ROUNDED = 2e-3
# The smallest relative difference that doubles show, and by how much it may vary.
NEAREST, FLAT = 1e-13, 1e-3
# Variables of which pairs are swapped.
PAIRED = 4


def equality_mistake(trial: ValueTrial, i: int, names: Sequence[str], notation: Notation) -> CommonMistake | None:
    """Return the common mistake that explains the i-th claim, None if none does.

    Args:
        trial: The claim at points.
        i: The position of the claim.
        names: The variables of the formula.
        notation: The notation in which terms of the formula are quoted.
    """
    everywhere = np.flatnonzero(trial.comparable(i))
    rest = everywhere[POINTS:]
    places = np.concatenate([everywhere[:POINTS], rest[:: max(1, -(-len(rest) // OTHERS))]])
    claimed, true = trial.claimed[i, places], trial.true[i, places]
    constant = not len(trial.order)
    if constant:
        return of_constants(float(claimed[0]), float(true[0])) if len(places) else None
    # Where both are 0 they say little.
    other = (claimed != 0) | (true != 0)
    if other.sum() >= FEWEST:
        places, claimed, true = places[other], claimed[other], true[other]
    if len(places) < FEWEST:
        return on_a_domain(trial, i)
    if equal_values(claimed, true):
        return nearly(claimed, true) or on_a_domain(trial, i)
    if not claimed.any() or not true.any():
        return None
    known: Sequence[Callable[[], CommonMistake | None]] = (
        lambda: opposite(claimed, true),
        lambda: reciprocal(claimed, true),
        lambda: another(trial, i, claimed, places),
        lambda: a_power(claimed, true),
        lambda: a_factor(claimed, true),
        lambda: a_term(claimed, true),
        lambda: by_a_change(trial, i, places, names),
        lambda: in_one_term(trial, i, claimed, true, places, notation),
        lambda: on_a_domain(trial, i),
    )
    return next((found for test in known if (found := test()) is not None), None)


def of_constants(claimed: float, true: float) -> CommonMistake | None:
    """Return the mistake that explains a wrong constant: any two numbers have a ratio, so only a few are likely."""
    if claimed == true or not claimed or not true:
        return None
    gap = abs(claimed - true) / max(abs(claimed), abs(true))
    if gap < ROUNDED:
        return CommonMistake("rounded", f"the claim is a rounded value: it agrees to {int(-np.log10(gap))} digits")
    for found in (opposite, reciprocal, a_power):
        mistake = found(np.array([claimed]), np.array([true]))
        if mistake is not None:
            return mistake
    ratio = constant_text(true / claimed, largest=12)
    above, _, below = ratio.lstrip("-").partition("/")
    if "." in ratio or "e" in ratio or (above != "1" and below.isdigit()):
        return None
    return CommonMistake("factor", f"a factor is missing: the function is {ratio} times the claim")


def nearly(claimed: Array, true: Array) -> CommonMistake | None:
    """The formula is the claim times a number next to 1."""
    with np.errstate(all="ignore"):
        gap = (true - claimed) / claimed
    first = float(gap[0])
    if not abs(first) > NEAREST or not np.isfinite(gap).all() or np.ptp(gap) > FLAT * abs(first):
        return None
    sentence = f"a constant is rounded, or wrong: the function is {number(1 + first, 1.0)} times the claim"
    return CommonMistake("rounded", sentence)


def opposite(claimed: Array, true: Array) -> CommonMistake | None:
    found = CommonMistake("sign", "the sign is reversed: the function is minus the claim")
    return found if equal_values(claimed, -true) else None


def reciprocal(claimed: Array, true: Array) -> CommonMistake | None:
    with np.errstate(all="ignore"):
        turned = 1 / claimed
    if not np.isfinite(turned[:POINTS]).all():
        return None
    if equal_values(turned, true):
        return CommonMistake("reciprocal", "the claim is the reciprocal: the function is 1/claim")
    if equal_values(-turned, true):
        return CommonMistake("reciprocal", "the claim is the reciprocal with the other sign: the function is -1/claim")
    return None


def a_power(claimed: Array, true: Array) -> CommonMistake | None:
    """The claim lacks a square or a square root."""
    with np.errstate(all="ignore"):
        if equal_values(claimed**2, true):
            return CommonMistake("power", "a square is missing: the function is the square of the claim")
        if equal_values(claimed, true**2):
            return CommonMistake("power", "a square root is missing: the claim is the square of the function")
    return None


def another(trial: ValueTrial, i: int, claimed: Array, places: NDArray[np.intp]) -> CommonMistake | None:
    """The claim is another component."""
    for j in range(len(trial.claims)):
        if j != i and equal_values(claimed, trial.true[j, places]):
            return CommonMistake("order", f"component {i + 1} of the claim is component {j + 1} of the function")
    return None


def a_factor(claimed: Array, true: Array) -> CommonMistake | None:
    """The formula is a constant times the claim."""
    if not np.all(claimed[:POINTS]):
        return None
    with np.errstate(all="ignore"):
        ratio = true / claimed
    first = float(ratio[0])
    if not first or not np.isfinite(first) or not equal_values(ratio, np.full(len(ratio), first)):
        return None
    if abs(first - 1) < ROUNDED:
        sentence = f"a constant is rounded, or wrong: the function is {number(first, 1.0)} times the claim"
        return CommonMistake("rounded", sentence)
    return CommonMistake("factor", f"a factor is missing: the function is {constant_text(first)} times the claim")


def a_term(claimed: Array, true: Array) -> CommonMistake | None:
    """The formula is the claim plus a constant."""
    gap = true - claimed
    if not equal_values(gap, np.full(len(gap), gap[0])) or len(set(true.tolist())) == 1:
        return None
    verb, sign = ("missing", "+") if gap[0] > 0 else ("superfluous", "-")
    size = constant_text(abs(float(gap[0])))
    return CommonMistake("term", f"a constant term is {verb}: the function is the claim {sign} {size}")


def on_a_domain(trial: ValueTrial, i: int) -> CommonMistake | None:
    """The claim holds on a domain only."""
    region = where_right(trial, i)
    return None if region is None else CommonMistake("domain", f"the claim holds {region}")


def by_a_change(trial: ValueTrial, i: int, places: NDArray[np.intp], names: Sequence[str]) -> CommonMistake | None:
    """The claim is the formula with two variables swapped, or its derivative."""
    output = trial.outputs[i]
    if len(reachable([output])) > LONGEST or any(n.rows > 1 for n in reachable([output])):
        return None
    graph = trial.graph
    asked: list[tuple[CommonMistake, Node]] = []
    inside = symbols([output])
    for a, b in combinations([n for n in names if n in inside][:PAIRED], 2):
        swapped = graft(graph, graph, output, {a: graph.symbol(b), b: graph.symbol(a)})
        asked.append((CommonMistake("other_variable", f"{a} and {b} are swapped"), swapped))
    for name in list(names)[:PAIRED]:
        try:
            slope = derivative(graph, output, name)
        except CalculusError:
            continue
        sentence = f"the claim is the derivative of the function with respect to {name}"
        asked.append((CommonMistake("derivative", sentence), slope))
    if not asked:
        return None
    program = compile_program([node for _, node in asked], trial.order, graph.columns)
    found = trial.batch(program, np.ascontiguousarray(trial.points[:, places]))
    claimed = trial.claimed[i, places]
    return next((s for (s, _), values in zip(asked, found, strict=True) if equal_values(values, claimed)), None)


def in_one_term(
    trial: ValueTrial, i: int, claimed: Array, true: Array, places: NDArray[np.intp], notation: Notation
) -> CommonMistake | None:
    """One term of a sum is missing, or has the other sign or another factor."""
    terms = terms_of_sum(trial.graph, trial.outputs[i])
    if not 1 < len(terms) <= LONGEST or sum(len(reachable([t])) for t in terms) > LONGEST * len(terms):
        return None
    program = compile_program(terms, trial.order, trial.graph.columns)
    found = trial.batch(program, np.ascontiguousarray(trial.points[:, places]))
    return wrong_term(terms, found, claimed, true, ("the term", "one term", ""), notation)
