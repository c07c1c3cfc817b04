"""Names: which letters of a text are variables, what a subscript adds to a name, and which words are products."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.functions import NAMES
from secantd.language.textbook.words import GREEK, WORDS, greek_of
from secantd.language.tokens import Token

__all__ = [
    "check_runs",
    "parts_of_word",
    "resolve_words",
    "standing_alone",
    "two_readings",
    "with_subscript",
]

WORD: Final = re.compile(r"([^\W\d_₀-₉]+)(\d*)(?:_\{?([^{}]*)\}?|([₀-₉]+))?")
LOWERED: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
KINDS: Final = {
    "mod": "mod",
    "pi": "pi",
    "π": "pi",
    "and": "and",
    "or": "or",
    "not": "not",
    "infinity": "infinity",
    "inf": "infinity",
}
# Shorter ones are also letters side by side.
LONG: Final = tuple(sorted((w for w in WORDS if len(w) > 2), key=len, reverse=True))


def two_readings(text: str, start: int, end: int, first: str, second: str, hint: str) -> CalculusError:
    """Return the error of a text that means one of two things; both are in its headline."""
    shown = text[start:end]
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    first, second = (r if len(r) <= 120 else r[:117] + "..." for r in (first, second))
    return CalculusError(
        Reason.SYNTAX_ERROR,
        f"'{shown}' has two readings: {first} or {second}",
        hint,
        text=text,
        span=(start, end),
        field="expression.text",
    )


def with_subscript(stem: str, index: str, known: Collection[str]) -> str:
    """Return the name of a letter with a subscript: one of the names in the request that are set like this, else stem_index.

    >>> with_subscript("x", "1", ["x1"]), with_subscript("theta", "1", ["theta[1]"]), with_subscript("x", "1", [])
    ('x1', 'theta[1]', 'x_1')
    """
    written = f"{stem}_{index}"
    candidates = (written, f"{stem}{index}", f"{stem}[{index}]", f"{stem}${index}", f"{stem}.{index}")
    found = [c for c in candidates if c in known]
    return found[0] if len(found) == 1 else written


def standing_alone(tokens: Sequence[Token]) -> set[str]:
    """Return the single letters and the names that stand somewhere without a bracket behind them, and so are variables."""
    found = set()
    for token, following in pairwise(tokens):
        # A power of \\Gamma or \\psi before a bracket is one of a function.
        of_function = following.kind == "^" and token.name in ("Gamma", "psi")
        if following.kind not in ("(", "[", "_", "'") and not of_function:
            if token.kind == "name":
                found.add(token.name)
            elif token.kind == "word" and len(token.text) == 1:
                found.add(token.text)
            elif token.kind in ("upright", "text") and following.kind != "^":
                found.add(token.name)
    return found - {"e"}


def check_runs(text: str, tokens: Sequence[Token], known: Collection[str]) -> None:
    r"""Raise an error where letters of LaTeX side by side spell a function or pi: sin instead of \sin."""
    at = 0
    while at < len(tokens):
        run = at
        while (
            tokens[run].kind == "name"
            and len(tokens[run].text) == 1
            and (run == at or tokens[run].start == tokens[run - 1].end)
        ):
            run += 1
        if run > at + 1:
            word = text[tokens[at].start : tokens[run - 1].end]
            function = function_in(word)
            if (function or word == "pi") and not all(c in known for c in word):
                name = function or "pi"
                raise two_readings(
                    text,
                    tokens[at].start,
                    tokens[run - 1].end,
                    word.replace(name, rf"\{name} ").strip(),
                    "*".join(word),
                    rf"write \{name} for the {'function' if function else 'number'}, and name the variables for a product",
                )
        at = max(run, at + 1)


def function_in(word: str) -> str:
    if word in WORDS:
        return word
    return next((f for f in LONG if word.startswith(f) or word.endswith(f)), "")


def resolve_words(text: str, tokens: Sequence[Token], known: Collection[str], notices: dict[str, None]) -> list[Token]:
    """Return tokens with the words of textbook notation told apart: functions, names, and products of known letters.

    Args:
        text: The text.
        tokens: Its tokens.
        known: The names that the request gives.
        notices: Receives the notices.

    Raises:
        CalculusError: SYNTAX_ERROR for a word with two readings.
    """
    alone = standing_alone(tokens) | {name for name in known if len(name) == 1}
    found: list[Token] = []
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        if token.kind == "word":
            found += one_word(text, token, following, known, alone, notices)
        else:
            found.append(token)
    return found


def parts_of_word(word: str) -> tuple[str, str]:
    """Return the letters and digits of a word, and its subscript, "" where it has none.

    >>> parts_of_word("x_1"), parts_of_word("x₁₂"), parts_of_word("x1")
    (('x', '1'), ('x', '12'), ('x1', ''))
    """
    match = WORD.fullmatch(word)
    if match is None:
        return word, ""
    return match[1] + match[2], (match[3] or (match[4] or "").translate(LOWERED)).strip()


def one_word(
    text: str, token: Token, following: Token, known: Collection[str], alone: Collection[str], notices: dict[str, None]
) -> list[Token]:
    word = token.text
    if word in known:
        return [Token("name", word, token.start, token.end)]
    match = WORD.fullmatch(word)
    assert match is not None
    stem, digits = match[1], match[2]
    index = parts_of_word(word)[1]
    if word in KINDS:
        return [Token(KINDS[word], word, token.start, token.end)]
    if word in WORDS:
        return [Token("function", word, token.start, token.end, WORDS[word])]
    if stem == "log" and index and not digits:
        place = token.start + len(stem)
        base = Token("number" if index.isdecimal() else "name", index, place + 1, token.end)
        return [Token("function", stem, token.start, place, "log"), Token("_", "_", place, place + 1), base]
    called = following.kind == "("
    if called and not index and stem + digits in NAMES and stem not in GREEK:
        return [Token("function", word, token.start, token.end, word)]
    greek = [k for k, c in enumerate(stem) if greek_of(c)]
    if greek and len(stem) > 1:
        return split_at_greek(text, token, following, known, alone, notices)
    name = with_subscript(stem + digits, index.replace(",", "_").replace(" ", ""), known) if index else stem + digits
    if len(stem) == 1 or stem in GREEK or name in known:
        if index and index[0].isdecimal() and not index.isdecimal() and name not in known:
            k = len(index) - len(index.lstrip("0123456789"))
            raise two_readings(
                text, token.start, token.end, f"{stem}_{index[:k]}*{index[k:]}", f"one variable {stem}_{index}",
                "write * for a product, or name the variable in the request",
            )  # fmt: skip
        return [Token("name", word, token.start, token.end, name)]
    function = function_in(stem)
    if not digits and not index and not function and all(c in alone for c in stem):
        return letters_of(token)
    if word.isalpha() and len(word) == 2 and not function and word[0] not in "dD" and any(c in known for c in word):
        # The request differentiates with respect to one of the letters: 2xy.
        notices[f"'{word}' is read as {word[0]}*{word[1]}"] = None
        return letters_of(token)
    first = "*".join([*stem[:-1], stem[-1] + word[len(stem) :]])
    if function:
        rest = word.removeprefix(function) if word.startswith(function) else word.removesuffix(function)
        first = f"{function}({rest})" if word.startswith(function) else f"{rest}*{function}"
    raise two_readings(
        text, token.start, token.end, first, f"one variable {word}",
        "write * or spaces for a product, or name the variables in the request",
    )  # fmt: skip


def letters_of(token: Token) -> list[Token]:
    return [Token("name", c, token.start + k, token.start + k + 1) for k, c in enumerate(token.text)]


def split_at_greek(
    text: str, token: Token, following: Token, known: Collection[str], alone: Collection[str], notices: dict[str, None]
) -> list[Token]:
    """Return the parts of a word with Greek letters, each of which is a name of its own: 2πr, αx."""
    parts: list[tuple[int, int]] = []
    word = token.text
    letters = WORD.fullmatch(word)
    assert letters is not None
    length = len(letters[1])
    for k in range(length):
        if not parts or greek_of(word[k]) or greek_of(word[k - 1]):
            parts.append((k, k + 1))
        else:
            parts[-1] = (parts[-1][0], k + 1)
    if any(word[k] in "Δδ" for k, _ in parts[:-1]):
        raise two_readings(
            text, token.start, token.end, "*".join(word[a:b] for a, b in parts), f"one variable {word}",
            "write * for a product, or name the variable in the request",
        )  # fmt: skip
    # Digits and a subscript belong to the last letter.
    parts[-1] = (parts[-1][0], len(word))
    found: list[Token] = []
    for k, (a, b) in enumerate(parts):
        piece = Token("word", word[a:b], token.start + a, token.start + b)
        found += one_word(text, piece, following if k == len(parts) - 1 else token, known, alone, notices)
    return found
