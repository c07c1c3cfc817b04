"""Numerical differentiation: derivatives from values of f only. It never imports the package calculus."""

from secantd.numeric.complexstep import complex_value
from secantd.numeric.differences import SCHEMES, Scheme, Stencil, default_step, gradient, quotient, richardson
from secantd.numeric.hull import shortest

__all__ = [
    "SCHEMES",
    "Scheme",
    "Stencil",
    "complex_value",
    "default_step",
    "gradient",
    "quotient",
    "richardson",
    "shortest",
]
