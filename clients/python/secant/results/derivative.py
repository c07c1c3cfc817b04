"""Derivatives and gradients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from secant._reply import expect, expect_fields, expect_length
from secant.results._repeat import Repeat, Repeatable
from secant.results.formula import Answer, Formula, formula, known, optional

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results.certificate import Certificate
    from secant.v1 import derivative_pb2 as pb

__all__ = ["Derivative", "Gradient", "derivative", "gradient", "row_text"]


@dataclass(frozen=True, repr=False, slots=True)
class Derivative(Answer):
    """One derivative, in units of f per unit of each variable.

    `value` is f at the point, and `derivative` the derivative there. `float()` returns the derivative, too.

    Attributes:
        formula: The derivative.
        variables: The variables of differentiation, in order.
        function_value: f at the point if it is a number; None without a point. `value` is the same or an error.
        shape: "scalar"; of the derivative with respect to a vector or matrix, "1 x n" or "m x n".
        notices: Notices about the answer, such as that a variable does not occur in f.
        function_value_is_limit: Whether `function_value` is a limit, because f is 0/0 at the point.
        certificate: A proof that the derivative is right, if requested and possible; else None.
    """

    formula: Formula
    variables: tuple[str, ...]
    function_value: float | None
    shape: str
    notices: tuple[str, ...]
    function_value_is_limit: bool = False
    certificate: "Certificate | None" = None

    _RENAMED: ClassVar[Mapping[str, str]] = {"function_value": "value", "function_value_is_limit": "value_is_limit"}

    @property
    def text(self) -> str:
        """The text of the derivative, in the first notation requested."""
        return self.formula.text

    @property
    def value(self) -> float:
        """f at the point if it is a number.

        Raises:
            ValueError: No point was given, or f is a vector or a matrix, whose value `jacobian` returns.
        """
        if self.function_value is None and self.formula.at_point is not None:
            raise ValueError("f is a vector or a matrix\n`jacobian` returns its value at the point, too")
        return known(self.function_value, "value")

    @property
    def derivative(self) -> "float | Array":
        """The derivative at the point: a number, or an array of shape (n,) or (r, c).

        If `formula` is a differential: a row for each entry of f and a column for each entry of the variable.

        Raises:
            ValueError: No point was given.
        """
        return known(self.formula.value, "derivative") if self.values is None else self.values

    @property
    def values(self) -> "Array | None":
        """The derivative at the point if it is a vector or a matrix; else None."""
        return self.formula.values

    def __float__(self) -> float:
        return float(self.derivative)

    def _facts(self) -> dict[str, Any]:
        return {"derivative": self.formula.at_point, "value": self.function_value}

    def _more(self) -> dict[str, Any]:
        return {"derivative": self.formula.at_point}

    def _table(self) -> dict[str, Any]:
        numbers = {"derivative": self.formula.value, "value": self.function_value}
        return {"formula": [self.text], **{name: [number] for name, number in numbers.items() if number is not None}}

    @property
    def renderings(self) -> Mapping[str, str]:
        """The text of the derivative in each notation requested, by the notation's name."""
        return self.formula.renderings

    def __str__(self) -> str:
        return str(self.formula)

    def _latex(self) -> str | None:
        return self.formula._latex()

    def _formulas(self) -> Sequence[Sequence[Formula]]:
        return ((self.formula,),)


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Gradient(Answer, Repeatable):
    """All first partial derivatives of a scalar function, a row of shape 1 x n.

    `value` is f at the point, and `gradient` the partials there. A Gradient can be called with another point, and so can be the
    argument `jac` of scipy.optimize.minimize: see `Repeatable`.

    Attributes:
        variables: x₁ … xₙ.
        partials: ∂f/∂xᵢ, in units of f per unit of xᵢ; with respect to a vector or matrix, one formula of its shape.
        values: The partials at the point, shape (n,); with respect to one matrix, of its shape; with respect to several
            variables, their entries one after the other, matrices row by row. None without a point. `gradient` is the same or an
            error.
        function_value: f at the point; None without a point. `value` is the same or an error.
        norm: |∇f| at the point, Euclidean; None without a point.
        directional: ∇f·u/|u|; None if no direction was given.
        shape: "1 x n".
        notices: Notices about the answer.
        value_is_limit: Whether `value` is a limit, because f is 0/0 at the point; each of `partials` has its own.
        certificate: A proof that the partials are right, if requested and possible; else None.
    """

    variables: tuple[str, ...]
    partials: tuple[Formula, ...]
    values: "Array | None"
    function_value: float | None
    norm: float | None
    directional: Formula | None
    shape: str
    notices: tuple[str, ...]
    value_is_limit: bool = False
    certificate: "Certificate | None" = None
    _repeat: Repeat | None = field(default=None, repr=False)

    _RENAMED: ClassVar[Mapping[str, str]] = {"values": "gradient", "function_value": "value"}

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> "Array":
        """Return the partials at the point, for NumPy."""
        return self.gradient.astype(dtype or self.gradient.dtype)

    def _facts(self) -> dict[str, Any]:
        along = self.directional and (
            self.directional.value if self.directional.value is not None else str(self.directional)
        )
        return {"gradient": self.values, "value": self.function_value, "norm": self.norm, "directional": along}

    def _table(self) -> dict[str, Any]:
        if self.values is not None and self.values.size != len(self.variables):
            return {"entry": range(1, self.values.size + 1), "gradient": self.values.ravel()}
        found = {"variable": self.variables, "partial": self.texts}
        return found if self.values is None else {**found, "gradient": self.values.ravel()}

    @property
    def value(self) -> float:
        """f at the point.

        Raises:
            ValueError: No point was given.
        """
        return known(self.function_value, "value")

    @property
    def gradient(self) -> "Array":
        """The partials at the point; the shape is that of `values`.

        Raises:
            ValueError: No point was given.
        """
        return known(self.values, "gradient")

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the partials, in the order of `variables`."""
        return tuple(partial.text for partial in self.partials)

    def __str__(self) -> str:
        return row_text(self.partials)

    def _formulas(self) -> Sequence[Sequence[Formula]]:
        return (self.partials,)

    @property
    def _is_single(self) -> bool:
        # With respect to a vector or a matrix, the formula is the gradient itself.
        return len(self.partials) == 1

    @property
    def _is_row(self) -> bool:
        return True

    def _latex(self) -> str | None:
        entries = [partial._latex() for partial in self.partials]
        if not all(entries):
            return None
        return r"\begin{bmatrix} " + " & ".join(str(entry) for entry in entries) + r" \end{bmatrix}"


def row_text(formulas: Sequence[Formula]) -> str:
    """Return the formulas as a row, "[a, b]"; blocks of several lines stand below each other."""
    texts = [str(formula) for formula in formulas]
    if any("\n" in text for text in texts):
        rows = ",\n".join(texts).replace("\n", "\n ")
        return f"[{rows}]"
    return f"[{', '.join(texts)}]"


def derivative(reply: "pb.DifferentiateResponse", notations: Sequence[int]) -> Derivative:
    """Return the reply as a Derivative.

    Args:
        reply: The reply.
        notations: The numbers of the notations requested.

    Raises:
        MalformedReplyError: The reply lacks the derivative, or has only one of two values.
    """
    from secant.results._record import record
    from secant.results.certificate import certificate

    expect_fields(reply, "derivative")
    slope = formula(reply.derivative, notations)
    # An f that is a vector or a matrix has no single value.
    has_value = slope.at_point is not None
    expect(
        reply.HasField("value") == has_value or slope.values is not None, "only one of f and its derivative has a value"
    )
    return record(
        Derivative,
        reply,
        notations,
        formula=slope,
        function_value=optional(reply, "value"),
        function_value_is_limit=reply.value_is_limit,
        certificate=certificate(reply),
    )


def gradient(reply: "pb.GradientResponse", notations: Sequence[int], request: "pb.GradientRequest") -> Gradient:
    """Return the reply as a Gradient.

    Args:
        reply: The reply.
        notations: The numbers of the notations requested.
        request: The request, which calls of the result repeat at other points.

    Raises:
        MalformedReplyError: The reply does not have one partial for each variable, or has only some values.
    """
    from secant.results._record import record
    from secant.results.blocks import flat
    from secant.results.certificate import certificate

    expect_length("partials", reply.partials, len(reply.variables), "variables")
    partials = tuple(formula(partial, notations) for partial in reply.partials)
    slopes = partials[0].values if len(partials) == 1 and partials[0].values is not None else flat(partials)
    expect(not partials or reply.HasField("value") == (slopes is not None), "only one of f and its partials has values")
    return record(
        Gradient,
        reply,
        notations,
        partials=partials,
        values=slopes if reply.HasField("value") else None,
        function_value=optional(reply, "value"),
        certificate=certificate(reply),
        _repeat=Repeat("Gradient", request, reply, values_at),
    )


def values_at(reply: "pb.GradientResponse") -> "Array":
    """Return the partials at the point of a reply, shape (n,)."""
    from secant.results.blocks import flat

    found = flat([formula(partial, ()) for partial in reply.partials])
    expect(found is not None, "a gradient without values")
    assert found is not None
    return found
