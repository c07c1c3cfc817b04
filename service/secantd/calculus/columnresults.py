"""The results that have columns of numbers. mypyc would need NumPy for the fields of these classes, so it does not compile them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from secantd.calculus.results import SCALAR, Formula, Shape, Term, matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Bounds", "Evaluation", "Taylor"]


class Bounds(NamedTuple):
    """An interval for each point, both ends of shape (N,); `name` is that of the derivatives, "" for the values."""

    name: str
    lower: "NDArray[np.float64]"
    upper: "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Values at N points and named derivatives, each of shape (N,); `limits` has the points with values that are limits."""

    values: "NDArray[np.float64]"
    derivatives: "tuple[tuple[str, NDArray[np.float64]], ...]"
    variables: tuple[str, ...]
    limits: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
    enclosures: tuple[Bounds, ...] = ()

    @property
    def shape(self) -> Shape:
        """N x 1."""
        return matrix(len(self.values), 1)


@dataclass(frozen=True, slots=True)
class Taylor:
    """A Taylor polynomial, in powers of x - x₀ and multiplied out, and its values beside those of f."""

    variables: tuple[str, ...]
    terms: tuple[Term, ...]
    polynomial: Formula
    expanded: Formula
    equals_function: bool
    polynomial_values: "NDArray[np.float64]"
    function_values: "NDArray[np.float64]"
    notices: tuple[str, ...]
    shape: Shape = SCALAR
