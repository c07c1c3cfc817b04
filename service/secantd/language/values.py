"""What the names of a text may stand for while it is read."""

from dataclasses import dataclass

from secantd.expression import Node
from secantd.language.code import Code, Parameter

__all__ = ["Builtin", "Closure", "Environment", "Nothing", "Promise", "Value", "Vector"]


@dataclass(slots=True)
class Vector:
    """Numbers side by side, each an expression; `names` are those of c(a = 1)."""

    items: tuple["Value", ...]
    names: tuple[str | None, ...] = ()


class Environment:
    """The variables of one call; what is not here is looked up where the function was written."""

    __slots__ = ("outer", "values")

    def __init__(self, outer: "Environment | None" = None, values: "dict[str, Value | Promise] | None" = None) -> None:
        self.outer = outer
        self.values: dict[str, Value | Promise] = {} if values is None else values

    def find(self, name: str) -> "Environment | None":
        """Return the environment that holds `name`."""
        here: Environment | None = self
        while here is not None:
            if name in here.values:
                return here
            here = here.outer
        return None

    def outermost(self) -> "Environment":
        """Return the environment of the text itself."""
        here = self
        while here.outer is not None:
            here = here.outer
        return here


@dataclass(slots=True, eq=False)
class Closure:
    """A function of the text and where it was written."""

    parameters: tuple[Parameter, ...]
    body: Code
    home: Environment


@dataclass(slots=True, eq=False)
class Promise:
    """A default that is computed when its parameter is first used, in the call's own environment."""

    code: Code


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language used as a value: sapply(x, exp)."""

    name: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The value of {} and of an `if` without else that is not taken."""


Value = Node | Vector | Closure | Builtin | Nothing | str
