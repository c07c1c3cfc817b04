"""Exported code of functions of vectors and matrices."""

from secantd.export.arrays.derive import ArrayDerived, ReadShaped, derive_arrays
from secantd.export.arrays.gaps import array_gaps
from secantd.export.arrays.source import array_source
from secantd.export.arrays.verification import agree, verify_arrays

__all__ = ["ArrayDerived", "ReadShaped", "agree", "array_gaps", "array_source", "derive_arrays", "verify_arrays"]
