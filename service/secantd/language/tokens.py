"""Text to tokens, for R and Python notation at once."""

import re
import unicodedata

from secantd.checkpoint import EVERY, checkpoint
from secantd.errors import CalculusError, Reason

__all__ = ["Token", "tokenize"]


class Token:
    """A piece of text; `kind` is "number", "name", "string", "newline", "end" or the operator itself."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end


OPERATORS = (
    "<<-", "->>", ":::", "|>", "<-", "->", "<=", ">=", "==", "!=", "&&", "||", "**", "//", "::", "[[",
    "+", "-", "*", "/", "^", "<", ">", "=", "!", "&", "|", "~", ":", "(", ")", "[", "]", "{", "}", ",", ";", "$", "\\", "@",
)  # fmt: skip

# Raised and lowered digits are letters to Python, but an author who writes x² means a power.
RAISED = re.compile("[²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉]")
VERBOSE = (
    r"""[ ]*(?:(?P<space>[ \t\r\f\u00a0\ufeff]+|\#[^\n]*|\\\r?\n)
      |(?P<newline>\n)
      |(?P<number>0[xX][0-9a-fA-F]+L?|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?L?)
      |(?P<name>(?:[^\W\d_]|\.(?![0-9])|_(?=\w))(?:[\w.]*)(?::::?(?=[^\W\d_.])[\w.]+)?|`[^`\n]+`)
      |(?P<string>"[^"\\\n]*"|'[^'\\\n]*')
      |(?P<percent>%[^%\s\w]?%|%[^\W\d]\w*%|%)
      |(?P<operator>"""
    + "|".join(re.escape(o) for o in OPERATORS)
    + "))"
)
PATTERN = re.compile(VERBOSE, re.VERBOSE)
# In Python a % b % c has two operators; in R it would be one, %b%.
PYTHON_PATTERN = re.compile(VERBOSE.replace(r"|%[^\W\d]\w*%", ""), re.VERBOSE)

# Signs that look like an operator, from word processors and mathematical texts.
LOOKALIKES = {
    "−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "∙": "*", "⋅": "*", "÷": "/", "²": "^2", "³": "^3", "√": "sqrt(x)",
    "≤": "<=", "≥": ">=", "≠": "!=", "“": '"', "”": '"', "‘": "'", "’": "'", "，": ",", "（": "(", "）": ")",
    "∞": "Inf", "→": "->", "←": "<-", "⁻": "^-1", "∂": "the formula only: the call says by what to differentiate", "?": "a if condition else b",
    "∑": "sum()", "∏": "prod()", "∫": "the formula only", "∧": "&", "∨": "|", "¬": "!", "¹": "^1", "⁴": "^4",
}  # fmt: skip


def shown(character: str) -> str:
    """Return a character as an error message may hold it: in quotes, or its number and name."""
    if character.isprintable():
        return f"'{character}'"
    name = unicodedata.name(character, "a control character").lower()
    return f"U+{ord(character):04X} ({name})"


def tokenize(text: str, *, python: bool = False) -> list[Token]:
    """Return the tokens of `text`, an "end" last; `python` where its author says so.

    Raises:
        CalculusError: SYNTAX_ERROR at a character that belongs to no token.

    >>> [t.text for t in tokenize("x^2 + 2*y  # a comment")]
    ['x', '^', '2', '+', '2', '*', 'y', '']
    """
    tokens: list[Token] = []
    at, length = 0, len(text)
    match = (PYTHON_PATTERN if python else PATTERN).match
    while at < length:
        if not len(tokens) % EVERY:
            checkpoint()
        found = match(text, at)
        if found is None:
            raise unreadable(text, at)
        kind, end = found.lastgroup, found.end()
        if kind != "space":
            assert kind is not None
            at = found.start(kind)
            piece = text[at:end]
            if kind == "operator" or kind == "percent":
                kind = piece
            elif kind == "name":
                if not piece.isascii() and piece[0] != "`" and (raised := RAISED.search(piece)):
                    raise unreadable(text, at + raised.start())
                if "::" in piece and not piece.startswith("`"):
                    piece = piece.rpartition(":")[2]
            tokens.append(Token(kind, piece, at, end))
        at = end
    tokens.append(Token("end", "", length, length))
    return tokens


def unreadable(text: str, at: int) -> CalculusError:
    """Return the error of a character that begins no token."""
    character = text[at]
    hint = ""
    if character in LOOKALIKES:
        hint = f"write {LOOKALIKES[character]}"
    elif RAISED.match(character):
        hint = f"write {unicodedata.digit(character)}"
    elif character == "'" and at and (text[at - 1].isalnum() or text[at - 1] == ")"):
        hint = "leave the ' out: the call says by what to differentiate"
    elif character in "\"'":
        hint = "close the string, on the same line"
    elif character == "`":
        hint = "close the backtick, on the same line"
    elif not character.isprintable() or unicodedata.category(character) in ("Cf", "Co", "Cn"):
        hint = "remove it"
    return CalculusError(
        Reason.SYNTAX_ERROR,
        f"{shown(character)} is not part of the language",
        hint,
        text=text,
        span=(at, at + 1),
        field="expression.text",
    )
