from secant.v1 import expression_pb2 as _expression_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EvaluateRequest(_message.Message):
    __slots__ = ("expression", "points", "order", "variables", "enclosures")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    ENCLOSURES_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    points: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Column]
    order: int
    variables: _containers.RepeatedScalarFieldContainer[str]
    enclosures: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., points: _Optional[_Iterable[_Union[_expression_pb2.Column, _Mapping]]] = ..., order: _Optional[int] = ..., variables: _Optional[_Iterable[str]] = ..., enclosures: _Optional[bool] = ...) -> None: ...

class EvaluateResponse(_message.Message):
    __slots__ = ("values", "derivatives", "variables", "shape", "limits", "notices", "enclosures")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVES_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    ENCLOSURES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    derivatives: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Column]
    variables: _containers.RepeatedScalarFieldContainer[str]
    shape: _expression_pb2.Shape
    limits: _containers.RepeatedScalarFieldContainer[int]
    notices: _containers.RepeatedScalarFieldContainer[str]
    enclosures: _containers.RepeatedCompositeFieldContainer[Bounds]
    def __init__(self, values: _Optional[_Iterable[float]] = ..., derivatives: _Optional[_Iterable[_Union[_expression_pb2.Column, _Mapping]]] = ..., variables: _Optional[_Iterable[str]] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., limits: _Optional[_Iterable[int]] = ..., notices: _Optional[_Iterable[str]] = ..., enclosures: _Optional[_Iterable[_Union[Bounds, _Mapping]]] = ...) -> None: ...

class Bounds(_message.Message):
    __slots__ = ("name", "lower", "upper")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    name: str
    lower: _containers.RepeatedScalarFieldContainer[float]
    upper: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, name: _Optional[str] = ..., lower: _Optional[_Iterable[float]] = ..., upper: _Optional[_Iterable[float]] = ...) -> None: ...

class EvaluateStreamRequest(_message.Message):
    __slots__ = ("setup", "points")
    class Setup(_message.Message):
        __slots__ = ("expression", "order", "variables", "at")
        EXPRESSION_FIELD_NUMBER: _ClassVar[int]
        ORDER_FIELD_NUMBER: _ClassVar[int]
        VARIABLES_FIELD_NUMBER: _ClassVar[int]
        AT_FIELD_NUMBER: _ClassVar[int]
        expression: _expression_pb2.Expression
        order: int
        variables: _containers.RepeatedScalarFieldContainer[str]
        at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
        def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., order: _Optional[int] = ..., variables: _Optional[_Iterable[str]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ...) -> None: ...
    class Points(_message.Message):
        __slots__ = ("columns",)
        COLUMNS_FIELD_NUMBER: _ClassVar[int]
        columns: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Column]
        def __init__(self, columns: _Optional[_Iterable[_Union[_expression_pb2.Column, _Mapping]]] = ...) -> None: ...
    SETUP_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    setup: EvaluateStreamRequest.Setup
    points: EvaluateStreamRequest.Points
    def __init__(self, setup: _Optional[_Union[EvaluateStreamRequest.Setup, _Mapping]] = ..., points: _Optional[_Union[EvaluateStreamRequest.Points, _Mapping]] = ...) -> None: ...

class EvaluateStreamResponse(_message.Message):
    __slots__ = ("values", "derivatives", "variables", "offset", "limits", "notices")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVES_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    derivatives: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Column]
    variables: _containers.RepeatedScalarFieldContainer[str]
    offset: int
    limits: _containers.RepeatedScalarFieldContainer[int]
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, values: _Optional[_Iterable[float]] = ..., derivatives: _Optional[_Iterable[_Union[_expression_pb2.Column, _Mapping]]] = ..., variables: _Optional[_Iterable[str]] = ..., offset: _Optional[int] = ..., limits: _Optional[_Iterable[int]] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...
