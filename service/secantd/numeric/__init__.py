"""Numerical differentiation: derivatives from values of f only. It never imports the package calculus."""

from secantd.numeric.complexstep import complex_value
from secantd.numeric.differences import SCHEMES, Scheme, Stencil, default_step, gradient, quotient, richardson
from secantd.numeric.digits import FEWER_DIGITS, Digits
from secantd.numeric.special import UnsupportedError

__all__ = [
    "FEWER_DIGITS",
    "SCHEMES",
    "Digits",
    "Scheme",
    "Stencil",
    "UnsupportedError",
    "complex_value",
    "default_step",
    "gradient",
    "quotient",
    "richardson",
]
