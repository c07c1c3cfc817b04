"""Textbook notation to tokens: what is typed without LaTeX, with the characters of mathematics."""

import re
import unicodedata
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.interrupt import EVERY, checkpoint
from secantd.language.tokens import Token, shown_character

__all__ = ["RAISED", "plain_tokens"]

RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"
LOWERED: Final = "₀₁₂₃₄₅₆₇₈₉"
FLAT: Final = str.maketrans(RAISED + LOWERED, "0123456789+-n0123456789")
PIECE: Final = re.compile(
    rf"""(?P<space>[ \t\r\f\u00a0\u2009\u202f]+|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<exponent>(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+)
    |(?P<number>\d+\.\d+|\d+\.(?!\.)|\d+|\.\d+)
    |(?P<raised>[{RAISED}]+)
    |(?P<fraction>[¼-¾⅐-⅞])
    |(?P<word>[^\W\d_{LOWERED}{RAISED}¼-¾⅐-⅞]+\d*(?:_\{{[^{{}}\n]*\}}|_[^\W_{LOWERED}{RAISED}¼-¾⅐-⅞]+|[{LOWERED}]+)?)
    |(?P<sign>\*\*|<=|>=|==|!=|:=|=>|->|\.\.\.|.)""",
    re.VERBOSE,
)
SIGNS: Final = {
    "−": "-", "·": "*", "∙": "*", "⋅": "*", "×": "*", "÷": "/", "∗": "*", "**": "^", "≤": "<=", "≥": ">=", "≠": "!=",
    "==": "==", ":=": "=", "→": "arrow", "⇒": "arrow", "=>": "arrow", "->": "arrow", "…": "dots", "⋯": "dots", "...": "dots",
    "（": "(", "）": ")", "［": "[", "］": "]", "{": "(", "}": ")", "｛": "(", "｝": ")", "，": ",", "；": ";", "‖": "‖",
    "√": "sqrt", "∞": "infinity", "∑": "total", "∏": "total", "′": "'", "’": "'", "∧": "and", "&": "and", "∨": "or",
    "¬": "not", "∂": "partial", "∇": "nabla", "⊤": "top", "ᵀ": "raised T",
}  # fmt: skip
NAMES: Final = {"∑": "sum", "∏": "prod"}
ROOTS: Final = {"∛": 3, "∜": 4}
SIDES: Final = {"⌊": ("open", "floor"), "⌋": ("close", "floor"), "⌈": ("open", "ceiling"), "⌉": ("close", "ceiling")}
PLAIN: Final = frozenset("+-*/^,;=<>!'|()[]")


def plain_tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of text[start:end], with an "end" token last; words are not yet told apart.

    Raises:
        CalculusError: SYNTAX_ERROR for a character that is not read.

    >>> [t.kind for t in plain_tokens("2x² − sin x", 0, 11)]
    ['number', 'word', 'raised', '-', 'word', 'word', 'end']
    """
    tokens: list[Token] = []
    at = start
    while at < end:
        if not len(tokens) % EVERY:
            checkpoint()
        found = PIECE.match(text, at, end)
        if found is None:
            raise unreadable(text, at)
        piece, begin, at = found[0], at, found.end()
        kind = found.lastgroup or ""
        if kind == "space":
            continue
        if kind == "exponent":
            mantissa, _, power = piece.replace("E", "e").partition("e")
            readings = f"{mantissa}*10^({power})"
            other = f"{mantissa}*e {power[0]} {power[1:]}" if power[0] in "+-" else f"{mantissa}*e*{power}"
            raise CalculusError(
                Reason.SYNTAX_ERROR,
                f"'{piece[:40]}' has two readings: {readings[:60]} or {other[:60]}",
                "write the product or the power of 10 with its signs",
                text=text,
                span=(begin, at),
                field="expression.text",
            )
        if kind in ("raised", "word"):
            tokens.append(Token(kind, piece, begin, at, piece.translate(FLAT) if kind == "raised" else piece))
        elif kind == "fraction":
            tokens.append(Token("fraction", piece, begin, at, unicodedata.normalize("NFKC", piece).replace("⁄", "/")))
        elif kind in ("number", "newline"):
            tokens.append(Token(kind, piece, begin, at))
        elif piece in SIDES:
            tokens.append(Token(SIDES[piece][0], piece, begin, at, SIDES[piece][1]))
        elif piece in ROOTS:
            tokens.append(Token("sqrt", piece, begin, at, piece))
        elif piece in SIGNS:
            tokens.append(Token(SIGNS[piece], piece, begin, at, NAMES.get(piece, piece)))
        elif piece in PLAIN or piece in ("<=", ">=", "!="):
            tokens.append(Token(piece, piece, begin, at))
        elif piece == "_":
            tokens.append(Token("_", piece, begin, at))
        else:
            raise unreadable(text, begin)
    tokens.append(Token("end", "", end, end))
    return tokens


def unreadable(text: str, at: int) -> CalculusError:
    hint = {
        "%": "write a mod b for the remainder",
        "\\": "LaTeX is read in LaTeX notation",
        "±": "write the formula once with + or -",
        "?": "write the formula only",
        "∫": "write the function that is integrated",
        '"': "write names without quotes",
    }.get(text[at], "")
    headline = f"{shown_character(text[at])} is not part of textbook notation"
    return CalculusError(Reason.SYNTAX_ERROR, headline, hint, text=text, span=(at, at + 1), field="expression.text")
