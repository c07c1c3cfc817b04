"""The verdict on a claim that two formulas of vectors and matrices are equal.

Algebra proves it (both have one light form); otherwise values at points decide. They are doubles: the values have to agree far more
closely than rounding lets different formulas agree, and differ clearly, or the claim stays undecided.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from secantd.algebra.arrays import is_zero
from secantd.calculus.arrays.functions import constructors
from secantd.calculus.arrays.points import Point, Value, check_point, values_at
from secantd.check.arrays.mistakes import array_mistake
from secantd.check.arrays.points import points
from secantd.check.assumptions import Assumptions, no_arrays
from secantd.check.claimed import foreign_names, grafted, notices_about_names
from secantd.check.clock import Clock
from secantd.check.tolerance import Tolerated
from secantd.check.verdict import Counterexample, Judgement, Verdict, Witness, number
from secantd.check.witnesses import WITNESSES
from secantd.errors import CalculusError
from secantd.expression import Node, reachable, shape_text
from secantd.language import Function
from secantd.settings import Limits

__all__ = ["judge_equal_arrays"]

# Relative differences of the largest entry up to which values are equal, and from which on they differ.
EQUAL, DIFFERENT = 1e-11, 1e-7
# The fewest points at which values agree.
FEWEST = 3
SILENT = {
    "ball": "ball arithmetic does not check formulas of vectors and matrices",
    "sympy": "SymPy does not check formulas of vectors and matrices",
    "deriv": "Deriv does not differentiate vectors and matrices",
}


def judge_equal_arrays(
    function: Function,
    claimed: Function,
    at: Mapping[str, Any] | None,
    asked: Sequence[str],
    assumed: Assumptions,
    limits: Limits,
    tolerance: float | None = None,
) -> Judgement:
    """Return whether two formulas of vectors and matrices have the same values.

    Args:
        function: A function that nobody else uses: its graph grows.
        claimed: The claim, read with the shapes of the function's variables.
        at: The first point to try.
        asked: The witnesses to ask.
        assumed: Assumptions: refused, as the points of arrays do not follow them.
        limits: The limits that apply.
        tolerance: The difference that is allowed, relative to the largest entry; None: none.

    Raises:
        CalculusError: INVALID_VALUE; UNKNOWN_VARIABLE.
    """
    if assumed:
        raise no_arrays()
    clock = Clock(limits.check_seconds)
    notices = list(dict.fromkeys((*function.notices, *claimed.notices)))
    graph = function.graph
    outputs, nodes = list(function.outputs), grafted(function, claimed)
    if len(outputs) != len(nodes):
        # One may be a vector of components, the other an array.
        outputs, nodes = joined(function, outputs), joined(function, nodes)
    foreign = foreign_names(function, claimed, ())
    names = tuple(dict.fromkeys([*function.variables, *foreign]))
    shapes = [(o.shape, c.shape) for o, c in zip(outputs, nodes, strict=False)]
    differing = next(((c, o) for o, c in shapes if o != c), None)
    symbols = [n for n in reachable([*outputs, *nodes]) if n.op == "symbol"]
    counterexample: Counterexample | None = None
    mistake = None
    message = ""
    agreed, largest = 0, 0.0
    if len(outputs) != len(nodes):
        message = f"the claim has {len(nodes)} components, but the function has {len(outputs)}"
        return Judgement(Verdict.REFUTED, message, None, "", (), (), names, tuple(notices), 0)
    first = [check_point(function, at, (), finite=True)] if at and not foreign else []
    proved = differing is None and all(same_form(function, o, c) for o, c in zip(outputs, nodes, strict=True))
    for i, (output, claim) in enumerate(zip(outputs, nodes, strict=True)):
        tried: list[tuple[Point, Value, Value]] = []
        for point in (*first, *points(symbols, graph.symmetric)):
            if clock.over:
                break
            true, said = value(function, output, point), value(function, claim, point)
            if true is not None and said is not None:
                tried.append((point, said, true))
        apart_most = max((apart(c, t) for _, c, t in tried), default=0.0)
        allowed = max(EQUAL, tolerance or 0.0)
        wrong = next(((p, c, t) for p, c, t in tried if apart(c, t) > max(DIFFERENT, allowed)), None)
        if wrong is not None:
            counterexample, message = found_at(i, *wrong)
            mistake = array_mistake(
                [p for p, _, _ in tried], [c for _, c, _ in tried], [t for _, _, t in tried],
                lambda p, claim=claim: value(function, claim, p),  # type: ignore[misc]
            )  # fmt: skip
            break
        if apart_most > EQUAL and tolerance:
            largest = max(largest, apart_most)
        equal = sum(apart(c, t) <= allowed for _, c, t in tried)
        agreed = equal if not i else min(agreed, equal)
    if counterexample is not None:
        notices += notices_about_names(function, (), foreign) if function.variables else []
    if tolerance and largest and counterexample is None:
        notices.append(Tolerated(None, largest, "", agreed, True).sentence(tolerance))
    opinions = {
        "exact": opinion_of("exact", proved, counterexample),
        "numeric": numeric_opinion(agreed, len(symbols), counterexample, tolerance if largest else None),
        **{name: Witness(name, Verdict.UNDECIDED, text) for name, text in SILENT.items()},
    }
    found = tuple(opinions[name] for name in WITNESSES if name in asked)
    verdicts = {w.verdict for w in found}
    verdict = Verdict.REFUTED
    if counterexample is None:
        verdict = next((v for v in (Verdict.PROVED, Verdict.AGREES) if v in verdicts), Verdict.UNDECIDED)
        message = next((w.message for w in found if w.verdict is verdict), "no witness reached a verdict")
    elif mistake is not None:
        message = f"{message}; {mistake.sentence.replace('the derivative', 'the function')}"
    word = mistake.word if mistake is not None else ""
    return Judgement(verdict, message, counterexample, word, found, (), names, tuple(notices), 0)


def joined(function: Function, nodes: list[Node]) -> list[Node]:
    """Return components that are numbers as one vector."""
    if len(nodes) > 1 and not any(n.shape for n in nodes):
        return [function.graph.array("concatenate", *nodes)]
    return nodes


def same_form(function: Function, output: Node, claim: Node) -> bool:
    """Return whether two formulas have one light form."""
    if claim is output:
        return True
    with function.lock:
        form = constructors(function)
        one, other = form.light(output), form.light(claim)
        return one is other or is_zero(form.light(form.add(one, form.neg(other))))


def value(function: Function, node: Node, point: Point) -> Value | None:
    """Return a value at a point; None where it has none."""
    try:
        with np.errstate(all="ignore"):
            found: Value = values_at(function, [node], point)[0]
    except (CalculusError, ValueError):
        # ValueError: lengths of the two formulas that do not conform.
        return None
    return found if np.isfinite(found).all() else None


def apart(one: Value, other: Value) -> float:
    """Return the difference relative to the largest entry; infinity for different shapes."""
    if np.shape(one) != np.shape(other):
        return float("inf")
    size = max(np.abs(one).max(initial=0.0), np.abs(other).max(initial=0.0))
    gap = float(np.abs(np.subtract(one, other)).max(initial=0.0))
    return gap / float(size) if gap else 0.0


def found_at(i: int, point: Point, claimed: Value, true: Value) -> tuple[Counterexample, str]:
    """Return the counterexample at a point where values differ, and the finding as a sentence."""
    c, t = np.shape(claimed), np.shape(true)
    if c != t:
        one, other = float(np.ravel(claimed)[0]), float(np.ravel(true)[0])
        finding = f"the claim is {shape_text(c)}, but the function is {shape_text(t)}"
        return Counterexample(i, 0, point, one, other), finding
    k = int(np.argmax(np.abs(np.subtract(np.ravel(claimed), np.ravel(true)))))
    one, other = float(np.ravel(claimed)[k]), float(np.ravel(true)[k])
    entry = f"entry {k + 1} of " if t else ""
    return Counterexample(
        i, 0, point, one, other
    ), f"{entry}the claim is {number(one, other)}, but the function there is {number(other, one)}"


def opinion_of(name: str, proved: bool, counterexample: Counterexample | None) -> Witness:
    if counterexample is not None:
        return Witness(name, Verdict.REFUTED, "the function has other values")
    if proved:
        return Witness(name, Verdict.PROVED, "both formulas simplify to the same expression")
    return Witness(name, Verdict.UNDECIDED, "the formulas do not simplify to the same expression")


def numeric_opinion(
    agreed: int, symbols: int, counterexample: Counterexample | None, tolerance: float | None = None
) -> Witness:
    if counterexample is not None:
        return Witness("numeric", Verdict.REFUTED, "the values differ there")
    if agreed >= (FEWEST if symbols else 1):
        found = f"equal to within {tolerance:g} at {agreed} points" if tolerance else ""
        return Witness("numeric", Verdict.AGREES, found or f"equal values at {agreed} points, to 11 digits")
    return Witness(
        "numeric",
        Verdict.UNDECIDED,
        "both formulas have values at too few points, or rounding errors hide the difference",
    )
