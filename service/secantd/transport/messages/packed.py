"""Columns of numbers without copies: those of a request stay in its bytes, and those of a reply are copied once.

protobuf copies packed doubles when it parses a message, and again when an array is made of them; a reply is copied three times.
Large columns are therefore read and written here, in the wire format (protobuf's encoding specification). Everything that is
unusual is left to protobuf: other fields, numbers that are not packed, text that is no UTF-8, bytes that are cut off.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.transport.messages.arrays import LENGTH_DELIMITED, varint
from secantd.transport.messages.records import writers

__all__ = ["Columns", "Encoded", "encoded", "lifted", "member"]

# Requests of fewer bytes are parsed by protobuf, which is as fast for them.
SMALL = 4096
VARINT = 0
# Bytes of the wire types of fixed length.
FIXED = {1: 8, 5: 4}
# Tags of the fields of a Column: name, values, shape.
NAME, VALUES, SHAPE = (number << 3 | LENGTH_DELIMITED for number in (1, 2, 3))


class Columns(NamedTuple):
    """A Column of a request, whose values are a view of the bytes of the request."""

    name: str
    values: NDArray[np.float64]
    shape: tuple[int, ...]


class UnusualError(Exception):
    """Bytes that are left to protobuf."""


def lifted(data: bytes, field: int, begin: int = 0) -> tuple[bytes, list[Columns]] | None:
    """Return a message without its Columns, and the Columns; None for a message that is left to protobuf.

    Args:
        data: The bytes that end with the message.
        field: The number of its field `repeated Column`.
        begin: Where the message begins.

    >>> from secant.v1 import evaluate_pb2
    >>> request = evaluate_pb2.EvaluateRequest(order=1)
    >>> _ = request.points.add(name="x", values=range(1000))
    >>> rest, [column] = lifted(request.SerializeToString(), 2)
    >>> evaluate_pb2.EvaluateRequest.FromString(rest).order, column.name, float(column.values[-1])
    (1, 'x', 999.0)
    """
    if len(data) - begin < SMALL:
        return None
    rest: list[bytes] = []
    columns = []
    try:
        for number, first, at, end in fields(data, begin, len(data)):
            if number == field << 3 | LENGTH_DELIMITED:
                columns.append(column(data, at, end))
            else:
                rest.append(data[first:end])
    except UnusualError:
        return None
    return b"".join(rest), columns


def member(data: bytes, field: int) -> int | None:
    """Return where the only field of a message begins, which is a message itself; None for any other bytes."""
    try:
        found = list(fields(data, 0, len(data)))
    except UnusualError:
        return None
    return found[0][2] if len(found) == 1 and found[0][0] == field << 3 | LENGTH_DELIMITED else None


def fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the tag, the begin, the begin of the content and the end of each field."""
    while at < end:
        begin = at
        tag, at = read_varint(data, at)
        wire = tag & 7
        if wire == LENGTH_DELIMITED:
            size, at = read_varint(data, at)
            next_ = at + size
        elif wire == VARINT:
            _, next_ = read_varint(data, at)
        elif wire in FIXED:
            next_ = at + FIXED[wire]
        else:
            raise UnusualError
        if next_ > end:
            raise UnusualError
        yield tag, begin, at, next_
        at = next_


def column(data: bytes, at: int, end: int) -> Columns:
    """Return a Column in the bytes of a message."""
    name, shape = "", []
    values: NDArray[np.float64] | None = None
    for tag, _, begin, stop in fields(data, at, end):
        if tag == NAME:
            try:
                name = data[begin:stop].decode()
            except UnicodeDecodeError:
                raise UnusualError from None
        elif tag == VALUES and values is None and (stop - begin) % 8 == 0:
            values = np.frombuffer(data, "<f8", (stop - begin) // 8, begin)
        elif tag == SHAPE:
            while begin < stop:
                side, begin = read_varint(data, begin)
                shape.append(side)
            if begin > stop or max(shape, default=0) >> 63:
                raise UnusualError
        else:
            raise UnusualError
    return Columns(name, np.empty(0) if values is None else values, tuple(shape))


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, and where it ends."""
    value = shift = 0
    while shift < 64:
        if at >= len(data):
            raise UnusualError
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise UnusualError


class Encoded:
    """A reply in pieces: bytes, and the arrays of the engine."""

    def __init__(self, pieces: list[Any]) -> None:
        self.pieces = pieces

    def SerializeToString(self) -> bytes:
        """Return the reply as bytes, as a message does."""
        return b"".join(self.pieces)


def encoded(message: Any, record: Any) -> Encoded:
    """Return a record as the message that describes it, whose large columns are copied once.

    Args:
        message: An empty message; its fields that are not arrays are filled.
        record: A record of the engine, as for `fill`. A Column is a tuple of its name and its values.
    """
    pieces: list[Any] = []
    numbers = {field.name: field.number for field in message.DESCRIPTOR.fields}
    for name, write in writers(message.DESCRIPTOR):
        value = getattr(record, name)
        if isinstance(value, np.ndarray):
            pieces += packed(numbers[name], value)
        elif isinstance(value, tuple) and value and all(is_column(entry) for entry in value):
            for label, values in value:
                inner = [*text_field(1, label), *packed(2, values)]
                if values.ndim > 1:
                    sides = b"".join(map(varint, values.shape))
                    inner += [varint(SHAPE), varint(len(sides)), sides]
                size = sum(memoryview(piece).nbytes for piece in inner)
                pieces += [varint(numbers[name] << 3 | LENGTH_DELIMITED), varint(size), *inner]
        elif value is not None:
            write(message, name, value)
    return Encoded([message.SerializeToString(), *pieces])


def is_column(entry: Any) -> bool:
    return type(entry) is tuple and len(entry) == 2 and isinstance(entry[1], np.ndarray)


def packed(number: int, values: NDArray[np.float64]) -> list[Any]:
    """Return the pieces of a `repeated double`; none for an empty one."""
    if not values.size:
        return []
    content = np.ascontiguousarray(values, "<f8").data.cast("B")
    return [varint(number << 3 | LENGTH_DELIMITED), varint(content.nbytes), content]


def text_field(number: int, text: str) -> list[bytes]:
    content = text.encode()
    return [varint(number << 3 | LENGTH_DELIMITED), varint(len(content)), content] if content else []
