from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_SYNTAX_ERROR: _ClassVar[ErrorReason]
    ERROR_REASON_UNKNOWN_FUNCTION: _ClassVar[ErrorReason]
    ERROR_REASON_UNKNOWN_VARIABLE: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_DIFFERENTIABLE: _ClassVar[ErrorReason]
    ERROR_REASON_LIMIT_EXCEEDED: _ClassVar[ErrorReason]
    ERROR_REASON_INVALID_VALUE: _ClassVar[ErrorReason]
    ERROR_REASON_UNDEFINED_AT_POINT: _ClassVar[ErrorReason]
    ERROR_REASON_TIME_LIMIT: _ClassVar[ErrorReason]
    ERROR_REASON_MEMORY_LIMIT: _ClassVar[ErrorReason]
    ERROR_REASON_BUSY: _ClassVar[ErrorReason]
    ERROR_REASON_UNAUTHENTICATED: _ClassVar[ErrorReason]
    ERROR_REASON_MISSING_PART: _ClassVar[ErrorReason]
    ERROR_REASON_INTERNAL: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_SYNTAX_ERROR: ErrorReason
ERROR_REASON_UNKNOWN_FUNCTION: ErrorReason
ERROR_REASON_UNKNOWN_VARIABLE: ErrorReason
ERROR_REASON_NOT_DIFFERENTIABLE: ErrorReason
ERROR_REASON_LIMIT_EXCEEDED: ErrorReason
ERROR_REASON_INVALID_VALUE: ErrorReason
ERROR_REASON_UNDEFINED_AT_POINT: ErrorReason
ERROR_REASON_TIME_LIMIT: ErrorReason
ERROR_REASON_MEMORY_LIMIT: ErrorReason
ERROR_REASON_BUSY: ErrorReason
ERROR_REASON_UNAUTHENTICATED: ErrorReason
ERROR_REASON_MISSING_PART: ErrorReason
ERROR_REASON_INTERNAL: ErrorReason
