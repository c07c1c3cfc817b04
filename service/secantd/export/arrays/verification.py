"""A check of derivatives of arrays against differences of f, before code is written."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError
from secantd.export.arrays.derive import Argument, ArrayDerived
from secantd.expression import Dimension, Length
from secantd.numeric import richardson
from secantd.program.shaped import compile_shaped

__all__ = ["agree", "verify_arrays"]

Array = NDArray[np.float64]
Point = dict[str, Array]

# Different lengths show a transposed or a forgotten factor; a length may have to be a certain one, or long.
LENGTHS = ((5, 3, 4, 2), (4, 4, 4, 4), (7, 9, 8, 6), (1, 1, 1, 1))
# Ranges of the numbers, and how much larger the diagonals of square matrices are: near 0, positive, of both signs.
RANGES = ((0.2, 1.4, 3.0), (-1.2, 1.2, 3.0), (0.05, 0.45, 1.0), (1.0, 6.0, 9.0))
# Differences keep about ten digits of a smooth function.
TOLERANCE = 1e-6
STEP = 0.03125


def verify_arrays(derived: ArrayDerived, order: int, data: Mapping[str, Array]) -> int | None:
    """Return the number of digits to which the derivatives agree with differences at some point, None if at none.

    Slopes are compared along one direction in which all entries of all variables change.

    Args:
        derived: f and its derivatives.
        order: 1 or 2.
        data: The data of the request. They are used where the code is valid for their lengths only, or they are indices.
    """
    program = compile_shaped(derived.graph, derived.outputs(order), names_of(derived))
    for number, (lengths, chances) in enumerate((n, r) for n in LENGTHS for r in RANGES):
        generator = np.random.default_rng(number)
        point = random_point(derived, lengths, chances, generator, data)
        direction = {a.name: symmetric(a, generator.uniform(0.3, 1.0, point[a.name].shape)) for a in derived.by}
        try:
            found = agreement(derived, lambda at: program(at), point, direction, order)
        except CalculusError:
            # These lengths do not conform.
            continue
        if found is not None:
            return found
    return None


def names_of(derived: ArrayDerived) -> list[str]:
    """Return the variables of a program; data of the request are part of their graph."""
    return [a.name for a in derived.arguments if a.name not in derived.graph.columns]


def random_point(
    derived: ArrayDerived,
    lengths: Sequence[int],
    chances: tuple[float, float, float],
    generator: np.random.Generator,
    data: Mapping[str, Array],
) -> Point:
    """Return values for all arguments, of made-up lengths where data do not give them."""
    low, high, diagonal = chances
    known: dict[str, int] = {}
    for a in derived.arguments:
        if a.data and a.name in data:
            for d, length in zip(a.shape, np.shape(data[a.name]), strict=True):
                if isinstance(d, Length) and len(d.terms) == 1 and d.terms[0][1] == 1:
                    known[d.terms[0][0]] = length - d.offset
    free = iter(range(1_000_000))

    def size(d: Dimension) -> int:
        if isinstance(d, int):
            return d
        total = d.offset
        for name, factor in d.terms:
            if name not in known:
                known[name] = lengths[next(free) % len(lengths)]
            total += factor * known[name]
        return max(total, 0)

    point: Point = {}
    for a in derived.arguments:
        if a.data and a.name in data:
            point[a.name] = np.asarray(data[a.name])
            continue
        value = generator.uniform(low, high, tuple(size(d) for d in a.shape))
        if len(a.shape) == 2 and value.shape[0] == value.shape[1]:
            value = value + diagonal * np.eye(len(value))
        point[a.name] = symmetric(a, value)
    return point


def symmetric(argument: Argument, value: Array) -> Array:
    return (value + value.T) / 2 if argument.symmetric else value


def agreement(derived: ArrayDerived, values: object, point: Point, direction: Point, order: int) -> int | None:
    """Return the number of digits to which slopes agree with differences, None if they do not."""
    assert callable(values)
    here = [np.asarray(v) for v in values(point)]
    if not all(np.isfinite(v).all() for v in here):
        return None
    count = derived.partials
    names = [a.name for a in derived.by]
    exact = [(0, [float(np.sum(g * direction[n])) for g, n in zip(here[1 : 1 + count], names, strict=True)])]
    if order == 2:
        # The slope of the derivative in the direction is the quadratic form of the Hessian.
        terms = []
        for (i, j), block in zip(sorted(derived.hessian), here[1 + count :], strict=True):
            form = quadratic(block, direction[names[i]], direction[names[j]])
            terms.append(form if i == j else 2 * form)
        exact.append((1, terms))
    worst = 1e-16
    for of, terms in exact:
        slope = sum(terms)

        def along(columns: Sequence[Array], of: int = of) -> Array:
            found = []
            for t in columns[0]:
                at = {n: v + t * direction[n] if n in direction else v for n, v in point.items()}
                out = values(at)
                found.append(
                    float(out[0])
                    if of == 0
                    else sum(float(np.sum(g * direction[n])) for g, n in zip(out[1 : 1 + count], names, strict=True))
                )
            return np.array(found)

        found, error = richardson(along, [0.0], 0, STEP)
        scale = max(abs(slope), abs(found), 1e-6 * abs(float(here[0])), 1e-12)
        gap = abs(found - slope) / scale
        if not (gap < TOLERANCE or abs(found - slope) < 4 * error < 1e-3 * scale):
            return None
        worst = max(worst, gap)
    return min(15, int(-math.log10(worst)))


def quadratic(block: Array, left: Array, right: Array) -> float:
    """Return the sum of a block times the changes of its two variables."""
    return float(np.sum(block * np.multiply.outer(left, right)))


def agree(derived: ArrayDerived, other: ArrayDerived, order: int, data: Mapping[str, Array]) -> bool:
    """Return whether two graphs have the same values at the data, to 12 digits.

    Args:
        derived: A graph in which data are variables.
        other: The graph of the same function for these data.
        order: Of derivatives.
        data: The data of the request.
    """
    one = compile_shaped(derived.graph, derived.outputs(order), names_of(derived))
    two = compile_shaped(other.graph, other.outputs(order), names_of(other))
    compared = False
    for number, chances in enumerate(RANGES):
        point = random_point(derived, LENGTHS[0], chances, np.random.default_rng(number), data)
        try:
            right = two(point)
        except CalculusError:
            continue
        try:
            found = one(point)
        except CalculusError:
            return False
        compared = True
        if not all(np.allclose(a, b, rtol=1e-12, atol=0.0, equal_nan=True) for a, b in zip(found, right, strict=True)):
            return False
    return compared
