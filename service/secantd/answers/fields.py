"""The parts of requests: objects with the fields of the contract's messages of the same names."""

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["Column", "Coordinate", "Dimension", "Expression", "VariableShape"]


class Column(Protocol):
    """A vector of data or of points, or a matrix; `values` is what NumPy makes an array of."""

    @property
    def name(self) -> str: ...
    @property
    def values(self) -> Any: ...
    @property
    def shape(self) -> Sequence[int]: ...


class Coordinate(Protocol):
    """The value of a variable: `value`, or `values` with their shape."""

    @property
    def variable(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def values(self) -> Any: ...
    @property
    def shape(self) -> Sequence[int]: ...


class Dimension(Protocol):
    """A length: `size` or `name`, as WhichOneof("dimension") returns."""

    @property
    def size(self) -> int: ...
    @property
    def name(self) -> str: ...

    # Named as protobuf does.
    def WhichOneof(self, oneof_group: Any, /) -> Any: ...


class VariableShape(Protocol):
    """The declared shape of a variable."""

    @property
    def variable(self) -> str: ...
    @property
    def dimensions(self) -> Sequence[Dimension]: ...
    @property
    def symmetric(self) -> bool: ...


class Expression(Protocol):
    """A formula with its data and declared shapes."""

    @property
    def text(self) -> str: ...
    @property
    def notation(self) -> int: ...
    @property
    def data(self) -> Sequence[Column]: ...
    @property
    def shapes(self) -> Sequence[VariableShape]: ...
