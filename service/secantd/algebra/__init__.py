"""The forms of an answer: the light form, and SymPy's expanded, factored and simplified ones."""

from secantd.algebra.forms import Form, reshaped, within
from secantd.algebra.light import Light, light

__all__ = ["Form", "Light", "light", "reshaped", "within"]
