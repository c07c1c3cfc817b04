"""Messages with vectors and matrices."""

import numpy as np
from secant.v1 import expression_pb2

Column, Coordinate = expression_pb2.Column, expression_pb2.Coordinate
Dimension, Shape = expression_pb2.Dimension, expression_pb2.VariableShape


def filled(message, value):
    """Set the values and the shape of a message from an array."""
    array = np.asarray(value, float)
    message.values.extend(array.ravel())
    if array.ndim > 1:
        message.shape.extend(array.shape)
    return message


def column(name, value):
    return filled(Column(name=name), value)


def coordinate(name, value):
    number = isinstance(value, int | float)
    return Coordinate(variable=name, value=value) if number else filled(Coordinate(variable=name), value)


def shape(name, *sides, symmetric=False):
    dimensions = [Dimension(size=s) if isinstance(s, int) else Dimension(name=s) for s in sides]
    return Shape(variable=name, dimensions=dimensions, symmetric=symmetric)


def expression(text, data=None, shapes=(), notation=1):
    columns = [column(name, values) for name, values in (data or {}).items()]
    return expression_pb2.Expression(text=text, notation=notation, data=columns, shapes=shapes)
