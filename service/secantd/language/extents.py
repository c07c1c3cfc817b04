"""Where an operation stands in a text with its operands, for errors about how these fit together."""

from secantd.language.instructions import Instruction, Instructions

__all__ = ["extent"]

UNARY = frozenset({"neg", "minus", "!"})


def operands(instruction: Instruction) -> int:
    """Return the number of values that an instruction takes from the stack."""
    op, operand = instruction.op, instruction.operand
    if op in ("add", "mul", "slice"):
        return int(operand)
    if op == "index":
        return int(operand) + 1
    if op == "operator":
        return 1 if operand in UNARY else 2
    if op == "call":
        return len(operand[1].names)
    if op == "apply":
        return len(operand.names) + 1
    return 1 if op in ("member", "attribute", "store", "if", "for") else 0


def extent(code: Instructions, at: int, text: str) -> tuple[int, int]:
    """Return the first and last character of an instruction with its operands, brackets around them included.

    Args:
        code: The code that holds the instruction.
        at: The position of the instruction in it.
        text: The text that the code was read from.

    >>> from secantd.language.parser import parse
    >>> text = "1 + t(x) %*% (y + z)"
    >>> start, end = extent(parse(text), 6, text)
    >>> text[start:end]
    't(x) %*% (y + z)'
    """
    instructions = code.instructions
    start, end = instructions[at].start, instructions[at].end
    missing = operands(instructions[at])
    while missing and at:
        at -= 1
        missing += operands(instructions[at]) - 1
        start, end = min(start, instructions[at].start), max(end, instructions[at].end)
    depth = lowest = 0
    for character in text[start:end]:
        depth += (character == "(") - (character == ")")
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        start = max(text.rfind("(", 0, start), 0)
    for _ in range(depth - lowest):
        end = (text.find(")", end) + 1) or end
    return start, end
