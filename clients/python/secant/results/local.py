"""A function near a point: Taylor polynomials, tangents, critical points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secant.arrays import Array, array
from secant.results.formula import Answer, Formula, formula, optional
from secant.v1 import derivative_pb2, descend_pb2
from secant.v1 import local_pb2 as pb
from secant.words import told

__all__ = ["CriticalPoint", "Extrema", "Tangent", "Taylor", "Term", "extrema", "tangent", "taylor"]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a Taylor polynomial.

    Attributes:
        exponents: One for each variable.
        coefficient: What multiplies the powers of (x - x₀): the derivative over the factorials.
        derivative: The derivative at x₀.
    """

    exponents: tuple[int, ...]
    coefficient: float
    derivative: float


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Taylor(Answer):
    """A Taylor polynomial.

    Attributes:
        polynomial: In powers of (x - x₀).
        expanded: Multiplied out in powers of x.
        terms: In ascending degree.
        equals_function: Whether the polynomial is f.
        variables: The variables.
        polynomial_values: The polynomial at the points asked for, shape (k,).
        function_values: f at the points asked for, shape (k,).
        shape: "scalar".
        notices: What a reader should know.
    """

    polynomial: Formula
    expanded: Formula
    terms: tuple[Term, ...]
    equals_function: bool
    variables: tuple[str, ...]
    polynomial_values: Array
    function_values: Array
    shape: str
    notices: tuple[str, ...]

    def __str__(self) -> str:
        return str(self.polynomial)

    def _latex(self) -> str | None:
        return self.polynomial._latex()


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Tangent(Answer):
    """A tangent line (n = 1), plane (n = 2) or hyperplane.

    Attributes:
        equation: The right side of y = …; empty where there is none.
        variables: x₁ … xₙ.
        slopes: ∂f/∂xᵢ at the point, shape (n,).
        value: f at the point.
        intercept: f(x₀) - Σ slopeᵢ x₀ᵢ.
        contact: "TANGENT", "VERTICAL" or "KINK".
        left_slope: For a kink the slope from the left; else None.
        right_slope: For a kink the slope from the right; else None.
        kind: "line", "plane" or "hyperplane".
        notices: What a reader should know.
    """

    equation: Formula
    variables: tuple[str, ...]
    slopes: Array
    value: float
    intercept: float
    contact: str
    left_slope: float | None
    right_slope: float | None
    kind: str
    notices: tuple[str, ...]

    def __str__(self) -> str:
        return self.equation.text or self.contact.lower()

    def _latex(self) -> str | None:
        return self.equation._latex()


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """A point where the gradient is 0 (or, for an inflection, the second derivative).

    Attributes:
        point: x by name.
        value: f there.
        nature: "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION" or "".
        exact: The coordinates as formulas in the order of `point`; empty where they are not known.
        definiteness: Of the Hessian there, as in Hessian.
    """

    point: Mapping[str, float]
    value: float
    nature: str
    exact: tuple[Formula, ...]
    definiteness: str


@dataclass(frozen=True, slots=True)
class Extrema:
    """The critical points in a box.

    Attributes:
        critical_points: By coordinates, ascending.
        inflections: For one variable where f'' changes its sign.
        variables: x₁ … xₙ.
        complete: Whether the list is proved complete.
        notices: What a reader should know.
    """

    critical_points: tuple[CriticalPoint, ...]
    inflections: tuple[CriticalPoint, ...]
    variables: tuple[str, ...]
    complete: bool
    notices: tuple[str, ...]


def taylor(reply: pb.TaylorResponse, notations: Sequence[int]) -> Taylor:
    """Return the reply as a Taylor."""
    return Taylor(
        formula(reply.polynomial, notations),
        formula(reply.expanded, notations),
        tuple(Term(tuple(term.exponents), term.coefficient, term.derivative) for term in reply.terms),
        reply.equals_function,
        tuple(reply.variables),
        array(reply.polynomial_values),
        array(reply.function_values),
        reply.shape.text,
        tuple(reply.notices),
    )


def tangent(reply: pb.TangentResponse, notations: Sequence[int]) -> Tangent:
    """Return the reply as a Tangent."""
    return Tangent(
        formula(reply.equation, notations),
        tuple(reply.variables),
        array(reply.slopes),
        reply.value,
        reply.intercept,
        told(pb.Contact, reply.contact),
        optional(reply, "left_slope"),
        optional(reply, "right_slope"),
        reply.kind,
        tuple(reply.notices),
    )


def extrema(reply: pb.ExtremaResponse, notations: Sequence[int]) -> Extrema:
    """Return the reply as an Extrema."""
    return Extrema(
        tuple(_critical(point, notations) for point in reply.critical_points),
        tuple(_critical(point, notations) for point in reply.inflections),
        tuple(reply.variables),
        reply.complete,
        tuple(reply.notices),
    )


def _critical(message: descend_pb2.CriticalPoint, notations: Sequence[int]) -> CriticalPoint:
    return CriticalPoint(
        {entry.variable: entry.value for entry in message.point},
        message.value,
        told(descend_pb2.Nature, message.nature),
        tuple(formula(entry, notations) for entry in message.exact),
        told(derivative_pb2.Definiteness, message.definiteness),
    )
