"""What a language is, as far as code is written in it: how it spells operations, numbers and names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from secantd.language import Notation

__all__ = ["ATOM", "POWER", "PRODUCT", "SIGN", "SUM", "Form", "Language", "call", "infix"]

# How close the outermost operator of a text binds; an operand that binds less stands in brackets.
CHOICE, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)


@dataclass(frozen=True, slots=True)
class Form:
    """How an operation is written.

    Attributes:
        text: With {0}, {1} for the arguments; @name is a helper function that goes along with the code.
        binds: How close the text binds.
        needs: How close each argument has to bind; the last holds for all others.
    """

    text: str
    binds: int = ATOM
    needs: tuple[int, ...] = (CHOICE,)


def call(name: str, count: int = 1) -> Form:
    """Return the form of a call.

    >>> call("atan2", 2).text
    'atan2({0}, {1})'
    """
    return Form(f"{name}({', '.join(f'{{{i}}}' for i in range(count))})")


def infix(sign: str, binds: int, right: int) -> Form:
    """Return the form of an operator; `right` is how close what stands behind it has to bind."""
    return Form(f"{{0}} {sign} {{1}}", binds, (binds, right))


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        notation: Its name in the contract.
        title: Its name.
        suffix: Of its files.
        comment: What begins a comment that ends with the line.
        forms: How operations are written, by the names they have on a tape.
        helpers: Source of helper functions by name, each called as @name.
        number: A finite or infinite double, or NaN, as the language reads exactly that one.
        names: What an identifier may be.
        reserved: Names that an author's variable or function cannot have.
        taken: Names that variables may have, but not functions.
        rolled: Data columns are walked by loops; else they are arrays.
        function: Writes a helper: name, parameters, lines, result to source.
        let: Writes "name is text".
        remarks: What a reader should know of an operation.
        count: The number of rows as a real number.
        indent: Of what stands in a loop.
        loop: The first and the last line of a loop over rows.
        unfit: What a function's name must not end with.
    """

    notation: Notation
    title: str
    suffix: str
    comment: str
    forms: Mapping[str, Form]
    helpers: Mapping[str, str]
    number: Callable[[float], str]
    names: re.Pattern[str]
    reserved: frozenset[str]
    function: Callable[[str, Sequence[str], Sequence[str], str], str]
    let: Callable[[str, str], str]
    taken: frozenset[str] = frozenset()
    rolled: bool = False
    unfit: tuple[str, ...] = ()
    count: str = "{0}"
    indent: str = "    "
    loop: Callable[[str, str], tuple[str, str]] = field(default=lambda i, n: ("", ""))
    remarks: Mapping[str, str] = field(default_factory=dict)
