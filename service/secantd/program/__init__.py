"""Fast numerical values of expressions: at one point, at many points, in loops."""

from secantd.program import special  # noqa: F401  (importing it registers its operations)
from secantd.program.addition import Added, Adder
from secantd.program.compiled import Program, compile
from secantd.program.rescaled import stable_outputs
from secantd.program.shaped import ShapedProgram, compile_shaped

__all__ = ["Added", "Adder", "Program", "ShapedProgram", "compile", "compile_shaped", "stable_outputs"]
