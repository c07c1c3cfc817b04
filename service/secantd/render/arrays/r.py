"""Expressions with arrays in R notation."""

from collections.abc import Callable, Sequence

from secantd.expression import Node
from secantd.expression.shapes import STRETCHED, Shape
from secantd.language.notation import Notation
from secantd.render.arrays.printer import LOGICAL, Operand, Pieces, counted, is_full, is_indicator, shifted
from secantd.render.arrays.r_kinds import ARITHMETIC, Kind, kind_of, mixed
from secantd.render.arrays.r_texts import R_TEXTS, shifted_test, unit_test
from secantd.render.arrays.scans import LoopPrinter
from secantd.render.numbers import r_number
from secantd.render.r import r_pieces
from secantd.render.writer import ADD, ATOM, COMPARE, MUL, NEG, Piece, begins_with_sign

__all__ = ["RPrinter"]

# Functions that have the dimensions of their first argument only.
OF_FIRST = frozenset({"pmax", "pmin"})
# Operations whose text, with a minus in front, has the value of the negated text.
TAKE_A_MINUS = frozenset({"mul", "div", "matmul"})
# Operators as functions, where they differ from the operation's name.
OPERATORS = {"pow": "^", "div": "/"}


class RPrinter(LoopPrinter):
    """The printer of R."""

    notation = Notation.R
    TEXTS = R_TEXTS
    times = " * "

    def prepare(self, nodes: Sequence[Node]) -> None:
        self.kinds: dict[int, Kind] = getattr(self, "kinds", {})
        for node in nodes:
            if node.index not in self.kinds:
                self.kinds[node.index] = kind_of(node, self.kinds)

    def number(self, value: float) -> str:
        return r_number(value)

    def side_of(self, node: Node, axis: int) -> str:
        word = "length" if len(node.shape) == 1 else ("nrow", "ncol")[axis]
        return f"{word}({self.name(node.name)})"

    def count(self, mask: Node) -> Pieces:
        return ["sum(", *self.condition(mask), ")"], ATOM

    def condition(self, mask: Node) -> list[Piece]:
        # An index of numbers is positions, not a mask.
        return [(mask, 0)] if mask.op in LOGICAL else [(mask, COMPARE + 1), " != 0"]

    def vector(self, node: Node, needed: int) -> list[Piece]:
        return ["as.vector(", (node, 0), ")"] if self.kinds[node.index] is Kind.COLUMN else [(node, needed)]

    # -- elementwise operations ----------------------------------------------------------------------------------

    def elementwise(self, node: Node) -> Pieces:
        if node.op == "neg" and node.shape:
            return self.negated(node)
        if not node.shape:
            return self.of_numbers(node)
        if node.op == "ifelse":
            return self.choice(node)
        if is_full(node.shape):
            return self.of_matrices(node)
        lengths = {a.shape for a in node.args if a.shape}
        plain = len(lengths) > 1 or (node.op not in ARITHMETIC and mixed(node.args, self.kinds))
        return self.written(node, self.vector if plain else self.operand)

    def written(self, node: Node, operand: Operand) -> Pieces:
        """Return the text of an elementwise operation with operands written in a given way."""
        if node.op == "add":
            return self.sum(node.args, operand), ADD
        if node.op == "mul":
            return self.product(node.args, operand), MUL
        pieces, own = r_pieces(node)
        found: list[Piece] = []
        for piece in pieces:
            found += [piece] if isinstance(piece, str) else operand(*piece)
        return found, own

    def product(self, factors: Sequence[Node], operand: Operand, head: Sequence[Piece] = ()) -> list[Piece]:
        pieces = [*head]
        for factor in factors:
            needed = MUL + bool(pieces)
            pieces += [self.times] * bool(pieces)
            if is_indicator(factor) and factor.index not in self.named:
                test = unit_test(self, factor)
                pieces += test if is_full(factor.shape) else ["(", *test, ")"]
            else:
                pieces += operand(factor, needed)
        return pieces

    def without_sign(self, node: Node, operand: Operand) -> list[Piece] | None:
        if node.op == "mul" and is_full(node.shape) and node.index not in self.named:
            if any(is_row(a) for a in node.args):
                return None
            operand = self.beside_matrix
        return super().without_sign(node, operand)

    def negated(self, node: Node) -> Pieces:
        inner = node.args[0]
        if shifted(inner) and inner.index not in self.named:
            return ["-", *shifted_test(self, inner)], NEG
        if inner.op in TAKE_A_MINUS and not signed(inner):
            pieces, own = self.pieces(inner)
            if own >= MUL:
                return ["-", *pieces], min(own, NEG)
        return r_pieces(node)

    def of_numbers(self, node: Node) -> Pieces:
        if node.op == "mul" and all(a.op == "length" for a in node.args[:2]):
            # Lengths are integers in R, whose products overflow.
            first, *others = node.args
            return self.product(others, self.operand, ["as.numeric(", (first, 0), ")"]), MUL
        test = counted(node) if node.op == "sum" else None
        if test is not None:
            return ["sum(", (test, 0), ")"], ATOM
        return r_pieces(node)

    # -- matrices and the vectors that repeat beside them -----------------------------------------------------------

    def beside_matrix(self, node: Node, needed: int) -> list[Piece]:
        """Return an operand beside a matrix: R repeats a vector without dimensions down the columns."""
        if shifted(node) and node.index not in self.named:
            # Arithmetic takes truth values as numbers.
            return shifted_test(self, node)
        return [(node, needed)] if is_full(node.shape) else self.vector(node, needed)

    def whole(self, node: Node, shape: Shape) -> list[Piece]:
        """Return an operand as a value of the whole shape."""
        if is_full(node.shape) or (node.shape and node.shape == shape):
            return [(node, 0)]
        if not is_full(shape):
            length = self.side(shape, 0 if shape[0] is not STRETCHED else 1)
            return ["rep_len(" if node.shape else "rep(", *self.vector(node, 0), ", ", *length, ")"]
        sides = [", ", *self.side(shape, 0), ", ", *self.side(shape, 1)]
        return ["matrix(", (node, 0), *sides, ", byrow = TRUE)" if is_row(node) else ")"]

    def spread(self, node: Node, needed: int, shape: Shape) -> list[Piece]:
        """Return an operand beside a matrix, a vector that repeats down the rows as a matrix."""
        return self.whole(node, shape) if is_row(node) else self.beside_matrix(node, needed)

    def of_matrices(self, node: Node) -> Pieces:
        """Return an elementwise operation whose value is a matrix."""
        args, shape = node.args, node.shape
        matrices = any(is_full(a.shape) for a in args)
        rows = [a for a in args if is_row(a)]
        if node.op not in ARITHMETIC:
            return self.called(node)
        if not rows or (matrices and shape[0] == 1):
            return self.written(node, self.beside_matrix)
        others = [a for a in args if not is_row(a)]
        if node.op == "mul":
            return self.scaled(others, rows, matrices)
        negative = [a.args[0] for a in rows if a.op == "neg"]
        if node.op == "add" and matrices and any(is_column(a) for a in others):
            return self.beside_outer(others, rows, negative)
        if node.op == "add" and (not matrices or any(a.op != "neg" for a in others)):
            sign = "-" if len(negative) == len(rows) else "+"
            return self.swept(others, negative if sign == "-" else rows, matrices, sign, self.sum), ATOM
        if node.op == "add" or (matrices and is_row(args[0])):
            return self.written(node, lambda a, needed: self.spread(a, needed, shape))
        sign = OPERATORS.get(node.op, node.op)
        if is_row(args[0]):
            return ["t(", *self.swept(args[:1], args[1:], False, sign, self.sum), ")"], ATOM
        return self.swept(args[:1], args[1:], matrices, sign, self.sum), ATOM

    def beside_outer(self, others: Sequence[Node], rows: Sequence[Node], negative: Sequence[Node]) -> Pieces:
        """Return a sum of matrices and of vectors along both sides: outer(u, v, "+") + A."""
        columns = [a for a in others if is_column(a)]
        sign = "-" if len(negative) == len(rows) else "+"
        pieces = self.swept(columns, negative if sign == "-" else rows, False, sign, self.sum)
        for term in others:
            if not is_column(term):
                positive = self.without_sign(term, self.beside_matrix)
                operand = self.beside_matrix(term, ADD + 1)
                pieces += [" + ", *operand] if positive is None else [" - ", *positive]
        return pieces, ADD

    def scaled(self, others: Sequence[Node], rows: Sequence[Node], matrices: bool) -> Pieces:
        """Return a product with vectors that repeat down the rows, its numbers outside."""
        numbers = [a for a in others if not a.shape]
        swept = self.swept([a for a in others if a.shape], rows, matrices, "*", self.product)
        return ([*self.product(numbers, self.operand), self.times, *swept], MUL) if numbers else (swept, ATOM)

    def swept(
        self, left: Sequence[Node], rows: Sequence[Node], matrices: bool, sign: str, join: Callable[..., list[Piece]]
    ) -> list[Piece]:
        """Return left and rows as one matrix: sweep() beside a matrix, outer() of two vectors."""
        operand = self.beside_matrix if matrices else self.vector
        pieces = join(left, operand) if len(left) > 1 else operand(left[0], 0)
        pieces += [
            ", 2, " if matrices else ", ",
            *(join(rows, self.vector) if len(rows) > 1 else self.vector(rows[0], 0)),
        ]
        if matrices:
            return ["sweep(", *pieces, f', "{sign}")']
        return ["outer(", *pieces, ")" if sign == "*" else f', "{sign}")']

    def called(self, node: Node) -> Pieces:
        """Return a call of a function of several arguments, which has the dimensions of the first."""
        first, *others = node.args
        if node.op in OF_FIRST and not is_full(first.shape) and is_full(others[0].shape):
            first, others = others[0], [first]
        order = dict(zip(node.args, (first, *others), strict=True))

        def operand(argument: Node, needed: int) -> list[Piece]:
            written = order[argument]
            if written is first and not is_full(first.shape):
                return self.whole(first, node.shape)
            return self.spread(written, needed, node.shape)

        return self.written(node, operand)

    def choice(self, node: Node) -> Pieces:
        """Return ifelse(), which has the shape of its test, or if () for a test that is one number."""
        test, *branches = node.args
        if not test.shape:
            yes, no = (self.whole(b, node.shape) for b in branches)
            return ["if (", (test, 0), ") ", *yes, " else ", *no], 0
        pieces = ["ifelse(", *self.whole(test, node.shape)]
        for branch in branches:
            pieces += [", ", *(self.whole(branch, node.shape) if is_row(branch) else self.operand(branch, 0))]
        return [*pieces, ")"], ATOM


def is_row(node: Node) -> bool:
    """Return whether a node is a vector that repeats down the rows of a matrix."""
    return len(node.shape) == 2 and node.shape[0] is STRETCHED


def is_column(node: Node) -> bool:
    """Return whether a node is a vector that repeats along the columns of a matrix."""
    return len(node.shape) == 2 and node.shape[1] is STRETCHED


def signed(node: Node) -> bool:
    """Return whether the text of a product begins with a sign."""
    while node.op in TAKE_A_MINUS:
        node = node.args[0]
    return begins_with_sign(node)
