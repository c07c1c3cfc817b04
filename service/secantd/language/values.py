"""The values of the interpreter: expressions, vectors, functions, strings."""

from dataclasses import dataclass

from secantd.expression import Dimension, Node
from secantd.language.instructions import Instructions, Parameter

__all__ = [
    "Builtin",
    "Closure",
    "Distances",
    "Dots",
    "Environment",
    "Factor",
    "Filled",
    "Missing",
    "Nothing",
    "Oriented",
    "Promise",
    "Slice",
    "Span",
    "Value",
    "Vector",
    "Zipped",
    "kind",
]


@dataclass(slots=True)
class Vector:
    """A vector of values; `names` are those of c(a = 1)."""

    items: tuple["Value", ...]
    names: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Oriented:
    """A matrix of one column or one row, as %*% and t() leave it. Its node is a vector, which has no orientation.

    Attributes:
        node: The vector.
        column: Whether it is n x 1; else it is 1 x n.
    """

    node: Node
    column: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A range of whole numbers with a bound that is a length: 2:n, seq_along(x).

    Attributes:
        first: The first number.
        last: The last number.
    """

    first: Dimension
    last: Dimension


@dataclass(frozen=True, slots=True)
class Distances:
    """The distances that R's dist() returns, of which only as.matrix() makes a matrix.

    Attributes:
        matrix: The matrix.
    """

    matrix: Node


@dataclass(frozen=True, slots=True)
class Factor:
    """R's factor, whose levels are 1, 2, ..., n: groups of data.

    Attributes:
        positions: The vector of positions among the levels.
        count: The number of levels, as a number or a length.
        labels: The texts of the levels, where they are known.
    """

    positions: Node
    count: Node
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Zipped:
    """Vectors side by side, as Python's zip() has them, or as an index of rows and columns.

    Attributes:
        parts: The vectors; of one length, unless they are crossed.
        crossed: Whether an index takes all rows with all columns, as that of np.ix_() does.
    """

    parts: tuple["Value", ...]
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A vector that a loop over data fills, within a row of the loop.

    Attributes:
        name: The vector's name.
        written: What the row has assigned to its element, None before that.
        offset: The position of that element, relative to the loop's index.
    """

    name: str
    written: Node | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Dots:
    """The arguments that R's `...` and Python's *args stand for.

    Attributes:
        items: Their values.
        names: Their names; None for a positional one.
    """

    items: tuple["Value", ...]
    names: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """An index that is left out: A[i, ], A[:, 0]."""


@dataclass(frozen=True, slots=True)
class Slice:
    """An index first:last:step of Python; the last position is excluded.

    Attributes:
        first: The first position; None at the beginning.
        last: The position behind the last; None at the end.
        step: The step; None for 1.
    """

    first: "Value | None"
    last: "Value | None"
    step: "Value | None"


class Environment:
    """The variables of one call; other names are looked up in `outer`, where the function was defined."""

    __slots__ = ("function", "given", "left_out", "members", "outer", "values")

    def __init__(self, outer: "Environment | None" = None, values: "dict[str, Value | Promise] | None" = None) -> None:
        self.outer = outer
        # The function that was called, and with how many arguments; None for the text itself, with() and local().
        self.function: Closure | None = None
        self.given = 0
        # The parameters that a call left out.
        self.left_out: frozenset[str] = frozenset()
        # The lists whose elements names mean that nothing else defines, as within with(list, ...).
        self.members: tuple[str, ...] = ()
        self.values: dict[str, Value | Promise] = {} if values is None else values

    def find(self, name: str) -> "Environment | None":
        """Return the environment that holds `name`."""
        here: Environment | None = self
        while here is not None:
            if name in here.values:
                return here
            here = here.outer
        return None

    def lists(self) -> tuple[str, ...]:
        """Return the lists whose elements names mean that nothing defines."""
        here: Environment | None = self
        while here is not None:
            if here.members:
                return here.members
            here = here.outer
        return ()

    def outermost(self) -> "Environment":
        """Return the environment of the text itself."""
        here = self
        while here.outer is not None:
            here = here.outer
        return here


@dataclass(slots=True, eq=False)
class Closure:
    """A function that the text defines, and the environment of its definition."""

    parameters: tuple[Parameter, ...]
    body: Instructions
    home: Environment


@dataclass(slots=True, eq=False)
class Promise:
    """A default that is computed when its parameter is first used, in the call's own environment."""

    code: Instructions


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language used as a value: sapply(x, exp)."""

    name: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The value of {} and of an `if` without else whose condition is false."""


Value = (
    Node
    | Vector
    | Oriented
    | Closure
    | Builtin
    | Nothing
    | Span
    | Slice
    | Missing
    | Zipped
    | Distances
    | Factor
    | Dots
    | Filled
    | str
)


def kind(value: Value) -> str:
    """Return what a value is, for an error: "a function", "a vector"."""
    if isinstance(value, Closure | Builtin):
        return "a function"
    if isinstance(value, Distances):
        return "the distances of dist(), which are no matrix yet: write as.matrix(dist(x))"
    if isinstance(value, Nothing | Missing):
        return "nothing"
    if isinstance(value, Span | Slice):
        return "a range"
    return "a string" if isinstance(value, str) else "a factor" if isinstance(value, Factor) else "a vector"
