"""Derivatives and gradients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from secant.arrays import Array
from secant.results.formula import Answer, Formula, formula, optional
from secant.v1 import derivative_pb2 as pb

__all__ = ["Derivative", "Gradient", "derivative", "gradient", "row_text", "values"]


@dataclass(frozen=True, repr=False, slots=True)
class Derivative(Answer):
    """One derivative, in units of f per unit of each variable.

    Attributes:
        formula: The derivative; `text`, `value` and `renderings` are its own.
        variables: By what was differentiated, in order.
        function_value: f at the point; None without one.
        shape: "scalar".
        notices: What a reader should know, such as that a variable does not occur.
    """

    formula: Formula
    variables: tuple[str, ...]
    function_value: float | None
    shape: str
    notices: tuple[str, ...]

    @property
    def text(self) -> str:
        """The derivative as a text."""
        return self.formula.text

    @property
    def value(self) -> float | None:
        """The derivative at the point asked for; None without one."""
        return self.formula.value

    @property
    def renderings(self) -> Mapping[str, str]:
        """The text in each notation asked for."""
        return self.formula.renderings

    def __str__(self) -> str:
        return str(self.formula)

    def _latex(self) -> str | None:
        return self.formula._latex()


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Gradient(Answer):
    """All first partials of a scalar function, a row 1 x n.

    Attributes:
        variables: x₁ … xₙ.
        partials: ∂f/∂xᵢ, in units of f per unit of xᵢ.
        values: The partials at the point, shape (n,); None without a point.
        value: f at the point; None without one.
        norm: |∇f| at the point; None without one.
        directional: ∇f·u/|u|; None where no direction was asked for.
        shape: "1 x n".
        notices: What a reader should know.
    """

    variables: tuple[str, ...]
    partials: tuple[Formula, ...]
    values: Array | None
    value: float | None
    norm: float | None
    directional: Formula | None
    shape: str
    notices: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The partials as texts, in the order of `variables`."""
        return tuple(partial.text for partial in self.partials)

    def __str__(self) -> str:
        return row_text(self.partials)

    def _latex(self) -> str | None:
        entries = [partial._latex() for partial in self.partials]
        if not all(entries):
            return None
        return r"\begin{bmatrix} " + " & ".join(str(entry) for entry in entries) + r" \end{bmatrix}"


def values(formulas: Sequence[Formula]) -> Array | None:
    """Return the values of formulas, shape (n,); None where one has none."""
    numbers = [formula.value for formula in formulas]
    return None if None in numbers else np.array(numbers, np.float64)


def row_text(formulas: Sequence[Formula]) -> str:
    """Return "[a, b]"."""
    return f"[{', '.join(str(formula) for formula in formulas)}]"


def derivative(reply: pb.DifferentiateResponse, notations: Sequence[int]) -> Derivative:
    """Return the reply as a Derivative."""
    return Derivative(
        formula(reply.derivative, notations),
        tuple(reply.variables),
        optional(reply, "value"),
        reply.shape.text,
        tuple(reply.notices),
    )


def gradient(reply: pb.GradientResponse, notations: Sequence[int]) -> Gradient:
    """Return the reply as a Gradient."""
    partials = tuple(formula(partial, notations) for partial in reply.partials)
    return Gradient(
        tuple(reply.variables),
        partials,
        values(partials) if reply.HasField("value") else None,
        optional(reply, "value"),
        optional(reply, "norm"),
        formula(reply.directional, notations) if reply.HasField("directional") else None,
        reply.shape.text,
        tuple(reply.notices),
    )
