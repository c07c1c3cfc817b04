"""Fill a member of a protobuf oneof from keywords: the methods of a descent, the kinds of a figure.

The contract is the table of which settings each has; nothing of it is written again here.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from secant.expression import coordinates
from secant.words import number, numbers

__all__ = ["UnknownSettingError", "fill"]


class UnknownSettingError(TypeError):
    """A keyword that the member chosen does not have."""


def fill(message: Any, oneof: str, name: str, settings: Mapping[str, Any]) -> None:
    """Set the member `name` of `oneof` in `message`, with its fields.

    Raises:
        ValueError: No such member.
        UnknownSettingError: No such field.

    >>> from secant.v1.descend_pb2 import DescendRequest
    >>> request = DescendRequest()
    >>> fill(request, "method", "momentum", {"rate": 0.1})
    >>> request.momentum.rate
    0.1
    >>> fill(request, "method", "newton", {"rate": 0.1})
    Traceback (most recent call last):
    secant.member.UnknownSettingError: newton takes no rate; it takes no settings
    >>> fill(request, "method", "momentum", {"beta": 0.1})
    Traceback (most recent call last):
    secant.member.UnknownSettingError: momentum takes no beta; it takes rate, momentum
    """
    members = [field.name for field in message.DESCRIPTOR.oneofs_by_name[oneof].fields]
    if name not in members:
        raise ValueError(f"{oneof} is one of {', '.join(members)}, not {name!r}")
    member = getattr(message, name)
    member.SetInParent()
    fields = member.DESCRIPTOR.fields_by_name
    for key, value in settings.items():
        if key not in fields:
            known = ", ".join(fields) or "no settings"
            raise UnknownSettingError(f"{name} takes no {key}; it takes {known}")
        if value is not None:
            _set(member, fields[key], value)


def _set(member: Any, field: FieldDescriptor, value: Any) -> None:
    repeated = hasattr(getattr(member, field.name), "extend")
    if field.message_type is not None and field.message_type.name == "Coordinate":
        getattr(member, field.name).extend(coordinates(value))
    elif field.message_type is not None:
        getattr(member, field.name).CopyFrom(value)
    elif field.enum_type is not None:
        if repeated:
            getattr(member, field.name).extend(numbers(field.enum_type, value))
        else:
            setattr(member, field.name, number(field.enum_type, value))
    elif repeated:
        getattr(member, field.name).extend(value)
    else:
        setattr(member, field.name, value)
