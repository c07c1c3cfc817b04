"""What every printer shares: nodes to text without recursion, and no longer than allowed."""

from collections.abc import Callable

from secantd.errors import CalculusError, limit_exceeded
from secantd.expression import Node, reachable

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

# Nodes after which it is worth while to look how long the whole text will be.
LONG = 200

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
    known: dict[int, tuple[list[Piece], int]] = {}
    stack: list[Piece] = [(node, 0)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            parts.append(piece)
            length += len(piece)
            if length > limit:
                if cut:
                    break
                raise too_long(limit)
            continue
        inner, power = piece
        found = known.get(inner.index)
        if found is None:
            pieces, own = writer(inner)
            found = known[inner.index] = (pieces[::-1], own)
            if len(known) == LONG and not cut and text_length(node, writer, brackets) > limit:
                raise too_long(limit)
        if found[1] < power:
            stack.append(brackets[1])
            stack.extend(found[0])
            stack.append(brackets[0])
        else:
            stack.extend(found[0])
    return "".join(parts)


def too_long(limit: int) -> CalculusError:
    return limit_exceeded("output_length", "the answer is too long to print", limit, "ask for values only")


def text_length(node: Node, writer: Writer, brackets: tuple[str, str]) -> int:
    """Return how long the text of a node is, without writing it: each node is looked at once."""
    around = len(brackets[0]) + len(brackets[1])
    known: dict[int, tuple[int, int]] = {}
    for inner in reachable([node]):
        pieces, own = writer(inner)
        length = 0
        for piece in pieces:
            if isinstance(piece, str):
                length += len(piece)
            else:
                inside, binds = known.get(piece[0].index, (0, 0))
                length += inside + (around if binds < piece[1] else 0)
        known[inner.index] = (length, own)
    return known[node.index][0]


def begins_with_sign(node: Node) -> bool:
    """Whether a product's text begins with a sign: behind a minus it stands in brackets."""
    while node.op in ("mul", "div"):
        node = node.args[0]
    return node.op == "neg" or (node.op == "number" and node.value < 0)


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
