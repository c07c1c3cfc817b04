"""Claims that are right up to a tolerance: a student's 0.333*x for x/3.

The difference of a claim from a function at a point is measured relative to the function. A sum is as large as the absolute values of its
terms together, a sine or cosine as large as 1, and a logarithm at least 1: otherwise no rounded decimal would be within a tolerance next to
a zero of the function. The size is that of the function alone, as a claim could make its own as large as it likes. Values at points are
no proof, so the best verdict is AGREES.
"""

import math
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.check.clock import Clock
from secantd.check.trial import Trial
from secantd.check.verdict import Counterexample, Verdict, Witness, point_text
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, reachable
from secantd.precise import UnsupportedError
from secantd.program import compile as compile_program

__all__ = ["Tolerated", "check_tolerance", "no_tolerance", "size_of", "tolerated"]

Array = NDArray[np.float64]

# Points with a larger difference in doubles that are computed to many digits.
LOOKS = 12
# The fewest points of formulas with variables at which the difference has to be within the tolerance.
NEEDED = 3
# The relative error of a difference in doubles that decides where many digits are not available.
ROUNDING = 1e-9
# Operations whose value is at most 1, and those whose value may be 0 although nothing cancels.
BOUNDED, AT_LEAST_ONE = frozenset({"sin", "cos", "sinpi", "cospi"}), frozenset({"log", "log1p", "lgamma"})


class Tolerated(NamedTuple):
    """What was found about a claim that is not exactly right.

    Attributes:
        counterexample: A point with a difference above the tolerance; None if there is none.
        largest: The largest relative difference seen; that of the counterexample if there is one.
        place: Where, as text; "" for constants.
        agreed: The points at which the difference is within the tolerance.
        enough: Whether these points are enough for a verdict.
    """

    counterexample: Counterexample | None
    largest: float
    place: str
    agreed: int
    enough: bool

    def sentence(self, tolerance: float) -> str:
        """Return the finding as a sentence."""
        where = f" at {self.place}" if self.place else ""
        if math.isinf(self.largest):
            return f"the function is 0{where}, where a relative tolerance allows no difference"
        if self.counterexample is not None:
            return f"the relative difference{where} is {self.largest:.2g}, more than the tolerance {tolerance:g}"
        return f"equal to within {tolerance:g}, not exactly: the largest relative difference seen is {self.largest:.2g}{where}"

    def opinions(self, asked: Collection[str], order: Sequence[str], tolerance: float) -> tuple[Witness, ...]:
        """Return the opinion of each witness, where there is no counterexample."""
        others = "the claim is not exactly right"
        values = Verdict.AGREES if self.enough else Verdict.UNDECIDED
        found = {name: Witness(name, Verdict.UNDECIDED, others) for name in order if name in asked}
        if "numeric" in asked or not found:
            points = f" at {self.agreed} points" if self.place else ""
            few = "there are too few points at which both have values"
            message = f"equal to within {tolerance:g}{points}" if self.enough else few
            found["numeric"] = Witness("numeric", values, message)
        return tuple(found[name] for name in order if name in found)


def check_tolerance(tolerance: float) -> None:
    """Raise INVALID_VALUE unless a tolerance is a number from 0 to below 1.

    >>> check_tolerance(1e-2)
    """
    if not 0.0 <= tolerance < 1.0:
        headline = f"the tolerance is {tolerance:g}, not a relative difference from 0 to below 1"
        raise CalculusError(Reason.INVALID_VALUE, headline, "for two right digits, take 0.01", field="tolerance")


def no_tolerance() -> CalculusError:
    """Return the error of a tolerance for derivatives of vectors and matrices."""
    headline = "derivatives of vectors and matrices are not compared up to a tolerance"
    return CalculusError(Reason.INVALID_VALUE, headline, "leave out the tolerance", field="tolerance")


def size_of(graph: Graph, output: Node) -> Node:
    """Return a formula of the size to which differences from a formula are relative.

    >>> from secantd.language import read
    >>> from secantd.program import compile
    >>> f = read("2*(x - 3)/y")
    >>> compile([size_of(f.graph, f.outputs[0])], ["x", "y"]).point([3.0, -1.0])
    [12.0]
    """
    found: dict[int, Node] = {}
    for node in reachable([output]):
        args, sizes = node.args, [found[a.index] for a in node.args]
        whole = node.op == "pow" and args[1].op == "number" and args[1].value >= 1 and args[1].value.is_integer()
        if node.op in ("add", "mul", "sum"):
            size = graph.make(node.op, *sizes)
        elif node.op == "neg":
            size = sizes[0]
        elif node.op == "div":
            size = graph.make("div", sizes[0], graph.make("abs", args[1]))
        elif whole:
            size = graph.make("pow", sizes[0], args[1])
        elif node.op in BOUNDED:
            size = graph.number(1.0)
        elif node.op in AT_LEAST_ONE:
            size = graph.make("pmax", graph.make("abs", node), graph.number(1.0))
        else:
            size = graph.make("abs", node)
        found[node.index] = size
    return found[output.index]


def tolerated(trial: Trial, functions: Sequence[Node | None], tolerance: float, clock: Clock) -> Tolerated | None:
    """Return whether claims are right up to a tolerance at the points of a trial; None if a derivative is not known.

    Args:
        trial: The claims at points.
        functions: The formulas that the claims have to equal, whose values are `trial.true`.
        tolerance: The relative difference that is allowed.
        clock: The time.
    """
    nodes = [f for f in functions if f is not None]
    if len(nodes) < len(functions):
        return None
    width = trial.points.shape[1]
    measures = [size_of(trial.graph, f) for f in nodes]
    program = compile_program(measures, trial.order, trial.graph.columns)
    computed: list[Any] | None = trial.within(lambda: trial.batch(program, trial.points), None)
    if computed is None:
        return Tolerated(None, 0.0, "", 0, False)
    largest, place, count = 0.0, "", width
    for i, size in enumerate(computed):
        known = trial.comparable(i) & np.isfinite(np.broadcast_to(size, (width,)))
        with np.errstate(all="ignore"):
            gap = np.abs(trial.claimed[i] - trial.true[i])
            ratio = np.where(gap == 0.0, 0.0, gap / size)
        ratio = np.where(known, ratio, math.nan)
        doubtful = np.flatnonzero(ratio > tolerance).tolist()
        within = int((ratio <= tolerance).sum())
        for j in doubtful[:LOOKS]:
            if clock.over:
                break
            exactly = trial.within(lambda i=i, j=j: ratio_at(trial, i, j, nodes[i], measures[i]), None)  # type: ignore[misc]
            if exactly is None:
                # Many digits are not available.
                exactly = float(ratio[j]) if ratio[j] > tolerance * (1 + ROUNDING) + ROUNDING else math.nan
            if exactly > tolerance:
                at = trial.place(j)
                found = Counterexample(i, j, at, float(trial.claimed[i, j]), float(trial.true[i, j]))
                return Tolerated(found, exactly, point_text(at), within, True)
            if exactly <= tolerance:
                ratio[j] = exactly
                within += 1
        count = min(count, within)
        seen = np.where(ratio <= tolerance, ratio, -1.0)
        if within and seen.max() >= largest:
            j = int(np.argmax(seen))
            largest, place = float(seen[j]), point_text(trial.place(j)) if trial.order else ""
        if within < min(NEEDED, max(width, 1)) or len(doubtful) > max(within, LOOKS):
            return Tolerated(None, largest, place, count, False)
    return Tolerated(None, largest, place, count, True)


def ratio_at(trial: Trial, i: int, j: int, function: Node, measure: Node) -> float | None:
    """Return the relative difference at a point to many digits; None where mpmath lacks a function."""
    evaluators = [trial.digits(node) for node in (function, trial.claims[i], measure)]
    known = [e for e in evaluators if e is not None]
    if len(known) < len(evaluators):
        return None
    try:
        true, claimed, size = (e.value(trial.place(j)) for e in known)
    except UnsupportedError:
        return None
    if claimed == true:
        return 0.0
    return float(abs(claimed - true) / size) if size else math.inf
