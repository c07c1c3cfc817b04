from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Certificate(_message.Message):
    __slots__ = ("coq", "lean", "hypotheses", "point", "claimed_value", "true_value")
    COQ_FIELD_NUMBER: _ClassVar[int]
    LEAN_FIELD_NUMBER: _ClassVar[int]
    HYPOTHESES_FIELD_NUMBER: _ClassVar[int]
    POINT_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_VALUE_FIELD_NUMBER: _ClassVar[int]
    TRUE_VALUE_FIELD_NUMBER: _ClassVar[int]
    coq: str
    lean: str
    hypotheses: _containers.RepeatedScalarFieldContainer[str]
    point: _containers.RepeatedCompositeFieldContainer[ExactCoordinate]
    claimed_value: Interval
    true_value: Interval
    def __init__(self, coq: _Optional[str] = ..., lean: _Optional[str] = ..., hypotheses: _Optional[_Iterable[str]] = ..., point: _Optional[_Iterable[_Union[ExactCoordinate, _Mapping]]] = ..., claimed_value: _Optional[_Union[Interval, _Mapping]] = ..., true_value: _Optional[_Union[Interval, _Mapping]] = ...) -> None: ...

class ExactCoordinate(_message.Message):
    __slots__ = ("variable", "value")
    VARIABLE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    variable: str
    value: str
    def __init__(self, variable: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class Interval(_message.Message):
    __slots__ = ("lower", "upper")
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    lower: str
    upper: str
    def __init__(self, lower: _Optional[str] = ..., upper: _Optional[str] = ...) -> None: ...
