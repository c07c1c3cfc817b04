"""Errors of the engine in this process, as those that a client of a server raises."""

from collections.abc import Iterator
from contextlib import contextmanager

from secantd.answers.failures import STATUSES, details_of, message_of
from secantd.errors import CalculusError

from secant.errors import Error, error_of

__all__ = ["engine_errors", "of_engine"]


def of_engine(error: CalculusError) -> Error:
    """Return an error of the engine as a client's."""
    return error_of(
        STATUSES[error.reason],
        message_of(error),
        reason=error.reason.value,
        field=error.field,
        metadata=details_of(error),
    )


@contextmanager
def engine_errors() -> Iterator[None]:
    """Raise errors of the engine inside as those of a client.

    >>> from secantd.errors import Reason
    >>> with engine_errors():
    ...     raise CalculusError(Reason.INVALID_VALUE, "the data have no rows")
    Traceback (most recent call last):
    secant.errors.InvalidArgument: the data have no rows
    """
    try:
        yield
    except CalculusError as error:
        raise of_engine(error) from None
