"""The plugin for pytest: fixtures that check derivatives and formulas.

`secant` is a client, of the server that `--secant-server`, the ini setting `secant_server` or $SECANT_SERVER names, or else of one
inside the process of the tests, which starts with its first use and ends with the session. `assert_derivative` and `assert_equal`
are those of `secant.testing` with that client. pytest loads this module in every run; nothing of Secant is imported before a test
uses a fixture.

    def test_gradient(assert_derivative):
        assert_derivative("x^2 * y", "c(2*x*y, x^2)")
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from secant.client import Client
    from secant.results import Verdict

__all__ = ["assert_derivative", "assert_equal", "pytest_addoption", "pytest_report_header", "secant"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting of the server."""
    text = "Secant server of the fixture `secant`. Default: $SECANT_SERVER, or else a server inside this process"
    parser.getgroup("secant").addoption("--secant-server", metavar="HOST:PORT", help=text)
    parser.addini("secant_server", text)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Return the address of the server, where one is named."""
    target = _target(config)
    return f"secant server: {target}" if target else None


def _target(config: pytest.Config) -> str:
    return str(
        config.getoption("--secant-server") or config.getini("secant_server") or os.environ.get("SECANT_SERVER") or ""
    )


@pytest.fixture(scope="session")
def secant(pytestconfig: pytest.Config) -> "Iterator[Client]":
    """A client of Secant, for all tests of the session."""
    from secant._embedded import local
    from secant.client import connect

    target = _target(pytestconfig)
    with connect(target, token=os.environ.get("SECANT_TOKEN")) if target else local() as client:
        yield client


@pytest.fixture(scope="session")
def assert_derivative(secant: "Client") -> "Callable[..., Verdict]":
    """`secant.testing.assert_derivative` with the client of the session."""
    from secant.testing import assert_derivative

    return partial(assert_derivative, client=secant)


@pytest.fixture(scope="session")
def assert_equal(secant: "Client") -> "Callable[..., Verdict]":
    """`secant.testing.assert_equal` with the client of the session."""
    from secant.testing import assert_equal

    return partial(assert_equal, client=secant)
