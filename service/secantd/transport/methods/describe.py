"""Describe."""

from secant.v1 import describe_pb2

from secantd.check.witnesses import present
from secantd.language.notation import Notation
from secantd.settings import limit_table
from secantd.transport.functions import Functions
from secantd.version import __version__

__all__ = ["describe"]


def describe(request: describe_pb2.DescribeRequest, functions: Functions) -> describe_pb2.DescribeResponse:
    """Answer Describe; it never fails."""
    # Describing needs the table of all methods, which holds this one.
    from secantd.transport.methods import IMPLEMENTED

    reply = describe_pb2.DescribeResponse(
        version=__version__,
        notations=[f"NOTATION_{n.name}" for n in Notation],
        witnesses=present(),
        back_ends=["python", "numpy"],
        methods=IMPLEMENTED,
        constants=["pi"],
    )
    for name, value, unit, reason in limit_table(functions.limits):
        reply.limits.add(name=name, value=value, unit=unit, reason=reason)
    return reply
