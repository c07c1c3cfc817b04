"""What the printers of expressions with arrays have in common: templates, lengths, sums and signs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from string import Formatter
from typing import Any, ClassVar

from secantd.expression import Graph, Node, column_of, reachable
from secantd.expression.algebra import is_number
from secantd.expression.shapes import STRETCHED, Dimension, Length, Shape
from secantd.language.notation import Notation
from secantd.render.arrays.lengths import Lengths, Side
from secantd.render.spelling import spelling
from secantd.render.writer import ADD, ATOM, MUL, NOT, POW, Piece

__all__ = [
    "LOGICAL",
    "WRITTEN_OUT",
    "Operand",
    "Pieces",
    "Printer",
    "Text",
    "along_shifted",
    "counted",
    "is_full",
    "is_indicator",
    "is_ones",
    "joined",
    "local",
    "running_extreme",
    "scan",
    "shifted",
    "whole_numbers",
    "written_rows",
]

# The pieces of a node's text and the precedence of its outermost operator.
Pieces = tuple[list[Piece], int]

# The text of an operation: a template of a call or an atom, a template with its precedence, or a function of the printer
# and the node. A template names arguments {0} {1}, the sides of the value {n} {m}, and those of an argument {n0} {m0}.
# Behind a colon stands how an operand is written: with the brackets it needs there, or as a
# vector without dimensions.
Text = str | tuple[str, int] | Callable[[Any, Node], Pieces]

# Returns the pieces of an operand, in brackets where its precedence is below the one given.
Operand = Callable[[Node, int], list[Piece]]

# The longest vector of known length that is printed entry by entry.
WRITTEN_OUT = 5

# Operations whose value is a truth value.
LOGICAL = frozenset({"<", "<=", ">", ">=", "==", "!=", "&", "|", "!"})

NEEDED = {"": 0, "not": NOT, "sum": ADD, "product": MUL, "factor": MUL + 1, "power": POW, "base": POW + 1, "atom": ATOM}


class Printer(ABC):
    """The printer of the formulas of one graph in one notation.

    Args:
        graph: The graph.
        node: The formula.
        names: The texts of names.
    """

    notation: ClassVar[Notation]
    TEXTS: ClassVar[Mapping[str, Text]]
    # The sign between factors, and the brackets.
    times: ClassVar[str]
    brackets: ClassVar[tuple[str, str]] = ("(", ")")
    # Operations of which no part gets a name.
    unnamed: ClassVar[frozenset[str]] = frozenset({"number", "symbol", "data", "length", "column", "row", "pi"})

    def __init__(self, graph: Graph, node: Node, names: Mapping[str, str]) -> None:
        self.names = names
        # The names of nodes that are printed by name.
        self.named: dict[int, str] = {}
        self.nodes = reachable([node])
        self.lengths = Lengths(graph, self.nodes)
        self.prepare(self.nodes)

    def prepare(self, nodes: Sequence[Node]) -> None:  # noqa: B027
        """Take in nodes, arguments first, before they are printed."""

    # -- one node ----------------------------------------------------------------------------------------------

    def pieces(self, node: Node) -> Pieces:
        """Return the pieces of a node's text: the `Writer` of this notation."""
        name = self.named.get(node.index)
        return self.expanded(node) if name is None else ([name], ATOM)

    def expanded(self, node: Node) -> Pieces:
        """Return the pieces of a node's text, whether or not it has a name."""
        op = node.op
        if op == "symbol" or op == "data":
            return [self.name(node.name)], ATOM
        if op == "length":
            return self.named_length(node.name)
        column = column_of(node)
        if column:
            return self.pieces(column)
        text = self.TEXTS.get(op)
        if text is None:
            return self.elementwise(node)
        if isinstance(text, str):
            return self.filled(text, node), ATOM
        if isinstance(text, tuple):
            return self.filled(text[0], node), text[1]
        return text(self, node)

    @abstractmethod
    def elementwise(self, node: Node) -> Pieces:
        """Return the text of a number, an elementwise operation or a reduction."""

    def name(self, name: str) -> str:
        """Return the text of a name."""
        found = self.names.get(name)
        return spelling([name], self.notation, arrays=True).texts[name] if found is None else found

    @cached_property
    def texts(self) -> list[str]:
        """The names that are in use."""
        inside = [self.name(n.name) for n in self.nodes if n.op in ("symbol", "data")]
        return [*self.names.values(), *inside]

    def operand(self, node: Node, needed: int) -> list[Piece]:
        """Return an argument's text, in brackets where its precedence is below `needed`."""
        return [(node, needed)]

    def vector(self, node: Node, needed: int) -> list[Piece]:
        """Return a vector's text, as a value without dimensions."""
        return self.operand(node, needed)

    def operands(self, node: Node) -> Operand:
        """Return how the arguments of a node are written."""
        return self.operand

    def filled(self, template: str, node: Node) -> list[Piece]:
        """Return a template with the texts of a node's arguments and lengths."""
        operand = self.operands(node)
        found: list[Piece] = []
        for literal, field, how in parsed(template):
            if literal:
                found.append(literal)
            if not field:
                continue
            if field[0].isdigit():
                argument = node.args[int(field)]
                found += self.vector(argument, 0) if how == "vector" else operand(argument, NEEDED[how])
            else:
                shape = node.args[int(field[1])].shape if len(field) > 1 else node.shape
                found += self.side(shape, "nm".index(field[0]), NEEDED[how])
        return found

    # -- lengths -----------------------------------------------------------------------------------------------

    def side(self, shape: Shape, axis: int, needed: int = 0) -> list[Piece]:
        """Return the text of one side of a shape."""
        pieces, own = self.length(shape[axis])
        return ["(", *pieces, ")"] if own < needed else pieces

    @abstractmethod
    def side_of(self, node: Node, axis: int) -> str:
        """Return the text of a side of a variable."""

    @abstractmethod
    def count(self, mask: Node) -> Pieces:
        """Return the text of the number of true entries."""

    def whole_side(self, dimension: Dimension) -> Side | None:
        """Return a variable from which a length is printed as it is."""
        return self.lengths.side(dimension)

    def length(self, dimension: Dimension) -> Pieces:
        """Return the text of a length."""
        if isinstance(dimension, int):
            return [str(dimension)], ATOM
        found = self.whole_side(dimension)
        if found:
            return [self.side_of(*found)], ATOM
        if len(dimension.terms) == 1 and dimension.terms[0][1] == 1 and not dimension.offset:
            return self.named_length(dimension.terms[0][0])
        pieces: list[Piece] = []
        for name, factor in dimension.terms:
            sign = ("-" if factor < 0 else "") if not pieces else (" - " if factor < 0 else " + ")
            number = f"{abs(factor)}{self.times}" if abs(factor) != 1 else ""
            inner, own = self.named_length(name)
            pieces += [sign + number, *(["(", *inner, ")"] if own <= ADD else inner)]
        if dimension.offset:
            pieces.append(f" {'-' if dimension.offset < 0 else '+'} {abs(dimension.offset)}")
        return pieces, ADD if len(dimension.terms) > 1 or dimension.offset else MUL

    def named_length(self, name: str) -> Pieces:
        """Return the text of the length with a name."""
        found = self.lengths.side(Length.named(name))
        if found:
            return [self.side_of(*found)], ATOM
        mask = self.lengths.graph.mask(name)
        if mask is not None:
            inside = reachable([mask])
            self.lengths.include(mask)
            self.prepare(inside)
            return self.count(mask)
        shifted = self.lengths.shifted(name)
        if shifted:
            side, dimension = shifted
            text, offset = self.side_of(*side), dimension.offset
            if dimension.terms[0][1] < 0:
                return [f"{offset} - {text}"], ADD
            return [f"{text} {'+' if offset < 0 else '-'} {abs(offset)}"], ADD
        matrix = self.lengths.flattened(name)
        if matrix is not None:
            return [*self.side(matrix.shape, 0, MUL), self.times, *self.side(matrix.shape, 1, MUL)], MUL
        return [self.name(name)], ATOM

    # -- sums and signs ----------------------------------------------------------------------------------------

    @abstractmethod
    def product(self, factors: Sequence[Node], operand: Operand, head: Sequence[Piece] = ()) -> list[Piece]:
        """Return the text of an elementwise product, whose first factors may be written already."""

    @abstractmethod
    def number(self, value: float) -> str:
        """Return the text of a number."""

    def is_logical(self, node: Node) -> bool:
        """Return whether a node's text is an array of truth values."""
        return False

    def is_integral(self, node: Node) -> bool:
        """Return whether a node's text is an array of integers, as positions must be."""
        return True

    def condition(self, mask: Node) -> list[Piece]:
        """Return the text of a mask as an index."""
        return [(mask, 0)]

    def without_sign(self, node: Node, operand: Operand) -> list[Piece] | None:
        """Return the text of -x as a term, for a term x that is written with a minus in front, else None."""
        if node.index in self.named:
            return None
        if node.op == "neg":
            return operand(node.args[0], ADD + 1)
        if node.op == "number":
            return [self.number(-node.value)] if node.value < 0 else None
        if node.op != "mul":
            return None
        first, *others = node.args
        if first.op == "neg":
            return self.product([first.args[0], *others], operand)
        if first.op != "number" or not first.value < 0:
            return None
        if first.value == -1:
            return self.product(others, operand)
        return self.product(others, operand, [self.number(-first.value)])

    def sum(self, terms: Sequence[Node], operand: Operand) -> list[Piece]:
        """Return the text of a sum, with terms subtracted that have a minus in front."""
        pieces = operand(terms[0], ADD)
        for term in terms[1:]:
            positive = self.without_sign(term, operand)
            pieces += [" + ", *operand(term, ADD + 1)] if positive is None else [" - ", *positive]
        return pieces


def is_ones(node: Node) -> bool:
    """Return whether a node is a vector of ones."""
    return node.op == "fill" and is_number(node.args[0], 1.0)


def is_full(shape: Shape) -> bool:
    """Return whether a shape is that of a matrix, not of a vector that repeats along one side."""
    return len(shape) == 2 and STRETCHED not in shape


def is_count(node: Node) -> bool:
    """Return whether a node is 1, 2, ..., n: the running sums of ones."""
    return node.op == "cumsum" and len(node.shape) == 1 and is_ones(node.args[0])


def running_extreme(node: Node) -> str:
    """Return cummax or cummin where a gather is the running maximum or minimum of a vector, else an empty text."""
    x, index = node.args
    if index.op != "record":
        return ""
    (by,) = index.args
    return "cummax" if by is x else "cummin" if by.op == "neg" and by.args[0] is x else ""


def is_indicator(node: Node) -> bool:
    """Return whether a node is 1 at one place and 0 elsewhere, and is not written entry by entry."""
    length = node.shape[0] if node.shape else 0
    short = len(node.shape) == 1 and isinstance(length, int) and length <= WRITTEN_OUT
    return node.op == "unit" and is_number(node.args[0], 1.0) and not short


def counted(node: Node) -> Node | None:
    """Return the test of which a sum counts the true entries: sum(ifelse(test, 1, 0)); else None."""
    (inner,) = node.args
    if inner.op == "ifelse" and inner.args[0].shape == inner.shape and inner.args[0].op in LOGICAL:
        test, yes, no = inner.args
        return test if is_number(yes, 1.0) and is_number(no, 0.0) else None
    return None


def scan(p: Printer, node: Node) -> Pieces:
    """Return what a recursion is made of; it is written as a loop before the formula."""
    count = whole_numbers(node)[1]
    return joined([[(a, 0)] for a in node.args[:-count]]), ATOM


def local(p: Printer, node: Node) -> Pieces:
    """Return what stands for a number within a recursion's step; texts have an element in its place."""
    kind, j = whole_numbers(node)
    return [f"{'xy'[kind]}{j}"], ATOM


def joined(parts: Sequence[Sequence[Piece]]) -> list[Piece]:
    """Return pieces of texts with commas between them."""
    found: list[Piece] = []
    for part in parts:
        found += [", "] * bool(found) + [*part]
    return found


def whole_numbers(node: Node) -> tuple[int, ...]:
    """Return the whole numbers of an operation."""
    assert isinstance(node.payload, tuple)
    return node.payload


def shifted(node: Node) -> int:
    """Return k for an identity matrix whose ones are on the k-th diagonal above the main one, else 0."""
    if node.op != "pad" or node.args[0].op != "slice" or node.args[0].args[0].op != "identity":
        return 0
    first, last = whole_numbers(node)
    return last - first if whole_numbers(node.args[0]) == (last, first) and not (first and last) else 0


def along_shifted(vector: Node, k: int) -> Node | None:
    """Return v where a vector is v with |k| zeros, so that it times the rows of a shifted identity is v on a diagonal."""
    gaps = (0, k) if k > 0 else (-k, 0)
    return vector.args[0] if vector.op == "pad" and whole_numbers(vector) == gaps else None


def written_rows(node: Node) -> list[tuple[Node, ...]]:
    """Return the rows of a matrix that is given by its entries row by row, else an empty list."""
    (inner,) = node.args
    rows, columns = node.shape
    if inner.op != "concatenate" or whole_numbers(node) != (1,) or any(a.shape for a in inner.args):
        return []
    assert isinstance(rows, int)
    assert isinstance(columns, int)
    return [inner.args[i * columns : (i + 1) * columns] for i in range(rows)]


@cache
def parsed(template: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((text, field or "", how or "") for text, field, how, _ in Formatter().parse(template))
