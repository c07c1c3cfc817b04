"""The entry of the folder: a request in, bunches of steps out."""

from collections.abc import Iterator

from secantd.descent.request import Bunch, DescentRequest

__all__ = ["descend"]


def descend(request: DescentRequest) -> Iterator[Bunch]:
    """Yield the steps in bunches; the last bunch holds the outcome."""
    raise NotImplementedError(request)
