"""Expressions of requests as parsed functions, cached by content."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from secantd.answers import fields, requests
from secantd.answers.components import assembled, divided, located, named, require_numbers
from secantd.answers.shapes import Shapes, Value, declared, text_of, with_values
from secantd.errors import CalculusError, Reason
from secantd.expression import VariableShape, reachable
from secantd.language import is_python, read
from secantd.language.function import Function
from secantd.language.notation import Notation
from secantd.lru import LRUCache
from secantd.settings import Limits
from secantd.shown import listed, quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FunctionCache", "Sharing", "is_zero_based", "parts_of"]

Key = tuple[str, int, bytes, tuple[tuple[str, VariableShape], ...], tuple[str, ...], tuple[str, ...]]
Cache = LRUCache[Key, Function]

# Nodes of all cached functions of one thread; at 400 bytes each, 100 MB.
NODES = 250_000
# Doubles of a data column that take as much memory as a node.
DOUBLES = 50


@dataclass(frozen=True, slots=True)
class Source:
    """What a function is read from: an expression of a request, with its data and shapes decoded.

    Attributes:
        message: The expression.
        field: Its field in the request.
        data: Its data columns.
        digest: A hash of them.
        shapes: The declared shapes.
        declared: The variables of derivatives that have a declared shape, which the text need not contain.
    """

    message: fields.Expression
    field: str
    data: "dict[str, NDArray[np.float64]]"
    digest: bytes
    shapes: Shapes
    declared: tuple[str, ...] = ()


class Sharing(Enum):
    """Who else may use a function that was read."""

    THREAD = "later calls in this thread"
    ALL = "calls in all threads, which hold its lock"
    NONE = "nobody: it may be passed between threads"


class FunctionCache:
    """Parses expressions and caches the parsed functions, separately for each thread.

    A function's graph grows as it is differentiated, and most methods do not lock it, so a function stays in the thread that
    parsed it unless all threads share it, which then lock it whenever they use the graph.

    Args:
        limits: Of parsing.
        entries: Functions that each cache holds.
        nodes: Nodes of their graphs that each cache holds.
    """

    def __init__(self, limits: Limits, entries: int = 512, nodes: int = NODES) -> None:
        self.limits = limits
        self._entries = entries
        self._nodes = nodes
        self._threads = threading.local()
        self._shared: Cache = LRUCache(entries, nodes, weight)

    def read(
        self,
        expression: fields.Expression,
        field: str = "expression",
        variables: Sequence[str] = (),
        *,
        alone: bool = False,
    ) -> Function:
        """Return the parsed function; equal content gives the same object.

        Args:
            expression: The message.
            field: Its field in the request.
            variables: The variables that the request differentiates with respect to.
            alone: Whether the function is parsed anew, for answers that depend on the order of its graph's nodes: other
                calls add nodes to the graph of a cached function.
        """
        source = self._source(expression, field, variables)
        function = self._at(None if alone else self._own, source, {}, "", variables)
        check_declared(function, source)
        return function

    @contextmanager
    def read_at(
        self,
        expression: fields.Expression,
        point: Mapping[str, Value],
        variables: Sequence[str] = (),
        *,
        field: str = "expression",
        at: str = "at",
        sharing: Sharing = Sharing.THREAD,
        known: Shapes = MappingProxyType({}),
    ) -> Iterator[tuple[Function, dict[str, Any]]]:
        """Give the function whose variables have the shapes of a point's values, and the point.

        A vector whose components are variables of their own is divided into them; errors raised inside name the vector.

        Args:
            expression: The message.
            point: The values of variables.
            variables: The variables that the request differentiates with respect to.
            field: The field of the request that holds the expression.
            at: The field of the request that holds the point.
            sharing: Who else uses the function.
            known: Shapes of variables that the expression does not declare.
        """
        cache = {Sharing.THREAD: self._own, Sharing.ALL: self._shared, Sharing.NONE: None}[sharing]
        source = self._source(expression, field, variables)
        if known:
            source = replace(source, shapes={**known, **source.shapes})
        if "" in point:
            point = named(self._at(cache, source, {}, at, variables), point, at)
        function = self._at(cache, source, point, at, variables)
        if field != "claimed":
            # A claim has the shapes of the function's variables, which it need not contain.
            check_declared(function, source)
        if function.arrays:
            whole = assembled(function, point, at, zero_based=is_zero_based(expression))
            if len(whole) < len(point):
                point, function = whole, self._at(cache, source, whole, at, variables)
        parts = parts_of(function, expression, point, at)
        with located(at, point, parts):
            yield function, parts

    @contextmanager
    def read_columns(
        self,
        expression: fields.Expression,
        columns: "Mapping[str, NDArray[np.float64]]",
        variables: Sequence[str] = (),
        *,
        field: str = "expression",
        at: str = "points",
    ) -> Iterator[tuple[Function, dict[str, Any]]]:
        """Give the function for columns of points, and the columns.

        If a variable of the function is a vector or a matrix, the columns are one point, the whole value of each variable.
        """
        import numpy as np

        from secantd.calculus.arrays.evaluation import takes_arrays

        source = self._source(expression, field, variables)
        matrices = {name: values for name, values in columns.items() if values.ndim > 1}
        shapes = with_values(source.shapes, matrices, at) if matrices else source.shapes
        function = self._cached(self._own, source, shapes, tuple(columns) if by_hand(source.message) else ())
        check_declared(function, source)
        parts: dict[str, Any]
        if names_whole(function, variables):
            function = self._cached(self._own, source, shapes, tuple(variables))
        if function.arrays and takes_arrays(function):
            numbers = {n.name for n in reachable(function.outputs) if n.op == "symbol" and not n.shape}
            parts = {
                name: float(values[0]) if name in numbers and values.shape == (1,) else values
                for name, values in columns.items()
            }
            function = self._at(self._own, source, parts, at, variables)
        else:
            parts = divided(function, columns, at, zero_based=is_zero_based(expression))
            parts = {name: np.atleast_1d(values) for name, values in parts.items()}
        with located(at, columns, parts):
            yield function, parts

    @property
    def _own(self) -> Cache:
        """The cache of this thread."""
        own: Cache | None = getattr(self._threads, "cache", None)
        if own is None:
            own = self._threads.cache = LRUCache(self._entries, self._nodes, weight)
        return own

    def _source(self, message: fields.Expression, field: str, variables: Sequence[str]) -> Source:
        # Of this process, a request has no such field.
        if getattr(message, "data_set", ""):
            hint = "use EvaluateStream or Descend, or send the data"
            raise requests.invalid(f"{field}.data_set", "this call computes nothing over a data set", hint)
        data = requests.columns(message.data, f"{field}.data")
        if not message.shapes:
            return Source(message, field, data, digest(data), {})
        shapes = declared(message.shapes, f"{field}.shapes", self.limits)
        return Source(message, field, data, digest(data), shapes, tuple([name for name in shapes if name in variables]))

    def _at(
        self, cache: Cache | None, source: Source, point: Mapping[str, Value], at: str, variables: Sequence[str]
    ) -> Function:
        arrays = {name: value for name, value in point.items() if not isinstance(value, float)}
        shapes = with_values(source.shapes, arrays, at) if arrays else source.shapes
        # Numbers and the variables of derivatives matter only beside arrays, where it is not decided what is a vector, and
        # for a vector of which only components occur: a function of numbers is one object, with and without a point.
        more = len(arrays) < len(point) or bool(variables)
        if more and by_hand(source.message):
            return self._cached(cache, source, with_values(source.shapes, point, at), tuple(variables))
        try:
            function = self._cached(cache, source, shapes, ())
        except CalculusError:
            if not more:
                raise
        else:
            if not more or not (
                function.arrays
                or function.undecided
                or names_whole(function, variables)
                or any(name in function.settled for name in (*point, *variables))
            ):
                return function
        return self._cached(cache, source, with_values(source.shapes, point, at), tuple(variables))

    def _cached(self, cache: Cache | None, source: Source, shapes: Shapes, variables: tuple[str, ...]) -> Function:
        if cache is None:
            return self._read(source, shapes, variables)
        key = (
            source.message.text,
            source.message.notation,
            source.digest,
            tuple(shapes.items()),
            variables,
            source.declared,
        )
        function = cache.get(key)
        if function is None:
            function = self._read(source, shapes, variables)
            cache.put(key, function)
        return function

    def _read(self, source: Source, shapes: Shapes, variables: tuple[str, ...]) -> Function:
        field = source.field
        notation = requests.choice(Notation, source.message.notation, f"{field}.notation")
        try:
            function = read(source.message.text, notation, source.data, self.limits, shapes, variables)
        except CalculusError as error:
            # The parser knows the field as `expression`; its path in the request is known here.
            within = error.field.removeprefix("expression") or ".text"
            error.field = f"{field}{within}" if within.startswith(".") else error.field
            raise
        function.declared = frozenset(source.declared)
        return function


def parts_of(
    function: Function, expression: fields.Expression, point: Mapping[str, Value], field: str
) -> dict[str, Any]:
    """Return a point with each vector divided into the components that are variables of the function.

    Args:
        function: The function.
        expression: What it was read from.
        point: The values of variables.
        field: The field of the request that holds the point.
    """
    point = named(function, point, field)
    if all(isinstance(value, float) for value in point.values()):
        return dict(point)
    # A function of arrays may have vectors of which only components occur, too.
    found = divided(function, point, field, zero_based=is_zero_based(expression))
    return found if function.arrays else require_numbers(found, field)


def names_whole(function: Function, variables: Sequence[str]) -> bool:
    """Return whether a vector is among `variables` of which only components occur in a function."""
    whole = tuple(name + "[" for name in variables if name not in function.used)
    return bool(whole) and any(name.startswith(whole) for name in function.used)


def check_declared(function: Function, source: Source) -> None:
    """Raise UNKNOWN_VARIABLE for a declared shape of a name that is neither in the text nor a variable of derivatives.

    A variable of derivatives that is not in the text must be declared as a number; vectors that do not occur are read as parameters only.
    """
    known = (*function.variables, *function.used, *function.lengths)
    for i, (name, shape) in enumerate(source.shapes.items()):
        if name in known or any(variable.startswith((f"{name}[", f"{name}$")) for variable in known):
            continue
        if name in function.graph.columns:
            message, hint = f"{quoted(name)} is a data column, which has its own shape", "leave it out"
        elif name not in source.declared:
            message = f"a shape is declared for {quoted(name)}, which is not a variable of the function"
            hint = f"its variables are {listed(function.variables)}"
        elif shape.dimensions:
            message = (
                f"the expression does not depend on {quoted(name)}, which is declared as {text_of(shape.dimensions)}"
            )
            hint = f"make {quoted(name)} a parameter of the function, or declare the shape 'number'"
        else:
            continue
        raise CalculusError(
            Reason.UNKNOWN_VARIABLE,
            message,
            hint,
            field=f"{source.field}.shapes[{i}].variable",
            metadata={"name": name},
        )


def by_hand(expression: fields.Expression) -> bool:
    """Return whether the names in a request tell how its text is read."""
    return expression.notation in (Notation.TEXTBOOK.value, Notation.LATEX.value)


def is_zero_based(expression: fields.Expression) -> bool:
    """Return whether the indices in an expression count from 0."""
    return expression.notation == Notation.PYTHON.value or (not expression.notation and is_python(expression.text))


def weight(_: Key, function: Function) -> int:
    """Return the nodes of a function's graph, which grows as it is differentiated, with its data as nodes."""
    graph = function.graph
    return len(graph.nodes) + sum(column.size for column in graph.columns.values()) // DOUBLES


def digest(data: "dict[str, NDArray[np.float64]]") -> bytes:
    """Return a hash of the names and values of `data`, 16 bytes; empty for no data."""
    if not data:
        return b""
    from hashlib import blake2b

    state = blake2b(digest_size=16)
    for name, values in data.items():
        state.update(f"{len(name)} {values.shape} {name}".encode())
        state.update(values.tobytes())
    return state.digest()
