"""Banded matrices as their diagonals: diag(u) + diag(v, 1) for sums of shifted identity matrices."""

from dataclasses import dataclass

from secantd.algebra.arrays.arrays import Arrays
from secantd.algebra.arrays.entries import has_shifted_rows
from secantd.expression import Node

__all__ = ["by_diagonals"]


class NoBandsError(Exception):
    """A matrix is not made of diagonals."""


@dataclass(frozen=True, slots=True)
class Band:
    """A vector along a diagonal of a matrix.

    Attributes:
        above: The number of rows above the first entry.
        below: The number of rows below the last entry.
        before: The number of columns before the first entry.
        after: The number of columns after the last entry.
        entries: The vector.
    """

    above: int
    below: int
    before: int
    after: int
    entries: Node

    @property
    def offset(self) -> int:
        """Which diagonal it is on: 0 the main one, 1 that above it, -1 that below it."""
        return self.before - self.above


def by_diagonals(form: Arrays, node: Node) -> Node:
    """Return a square matrix of shifted rows of the identity as the sum of its diagonals, others as they are.

    Args:
        form: The constructors of the graph.
        node: A matrix in the light form.
    """
    if len(node.shape) != 2 or node.shape[0] != node.shape[1] or not has_shifted_rows(node):
        return node
    bands, others = Bands(form).terms(node)
    if not any(band.offset for band in bands):
        return node
    return form.light(form.add(*others, *[diagonal(form, node, bands, d) for d in sorted({b.offset for b in bands})]))


def diagonal(form: Arrays, matrix: Node, bands: list[Band], offset: int) -> Node:
    """Return the matrix of all bands on one diagonal."""
    right, left = max(offset, 0), max(-offset, 0)
    padding: dict[tuple[int, int], list[Node]] = {}
    for band in bands:
        if band.offset == offset:
            padding.setdefault((band.above - left, band.below - right), []).append(band.entries)
    padded = [form.apply("pad", [form.light(form.add(*entries))], gaps) for gaps, entries in padding.items()]
    entries = form.light(form.add(*padded))
    size = matrix.shape[0]
    if not offset:
        return form.apply("diagonal_matrix", [entries])
    rows = form.apply("slice", [form.identity(size)], (right, left))
    shifted = form.apply("pad", [rows], (left, right))
    number, rest = form.split(entries)
    if rest.op == "fill":
        return form.mul(number, rest.args[0], shifted)
    return form.mul(form.lay("column", form.apply("pad", [entries], (left, right))), shifted)


class Bands:
    """The bands of the matrices of one graph.

    Args:
        form: The constructors.
    """

    def __init__(self, form: Arrays) -> None:
        self.form = form

    def terms(self, x: Node) -> tuple[list[Band], list[Node]]:
        """Return the bands of a sum of matrices, and the terms that are not made of bands."""
        form = self.form
        if not x.shape:
            return [], [x]
        if x.op == "add":
            parts = [self.terms(a) for a in x.args]
            return [b for bands, _ in parts for b in bands], [o for _, others in parts for o in others]
        if x.op in ("neg", "mul", "div"):
            scaled = [a for a in x.args if not a.shape] if x.op == "mul" else []
            inner = [a for a in x.args if a.shape]
            if x.op == "neg" or (len(inner) == 1 and inner[0] is not x and x.op == "mul"):
                number = form.mul(*scaled) if scaled else form.number(-1.0)
                bands, others = self.terms(inner[0])
                found = [self.scaled(b, number) for b in bands]
                return found, [form.mul(number, o) for o in others]
        try:
            return self.of(x), []
        except NoBandsError:
            return [], [x]

    def scaled(self, band: Band, factor: Node) -> Band:
        """Return a band times a number or a vector of its length."""
        entries = self.form.mul(factor, band.entries)
        return Band(band.above, band.below, band.before, band.after, entries)

    def of(self, x: Node) -> list[Band]:
        """Return the bands of a matrix.

        Raises:
            NoBandsError: It is not made of bands.
        """
        form, op, args = self.form, x.op, x.args
        payload = x.payload if isinstance(x.payload, tuple) else ()
        if op == "identity":
            return [Band(0, 0, 0, 0, form.ones(x.shape[0]))]
        if op == "diagonal_matrix":
            return [Band(0, 0, 0, 0, args[0])]
        if op == "transpose":
            return [Band(b.before, b.after, b.above, b.below, b.entries) for b in self.of(args[0])]
        if op == "slice":
            return [self.cut(b, *payload) for b in self.of(args[0])]
        if op == "pad":
            first, last = payload
            return [Band(b.above + first, b.below + last, b.before, b.after, b.entries) for b in self.of(args[0])]
        if op == "diff":
            inner = self.of(args[0])
            earlier = [self.scaled(self.cut(b, 0, 1), form.number(-1.0)) for b in inner]
            return [*[self.cut(b, 1, 0) for b in inner], *earlier]
        if op == "add":
            return [b for a in args for b in self.of(a)]
        if op == "neg":
            return [self.scaled(b, form.number(-1.0)) for b in self.of(args[0])]
        if op == "div" and not self.is_whole(args[1]):
            return [self.times(b, form.reciprocal(args[1])) for b in self.of(args[0])]
        if op == "mul":
            whole = [a for a in args if self.is_whole(a)]
            if len(whole) == 1:
                bands = self.of(whole[0])
                for factor in args:
                    if factor is not whole[0]:
                        bands = [self.times(b, factor) for b in bands]
                return bands
        raise NoBandsError

    def is_whole(self, x: Node) -> bool:
        """Return whether a factor is a matrix, not a number or a vector that repeats along one side."""
        return bool(x.shape) and x.op not in ("column", "row")

    def times(self, band: Band, factor: Node) -> Band:
        """Return a band times a number or a vector that repeats along one side."""
        if factor.shape:
            gaps = (band.above, band.below) if factor.op == "column" else (band.before, band.after)
            factor = self.form.light(self.form.apply("slice", [factor.args[0]], gaps))
        return self.scaled(band, factor)

    def cut(self, band: Band, first: int, last: int) -> Band:
        """Return a band without the first and last rows of its matrix."""
        head, tail = max(first - band.above, 0), max(last - band.below, 0)
        entries = self.form.apply("slice", [band.entries], (head, tail))
        above, below = band.above + head - first, band.below + tail - last
        return Band(above, below, band.before + head, band.after + tail, entries)
