"""Forms of an answer: how far it is simplified."""

from secantd.algebra.light import Light, light

__all__ = ["Light", "light"]
