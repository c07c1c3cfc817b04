"""Expressions with arrays in Python notation, as text that runs after `import numpy as np`."""

from collections.abc import Sequence
from functools import cache

from secantd.expression import Node
from secantd.expression.arrays import ARRAY_OPERATIONS
from secantd.functions import FUNCTIONS
from secantd.language.notation import Notation
from secantd.render.arrays.printer import Operand, Pieces, along_shifted, is_indicator, joined, shifted
from secantd.render.arrays.python_texts import AND, OR, PYTHON_TEXTS, over_logistic, unit_test
from secantd.render.arrays.python_types import Types
from secantd.render.arrays.scans import LoopPrinter
from secantd.render.numbers import python_number
from secantd.render.python import python_pieces
from secantd.render.writer import ADD, ATOM, COMPARE, MUL, NEG, Piece, call_pieces, factors_of

__all__ = ["PythonPrinter"]

OPERATORS = frozenset({"neg", "div", "pow", "%%", "%/%", "<", "<=", ">", ">=", "==", "!="})


class PythonPrinter(LoopPrinter):
    """The printer of Python."""

    notation = Notation.PYTHON
    TEXTS = PYTHON_TEXTS
    times = "*"

    def prepare(self, nodes: Sequence[Node]) -> None:
        self.types: Types = getattr(self, "types", None) or Types()
        self.types.include(nodes)

    def number(self, value: float) -> str:
        return python_number(value).replace("inf", "np.inf").replace("nan", "np.nan")

    def side_of(self, node: Node, axis: int) -> str:
        name = self.name(node.name)
        return f"len({name})" if len(node.shape) == 1 else f"{name}.shape[{axis}]"

    def is_logical(self, node: Node) -> bool:
        return node.index in self.types.logical

    def is_integral(self, node: Node) -> bool:
        return node.index in self.types.positions

    def condition(self, mask: Node) -> list[Piece]:
        # An index of numbers is positions, not a mask.
        return [(mask, 0)] if self.is_logical(mask) else [(mask, COMPARE + 1), " != 0"]

    def count(self, mask: Node) -> Pieces:
        return ["np.sum(", *self.condition(mask), ")"], ATOM

    def operands(self, node: Node) -> Operand:
        def operand(argument: Node, needed: int) -> list[Piece]:
            if self.types.needs_number(node, argument):
                number: list[Piece] = ["1.0*", (argument, MUL)]
                return ["(", *number, ")"] if needed > MUL else number
            if recycled and argument.shape and argument.shape != node.shape:
                return ["np.resize(", (argument, 0), ", ", *self.side(node.shape, 0), ")"]
            return [(argument, needed)]

        # Vectors of data whose lengths divide the longest: NumPy repeats only single numbers.
        recycled = len(node.shape) == 1 and node.op not in ARRAY_OPERATIONS
        return operand

    def elementwise(self, node: Node) -> Pieces:
        op, operand = node.op, self.operands(node)
        if op == "number":
            return [self.number(node.value)], python_pieces(node)[1]
        if op == "add":
            return self.sum(node.args, operand), ADD
        if op == "mul":
            return self.product(node.args, operand), MUL
        if op == "&" or op == "|":
            return self.logic(node, AND if op == "&" else OR), AND if op == "&" else OR
        if op == "ifelse" and node.shape:
            return ["np.where(", *joined([operand(a, 0) for a in node.args]), ")"], ATOM
        if op == "neg" and self.begins_logical(node.args[0]):
            return ["-1.0*", (node.args[0], MUL)], MUL
        if op in OPERATORS or op == "ifelse":
            pieces, own = python_pieces(node)
        else:
            word = function_name(op)
            pieces, own = (call_pieces(word, node.args) if word else python_pieces(node)[0]), ATOM
        if op == "pow":
            exponent: Piece = f"{node.args[1].value:.1f}" if self.integer_base(node) else (node.args[1], NEG)
            pieces = [*pieces[:-1], exponent]
        found: list[Piece] = []
        for piece in pieces:
            found += [piece] if isinstance(piece, str) else operand(*piece)
        return found, own

    def begins_logical(self, node: Node) -> bool:
        """Return whether the text of a product begins with truth values, which take no minus."""
        found = False
        while node.op in ("mul", "div") and node.index not in self.named:
            node = node.args[0]
            found = self.is_logical(node)
        return found

    def integer_base(self, node: Node) -> bool:
        """Return whether NumPy would refuse a power: whole numbers to negative whole powers."""
        base, exponent = node.args
        return (
            exponent.op == "number"
            and exponent.value < 0
            and exponent.value.is_integer()
            and base.op != "number"
            and base.index in self.types.whole
        )

    def logic(self, node: Node, own: int) -> list[Piece]:
        pieces: list[Piece] = []
        for i, argument in enumerate(node.args):
            pieces += [f" {node.op} "] * bool(i)
            logical = argument.op in ("&", "|", "!") and self.is_logical(argument)
            pieces += [(argument, own + bool(i))] if logical else ["(", *self.condition(argument), ")"]
        return pieces

    def product(self, factors: Sequence[Node], operand: Operand, head: Sequence[Piece] = ()) -> list[Piece]:
        pieces = [*head]
        flat = factors_of(factors, self.named)
        for i, factor in enumerate(flat):
            on_diagonal = self.on_diagonal(factor, flat[i + 1]) if i + 1 < len(flat) else []
            if on_diagonal:
                pieces += [self.times] * bool(pieces) + on_diagonal
                continue
            if i and self.on_diagonal(flat[i - 1], factor):
                continue
            if factor.op == "expit" and factor.index not in self.named and pieces:
                pieces += over_logistic(factor)
            else:
                test = (
                    ["(", *unit_test(self, factor), ")"]
                    if is_indicator(factor) and factor.index not in self.named
                    else None
                )
                pieces += [self.times] * bool(pieces) + (test or operand(factor, MUL))
        return pieces

    def on_diagonal(self, column: Node, matrix: Node) -> list[Piece]:
        """Return np.diag(v, k=1) for v along the columns of a shifted identity matrix; nothing for others."""
        k = shifted(matrix)
        if not k or column.op != "column" or {column.index, column.args[0].index, matrix.index} & set(self.named):
            return []
        entries = along_shifted(column.args[0], k)
        return [] if entries is None else ["np.diag(", (entries, 0), f", k={k})"]


@cache
def function_name(op: str) -> str:
    """Return NumPy's or SciPy's name of a function, "" if they have none under a known name."""
    aliases = FUNCTIONS[op].aliases
    for package in ("np.", "scipy."):
        for alias in aliases:
            if alias.startswith(package):
                return alias
    return ""
