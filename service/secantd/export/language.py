"""The description of a programming language: its spelling of operations, numbers and names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from secantd.language import Notation
from secantd.render.names import Identifiers

__all__ = ["ATOM", "INLINE", "POWER", "PRODUCT", "SIGN", "SUM", "Language", "Template", "call", "infix"]

# The longest operation, in code points, that is inlined where it is used once.
INLINE = 60
# Precedence of the outermost operator of a text; an operand with a lower precedence is put in brackets.
CHOICE, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)


@dataclass(frozen=True, slots=True)
class Template:
    """The spelling of an operation.

    Attributes:
        text: A template with {0}, {1} for the arguments; @name calls a helper function in the code.
        binds: The precedence of the text.
        needs: The precedence that each argument needs; the last one is that of all further arguments.
    """

    text: str
    binds: int = ATOM
    needs: tuple[int, ...] = (CHOICE,)


def call(name: str, count: int = 1) -> Template:
    """Return the template of a call.

    >>> call("atan2", 2).text
    'atan2({0}, {1})'
    """
    return Template(f"{name}({', '.join(f'{{{i}}}' for i in range(count))})")


def infix(sign: str, binds: int, right: int) -> Template:
    """Return the template of an operator.

    Args:
        sign: The operator.
        binds: Its precedence.
        right: The precedence that the right operand needs.
    """
    return Template(f"{{0}} {sign} {{1}}", binds, (binds, right))


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        notation: Its name in the contract.
        title: Its name.
        suffix: The suffix of its files.
        comment: The beginning of a comment that ends with the line.
        templates: The spelling of operations, by their names on a tape.
        helpers: The source of helper functions by name, each called as @name.
        number: Returns the literal of a double, which the language reads as exactly this double.
        identifiers: The identifiers that variables and functions may have.
        taken: Names that variables may have, but not functions.
        rolled: Whether code loops over data columns; otherwise they are arrays.
        function: Returns the source of a helper from its name, parameters, lines and result.
        let: Returns an assignment of a text to a name.
        whole: The spelling of functions of an order, their second argument, where it is a whole number of at least 0.
        remarks: Comments about operations.
        count: The number of rows as a real number.
        indent: The indentation inside a loop.
        inline: The longest operation, in code points, that is inlined where it is used once.
        loop: Returns the first and the last line of a loop over rows.
        unfit: Endings that the name of a function must not have.
    """

    notation: Notation
    title: str
    suffix: str
    comment: str
    templates: Mapping[str, Template]
    helpers: Mapping[str, str]
    number: Callable[[float], str]
    identifiers: Identifiers
    function: Callable[[str, Sequence[str], Sequence[str], str], str]
    let: Callable[[str, str], str]
    taken: frozenset[str] = frozenset()
    rolled: bool = False
    unfit: tuple[str, ...] = ()
    count: str = "{0}"
    indent: str = "    "
    inline: int = INLINE
    loop: Callable[[str, str], tuple[str, str]] = field(default=lambda i, n: ("", ""))
    whole: Mapping[str, Template] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
