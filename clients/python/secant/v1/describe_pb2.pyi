from secant.v1 import expression_pb2 as _expression_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DescribeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DescribeResponse(_message.Message):
    __slots__ = ("version", "functions", "notations", "limits", "witnesses", "back_ends", "methods", "constants", "descent_methods", "data_sets", "engine")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FUNCTIONS_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    WITNESSES_FIELD_NUMBER: _ClassVar[int]
    BACK_ENDS_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    CONSTANTS_FIELD_NUMBER: _ClassVar[int]
    DESCENT_METHODS_FIELD_NUMBER: _ClassVar[int]
    DATA_SETS_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    version: str
    functions: _containers.RepeatedCompositeFieldContainer[Function]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    limits: _containers.RepeatedCompositeFieldContainer[Limit]
    witnesses: _containers.RepeatedScalarFieldContainer[str]
    back_ends: _containers.RepeatedScalarFieldContainer[str]
    methods: _containers.RepeatedScalarFieldContainer[str]
    constants: _containers.RepeatedScalarFieldContainer[str]
    descent_methods: _containers.RepeatedCompositeFieldContainer[DescentMethod]
    data_sets: _containers.RepeatedCompositeFieldContainer[DataSet]
    engine: str
    def __init__(self, version: _Optional[str] = ..., functions: _Optional[_Iterable[_Union[Function, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., limits: _Optional[_Iterable[_Union[Limit, _Mapping]]] = ..., witnesses: _Optional[_Iterable[str]] = ..., back_ends: _Optional[_Iterable[str]] = ..., methods: _Optional[_Iterable[str]] = ..., constants: _Optional[_Iterable[str]] = ..., descent_methods: _Optional[_Iterable[_Union[DescentMethod, _Mapping]]] = ..., data_sets: _Optional[_Iterable[_Union[DataSet, _Mapping]]] = ..., engine: _Optional[str] = ...) -> None: ...

class DataSet(_message.Message):
    __slots__ = ("name", "columns", "rows")
    NAME_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    name: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    rows: int
    def __init__(self, name: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ..., rows: _Optional[int] = ...) -> None: ...

class Function(_message.Message):
    __slots__ = ("name", "aliases", "parameters", "summary", "derivatives", "unknown", "source")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVES_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    aliases: _containers.RepeatedScalarFieldContainer[str]
    parameters: _containers.RepeatedScalarFieldContainer[str]
    summary: str
    derivatives: _containers.RepeatedScalarFieldContainer[str]
    unknown: str
    source: str
    def __init__(self, name: _Optional[str] = ..., aliases: _Optional[_Iterable[str]] = ..., parameters: _Optional[_Iterable[str]] = ..., summary: _Optional[str] = ..., derivatives: _Optional[_Iterable[str]] = ..., unknown: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class Limit(_message.Message):
    __slots__ = ("name", "value", "unit", "reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    unit: str
    reason: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., unit: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class DescentMethod(_message.Message):
    __slots__ = ("name", "summary", "settings", "bounded")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    BOUNDED_FIELD_NUMBER: _ClassVar[int]
    name: str
    summary: str
    settings: _containers.RepeatedCompositeFieldContainer[DescentSetting]
    bounded: bool
    def __init__(self, name: _Optional[str] = ..., summary: _Optional[str] = ..., settings: _Optional[_Iterable[_Union[DescentSetting, _Mapping]]] = ..., bounded: _Optional[bool] = ...) -> None: ...

class DescentSetting(_message.Message):
    __slots__ = ("name", "meaning", "range", "default_value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    meaning: str
    range: str
    default_value: float
    def __init__(self, name: _Optional[str] = ..., meaning: _Optional[str] = ..., range: _Optional[str] = ..., default_value: _Optional[float] = ...) -> None: ...
