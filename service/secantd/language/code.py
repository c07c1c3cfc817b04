"""What the parser writes and the interpreter runs: instructions in postfix order.

Postfix order needs no recursion on either side, so a text may be nested as deep as it is long.
"""

from typing import Any, NamedTuple

__all__ = ["Arguments", "Code", "Instruction", "Parameter"]


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
        index n                 x[i] or x[[i]]; member name: x$name
        store name              keep the top as a variable; store_index name: one component of it;
                                store_outer name: a variable of what is around (<<-)
        pop                     drop the top: the end of a statement
        function (parameters, Code)
        if (Code, Code | None)  on the condition at the top
        for (name, Code)        on the vector at the top
        return                  leave the function with the top
        empty                   push nothing's value: the value of {}
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


class Code:
    """A run of instructions that leaves one value."""

    __slots__ = ("instructions",)

    def __init__(self, instructions: list[Instruction] | None = None) -> None:
        self.instructions: list[Instruction] = instructions or []


class Parameter(NamedTuple):
    """A parameter of a function and the code of its default."""

    name: str
    default: Code | None
