"""Descriptors that turn the function of an rpc into a method of both clients.

Overloads of `__get__` give type checkers the right type: the result for a `Client`, a coroutine for an `AsyncClient`. `help`
and notebooks show the signature of the function.
"""

import functools
import inspect
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Iterator
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, get_args, overload

from secant._arrays import Points
from secant._call import Call, Dialogue, Gathering
from secant._enums import DialectWord, FigureWord, FormWord, MethodWord, NamingWord, Notations, SchemeWord
from secant._keywords import careful
from secant.descent import AsyncDescent, Descent
from secant.expression import Box, Function, Point
from secant.shapes import Shapes
from secant.v1 import descend_pb2

__all__ = ["Answered", "Awaited", "Blocks", "Descended", "Streamed", "Synchronous", "signature_of"]

P = ParamSpec("P")
T = TypeVar("T")
Blocks: TypeAlias = Iterable[Points] | AsyncIterable[Points]


class Synchronous(ABC):
    """The base class of a blocking client: how it makes each kind of call."""

    @abstractmethod
    def _make(self, call: Call[T] | Gathering[T]) -> T: ...

    @abstractmethod
    def _converse(self, dialogue: Dialogue[T], blocks: Iterable[Points]) -> Iterator[T]: ...

    @abstractmethod
    def _descend(self, request: descend_pb2.DescendRequest) -> Descent: ...


class Awaited(ABC):
    """The base class of an asyncio client: how it makes each kind of call."""

    @abstractmethod
    async def _make(self, call: Call[T] | Gathering[T]) -> T: ...

    @abstractmethod
    def _converse(self, dialogue: Dialogue[T], blocks: Blocks) -> AsyncIterator[T]: ...

    @abstractmethod
    def _descend(self, request: descend_pb2.DescendRequest) -> AsyncDescent: ...


class _Method:
    """A descriptor that creates a method from the function of an rpc, once for each class of client."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._made: dict[type, Callable[..., Any]] = {}

    def _get(self, client: Any, owner: type) -> Any:
        if (method := self._made.get(owner)) is None:
            method = self._made[owner] = self._method(self._build, issubclass(owner, Awaited))
        return method if client is None else MethodType(method, client)

    def _method(self, build: Callable[..., Any], awaited: bool) -> Callable[..., Any]:
        raise TypeError("a subclass must define _method")


class Answered(_Method, Generic[P, T]):
    """A method with one result, or a coroutine with one result."""

    def __init__(self, build: Callable[P, Call[T] | Gathering[T]]) -> None:
        super().__init__(build)

    @overload
    def __get__(self, client: None, owner: type) -> Callable[..., Any]: ...
    @overload
    def __get__(self, client: Synchronous, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaited, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        return self._get(client, owner)

    def _method(self, build: Callable[..., Any], awaited: bool) -> Callable[..., Any]:
        request = careful(build)

        def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return self._make(request(*args, **kwargs))

        async def coroutine(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return await self._make(request(*args, **kwargs))

        return _signed(build, coroutine if awaited else method)


class Streamed(_Method, Generic[P, T]):
    """A method that returns an iterator of results, one for each block of points; the blocks are its second argument."""

    def __init__(self, build: Callable[Concatenate[Function, P], Dialogue[T]]) -> None:
        super().__init__(build)

    @overload
    def __get__(self, client: None, owner: type) -> Callable[..., Any]: ...
    @overload
    def __get__(
        self, client: Synchronous, owner: type
    ) -> Callable[Concatenate[Function, Iterable[Points], P], Iterator[T]]: ...
    @overload
    def __get__(self, client: Awaited, owner: type) -> Callable[Concatenate[Function, Blocks, P], AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        return self._get(client, owner)

    def _method(self, build: Callable[..., Any], awaited: bool) -> Callable[..., Any]:
        request = careful(build)

        def method(self: Any, f: Function, blocks: Any, /, *args: Any, **kwargs: Any) -> Any:
            return self._converse(request(f, *args, **kwargs), blocks)

        return _signed(build, method, "blocks")


class Descended(_Method, Generic[P]):
    """A method that returns a descent, which is an iterator of steps."""

    def __init__(self, build: Callable[P, descend_pb2.DescendRequest]) -> None:
        super().__init__(build)

    @overload
    def __get__(self, client: None, owner: type) -> Callable[..., Any]: ...
    @overload
    def __get__(self, client: Synchronous, owner: type) -> Callable[P, Descent]: ...
    @overload
    def __get__(self, client: Awaited, owner: type) -> Callable[P, AsyncDescent]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        return self._get(client, owner)

    def _method(self, build: Callable[..., Any], awaited: bool) -> Callable[..., Any]:
        def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return self._descend(build(*args, **kwargs))

        method.__annotations__["return"] = AsyncDescent if awaited else Descent
        return _signed(build, method)


def _signed(build: Callable[..., Any], method: Callable[..., Any], blocks: str | None = None) -> Callable[..., Any]:
    """Return `method` with the name, the docstring and the parameters of `build`, preceded by `self`.

    Args:
        build: The function of the rpc, which builds the call.
        method: The function that makes the call.
        blocks: The name of the second parameter of `method` if `build` does not have it.
    """
    returns = inspect.signature(method).return_annotation
    functools.update_wrapper(method, build)
    signature = signature_of(build, returns, blocks)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[own, *signature.parameters.values()]
    )
    return method


class Named:
    """An annotation whose representation is the name of a type instead of what the name means."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


def signature_of(build: Callable[..., Any], returns: Any, blocks: str | None = None) -> inspect.Signature:
    """Return the signature that users see.

    Args:
        build: The function of the rpc, which builds the call.
        returns: What is returned if `build` does not return a call.
        blocks: The name of the second parameter if `build` does not have it.
    """
    signature = inspect.signature(build)
    parameters = [p.replace(annotation=_short(p.annotation)) for p in signature.parameters.values()]
    if blocks is not None:
        parameters[:1] = [
            parameters[0].replace(kind=inspect.Parameter.POSITIONAL_ONLY),
            inspect.Parameter(blocks, inspect.Parameter.POSITIONAL_ONLY),
        ]
    results = get_args(signature.return_annotation)
    if results and get_args(results[0]):  # a union: Call[T] | Gathering[T]
        results = get_args(results[0])
    return signature.replace(parameters=parameters, return_annotation=results[0] if results else returns)


def _short(annotation: Any) -> Any:
    """Return an annotation that is printed with the names of the client's types, such as `Point | None`."""
    if annotation is inspect.Parameter.empty or isinstance(annotation, type):
        return annotation
    for alias, name in _NAMES:
        if annotation == alias:
            return Named(name)
        if annotation == (alias | None):
            return Named(f"{name} | None")
    return annotation


_NAMES: list[tuple[Any, str]] = [
    (Function, "Function"),
    (Point, "Point"),
    (Points, "Points"),
    (Box, "Box"),
    (Shapes, "Shapes"),
    (Notations, "Notations"),
    (FormWord, "FormWord"),
    (NamingWord, "NamingWord"),
    (MethodWord, "MethodWord"),
    (SchemeWord, "SchemeWord"),
    (FigureWord, "FigureWord"),
    (DialectWord, "DialectWord"),
]
