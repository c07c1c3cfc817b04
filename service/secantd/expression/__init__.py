"""Expressions: the hash-consed graph and its exact local algebra."""

from secantd.expression import algebra
from secantd.expression.graft import graft
from secantd.expression.graph import REDUCTIONS, Graph, Node, reachable, symbols

__all__ = ["REDUCTIONS", "Graph", "Node", "algebra", "graft", "reachable", "symbols"]
