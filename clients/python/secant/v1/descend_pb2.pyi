from secant.v1 import derivative_pb2 as _derivative_pb2
from secant.v1 import expression_pb2 as _expression_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StopReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOP_REASON_UNSPECIFIED: _ClassVar[StopReason]
    STOP_REASON_CONVERGED: _ClassVar[StopReason]
    STOP_REASON_STEPS_SPENT: _ClassVar[StopReason]
    STOP_REASON_DIVERGED: _ClassVar[StopReason]
    STOP_REASON_NOT_FINITE: _ClassVar[StopReason]
    STOP_REASON_STALLED: _ClassVar[StopReason]

class Regime(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REGIME_UNSPECIFIED: _ClassVar[Regime]
    REGIME_CONVERGES: _ClassVar[Regime]
    REGIME_OSCILLATES: _ClassVar[Regime]
    REGIME_DIVERGES: _ClassVar[Regime]
    REGIME_CRAWLS: _ClassVar[Regime]

class Nature(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NATURE_UNSPECIFIED: _ClassVar[Nature]
    NATURE_MINIMUM: _ClassVar[Nature]
    NATURE_MAXIMUM: _ClassVar[Nature]
    NATURE_SADDLE: _ClassVar[Nature]
    NATURE_INFLECTION: _ClassVar[Nature]

class Finding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FINDING_UNSPECIFIED: _ClassVar[Finding]
    FINDING_UNBOUNDED: _ClassVar[Finding]
    FINDING_KINK: _ClassVar[Finding]
    FINDING_PLATEAU: _ClassVar[Finding]
    FINDING_RUNS_AWAY: _ClassVar[Finding]
STOP_REASON_UNSPECIFIED: StopReason
STOP_REASON_CONVERGED: StopReason
STOP_REASON_STEPS_SPENT: StopReason
STOP_REASON_DIVERGED: StopReason
STOP_REASON_NOT_FINITE: StopReason
STOP_REASON_STALLED: StopReason
REGIME_UNSPECIFIED: Regime
REGIME_CONVERGES: Regime
REGIME_OSCILLATES: Regime
REGIME_DIVERGES: Regime
REGIME_CRAWLS: Regime
NATURE_UNSPECIFIED: Nature
NATURE_MINIMUM: Nature
NATURE_MAXIMUM: Nature
NATURE_SADDLE: Nature
NATURE_INFLECTION: Nature
FINDING_UNSPECIFIED: Finding
FINDING_UNBOUNDED: Finding
FINDING_KINK: Finding
FINDING_PLATEAU: Finding
FINDING_RUNS_AWAY: Finding

class DescendRequest(_message.Message):
    __slots__ = ("expression", "start", "maximize", "fixed_rate", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "line_search", "conjugate_gradient", "newton", "bfgs", "lbfgs", "adamax", "amsgrad", "max_steps", "tolerance", "trace_every", "bounds", "starts", "standard_errors", "first_number", "skip_missing")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    MAXIMIZE_FIELD_NUMBER: _ClassVar[int]
    FIXED_RATE_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    NESTEROV_FIELD_NUMBER: _ClassVar[int]
    ADAGRAD_FIELD_NUMBER: _ClassVar[int]
    RMSPROP_FIELD_NUMBER: _ClassVar[int]
    ADAM_FIELD_NUMBER: _ClassVar[int]
    LINE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CONJUGATE_GRADIENT_FIELD_NUMBER: _ClassVar[int]
    NEWTON_FIELD_NUMBER: _ClassVar[int]
    BFGS_FIELD_NUMBER: _ClassVar[int]
    LBFGS_FIELD_NUMBER: _ClassVar[int]
    ADAMAX_FIELD_NUMBER: _ClassVar[int]
    AMSGRAD_FIELD_NUMBER: _ClassVar[int]
    MAX_STEPS_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    TRACE_EVERY_FIELD_NUMBER: _ClassVar[int]
    BOUNDS_FIELD_NUMBER: _ClassVar[int]
    STARTS_FIELD_NUMBER: _ClassVar[int]
    STANDARD_ERRORS_FIELD_NUMBER: _ClassVar[int]
    FIRST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SKIP_MISSING_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    start: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    maximize: bool
    fixed_rate: FixedRate
    momentum: Momentum
    nesterov: Nesterov
    adagrad: AdaGrad
    rmsprop: RmsProp
    adam: Adam
    line_search: LineSearch
    conjugate_gradient: ConjugateGradient
    newton: Newton
    bfgs: Bfgs
    lbfgs: Lbfgs
    adamax: Adamax
    amsgrad: AmsGrad
    max_steps: int
    tolerance: float
    trace_every: int
    bounds: _containers.RepeatedCompositeFieldContainer[Bound]
    starts: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Column]
    standard_errors: bool
    first_number: int
    skip_missing: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., start: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., maximize: _Optional[bool] = ..., fixed_rate: _Optional[_Union[FixedRate, _Mapping]] = ..., momentum: _Optional[_Union[Momentum, _Mapping]] = ..., nesterov: _Optional[_Union[Nesterov, _Mapping]] = ..., adagrad: _Optional[_Union[AdaGrad, _Mapping]] = ..., rmsprop: _Optional[_Union[RmsProp, _Mapping]] = ..., adam: _Optional[_Union[Adam, _Mapping]] = ..., line_search: _Optional[_Union[LineSearch, _Mapping]] = ..., conjugate_gradient: _Optional[_Union[ConjugateGradient, _Mapping]] = ..., newton: _Optional[_Union[Newton, _Mapping]] = ..., bfgs: _Optional[_Union[Bfgs, _Mapping]] = ..., lbfgs: _Optional[_Union[Lbfgs, _Mapping]] = ..., adamax: _Optional[_Union[Adamax, _Mapping]] = ..., amsgrad: _Optional[_Union[AmsGrad, _Mapping]] = ..., max_steps: _Optional[int] = ..., tolerance: _Optional[float] = ..., trace_every: _Optional[int] = ..., bounds: _Optional[_Iterable[_Union[Bound, _Mapping]]] = ..., starts: _Optional[_Iterable[_Union[_expression_pb2.Column, _Mapping]]] = ..., standard_errors: _Optional[bool] = ..., first_number: _Optional[int] = ..., skip_missing: _Optional[bool] = ...) -> None: ...

class FixedRate(_message.Message):
    __slots__ = ("rate",)
    RATE_FIELD_NUMBER: _ClassVar[int]
    rate: float
    def __init__(self, rate: _Optional[float] = ...) -> None: ...

class Momentum(_message.Message):
    __slots__ = ("rate", "momentum")
    RATE_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    rate: float
    momentum: float
    def __init__(self, rate: _Optional[float] = ..., momentum: _Optional[float] = ...) -> None: ...

class Nesterov(_message.Message):
    __slots__ = ("rate", "momentum")
    RATE_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    rate: float
    momentum: float
    def __init__(self, rate: _Optional[float] = ..., momentum: _Optional[float] = ...) -> None: ...

class AdaGrad(_message.Message):
    __slots__ = ("rate",)
    RATE_FIELD_NUMBER: _ClassVar[int]
    rate: float
    def __init__(self, rate: _Optional[float] = ...) -> None: ...

class RmsProp(_message.Message):
    __slots__ = ("rate", "decay")
    RATE_FIELD_NUMBER: _ClassVar[int]
    DECAY_FIELD_NUMBER: _ClassVar[int]
    rate: float
    decay: float
    def __init__(self, rate: _Optional[float] = ..., decay: _Optional[float] = ...) -> None: ...

class Adam(_message.Message):
    __slots__ = ("rate", "beta1", "beta2")
    RATE_FIELD_NUMBER: _ClassVar[int]
    BETA1_FIELD_NUMBER: _ClassVar[int]
    BETA2_FIELD_NUMBER: _ClassVar[int]
    rate: float
    beta1: float
    beta2: float
    def __init__(self, rate: _Optional[float] = ..., beta1: _Optional[float] = ..., beta2: _Optional[float] = ...) -> None: ...

class Adamax(_message.Message):
    __slots__ = ("rate", "beta1", "beta2")
    RATE_FIELD_NUMBER: _ClassVar[int]
    BETA1_FIELD_NUMBER: _ClassVar[int]
    BETA2_FIELD_NUMBER: _ClassVar[int]
    rate: float
    beta1: float
    beta2: float
    def __init__(self, rate: _Optional[float] = ..., beta1: _Optional[float] = ..., beta2: _Optional[float] = ...) -> None: ...

class AmsGrad(_message.Message):
    __slots__ = ("rate", "beta1", "beta2")
    RATE_FIELD_NUMBER: _ClassVar[int]
    BETA1_FIELD_NUMBER: _ClassVar[int]
    BETA2_FIELD_NUMBER: _ClassVar[int]
    rate: float
    beta1: float
    beta2: float
    def __init__(self, rate: _Optional[float] = ..., beta1: _Optional[float] = ..., beta2: _Optional[float] = ...) -> None: ...

class LineSearch(_message.Message):
    __slots__ = ("initial", "shrink", "armijo")
    INITIAL_FIELD_NUMBER: _ClassVar[int]
    SHRINK_FIELD_NUMBER: _ClassVar[int]
    ARMIJO_FIELD_NUMBER: _ClassVar[int]
    initial: float
    shrink: float
    armijo: float
    def __init__(self, initial: _Optional[float] = ..., shrink: _Optional[float] = ..., armijo: _Optional[float] = ...) -> None: ...

class ConjugateGradient(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Newton(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Bfgs(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Lbfgs(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: int
    def __init__(self, memory: _Optional[int] = ...) -> None: ...

class Bound(_message.Message):
    __slots__ = ("variable", "lower", "upper")
    VARIABLE_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    variable: str
    lower: float
    upper: float
    def __init__(self, variable: _Optional[str] = ..., lower: _Optional[float] = ..., upper: _Optional[float] = ...) -> None: ...

class DescendResponse(_message.Message):
    __slots__ = ("steps", "outcome", "variables")
    STEPS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[Step]
    outcome: Outcome
    variables: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, steps: _Optional[_Iterable[_Union[Step, _Mapping]]] = ..., outcome: _Optional[_Union[Outcome, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ...) -> None: ...

class Step(_message.Message):
    __slots__ = ("number", "point", "value", "gradient_norm")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    POINT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_NORM_FIELD_NUMBER: _ClassVar[int]
    number: int
    point: _containers.RepeatedScalarFieldContainer[float]
    value: float
    gradient_norm: float
    def __init__(self, number: _Optional[int] = ..., point: _Optional[_Iterable[float]] = ..., value: _Optional[float] = ..., gradient_norm: _Optional[float] = ...) -> None: ...

class Outcome(_message.Message):
    __slots__ = ("reason", "message", "steps", "point", "value", "gradient_norm", "curvature", "rate_limit", "predicted_steps", "regime", "recommended_rate", "nature", "standard_errors", "optima", "finding", "notices")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    POINT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_NORM_FIELD_NUMBER: _ClassVar[int]
    CURVATURE_FIELD_NUMBER: _ClassVar[int]
    RATE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_STEPS_FIELD_NUMBER: _ClassVar[int]
    REGIME_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDED_RATE_FIELD_NUMBER: _ClassVar[int]
    NATURE_FIELD_NUMBER: _ClassVar[int]
    STANDARD_ERRORS_FIELD_NUMBER: _ClassVar[int]
    OPTIMA_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    reason: StopReason
    message: str
    steps: int
    point: _containers.RepeatedScalarFieldContainer[float]
    value: float
    gradient_norm: float
    curvature: float
    rate_limit: float
    predicted_steps: int
    regime: Regime
    recommended_rate: float
    nature: Nature
    standard_errors: _containers.RepeatedScalarFieldContainer[float]
    optima: _containers.RepeatedCompositeFieldContainer[Optimum]
    finding: Finding
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, reason: _Optional[_Union[StopReason, str]] = ..., message: _Optional[str] = ..., steps: _Optional[int] = ..., point: _Optional[_Iterable[float]] = ..., value: _Optional[float] = ..., gradient_norm: _Optional[float] = ..., curvature: _Optional[float] = ..., rate_limit: _Optional[float] = ..., predicted_steps: _Optional[int] = ..., regime: _Optional[_Union[Regime, str]] = ..., recommended_rate: _Optional[float] = ..., nature: _Optional[_Union[Nature, str]] = ..., standard_errors: _Optional[_Iterable[float]] = ..., optima: _Optional[_Iterable[_Union[Optimum, _Mapping]]] = ..., finding: _Optional[_Union[Finding, str]] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...

class Optimum(_message.Message):
    __slots__ = ("point", "value", "starts", "nature")
    POINT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    STARTS_FIELD_NUMBER: _ClassVar[int]
    NATURE_FIELD_NUMBER: _ClassVar[int]
    point: _containers.RepeatedScalarFieldContainer[float]
    value: float
    starts: int
    nature: Nature
    def __init__(self, point: _Optional[_Iterable[float]] = ..., value: _Optional[float] = ..., starts: _Optional[int] = ..., nature: _Optional[_Union[Nature, str]] = ...) -> None: ...

class CriticalPoint(_message.Message):
    __slots__ = ("point", "value", "nature", "exact", "definiteness")
    POINT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    NATURE_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    DEFINITENESS_FIELD_NUMBER: _ClassVar[int]
    point: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    value: float
    nature: Nature
    exact: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Formula]
    definiteness: _derivative_pb2.Definiteness
    def __init__(self, point: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., value: _Optional[float] = ..., nature: _Optional[_Union[Nature, str]] = ..., exact: _Optional[_Iterable[_Union[_expression_pb2.Formula, _Mapping]]] = ..., definiteness: _Optional[_Union[_derivative_pb2.Definiteness, str]] = ...) -> None: ...
