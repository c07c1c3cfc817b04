"""Formulas as blocks: parts with names, then the formula with these names."""

from secantd.render.parts.naming import Naming
from secantd.render.parts.scalars import ScalarPrinter
from secantd.render.parts.text import NamedText, PartsPrinter, named_text, repeated_parts

__all__ = ["NamedText", "Naming", "PartsPrinter", "ScalarPrinter", "named_text", "repeated_parts"]
