"""Setting a member of a protobuf oneof from keyword arguments: the methods of a descent, the kinds of a figure.

The settings of each member are read from the contract, not listed here.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from secant._enums import enum_value, enum_values
from secant.errors import UnknownSettingError
from secant.expression import coordinates

__all__ = ["set_member"]


def set_member(message: Any, oneof: str, name: str, settings: Mapping[str, Any]) -> None:
    """Set the member `name` of `oneof` in `message`, with its fields.

    Args:
        message: The message that is changed.
        oneof: The name of the oneof, "method".
        name: The name of the member, "momentum".
        settings: Values of the member's fields by name; None leaves a field unset.

    Raises:
        ValueError: The oneof has no such member.
        UnknownSettingError: The member has no such field.

    >>> from secant.v1.descend_pb2 import DescendRequest
    >>> request = DescendRequest()
    >>> set_member(request, "method", "momentum", {"rate": 0.1})
    >>> request.momentum.rate
    0.1
    >>> set_member(request, "method", "newton", {"rate": 0.1})
    Traceback (most recent call last):
    secant.errors.UnknownSettingError: method 'newton' has no setting 'rate'; its settings: none
    >>> set_member(request, "method", "momentum", {"beta": 0.1})
    Traceback (most recent call last):
    secant.errors.UnknownSettingError: method 'momentum' has no setting 'beta'; its settings: rate, momentum
    """
    members = [field.name for field in message.DESCRIPTOR.oneofs_by_name[oneof].fields]
    if name not in members:
        raise ValueError(f"{oneof} must be one of {', '.join(members)}; got {name!r}")
    member = getattr(message, name)
    member.SetInParent()
    fields = member.DESCRIPTOR.fields_by_name
    for key, value in settings.items():
        if key not in fields:
            known = ", ".join(fields) or "none"
            raise UnknownSettingError(f"{oneof} {name!r} has no setting {key!r}; its settings: {known}")
        if value is not None:
            try:
                _set(member, fields[key], value)
            except TypeError as error:
                raise TypeError(f"{key}={value!r}: {error}") from None


def _set(member: Any, field: FieldDescriptor, value: Any) -> None:
    repeated = hasattr(getattr(member, field.name), "extend")
    if field.message_type is not None and field.message_type.name == "Coordinate":
        getattr(member, field.name).extend(coordinates(value))
    elif field.message_type is not None:
        getattr(member, field.name).CopyFrom(value)
    elif field.enum_type is not None:
        if repeated:
            getattr(member, field.name).extend(enum_values(field.enum_type, value))
        else:
            setattr(member, field.name, enum_value(field.enum_type, value))
    elif repeated:
        getattr(member, field.name).extend(value)
    else:
        setattr(member, field.name, value)
