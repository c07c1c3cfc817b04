"""Under IPython every formula is also requested in LaTeX, so that a notebook can display it."""

import sys
from typing import Any

from secant._enums import Notations, enum_values
from secant.v1 import expression_pb2 as pb

__all__ = ["requested_notations"]


def requested_notations(notations: Notations) -> list[Any]:
    """Return the numbers of the notations to request: the caller's, and under IPython also LaTeX.

    Args:
        notations: One name, several names or None.

    Raises:
        ValueError: There is no such notation.

    >>> requested_notations("r"), requested_notations(None)
    ([1], [])
    """
    found = enum_values(pb.Notation, notations)
    # IPython is not imported for this: if it runs, it is already loaded.
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None and pb.NOTATION_LATEX not in found:
        found = [*(found or [pb.NOTATION_UNSPECIFIED]), pb.NOTATION_LATEX]
    return found
