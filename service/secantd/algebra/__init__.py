"""Forms of an answer: how far it is simplified."""

from secantd.algebra.forms import Form, limit_at, reshaped, within
from secantd.algebra.light import Light, light

__all__ = ["Form", "Light", "light", "limit_at", "reshaped", "within"]
