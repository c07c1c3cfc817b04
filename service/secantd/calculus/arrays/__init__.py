"""Derivatives of functions of vectors and matrices."""

from secantd.calculus.arrays.derivatives import ArrayDerivative, derivative_of, gradient_of, second_derivative_of
from secantd.calculus.arrays.differentials import differential_of
from secantd.calculus.arrays.gradient import reverse_gradient

__all__ = [
    "ArrayDerivative",
    "derivative_of",
    "differential_of",
    "gradient_of",
    "reverse_gradient",
    "second_derivative_of",
]
