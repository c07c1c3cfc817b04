"""Expressions: the hash-consed graph and its exact local algebra."""

from secantd.expression import algebra
from secantd.expression.arrays import ARRAY_OPERATIONS, OF_GIVEN_SHAPE, REDUCTIONS, times
from secantd.expression.graft import graft
from secantd.expression.graph import BRANCH, Graph, Node, column_of, has_arrays, in_order, reachable, symbols
from secantd.expression.scans import Scan, computed_from, input_of, scan_of, scans, state_of
from secantd.expression.shapes import (
    SCALAR,
    STRETCHED,
    Dimension,
    Length,
    Shape,
    VariableShape,
    minus,
    plus,
    shape_text,
    substituted,
)

__all__ = [
    "ARRAY_OPERATIONS",
    "BRANCH",
    "OF_GIVEN_SHAPE",
    "REDUCTIONS",
    "SCALAR",
    "STRETCHED",
    "Dimension",
    "Graph",
    "Length",
    "Node",
    "Scan",
    "Shape",
    "VariableShape",
    "algebra",
    "column_of",
    "computed_from",
    "graft",
    "has_arrays",
    "in_order",
    "input_of",
    "minus",
    "plus",
    "reachable",
    "scan_of",
    "scans",
    "shape_text",
    "state_of",
    "substituted",
    "symbols",
    "times",
]
