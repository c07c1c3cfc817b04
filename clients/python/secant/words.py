"""The contract's enums as plain words: "latex" for NOTATION_LATEX, "CONVERGED" for STOP_REASON_CONVERGED.

What a caller may ask for is read in any case; Notation, Form and Scheme, which are asked for, are told in
lower case, all others as the contract spells them.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, TypeAlias

__all__ = ["FormWord", "Notations", "SchemeWord", "number", "numbers", "told", "word"]

Notations: TypeAlias = str | Sequence[str] | None
FormWord: TypeAlias = Literal["light", "expanded", "factored", "simplified"]
SchemeWord: TypeAlias = Literal["forward", "backward", "central", "five_point", "richardson", "complex_step"]


@cache
def _words(enum: Any) -> dict[str, int]:
    values = getattr(enum, "DESCRIPTOR", enum).values
    # The contract's lint makes the first name PREFIX_UNSPECIFIED.
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return {value.name.removeprefix(prefix): value.number for value in values}


@cache
def number(enum: Any, name: str | None) -> Any:
    """Return the number of the word `name` in a protobuf enum (or its descriptor), 0 (unset) for None.

    Raises:
        ValueError: There is no such word.

    >>> from secant.v1 import expression_pb2 as pb
    >>> number(pb.Notation, "latex"), number(pb.Notation, None)
    (3, 0)
    >>> number(pb.Form, "simple")
    Traceback (most recent call last):
    ValueError: form is one of light, expanded, factored, simplified, not 'simple'
    """
    if name is None:
        return 0
    words = _words(enum)
    found = words.get(name.upper().replace("-", "_").replace(" ", "_"), 0)
    if not found:
        known = ", ".join(list(words)[1:]).lower()
        kind = getattr(enum, "DESCRIPTOR", enum).name.lower()
        raise ValueError(f"{kind} is one of {known}, not {name!r}")
    return found


def numbers(enum: Any, names: Notations) -> list[Any]:
    """Return the numbers of one word or of several."""
    if names is None:
        return []
    return [number(enum, name) for name in ([names] if isinstance(names, str) else names)]


@cache
def told(enum: Any, value: int) -> str:
    """Return the word of an answer in the contract's upper case, "" where the server left it unset.

    >>> from secant.v1 import expression_pb2 as pb
    >>> told(pb.Notation, 1)
    'R'
    """
    for name, known in _words(enum).items():
        if known == value:
            return name if value else ""
    return str(value)  # from a server newer than this client


def word(enum: Any, value: int) -> str:
    """Return the word of an answer as a caller would ask for it.

    >>> from secant.v1 import expression_pb2 as pb
    >>> word(pb.Notation, 1)
    'r'
    """
    return told(enum, value).lower()
