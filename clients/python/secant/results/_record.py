"""Conversion of replies to results: a dataclass is filled from the message fields with the same names."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor

from secant._arrays import array
from secant._enums import lower_name, upper_name
from secant.results.formula import formula

__all__ = ["record"]

T = TypeVar("T")
Convert = Callable[[Any, Sequence[int]], Any]

# Enums whose names are also arguments, which are in lower case.
ARGUMENTS = ("Notation", "Form", "Scheme")


def record(kind: Callable[..., T], message: Any, notations: Sequence[int] = (), /, **given: Any) -> T:
    """Return a dataclass filled from the message fields with the same names.

    Enums become their names, a Shape becomes its text, a Formula message becomes a Formula, a `repeated double` becomes an
    array and any other repeated field a tuple. An optional field that is not set becomes None.

    Args:
        kind: The dataclass.
        message: The reply, or a message in it.
        notations: The notations of the request, which name the renderings of formulas.
        given: Values of fields that the message does not have in this form.

    Raises:
        KeyError: The message lacks a field that is not given.
        MalformedReplyError: A formula does not fit the request.

    >>> from secant.results.check import Witness
    >>> from secant.v1.check_pb2 import Witness as Message
    >>> record(Witness, Message(name="exact", verdict="VERDICT_PROVED"), message="one form")
    Witness(name='exact', verdict='PROVED', message='one form')
    """
    for name in _names(kind):
        if name not in given and not name.startswith("_"):
            given[name] = _converter(message.DESCRIPTOR.fields_by_name[name])(message, notations)
    return kind(**given)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _converter(field: FieldDescriptor) -> Convert:
    """Return the function that reads a field of a message."""
    name, one = field.name, _of_one(field)
    if field.is_repeated:
        if field.type == FieldDescriptor.TYPE_DOUBLE:
            return lambda message, _: array(getattr(message, name))
        return lambda message, notations: tuple(one(entry, notations) for entry in getattr(message, name))
    if field.has_presence and not (field.message_type and field.message_type.name == "Shape"):
        return lambda message, notations: one(getattr(message, name), notations) if message.HasField(name) else None
    return lambda message, notations: one(getattr(message, name), notations)


def _of_one(field: FieldDescriptor) -> Convert:
    if field.enum_type is not None:
        enum, named = field.enum_type, lower_name if field.enum_type.name in ARGUMENTS else upper_name
        return lambda value, _: named(enum, value)
    if field.message_type is None:
        return lambda value, _: value
    if field.message_type.name == "Shape":
        return lambda shape, _: shape.text
    if field.message_type.name == "Formula":
        return formula
    raise KeyError(f"{field.full_name} is a {field.message_type.name}, which no result holds as it is")
