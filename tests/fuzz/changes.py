"""Every change of one field of a message, found by walking its descriptor: new fields are covered by themselves."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hard import DOUBLES, FORMULAS, INT32, INT64, NAMES

__all__ = ["Change", "changes"]

# Entries of a repeated field that are changed one by one.
ENTRIES = 2
# Copies of an entry: a list longer than anybody means, and below the limit of a message.
MANY = 3_000


class Change(NamedTuple):
    """A change of a message of one kind: where, what, and how it is made."""

    where: str
    what: str
    make: Callable[[Any], None]

    def within(self, name: str, index: int | None = None) -> "Change":
        """Return the change of the message that holds the changed one in its field `name`."""
        place = name if index is None else f"{name}[{index}]"
        return Change(f"{place}.{self.where}", self.what, partial(deeper, name, index, self.make))


def deeper(name: str, index: int | None, make: Callable[[Any], None], message: Any) -> None:
    inside = getattr(message, name)
    if index is not None:
        while len(inside) <= index:
            inside.add()
        make(inside[index])
    else:
        inside.SetInParent()
        make(inside)


def changes(message: Message) -> Iterator[Change]:
    """Yield the changes of one field each: of `message`, of the messages in it, and of those that it might hold."""
    for field in message.DESCRIPTOR.fields:
        name = field.name
        value = getattr(message, name)
        yield Change(name, "unset", partial(clear, name))
        if field.message_type is None:
            hard = scalars(field)
            if field.is_repeated:
                yield from lists(name, list(value), hard)
            else:
                yield from (Change(name, short(v), partial(put, name, v)) for v in hard)
        elif field.is_repeated:
            yield from entries(name, value)
            for i in range(min(max(1, len(value)), ENTRIES)):
                one = value[i] if i < len(value) else field.message_type._concrete_class()
                yield from (change.within(name, i) for change in changes(one))
        else:
            yield Change(name, "empty", partial(empty, name))
            # What another choice holds is changed where it is chosen.
            oneof = field.containing_oneof
            if oneof is None or message.WhichOneof(oneof.name) in (None, name):
                yield from (change.within(name) for change in changes(value))


def scalars(field: FieldDescriptor) -> Sequence[Any]:
    """Return hard values of a field's kind."""
    if field.enum_type is not None:
        known = [v.number for v in field.enum_type.values]
        return [*known, max(known) + 1, 99, -1, 2**31 - 1, -(2**31)]
    kinds: dict[int, Sequence[Any]] = {
        FieldDescriptor.CPPTYPE_STRING: FORMULAS if field.name == "text" else NAMES,
        FieldDescriptor.CPPTYPE_BOOL: (False, True),
        FieldDescriptor.CPPTYPE_DOUBLE: DOUBLES,
        FieldDescriptor.CPPTYPE_INT32: INT32,
        FieldDescriptor.CPPTYPE_INT64: INT64,
    }
    return kinds[field.cpp_type]


def lists(name: str, now: list[Any], hard: Sequence[Any]) -> Iterator[Change]:
    """Yield changes of a list of scalars."""
    for v in hard:
        yield Change(name, f"only {short(v)}", partial(assign, name, [v]))
        if now:
            yield Change(name, f"first {short(v)}", partial(assign, name, [v, *now[1:]]))
            yield Change(name, f"and {short(v)}", partial(assign, name, [*now, v]))
    yield Change(name, "doubled", partial(assign, name, now * 2))
    yield Change(name, "reversed", partial(assign, name, now[::-1]))
    yield Change(name, "all that are hard", partial(assign, name, [v for v in hard if v != "x" * 10_000]))
    yield Change(name, f"{MANY} times", partial(assign, name, (now or list(hard[:1])) * MANY))


def entries(name: str, now: Sequence[Any]) -> Iterator[Change]:
    """Yield changes of a list of messages."""
    yield Change(name, "an empty one more", partial(more, name))
    if now:
        copies = list(now)
        yield Change(name, "doubled", partial(replace, name, copies * 2))
        yield Change(name, "reversed", partial(replace, name, copies[::-1]))
        yield Change(name, "the first only", partial(replace, name, copies[:1]))
        yield Change(name, f"the first {MANY} times", partial(replace, name, copies[:1] * MANY))


def clear(name: str, message: Message) -> None:
    message.ClearField(name)


def empty(name: str, message: Message) -> None:
    message.ClearField(name)
    getattr(message, name).SetInParent()


def put(name: str, value: Any, message: Message) -> None:
    setattr(message, name, value)


def assign(name: str, values: Sequence[Any], message: Message) -> None:
    getattr(message, name)[:] = values


def more(name: str, message: Message) -> None:
    getattr(message, name).add()


def replace(name: str, values: Sequence[Message], message: Message) -> None:
    message.ClearField(name)
    getattr(message, name).extend(values)


def short(value: Any) -> str:
    """Return a value as a report shows it."""
    written = ascii(value)
    return written if len(written) <= 60 else f"{written[:50]}... ({len(written)})"
