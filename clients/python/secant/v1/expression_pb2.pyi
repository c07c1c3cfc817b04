from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Notation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTATION_UNSPECIFIED: _ClassVar[Notation]
    NOTATION_R: _ClassVar[Notation]
    NOTATION_PYTHON: _ClassVar[Notation]
    NOTATION_LATEX: _ClassVar[Notation]
    NOTATION_C: _ClassVar[Notation]
    NOTATION_JULIA: _ClassVar[Notation]
    NOTATION_STAN: _ClassVar[Notation]
    NOTATION_TEXTBOOK: _ClassVar[Notation]
    NOTATION_SQL: _ClassVar[Notation]
    NOTATION_JAVASCRIPT: _ClassVar[Notation]
    NOTATION_MATHML: _ClassVar[Notation]

class Form(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FORM_UNSPECIFIED: _ClassVar[Form]
    FORM_LIGHT: _ClassVar[Form]
    FORM_EXPANDED: _ClassVar[Form]
    FORM_FACTORED: _ClassVar[Form]
    FORM_SIMPLIFIED: _ClassVar[Form]
    FORM_EXACT: _ClassVar[Form]

class Naming(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NAMING_UNSPECIFIED: _ClassVar[Naming]
    NAMING_NONE: _ClassVar[Naming]
    NAMING_AUTHOR: _ClassVar[Naming]
    NAMING_REPEATED: _ClassVar[Naming]
NOTATION_UNSPECIFIED: Notation
NOTATION_R: Notation
NOTATION_PYTHON: Notation
NOTATION_LATEX: Notation
NOTATION_C: Notation
NOTATION_JULIA: Notation
NOTATION_STAN: Notation
NOTATION_TEXTBOOK: Notation
NOTATION_SQL: Notation
NOTATION_JAVASCRIPT: Notation
NOTATION_MATHML: Notation
FORM_UNSPECIFIED: Form
FORM_LIGHT: Form
FORM_EXPANDED: Form
FORM_FACTORED: Form
FORM_SIMPLIFIED: Form
FORM_EXACT: Form
NAMING_UNSPECIFIED: Naming
NAMING_NONE: Naming
NAMING_AUTHOR: Naming
NAMING_REPEATED: Naming

class Expression(_message.Message):
    __slots__ = ("text", "notation", "data", "shapes", "data_set")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NOTATION_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    SHAPES_FIELD_NUMBER: _ClassVar[int]
    DATA_SET_FIELD_NUMBER: _ClassVar[int]
    text: str
    notation: Notation
    data: _containers.RepeatedCompositeFieldContainer[Column]
    shapes: _containers.RepeatedCompositeFieldContainer[VariableShape]
    data_set: str
    def __init__(self, text: _Optional[str] = ..., notation: _Optional[_Union[Notation, str]] = ..., data: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., shapes: _Optional[_Iterable[_Union[VariableShape, _Mapping]]] = ..., data_set: _Optional[str] = ...) -> None: ...

class VariableShape(_message.Message):
    __slots__ = ("variable", "dimensions", "symmetric")
    VARIABLE_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    SYMMETRIC_FIELD_NUMBER: _ClassVar[int]
    variable: str
    dimensions: _containers.RepeatedCompositeFieldContainer[Dimension]
    symmetric: bool
    def __init__(self, variable: _Optional[str] = ..., dimensions: _Optional[_Iterable[_Union[Dimension, _Mapping]]] = ..., symmetric: _Optional[bool] = ...) -> None: ...

class Dimension(_message.Message):
    __slots__ = ("size", "name")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    size: int
    name: str
    def __init__(self, size: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class Column(_message.Message):
    __slots__ = ("name", "values", "shape")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    values: _containers.RepeatedScalarFieldContainer[float]
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, name: _Optional[str] = ..., values: _Optional[_Iterable[float]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class Coordinate(_message.Message):
    __slots__ = ("variable", "value", "values", "shape")
    VARIABLE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    variable: str
    value: float
    values: _containers.RepeatedScalarFieldContainer[float]
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, variable: _Optional[str] = ..., value: _Optional[float] = ..., values: _Optional[_Iterable[float]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class Formula(_message.Message):
    __slots__ = ("text", "value", "renderings", "form", "value_is_limit", "values", "shape")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    RENDERINGS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    VALUE_IS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    text: str
    value: float
    renderings: _containers.RepeatedCompositeFieldContainer[Rendering]
    form: Form
    value_is_limit: bool
    values: _containers.RepeatedScalarFieldContainer[float]
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, text: _Optional[str] = ..., value: _Optional[float] = ..., renderings: _Optional[_Iterable[_Union[Rendering, _Mapping]]] = ..., form: _Optional[_Union[Form, str]] = ..., value_is_limit: _Optional[bool] = ..., values: _Optional[_Iterable[float]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class Rendering(_message.Message):
    __slots__ = ("notation", "text")
    NOTATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    notation: Notation
    text: str
    def __init__(self, notation: _Optional[_Union[Notation, str]] = ..., text: _Optional[str] = ...) -> None: ...

class Row(_message.Message):
    __slots__ = ("partials",)
    PARTIALS_FIELD_NUMBER: _ClassVar[int]
    partials: _containers.RepeatedCompositeFieldContainer[Formula]
    def __init__(self, partials: _Optional[_Iterable[_Union[Formula, _Mapping]]] = ...) -> None: ...

class Shape(_message.Message):
    __slots__ = ("rows", "columns", "text")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    rows: int
    columns: int
    text: str
    def __init__(self, rows: _Optional[int] = ..., columns: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...
