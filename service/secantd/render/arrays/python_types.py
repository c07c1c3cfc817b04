"""What NumPy's value of each printed text is: arrays of truth values and of whole numbers compute differently."""

from collections.abc import Iterable

from secantd.expression import Node
from secantd.render.arrays.printer import LOGICAL, is_count

__all__ = ["Types"]

# Operations whose entries are entries of their first argument.
MOVED = frozenset({
    "column", "row", "transpose", "reverse", "slice", "gather", "select", "pick", "element", "reshape", "flatten",
    "diagonal", "max_of", "min_of", "row_extreme",
})  # fmt: skip
# Operations that count or add truth values, and read them as 1 and 0 elsewhere.
COUNTING = frozenset({"sum", "row_sums", "column_sums", "cumsum", "prod", "cumprod"})
# Arguments that may be truth values; everywhere else they are written as numbers.
WELCOME = LOGICAL | MOVED | COUNTING | {"mean", "mul", "div", "unselect", "ifelse"}
WHOLE_ARITHMETIC = frozenset(
    {"add", "mul", "neg", "abs", "sign", "pmax", "pmin", "diff", "matmul", "outer", "pad", "fill"}
)
# Operations that return integers for integers.
INTEGERS = frozenset({"add", "mul", "neg", "%%", "%/%", "pmax", "pmin", "diff", "concatenate"})


class Types:
    """The nodes of a graph whose values in NumPy are not floating-point numbers.

    Attributes:
        logical: The indices of truth values.
        whole: Those of what may be an integer, which NumPy does not raise to negative powers.
        positions: Those of integers, if variables used as positions are integers.
    """

    def __init__(self) -> None:
        self.logical: set[int] = set()
        self.whole: set[int] = set()
        self.positions: set[int] = set()
        self.known: set[int] = set()

    def include(self, nodes: Iterable[Node]) -> None:
        """Take in nodes, arguments first."""
        for node in nodes:
            if node.index in self.known:
                continue
            self.known.add(node.index)
            if self.is_logical(node):
                self.logical.add(node.index)
            elif self.is_whole(node):
                self.whole.add(node.index)
            if self.is_position(node):
                self.positions.add(node.index)

    def is_logical(self, node: Node) -> bool:
        if node.op in LOGICAL:
            return True
        if node.op in MOVED:
            return node.args[0].index in self.logical
        if node.op == "mul" or node.op == "ifelse":
            args = node.args[node.op == "ifelse" :]
            return all(a.index in self.logical for a in args)
        return False

    def is_whole(self, node: Node) -> bool:
        if node.op == "number":
            return node.value.is_integer()
        if node.op in ("length", "order", "record", "scatter"):
            return True
        if node.op in COUNTING:
            return node.args[0].index in self.logical or node.args[0].index in self.whole
        if node.op in MOVED:
            return node.args[0].index in self.whole
        if node.op in WHOLE_ARITHMETIC or node.op in ("concatenate", "bind_columns"):
            return all(a.index in self.whole or a.index in self.logical for a in node.args)
        return node.op == "ifelse" and all(a.index in self.whole or a.index in self.logical for a in node.args[1:])

    def is_position(self, node: Node) -> bool:
        if node.op == "number":
            return node.value.is_integer()
        if node.op in ("symbol", "data", "length", "order", "record") or is_count(node):
            return True
        if node.op in COUNTING:
            return node.args[0].index in self.logical or node.args[0].index in self.positions
        if node.op in MOVED:
            return node.args[0].index in self.positions
        if node.op in INTEGERS or node.op == "ifelse":
            return all(a.index in self.positions for a in node.args[node.op == "ifelse" :])
        return False

    def needs_number(self, parent: Node, argument: Node) -> bool:
        """Return whether truth values would be computed with otherwise than as 1 and 0: + is "or", - fails."""
        return argument.index in self.logical and parent.op not in WELCOME
