"""Numbers at many points."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from secant.arrays import Array, array
from secant.v1 import evaluate_pb2 as pb

__all__ = ["Blocks", "Evaluation"]


@dataclass(frozen=True, eq=False, slots=True)
class Evaluation:
    """f and its derivatives at N points.

    Attributes:
        variables: x₁ … xₙ.
        values: f at each point, shape (N,). At poles NaN and the infinities.
        gradient: ∂f/∂xᵢ, shape (N, n); None for order 0.
        hessian: ∂²f/∂xᵢ∂xⱼ, shape (N, n, n); None for orders 0 and 1.
        offset: How many points of a stream came before these.
    """

    variables: tuple[str, ...]
    values: Array
    gradient: Array | None = None
    hessian: Array | None = None
    offset: int = 0

    def __len__(self) -> int:
        return len(self.values)


@dataclass(slots=True)
class Blocks:
    """Makes Evaluations of replies: one of each block, or one of all."""

    order: int
    variables: tuple[str, ...] = ()
    _values: list[Array] = field(default_factory=list)
    _derivatives: list[list[Array]] = field(default_factory=list)

    def one(self, reply: pb.EvaluateResponse | pb.EvaluateStreamResponse) -> Evaluation:
        """Return one reply as an Evaluation."""
        # Only the first answer of a stream names them.
        self.variables = tuple(reply.variables) or self.variables
        offset = reply.offset if isinstance(reply, pb.EvaluateStreamResponse) else 0
        derivatives = [array(column.values) for column in reply.derivatives]
        return self._evaluation(array(reply.values), derivatives, offset)

    def add(self, reply: pb.EvaluateStreamResponse) -> None:
        """Keep one block."""
        self.variables = tuple(reply.variables) or self.variables
        self._values.append(array(reply.values))
        self._derivatives.append([array(column.values) for column in reply.derivatives])

    def all(self) -> Evaluation:
        """Return all blocks kept as one Evaluation."""
        derivatives = [np.concatenate(column) for column in zip(*self._derivatives, strict=True)]
        return self._evaluation(np.concatenate(self._values or [np.empty(0)]), derivatives, 0)

    def _evaluation(self, values: Array, derivatives: Sequence[Array], offset: int) -> Evaluation:
        n, gradient, hessian = len(self.variables), None, None
        if self.order >= 1:
            gradient = np.empty((len(values), n))
            for i, column in enumerate(derivatives[:n]):
                gradient[:, i] = column
        if self.order >= 2:
            hessian = np.empty((len(values), n, n))
            pairs = ((i, j) for i in range(n) for j in range(i, n))
            for (i, j), column in zip(pairs, derivatives[n:], strict=True):
                hessian[:, i, j] = hessian[:, j, i] = column
        return Evaluation(self.variables, values, gradient, hessian, offset)
