"""Values of expressions with shapes by NumPy and LAPACK."""

from secantd.program.shaped.program import ShapedProgram, compile_shaped

__all__ = ["ShapedProgram", "compile_shaped"]
