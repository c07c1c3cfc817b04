"""Math-Verify: parse() of both formulas and verify()."""

import logging
from collections.abc import Callable

from math_verify import parse, verify

logging.disable(logging.CRITICAL)


def equal(f: str, g: str) -> Callable[[], str]:
    """Return the job of one pair in LaTeX; its answer is a verdict."""

    def job() -> str:
        try:
            one, other = parse(f"${f}$"), parse(f"${g}$")
            return "EQUAL" if verify(one, other) else "REFUTED" if one and other else "unread"
        except Exception as error:
            return type(error).__name__

    return job
