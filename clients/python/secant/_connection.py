"""The base class of both clients: settings, and conversion of failures and replies."""

import copy
from collections.abc import Callable
from typing import Any, ParamSpec, Self, TypeVar

from secant._channel import ConnectionSettings
from secant._reply import MalformedReplyError
from secant.errors import Error, Internal, failure

__all__ = ["Connection"]


P = ParamSpec("P")
T = TypeVar("T")

MALFORMED = """\
the server's reply is malformed: {}
  from {}
check that client and server have the same version, and that the target is a Secant server"""


class Connection:
    """The settings of a connection. The clients add how a call is made: blocking, or with asyncio."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._timeout = settings.timeout
        # Whether notices of answers are Python warnings, too.
        self.warns = True

    @property
    def target(self) -> str:
        """The address of the server, such as "127.0.0.1:50051"."""
        return self._settings.target

    @property
    def timeout(self) -> float | None:
        """The time limit of each call in seconds; None for no limit."""
        return self._timeout

    def with_timeout(self, seconds: float | None) -> Self:
        """Return a copy of this client with another timeout; both share one connection.

        Args:
            seconds: Time limit of each call in seconds; None sets no limit.

        >>> from secant.client import connect
        >>> connect("127.0.0.1:50051").with_timeout(5).timeout
        5
        """
        twin = copy.copy(self)
        twin._timeout = seconds
        return twin

    def _options(self) -> dict[str, Any]:
        return {"timeout": self._timeout, "metadata": self._settings.metadata}

    def _failure(self, error: Any) -> Error:
        return failure(error, self.target, self._timeout)

    def _read(self, convert: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `convert`.

        Raises:
            Internal: MALFORMED_REPLY, the reply does not fit its request.
        """
        try:
            return convert(*args, **kwargs)
        except MalformedReplyError as error:
            raise Internal(MALFORMED.format(error, self.target), reason="MALFORMED_REPLY") from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.target}>"
