"""The ends of many descents, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secant._arrays import Array

__all__ = ["Ends"]


@dataclass(frozen=True, eq=False, slots=True)
class Ends:
    """The ends of k descents, in the order of the request.

    Attributes:
        variables: x₁ … xₙ; of a profile, the variables that are held come first.
        points: The last points, shape (k, n).
        values: f there, shape (k,).
        gradient_norms: |∇f| there, Euclidean, over the variables that are not held, shape (k,).
        reasons: "CONVERGED", "STEPS_SPENT", "DIVERGED", "NOT_FINITE" or "STALLED", shape (k,).
        steps: The numbers of steps, shape (k,).
        maximize: Whether f was maximized.
    """

    variables: tuple[str, ...]
    points: Array
    values: Array
    gradient_norms: Array
    reasons: NDArray[np.str_]
    steps: NDArray[np.int64]
    maximize: bool = False

    def __len__(self) -> int:
        return len(self.values)

    @property
    def best(self) -> int:
        """The position of the smallest value, or with `maximize` the largest; of converged descents, if there are any.

        >>> ends = Ends(("x",), np.array([[1.0], [2.0]]), np.array([-9.0, 3.0]), np.zeros(2),
        ...             np.array(["DIVERGED", "CONVERGED"]), np.array([5, 4]))
        >>> ends.best
        1
        """
        values = -self.values if self.maximize else self.values
        good = np.isfinite(values) & (self.reasons == "CONVERGED")
        if not good.any():
            good = np.isfinite(values)
        return int(np.argmin(np.where(good, values, np.inf)))

    def __repr__(self) -> str:
        kinds, counts = np.unique(self.reasons, return_counts=True)
        ended = ", ".join(f"{count:,} {kind}" for kind, count in zip(kinds, counts, strict=True))
        return f"<{len(self):,} descents in {', '.join(self.variables)}: {ended}>"
