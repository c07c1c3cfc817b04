"""Operators, brackets and what is open while a text is read.

R's operators and their precedence are those of R's help page ?Syntax; Python's stand where Python has them.
"""

from secantd.language.code import Code, Parameter
from secantd.language.tokens import Token

__all__ = [
    "ALTERNATIVE",
    "ASSIGN",
    "BINARY",
    "BRACKETS",
    "LOWEST",
    "PIPE",
    "PREFIX",
    "PRODUCT",
    "SUM",
    "TERNARY",
    "WORDS",
    "Entry",
]

# Binary operators: binding power to the left, to the right, and the instruction's name.
BINARY: dict[str, tuple[int, int, str]] = {
    "~": (20, 21, "~"),
    "||": (30, 31, "|"), "|": (30, 31, "|"), "or": (30, 31, "|"),
    "&&": (40, 41, "&"), "&": (40, 41, "&"), "and": (40, 41, "&"),
    "<": (60, 61, "<"), "<=": (60, 61, "<="), ">": (60, 61, ">"), ">=": (60, 61, ">="),
    "==": (60, 61, "=="), "!=": (60, 61, "!="),
    "+": (70, 71, "add"), "-": (70, 71, "sub"),
    "*": (80, 81, "mul"), "/": (80, 81, "div"), "%": (80, 81, "%%"), "//": (80, 81, "%/%"),
    "%%": (90, 91, "%%"), "%/%": (90, 91, "%/%"), "%*%": (90, 91, "%*%"),
    ":": (100, 101, ":"),
    # To the right a power takes signs as well: 2^-x.
    "^": (120, 111, "pow"), "**": (120, 111, "pow"),
}  # fmt: skip
PREFIX: dict[str, tuple[int, str]] = {
    "-": (110, "neg"), "+": (110, "pos"), "!": (50, "!"), "not": (50, "!"), "~": (20, "~"),
}  # fmt: skip
SUM, PRODUCT, PIPE = 71, 81, 90
TERNARY, ALTERNATIVE = 25, 24
ASSIGN = 10
LOWEST = 0

WORDS = frozenset({"if", "else", "for", "while", "repeat", "function", "next", "break", "and", "or", "not", "in"})

# What closes each bracket; "default" and the constructs with a body end with what is around them.
BRACKETS = {
    "(": ")", "call": ")", "apply": ")", "condition": ")", "header": ")",
    "[": "]", "[[": "]", "list": "]", "{": "}",
}  # fmt: skip


# What nothing outside can end: a bracket, a default, or the whole text.
ENCLOSING = frozenset({*BRACKETS, "default", "top"})


class Entry:
    """What is open: an operator waiting for its right side, a bracket, or a construct with a body.

    `count` is the number of operands, dimensions or statements so far; `pending` the sign or division that
    the operand being read belongs to; `name` an argument's, a parameter's or a variable's.
    """

    __slots__ = ("code", "count", "encloses", "kind", "name", "names", "parameters", "pending", "power", "token")

    def __init__(
        self,
        kind: str,
        token: Token,
        power: int = LOWEST,
        count: int = 0,
        pending: str = "",
        name: str | None = None,
        code: Code | None = None,
    ) -> None:
        self.kind = kind
        self.token = token
        self.power = power
        self.count = count
        self.pending = pending
        self.name = name
        self.names: list[str | None] = []
        self.parameters: list[Parameter] = []
        self.code = code
        self.encloses = kind in ENCLOSING
