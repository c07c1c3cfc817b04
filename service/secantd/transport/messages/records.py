"""Conversion of the engine's records to messages: each field is the attribute of the same name."""

from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from secantd.transport.messages import arrays

__all__ = ["fill"]

Writer = Callable[[Any, str, Any], None]


def fill(message: Any, record: Any) -> None:
    """Write a record of the engine into the message that describes it.

    An attribute that is None leaves its field unset. A message may also be given as a tuple of its first fields:
    ("x", 2.0) is a Coordinate, ("X", array) a Column with the shape of the array, a tuple of formulas a Row.

    Raises:
        AttributeError: The record lacks a field of the message.

    >>> from secant.v1 import local_pb2
    >>> from secantd.analysis.approximate import SweepPoint
    >>> reply = local_pb2.ApproximateResponse()
    >>> fill(reply.sweep.add(), SweepPoint(step=0.1, value=2.0, error=0.5))
    >>> reply.sweep[0].step
    0.1
    """
    fields = writers(message.DESCRIPTOR)
    if type(record) is tuple:
        values = (record,) if len(fields) == 1 else record
        if len(values) > len(fields):
            raise AttributeError(f"{len(values)} values for {message.DESCRIPTOR.name}")
        for (name, write), value in zip(fields, values, strict=False):
            if isinstance(value, np.ndarray):
                # A Coordinate has one field for a number, and another for an array.
                arrays.extend(message, "values", value)
                if value.ndim > 1:
                    message.shape.extend(value.shape)
            else:
                write(message, name, value)
        return
    for name, write in fields:
        value = getattr(record, name)
        if value is not None:
            write(message, name, value)


@lru_cache(maxsize=256)
def writers(descriptor: Descriptor) -> tuple[tuple[str, Writer], ...]:
    """Return each field's name and the function that writes it."""
    return tuple((field.name, writer(field)) for field in descriptor.fields)


def writer(field: FieldDescriptor) -> Writer:
    if field.message_type is not None:
        return write_messages if field.is_repeated else write_message
    if field.is_repeated:
        return write_numbers if field.type == field.TYPE_DOUBLE else write_list
    return write_enum if field.enum_type is not None else setattr


def write_message(message: Any, name: str, value: Any) -> None:
    part = getattr(message, name)
    # So that a message of default values only counts as set.
    part.SetInParent()
    fill(part, value)


def write_messages(message: Any, name: str, values: Any) -> None:
    parts = getattr(message, name)
    for value in values:
        fill(parts.add(), value)


def write_enum(message: Any, name: str, value: Enum) -> None:
    setattr(message, name, value.value)


def write_list(message: Any, name: str, values: Any) -> None:
    getattr(message, name).extend(v.value if isinstance(v, Enum) else v for v in values)


def write_numbers(message: Any, name: str, values: Any) -> None:
    if isinstance(values, np.ndarray):
        arrays.extend(message, name, values)
    else:
        getattr(message, name).extend(values)
