"""What the calculus gives back, one record for each kind of answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.forms import Form
from secantd.language.notation import Notation

__all__ = ["Derivative", "Evaluation", "Form", "Formula", "Gradient"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in one or more notations, and its value where a point was given."""

    text: str
    value: float | None = None
    renderings: tuple[tuple[Notation, str], ...] = ()
    form: Form = Form.LIGHT
    value_is_limit: bool = False
    value_is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class Derivative:
    """One derivative by `variables` in order; `value` is f at the point."""

    derivative: Formula
    variables: tuple[str, ...]
    value: float | None
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gradient:
    """All first partials, a row; `value` is f and `norm` the Euclidean norm at the point."""

    variables: tuple[str, ...]
    partials: tuple[Formula, ...]
    value: float | None
    norm: float | None
    directional: Formula | None
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Values at N points, shape (N,), and named derivatives of that shape."""

    values: NDArray[np.float64]
    derivatives: tuple[tuple[str, NDArray[np.float64]], ...]
    variables: tuple[str, ...]
