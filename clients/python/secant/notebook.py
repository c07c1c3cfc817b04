"""In a notebook every formula is asked for in LaTeX too, so that it can show itself."""

import sys
from typing import Any

from secant.v1 import expression_pb2 as pb
from secant.words import Notations, numbers

__all__ = ["asked"]


def asked(notations: Notations) -> list[Any]:
    """Return the numbers of the notations to ask for: the caller's, and LaTeX under IPython.

    >>> asked("r"), asked(None)
    ([1], [])
    """
    found = numbers(pb.Notation, notations)
    # IPython is not imported for this: where it runs it is loaded already.
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None and pb.NOTATION_LATEX not in found:
        found = [*(found or [pb.NOTATION_UNSPECIFIED]), pb.NOTATION_LATEX]
    return found
