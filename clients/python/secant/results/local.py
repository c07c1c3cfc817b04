"""The local behaviour of a function: Taylor polynomials, tangents, critical points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from secant._arrays import Array
from secant._reply import expect, expect_fields, expect_length
from secant.results._record import record
from secant.results._shown import Shown
from secant.results.formula import Answer, Formula, formula
from secant.v1 import descend_pb2, expression_pb2
from secant.v1 import local_pb2 as pb

__all__ = ["CriticalPoint", "Extrema", "Tangent", "Taylor", "Term", "extrema", "tangent", "taylor"]


@dataclass(frozen=True, slots=True)
class Term(Shown):
    """One term of a Taylor polynomial.

    Attributes:
        exponents: The exponent of each (xᵢ - x₀ᵢ).
        coefficient: The coefficient: the derivative divided by the factorials of the exponents.
        derivative: The derivative at x₀.
        value_is_limit: Whether both are limits, because f has no power series at x₀ as it is written.
    """

    exponents: tuple[int, ...]
    coefficient: float
    derivative: float
    value_is_limit: bool = False


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Taylor(Answer):
    """A Taylor polynomial.

    Attributes:
        polynomial: The polynomial in powers of (x - x₀).
        expanded: The polynomial expanded in powers of x.
        terms: The terms, in ascending order of degree.
        equals_function: Whether the polynomial equals f.
        variables: x₁ … xₙ.
        polynomial_values: The polynomial at the k points of comparison, shape (k,).
        function_values: f at the k points of comparison, shape (k,).
        shape: "scalar".
        notices: Notices about the answer.
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

    def _facts(self) -> dict[str, Any]:
        return {"equals_function": True if self.equals_function else None}

    def _table(self) -> dict[str, Any]:
        exponents = {name: [term.exponents[k] for term in self.terms] for k, name in enumerate(self.variables)}
        numbers = {name: [getattr(term, name) for term in self.terms] for name in ("coefficient", "derivative")}
        return {**exponents, **numbers}

    @property
    def value(self) -> float:
        """f at x₀."""
        return next((term.coefficient for term in self.terms if not any(term.exponents)), 0.0)

    def __str__(self) -> str:
        return str(self.polynomial)

    def _latex(self) -> str | None:
        return self.polynomial._latex()

    def _formulas(self) -> Sequence[Sequence[Formula]]:
        return ((self.polynomial,),)


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Tangent(Answer):
    """A tangent line (n = 1), plane (n = 2) or hyperplane.

    Attributes:
        equation: The right side of y = …; empty if there is no tangent.
        variables: x₁ … xₙ.
        slopes: ∂f/∂xᵢ at the point, shape (n,), also as `gradient`, in units of f per unit of xᵢ; n counts the entries of vectors.
        value: f at the point.
        intercept: f(x₀) - Σ slopeᵢ x₀ᵢ.
        contact: "TANGENT", "VERTICAL" or "KINK".
        left_slope: The slope from the left of a kink; else None.
        right_slope: The slope from the right of a kink; else None.
        kind: "line", "plane" or "hyperplane".
        notices: Notices about the answer.
        value_is_limit: Whether `value` is a limit, because f is 0/0 at the point.
        slopes_are_limits: Whether each of `slopes` is a limit; empty for functions of vectors and matrices.
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
    value_is_limit: bool = False
    slopes_are_limits: tuple[bool, ...] = ()

    def _facts(self) -> dict[str, Any]:
        contact = None if self.contact == "TANGENT" else self.contact.lower()
        sides = {"left_slope": self.left_slope, "right_slope": self.right_slope}
        return {"contact": contact, "value": self.value, "slopes": self.slopes if self.slopes.size else None, **sides}

    def _table(self) -> dict[str, Any] | None:
        if self.slopes.size != len(self.variables):
            return None
        return {"variable": self.variables, "slope": self.slopes}

    @property
    def gradient(self) -> Array:
        """The slopes, shape (n,)."""
        return self.slopes

    def __str__(self) -> str:
        return self.equation.text or self.contact.lower()

    def _latex(self) -> str | None:
        return self.equation._latex()

    def _formulas(self) -> Sequence[Sequence[Formula]]:
        return ((self.equation,),)


@dataclass(frozen=True, slots=True)
class CriticalPoint(Shown):
    """A point where the gradient is 0, an inflection, or a minimum or maximum at a kink or cusp of one variable.

    Attributes:
        point: Coordinates by variable.
        value: f at the point.
        nature: "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION" or "" (unknown).
        exact: The exact coordinates as formulas, in the order of `point`; empty if not known.
        definiteness: The definiteness of the Hessian at the point, as in Hessian.
    """

    point: Mapping[str, float]
    value: float
    nature: str
    exact: tuple[Formula, ...]
    definiteness: str


@dataclass(frozen=True, slots=True, repr=False)
class Extrema(Shown):
    """The critical points in a box.

    Attributes:
        critical_points: The critical points, in ascending order of their coordinates.
        inflections: For one variable, the points where f'' changes its sign.
        variables: x₁ … xₙ.
        complete: Whether the list is proved to be complete.
        notices: Notices about the answer.
    """

    critical_points: tuple[CriticalPoint, ...]
    inflections: tuple[CriticalPoint, ...]
    variables: tuple[str, ...]
    complete: bool
    notices: tuple[str, ...]

    def _title(self) -> str:
        count = len(self.critical_points)
        return f"of {count} point{'' if count == 1 else 's'}{'' if self.complete else ', not known to be complete'}"

    def _table(self) -> dict[str, Any]:
        points = [*self.critical_points, *self.inflections]
        coordinates = {name: [p.point[name] for p in points] for name in self.variables}
        return {
            "nature": [p.nature.lower() or "critical" for p in points],
            **coordinates,
            "value": [p.value for p in points],
        }

    def _has_table(self) -> bool:
        return True


def taylor(reply: pb.TaylorResponse, notations: Sequence[int], count: int | None = None) -> Taylor:
    """Return the reply as a Taylor.

    Args:
        reply: The reply.
        notations: The numbers of the notations requested.
        count: The number of points of comparison; None if not known.

    Raises:
        MalformedReplyError: The reply lacks a polynomial or has lists of the wrong length.
    """
    expect_fields(reply, "polynomial", "expanded")
    for term in reply.terms:
        expect_length("exponents", term.exponents, len(reply.variables), "variables")
    count = len(reply.function_values) if count is None else count
    expect_length("values of the polynomial", reply.polynomial_values, count, "points")
    expect_length("values of f", reply.function_values, count, "points")
    return record(Taylor, reply, notations, terms=tuple(record(Term, term) for term in reply.terms))


def tangent(reply: pb.TangentResponse, notations: Sequence[int], point: Sequence[expression_pb2.Coordinate]) -> Tangent:
    """Return the reply as a Tangent.

    Args:
        reply: The reply.
        notations: The numbers of the notations requested.
        point: The point of the request: each entry of a vector or matrix has a slope.

    Raises:
        MalformedReplyError: The reply lacks its kind of contact, the equation or a slope.
    """
    expect(reply.contact != pb.CONTACT_UNSPECIFIED, "a tangent without its kind of contact")
    if reply.contact == pb.CONTACT_TANGENT:
        expect_fields(reply, "equation")
        entries = sum(max(1, len(entry.values)) for entry in point)
        count = entries if any(entry.values for entry in point) else len(reply.variables)
        expect_length("slopes", reply.slopes, count, "variables")
    return record(
        Tangent,
        reply,
        notations,
        equation=formula(reply.equation, notations) if reply.equation.text else Formula(""),
    )


def extrema(reply: pb.ExtremaResponse, notations: Sequence[int]) -> Extrema:
    """Return the reply as an Extrema.

    Raises:
        MalformedReplyError: A point does not have the variables of the reply.
    """
    return record(
        Extrema,
        reply,
        critical_points=tuple(_critical(point, reply.variables, notations) for point in reply.critical_points),
        inflections=tuple(_critical(point, reply.variables, notations) for point in reply.inflections),
    )


def _critical(message: descend_pb2.CriticalPoint, variables: Sequence[str], notations: Sequence[int]) -> CriticalPoint:
    point = {entry.variable: entry.value for entry in message.point}
    expect(list(point) == list(variables), "a critical point whose coordinates are not those of the variables")
    if message.exact:
        expect_length("exact coordinates", message.exact, len(variables), "variables")
    return record(CriticalPoint, message, notations, point=point)
