"""Tesseract's client: arrays in base64 in JSON over HTTP."""

from collections.abc import Callable

from tesseract_core import Tesseract

from bench.rivals import formulas, retried


def evaluate(address: str, points: int) -> Callable[[], object]:
    """Return the job of one call at so many points."""
    tesseract = Tesseract.from_url(address)
    retried(tesseract.health)
    x, y = formulas.columns(("x", "y"), points)

    def job() -> object:
        found = tesseract.apply({"x": x, "y": y})
        return [found["f"], found["fx"], found["fy"]]

    return job
