"""Values at points where a formula has none, or has one that depends on how it is written: limits and kinks.

A formula is 0/0 where its function has a limit, its derivative is 0 * Inf at the end of a domain, and at a tie of max, min or abs
its second derivative can be that of neither side. All calls that return values ask here. The answers come from values of f beside
the point (`precise/sides.py`), never from the formula of the derivative.
"""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.beside import Beside, beside
from secantd.calculus.formulas import CANCELS, note
from secantd.calculus.numbers import OVERFLOWS
from secantd.calculus.ties import ties_of
from secantd.expression import REDUCTIONS, Node, reachable, symbols
from secantd.interrupt import InterruptError, OutOfTimeError, need_time, run_within
from secantd.language import Function
from secantd.precise import restore
from secantd.program import compile as compile_program
from secantd.program.operations import operation
from secantd.settings import Limits

__all__ = ["MANY", "VALUE_IS_LIMIT", "Wanted", "expansion", "settle", "settle_columns", "wanted_up_to"]

VALUE_IS_LIMIT: Final = "the value of f is a limit, because the formula itself is 0/0 there"
WITHOUT_VALUE: Final = "a derivative of f is NaN at this point: its formula has no value there in double precision, for example 0/0, and no limit was found"
# Relative distances from a point: closer than other singularities, and far enough that 0/0 is not rounded.
BESIDE: Final = (1e-3, 1e-6, 1e-9)
# Operations with indeterminate forms.
ARITHMETIC: Final = frozenset({"add", "mul", "div", "pow"})
# At most so many points of a block are looked at; each takes milliseconds.
MANY: Final = 200


class Wanted(NamedTuple):
    """A value at a point: of an output, or of its derivative with respect to `variables`."""

    output: Node
    variables: tuple[str, ...] = ()


def wanted_up_to(output: Node, variables: tuple[str, ...], order: int) -> list[Wanted]:
    """Return an output, its partials, and the upper triangle of its Hessian row by row, up to an order."""
    found = [Wanted(output)]
    if order:
        found += [Wanted(output, (v,)) for v in variables]
    if order > 1:
        found += [Wanted(output, (v, w)) for i, v in enumerate(variables) for w in variables[i:]]
    return found


def settle(
    function: Function,
    wanted: Sequence[Wanted],
    values: list[float],
    at: Mapping[str, float],
    notices: list[str],
    limits: Limits,
    seconds: float | None = None,
) -> list[bool]:
    """Replace values that are NaN, or wrong at a tie, by limits, and return which of them are limits.

    Args:
        function: The function.
        wanted: What each value is.
        values: The values of the formulas, which are changed.
        at: The value of each variable.
        notices: Receives notices on kinks, jumps and one-sided limits.
        limits: The limits that apply.
        seconds: The time for mpmath; None: `algebra_seconds`.
    """
    before = len(notices)
    are_limits = [False] * len(values)
    ties = {o.index: ties_of(function, o).at(at) for o in {w.output for w in wanted}}
    doubtful = [
        i for i, w in enumerate(wanted) if math.isnan(values[i]) or not ties[w.output.index].isdisjoint(w.variables)
    ]
    outputs = {w.output.index: w.output for w in (wanted[i] for i in doubtful)}
    hidden = {i: not is_indeterminate(o, at) or not has_values(function, o, at) for i, o in outputs.items()}
    doubtful = [i for i in doubtful if not hidden[wanted[i].output.index]]
    if doubtful:
        seconds = limits.algebra_seconds if seconds is None else seconds
        look_beside(function, [(i, wanted[i]) for i in doubtful], values, are_limits, at, notices, seconds)
        if any(limit and not w.variables for limit, w in zip(are_limits, wanted, strict=True)):
            note(notices, VALUE_IS_LIMIT)
        if CANCELS in notices and not any(map(math.isnan, values)):
            notices.remove(CANCELS)
    if (
        all(n == VALUE_IS_LIMIT for n in notices[before:])
        and not {CANCELS, OVERFLOWS}.intersection(notices)
        and all(map(math.isfinite, at.values()))
    ):
        known = {w.output for w, v in zip(wanted, values, strict=True) if not w.variables and math.isfinite(v)}
        if any(w.variables and math.isnan(v) and w.output in known for w, v in zip(wanted, values, strict=True)):
            note(notices, WITHOUT_VALUE)
    return are_limits


def look_beside(
    function: Function,
    doubtful: Sequence[tuple[int, Wanted]],
    values: list[float],
    are_limits: list[bool],
    at: Mapping[str, float],
    notices: list[str],
    seconds: float,
) -> None:
    """Replace the values at the positions of `doubtful` by limits where there are some, and mark these in `are_limits`."""
    need_time()
    import mpmath  # type: ignore[import-untyped]  # noqa: F401

    names = {o.index: f"f[{k}]" for k, o in enumerate(function.outputs, 1)} if len(function.outputs) > 1 else {}
    points: dict[int, Beside | None] = {}

    def work() -> None:
        for i, w in doubtful:
            output = w.output
            if output.index not in points:
                points[output.index] = beside(function, output, at, names.get(output.index, "f"), notices)
            point = points[output.index]
            found = None if point is None else point.value(w.variables, values[i])
            if found is not None and point is not None:
                values[i] = found
                are_limits[i] = point.means.isdisjoint(w.variables)

    try:
        run_within(seconds, work)
    except OutOfTimeError:
        restore()
        note(notices, "the time was too short to look for limits and kinks at this point")
    except InterruptError:
        restore()
        raise


def settle_columns(
    function: Function,
    wanted: Sequence[Wanted],
    results: list[NDArray[np.float64]],
    columns: Mapping[str, NDArray[np.float64]],
    limits: Limits,
    most: int = MANY,
    *,
    finite: bool = False,
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Replace values at many points as `settle` does; return the positions of the points with limits, and notices.

    Args:
        function: The function.
        wanted: What each column of values is.
        results: The values of the formulas, each of shape (N,), which are changed.
        columns: The value of each variable, of shape (N,) or (1,).
        limits: The limits that apply.
        most: At most so many points are looked at.
        finite: Whether it is known that all values are finite.
    """
    count = len(results[0])
    (output,) = {w.output for w in wanted}
    ties = ties_of(function, output) if any(w.variables for w in wanted) else None
    if finite and (ties is None or ties.program is None):
        return (), ()
    doubtful = np.zeros(count, bool)
    for column in results if not finite else ():
        doubtful |= np.isnan(column)
    if ties is not None:
        doubtful |= ties.among(columns, count)
    places = np.flatnonzero(doubtful)
    if not len(places):
        return (), ()
    values = {name: np.broadcast_to(column, (count,))[places] for name, column in columns.items()}
    kept = np.flatnonzero(have_values(function, output, values, len(places)))
    notices: list[str] = []
    if len(kept) > most:
        note(
            notices,
            f"limits and kinks were looked for at the first {most} of {len(kept)} points without a value or at a tie",
        )
    found = []
    with_limits, changed = [], []
    end = time.monotonic() + limits.algebra_seconds
    for k in kept[:most].tolist():
        place = int(places[k])
        numbers = [float(column[place]) for column in results]
        at = {name: float(column[k]) for name, column in values.items()}
        before = list(numbers)
        if any(settle(function, wanted, numbers, at, notices, limits, max(end - time.monotonic(), 0.0))):
            with_limits.append(place)
        # Values at kinks are no limits.
        if any(a != b and a == a for a, b in zip(numbers, before, strict=True)):
            changed.append(place)
            found.append(numbers)
    for i, column in enumerate(results if found else ()):
        # An array of a program may be read-only or shared.
        results[i] = column.copy()
        results[i][changed] = [numbers[i] for numbers in found]
    # `limits` says it for each point.
    return tuple(with_limits), tuple([n for n in notices if n != VALUE_IS_LIMIT])


def is_indeterminate(output: Node, at: Mapping[str, float]) -> bool:
    """Return whether f has a value, or has none because of a form such as 0/0, 0 * Inf or Inf - Inf.

    A function that is NaN for its arguments, such as a density with the rate 0, has no limit to look for.
    """
    nodes = reachable([output])
    if any(n.rows > 1 or n.op in REDUCTIONS or n.op == "data" for n in nodes):
        return True
    values: dict[int, float] = {}
    refused = False
    for node in nodes:
        if not node.args:
            values[node.index] = (
                node.value if node.op == "number" else at[node.name] if node.op == "symbol" else math.pi
            )
            continue
        args = [values[a.index] for a in node.args]
        name = "log_base" if node.op == "log" and len(args) == 2 else node.op
        value = values[node.index] = float(operation(name).careful(*args))
        if math.isnan(value) and not any(map(math.isnan, args)) and node.op not in ARITHMETIC:
            refused = True
    return not (refused and math.isnan(values[output.index]))


def has_values(function: Function, output: Node, at: Mapping[str, float]) -> bool:
    """Return whether f has a finite value at a point or close to it; if not, there is no limit to look for."""
    return bool(have_values(function, output, {name: np.array([x]) for name, x in at.items()}, 1)[0])


def have_values(
    function: Function, output: Node, columns: Mapping[str, NDArray[np.float64]], count: int
) -> NDArray[np.bool_]:
    """Return at which points f has a finite value there or close by."""
    inputs = symbols([output])
    if not inputs:
        return np.zeros(count, bool)
    program = compile_program([output], inputs, function.graph.columns)
    found = np.zeros(count, bool)
    with np.errstate(all="ignore"):
        for h in (0.0, *BESIDE, *[-h for h in BESIDE]):
            # Different factors, so that no difference of variables stays 0.
            moved = {
                name: x + np.where(np.isfinite(x), h * (1 + i / 7) * np.where(x == 0, 1.0, np.abs(x)), 0.0)
                for i, (name, x) in enumerate((n, columns[n]) for n in inputs)
            }
            found |= np.isfinite(program.batch(moved)[0])
    return found


def expansion(
    function: Function, output: Node, orders: Sequence[tuple[str, ...]], at: Mapping[str, float], limits: Limits
) -> list[float] | None:
    """Return derivatives at a point by limits; None if one does not exist on all sides, or is not certain.

    Args:
        function: The function.
        output: Its output.
        orders: For each derivative its variables; f itself has none.
        at: The value of each variable.
        limits: The limits that apply; mpmath has `algebra_seconds`.
    """
    if not has_values(function, output, at):
        return None
    need_time()
    import mpmath  # noqa: F401

    def work() -> list[float] | None:
        point = beside(function, output, at, "f", [])
        found: list[float] = []
        for variables in orders:
            value = None if point is None else point.certain(variables)
            if value is None:
                return None
            found.append(value)
        return found

    try:
        return run_within(limits.algebra_seconds, work)
    except OutOfTimeError:
        restore()
        return None
    except InterruptError:
        restore()
        raise
