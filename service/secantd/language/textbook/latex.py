"""LaTeX to tokens. Commands that only set the formula are dropped; macros are refused, and nothing is ever expanded."""

import re
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.interrupt import EVERY, checkpoint
from secantd.language.textbook.words import (
    ACCENTS,
    BIG,
    CLOSERS,
    GREEK,
    IGNORED,
    MACROS,
    OPENERS,
    SIGNS,
    SIZES,
    STYLES,
    WORDS,
)
from secantd.language.tokens import Token, shown_character

__all__ = ["latex_tokens"]

PIECE: Final = re.compile(
    r"(?P<space>[\s~]+|%[^\n]*)|(?P<command>\\(?:[A-Za-z]+\*?|.|\n))|(?P<number>\d{1,3}(?:\{,\}\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)|(?P<letter>[^\W\d_])|(?P<sign>.)",
    re.DOTALL,
)
BRACED: Final = re.compile(r"\s*\{((?:[^{}\\]|\\[_$&%# ])*)\}")
CHARACTERS: Final = {
    "−": "-", "·": "*", "×": "*", "÷": "/", "∈": "in", "∗": "*", "⋅": "*", "≤": "<=", "≥": ">=", "≠": "!=", "…": "dots", "‖": "‖",
    "（": "(", "）": ")", "［": "[", "］": "]", "→": "arrow", "⇒": "arrow",
}  # fmt: skip
PLAIN: Final = frozenset("+-*/^_,;=<>!'|&()[]{}:")
UPRIGHT: Final = frozenset(
    {"mathrm", "operatorname", "operatorname*", "mathop", "text", "textrm", "mbox", "rm", "textnormal"}
)
OTHERS: Final = {
    "frac": "frac", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt", "binom": "binom", "dbinom": "binom",
    "tbinom": "binom", "partial": "partial", "nabla": "nabla", "infty": "infinity", "top": "top", "intercal": "top",
}  # fmt: skip
HINTS: Final = {
    "pm": "write the formula once with + or -", "mp": "write the formula once with + or -",
    "lim": "write the formula itself: Secant differentiates it", "int": "write the function that is integrated",
    "over": r"write \frac{a}{b}", "choose": r"write \binom{n}{k}", "lg": r"write \log_{10} or \log_2", "approx": "write the formula only", "sim": "write the formula only",
    "neq": "", "quad": "", "bigl": "",
}  # fmt: skip


def latex_tokens(text: str, start: int, end: int) -> list[Token]:
    r"""Return the tokens of text[start:end], with an "end" token last.

    Raises:
        CalculusError: SYNTAX_ERROR for a character or a command that is not read, such as \\def.

    >>> [t.kind for t in latex_tokens(r"\frac{1}{2} \, x^2", 0, 18)]
    ['frac', '{', 'number', '}', '{', 'number', '}', 'name', '^', 'number', 'end']
    """
    tokens: list[Token] = []
    at = start
    while at < end:
        if not len(tokens) % EVERY:
            checkpoint()
        found = PIECE.match(text, at, end)
        assert found is not None
        piece, begin, at = found[0], at, found.end()
        if found.lastgroup == "space":
            continue
        if found.lastgroup == "number":
            tokens.append(Token("number", piece.replace("{,}", ""), begin, at))
        elif found.lastgroup == "letter":
            tokens.append(Token("name", piece, begin, at))
        elif found.lastgroup == "command":
            token = command(text, piece[1:], begin, at, end)
            if token is not None:
                tokens.append(token)
                at = token.end
        elif piece in PLAIN or (piece == "." and ends_line(text, at)):
            tokens.append(Token(piece, piece, begin, at))
        elif piece in CHARACTERS:
            tokens.append(Token(CHARACTERS[piece], piece, begin, at))
        else:
            hint = "give one formula, with $ only around it" if piece == "$" else ""
            hint = r"write \cdot for a product" if piece == "." else hint
            raise refused(text, begin, at, f"{shown_character(piece)} is not part of the LaTeX that is read", hint)
    tokens.append(Token("end", "", end, end))
    return tokens


def refused(text: str, start: int, end: int, headline: str, hint: str = "") -> CalculusError:
    return CalculusError(Reason.SYNTAX_ERROR, headline, hint, text=text, span=(start, end), field="expression.text")


def ends_line(text: str, at: int) -> bool:
    r"""Return whether a full stop before a position ends a line of cases, or the text: \\ or \end follow it."""
    return text[at : at + 1000].lstrip(" \t\r\n$").startswith(("\\\\", "\\end", "\\]", "\\)")) or not text[at:].strip(
        " \t\r\n$"
    )


def command(text: str, name: str, start: int, at: int, end: int) -> Token | None:
    """Return the token of a command, None for one that only sets the formula."""
    written = text[start:at]
    if name in IGNORED or SIZES.fullmatch(name):
        return None
    if name in ("left", "right"):
        return bracket(text, name, start, at, end)
    if name in UPRIGHT:
        found = BRACED.match(text, at, end)
        if not found:
            raise refused(text, start, at, f"expected a word in braces after '{written}'", rf"write {written}{{name}}")
        content = re.sub(r"\\(.)", r"\1", found[1]).strip()
        if content.lower() in ("and", "or"):
            return Token(content.lower(), text[start : found.end()], start, found.end())
        kind = "text" if name in ("text", "textrm", "mbox", "textnormal") else "upright"
        return Token(kind, text[start : found.end()], start, found.end(), content or " ")
    if name in ("begin", "end"):
        found = BRACED.match(text, at, end)
        if not found:
            raise refused(text, start, at, f"expected the name of an environment after '{written}'")
        kind = "begin" if name == "begin" else "end of environment"
        return Token(kind, text[start : found.end()], start, found.end(), found[1].strip() or " ")
    if name == "ln" or (name in WORDS and name not in ("abs", "sqrt")):
        return Token("function", written, start, at, WORDS[name])
    if name == "pi":
        return Token("pi", written, start, at)
    if name in GREEK or name in ("ell", "hbar"):
        return Token("name", written, start, at, name)
    if name in BIG:
        return Token("total", written, start, at, BIG[name])
    if name in OTHERS:
        return Token(OTHERS[name], written, start, at, name)
    if name in STYLES:
        return Token("style", written, start, at, name)
    if name in ACCENTS:
        return Token("accent", written, start, at, ACCENTS[name])
    if name in SIGNS:
        kind = SIGNS[name]
        if kind in ("bars", "norm", "floor", "ceiling"):
            return Token("open" if name[0] == "l" else "close", written, start, at, kind)
        return Token(kind, written, start, at)
    if name.rstrip("*") in MACROS:
        raise refused(text, start, at, f"'{written}' is refused: macros are never expanded", "write the formula out")
    headline = f"'{written}' is not part of the LaTeX that is read"
    hint = HINTS.get(name, "")
    if not hint and name.isalpha() and len(name) > 1:
        hint = rf"write \mathrm{{{name}}} for a variable of this name, \operatorname{{{name}}} for a function"
    raise refused(text, start, at, headline, hint)


def bracket(text: str, side: str, start: int, at: int, end: int) -> Token:
    r"""Return the token of \\left or \\right with its bracket."""
    found = PIECE.match(text, at, end)
    while found is not None and found.lastgroup == "space":
        found = PIECE.match(text, found.end(), end)
    delimiter = found[0] if found is not None else ""
    if found is None or delimiter == "." or (delimiter in ("/", "<", ">")):
        raise refused(text, start, at, f"'{text[start:at]}{delimiter}' has no bracket", "write a bracket on both sides")
    name = delimiter[1:] if delimiter[0] == "\\" else delimiter
    stop = found.end()
    kind = {"|": "bars", "vert": "bars", "\\|": "norm", "Vert": "norm"}.get(delimiter if name == "|" else name)
    if kind is None:
        kind = (OPENERS if side == "left" else CLOSERS).get(name)
    if kind is None:
        raise refused(text, start, stop, f"'{text[start:stop]}' is not a bracket of its side", "write '(' or ')'")
    if kind in "()[]":
        return Token(kind, text[start:stop], start, stop)
    return Token("open" if side == "left" else "close", text[start:stop], start, stop, kind)
