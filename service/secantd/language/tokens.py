"""Text to tokens, for R and Python notation at once."""

import re
import unicodedata
from functools import cache
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.interrupt import EVERY, checkpoint
from secantd.shown import prints

__all__ = ["Token", "tokenize"]


class Token:
    """A piece of text; `kind` is "number", "name", "string", "newline", "end" or the operator itself.

    `name` is a name without its backticks, in Python notation in Unicode's form NFKC.
    """

    __slots__ = ("end", "kind", "name", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int, name: str = "") -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end
        self.name = name or text

    @property
    def content(self) -> str:
        """The characters of a string, without its prefix and quotes and with its escapes resolved."""
        inside = self.text.lstrip(PREFIXES)
        quotes = 3 if len(inside) >= 6 and inside[:3] in ('"""', "'''") else 1
        inside = inside[quotes:-quotes]
        return ESCAPED.sub(lambda found: ESCAPES.get(found[1], found[1]), inside) if "\\" in inside else inside

    @property
    def quoted(self) -> bool:
        """Whether a name is in backticks."""
        return self.text[:1] == "`"


OPERATORS = (
    "<<-", "->>", ":::", "|>", "<-", "->", "<=", ">=", "==", "!=", "&&", "||", "**", "//", "::", "[[",
    "+", "-", "*", "/", "^", "<", ">", "=", "!", "&", "|", "~", ":", "(", ")", "[", "]", "{", "}", ",", ";", "$", "\\", "@",
)  # fmt: skip

# Operators of one character (a backslash may also continue a line), and what may follow the first one of a longer operator.
LONE: Final = frozenset([o for o in OPERATORS if len(o) == 1 and o != "\\"])
BEHIND: Final = frozenset("".join([o[1:] for o in OPERATORS]))

# Python's prefixes of strings: f"...", r"...".
PREFIXES: Final = "fFrRbBuU"
ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}

# Characters of mathematical texts that have one meaning, as the operators that they are.
SIGNS: Final[dict[str, str]] = {
    "−": "-", "×": "*", "·": "*", "∙": "*", "⋅": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=",
    "（": "(", "）": ")", "［": "[", "］": "]", "｛": "{", "｝": "}", "，": ",",
}  # fmt: skip
# For Python superscript and subscript digits are parts of names, but an author who writes x² means a power.
RAISED = re.compile("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
NO_LETTER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉¼½¾⅐-⅞]")
VERBOSE = (
    r"""[ ]*(?:(?P<space>[ \t\r\f\u00a0\ufeff]+|\#[^\n]*|\\\r?\n)
      |(?P<newline>\n)
      |(?P<operator>"""
    + "|".join(re.escape(o) for o in OPERATORS)
    + r""")
      |(?P<number>0[xX][0-9a-fA-F]+L?|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?L?)
      |(?P<string>(?:"{3}(?:[^\\]|\\[^\n])*?"{3}|'{3}(?:[^\\]|\\[^\n])*?'{3}|"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'))
      |(?P<name>(?:[^\W\d_]|\.(?![0-9])|_(?=\w))(?:[\w.]*)(?::::?(?=[^\W\d_.])[\w.]+)?|`(?:[^`\\\n]|\\[^\n])+`)
      |(?P<sign>["""
    + "".join(SIGNS)
    + r"""]|⁻(?=[⁰¹²³⁴⁵⁶⁷⁸⁹]))
      |(?P<percent>%[^%\s\w]{0,2}%|%[^\W\d]\w*%|%))"""
)
# In Python a % b % c has two operators; in R it would be one, %b%. R's strings have no prefix: f'(x) is no string.
PYTHON_VERBOSE: Final = (
    VERBOSE.replace(r"|%[^\W\d]\w*%", "").replace("(?P<string>", "(?P<string>[fFrRbBuU]{0,2}").replace(r"_(?=\w)", "_")
)

# Characters of word processors and mathematical texts that resemble an operator.
LOOKALIKES = {
    "–": "-", "—": "-", "√": "sqrt(x)", "“": '"', "”": '"', "‘": "'", "’": "'",
    "∞": "Inf", "→": "->", "←": "<-", "⁻": "^-1", "∂": "the formula only, and name the variable in the request", "?": "a if condition else b",
    "∑": "sum()", "∏": "prod()", "∫": "the formula only", "∧": "&", "∨": "|", "¬": "!",
}  # fmt: skip


def shown_character(character: str) -> str:
    """Return a character for an error message: in quotes, or its number and name if it does not print."""
    if character.isprintable():
        return f"'{character}'"
    name = unicodedata.name(character, "a control character").lower()
    return f"U+{ord(character):04X} ({name})"


# Compiled with the first text in R or Python notation; `re` takes longer to find what it has kept than to match a token.
@cache
def pattern() -> re.Pattern[str]:
    return re.compile(VERBOSE, re.VERBOSE)


@cache
def python_pattern() -> re.Pattern[str]:
    return re.compile(PYTHON_VERBOSE, re.VERBOSE)


def tokenize(text: str, *, python: bool = False) -> list[Token]:
    """Return the tokens of `text`, with an "end" token last.

    Args:
        text: The text.
        python: Whether the request gives Python notation.

    Raises:
        CalculusError: SYNTAX_ERROR at a character that is not part of any token.

    >>> [t.text for t in tokenize("x^2 + 2*y  # a comment")]
    ['x', '^', '2', '+', '2', '*', 'y', '']
    """
    tokens: list[Token] = []
    at, length = 0, len(text)
    match = (python_pattern() if python else pattern()).match
    while at < length:
        if not len(tokens) % EVERY:
            checkpoint()
        first = text[at]
        if first in LONE and text[at + 1 : at + 2] not in BEHIND:
            # Most operators; a match takes several times as long.
            tokens.append(Token(first, first, at, at + 1))
            at += 1
            continue
        found = match(text, at)
        if found is None:
            raise unreadable(text, at)
        kind = found.lastgroup
        assert kind is not None
        at, end = found.span(kind)
        if kind != "space":
            piece = text[at:end]
            if kind == "operator" or kind == "percent":
                kind = piece
            elif kind == "name":
                if piece[0] == "`":
                    tokens.append(Token(kind, piece, at, end, in_backticks(text, at, end)))
                    at = end
                    continue
                if not piece.isascii() and (found := NO_LETTER.search(piece)):
                    end = at + found.start()
                    if end == at:
                        at = raised(text, at, tokens, python)
                        continue
                    piece = text[at:end]
                if "::" in piece:
                    piece = piece.rpartition(":")[2]
                if python and not piece.isascii():
                    tokens.append(Token(kind, piece, at, end, normalized_name(text, piece, at)))
                    at = end
                    continue
            elif kind == "sign":
                if piece == "⁻":
                    at = raised(text, at, tokens, python)
                    continue
                kind = SIGNS[piece]
            elif kind == "string":
                between(text, at, end)
            tokens.append(Token(kind, piece, at, end))
        at = end
    tokens.append(Token("end", "", length, length))
    return tokens


def raised(text: str, at: int, tokens: list[Token], python: bool) -> int:
    """Append the power that superscript digits at a position are, and return the position behind them."""
    found = RAISED.match(text, at)
    if found is None:
        raise unreadable(text, at)
    end = found.end()
    if text[end : end + 1] == "(" and tokens and tokens[-1].kind == "name" and tokens[-1].end == at:
        name, power = tokens[-1].text, unicodedata.normalize("NFKC", found[0])
        sign = "**" if python else "^"
        raise CalculusError(
            Reason.SYNTAX_ERROR,
            f"'{found[0]}' stands before a bracket",
            f"write {name}(x){sign}{power} for the power of a function, {name}{sign}{power}*(x) for a product",
            text=text,
            span=(at, end),
            field="expression.text",
        )
    tokens.append(Token("**" if python else "^", found[0], at, end))
    digits = found[0].lstrip("⁻")
    if len(digits) < end - at:
        tokens.append(Token("-", "⁻", at, at + 1))
    tokens.append(Token("number", "".join(str(unicodedata.digit(c)) for c in digits), end - len(digits), end))
    return end


def between(text: str, start: int, end: int) -> str:
    """Return the text between quotes or backticks; SYNTAX_ERROR for a character that does not print."""
    inside = text[start + 1 : end - 1]
    if not prints(inside):
        # Strings in three quotes have several lines.
        wrong = next((i for i, c in enumerate(inside, start + 1) if c not in "\n\r\t" and not prints(c)), None)
        if wrong is not None:
            raise unreadable(text, wrong)
    return inside


ESCAPED = re.compile(r"\\(.)")


def in_backticks(text: str, start: int, end: int) -> str:
    r"""Return the name in backticks at a position, with R's escapes \\, \`, \' and \" resolved.

    Raises:
        CalculusError: SYNTAX_ERROR for a character that does not print, or another escape.
    """
    inside = between(text, start, end)
    if "\\" not in inside:
        return inside
    for found in ESCAPED.finditer(inside):
        if found[1] not in "\\`'\"":
            place = start + 1 + found.start()
            raise CalculusError(
                Reason.SYNTAX_ERROR,
                f"{found[0]} is not allowed in a name",
                "write the character itself, and \\\\ for a backslash",
                text=text,
                span=(place, place + 2),
                field="expression.text",
            )
    return ESCAPED.sub(r"\1", inside)


def normalized_name(text: str, piece: str, at: int) -> str:
    """Return a name as Python compares it, in Unicode's form NFKC (PEP 3131)."""
    name = unicodedata.normalize("NFKC", piece)
    for i, character in enumerate(piece):
        # Python refuses such characters as well: ½ is a letter, but its NFKC form is a fraction.
        if not all(
            c.isalnum() or c in "._" or unicodedata.combining(c) for c in unicodedata.normalize("NFKC", character)
        ):
            raise unreadable(text, at + i)
    return name


def unreadable(text: str, at: int) -> CalculusError:
    """Return the error for a character at which no token begins."""
    character = text[at]
    hint = ""
    if character in LOOKALIKES:
        hint = f"write {LOOKALIKES[character]}"
    elif NO_LETTER.match(character):
        hint = f"write {unicodedata.normalize('NFKC', character).replace(chr(0x2044), '/')}"
    elif character == "'" and at and (text[at - 1].isalnum() or text[at - 1] == ")"):
        hint = "remove the ' and name the variable to differentiate with respect to in the request"
    elif character in "\"'":
        hint = "close the string on the same line"
    elif character == "`":
        hint = "close the backtick on the same line"
    elif not character.isprintable() or unicodedata.category(character) in ("Cf", "Co", "Cn"):
        hint = "remove it"
    return CalculusError(
        Reason.SYNTAX_ERROR,
        f"{shown_character(character)} is not part of the language",
        hint,
        text=text,
        span=(at, at + 1),
        field="expression.text",
    )
