"""Names of the contract's enums: "latex" for NOTATION_LATEX, "CONVERGED" for STOP_REASON_CONVERGED.

Names are accepted in any case. Names of Notation, Form and Scheme, which are also arguments, are returned in lower case, all
others in upper case as in the contract.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, TypeAlias

__all__ = [
    "DialectWord",
    "FigureWord",
    "FormWord",
    "ImageWord",
    "LanguageWord",
    "MethodWord",
    "NamingWord",
    "Notations",
    "SchemeWord",
    "ThemeWord",
    "enum_value",
    "enum_values",
    "lower_name",
    "upper_name",
]

Notations: TypeAlias = str | Sequence[str] | None
FormWord: TypeAlias = Literal["light", "expanded", "factored", "simplified", "exact"]
NamingWord: TypeAlias = Literal["none", "author", "repeated"]
SchemeWord: TypeAlias = Literal["forward", "backward", "central", "five_point", "richardson", "complex_step"]
MethodWord: TypeAlias = Literal[
    "fixed_rate",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "line_search",
    "conjugate_gradient",
    "newton",
    "bfgs",
    "lbfgs",
    "adamax",
    "amsgrad",
]
LanguageWord: TypeAlias = Literal["en", "ko"]
DialectWord: TypeAlias = Literal["duckdb", "postgresql", "spark"]
ImageWord: TypeAlias = Literal["svg", "png", "gif", "pdf"]
ThemeWord: TypeAlias = Literal["light", "dark"]
FigureWord: TypeAlias = Literal["curve", "secant", "taylor", "surface", "contour", "descent", "error", "area"]


@cache
def _values(enum: Any) -> dict[str, int]:
    values = getattr(enum, "DESCRIPTOR", enum).values
    # The contract's lint makes the first name PREFIX_UNSPECIFIED.
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return {value.name.removeprefix(prefix): value.number for value in values}


@cache
def enum_value(enum: Any, name: str | None) -> Any:
    """Return the number of `name` in a protobuf enum or its descriptor; 0 (unset) for None.

    Raises:
        ValueError: The enum has no such name.

    >>> from secant.v1 import expression_pb2 as pb
    >>> enum_value(pb.Notation, "latex"), enum_value(pb.Notation, None)
    (3, 0)
    >>> enum_value(pb.Form, "simple")
    Traceback (most recent call last):
    ValueError: form must be one of light, expanded, factored, simplified, exact; got 'simple'
    """
    if name is None:
        return 0
    values = _values(enum)
    found = values.get(name.upper().replace("-", "_").replace(" ", "_"), 0)
    if not found:
        known = ", ".join(list(values)[1:]).lower()
        kind = getattr(enum, "DESCRIPTOR", enum).name.lower()
        raise ValueError(f"{kind} must be one of {known}; got {name!r}")
    return found


def enum_values(enum: Any, names: Notations) -> list[Any]:
    """Return the numbers of one name or of several; an empty list for None.

    Raises:
        ValueError: The enum has no such name.
    """
    if names is None:
        return []
    return [enum_value(enum, name) for name in ([names] if isinstance(names, str) else names)]


@cache
def upper_name(enum: Any, value: int) -> str:
    """Return the name of an enum's value in upper case, "" for the value 0 (unset).

    >>> from secant.v1 import expression_pb2 as pb
    >>> upper_name(pb.Notation, 1)
    'R'
    """
    for name, known in _values(enum).items():
        if known == value:
            return name if value else ""
    return str(value)  # from a server newer than this client


def lower_name(enum: Any, value: int) -> str:
    """Return the name of an enum's value in lower case, as a caller writes it.

    >>> from secant.v1 import expression_pb2 as pb
    >>> lower_name(pb.Notation, 1)
    'r'
    """
    return upper_name(enum, value).lower()
