"""Results that can be computed again at other points, as optimizers do."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant._call import Call
    from secant._points import Point
    from secant.v1 import expression_pb2


__all__ = ["Repeat", "Repeatable", "bound"]

_MATRIX = 2


@dataclass(slots=True)
class Repeat:
    """The call that repeats a request at another point.

    Attributes:
        rpc: The name in the contract.
        request: The request.
        reply: Its reply, which has the variables.
        convert: Returns the values of a reply.
        make: Makes a call; set by the client.
    """

    rpc: str
    request: Any
    reply: Any
    convert: "Callable[[Any], Array]"
    make: "Callable[[Call[Array]], Any] | None" = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the result without the client."""
        return Repeat, (self.rpc, self.request, self.reply, self.convert)

    def at(self, x: "Point") -> Any:
        """Return the values at `x`; a coroutine with values for an asyncio client."""
        from secant._call import Call

        request = type(self.request)()
        request.CopyFrom(self.request)
        del request.at[:], request.notations[:]
        request.values_only = True
        request.at.extend(self._coordinates(x))
        assert self.make is not None
        return self.make(Call(self.rpc, request, self.convert))

    def _coordinates(self, x: "Point") -> "list[expression_pb2.Coordinate]":
        import numpy as np

        from secant._points import coordinates, has_names

        names = list(self.reply.variables)
        if has_names(x):
            return coordinates(x)
        entries = np.asarray(x, np.float64)
        # A function of n numbers has a gradient of n columns.
        if self.reply.shape.columns == len(names) and entries.shape == (len(names),):
            return coordinates(dict(zip(names, entries.tolist(), strict=True)))
        if len(names) != 1:
            raise ValueError(f"a point of {len(names)} variables must map their names to values: {', '.join(names)}")
        shape = self._shape(names[0])
        return coordinates({names[0]: entries.reshape(shape) if entries.shape == (prod(shape),) else entries})

    def _shape(self, name: str) -> tuple[int, ...]:
        """Return the shape that the request gives a variable as a matrix of known lengths; else (0,).

        Optimizers pass the entries of a matrix as one vector.
        """
        for entry in self.request.at:
            if entry.variable in ("", name) and len(entry.shape) == _MATRIX:
                return tuple(entry.shape)
        for declared in self.request.expression.shapes:
            sizes = tuple(side.size for side in declared.dimensions)
            if declared.variable == name and len(sizes) == _MATRIX and all(sizes):
                return sizes
        return (0,)


class Repeatable:
    """The base class of results that can be called with another point.

    The point maps names to values. A vector alone is the only variable of f, a vector, or has one entry for each variable
    of f; or the entries, row by row, of a matrix whose shape the first request told. Each call asks the server.

    >>> import secant
    >>> with secant.local() as s:
    ...     gradient = s.gradient("x^2 + 2*y^2")
    ...     print(gradient, gradient([2.0, 1.0]))
    [2 * x, 4 * y] [4. 4.]
    """

    __slots__ = ()
    _repeat: Repeat | None

    def __call__(self, x: "Point") -> Any:
        """Return the values at `x`, shape (n,) for a gradient and (n, n) for a Hessian."""
        if self._repeat is None or self._repeat.make is None:
            raise TypeError("this result did not come from a client")
        return self._repeat.at(x)


def bound(answer: Any, make: "Callable[[Call[Array]], Any]") -> None:
    """Let a result of a client make its further calls by `make`."""
    if isinstance(answer, Repeatable) and answer._repeat is not None:
        answer._repeat.make = make
