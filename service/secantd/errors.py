"""All that can go wrong, in one place. Imports nothing of ours."""

from enum import Enum

__all__ = ["CalculusError", "Reason", "TakesLongError", "limit_exceeded", "pointed"]


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
    """An error a caller can do something about.

    Args:
        reason: Which kind.
        headline: What is wrong, one line without a full stop.
        hint: What to do, one line; empty where there is nothing to say.
        text: The text the error is in; with `span` it is shown with a caret.
        span: Start and end in code points of `text`, end exclusive.
        field: The request's field, "expression.text".
        metadata: Further facts for programs: "limit", "name".

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
        super().__init__(headline)
        self.reason = reason
        self.headline = headline
        self.hint = hint
        self.text = text
        self.span = span
        self.field = field
        self.metadata = metadata or {}

    def __str__(self) -> str:
        lines = [self.headline]
        if self.text is not None and self.span is not None:
            lines += pointed(self.text, self.span)
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


# As much of a line as a terminal shows beside the two blanks of the margin.
LINE_WIDTH = 76


def pointed(text: str, span: tuple[int, int]) -> list[str]:
    """Return the line of `text` that `span` begins in and a line with carets under the span.

    Control and format characters (right-to-left marks among them) are shown as one '?' each, so that the
    caret stands where it should and a terminal is not driven by a client's text.
    """
    start, end = span
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    if last < 0:
        last = len(text)
    column, width = start - first, max(1, min(end, last) - start)
    line = "".join(c if c.isprintable() else "?" for c in text[first:last])
    if len(line) > LINE_WIDTH:
        cut = max(0, min(column - LINE_WIDTH // 2, len(line) - LINE_WIDTH))
        line, column = line[cut : cut + LINE_WIDTH], column - cut
        width = max(1, min(width, LINE_WIDTH - column))
    return ["  " + line, "  " + " " * column + "^" * width]


def limit_exceeded(name: str, headline: str, limit: float, hint: str = "", field: str = "") -> CalculusError:
    """Return the error of a limit of `settings.Limits`, with its name and number in the metadata."""
    return CalculusError(
        Reason.LIMIT_EXCEEDED,
        f"{headline} (limit {name}: {limit:,.0f})",
        hint,
        field=field,
        metadata={"name": name, "limit": f"{limit:.0f}"},
    )


class TakesLongError(Exception):
    """Raised where a call is being answered on the event loop and turns out to need more than a moment."""
