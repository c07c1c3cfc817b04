"""The server that the tables of this folder are asked of."""

from collections.abc import Iterator

import pytest
import secant


@pytest.fixture(scope="session")
def service() -> Iterator[secant.Client]:
    """A client of one server for all tables: its processes start once."""
    # On a busy machine a call, and the start of the processes, takes longer than the default.
    with secant.local(timeout=240.0, seconds=120.0, check_seconds=60.0, pool=1) as client:
        yield client
