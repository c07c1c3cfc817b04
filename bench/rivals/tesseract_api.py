"""A Tesseract of sin(x y) + cos(x) y² with both partials, computed by NumPy."""

from pydantic import BaseModel
from tesseract_core.runtime import Array, Float64

from bench.rivals.by_hand import wave


class InputSchema(BaseModel):
    x: Array[(None,), Float64]
    y: Array[(None,), Float64]


class OutputSchema(BaseModel):
    f: Array[(None,), Float64]
    fx: Array[(None,), Float64]
    fy: Array[(None,), Float64]


def apply(inputs: InputSchema) -> OutputSchema:
    """Return the value and the partials."""
    f, fx, fy = wave(inputs.x, inputs.y)
    return OutputSchema(f=f, fx=fx, fy=fy)
