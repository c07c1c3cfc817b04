"""The contents of a file of exported code with arrays, which the writer of a language prints."""

from collections.abc import Mapping
from dataclasses import dataclass

from secantd.export.arrays.derive import Argument
from secantd.export.arrays.plan import Plan
from secantd.export.arrays.sizes import Sizes
from secantd.export.arrays.vectors import Written

__all__ = ["ArrayFile", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """A function that computes f and its derivatives up to an order.

    Attributes:
        order: 0, 1 or 2; the outputs are f, the gradients, the blocks of the Hessian.
        plan: Its plan.
        writer: What wrote it.
        code: Its statements.
    """

    order: int
    plan: Plan
    writer: object
    code: Written


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """A file of exported code.

    Attributes:
        name: The name of the function.
        arguments: Its arguments; the first `partials` of them are the variables of the derivatives.
        partials: Their number.
        words: The spelling of the arguments.
        sizes: The lengths.
        places: The positions of the variables of each block of the Hessian.
        parts: A part for each order, lowest first; for R only the highest.
        targets: Names for arrays of the caller that receive outputs, in their order.
        helpers: The source of the helper functions; each uses only those before it.
        names: The spelling of names that the code itself uses.
    """

    name: str
    arguments: tuple[Argument, ...]
    partials: int
    words: Mapping[str, str]
    sizes: Sizes
    places: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]
    targets: tuple[str, ...]
    helpers: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def by(self) -> tuple[Argument, ...]:
        """The variables of the derivatives."""
        return self.arguments[: self.partials]
