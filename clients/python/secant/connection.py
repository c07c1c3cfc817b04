"""What both clients have in common: a channel, and how a failure reads."""

import copy
from typing import Any, Self

from secant.channel import Settings
from secant.errors import Error, failure

__all__ = ["Connection"]


class Connection:
    """A connection's settings; the clients add how a call is waited for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._timeout = settings.timeout

    @property
    def target(self) -> str:
        """Where it is connected to."""
        return self._settings.target

    @property
    def timeout(self) -> float | None:
        """Seconds for each call; None waits for ever."""
        return self._timeout

    def with_timeout(self, seconds: float | None) -> Self:
        """Return this client with another timeout, over the same connection."""
        twin = copy.copy(self)
        twin._timeout = seconds
        return twin

    def _options(self) -> dict[str, Any]:
        return {"timeout": self._timeout, "metadata": self._settings.metadata}

    def _failure(self, error: Any) -> Error:
        return failure(error, self.target, self._timeout)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.target}>"
