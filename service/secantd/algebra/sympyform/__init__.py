"""Expressions as SymPy writes them, without SymPy."""

from secantd.algebra.sympyform.form import SympyForm

__all__ = ["SympyForm"]
