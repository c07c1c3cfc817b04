"""Formulas, and the base class of results."""

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from secant._enums import lower_name
from secant._reply import expect, expect_length
from secant.results._shown import Shown

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.v1 import expression_pb2 as pb

__all__ = ["Answer", "Formula", "formula", "known", "optional"]

T = TypeVar("T")

# Commands of MathJax and TeX that link, load, style or define, and `$`, which would end the formula.
_ACTIVE = re.compile(
    r"(?<!\\)(?:\\\\)*\$|\\(?:href|url|require|html\w*|class|cssId|style|data|unicode|input|include\w*|write\d*|open\w*"
    r"|def|edef|gdef|let|newcommand|renewcommand|newenvironment|catcode|csname)(?![a-zA-Z])"
)


class Answer(Shown):
    """The base class of results: `str()` returns the text, and a notebook displays the LaTeX.

    A result with formulas can be the function of another call.
    """

    # The function that it was computed from, an Expression message, if it came from a client.
    __slots__ = ("_source",)

    def _title(self) -> str:
        return str(self)

    def _html_title(self) -> str:
        if not self._formulas():
            return html.escape(str(self._title()))
        latex = self._repr_latex_()
        return (
            html.escape(latex) if latex else f'<code style="white-space:pre-wrap">{html.escape(self._title())}</code>'
        )

    def _latex(self) -> str | None:
        return None

    def _know(self, request: Any) -> None:
        """Keep the function of a request, with its notation, its data and its shapes."""
        if "expression" in request.DESCRIPTOR.fields_by_name:
            for answer in (self, *(entry for row in self._formulas() for entry in row)):
                object.__setattr__(answer, "_source", request.expression)

    def _formulas(self) -> "Sequence[Sequence[Formula]]":
        """Return the formulas that the result is as a function: one, a row for a vector, or rows."""
        return ()

    @property
    def _is_single(self) -> bool:
        """Whether `_formulas` are one formula, not a vector of one."""
        return True

    @property
    def _is_row(self) -> bool:
        """Whether `_formulas` are a vector, not a matrix."""
        return False

    def _repr_latex_(self) -> str | None:
        latex = self._latex()
        return f"$\\displaystyle {latex}$" if latex and not _ACTIVE.search(latex) else None


@dataclass(frozen=True, repr=False, slots=True)
class Formula(Answer):
    """A formula and, if a point was given, its value there.

    Attributes:
        text: The formula in the first notation requested, or in the notation of f. Empty if only values were requested.
        value: The value at the point, a number, which may be NaN or infinite; None without a point.
        renderings: The formula in each notation requested: {"r": …, "latex": …}.
        form: The form of `text`: "light", "exact", "expanded", "factored" or "simplified". It is "light" if the time limit
            did not allow the form requested.
        value_is_limit: Whether the formula is 0/0 at the point and `value` is its limit.
        values: Instead of `value`, the value of a vector or matrix, shape (n,) or (r, c).

    >>> print(Formula("2 * x", value=4.0))
    2 * x
    """

    text: str
    value: float | None = None
    renderings: Mapping[str, str] = field(default_factory=dict)
    form: str = "light"
    value_is_limit: bool = False
    values: "Array | None" = field(default=None, compare=False)

    def __str__(self) -> str:
        if self.text:
            return self.text
        return str(self.values) if self.values is not None else repr(self.value) if self.value is not None else ""

    @property
    def at_point(self) -> "float | Array | None":
        """The value at the point, a number or an array; None without a point."""
        return self.value if self.values is None else self.values

    @property
    def array(self) -> "Array":
        """The value at the point as an array: of a number one of shape ().

        Raises:
            ValueError: No point was given.
        """
        import numpy as np

        return np.asarray(known(self.value, "array") if self.values is None else self.values)

    def _latex(self) -> str | None:
        return self.renderings.get("latex")

    def _facts(self) -> dict[str, Any]:
        return {"value": self.at_point} if self.text else {}

    def _formulas(self) -> "Sequence[Sequence[Formula]]":
        return ((self,),)


def formula(message: "pb.Formula", notations: Sequence[int]) -> Formula:
    """Return a message as a Formula.

    Args:
        message: The message.
        notations: The numbers of the notations requested; a single one names the text.

    Raises:
        MalformedReplyError: The message has neither text nor value, or lacks a notation requested.
    """
    from secant._arrays import shaped
    from secant.v1 import expression_pb2 as pb

    has_values = bool(message.values or message.shape)
    expect(bool(message.text) or has_values or message.HasField("value"), "a formula without text and value")
    if message.shape:
        expect(min(message.shape) >= 0, "a negative length")
        expect_length("values", message.values, math.prod(message.shape), "entries of a formula")
    if message.renderings or (len(notations) > 1 and message.text):
        expect_length("renderings", message.renderings, len(notations), "notations requested")
    renderings = {lower_name(pb.Notation, r.notation): r.text for r in message.renderings}
    if not renderings and len(notations) == 1:
        renderings = {lower_name(pb.Notation, notations[0]): message.text}
    return Formula(
        message.text,
        optional(message, "value"),
        renderings,
        lower_name(pb.Form, message.form) or "light",
        message.value_is_limit,
        shaped(message) if has_values else None,
    )


def optional(message: Any, name: str) -> Any:
    """Return the value of an optional field of a message, or None if it is not set."""
    return getattr(message, name) if message.HasField(name) else None


def known(value: T | None, name: str) -> T:
    """Return a value at the point.

    Args:
        value: The value; None if no point was given.
        name: Its name, for the error.

    Raises:
        ValueError: No point was given.

    >>> known(None, "gradient")
    Traceback (most recent call last):
    ValueError: the answer has no `gradient`, because no point was given
    give the point, for example at={"x": 2.0, "y": 1.0}
    """
    if value is None:
        raise ValueError(
            f'the answer has no `{name}`, because no point was given\ngive the point, for example at={{"x": 2.0, "y": 1.0}}'
        )
    return value
