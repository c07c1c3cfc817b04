"""Describe."""

from functools import cache
from importlib.util import find_spec

from secant.v1 import describe_pb2

from secantd.answers.functions import FunctionCache
from secantd.check.witnesses import present
from secantd.descent.methods import described
from secantd.engine.catalogue import catalogue_of
from secantd.language.catalog import known_functions
from secantd.language.notation import Notation
from secantd.program import tape
from secantd.program.native import machine
from secantd.settings import limit_table
from secantd.transport.messages.contract import SERVICE
from secantd.transport.messages.records import fill
from secantd.version import __version__

__all__ = ["describe"]


def describe(request: describe_pb2.DescribeRequest, functions: FunctionCache) -> describe_pb2.DescribeResponse:
    """Answer Describe; it never fails."""
    reply = describe_pb2.DescribeResponse(
        version=__version__,
        notations=[f"NOTATION_{n.name}" for n in Notation],
        witnesses=present(),
        back_ends=back_ends(),
        methods=[method.name for method in SERVICE.methods],
        constants=["pi"],
    )
    for function in known_functions():
        fill(reply.functions.add(), function)
    for method in described():
        fill(reply.descent_methods.add(), method)
    for name, value, unit, reason in limit_table(functions.limits):
        reply.limits.add(name=name, value=value, unit=unit, reason=reason)
    catalogue = catalogue_of(functions)
    for data_set in catalogue.described():
        reply.data_sets.add(name=data_set.name, columns=data_set.columns, rows=data_set.rows)
    reply.engine = catalogue.engine
    return reply


@cache
def back_ends() -> tuple[str, ...]:
    """Return what computes numbers here."""
    extras = [name for name in ("scipy", "mpmath") if find_spec(name) is not None]
    compiled = ["mypyc"] if not str(tape.__file__).endswith(".py") else []
    native = ["native"] if machine() is not None else []
    return ("python", "numpy", *native, *extras, *compiled)
