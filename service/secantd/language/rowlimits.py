"""What a loop over data cannot do, and what makes it be read again in another way."""

from typing import Final

from secantd.errors import CalculusError
from secantd.language.context import Context

__all__ = ["CARRIED", "EDGE", "CarriedError", "EdgeError", "refused"]

# The most entries of vectors and matrices that a row hands to the next: each is a number of the recursion.
CARRIED: Final = 64


# The most rows at either end that are read one by one, because conditions on the index differ there.
EDGE: Final = 8


class EdgeError(Exception):
    """A condition on the index holds in the first or last rows only, or not in these; the loop is read again."""

    def __init__(self, front: int, back: int) -> None:
        self.front = front
        self.back = back


class CarriedError(Exception):
    """A vector that was taken to be filled changes as a whole; the loop is read again."""

    def __init__(self, name: str) -> None:
        self.name = name


def refused(context: Context, what: str, hint: str = "") -> CalculusError:
    """Return the error for a loop over data that is not read: `what` is the subject of the sentence."""
    return context.error(
        f"{what} is not part of the language in a loop over data", hint or "declare a short length, or use other words"
    )
