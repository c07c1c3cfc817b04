"""What a server is and can do."""

from collections.abc import Mapping
from dataclasses import dataclass

from secant.v1 import describe_pb2 as pb
from secant.v1 import expression_pb2
from secant.words import word

__all__ = ["Description", "KnownFunction", "Limit", "description"]


@dataclass(frozen=True, slots=True)
class KnownFunction:
    """One function of the language.

    Attributes:
        name: Its name in R.
        aliases: Other names it is read by.
        parameters: In order; those with a default as "base = exp(1)".
        summary: What it computes.
        derivatives: By each parameter, in R notation; empty where there is none.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[str, ...]
    summary: str
    derivatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of the server.

    Attributes:
        value: In `unit`.
        unit: "code points", "bytes", "seconds", …
        reason: Why it is there.
    """

    value: float
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a server is and can do.

    Attributes:
        version: The version of the server.
        functions: The functions of the language, by name.
        notations: What is read and written: "r", "python", …
        limits: The limits in force, by name.
        witnesses: Independent witnesses present.
        back_ends: What computes the numbers.
        methods: The rpcs that it answers.
        constants: Named constants.
    """

    version: str
    functions: Mapping[str, KnownFunction]
    notations: tuple[str, ...]
    limits: Mapping[str, Limit]
    witnesses: tuple[str, ...]
    back_ends: tuple[str, ...]
    methods: tuple[str, ...]
    constants: tuple[str, ...]


def description(reply: pb.DescribeResponse) -> Description:
    """Return the reply as a Description."""
    return Description(
        reply.version,
        {
            f.name: KnownFunction(f.name, tuple(f.aliases), tuple(f.parameters), f.summary, tuple(f.derivatives))
            for f in reply.functions
        },
        tuple(word(expression_pb2.Notation, notation) for notation in reply.notations),
        {limit.name: Limit(limit.value, limit.unit, limit.reason) for limit in reply.limits},
        tuple(reply.witnesses),
        tuple(reply.back_ends),
        tuple(reply.methods),
        tuple(reply.constants),
    )
