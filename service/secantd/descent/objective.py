"""The objective of a descent: value, gradient and Hessian at a point; an ascent minimizes -f."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.descent.bowl import Bowl, bowl
from secantd.expression import Node, reachable
from secantd.program.searchloop import BacktrackLoop
from secantd.program.update import Update, UpdateLoop

__all__ = ["DENSE", "ENTRIES", "WORTH", "Flags", "Objective", "Vector", "dependent", "is_smooth"]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

# The most variables for which the whole Hessian is computed: n² numbers, O(n³) for its eigenvalues.
DENSE = 300
# The most operations of a Hessian that is computed for diagnosis only: a tenth of a second.
WORTH = 50_000_000
# The most variables for which each entry of the Hessian has its own formula; for more, H v is computed at n unit vectors.
ENTRIES = 8


# Operations without kinks and jumps: where all that depend on a variable are among these, a constant Hessian is that of one
# quadratic. The Hessians of abs(x) and max(x, 0) are constant too, except at the kink.
SMOOTH = frozenset(
    {"symbol", "number", "data", "add", "sub", "mul", "neg", "div", "pow", "reciprocal", "square", "cube", "fourth"}
    | {"sum", "mean", "prod", "trace", "length", "fill", "identity", "unit", "place", "pick", "pad", "slice", "element"}
    | {"matmul", "transpose", "outer", "diagonal", "diagonal_matrix", "column", "row", "row_sums", "column_sums"}
    | {"cumsum", "recurrence", "record", "reverse", "diff", "gather", "scatter", "select", "unselect", "concatenate"}
    | {"bind_columns", "reshape", "flatten", "inverse", "solve", "det"}
)


def dependent(nodes: Sequence[Node], names: Collection[str]) -> set[int]:
    """Return the numbers of all nodes below `nodes` whose values depend on a variable."""
    found: set[int] = set()
    for node in reachable(nodes):
        if (node.op == "symbol" and node.name in names) or any(a.index in found for a in node.args):
            found.add(node.index)
    return found


def is_smooth(value: Node, names: Collection[str]) -> bool:
    """Whether all operations of `value` that depend on a variable are free of kinks and jumps."""
    depend = dependent([value], names)
    return all(node.op in SMOOTH for node in reachable([value]) if node.index in depend)


class Objective(ABC):
    """f (or -f for an ascent) with its derivatives; descents in several threads may share it.

    Attributes:
        variables: The n variables, in the order of a point.
        sign: -1 for an ascent, else 1.
        work: The operations of f and ∇f at one point, counting rows of data.
        dense: Whether computing the whole Hessian is worthwhile.
        has_data: Whether f is a function of data columns.
        costly: Whether a point costs much more than what a method does with it, such as a pass over files.

    Args:
        variables: The n variables, in the order of a point.
        maximize: Whether to minimize -f.
    """

    work: int
    dense: bool
    has_data: bool
    costly: bool = False

    def __init__(self, variables: Sequence[str], maximize: bool) -> None:
        self.variables = tuple(variables)
        self.sign = -1.0 if maximize else 1.0
        self._bowl: Bowl | None = None

    def __len__(self) -> int:
        return len(self.variables)

    @abstractmethod
    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""

    def far(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at one of a hundred points far out, where digits of sums over data may be lost."""
        return self.first(x)

    @abstractmethod
    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at `x`, shape (n, n), exactly symmetric."""

    @abstractmethod
    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""

    @property
    @abstractmethod
    def quadratic(self) -> bool:
        """Whether the Hessian is constant, and computing it is worthwhile."""

    @abstractmethod
    def constant_partials(self) -> Flags:
        """Return which partial derivatives are the same number at all points, shape (n,)."""

    @abstractmethod
    def loop(self, update: Update) -> UpdateLoop:
        """Return the loop of `update`, one for all paths of a descent."""

    def backtracking(self) -> BacktrackLoop | None:
        """Return the compiled steps of steepest descent with backtracking, None if there are none."""
        return None

    def shown(self, x: Vector) -> Vector:
        """Return the point at which f is evaluated for `x`, shape (n,): symmetric matrices lose their rounding errors."""
        return x

    def find(self, x: Vector) -> bool:
        """Look for limits of f and ∇f at `x`, where they are not finite; return whether all exist and are finite."""
        return False

    def notices(self) -> list[str]:
        """Return notices on points of the path so far."""
        return []

    def covariance(self, inverse: Vector) -> Vector:
        """Return the covariance of the variables from the inverse Hessian, both of shape (n, n)."""
        return inverse

    @property
    def bowl(self) -> Bowl | None:
        """The eigenvalues of a constant Hessian, else None."""
        if self._bowl is None and self.quadratic:
            self._bowl = bowl(self.hessian(np.zeros(len(self))))
        return self._bowl
