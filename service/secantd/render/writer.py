"""The common part of all printers: nodes to text without recursion, and within a length limit."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Final

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
    "TOO_LONG",
    "Piece",
    "Writer",
    "call_pieces",
    "factors_of",
    "naming",
    "node_text",
    "sum_pieces",
]

# Precedence of the outermost operator of a text; an operand with a lower precedence is put in brackets.
LOGIC: Final = 10
NOT: Final = 15
COMPARE: Final = 20
ADD: Final = 30
MUL: Final = 40
MOD: Final = 45
NEG: Final = 50
POW: Final = 60
CALL: Final = 70
ATOM: Final = 80

TOO_LONG = "the answer is too long to print"

# The number of nodes after which the length of the whole text is computed in advance.
LONG: Final = 200

# The most factors of a product that are collected before the limit of the text is looked at: a product of itself, again and
# again, has more factors than memory.
FACTORS: Final = 1000

# A piece of text, or a node and the precedence that its text needs to be without brackets.
Piece = str | tuple[Node, int]
# Returns the pieces of a node and the precedence of its text.
Writer = Callable[[Node], tuple[list[Piece], int]]


def node_text(
    node: Node, writer: Writer, limit: int, *, cut: bool = False, brackets: tuple[str, str] = ("(", ")")
) -> str:
    """Return the text of a node.

    Args:
        node: The expression.
        writer: The printer of one node in a notation.
        limit: The most code points: a graph of a thousand nodes can be a text of a gigabyte.
        cut: Whether a longer text is cut off at `limit`.
        brackets: The brackets of the notation.

    Raises:
        CalculusError: LIMIT_EXCEEDED for a longer text, unless `cut`.
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


def naming(writer: Writer, names: Mapping[str, str]) -> Writer:
    """Return a printer that looks names up in `names` and leaves all other nodes to `writer`.

    Args:
        writer: The printer of one node.
        names: Texts of names.
    """

    def pieces(node: Node) -> tuple[list[Piece], int]:
        if (node.op == "symbol" or node.op == "data") and node.name in names:
            return [names[node.name]], ATOM
        return writer(node)

    return pieces


def too_long(limit: int) -> CalculusError:
    return limit_exceeded("output_length", TOO_LONG, limit, "request values only")


def text_length(node: Node, writer: Writer, brackets: tuple[str, str]) -> int:
    """Return the length of a node's text without writing it, visiting each node once."""
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


def factors_of(product: Sequence[Node], named: Container[int] = ()) -> list[Node]:
    """Return the factors of a product of products, which needs no brackets for its grouping.

    Args:
        product: The factors.
        named: Indices of factors that are not opened.
    """
    flat: list[Node] = []
    stack = [*reversed(product)]
    while stack:
        node = stack.pop()
        if node.op == "mul" and node.index not in named and len(flat) + len(stack) < FACTORS:
            stack.extend(reversed(node.args))
        else:
            flat.append(node)
    return flat


def begins_with_sign(node: Node) -> bool:
    """Whether a product's text begins with a sign, so that it needs brackets after a minus."""
    while node.op in ("mul", "div"):
        node = node.args[0]
    return node.op == "neg" or (node.op == "number" and node.value < 0)


def call_pieces(name: str, args: tuple[Node, ...], names: tuple[str, ...] = (), sign: str = "") -> list[Piece]:
    """Return the pieces of name(args), with those `names` of arguments that are not empty, and `sign` behind them."""
    pieces: list[Piece] = [name + "("]
    for i, a in enumerate(args):
        named = f"{names[i]}{sign}" if names and names[i] else ""
        if i or named:
            pieces.append((", " if i else "") + named)
        pieces.append((a, 0))
    pieces.append(")")
    return pieces


def sum_pieces(args: tuple[Node, ...], plus: str, minus: str) -> list[Piece]:
    """Return the pieces of a sum, with negated terms subtracted; `plus` and `minus` are the signs with spaces."""
    pieces: list[Piece] = []
    for i, a in enumerate(args):
        if i and a.op == "neg":
            pieces += [minus, (a.args[0], MUL)]
        else:
            pieces += ([plus] if i else []) + [(a, ADD if not i else MUL)]
    return pieces
