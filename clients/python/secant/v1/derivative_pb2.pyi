from secant.v1 import certificate_pb2 as _certificate_pb2
from secant.v1 import expression_pb2 as _expression_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Definiteness(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEFINITENESS_UNSPECIFIED: _ClassVar[Definiteness]
    DEFINITENESS_POSITIVE: _ClassVar[Definiteness]
    DEFINITENESS_POSITIVE_SEMI: _ClassVar[Definiteness]
    DEFINITENESS_INDEFINITE: _ClassVar[Definiteness]
    DEFINITENESS_NEGATIVE_SEMI: _ClassVar[Definiteness]
    DEFINITENESS_NEGATIVE: _ClassVar[Definiteness]
    DEFINITENESS_ZERO: _ClassVar[Definiteness]

class ExplanationFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPLANATION_FORMAT_UNSPECIFIED: _ClassVar[ExplanationFormat]
    EXPLANATION_FORMAT_TEXT: _ClassVar[ExplanationFormat]
    EXPLANATION_FORMAT_LATEX: _ClassVar[ExplanationFormat]
    EXPLANATION_FORMAT_HTML: _ClassVar[ExplanationFormat]
    EXPLANATION_FORMAT_MARKDOWN: _ClassVar[ExplanationFormat]

class SqlDialect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SQL_DIALECT_UNSPECIFIED: _ClassVar[SqlDialect]
    SQL_DIALECT_DUCKDB: _ClassVar[SqlDialect]
    SQL_DIALECT_POSTGRESQL: _ClassVar[SqlDialect]
    SQL_DIALECT_SPARK: _ClassVar[SqlDialect]
DEFINITENESS_UNSPECIFIED: Definiteness
DEFINITENESS_POSITIVE: Definiteness
DEFINITENESS_POSITIVE_SEMI: Definiteness
DEFINITENESS_INDEFINITE: Definiteness
DEFINITENESS_NEGATIVE_SEMI: Definiteness
DEFINITENESS_NEGATIVE: Definiteness
DEFINITENESS_ZERO: Definiteness
EXPLANATION_FORMAT_UNSPECIFIED: ExplanationFormat
EXPLANATION_FORMAT_TEXT: ExplanationFormat
EXPLANATION_FORMAT_LATEX: ExplanationFormat
EXPLANATION_FORMAT_HTML: ExplanationFormat
EXPLANATION_FORMAT_MARKDOWN: ExplanationFormat
SQL_DIALECT_UNSPECIFIED: SqlDialect
SQL_DIALECT_DUCKDB: SqlDialect
SQL_DIALECT_POSTGRESQL: SqlDialect
SQL_DIALECT_SPARK: SqlDialect

class DifferentiateRequest(_message.Message):
    __slots__ = ("expression", "variables", "at", "notations", "form", "naming", "certificate")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    NAMING_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    form: _expression_pb2.Form
    naming: _expression_pb2.Naming
    certificate: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., form: _Optional[_Union[_expression_pb2.Form, str]] = ..., naming: _Optional[_Union[_expression_pb2.Naming, str]] = ..., certificate: _Optional[bool] = ...) -> None: ...

class DifferentiateResponse(_message.Message):
    __slots__ = ("derivative", "variables", "value", "shape", "notices", "value_is_limit", "certificate")
    DERIVATIVE_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    VALUE_IS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    derivative: _expression_pb2.Formula
    variables: _containers.RepeatedScalarFieldContainer[str]
    value: float
    shape: _expression_pb2.Shape
    notices: _containers.RepeatedScalarFieldContainer[str]
    value_is_limit: bool
    certificate: _certificate_pb2.Certificate
    def __init__(self, derivative: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., value: _Optional[float] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., notices: _Optional[_Iterable[str]] = ..., value_is_limit: _Optional[bool] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ...) -> None: ...

class GradientRequest(_message.Message):
    __slots__ = ("expression", "variables", "at", "notations", "form", "values_only", "direction", "naming", "certificate")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    VALUES_ONLY_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    NAMING_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    form: _expression_pb2.Form
    values_only: bool
    direction: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    naming: _expression_pb2.Naming
    certificate: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., form: _Optional[_Union[_expression_pb2.Form, str]] = ..., values_only: _Optional[bool] = ..., direction: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., naming: _Optional[_Union[_expression_pb2.Naming, str]] = ..., certificate: _Optional[bool] = ...) -> None: ...

class GradientResponse(_message.Message):
    __slots__ = ("variables", "partials", "value", "shape", "notices", "norm", "directional", "value_is_limit", "certificate")
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    PARTIALS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    NORM_FIELD_NUMBER: _ClassVar[int]
    DIRECTIONAL_FIELD_NUMBER: _ClassVar[int]
    VALUE_IS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    variables: _containers.RepeatedScalarFieldContainer[str]
    partials: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Formula]
    value: float
    shape: _expression_pb2.Shape
    notices: _containers.RepeatedScalarFieldContainer[str]
    norm: float
    directional: _expression_pb2.Formula
    value_is_limit: bool
    certificate: _certificate_pb2.Certificate
    def __init__(self, variables: _Optional[_Iterable[str]] = ..., partials: _Optional[_Iterable[_Union[_expression_pb2.Formula, _Mapping]]] = ..., value: _Optional[float] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., notices: _Optional[_Iterable[str]] = ..., norm: _Optional[float] = ..., directional: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., value_is_limit: _Optional[bool] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ...) -> None: ...

class JacobianRequest(_message.Message):
    __slots__ = ("expression", "variables", "at", "notations", "form", "inner", "naming")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    INNER_FIELD_NUMBER: _ClassVar[int]
    NAMING_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    form: _expression_pb2.Form
    inner: _containers.RepeatedCompositeFieldContainer[Inner]
    naming: _expression_pb2.Naming
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., form: _Optional[_Union[_expression_pb2.Form, str]] = ..., inner: _Optional[_Iterable[_Union[Inner, _Mapping]]] = ..., naming: _Optional[_Union[_expression_pb2.Naming, str]] = ...) -> None: ...

class Inner(_message.Message):
    __slots__ = ("variable", "expression")
    VARIABLE_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    variable: str
    expression: _expression_pb2.Expression
    def __init__(self, variable: _Optional[str] = ..., expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ...) -> None: ...

class JacobianResponse(_message.Message):
    __slots__ = ("variables", "rows", "values", "shape", "determinant", "sign", "area_factor", "factors", "notices", "values_are_limits")
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DETERMINANT_FIELD_NUMBER: _ClassVar[int]
    SIGN_FIELD_NUMBER: _ClassVar[int]
    AREA_FACTOR_FIELD_NUMBER: _ClassVar[int]
    FACTORS_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    VALUES_ARE_LIMITS_FIELD_NUMBER: _ClassVar[int]
    variables: _containers.RepeatedScalarFieldContainer[str]
    rows: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Row]
    values: _containers.RepeatedScalarFieldContainer[float]
    shape: _expression_pb2.Shape
    determinant: _expression_pb2.Formula
    sign: int
    area_factor: float
    factors: _containers.RepeatedCompositeFieldContainer[Factor]
    notices: _containers.RepeatedScalarFieldContainer[str]
    values_are_limits: _containers.RepeatedScalarFieldContainer[bool]
    def __init__(self, variables: _Optional[_Iterable[str]] = ..., rows: _Optional[_Iterable[_Union[_expression_pb2.Row, _Mapping]]] = ..., values: _Optional[_Iterable[float]] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., determinant: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., sign: _Optional[int] = ..., area_factor: _Optional[float] = ..., factors: _Optional[_Iterable[_Union[Factor, _Mapping]]] = ..., notices: _Optional[_Iterable[str]] = ..., values_are_limits: _Optional[_Iterable[bool]] = ...) -> None: ...

class Factor(_message.Message):
    __slots__ = ("name", "variables", "rows", "shape")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    variables: _containers.RepeatedScalarFieldContainer[str]
    rows: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Row]
    shape: _expression_pb2.Shape
    def __init__(self, name: _Optional[str] = ..., variables: _Optional[_Iterable[str]] = ..., rows: _Optional[_Iterable[_Union[_expression_pb2.Row, _Mapping]]] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ...) -> None: ...

class HessianRequest(_message.Message):
    __slots__ = ("expression", "variables", "at", "notations", "form", "values_only", "naming")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    VALUES_ONLY_FIELD_NUMBER: _ClassVar[int]
    NAMING_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    form: _expression_pb2.Form
    values_only: bool
    naming: _expression_pb2.Naming
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., form: _Optional[_Union[_expression_pb2.Form, str]] = ..., values_only: _Optional[bool] = ..., naming: _Optional[_Union[_expression_pb2.Naming, str]] = ...) -> None: ...

class HessianResponse(_message.Message):
    __slots__ = ("variables", "rows", "value", "shape", "definiteness", "eigenvalues", "notices", "value_is_limit")
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DEFINITENESS_FIELD_NUMBER: _ClassVar[int]
    EIGENVALUES_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    VALUE_IS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    variables: _containers.RepeatedScalarFieldContainer[str]
    rows: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Row]
    value: float
    shape: _expression_pb2.Shape
    definiteness: Definiteness
    eigenvalues: _containers.RepeatedScalarFieldContainer[float]
    notices: _containers.RepeatedScalarFieldContainer[str]
    value_is_limit: bool
    def __init__(self, variables: _Optional[_Iterable[str]] = ..., rows: _Optional[_Iterable[_Union[_expression_pb2.Row, _Mapping]]] = ..., value: _Optional[float] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., definiteness: _Optional[_Union[Definiteness, str]] = ..., eigenvalues: _Optional[_Iterable[float]] = ..., notices: _Optional[_Iterable[str]] = ..., value_is_limit: _Optional[bool] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("expression", "variables", "notations", "by_definition", "formats", "language", "gradient")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    BY_DEFINITION_FIELD_NUMBER: _ClassVar[int]
    FORMATS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    by_definition: bool
    formats: _containers.RepeatedScalarFieldContainer[ExplanationFormat]
    language: str
    gradient: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., by_definition: _Optional[bool] = ..., formats: _Optional[_Iterable[_Union[ExplanationFormat, str]]] = ..., language: _Optional[str] = ..., gradient: _Optional[bool] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("steps", "derivative", "variables", "shape", "notices", "pages")
    STEPS_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVE_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    PAGES_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[Derivation]
    derivative: _expression_pb2.Formula
    variables: _containers.RepeatedScalarFieldContainer[str]
    shape: _expression_pb2.Shape
    notices: _containers.RepeatedScalarFieldContainer[str]
    pages: _containers.RepeatedCompositeFieldContainer[Page]
    def __init__(self, steps: _Optional[_Iterable[_Union[Derivation, _Mapping]]] = ..., derivative: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., shape: _Optional[_Union[_expression_pb2.Shape, _Mapping]] = ..., notices: _Optional[_Iterable[str]] = ..., pages: _Optional[_Iterable[_Union[Page, _Mapping]]] = ...) -> None: ...

class Page(_message.Message):
    __slots__ = ("format", "text")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    format: ExplanationFormat
    text: str
    def __init__(self, format: _Optional[_Union[ExplanationFormat, str]] = ..., text: _Optional[str] = ...) -> None: ...

class Derivation(_message.Message):
    __slots__ = ("rule", "expression", "result", "parts", "text", "depth")
    RULE_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    rule: str
    expression: _expression_pb2.Formula
    result: _expression_pb2.Formula
    parts: _containers.RepeatedCompositeFieldContainer[Part]
    text: str
    depth: int
    def __init__(self, rule: _Optional[str] = ..., expression: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., result: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[Part, _Mapping]]] = ..., text: _Optional[str] = ..., depth: _Optional[int] = ...) -> None: ...

class Part(_message.Message):
    __slots__ = ("name", "formula")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    name: str
    formula: _expression_pb2.Formula
    def __init__(self, name: _Optional[str] = ..., formula: _Optional[_Union[_expression_pb2.Formula, _Mapping]] = ...) -> None: ...

class ExportRequest(_message.Message):
    __slots__ = ("expression", "variables", "notations", "order", "name", "table", "dialect", "columns", "keep", "plain_sums")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    NOTATIONS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    DIALECT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    PLAIN_SUMS_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    variables: _containers.RepeatedScalarFieldContainer[str]
    notations: _containers.RepeatedScalarFieldContainer[_expression_pb2.Notation]
    order: int
    name: str
    table: str
    dialect: SqlDialect
    columns: _containers.RepeatedScalarFieldContainer[str]
    keep: _containers.RepeatedScalarFieldContainer[str]
    plain_sums: bool
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., variables: _Optional[_Iterable[str]] = ..., notations: _Optional[_Iterable[_Union[_expression_pb2.Notation, str]]] = ..., order: _Optional[int] = ..., name: _Optional[str] = ..., table: _Optional[str] = ..., dialect: _Optional[_Union[SqlDialect, str]] = ..., columns: _Optional[_Iterable[str]] = ..., keep: _Optional[_Iterable[str]] = ..., plain_sums: _Optional[bool] = ...) -> None: ...

class ExportResponse(_message.Message):
    __slots__ = ("codes", "variables", "notices")
    CODES_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    codes: _containers.RepeatedCompositeFieldContainer[Code]
    variables: _containers.RepeatedScalarFieldContainer[str]
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, codes: _Optional[_Iterable[_Union[Code, _Mapping]]] = ..., variables: _Optional[_Iterable[str]] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...

class Code(_message.Message):
    __slots__ = ("notation", "text", "file_name", "parameters", "columns")
    NOTATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    notation: _expression_pb2.Notation
    text: str
    file_name: str
    parameters: _containers.RepeatedScalarFieldContainer[str]
    columns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, notation: _Optional[_Union[_expression_pb2.Notation, str]] = ..., text: _Optional[str] = ..., file_name: _Optional[str] = ..., parameters: _Optional[_Iterable[str]] = ..., columns: _Optional[_Iterable[str]] = ...) -> None: ...
