"""Expressions to fast numbers: one point, many points, loops."""

from secantd.program.compiled import Program, compile

__all__ = ["Program", "compile"]
