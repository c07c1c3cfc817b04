"""Columns of numbers in protobuf's wire format, without copies: client and service read and write large messages with it.

protobuf copies packed doubles when it parses a message, and again when an array is made of them; a message that is written is copied
three times. Everything that is unusual is left to protobuf: other fields, numbers that are not packed, text that is no UTF-8, bytes that
are cut off.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LENGTH_DELIMITED",
    "SMALL",
    "Columns",
    "Encoded",
    "Lifted",
    "lifted",
    "member",
    "nested",
    "packed",
    "packed_column",
    "varint",
]

# Messages of fewer bytes are left to protobuf, which is as fast for them.
SMALL = 4096
# Wire types (protobuf's encoding specification), and the bytes of those of fixed length.
VARINT, LENGTH_DELIMITED = 0, 2
FIXED = {1: 8, 5: 4}
# Numbers of one byte.
SINGLE = tuple(bytes([number]) for number in range(128))
# Tags of the fields of a Column: name, values, shape.
NAME, VALUES, SHAPE = (number << 3 | LENGTH_DELIMITED for number in (1, 2, 3))


class Columns(NamedTuple):
    """A Column whose values are a view of the bytes of a message."""

    name: str
    values: NDArray[np.float64]
    shape: tuple[int, ...]


class Lifted(NamedTuple):
    """A message without its numbers.

    Attributes:
        rest: The bytes of the other fields.
        columns: The Columns.
        values: The numbers of its field `repeated double`; None without one.
    """

    rest: bytes
    columns: list[Columns]
    values: NDArray[np.float64] | None


class UnusualError(Exception):
    """Bytes that are left to protobuf."""


def lifted(data: bytes, field: int, begin: int = 0, numbers: int = 0) -> Lifted | None:
    """Return a message without its Columns, and the Columns; None for a message that is left to protobuf.

    Args:
        data: The bytes that end with the message.
        field: The number of its field `repeated Column`.
        begin: Where the message begins.
        numbers: The number of its field `repeated double`; 0: it has none.

    >>> from secant.v1 import evaluate_pb2
    >>> request = evaluate_pb2.EvaluateRequest(order=1)
    >>> _ = request.points.add(name="x", values=range(1000))
    >>> rest, [column], _ = lifted(request.SerializeToString(), 2)
    >>> evaluate_pb2.EvaluateRequest.FromString(rest).order, column.name, float(column.values[-1])
    (1, 'x', 999.0)
    """
    if len(data) - begin < SMALL:
        return None
    rest: list[bytes] = []
    columns = []
    values: NDArray[np.float64] | None = None
    try:
        for tag, first, at, end in fields(data, begin, len(data)):
            if tag == field << 3 | LENGTH_DELIMITED:
                columns.append(column(data, at, end))
            elif numbers and tag >> 3 == numbers:
                if tag & 7 != LENGTH_DELIMITED or values is not None:
                    return None
                values = doubles(data, at, end)
            else:
                rest.append(data[first:end])
    except UnusualError:
        return None
    return Lifted(b"".join(rest), columns, values)


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


def doubles(data: bytes, at: int, end: int) -> NDArray[np.float64]:
    if (end - at) % 8:
        raise UnusualError
    return np.frombuffer(data, "<f8", (end - at) // 8, at)


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
        elif tag == VALUES and values is None:
            values = doubles(data, begin, stop)
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


def varint(number: int) -> bytes:
    """Return `number` in groups of seven bits, least first, each but the last with its high bit set.

    >>> varint(300).hex()
    'ac02'
    """
    if number < 128:
        return SINGLE[number]
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


class Encoded:
    """A message in pieces: bytes, and arrays."""

    def __init__(self, pieces: list[Any]) -> None:
        self.pieces = pieces

    def SerializeToString(self) -> bytes:
        """Return the message as bytes, as a message does."""
        return b"".join(self.pieces)


def packed(number: int, values: NDArray[np.float64]) -> list[Any]:
    """Return the pieces of a `repeated double`; none for an empty one.

    Args:
        number: The number of the field.
        values: Its values, or a matrix, row by row.
    """
    if not values.size:
        return []
    size = 8 * values.size
    # Copying few numbers takes less time than a view of them.
    content = values.astype("<f8").tobytes() if size < SMALL else np.ascontiguousarray(values, "<f8").data.cast("B")
    return [varint(number << 3 | LENGTH_DELIMITED), varint(size), content]


def packed_column(number: int, name: str, values: NDArray[np.float64]) -> list[Any]:
    """Return the pieces of one Column of a `repeated Column`; that of a matrix has its shape."""
    content = name.encode()
    inner: list[Any] = [varint(NAME), varint(len(content)), content] if content else []
    inner += packed(2, values)
    if values.ndim > 1:
        sides = b"".join(map(varint, values.shape))
        inner += [varint(SHAPE), varint(len(sides)), sides]
    return nested(number, inner)


def nested(number: int, pieces: list[Any]) -> list[Any]:
    """Return the pieces of a field that is a message."""
    # Views of arrays are views of bytes.
    size = sum(map(len, pieces))
    return [varint(number << 3 | LENGTH_DELIMITED), varint(size), *pieces]
