"""The results of the calculus: a record for each message of the contract, with the names of its fields."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from secantd.algebra.forms import Form
from secantd.language.notation import Notation
from secantd.render import Naming

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "SCALAR",
    "Certificate",
    "Contact",
    "Definiteness",
    "Derivative",
    "Factor",
    "Form",
    "Formula",
    "Gradient",
    "Hessian",
    "Interval",
    "Jacobian",
    "Naming",
    "Nature",
    "Shape",
    "Tangent",
    "Term",
    "matrix",
]


class Nature(Enum):
    """The kind of a critical point; values are those of `secant.v1.Nature`."""

    MINIMUM = 1
    MAXIMUM = 2
    SADDLE = 3
    INFLECTION = 4


class Definiteness(Enum):
    """The signs of the eigenvalues; values are those of `secant.v1.Definiteness`."""

    UNKNOWN = 0
    POSITIVE = 1
    POSITIVE_SEMI = 2
    INDEFINITE = 3
    NEGATIVE_SEMI = 4
    NEGATIVE = 5
    ZERO = 6


class Contact(Enum):
    """The kind of the graph's tangent at the point; values are those of `secant.v1.Contact`."""

    TANGENT = 1
    VERTICAL = 2
    KINK = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers of rows and columns of an answer, and both as text."""

    rows: int
    columns: int
    text: str


SCALAR: Final = Shape(1, 1, "scalar")


def matrix(rows: int, columns: int) -> Shape:
    """Return the shape of a matrix.

    >>> matrix(1, 3).text
    '1 x 3'
    """
    return Shape(rows, columns, f"{rows} x {columns}")


class Formula:
    """A formula, its value if a point was given, and its `renderings` if several notations were requested.

    A vector or matrix has its value in `values`, an array of its shape, instead of `value`.
    """

    __slots__ = ("form", "renderings", "text", "value", "value_is_limit", "values")

    def __init__(
        self,
        text: str,
        value: float | None = None,
        renderings: tuple[tuple[Notation, str], ...] = (),
        form: Form = Form.LIGHT,
        value_is_limit: bool = False,
        values: "NDArray[np.float64] | None" = None,
    ) -> None:
        self.text: Final = text
        self.value: Final = value
        self.renderings: Final = renderings
        self.form: Final = form
        self.value_is_limit: Final = value_is_limit
        self.values: Final = values

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of `values`."""
        return None if self.values is None else self.values.shape


class Interval(NamedTuple):
    """Two exact decimals, and all numbers between them."""

    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What can be checked without Secant.

    Attributes:
        coq: A file for Coq; "" for a counterexample with functions that have no theory there.
        lean: A file for Lean 4; "" if there is none.
        hypotheses: What the statement assumes, in the notation of the request.
        point: For a counterexample, each variable and its fraction.
        claimed_value: For a counterexample, an interval around the claim's value; None without ball arithmetic.
        true_value: The same for the true value.
    """

    coq: str
    lean: str = ""
    hypotheses: tuple[str, ...] = ()
    point: tuple[tuple[str, str], ...] = ()
    claimed_value: Interval | None = None
    true_value: Interval | None = None


class Derivative:
    """One derivative with respect to `variables` in order; `value` is f at the point."""

    __slots__ = ("certificate", "derivative", "notices", "shape", "value", "value_is_limit", "variables")

    def __init__(
        self,
        derivative: Formula,
        variables: tuple[str, ...],
        value: float | None,
        notices: tuple[str, ...],
        shape: Shape = SCALAR,
        value_is_limit: bool = False,
        certificate: Certificate | None = None,
    ) -> None:
        self.derivative: Final = derivative
        self.variables: Final = variables
        self.value: Final = value
        self.notices: Final = notices
        self.shape: Final = shape
        self.value_is_limit: Final = value_is_limit
        self.certificate: Final = certificate


@dataclass(frozen=True, slots=True)
class Gradient:
    """All first partials, shape 1 x n; `value` is f and `norm` the gradient's Euclidean norm at the point."""

    variables: tuple[str, ...]
    partials: tuple[Formula, ...]
    value: float | None
    norm: float | None
    directional: Formula | None
    notices: tuple[str, ...]
    layout: Shape | None = None
    value_is_limit: bool = False
    certificate: Certificate | None = None

    @property
    def shape(self) -> Shape:
        """1 x n; that of a matrix where the only variable is one."""
        return self.layout or matrix(1, len(self.partials))


@dataclass(frozen=True, slots=True)
class Factor:
    """One matrix of a product of Jacobians: its name, its columns, its rows."""

    name: str
    variables: tuple[str, ...]
    rows: tuple[tuple[Formula, ...], ...]

    @property
    def shape(self) -> Shape:
        """Rows times variables."""
        return matrix(len(self.rows), len(self.variables))


@dataclass(frozen=True, slots=True)
class Jacobian:
    """J[i][j] = ∂fᵢ/∂xⱼ, shape m x n; `values` is f at the point, m numbers."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Formula, ...], ...]
    values: tuple[float, ...]
    determinant: Formula | None
    sign: int | None
    area_factor: float | None
    factors: tuple[Factor, ...]
    notices: tuple[str, ...]
    layout: Shape | None = None
    values_are_limits: tuple[bool, ...] = ()

    @property
    def shape(self) -> Shape:
        """m x n."""
        return self.layout or matrix(len(self.rows), len(self.variables))


@dataclass(frozen=True, slots=True)
class Hessian:
    """∂²f/∂xᵢ∂xⱼ, shape n x n; `eigenvalues` in ascending order, empty where they are not known."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Formula, ...], ...]
    value: float | None
    definiteness: Definiteness
    eigenvalues: tuple[float, ...]
    notices: tuple[str, ...]
    layout: Shape | None = None
    value_is_limit: bool = False

    @property
    def shape(self) -> Shape:
        """n x n."""
        return self.layout or matrix(len(self.variables), len(self.variables))


@dataclass(frozen=True, slots=True)
class Tangent:
    """y = value + Σ slopeᵢ (xᵢ - x₀ᵢ); `equation` is None at a kink or a vertical tangent."""

    variables: tuple[str, ...]
    equation: Formula | None
    slopes: tuple[float, ...]
    value: float
    intercept: float
    contact: Contact
    left_slope: float | None
    right_slope: float | None
    notices: tuple[str, ...]
    value_is_limit: bool = False
    slopes_are_limits: tuple[bool, ...] = ()

    @property
    def kind(self) -> str:
        """ "line", "plane" or "hyperplane"."""
        # Each entry of a vector has a slope.
        return {1: "line", 2: "plane"}.get(len(self.slopes) or len(self.variables), "hyperplane")


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Π (xᵢ - x₀ᵢ)^exponentᵢ; `derivative` is the coefficient times the factorials."""

    exponents: tuple[int, ...]
    coefficient: float
    derivative: float
    value_is_limit: bool = False
