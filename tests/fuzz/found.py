"""What fuzzing has found: files named METHOD-what-is-wrong, each the bytes of a request."""

from pathlib import Path

__all__ = ["CORPUS", "OPEN"]

# Found and not mended yet; what is mended has to leave this table.
OPEN = {
    "Approximate-huge-point": "check/approximate.py: a power of h overflows",
    "Approximate-huge-complex-step": "check/approximate.py: a power of h overflows",
    "Gradient-exponent-that-is-no-number": "algebra/light.py: int() of an exponent that is NaN",
}
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*-*"))
