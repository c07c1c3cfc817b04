"""Requests that several tests of the process make."""

import sys

import pytest
from secant.v1 import derivative_pb2, expression_pb2

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def after(script, command):
    """A command that the shell becomes after a script of its own: a large process of tests forks slowly for a `preexec_fn`."""
    return ["sh", "-c", f'{script}; exec "$@"', "sh", *command]


def ask(text="x^2", **options):
    return derivative_pb2.DifferentiateRequest(
        expression=expression_pb2.Expression(text=text), variables=["x"], **options
    )
