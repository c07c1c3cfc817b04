"""Validation of replies before their values are used.

A server may be broken, of another version, or not a Secant server at all. Without these checks, a list that is too short
would put values in the wrong places.
"""

from collections.abc import Sized
from typing import Any

__all__ = ["MalformedReplyError", "expect", "expect_fields", "expect_length"]


class MalformedReplyError(Exception):
    """A reply that does not fit its request; the clients raise `Internal` instead."""


def expect(condition: bool, message: str) -> None:
    """Return if `condition` is true.

    Args:
        condition: What every valid reply satisfies.
        message: What is wrong with a reply that does not.

    Raises:
        MalformedReplyError: The condition is false.
    """
    if not condition:
        raise MalformedReplyError(message)


def expect_length(what: str, entries: Sized, length: int, owner: str) -> None:
    """Return if a list has the expected length.

    Args:
        what: What the entries are, for the message: "eigenvalues".
        entries: The list.
        length: The expected length.
        owner: What determines the length, for the message: "variables".

    Raises:
        MalformedReplyError: The length differs.

    >>> expect_length("eigenvalues", [1.0], 2, "variables")
    Traceback (most recent call last):
    secant._reply.MalformedReplyError: 1 eigenvalues for 2 variables
    """
    if len(entries) != length:
        raise MalformedReplyError(f"{len(entries)} {what} for {length} {owner}")


def expect_fields(message: Any, *names: str) -> None:
    """Return if all named fields are set; they are messages, or optional scalars.

    Raises:
        MalformedReplyError: One is not set.

    >>> from secant.v1 import expression_pb2 as pb
    >>> expect_fields(pb.Formula(text="x"), "value")
    Traceback (most recent call last):
    secant._reply.MalformedReplyError: Formula without value
    """
    for name in names:
        if not message.HasField(name):
            raise MalformedReplyError(f"{message.DESCRIPTOR.name} without {name}")
