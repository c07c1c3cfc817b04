"""Expressions with arrays in LaTeX."""

from collections.abc import Sequence

from secantd.expression import Node
from secantd.expression.algebra import is_number
from secantd.expression.shapes import Dimension
from secantd.functions import FUNCTIONS
from secantd.language.notation import Notation
from secantd.render.arrays.latex_texts import INDICES, LATEX_TEXTS, ODOT, norm, on_diagonal, raised, squared
from secantd.render.arrays.lengths import Side
from secantd.render.arrays.printer import LOGICAL, Operand, Pieces, Printer, along_shifted, is_full, shifted
from secantd.render.arrays.scans import LoopPrinter
from secantd.render.latex import BRACKETS, latex_number, latex_pieces
from secantd.render.spelling import latex_name, safe
from secantd.render.writer import ADD, ATOM, MUL, POW, Piece, factors_of

__all__ = ["LatexPrinter"]


class LatexPrinter(LoopPrinter):
    """The printer of LaTeX."""

    notation = Notation.LATEX
    TEXTS = LATEX_TEXTS
    times = " "
    brackets = BRACKETS
    unnamed = Printer.unnamed | LOGICAL

    def number(self, value: float) -> str:
        return latex_number(value)

    # -- lengths, by their names ---------------------------------------------------------------------------------

    def whole_side(self, dimension: Dimension) -> Side | None:
        return None

    def named_length(self, name: str) -> Pieces:
        letter = self.names.get(name, "") if "(" in name else ""
        if len(letter) == 1:
            # The letter of a length that is known as that of a variable: length(x). A variable has no such letter.
            return [letter], ATOM
        if name.isalnum() and safe(name) and latex_name(name) not in self.names.values():
            return [latex_name(name)], ATOM
        return super().named_length(name)

    def side_of(self, node: Node, axis: int) -> str:
        word = "length" if len(node.shape) == 1 else ("nrow", "ncol")[axis]
        return rf"\operatorname{{{word}}}\left({self.name(node.name)}\right)"

    def count(self, mask: Node) -> Pieces:
        return [r"\#\left\{", (mask, 0), r"\right\}"], ATOM

    # -- elementwise operations ------------------------------------------------------------------------------------

    def elementwise(self, node: Node) -> Pieces:
        op, args = node.op, node.args
        if op == "add":
            return self.sum(args, self.in_matrix if is_full(node.shape) else self.operand), ADD
        if op == "mul":
            return self.multiplied(args)
        if not node.shape:
            if op == "pow" and args[0].op in INDICES:
                return [raised(args[0]), "^{", (args[1], 0), "}"], POW
            inner = squared(args[0]) if op == "pow" and args[0].index not in self.named else None
            if inner is not None and args[1].op == "number":
                return [*norm(inner), f"^{{{latex_number(2 * args[1].value)}}}"], POW
            return latex_pieces(node)
        if op == "neg":
            return ["-", (args[0], ODOT)], ODOT
        if op == "div" and args[1].shape:
            return [(args[0], ODOT), r" \oslash ", (args[1], POW)], ODOT
        if op == "pow":
            return [raised(args[0]), r"^{\odot ", (args[1], 0), "}"], POW
        return latex_pieces(node)

    def in_matrix(self, node: Node, needed: int) -> list[Piece]:
        """Return a term of a sum of matrices: a number stands for a matrix of it, not for a multiple of the identity."""
        if node.shape:
            return [(node, needed)]
        ones: list[Piece] = [r"\mathbf{1} \mathbf{1}^{\top}"]
        return ones if is_number(node, 1.0) else [(node, MUL), " ", *ones]

    def product(self, factors: Sequence[Node], operand: Operand, head: Sequence[Piece] = ()) -> list[Piece]:
        return [*head, *([" "] if head else []), *self.multiplied(factors)[0]]

    def multiplied(self, factors: Sequence[Node]) -> Pieces:
        """Return a product: numbers, then arrays, with vectors that repeat as diagonal matrices around them."""
        flat = factors_of(factors, self.named)
        numbers = [f for f in flat if not f.shape]
        arrays = [f for f in flat if f.shape]
        matrix = any(is_full(f.shape) for f in arrays)
        left = [f.args[0] for f in arrays if f.op == "column"] if matrix else []
        right = [f.args[0] for f in arrays if f.op == "row"] if matrix else []
        if matrix:
            arrays = [f for f in arrays if f.op not in ("column", "row")]
        elif [f.op for f in arrays] in (["column", "row"], ["row", "column"]):
            # u 1' . 1 v' = u v'
            u, v = sorted(arrays, key=lambda f: f.op)
            outer: list[Piece] = [(u.args[0], MUL), " ", (v.args[0], ATOM), r"^{\top}"]
            head = self.scalars(numbers, True)
            return [*head, *([" "] if head else []), *outer], MUL
        parts = [diagonal(v) for v in left]
        shift = shifted(arrays[0]) if len(arrays) == len(left) == 1 and arrays[0].index not in self.named else 0
        entries = along_shifted(left[0], shift) if shift and left[0].index not in self.named else None
        if entries is not None:
            parts = [on_diagonal(shift, [(entries, 0)])]
        elif arrays:
            single = len(arrays) == 1
            alone = single or not (left or right)
            middle: list[Piece] = []
            for i, f in enumerate(arrays):
                needed = MUL if not single or right else ODOT
                middle += [r" \odot "] * bool(i) + [(f, needed)]
            parts.append(middle if alone else [r"\left(", *middle, r"\right)"])
        parts += [diagonal(v) for v in right]
        head = self.scalars(numbers, bool(parts))
        if head:
            parts.insert(0, head)
        pieces: list[Piece] = []
        for part in parts:
            pieces += [" "] * bool(pieces) + part
        return pieces, MUL if len(arrays) < 2 or left or right else ODOT

    def scalars(self, numbers: Sequence[Node], followed: bool) -> list[Piece]:
        """Return factors that are numbers, with a dot where two numerals would touch."""
        pieces: list[Piece] = []
        for i, f in enumerate(numbers):
            first = f.args[0] if f.op == "pow" else f
            before = numbers[i - 1] if i else None
            if before is not None:
                pieces.append(r" \cdot " if first.op == "number" or before.op in FUNCTIONS else " ")
            # Only the last factor may be a product of arrays without brackets, and only the first may have a sign.
            last = not followed and i == len(numbers) - 1
            pieces.append((f, ODOT + (i > 0 and f.op == "neg") * 3 if last else MUL))
        return pieces


def diagonal(v: Node) -> list[Piece]:
    return [r"\operatorname{diag}\left(", (v, 0), r"\right)"]
