"""The one kind of error that callers see, and the reasons it can have."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum

from secantd.shown import printable

__all__ = ["CalculusError", "Reason", "limit_exceeded", "pointed", "within"]


class Reason(Enum):
    """Why a call failed; the names are those of `secant.v1.ErrorReason`."""

    SYNTAX_ERROR = "SYNTAX_ERROR"
    UNKNOWN_FUNCTION = "UNKNOWN_FUNCTION"
    UNKNOWN_VARIABLE = "UNKNOWN_VARIABLE"
    NOT_DIFFERENTIABLE = "NOT_DIFFERENTIABLE"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INVALID_VALUE = "INVALID_VALUE"
    UNDEFINED_AT_POINT = "UNDEFINED_AT_POINT"
    TIME_LIMIT = "TIME_LIMIT"
    MEMORY_LIMIT = "MEMORY_LIMIT"
    BUSY = "BUSY"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    MISSING_PART = "MISSING_PART"
    INTERNAL = "INTERNAL"


class CalculusError(Exception):
    """An error that the caller can act on.

    Args:
        reason: The kind of error.
        headline: What is wrong, one line without a full stop.
        hint: What to do, one line; "" if there is nothing to do.
        text: The text with the error; with `span` it is shown with carets.
        span: Start and end of the error in code points of `text`, end exclusive.
        field: The field of the request, such as "expression.text".
        metadata: Further facts for programs, such as "limit" and "name".

    >>> print(CalculusError(Reason.SYNTAX_ERROR, "expected a number, a name or '(', found '*'",
    ...                     "remove one of '+' and '*'", text="x^2 + * y", span=(6, 7)))
    expected a number, a name or '(', found '*'
      x^2 + * y
            ^
    remove one of '+' and '*'
    """

    def __init__(
        self,
        reason: Reason,
        headline: str,
        hint: str = "",
        *,
        text: str | None = None,
        span: tuple[int, int] | None = None,
        field: str = "",
        metadata: dict[str, str] | None = None,
    ) -> None:
        self.headline = printable(headline)
        super().__init__(self.headline)
        self.reason = reason
        self.hint = "\n".join(map(printable, hint.split("\n")))
        self.text = text
        self.span = span
        self.field = field
        self.metadata = metadata or {}

    def __reduce__(self) -> tuple[object, ...]:
        # Workers of a cluster send it; an exception is otherwise made anew from its message alone.
        return restored, (self.reason, self.headline, self.hint, self.text, self.span, self.field, self.metadata)

    def __str__(self) -> str:
        lines = [self.headline]
        if self.text is not None and self.span is not None:
            lines += pointed(self.text, self.span)
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


def restored(
    reason: Reason,
    headline: str,
    hint: str,
    text: str | None,
    span: tuple[int, int] | None,
    field: str,
    metadata: dict[str, str],
) -> CalculusError:
    """Return an error that another process raised."""
    return CalculusError(reason, headline, hint, text=text, span=span, field=field, metadata=metadata)


# The width of a line in a terminal of 80 columns, with a margin.
LINE_WIDTH = 76


def pointed(text: str, span: tuple[int, int]) -> list[str]:
    """Return the line of `text` in which `span` begins, and a line with carets under the span.

    Each control or format character (such as a right-to-left mark) is shown as '?', so that the carets are at the right
    place and a client's text cannot control a terminal.

    Args:
        text: The text.
        span: Start and end in code points, end exclusive.
    """
    start, end = span
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    if last < 0:
        last = len(text)
    column, width = start - first, max(1, min(end, last) - start)
    line = printable(text[first:last])
    if len(line) > LINE_WIDTH:
        cut = max(0, min(column - LINE_WIDTH // 2, len(line) - LINE_WIDTH))
        line, column = line[cut : cut + LINE_WIDTH], column - cut
        width = max(1, min(width, LINE_WIDTH - column))
    return ["  " + line, "  " + " " * column + "^" * width]


def limit_exceeded(name: str, headline: str, limit: float, hint: str = "", field: str = "") -> CalculusError:
    """Return the error of a limit, with its name and value in the metadata.

    Args:
        name: The name of the limit in `settings.Limits`.
        headline: What is too large; the limit is appended.
        limit: The value of the limit.
        hint: What to do.
        field: The field of the request.
    """
    return CalculusError(
        Reason.LIMIT_EXCEEDED,
        f"{headline} (limit {name}: {limit:,.0f})",
        hint,
        field=field,
        metadata={"name": name, "limit": f"{limit:.0f}"},
    )


@contextmanager
def within(field: str, renamed: Mapping[str, str] | None = None) -> Iterator[None]:
    """Prefix the field of errors raised inside, where the checked record is a part of the request.

    Args:
        field: The field of the request that contains the part, such as "descent.request".
        renamed: Fields of the part that have other names in the request.

    >>> try:
    ...     with within("setup", {"points": "columns"}):
    ...         raise CalculusError(Reason.INVALID_VALUE, "no", field="points[1].values")
    ... except CalculusError as error:
    ...     print(error.field)
    setup.columns[1].values
    """
    try:
        yield
    except CalculusError as error:
        name = re.split(r"[.\[]", error.field)[0]
        if name:
            error.field = f"{field}.{(renamed or {}).get(name, name)}{error.field[len(name) :]}"
        raise
