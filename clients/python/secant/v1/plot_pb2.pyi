from secant.v1 import descend_pb2 as _descend_pb2
from secant.v1 import expression_pb2 as _expression_pb2
from secant.v1 import local_pb2 as _local_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Theme(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    THEME_UNSPECIFIED: _ClassVar[Theme]
    THEME_LIGHT: _ClassVar[Theme]
    THEME_DARK: _ClassVar[Theme]

class ImageFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMAGE_FORMAT_UNSPECIFIED: _ClassVar[ImageFormat]
    IMAGE_FORMAT_SVG: _ClassVar[ImageFormat]
    IMAGE_FORMAT_PNG: _ClassVar[ImageFormat]
    IMAGE_FORMAT_GIF: _ClassVar[ImageFormat]
    IMAGE_FORMAT_PDF: _ClassVar[ImageFormat]

class Arrows(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ARROWS_UNSPECIFIED: _ClassVar[Arrows]
    ARROWS_GRADIENT: _ClassVar[Arrows]
    ARROWS_NEGATIVE_GRADIENT: _ClassVar[Arrows]
THEME_UNSPECIFIED: Theme
THEME_LIGHT: Theme
THEME_DARK: Theme
IMAGE_FORMAT_UNSPECIFIED: ImageFormat
IMAGE_FORMAT_SVG: ImageFormat
IMAGE_FORMAT_PNG: ImageFormat
IMAGE_FORMAT_GIF: ImageFormat
IMAGE_FORMAT_PDF: ImageFormat
ARROWS_UNSPECIFIED: Arrows
ARROWS_GRADIENT: Arrows
ARROWS_NEGATIVE_GRADIENT: Arrows

class PlotRequest(_message.Message):
    __slots__ = ("expression", "ranges", "curve", "secant", "taylor", "surface", "contour", "descent", "error", "area", "format", "width", "height", "animate", "theme")
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    RANGES_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    SECANT_FIELD_NUMBER: _ClassVar[int]
    TAYLOR_FIELD_NUMBER: _ClassVar[int]
    SURFACE_FIELD_NUMBER: _ClassVar[int]
    CONTOUR_FIELD_NUMBER: _ClassVar[int]
    DESCENT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    ANIMATE_FIELD_NUMBER: _ClassVar[int]
    THEME_FIELD_NUMBER: _ClassVar[int]
    expression: _expression_pb2.Expression
    ranges: _containers.RepeatedCompositeFieldContainer[_descend_pb2.Bound]
    curve: CurveFigure
    secant: SecantFigure
    taylor: TaylorFigure
    surface: SurfaceFigure
    contour: ContourFigure
    descent: DescentFigure
    error: ErrorFigure
    area: AreaFigure
    format: ImageFormat
    width: int
    height: int
    animate: bool
    theme: Theme
    def __init__(self, expression: _Optional[_Union[_expression_pb2.Expression, _Mapping]] = ..., ranges: _Optional[_Iterable[_Union[_descend_pb2.Bound, _Mapping]]] = ..., curve: _Optional[_Union[CurveFigure, _Mapping]] = ..., secant: _Optional[_Union[SecantFigure, _Mapping]] = ..., taylor: _Optional[_Union[TaylorFigure, _Mapping]] = ..., surface: _Optional[_Union[SurfaceFigure, _Mapping]] = ..., contour: _Optional[_Union[ContourFigure, _Mapping]] = ..., descent: _Optional[_Union[DescentFigure, _Mapping]] = ..., error: _Optional[_Union[ErrorFigure, _Mapping]] = ..., area: _Optional[_Union[AreaFigure, _Mapping]] = ..., format: _Optional[_Union[ImageFormat, str]] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., animate: _Optional[bool] = ..., theme: _Optional[_Union[Theme, str]] = ...) -> None: ...

class CurveFigure(_message.Message):
    __slots__ = ("tangents_at", "arrows")
    TANGENTS_AT_FIELD_NUMBER: _ClassVar[int]
    ARROWS_FIELD_NUMBER: _ClassVar[int]
    tangents_at: _containers.RepeatedScalarFieldContainer[float]
    arrows: Arrows
    def __init__(self, tangents_at: _Optional[_Iterable[float]] = ..., arrows: _Optional[_Union[Arrows, str]] = ...) -> None: ...

class SecantFigure(_message.Message):
    __slots__ = ("at", "steps")
    AT_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    at: float
    steps: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, at: _Optional[float] = ..., steps: _Optional[_Iterable[float]] = ...) -> None: ...

class TaylorFigure(_message.Message):
    __slots__ = ("at", "orders")
    AT_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    at: float
    orders: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, at: _Optional[float] = ..., orders: _Optional[_Iterable[int]] = ...) -> None: ...

class SurfaceFigure(_message.Message):
    __slots__ = ("arrows", "at", "slice_variable")
    ARROWS_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    SLICE_VARIABLE_FIELD_NUMBER: _ClassVar[int]
    arrows: Arrows
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    slice_variable: str
    def __init__(self, arrows: _Optional[_Union[Arrows, str]] = ..., at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ..., slice_variable: _Optional[str] = ...) -> None: ...

class ContourFigure(_message.Message):
    __slots__ = ("arrows", "levels")
    ARROWS_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    arrows: Arrows
    levels: int
    def __init__(self, arrows: _Optional[_Union[Arrows, str]] = ..., levels: _Optional[int] = ...) -> None: ...

class DescentFigure(_message.Message):
    __slots__ = ("request",)
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    request: _descend_pb2.DescendRequest
    def __init__(self, request: _Optional[_Union[_descend_pb2.DescendRequest, _Mapping]] = ...) -> None: ...

class ErrorFigure(_message.Message):
    __slots__ = ("at", "schemes")
    AT_FIELD_NUMBER: _ClassVar[int]
    SCHEMES_FIELD_NUMBER: _ClassVar[int]
    at: float
    schemes: _containers.RepeatedScalarFieldContainer[_local_pb2.Scheme]
    def __init__(self, at: _Optional[float] = ..., schemes: _Optional[_Iterable[_Union[_local_pb2.Scheme, str]]] = ...) -> None: ...

class AreaFigure(_message.Message):
    __slots__ = ("at",)
    AT_FIELD_NUMBER: _ClassVar[int]
    at: _containers.RepeatedCompositeFieldContainer[_expression_pb2.Coordinate]
    def __init__(self, at: _Optional[_Iterable[_Union[_expression_pb2.Coordinate, _Mapping]]] = ...) -> None: ...

class PlotResponse(_message.Message):
    __slots__ = ("image", "media_type", "description", "notices")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    image: bytes
    media_type: str
    description: str
    notices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, image: _Optional[bytes] = ..., media_type: _Optional[str] = ..., description: _Optional[str] = ..., notices: _Optional[_Iterable[str]] = ...) -> None: ...
