"""The shapes of the values that a call is given: what they say about the named lengths, and whether they conform."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression.shapes import Dimension, Length, Shape, shape_text, substituted
from secantd.shown import quoted

__all__ = ["Lengths", "Products", "as_array", "length_of", "lengths_of", "sizes"]

Array = NDArray[np.float64]
# Values of names.
Lengths = dict[str, int]
# Names of lengths that are products of two others.
Products = Mapping[str, tuple[Dimension, Dimension]]

# R's isSymmetric() has 100 eps for the mean; this bound is for each entry, relative to the largest.
SYMMETRY = 1e-10


def as_array(name: str, value: ArrayLike, symmetric: bool = False) -> float | Array:
    """Return the value of a variable: a float, or a float array without a copy where it is one.

    Raises:
        CalculusError: INVALID_VALUE: rows of different lengths, text, complex numbers, or a matrix that is not symmetric
            where it has to be.
    """
    if isinstance(value, float):
        return value
    try:
        if np.iscomplexobj(value):
            raise TypeError
        found: Array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise refused(
            name, f"the value of {quoted(name)} is not an array of numbers", "give rows of equal lengths"
        ) from None
    if not found.ndim:
        return float(found)
    if symmetric and found.ndim == 2 and found.shape[0] == found.shape[1]:
        off = np.abs(found - found.T).max(initial=0.0)
        if off > SYMMETRY * np.abs(found).max(initial=0.0):
            raise refused(
                name,
                f"{quoted(name)} is a symmetric matrix, but its value is not",
                "give a symmetric matrix, or do not declare it symmetric",
            )
    return found


class Equation(NamedTuple):
    """What one side of one value says: a length has this size."""

    variable: str
    dimension: Length
    size: int


def lengths_of(shapes: Mapping[str, Shape], given: Mapping[str, Sequence[int]]) -> Lengths:
    """Return the lengths that the shapes of values determine.

    Args:
        shapes: The declared shape of each variable.
        given: The shape of the value of each variable.

    Raises:
        CalculusError: INVALID_VALUE: a value does not conform with its declared shape.

    >>> n = Length.named("n")
    >>> lengths_of({"x": (n,), "A": (n, 3)}, {"x": (5,), "A": (5, 3)})
    {'n': 5}
    >>> lengths_of({"x": (n,), "A": (n, 3)}, {"x": (5,), "A": (4, 3)})
    Traceback (most recent call last):
    secantd.errors.CalculusError: 'A' is a 4 x 3 matrix, but the formula needs a 5 x 3 matrix
    n is 5 according to 'x'
    """
    lengths: Lengths = {}
    origins: dict[str, str] = {}
    open_equations: list[Equation] = []
    wrong: list[str] = []
    for name, declared in shapes.items():
        found = given[name]
        fits = len(found) == len(declared) and all(
            isinstance(d, Length) or d == size for d, size in zip(declared, found, strict=True)
        )
        if not fits:
            wrong.append(name)
            continue
        for dimension, size in zip(declared, found, strict=True):
            if isinstance(dimension, Length):
                open_equations.append(Equation(name, dimension, size))
    # Equations in one name first: n before m + n.
    while open_equations:
        later = [e for e in open_equations if not settled(e, lengths, origins, shapes, given)]
        if len(later) == len(open_equations):
            break
        open_equations = later
    if wrong:
        raise nonconforming(wrong[0], given[wrong[0]], shapes[wrong[0]], lengths, origins)
    return lengths


def settled(
    equation: Equation,
    lengths: Lengths,
    origins: dict[str, str],
    shapes: Mapping[str, Shape],
    given: Mapping[str, Sequence[int]],
) -> bool:
    """Learn a length from an equation, or check it; return whether it has at most one name that is unknown."""
    name = equation.variable
    rest = equation.size - equation.dimension.offset
    unknown = []
    for part, factor in equation.dimension.terms:
        if part in lengths:
            rest -= factor * lengths[part]
        else:
            unknown.append((part, factor))
    if len(unknown) > 1:
        return False
    if not unknown:
        if rest:
            raise nonconforming(name, given[name], shapes[name], lengths, origins)
        return True
    ((part, factor),) = unknown
    if rest % factor or rest // factor < 0:
        raise nonconforming(name, given[name], shapes[name], lengths, origins)
    lengths[part] = rest // factor
    origins[part] = name
    return True


def nonconforming(
    name: str, given: Sequence[int], declared: Shape, lengths: Lengths, origins: Mapping[str, str]
) -> CalculusError:
    needed = tuple(substituted(d, lengths) for d in declared)
    used = [part for d in declared if isinstance(d, Length) for part, _ in d.terms if part in lengths]
    reasons = [f"{part} is {lengths[part]} according to {quoted(origins[part])}" for part in dict.fromkeys(used)]
    shape = shape_text(tuple(given)) if len(given) < 3 else f"an array of {len(given)} dimensions"
    return refused(
        name,
        f"{quoted(name)} is {shape}, but the formula needs {shape_text(needed)}",
        ", ".join(reasons) or "give a value of this shape, or declare another shape",
    )


def refused(name: str, headline: str, hint: str) -> CalculusError:
    return CalculusError(Reason.INVALID_VALUE, headline, hint, metadata={"variable": name})


def length_of(dimension: Dimension, lengths: Lengths, products: Products) -> int:
    """Return a length in numbers.

    Raises:
        CalculusError: INVALID_VALUE: the values do not determine it, or it is negative.
    """
    if isinstance(dimension, int):
        return dimension
    total = dimension.offset
    for name, factor in dimension.terms:
        if name in lengths:
            size = lengths[name]
        elif name in products:
            a, b = products[name]
            size = length_of(a, lengths, products) * length_of(b, lengths, products)
        else:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the values do not tell the length {name}",
                "declare the shapes of the variables in numbers",
            )
        total += factor * size
    if total < 0:
        known = ", ".join(f"{n} = {lengths[n]}" for n, _ in dimension.terms if n in lengths)
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"a part of the formula would have the length {dimension} = {total}",
            f"{known} is too short" if known else "give longer values",
        )
    return total


def sizes(shape: Iterable[Dimension], lengths: Lengths, products: Products) -> tuple[int, ...]:
    """Return a shape in numbers, as `length_of`; a stretched side is 1."""
    return tuple([length_of(d, lengths, products) for d in shape])
