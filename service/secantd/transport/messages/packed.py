"""Replies whose large columns are copied once; requests with large columns are read by `secant._packed`, where the wire format is."""

from typing import Any

import numpy as np
from secant._packed import Encoded, packed, packed_column

from secantd.transport.messages.records import writers

__all__ = ["encoded"]


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
                pieces += packed_column(numbers[name], label, values)
        elif value is not None:
            write(message, name, value)
    return Encoded([message.SerializeToString(), *pieces])


def is_column(entry: Any) -> bool:
    return type(entry) is tuple and len(entry) == 2 and isinstance(entry[1], np.ndarray)
