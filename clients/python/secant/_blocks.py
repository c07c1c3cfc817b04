"""Messages with blocks of numbers: those of Evaluate and EvaluateStream, written and read without copies where they are large."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from secant._arrays import Array, add_columns
from secant._packed import SMALL, Columns, Encoded, lifted, nested, packed_column
from secant.v1 import evaluate_pb2 as pb
from secant.v1.expression_pb2 import Expression

__all__ = ["Reply", "block", "is_part", "is_quick", "open_stub", "request"]

# EvaluateResponse or EvaluateStreamResponse, or a Block, which has the same fields.
Reply: TypeAlias = Any
Message = pb.EvaluateResponse | pb.EvaluateStreamResponse
SERVICE = "/secant.v1.CalculusService/"
# A formula of nothing else takes a server a fraction of a second at all points of one message. By order: the numbers of a message times
# the characters of the text; the most characters, names, powers and commas. Functions of some nanoseconds.
WORK = {0: 100_000_000, 1: 25_000_000, 2: 2_500_000}
FEW = {0: (150, 12, 12, 12), 1: (150, 12, 12, 12), 2: (60, 5, 5, 6)}
CHEAP = frozenset(
    "abs acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh exp expm1 fabs floor ifelse log log10 log1p log2 max maximum min "
    "minimum pmax pmin pow sigmoid sign sin sinh sqrt tan tanh where".split()
)
HEADER = re.compile(r"\s*(?:function\s*\([\w\s,.]*\)|lambda[\w\s,]*:|~)")
NAME = re.compile(r"[^\W\d][\w.]*")
CALLED = re.compile(r"(\w+)\s*\(")
UNUSUAL = re.compile(r"[\n;:{}\\\[=]|<-")


class Block:
    """A reply whose numbers are views of its bytes; it has the fields of the message."""

    def __init__(self, message: Message, values: Array, derivatives: list[Columns]) -> None:
        self.message = message
        self.values = values
        self.derivatives = derivatives

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)


def is_part(reply: Reply) -> bool:
    """Return whether a reply is one of a stream."""
    return isinstance(reply.message if isinstance(reply, Block) else reply, pb.EvaluateStreamResponse)


def request(message: pb.EvaluateRequest, arrays: Mapping[str, Array]) -> pb.EvaluateRequest | Encoded:
    """Return a request with points."""
    if is_small(arrays):
        add_columns(message.points, arrays)
        return message
    return Encoded([message.SerializeToString(), *pieces(pb.EvaluateRequest.POINTS_FIELD_NUMBER, arrays)])


def block(arrays: Mapping[str, Array]) -> pb.EvaluateStreamRequest | Encoded:
    """Return a message of a stream with a block of points."""
    kind = pb.EvaluateStreamRequest
    if not is_small(arrays):
        return Encoded(nested(kind.POINTS_FIELD_NUMBER, pieces(kind.Points.COLUMNS_FIELD_NUMBER, arrays)))
    message = kind()
    # A block without columns is still a block.
    message.points.SetInParent()
    add_columns(message.points.columns, arrays)
    return message


def is_quick(expression: Expression, arrays: Mapping[str, Array], order: int) -> bool:
    """Return whether a formula is surely so cheap that a server evaluates all points of one message in a fraction of a second.

    >>> from numpy import ones
    >>> is_quick(Expression(text="x*sin(x)"), {"x": ones(100_000)}, 1), is_quick(Expression(text="qgamma(x, 2)"), {"x": ones(100_000)}, 1)
    (True, False)
    """
    length, names, powers, commas = FEW.get(order, (0, 0, 0, 0))
    if len(expression.text) > length or expression.data or expression.shapes or expression.data_set:
        return False
    text = HEADER.sub("", expression.text, count=1)
    numbers = sum(len(values) for values in arrays.values())
    return (
        numbers * len(expression.text) <= WORK[order]
        and len(set(NAME.findall(expression.text))) <= names
        and text.count("^") + text.count("**") <= powers
        and text.count(",") <= commas
        and not UNUSUAL.search(text)
        and CHEAP.issuperset(CALLED.findall(text))
    )


def is_small(arrays: Mapping[str, Array]) -> bool:
    return sum(values.nbytes for values in arrays.values()) < SMALL or any(v.size == 0 for v in arrays.values())


def pieces(field: int, arrays: Mapping[str, Array]) -> list[Any]:
    return [piece for name, values in arrays.items() for piece in packed_column(field, name, values)]


def open_stub(stub: Any, channel: Any) -> Any:
    """Let a stub send and receive large blocks; returns it."""

    def reader(kind: type[Message]) -> Callable[[bytes], Reply]:
        def read(data: bytes) -> Reply:
            found = lifted(data, kind.DERIVATIVES_FIELD_NUMBER, numbers=kind.VALUES_FIELD_NUMBER)
            if found is None or found.values is None:
                return kind.FromString(data)
            return Block(kind.FromString(found.rest), found.values, found.columns)

        return read

    def bytes_of(message: Any) -> bytes:
        data: bytes = message.SerializeToString()
        return data

    for name, method, kind in (
        ("Evaluate", channel.unary_unary, pb.EvaluateResponse),
        ("EvaluateStream", channel.stream_stream, pb.EvaluateStreamResponse),
    ):
        call = method(
            SERVICE + name, request_serializer=bytes_of, response_deserializer=reader(kind), _registered_method=True
        )
        setattr(stub, name, call)
    return stub
