"""The instructions in postfix order that the parser emits and the interpreter runs.

Postfix order needs no recursion on either side, so a text may be nested as deeply as it is long.
"""

from typing import Any, NamedTuple

__all__ = ["Arguments", "Instruction", "Instructions", "Parameter", "Reading"]


class Instruction:
    """One step of the stack machine.

    op and operand:
        number float            push a number
        string str              push a string
        load name               push a variable's value
        add n | mul n           n-ary, left to right
        operator name           binary or unary operator of R, by its sign; "neg", "minus"
                                (that of a subtraction) and "!" are unary
        call (name, Arguments)  call a named function
        apply Arguments         call the function value below its arguments
        index n                 x[i] or x[[i]]; member name: x$name; attribute name: x.T
        missing                 an index that is left out; slice n: first:last:step; newaxis: Python's None
        store name              assign the top to a variable; store_index (name, n): to a part of it by n indices;
                                store_outer name: to a variable of an enclosing function (<<-)
        pop                     drop the top: the end of a statement
        function (parameters, Instructions)
        if (Instructions, Instructions | None)
                                on the condition at the top
        for (name, Instructions) on the vector at the top
        return                  return the top from the function
        empty                   push Nothing, the value of {}
    """

    __slots__ = ("end", "op", "operand", "start")

    def __init__(self, op: str, operand: Any, start: int, end: int) -> None:
        self.op = op
        self.operand = operand
        self.start = start
        self.end = end


class Arguments(NamedTuple):
    """The names of a call's arguments in order; None for a positional one."""

    names: tuple[str | None, ...]


class Instructions:
    """A sequence of instructions that leaves one value on the stack."""

    __slots__ = ("instructions",)

    def __init__(self, instructions: list[Instruction] | None = None) -> None:
        self.instructions: list[Instruction] = instructions or []


class Parameter(NamedTuple):
    """A parameter of a function and the code of its default."""

    name: str
    default: Instructions | None


class Reading(NamedTuple):
    """The instructions of a text, and what its notation shows.

    Attributes:
        code: The instructions.
        notices: How the text was read, where that may surprise.
        vectors: Names that are vectors, because of an index or a norm.
        numbers: Names that are numbers, because a sum over an index has none for them.
    """

    code: Instructions
    notices: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
