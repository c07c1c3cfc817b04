"""Requests of any method, filled by the contract's own description: a new method is fuzzed without a word."""

import random
from collections.abc import Sequence
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from hard import DOUBLES, INT32, INT64
from secant.v1 import evaluate_pb2
from secantd.transport.messages.contract import SERVICE

__all__ = ["any_request", "framed", "unframed"]

# A figure takes a tenth of a second, a search for extrema a hundredth: there are others to try meanwhile.
SHARES = {"Plot": 0.02, "Extrema": 0.2, "Describe": 0.01}
# Messages of messages of messages: none of the contract's is nested deeper.
DEPTH = 5
# Notations that are read: R and Python, and whichever it may be.
READ = (0, 0, 0, 1, 2)
# Fields that make sense with the others only.
SELDOM = ("values_only", "by_definition", "direction", "first_number", "standard_errors", "inner", "tolerance")


def any_request(chance: random.Random, texts: Sequence[str], names: Sequence[str]) -> tuple[str, bytes]:
    """Return a method and a request whose fields are filled at random.

    Args:
        chance: Where it comes from.
        texts: The formula, and others for requests that have several.
        names: The variables of the formula.
    """
    methods = list(SERVICE.methods)
    (method,) = chance.choices(methods, [SHARES.get(m.name, 1.0) for m in methods])
    filler = Filler(chance, texts, names, wild=chance.random() < 0.25)
    if method.name == "EvaluateStream":
        return method.name, framed(filler.blocks())
    return method.name, filler.message(method.input_type).SerializeToString()


def framed(messages: Sequence[bytes]) -> bytes:
    """Return several messages as one, each after its length: two bytes."""
    return b"".join(min(len(m), 0xFFFF).to_bytes(2, "big") + m[:0xFFFF] for m in messages)


def unframed(raw: bytes) -> list[bytes]:
    """Return the messages in `raw`, whatever it is.

    >>> unframed(framed([b"one", b""]))
    [b'one', b'']
    """
    found = []
    while raw:
        length = int.from_bytes(raw[:2], "big")
        found.append(raw[2 : 2 + length])
        raw = raw[2 + length :]
    return found


class Filler:
    """Fills the fields of messages; `wild` ones may hold anything, the others what might be meant."""

    def __init__(self, chance: random.Random, texts: Sequence[str], names: Sequence[str], *, wild: bool) -> None:
        self.chance, self.texts, self.names, self.wild = chance, texts, names, wild

    def blocks(self) -> list[bytes]:
        """Return the messages of a stream: a setup and points, or not."""
        chance, request = self.chance, evaluate_pb2.EvaluateStreamRequest
        kinds = ["setup", *(chance.choice(("points",) * 5 + ("setup",)) for _ in range(chance.randrange(4)))]
        found = []
        for kind in kinds[self.wild and chance.random() < 0.3 :]:
            message = request()
            getattr(message, kind).CopyFrom(self.message(request.DESCRIPTOR.fields_by_name[kind].message_type))
            found.append(message.SerializeToString())
        return found

    def message(self, kind: Descriptor, depth: int = 0) -> Any:
        """Return a message of a kind."""
        made = kind._concrete_class()
        chosen = {self.chance.choice(oneof.fields).name for oneof in kind.oneofs}
        for field in kind.fields:
            other_member = field.containing_oneof is not None and field.name not in chosen
            if not other_member and depth < DEPTH and self.chance.random() < self.share(field):
                self.fill(made, field, depth)
        return made

    def share(self, field: FieldDescriptor) -> float:
        """Return how often a field is set."""
        if field.name in ("text", "variable", "name", "expression", "values", "points", "columns"):
            return 1.0
        if field.name in ("at", "start", "box", "ranges"):
            return 0.9
        return 0.1 if field.name in SELDOM and not self.wild else 0.5

    def fill(self, message: Message, field: FieldDescriptor, depth: int) -> None:
        """Set one field."""
        chance, kind = self.chance, field.message_type
        if kind is None and not field.is_repeated:
            setattr(message, field.name, self.scalar(field))
        elif kind is None:
            values = [self.scalar(field) for _ in range(chance.randrange(3))]
            getattr(message, field.name).extend(values if self.wild else dict.fromkeys(values))
        elif not field.is_repeated:
            getattr(message, field.name).CopyFrom(self.message(kind, depth + 1))
        else:
            # Points, bounds and columns have one entry for each variable; or they have not.
            for name in list(self.names)[:-1] * 2 if self.wild and chance.random() < 0.3 else self.names:
                getattr(message, field.name).append(self.entry(kind, name, depth))

    def entry(self, kind: Descriptor, name: str, depth: int) -> Any:
        """Return a message about one variable."""
        made, fields = self.message(kind, depth + 1), kind.fields_by_name
        for label in {"variable", "name"} & set(fields):
            setattr(made, label, name)
        if "lower" in fields and made.lower > made.upper and not self.wild:
            made.lower, made.upper = made.upper, made.lower
        if "values" in fields:
            made.values[:] = [self.number() for _ in range(2)]
        return made

    def scalar(self, field: FieldDescriptor) -> Any:
        """Return a value of a field that is no message."""
        chance = self.chance
        if field.enum_type is not None:
            known = [value.number for value in field.enum_type.values]
            if field.containing_type.name == "Expression":
                known = list(READ)
            return chance.choice([*known, 99] if self.wild else known)
        if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            if field.name == "text":
                return self.texts[0] if chance.random() < 0.8 else chance.choice(self.texts)
            return chance.choice((*self.names, "", "x y", "é") if self.wild else self.names)
        if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
            return chance.random() < 0.5
        if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
            return self.number()
        if self.wild:
            return chance.choice(INT32 if field.cpp_type == FieldDescriptor.CPPTYPE_INT32 else INT64)
        return chance.randrange(3)

    def number(self) -> float:
        """Return a number: most are everyday ones."""
        if self.chance.random() < (0.4 if self.wild else 0.05):
            return self.chance.choice(DOUBLES)
        return self.chance.uniform(0, 3) if self.chance.random() < 0.5 else self.chance.uniform(-10, 10)
