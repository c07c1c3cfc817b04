"""What every printer shares: nodes to text without recursion, and no longer than allowed."""

from collections.abc import Callable

from secantd.errors import limit_exceeded
from secantd.expression import Node

__all__ = [
    "ADD",
    "ATOM",
    "CALL",
    "COMPARE",
    "LOGIC",
    "MOD",
    "MUL",
    "NEG",
    "NOT",
    "POW",
    "Piece",
    "Writer",
    "call_pieces",
    "sum_pieces",
    "write",
]

# How close the outermost operator of a text binds; an operand that binds less stands in brackets.
LOGIC, NOT, COMPARE, ADD, MUL, MOD, NEG, POW, CALL, ATOM = 10, 15, 20, 30, 40, 45, 50, 60, 70, 80

# A piece of text, or a node and how close its text must bind to stand without brackets.
Piece = str | tuple[Node, int]
# Gives the pieces of a node and how close its text binds.
Writer = Callable[[Node], tuple[list[Piece], int]]


def write(node: Node, writer: Writer, limit: int, *, cut: bool = False, brackets: tuple[str, str] = ("(", ")")) -> str:
    """Return the text of a node.

    A graph of a thousand nodes can be a text of a gigabyte: past `limit` code points the text is cut there
    (`cut`), or refused.

    Raises:
        CalculusError: LIMIT_EXCEEDED.
    """
    parts: list[str] = []
    length = 0
    stack: list[Piece] = [(node, 0)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            parts.append(piece)
            length += len(piece)
            if length > limit:
                if cut:
                    break
                raise limit_exceeded("output_length", "the answer is too long to print", limit, "ask for values only")
            continue
        inner, power = piece
        pieces, own = writer(inner)
        if own < power:
            stack.append(brackets[1])
            stack.extend(reversed(pieces))
            stack.append(brackets[0])
        else:
            stack.extend(reversed(pieces))
    return "".join(parts)


def call_pieces(name: str, args: tuple[Node, ...], names: tuple[str, ...] = ()) -> list[Piece]:
    """Return name(args), with the arguments' names in front where given."""
    pieces: list[Piece] = [name + "("]
    for i, a in enumerate(args):
        if i:
            pieces.append(", ")
        if names:
            pieces.append(f"{names[i]} = ")
        pieces.append((a, 0))
    pieces.append(")")
    return pieces


def sum_pieces(args: tuple[Node, ...], plus: str, minus: str) -> list[Piece]:
    """Return a sum; a term with a minus in front is subtracted."""
    pieces: list[Piece] = []
    for i, a in enumerate(args):
        if i and a.op == "neg":
            pieces += [minus, (a.args[0], MUL)]
        else:
            pieces += ([plus] if i else []) + [(a, ADD if not i else MUL)]
    return pieces
