"""One formula, and what every answer has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from secant.v1 import expression_pb2 as pb
from secant.words import word

__all__ = ["Answer", "Formula", "formula", "optional"]


class Answer:
    """An answer: `str()` is its text, and it shows itself as LaTeX in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def _latex(self) -> str | None:
        return None

    def _repr_latex_(self) -> str | None:
        latex = self._latex()
        return f"$\\displaystyle {latex}$" if latex else None


@dataclass(frozen=True, repr=False, slots=True)
class Formula(Answer):
    """A symbolic answer and, where a point was given, its value there.

    Attributes:
        text: In the first notation asked for, else in the notation of the expression. Empty where only values
            were asked for.
        value: At the point asked for; None without one. NaN and the infinities are values.
        renderings: The text in each notation asked for: {"r": …, "latex": …}.
        form: "light", "expanded", "factored" or "simplified": the form of `text`, "light" also where the time
            for a heavier one ran out.
        value_is_limit: The formula is 0/0 at the point and `value` its limit.
        value_is_numeric: `value` comes from finite differences: no formula is known.
    """

    text: str
    value: float | None = None
    renderings: Mapping[str, str] = field(default_factory=dict)
    form: str = "light"
    value_is_limit: bool = False
    value_is_numeric: bool = False

    def __str__(self) -> str:
        return self.text if self.text or self.value is None else repr(self.value)

    def _latex(self) -> str | None:
        return self.renderings.get("latex")


def formula(message: pb.Formula, notations: Sequence[int]) -> Formula:
    """Return a message as a Formula; `notations` are the request's, which name a sole rendering."""
    renderings = {word(pb.Notation, r.notation): r.text for r in message.renderings}
    if not renderings and len(notations) == 1:
        renderings = {word(pb.Notation, notations[0]): message.text}
    return Formula(
        message.text,
        optional(message, "value"),
        renderings,
        word(pb.Form, message.form) or "light",
        message.value_is_limit,
        message.value_is_numeric,
    )


def optional(message: Any, name: str) -> Any:
    """Return an optional field of a message, None where it is unset."""
    return getattr(message, name) if message.HasField(name) else None
