"""Jacobians and Hessians of functions of arrays as answers: blocks of formulas, and their values."""

import math
from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays.answers import Request, Writer, height_is_limit, height_of, number, require_number
from secantd.calculus.arrays.derivatives import ArrayDerivative
from secantd.calculus.arrays.functions import computed, constructors, derivative, remember, variable_of
from secantd.calculus.arrays.layouts import entries, rows_and_columns
from secantd.calculus.arrays.points import Value, mirror, values_at
from secantd.calculus.definiteness import definiteness
from secantd.calculus.results import Definiteness, Formula, Hessian, Jacobian, Shape
from secantd.errors import limit_exceeded
from secantd.expression import Node, reachable
from secantd.language import Function

__all__ = ["array_hessian", "array_jacobian", "second_derivatives"]


def array_jacobian(request: Request) -> Jacobian:
    """Return the derivatives of each component with respect to each variable, blocks of one matrix."""
    function = request.function
    writer = Writer(request)
    chosen = writer.chosen
    blocks = [[derivative(function, f, [v]) for v in chosen] for f in function.outputs]
    exact = [
        writer.computed(f, [v], d)
        for f, row in zip(function.outputs, blocks, strict=True)
        for v, d in zip(chosen, row, strict=True)
    ]
    every = writer.values(exact)
    width = len(chosen)
    heights: tuple[float, ...] = ()
    are_limits: tuple[bool, ...] = ()
    written = []
    for i, (f, row) in enumerate(zip(function.outputs, blocks, strict=True)):
        own = every[i * width : (i + 1) * width]
        settled = writer.settled(f, [((v,), value) for v, value in zip(chosen, own, strict=True)])
        limits = [False] * width
        if settled is not None:
            own, limits = [*settled.blocks], settled.are_limits
            heights += tuple(float(v) for v in np.ravel(settled.value))
            are_limits += settled.values_are_limits
        written.append(
            tuple([writer.formula(d, v, n, limit) for d, v, n, limit in zip(row, chosen, own, limits, strict=True)])
        )
    rows = tuple(written)
    sides = [variable_of(function, v).shape for v in chosen]
    height = entries([f.shape for f in function.outputs])
    if writer.at is not None:
        sides = [np.shape(writer.at[v]) if v in writer.at else () for v in chosen]
        height = len(heights)
    layout = rows_and_columns(height, entries(sides))
    determinant, sign, area = square(writer, blocks)
    return Jacobian(chosen, rows, heights, determinant, sign, area, (), tuple(writer.notices), layout, are_limits)


def square(
    writer: Writer, blocks: Sequence[Sequence[ArrayDerivative]]
) -> tuple[Formula | None, int | None, float | None]:
    """Return the determinant of a Jacobian that is one square matrix, and its sign and size where they are known."""
    found = blocks[0][0] if len(blocks) == len(blocks[0]) == 1 else None
    if found is None or found.direction is not None:
        return None, None, None
    shape = found.node.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        return None, None, None
    with writer.function.lock:
        form = constructors(writer.function)
        node = ArrayDerivative(form.light(form.apply("det", [found.node])))
    (value,) = writer.values([node])
    written = writer.formula(node, "", value)
    size = number(value)
    if size is None or math.isnan(size):
        return written, None, None
    return written, (size > 0) - (size < 0), abs(size)


def array_hessian(request: Request) -> Hessian:
    """Return all second derivatives of a scalar function: a block for each two variables."""
    function = request.function
    output = require_number(function)
    writer = Writer(request)
    chosen = writer.chosen
    shapes = [variable_of(function, v).shape for v in chosen]
    size = entries(shapes)
    if isinstance(size, int) and size**2 > request.limits.matrix_entries:
        headline = f"a Hessian of {size:,} entries of variables has {size**2:,} entries"
        raise limit_exceeded(
            "matrix_entries", headline, request.limits.matrix_entries, "name fewer variables", "variables"
        )
    blocks = second_derivatives(function, output, chosen)
    stable = computed(function, output)
    exact = blocks if stable is output or writer.at is None else second_derivatives(function, stable, chosen)
    values = block_values(writer, exact)
    at = writer.at or {}
    counts = (
        [prod(np.shape(at[v]) if v in at else shape) for v, shape in zip(chosen, shapes, strict=True)] if values else []
    )
    values = symmetric(values, counts) if values else values
    pairs = [((v, w), values[i][j]) for i, v in enumerate(chosen) for j, w in enumerate(chosen)] if writer.at else []
    settled = writer.settled(output, pairs)
    width = len(chosen)
    marks = [[False] * width for _ in chosen]
    if settled is not None and settled.blocks:
        flat: list[Value | None] = list(settled.blocks)
        values = [flat[i : i + width] for i in range(0, len(flat), width)]
        marks = [settled.are_limits[i : i + width] for i in range(0, len(flat), width)]
    rows = tuple(
        tuple([writer.formula(d, v, n, limit) for d, v, n, limit in zip(row, chosen, numbers, limits, strict=True)])
        for row, numbers, limits in zip(
            blocks, values if writer.at is not None else no_values(blocks), marks, strict=True
        )
    )
    whole = assembled(values, counts) if values else None
    kind, eigenvalues = definiteness(whole) if whole is not None and whole.size else (Definiteness.UNKNOWN, ())
    layout = (
        rows_and_columns(size, size) if whole is None else Shape(len(whole), len(whole), f"{len(whole)} x {len(whole)}")
    )
    height = height_of(output, settled)
    return Hessian(
        chosen,
        rows,
        height,
        kind,
        eigenvalues,
        tuple(writer.notices),
        layout,
        value_is_limit=height_is_limit(settled, height),
    )


Blocks = list[list[ArrayDerivative]]


def second_derivatives(function: Function, output: Node, variables: Sequence[str]) -> Blocks:
    """Return the blocks of a Hessian, row by row; those below the diagonal mirror those above."""
    found: Blocks = [[] for _ in variables]
    for i, first in enumerate(variables):
        for j, second in enumerate(variables):
            if j < i and found[j][i].direction is None:
                below = mirrored(function, found[j][i].node, first, second)
                remember(function, below.node, output, [first, second])
                found[i].append(below)
            else:
                found[i].append(derivative(function, output, [first, second]))
    return found


def mirrored(function: Function, block: Node, rows: str, columns: str) -> ArrayDerivative:
    """Return the block below the diagonal: the transpose where both variables are vectors."""
    if len(variable_of(function, rows).shape) != 1 or len(variable_of(function, columns).shape) != 1:
        return ArrayDerivative(block)
    with function.lock:
        form = constructors(function)
        return ArrayDerivative(form.light(form.transpose(block)))


def no_values(blocks: Blocks) -> list[list[Value | None]]:
    return [[None] * len(row) for row in blocks]


def block_values(writer: Writer, blocks: Blocks) -> list[list[Value | None]]:
    """Return the values of blocks at the point, or without one where they are constant; empty where they are unknown."""
    flat = [d for row in blocks for d in row]
    if writer.at is None:
        constant = all(d.direction is None and not depends(d.node) for d in flat)
        known = all(isinstance(side, int) for d in flat for side in d.node.shape)
        if not (constant and known):
            return []
        found: list[Value | None] = list(values_at(writer.function, [d.node for d in flat], {}))
    else:
        found = writer.values(flat)
    width = len(blocks)
    return [found[i : i + width] for i in range(0, len(found), width)]


def depends(node: Node) -> bool:
    """Return whether a value depends on variables, if only on their lengths."""
    return any(n.op in ("symbol", "length") for n in reachable([node]))


def symmetric(values: list[list[Value | None]], sizes: Sequence[int]) -> list[list[Value | None]]:
    """Return the blocks of a Hessian that is exactly symmetric, given the number of entries of each variable."""
    whole = assembled(values, sizes)
    if whole is None:
        return values
    ends = np.cumsum([0, *sizes]).tolist()
    return [
        [
            part.reshape(v.shape) if isinstance(v, np.ndarray) else float(part.item())
            for v, part in zip(row, np.split(lines, ends[1:-1], axis=1), strict=True)
        ]
        for row, lines in zip(values, np.split(mirror(whole), ends[1:-1]), strict=True)
    ]


def assembled(values: Sequence[Sequence[Value | None]], sizes: Sequence[int]) -> NDArray[np.float64] | None:
    """Return the whole matrix of blocks; None where one has no value.

    Args:
        values: The blocks.
        sizes: The number of entries of each variable.
    """
    blocks = [
        [None if v is None else np.reshape(v, (height, width)) for v, width in zip(row, sizes, strict=True)]
        for row, height in zip(values, sizes, strict=True)
    ]
    known = [[block for block in row if block is not None] for row in blocks]
    if not known or any(len(row) < len(sizes) for row in known):
        return None
    return np.asarray(np.block(known), dtype=np.float64)
