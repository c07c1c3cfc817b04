"""What R's value of each printed text is: R distinguishes a vector from the n x 1 matrix that %*% returns."""

from collections.abc import Callable, Mapping
from enum import Enum

from secantd.expression import SCALAR, Node
from secantd.expression.arrays import ARRAY_OPERATIONS
from secantd.render.arrays.printer import LOGICAL, is_full

__all__ = ["ARITHMETIC", "Kind", "kind_of", "mixed"]

# Operators that keep the dimensions of whichever operand has some. Functions take the attributes of the first argument
# that is as long as the value, which may be a vector without dimensions.
ARITHMETIC = LOGICAL | {"add", "mul", "neg", "div", "pow", "%%", "%/%"}


class Kind(Enum):
    """A kind of value in R."""

    NUMBER = "number"
    VECTOR = "vector"
    # A vector that may be a matrix with one column.
    COLUMN = "column"
    MATRIX = "matrix"


def mixed(args: tuple[Node, ...], kinds: Mapping[int, Kind]) -> bool:
    """Return whether both plain vectors and matrices with one column are among arguments."""
    found = {kinds[a.index] for a in args}
    return Kind.COLUMN in found and Kind.VECTOR in found


def of_argument(node: Node, kinds: Mapping[int, Kind]) -> Kind:
    return kinds[node.args[0].index]


# Operations whose value, if it is a vector, may have one column. R drops the dimensions in all others.
KEEPING: Mapping[str, Callable[[Node, Mapping[int, Kind]], Kind]] = {
    "column": of_argument,
    "row": of_argument,
    "matmul": lambda node, kinds: Kind.COLUMN,
    "solve": lambda node, kinds: kinds[node.args[1].index],
    "diff": of_argument,
    "softmax": of_argument,
}


def kind_of(node: Node, kinds: Mapping[int, Kind]) -> Kind:
    """Return the kind of a node's text, given those of its arguments."""
    if node.shape is SCALAR or not node.shape:
        return Kind.NUMBER
    if is_full(node.shape):
        return Kind.MATRIX
    if node.op in ARRAY_OPERATIONS:
        keeping = KEEPING.get(node.op)
        return keeping(node, kinds) if keeping else Kind.VECTOR
    if not node.args:
        return Kind.VECTOR
    args = node.args
    if node.op == "ifelse":
        # ifelse() has the attributes of its test; if () has those of the branch.
        args = args[:1] if args[0].shape else args[1:]
    elif node.op not in ARITHMETIC and mixed(args, kinds):
        return Kind.VECTOR
    return Kind.COLUMN if any(kinds[a.index] is Kind.COLUMN for a in args) else Kind.VECTOR
