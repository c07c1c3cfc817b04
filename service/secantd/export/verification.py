"""A check of derivatives against differences of f, before code is written."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from secantd.export.derive import ROWS, Derived
from secantd.export.sourcefile import triangle
from secantd.numeric import richardson
from secantd.program import Program
from secantd.program.tape import record

__all__ = ["Verified", "agrees", "verify"]

Array = NDArray[np.float64]

# Where f is looked at: ordinary numbers, small ones, both signs, large ones. The first at which all is finite is taken.
PLACES = (
    (0.7, 1.3, 0.4, 2.1, 1.6), (1.7, 0.6, 2.3, 0.9, 1.2), (0.35, 0.55, 0.15, 0.25, 0.45), (-0.6, 0.8, -1.1, 0.5, -0.3),
    (3.2, 5.7, 4.1, 8.3, 6.4), (25.5, 0.6, 3.5, 40.25, 12.5), (0.05, 0.02, 0.08, 0.01, 0.03), (-2.4, -3.7, -1.9, -5.2, -4.6),
)  # fmt: skip
# Differences keep about ten digits of a smooth function.
TOLERANCE = 1e-6
STEP = 0.03125


@dataclass(frozen=True, slots=True)
class Verified:
    """The point at which derivatives agreed with differences.

    Attributes:
        at: The point.
        digits: The number of digits that agreed, at least.
        what: "gradient", or "gradient and Hessian".
    """

    at: dict[str, float]
    digits: int
    what: str


def verify(derived: Derived, order: int, partials: int, columns: Mapping[str, Array]) -> Verified | None:
    """Return a point at which the derivatives agree with differences of f and of the gradient, None if none is found.

    Slopes are compared along one direction in which all variables change, so that any wrong partial has an effect.

    Args:
        derived: f and its derivatives.
        order: 1 or 2.
        partials: The number of variables of the derivatives.
        columns: The data columns, each of shape (rows,).
    """
    program, rest = compiled_program(derived, columns)
    count = len(derived.variables)
    heads = np.array([(-1.0) ** i * (0.6 + 0.4 * ((0.6180339887 * (i + 1)) % 1)) for i in range(partials)])
    for place in PLACES:
        x = np.array([place[i % len(place)] for i in range(count)])
        direction = np.zeros(count)
        direction[:partials] = heads * np.maximum(np.abs(x[:partials]), 0.05)
        found = agreement(program, rest, x, direction, order, partials)
        if found is not None:
            at = dict(zip(derived.variables, x.tolist(), strict=True))
            return Verified(at, found, "gradient and Hessian" if order == 2 else "gradient")
    return None


def compiled_program(derived: Derived, columns: Mapping[str, Array]) -> tuple[Program, list[float]]:
    """Return the program of the outputs, and the values of its inputs that are not variables."""
    rows = max((len(columns[c]) for c in derived.columns), default=0)
    tape = record(derived.outputs, [*derived.variables, ROWS], columns)
    # The nodes are those of stand-in data of another length.
    code = tuple(i._replace(rows=rows) if i.rows > 1 else i for i in tape.code)
    return Program(replace(tape, code=code)), [float(rows)]


def agreement(
    program: Program, rest: Sequence[float], x: Array, direction: Array, order: int, partials: int
) -> int | None:
    """Return the number of digits to which slopes along a direction agree with differences, None if they do not."""
    known: dict[bytes, list[Array]] = {}

    def values(columns: Sequence[Array], output: int) -> Array:
        (t,) = columns
        key = t.tobytes()
        if key not in known:
            points = [*[x[i] + t * direction[i] for i in range(len(x))], *[np.array([r]) for r in rest]]
            known[key] = program.batch(points)
        return known[key][output]

    with np.errstate(all="ignore"):
        here = [float(v[0]) for v in program.batch([*[np.array([v]) for v in x], *[np.array([r]) for r in rest]])]
        if not all(map(math.isfinite, here)):
            return None
        gradient = np.array(here[1 : 1 + partials])
        exact = [float(gradient @ direction[:partials])]
        if order == 2:
            matrix = np.zeros((partials, partials))
            for (i, j), value in zip(triangle(partials), here[1 + partials :], strict=True):
                matrix[i, j] = matrix[j, i] = value
            exact += [float(v) for v in matrix @ direction[:partials]]
        worst = 1e-16
        for k, slope in enumerate(exact):
            found, error = richardson(lambda c, k=k: values(c, k), [0.0], 0, STEP)  # type: ignore[misc]
            scale = max(abs(slope), abs(found), 1e-6 * abs(here[k]), 1e-12)
            gap = abs(found - slope) / scale
            if not (gap < TOLERANCE or abs(found - slope) < 4 * error < 1e-3 * scale):
                return None
            worst = max(worst, gap)
    return min(15, int(-math.log10(worst)))


def agrees(derived: Derived, other: Derived, columns: Mapping[str, Array]) -> bool:
    """Return whether two graphs have the same values, to 12 digits, at points of all sizes.

    Args:
        derived: One graph.
        other: A graph of the same variables and outputs.
        columns: The data columns of both, each of shape (rows,).
    """
    one, rest = compiled_program(derived, columns)
    two, _ = compiled_program(other, columns)
    for place in PLACES:
        x = [place[i % len(place)] for i in range(len(derived.variables))]
        with np.errstate(all="ignore"):
            a, b = one.point([*x, *rest]), two.point([*x, *rest])
        if not np.allclose(a, b, rtol=1e-12, atol=0.0, equal_nan=True):
            return False
    return True
