"""Common mistakes in derivatives, recognized by the values of the claim.

A mistake is tested by making it: f is differentiated with one rule applied wrongly, at one node or at every node, and the
values of the result are compared with those of the claim.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import derivative
from secantd.check.domains import where_right
from secantd.check.rules import RULES, mistaken, moving_nodes, sentence_of
from secantd.check.terms import terms_of_rule, terms_of_sum
from secantd.check.trial import Trial
from secantd.check.verdict import constant_text
from secantd.errors import CalculusError
from secantd.expression import Node, graft, reachable, symbols
from secantd.language import Notation
from secantd.program import compile as compile_program
from secantd.render import render

__all__ = ["CommonMistake", "common_mistake"]

Array = NDArray[np.float64]
Places = NDArray[np.intp]

# The first points at which values have to be equal, how many of the others are compared, the fewest, and the largest relative
# difference of equal values.
POINTS = 8
OTHERS = 24
FEWEST = 3
AGREE = 1e-7
# The largest rounding error of a difference, relative to its terms.
CANCELLED = 1e-13
# A factor closer to 1 than this was rounded rather than forgotten.
ROUNDED = 1e-3
# The largest factor that is missing: a larger one is the quotient by a claim that is small, and may have lost its digits.
LARGEST = 1e6
# The share of the other points at which values have to be equal.
MOST = 0.9
# The longest term, in characters, that is quoted in a sentence.
QUOTED = 40
# How many names of a claim may mean the value of f.
MEANT = 3
# A formula of more nodes has too many places at which a rule may be applied wrongly.
LONGEST = 80


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """A common mistake: a word for programs, and a sentence that helps."""

    word: str
    sentence: str


def common_mistake(trial: Trial, i: int, notation: Notation, order: int = 1) -> CommonMistake | None:
    """Return the common mistake that explains the i-th claim, None if none does.

    Args:
        trial: The claim at points.
        i: The position of the claim.
        notation: The notation in which terms of f are quoted.
        order: The order of the derivative; 2: f is the first derivative of the caller's function.
    """
    everywhere = np.flatnonzero(trial.comparable(i))
    rest = everywhere[POINTS:]
    places: Places = np.concatenate([everywhere[:POINTS], rest[:: max(1, -(-len(rest) // OTHERS))]])
    claimed, true = trial.claimed[i, places], trial.true[i, places]
    if len(places) < FEWEST or equal_values(claimed, true):
        return on_a_domain(trial, i)
    if not claimed.any():
        # 0 is the result of too many mistakes.
        return on_a_domain(trial, i)
    known: Sequence[Callable[[], CommonMistake | None]] = (
        lambda: opposite(claimed, true),
        lambda: another(trial, i, places),
        lambda: a_rule(trial, i, places),
        lambda: by_a_constant(trial, i, places),
        lambda: itself(trial, i, places, order),
        lambda: a_factor(claimed, true),
        lambda: a_term(claimed, true),
        lambda: of_the_value(trial, i, places),
        lambda: in_one_term(trial, i, places, notation),
        lambda: in_a_product(trial, i, places, notation),
        lambda: on_a_domain(trial, i),
    )
    found = next((found for test in known if (found := test()) is not None), None)
    # A sign that is right at some points is no reversed sign.
    return None if found is not None and found.word in ("sign", "inner_sign") and often_right(trial, i) else found


def equal_values(a: Array, b: Array, noise: Array | float = 0.0) -> bool:
    """Whether two arrays of values are equal up to rounding: at the first POINTS, and at most of the others.

    `noise` is the size of the rounding errors of differences, where terms that cancel leave no digit.

    The first points are numbers that a person would try, at which different formulas may agree. At the others rounding may leave no
    digit.
    """
    with np.errstate(all="ignore"):
        others = np.isfinite(a) & np.isfinite(b)
        # Infinity is equal to nothing: it is within AGREE of infinity of every number.
        near = others & (np.abs(a - b) <= AGREE * np.maximum(np.abs(a), np.abs(b)) + noise)
        # Rounding makes no value the opposite of another.
        if np.any(others & (np.abs(a + b) <= AGREE * np.abs(a)) & (np.abs(a) > noise)):
            return False
    others[:POINTS] = False
    if not near[:POINTS].all():
        return False
    return bool(near[others].mean() >= MOST) if others.any() else True


def opposite(claimed: Array, true: Array) -> CommonMistake | None:
    """The claim is minus the derivative."""
    found = CommonMistake("sign", "the sign is reversed: the derivative is minus the claim")
    return found if equal_values(claimed, -true) else None


def often_right(trial: Trial, i: int) -> bool:
    """Whether the i-th claim is right at several points, at which the derivative is not 0."""
    claimed, true = trial.claimed[i], trial.true[i]
    with np.errstate(all="ignore"):
        same = (np.abs(claimed - true) <= AGREE * np.abs(true)) & (true != 0)
    return int((same & trial.comparable(i)).sum()) >= FEWEST


def another(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is a derivative with respect to another variable."""
    name = trial.variables[i]
    for j, other in enumerate(trial.variables):
        if j != i and equal_values(trial.claimed[i, places], trial.true[j, places]):
            if equal_values(trial.claimed[j, places], trial.true[i, places]):
                sentence = f"the partial derivatives with respect to {name} and {other} are swapped; the order is "
                return CommonMistake("order", sentence + ", ".join(trial.variables[:8]))
            return CommonMistake("other_variable", f"the claim is the derivative with respect to {other}, not {name}")
    return None


def itself(trial: Trial, i: int, places: Places, order: int) -> CommonMistake | None:
    """The claim is f, its second derivative, or a derivative with respect to a variable that was not asked for."""
    everywhere = np.flatnonzero(trial.comparable(i))
    # abs(u) is u at most points, and both are known at all of them.
    if equal_values(trial.claimed[i, everywhere], trial.heights[everywhere]):
        if order == 2:
            return CommonMistake("first_derivative", "the claim is the first derivative")
        return CommonMistake("function_itself", "the claim is the function itself")
    name = trial.variables[i]
    asked: list[tuple[CommonMistake, Node]] = []
    try:
        first = derivative(trial.graph, trial.output, name)
        second = derivative(trial.graph, first, name)
        which = "third" if order == 2 else "second"
        asked.append((CommonMistake(f"{which}_derivative", f"the claim is the {which} derivative"), second))
        for other in trial.order[:LONGEST]:
            if other not in trial.variables:
                found = CommonMistake(
                    "other_variable", f"the claim is the derivative with respect to {other}, not {name}"
                )
                asked.append((found, derivative(trial.graph, trial.output, other)))
    except CalculusError:
        pass
    return matching(trial, i, places, asked)


def a_factor(claimed: Array, true: Array) -> CommonMistake | None:
    """The derivative is a constant times the claim."""
    if not np.all(claimed[:POINTS]):
        return None
    with np.errstate(all="ignore"):
        ratio = true / claimed
    if not 1.0 / LARGEST <= abs(ratio[0]) <= LARGEST or not equal_values(ratio, np.full(len(ratio), ratio[0])):
        return None
    what = "a constant is rounded, or wrong" if abs(ratio[0] - 1) < ROUNDED else "a factor is missing"
    return CommonMistake("factor", f"{what}: the derivative is {constant_text(float(ratio[0]))} times the claim")


def a_term(claimed: Array, true: Array) -> CommonMistake | None:
    """The derivative is the claim plus a constant."""
    gap = true - claimed
    if not equal_values(gap, np.full(len(gap), gap[0])) or len(set(true.tolist())) == 1:
        return None
    verb = "missing" if gap[0] > 0 else "superfluous"
    return CommonMistake("term", f"a constant term is {verb}: the derivative is the claim {'+' if gap[0] > 0 else '-'} "
                        f"{constant_text(abs(float(gap[0])))}")  # fmt: skip


def on_a_domain(trial: Trial, i: int) -> CommonMistake | None:
    """The claim holds on a domain only."""
    region = where_right(trial, i)
    return None if region is None else CommonMistake("domain", f"the claim holds {region}")


# -- formulas that an author may have differentiated wrongly -----------------------------------------------------------


def a_rule(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is the derivative with one rule applied wrongly, at one node or everywhere."""
    nodes = reachable([trial.output])
    if len(nodes) > LONGEST or any(n.rows > 1 for n in nodes):
        return None
    graph, name = trial.graph, trial.variables[i]
    moving = moving_nodes(nodes, name)
    constant = not np.ptp(trial.claimed[i, places])
    for rule in RULES:
        if rule.varying and constant:
            continue
        spots = [n for n in nodes if n.args and rule.applies(n, moving[n.index])]
        asked: list[tuple[CommonMistake, Node]] = []
        for wrong in [*([spots] if len(spots) > 1 else []), *[[n] for n in spots]]:
            try:
                node = mistaken(graph, nodes, name, rule, {n.index for n in wrong})
            except CalculusError:
                continue
            asked.append((CommonMistake(rule.word, sentence_of(rule, wrong[0])), node))
        found = matching(trial, i, places, asked)
        if found is not None:
            return found
    return None


def by_a_constant(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is the derivative with respect to pi: 2*pi*x for pi^2*x."""
    nodes = reachable([trial.output])
    if len(nodes) > LONGEST or all(n.op != "pi" for n in nodes) or any(n.rows > 1 for n in nodes):
        return None
    found = CommonMistake("other_variable", f"the claim is the derivative with respect to pi, not {trial.variables[i]}")
    return matching(trial, i, places, [(found, mistaken(trial.graph, nodes, "pi", None, set()))])


def of_the_value(trial: Trial, i: int, places: Places) -> CommonMistake | None:
    """The claim is right if a name in it means the value of f: x*(1 - x) for the logistic function."""
    claim, name = trial.claims[i], trial.variables[i]
    if claim.op == "symbol" and claim.name == name:
        return None
    inside, others = symbols([claim]), symbols([trial.output])
    asked = []
    for each in [n for n in inside if n == name or n not in others][:MEANT]:
        sentence = (
            f"the claim is the derivative in terms of the function's value: {each} has to be replaced by the function"
        )
        asked.append(
            (CommonMistake("other_variable", sentence), graft(trial.graph, trial.graph, claim, {each: trial.output}))
        )
    if not asked:
        return None
    program = compile_program([node for _, node in asked], trial.order, trial.graph.columns)
    at = np.flatnonzero(np.isfinite(trial.true[i]) & np.isfinite(trial.heights))[: 2 * (POINTS + OTHERS)]
    true = trial.true[i][at]
    if not np.any(trial.true[i][trial.comparable(i)]):
        # 0 is the value of too many formulas.
        return None
    for (found, _), meant in zip(asked, trial.batch(program, trial.points[:, at]), strict=True):
        known = np.flatnonzero(np.isfinite(meant))[: POINTS + OTHERS]
        if len(known) >= FEWEST and equal_values(meant[known], true[known]):
            return found
    return None


def in_one_term(trial: Trial, i: int, places: Places, notation: Notation) -> CommonMistake | None:
    """One term of a sum is differentiated with another factor, with the other sign, or not at all."""
    terms = terms_of_sum(trial.graph, trial.output)
    if not 1 < len(terms) <= LONGEST or sum(len(reachable([t])) for t in terms) > LONGEST * len(terms):
        return None
    try:
        slopes = [derivative(trial.graph, t, trial.variables[i]) for t in terms]
    except CalculusError:
        return None
    program = compile_program(slopes, trial.order, trial.graph.columns)
    found = trial.batch(program, np.ascontiguousarray(trial.points[:, places]))
    claimed, true = trial.claimed[i, places], trial.true[i, places]
    return wrong_term(terms, found, claimed, true, ("the derivative of", "the derivative of one term", ""), notation)


def in_a_product(trial: Trial, i: int, places: Places, notation: Notation) -> CommonMistake | None:
    """One term of the product rule or the quotient rule has another factor or the other sign, or is missing."""
    terms = terms_of_sum(trial.graph, trial.output)
    if len(reachable([trial.output])) > LONGEST:
        return None
    claimed, true = trial.claimed[i, places], trial.true[i, places]
    for each in terms:
        try:
            parts, rule = terms_of_rule(trial.graph, each, trial.variables[i])
        except CalculusError:
            continue
        if len(parts) < 2:
            continue
        program = compile_program(parts, trial.order, trial.graph.columns)
        found = trial.batch(program, np.ascontiguousarray(trial.points[:, places]))
        words = ("the term", "one term", f" of the {rule} rule")
        mistake = wrong_term(parts, found, claimed, true, words, notation)
        if mistake is not None:
            return mistake
    return None


def wrong_term(
    terms: Sequence[Node],
    found: Sequence[Array],
    claimed: Array,
    true: Array,
    words: tuple[str, str, str],
    notation: Notation,
) -> CommonMistake | None:
    """Return which term of a sum has another factor or sign in the claim, or is missing.

    Args:
        terms: The terms.
        found: The values of each, or of its derivative.
        claimed: The values of the claim.
        true: The right values.
        words: What stands before the quoted term, instead of both where it is too long to quote, and after it.
        notation: The notation in which it is quoted.
    """
    for term, values in zip(terms, found, strict=True):
        values = np.broadcast_to(values, claimed.shape)
        # Where a term is 0, as log(x) at 1, its factor does not matter.
        known = values != 0
        with np.errstate(all="ignore"):
            share = (1 - (true - claimed) / values)[known]
        # A constant that is missing or superfluous has been named already.
        first = share[: int(known[:POINTS].sum())]
        if (
            len(first) < FEWEST
            or not np.isfinite(first).all()
            or not np.ptp(values[:POINTS])
            or np.ptp(first) > AGREE * max(1.0, np.abs(first).max())
        ):
            continue
        factor = float(np.median(first))
        noise = CANCELLED * np.maximum(np.abs(true), np.abs((1 - factor) * values))
        if not equal_values(claimed, true - (1 - factor) * values, noise):
            continue
        try:
            of = f"{words[0]} {render(term, notation, QUOTED)}{words[2]}"
        except CalculusError:
            of = f"{words[1]}{words[2]}"
        if abs(factor) < AGREE:
            return CommonMistake("term", f"{of} is missing")
        if abs(factor + 1) < AGREE:
            return CommonMistake("sign", f"the sign of {of} is reversed")
        missing = constant_text(1 / factor)
        if "." not in missing and "e-" not in missing:
            verb = "missing" if abs(factor) < 1 else "superfluous"
            return CommonMistake("factor", f"a factor is {verb} in one term: {of} is {missing} times that in the claim")
    return None


def matching(trial: Trial, i: int, places: Places, asked: Sequence[tuple[CommonMistake, Node]]) -> CommonMistake | None:
    """Return the first mistake whose formula has the values of the i-th claim: at the chosen places, and at most others."""
    if not asked:
        return None
    program = compile_program([node for _, node in asked], trial.order, trial.graph.columns)
    found = trial.batch(program, np.ascontiguousarray(trial.points[:, places]))
    claimed = trial.claimed[i, places]
    return next((s for (s, _), values in zip(asked, found, strict=True) if equal_values(values, claimed)), None)
