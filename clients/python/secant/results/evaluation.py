"""Values of a function and its derivatives at many points."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from secant._arrays import Array, array
from secant._blocks import Reply, is_part
from secant._reply import expect, expect_length
from secant.results._shown import Shown

__all__ = ["Evaluation", "EvaluationReader"]


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Evaluation(Shown):
    """The values of f and its derivatives at N points.

    Attributes:
        variables: x₁ … xₙ.
        values: f at each point, shape (N,); also as `value`. NaN or an infinity where f is not defined.
        gradient: ∂f/∂xᵢ, shape (N, n), each column contiguous; None for order 0.
        hessian: ∂²f/∂xᵢ∂xⱼ, shape (N, n, n), each entry contiguous over the points; None for orders 0 and 1.
        offset: The number of points of a stream before these.
        limits: The positions, from 0, of the points at which a value is a limit, because f or a derivative is 0/0 there.
        notices: Notices about the answer, such as a kink at a point.
        lower: Numbers that are not above the exact values and derivatives at the points, an Evaluation; None unless enclosures
            were requested.
        upper: The same for numbers that are not below them.

    If a variable of f is a vector or a matrix, there is one point, N = 1, and n counts the entries of all variables, one
    variable after the other, matrices row by row.
    """

    variables: tuple[str, ...]
    values: Array
    gradient: Array | None = None
    hessian: Array | None = None
    offset: int = 0
    limits: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
    lower: "Evaluation | None" = None
    upper: "Evaluation | None" = None

    _RENAMED: ClassVar[Mapping[str, str]] = {"values": "value"}

    def _title(self) -> str:
        count = "of 1 point" if len(self) == 1 else f"of {len(self)} points"
        return f"{count} by Dask: values.compute()" if self._lazy() else count

    def _lazy(self) -> bool:
        """Whether the values are arrays of Dask, which are not computed yet."""
        return not isinstance(self.values, np.ndarray)

    def _table(self) -> dict[str, Any]:
        found = self._columns()
        return {name: np.asarray(column) for name, column in found.items()} if self._lazy() else found

    def _columns(self) -> dict[str, Any]:
        found = {"value": self.values}
        if self.gradient is not None:
            width = self.gradient.shape[1]
            names = self.variables if len(self.variables) == width else [str(k + 1) for k in range(width)]
            found |= {f"d_{name}": self.gradient[:, i] for i, name in enumerate(names)}
            if self.hessian is not None:
                pairs = [(i, j) for i in range(width) for j in range(i, width)]
                found |= {f"d2_{names[i]}_{names[j]}": self.hessian[:, i, j] for i, j in pairs}
        return found

    def _has_table(self) -> bool:
        return not self._lazy()

    @property
    def value(self) -> Array:
        """f at each point, shape (N,)."""
        return self.values

    def __len__(self) -> int:
        return len(self.values)


@dataclass(slots=True)
class EvaluationReader:
    """Converts replies to Evaluations: one for each block, or one for all blocks.

    Attributes:
        order: The order requested.
        variables: The variables, from the first reply.
        whole: Whether a block is one point of a function of vectors or matrices.
        unasked: Whether the points are those of the server, of which the number is not known.
    """

    order: int
    variables: tuple[str, ...] = ()
    whole: bool = False
    unasked: bool = False
    _values: list[Array] = field(default_factory=list)
    _derivatives: list[list[Array]] = field(default_factory=list)
    # Number of points in each block without a reply; None for a block without columns.
    _pending: deque[int | None] = field(default_factory=deque)
    _offset: int = 0
    _limits: list[int] = field(default_factory=list)
    # In order of first appearance.
    _notices: dict[str, None] = field(default_factory=dict)

    def sent(self, columns: Mapping[str, Array]) -> None:
        """Record the number of points of a block that is sent."""
        lengths = {len(values) for values in columns.values()}
        self._pending.append(next(iter(lengths - {1} or lengths), None))

    def one(self, reply: Reply) -> Evaluation:
        """Return one reply as an Evaluation.

        Raises:
            MalformedReplyError: The reply does not fit its block.
        """
        offset = reply.offset if is_part(reply) else 0
        values, derivatives = self._block(reply, offset)
        # The bytes of a reply are not kept, and a caller may write to the numbers.
        values = values if values.flags.owndata else values.copy()
        found = self._evaluation(values, [[column] for column in derivatives], offset)
        lower, upper = (None, None) if is_part(reply) or not reply.enclosures else self._bounds(reply, len(values))
        return replace(found, limits=tuple(reply.limits), notices=tuple(reply.notices), lower=lower, upper=upper)

    def _bounds(self, reply: Reply, count: int) -> tuple[Evaluation, Evaluation]:
        """Return the lower and upper ends of a reply's enclosures."""
        expect_length("enclosures", reply.enclosures, 1 + len(reply.derivatives), "columns of the answer")
        sides = []
        for side in ("lower", "upper"):
            columns = [numbers(getattr(bounds, side)) for bounds in reply.enclosures]
            for column in columns:
                expect_length(f"{side} ends", column, count, "points")
            sides.append(self._evaluation(columns[0], [[column] for column in columns[1:]], 0))
        return sides[0], sides[1]

    def add(self, reply: Reply) -> None:
        """Store the reply to one block.

        Raises:
            MalformedReplyError: The reply does not fit its block.
        """
        values, derivatives = self._block(reply, reply.offset)
        self._limits += [reply.offset + position for position in reply.limits]
        self._notices.update(dict.fromkeys(reply.notices))
        self._values.append(values)
        self._derivatives.append(derivatives)

    def end(self, sent: bool) -> None:
        """Return if all blocks were sent and have a reply.

        Raises:
            MalformedReplyError: One was not sent or has no reply.
        """
        expect(sent and not self._pending, f"the stream ended after {self._offset} points, with blocks unanswered")

    def all(self, count: int) -> Evaluation:
        """Return all stored blocks as one Evaluation of `count` points.

        Raises:
            MalformedReplyError: The blocks have more or fewer points.
        """
        self.end(self._offset == count)
        derivatives = [*zip(*self._derivatives, strict=True)]
        found = self._evaluation(np.concatenate(self._values or [np.empty(0)]), derivatives, 0)
        return replace(found, limits=tuple(self._limits), notices=tuple(self._notices))

    def _block(self, reply: Reply, offset: int) -> tuple[Array, list[Array]]:
        """Return values and derivatives of one reply, each as long as its block."""
        # Only the first reply of a stream has the variables.
        names = tuple(reply.variables) or self.variables
        expect(not self.variables or names == self.variables, "the variables changed within a stream")
        self.variables = names
        expect(bool(self._pending) or self.unasked, "more blocks than were sent")
        count = None if self.unasked else self._pending.popleft()
        count = len(reply.values) if count is None else count
        if not self.whole and not is_part(reply):
            # A function of vectors takes the columns as one point; the reply says so if the request does not.
            self.whole = count != 1 and reply.shape.rows == 1
        if self.whole:
            count = 1
        expect_length("values", reply.values, count, "points")
        expect(all(0 <= position < count for position in reply.limits), "a limit at a point that was not sent")
        expect(offset == self._offset, f"a block that begins at {offset}, after {self._offset} points")
        self._offset += count
        n = len(names)
        columns = (n if self.order >= 1 else 0) + (n * (n + 1) // 2 if self.order >= 2 else 0)
        expect_length("columns of derivatives", reply.derivatives, columns, f"wanted (order {self.order})")
        if self.whole:
            return numbers(reply.values), [numbers(column.values) for column in reply.derivatives]
        for column in reply.derivatives:
            expect_length("derivatives in a column", column.values, count, "points")
        return numbers(reply.values), [numbers(column.values) for column in reply.derivatives]

    def _evaluation(self, values: Array, derivatives: Sequence[Sequence[Array]], offset: int) -> Evaluation:
        """Return values with derivatives, each of which is given in pieces, one after the other."""
        n, gradient, hessian = len(self.variables), None, None
        if self.whole:
            return self._of_arrays(values, [np.concatenate(pieces) for pieces in derivatives], offset)
        # Each derivative is copied once, into memory where its values are side by side.
        if self.order >= 1:
            gradient = np.empty((n, len(values))).T
            for i, pieces in enumerate(derivatives[:n]):
                np.concatenate(pieces, out=gradient[:, i])
        if self.order >= 2:
            hessian = np.empty((n, n, len(values))).transpose(2, 0, 1)
            pairs = ((i, j) for i in range(n) for j in range(i, n))
            for (i, j), pieces in zip(pairs, derivatives[n:], strict=True):
                np.concatenate(pieces, out=hessian[:, i, j])
                hessian[:, j, i] = hessian[:, i, j]
        return Evaluation(self.variables, values, gradient, hessian, offset)

    def _of_arrays(self, values: Array, derivatives: Sequence[Array], offset: int) -> Evaluation:
        n = len(self.variables)
        first = derivatives[:n]
        gradient = np.concatenate(first)[np.newaxis] if self.order >= 1 else None
        if self.order < 2:
            return Evaluation(self.variables, values, gradient, None, offset)
        ends = np.cumsum([0, *map(len, first)])
        hessian = np.empty((1, ends[-1], ends[-1]))
        pairs = ((i, j) for i in range(n) for j in range(i, n))
        for (i, j), column in zip(pairs, derivatives[n:], strict=True):
            rows, across = len(first[i]), len(first[j])
            expect(len(column) == rows * across, f"{len(column)} second derivatives in a block of {rows} x {across}")
            block = column.reshape(rows, across)
            hessian[0, ends[i] : ends[i + 1], ends[j] : ends[j + 1]] = block
            hessian[0, ends[j] : ends[j + 1], ends[i] : ends[i + 1]] = block.T
        return Evaluation(self.variables, values, gradient, hessian, offset)


def numbers(values: Any) -> Array:
    """Return a view of numbers, or a new array of those of a `repeated double`."""
    return values if isinstance(values, np.ndarray) else array(values)
