from secant.v1 import descend_pb2 as _descend_pb2
from secant.v1 import expression_pb2 as _expression_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Contact(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTACT_UNSPECIFIED: _ClassVar[Contact]
    CONTACT_TANGENT: _ClassVar[Contact]
    CONTACT_VERTICAL: _ClassVar[Contact]
    CONTACT_KINK: _ClassVar[Contact]

class Scheme(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCHEME_UNSPECIFIED: _ClassVar[Scheme]
    SCHEME_FORWARD: _ClassVar[Scheme]
    SCHEME_BACKWARD: _ClassVar[Scheme]
    SCHEME_CENTRAL: _ClassVar[Scheme]
    SCHEME_FIVE_POINT: _ClassVar[Scheme]
    SCHEME_RICHARDSON: _ClassVar[Scheme]
    SCHEME_COMPLEX_STEP: _ClassVar[Scheme]
CONTACT_UNSPECIFIED: Contact
CONTACT_TANGENT: Contact
CONTACT_VERTICAL: Contact
CONTACT_KINK: Contact
SCHEME_UNSPECIFIED: Scheme
SCHEME_FORWARD: Scheme
SCHEME_BACKWARD: Scheme
SCHEME_CENTRAL: Scheme
SCHEME_FIVE_POINT: Scheme
SCHEME_RICHARDSON: Scheme
SCHEME_COMPLEX_STEP: Scheme

class TaylorRequest(_message.Message):
    __slots__ = ("expression", "at", "order", "notations", "points", "form")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    order: int
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    points: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Column]
    form: _expression_pb2.Form
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., order: _Optional[int] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., points: _Optional[_Iterable[_Union[_expression_pb2.Column, _Mapping]]] = ..., form: _Optional[_Union[_expression_pb2.Form, str]] = ...) -> None: ...

class TaylorResponse(_message.Message):
    __slots__ = ("terms", "polynomial", "expanded", "equals_function", "variables", "polynomial_values", "function_values", "shape", "notices")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    POLYNOMIAL_FIELD_NUMBER: _ClassVar[int]
    EXPANDED_FIELD_NUMBER: _ClassVar[int]
    EQUALS_FUNCTION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    POLYNOMIAL_VALUES_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_VALUES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    terms: _containers.RepeatedCompositeFieldContainer[Term]
    polynomial: _expression_pb2.Formula
    expanded: _expression_pb2.Formula
    equals_function: bool
    variables: _containers.RepeatedScalarFieldContainer[str]
    polynomial_values: _containers.RepeatedScalarFieldContainer[float]
    function_values: _containers.RepeatedScalarFieldContainer[float]
    shape: _expression_pb2.Shape
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, terms: _Optional[_Iterable[_Union[Term, _Mapping]]] = ..., polynomial: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., expanded: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., equals_function: _Optional[bool] = ..., variables: _Optional[_Iterable[str]] = ..., polynomial_values: _Optional[_Iterable[float]] = ..., function_values: _Optional[_Iterable[float]] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...

class Term(_message.Message):
    __slots__ = ("exponents", "coefficient", "derivative", "value_is_limit")
    EXPONENTS_FIELD_NUMBER: _ClassVar[int]
    COEFFICIENT_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVE_FIELD_NUMBER: _ClassVar[int]
    VALUE_IS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    exponents: _containers.RepeatedScalarFieldContainer[int]
    coefficient: float
    derivative: float
    value_is_limit: bool
    def __init__(self, exponents: _Optional[_Iterable[int]] = ..., coefficient: _Optional[float] = ..., derivative: _Optional[float] = ..., value_is_limit: _Optional[bool] = ...) -> None: ...

class TangentRequest(_message.Message):
    __slots__ = ("expression", "at", "notations", "form")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    form: _expression_pb2.Form
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., form: _Optional[_Union[_expression_pb2.Form, str]] = ...) -> None: ...

class TangentResponse(_message.Message):
    __slots__ = ("equation", "variables", "slopes", "value", "intercept", "contact", "left_slope", "right_slope", "kind", "notices", "value_is_limit", "slopes_are_limits")
    EQUATION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    SLOPES_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    INTERCEPT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    LEFT_SLOPE_FIELD_NUMBER: _ClassVar[int]
    RIGHT_SLOPE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    VALUE_IS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    SLOPES_ARE_LIMITS_FIELD_NUMBER: _ClassVar[int]
    equation: _expression_pb2.Formula
    variables: _containers.RepeatedScalarFieldContainer[str]
    slopes: _containers.RepeatedScalarFieldContainer[float]
    value: float
    intercept: float
    contact: Contact
    left_slope: float
    right_slope: float
    kind: str
    notices: _containers.RepeatedScalarFieldContainer[str]
    value_is_limit: bool
    slopes_are_limits: _containers.RepeatedScalarFieldContainer[bool]
    def __init__(self, equation: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., slopes: _Optional[_Iterable[float]] = ..., value: _Optional[float] = ..., intercept: _Optional[float] = ..., contact: _Optional[_Union[Contact, str]] = ..., left_slope: _Optional[float] = ..., right_slope: _Optional[float] = ..., kind: _Optional[str] = ..., notices: _Optional[_Iterable[str]] = ..., value_is_limit: _Optional[bool] = ..., slopes_are_limits: _Optional[_Iterable[bool]] = ...) -> None: ...

class ApproximateRequest(_message.Message):
    __slots__ = ("expression", "at", "scheme", "step", "sweep", "variables")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    SWEEP_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    scheme: Scheme
    step: float
    sweep: bool
    variables: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., scheme: _Optional[_Union[Scheme, str]] = ..., step: _Optional[float] = ..., sweep: _Optional[bool] = ..., variables: _Optional[_Iterable[str]] = ...) -> None: ...

class ApproximateResponse(_message.Message):
    __slots__ = ("variables", "partials", "sweep", "best_step", "reason", "value", "shape", "notices")
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    PARTIALS_FIELD_NUMBER: _ClassVar[int]
    SWEEP_FIELD_NUMBER: _ClassVar[int]
    BEST_STEP_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    variables: _containers.RepeatedScalarFieldContainer[str]
    partials: _containers.RepeatedCompositeFieldContainer[Approximation]
    sweep: _containers.RepeatedCompositeFieldContainer[SweepPoint]
    best_step: float
    reason: str
    value: float
    shape: _expression_pb2.Shape
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, variables: _Optional[_Iterable[str]] = ..., partials: _Optional[_Iterable[_Union[Approximation, _Mapping]]] = ..., sweep: _Optional[_Iterable[_Union[SweepPoint, _Mapping]]] = ..., best_step: _Optional[float] = ..., reason: _Optional[str] = ..., value: _Optional[float] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...

class Approximation(_message.Message):
    __slots__ = ("value", "exact", "error", "step", "truncation", "rounding")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    TRUNCATION_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_FIELD_NUMBER: _ClassVar[int]
    value: float
    exact: float
    error: float
    step: float
    truncation: float
    rounding: float
    def __init__(self, value: _Optional[float] = ..., exact: _Optional[float] = ..., error: _Optional[float] = ..., step: _Optional[float] = ..., truncation: _Optional[float] = ..., rounding: _Optional[float] = ...) -> None: ...

class SweepPoint(_message.Message):
    __slots__ = ("step", "value", "error")
    STEP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    step: float
    value: float
    error: float
    def __init__(self, step: _Optional[float] = ..., value: _Optional[float] = ..., error: _Optional[float] = ...) -> None: ...

class ExtremaRequest(_message.Message):
    __slots__ = ("expression", "box", "notations")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    box: _containers.RepeatedCompositeFieldContainer[_descend_pb2.Bound]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., box: _Optional[_Iterable[_Union[_descend_pb2.Bound, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ...) -> None: ...

class ExtremaResponse(_message.Message):
    __slots__ = ("critical_points", "inflections", "variables", "complete", "notices")
    CRITICAL_POINTS_FIELD_NUMBER: _ClassVar[int]
    INFLECTIONS_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    critical_points: _containers.RepeatedCompositeFieldContainer[_descend_pb2.CriticalPoint]
    inflections: _containers.RepeatedCompositeFieldContainer[_descend_pb2.CriticalPoint]
    variables: _containers.RepeatedScalarFieldContainer[str]
    complete: bool
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, critical_points: _Optional[_Iterable[_Union[_descend_pb2.CriticalPoint, _Mapping]]] = ..., inflections: _Optional[_Iterable[_Union[_descend_pb2.CriticalPoint, _Mapping]]] = ..., variables: _Optional[_Iterable[str]] = ..., complete: _Optional[bool] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...
