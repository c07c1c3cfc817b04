"""Instructions over numbered slots."""

from collections.abc import Callable
from typing import Any, NamedTuple

from secantd.expression.shapes import Dimension, Shape
from secantd.program.shaped.lengths import Products
from secantd.program.shaped.operations import Result

__all__ = ["Code", "Instruction"]


class Instruction(NamedTuple):
    """slot `out` ← function(slots `args`); `shape` and `result` describe the value.

    Attributes:
        mine: Whether a result that is not a VIEW is in memory that nothing else uses, and that may be written again.
    """

    function: Callable[..., Any]
    args: tuple[int, ...]
    out: int
    shape: Shape
    result: Result
    mine: bool


class Code(NamedTuple):
    """Instructions and their surroundings.

    Attributes:
        variables: The names of slots 0, 1, ...; the slot after them holds the lengths by name.
        slots: The number of slots.
        constants: Numbers and data by slot.
        fixed: Instructions whose values depend on no variable and on no length.
        code: The other instructions, arguments before their use.
        outputs: One slot for each output.
        products: Names of lengths that are products of two others.
        masks: The bound of each length that a mask determines.
        growing: The slots of exponentials and powers, which lose digits where they are close to 0.
    """

    variables: tuple[str, ...]
    slots: int
    constants: dict[int, Any]
    fixed: tuple[Instruction, ...]
    code: tuple[Instruction, ...]
    outputs: tuple[int, ...]
    products: Products
    masks: dict[str, Dimension]
    growing: frozenset[int]
