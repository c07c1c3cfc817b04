from secant.v1 import certificate_pb2 as _certificate_pb2
from secant.v1 import expression_pb2 as _expression_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_PROVED: _ClassVar[Verdict]
    VERDICT_AGREES: _ClassVar[Verdict]
    VERDICT_REFUTED: _ClassVar[Verdict]
    VERDICT_UNDECIDED: _ClassVar[Verdict]
VERDICT_UNSPECIFIED: Verdict
VERDICT_PROVED: Verdict
VERDICT_AGREES: Verdict
VERDICT_REFUTED: Verdict
VERDICT_UNDECIDED: Verdict

class CheckRequest(_message.Message):
    __slots__ = ("expression", "variables", "claimed", "at", "witnesses", "seconds", "order", "assumptions", "tolerance", "certificate")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    WITNESSES_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    claimed: _expression_pb2.Expression
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    witnesses: _containers.RepeatedScalarFieldContainer[str]
    seconds: float
    order: int
    assumptions: _containers.RepeatedScalarFieldContainer[str]
    tolerance: float
    certificate: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., claimed: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., witnesses: _Optional[_Iterable[str]] = ..., seconds: _Optional[float] = ..., order: _Optional[int] = ..., assumptions: _Optional[_Iterable[str]] = ..., tolerance: _Optional[float] = ..., certificate: _Optional[bool] = ...) -> None: ...

class CheckResponse(_message.Message):
    __slots__ = ("verdict", "message", "witness_point", "variable", "claimed_value", "true_value", "witnesses", "derivatives", "variables", "notices", "slip", "certificate")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    WITNESS_POINT_FIELD_NUMBER: _ClassVar[int]
    VARIABLE_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_VALUE_FIELD_NUMBER: _ClassVar[int]
    TRUE_VALUE_FIELD_NUMBER: _ClassVar[int]
    WITNESSES_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVES_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    SLIP_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    message: str
    witness_point: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    variable: str
    claimed_value: float
    true_value: float
    witnesses: _containers.RepeatedCompositeFieldContainer[Witness]
    derivatives: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Formula]
    variables: _containers.RepeatedScalarFieldContainer[str]
    notices: _containers.RepeatedScalarFieldContainer[str]
    slip: str
    certificate: _certificate_pb2.Certificate
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., message: _Optional[str] = ..., witness_point: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., variable: _Optional[str] = ..., claimed_value: _Optional[float] = ..., true_value: _Optional[float] = ..., witnesses: _Optional[_Iterable[_Union[Witness, _Mapping]]] = ..., derivatives: _Optional[_Iterable[_Union[_expression_pb2.Formula, _Mapping]]] = ..., variables: _Optional[_Iterable[str]] = ..., notices: _Optional[_Iterable[str]] = ..., slip: _Optional[str] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ...) -> None: ...

class Witness(_message.Message):
    __slots__ = ("name", "verdict", "message")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    name: str
    verdict: Verdict
    message: str
    def __init__(self, name: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., message: _Optional[str] = ...) -> None: ...
