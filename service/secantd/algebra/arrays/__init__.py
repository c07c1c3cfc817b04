"""Constructors of expressions of vectors and matrices that simplify, and the light form that they give."""

from secantd.algebra.arrays.arrays import Arrays
from secantd.algebra.arrays.bands import by_diagonals
from secantd.algebra.arrays.constructors import is_zero
from secantd.algebra.arrays.entries import entry_by_entry
from secantd.algebra.arrays.reshaping import reshaped_array, whole_operations

__all__ = ["Arrays", "by_diagonals", "entry_by_entry", "is_zero", "reshaped_array", "whole_operations"]
