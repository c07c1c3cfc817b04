"""Claims about derivatives of functions of vectors and matrices."""

from secantd.check.arrays.judge import judge_arrays

__all__ = ["judge_arrays"]
