"""The operations on arrays in Python, and the functions that NumPy lacks."""

from collections.abc import Mapping, Sequence

from secantd.expression import Node
from secantd.expression.algebra import is_number
from secantd.render.arrays.printer import (
    WRITTEN_OUT,
    Pieces,
    Printer,
    Text,
    counted,
    is_count,
    is_ones,
    joined,
    local,
    running_extreme,
    scan,
    shifted,
    whole_numbers,
    written_rows,
)
from secantd.render.numbers import python_number
from secantd.render.writer import ADD, ATOM, COMPARE, MUL, NEG, NOT, POW, Piece

__all__ = ["AND", "MATMUL", "OR", "PYTHON_TEXTS", "over_logistic", "unit_test"]

# @ has the precedence of * and is evaluated from the left: brackets show what is multiplied first.
MATMUL = MUL - 1
# & and | bind more tightly than comparisons.
AND, OR = ADD - 2, ADD - 4


def row(p: Printer, node: Node) -> Pieces:
    """Return a vector that repeats down the rows: NumPy broadcasts along the last axis."""
    return p.pieces(node.args[0])


def matmul(p: Printer, node: Node) -> Pieces:
    a, b = node.args
    operand = p.operands(node)
    return [*operand(a, MATMUL if a.op == "matmul" else MUL + 1), " @ ", *operand(b, MUL + 1)], MATMUL


def total(p: Printer, node: Node) -> Pieces:
    """Return a sum, of products of two vectors as u @ v."""
    (inner,) = node.args
    test = counted(node)
    if test is not None:
        return ["np.sum(", (test, 0), ")"], ATOM
    if inner.op == "mul" and len(inner.args) == 2:
        u, v = inner.args
        if len(u.shape) == 1 and u.shape == v.shape and not p.is_logical(inner):
            return [(u, MUL + 1), " @ ", (v, MUL + 1)], MATMUL
    return p.filled("np.sum({0})", node), ATOM


def inverse(p: Printer, node: Node) -> Pieces:
    (a,) = node.args
    return (["np.linalg.inv(", (a.args[0], 0), ").T"] if a.op == "transpose" else ["np.linalg.inv(", (a, 0), ")"]), ATOM


def negation(p: Printer, node: Node) -> Pieces:
    (test,) = node.args
    if not node.shape:
        # ~True is -2.
        return p.filled("not {0:not}", node), NOT
    return (p.filled("~{0:atom}", node), NEG) if p.is_logical(test) else ([(test, COMPARE + 1), " == 0"], COMPARE)


def expit(p: Printer, node: Node) -> Pieces:
    return ["1", *over_logistic(node)], MUL


def over_logistic(node: Node) -> list[Piece]:
    """Return a quotient by 1 + exp(-x): a product with expit(x)."""
    (x,) = node.args
    inner: list[Piece] = [(x.args[0], 0)] if x.op == "neg" else ["-", (x, POW)]
    return ["/(1 + np.exp(", *inner, "))"]


def along_rows(vector: str, matrix: str) -> Text:
    """Return a template for vectors and one for matrices."""

    def text(p: Printer, node: Node) -> Pieces:
        return p.filled(vector if len(node.args[0].shape) == 1 else matrix, node), ATOM

    return text


def cumsum(p: Printer, node: Node) -> Pieces:
    if is_count(node):
        length = node.shape[0]
        behind = str(length + 1) if isinstance(length, int) else "{n:sum} + 1"
        return p.filled(f"np.arange(1, {behind})", node), ATOM
    return p.filled("np.cumsum({0})" if len(node.shape) == 1 else "np.cumsum({0}, axis=0)", node), ATOM


def cut(p: Printer, node: Node) -> Pieces:
    head, tail = whole_numbers(node)
    return p.filled(f"{{0:atom}}[{head or ''}:{-tail if tail else ''}]", node), ATOM


def padded(p: Printer, node: Node) -> Pieces:
    k = shifted(node)
    if k:
        return p.filled(f"np.eye({{n}}, k={k})", node), ATOM
    before, after = whole_numbers(node)
    width = f"({before}, {after})"
    return p.filled(f"np.pad({{0}}, {width if len(node.shape) == 1 else f'({width}, (0, 0))'})", node), ATOM


def from_zero(p: Printer, index: Node, needed: int) -> list[Piece]:
    """Return an index that counts from 1 as one that counts from 0."""
    if is_count(index):
        return ["np.arange(", *p.side(index.shape, 0), ")"]
    if index.op == "number":
        return [python_number(index.value - 1)]
    if index.op == "order":
        return ["np.argsort(", (index.args[0], 0), ', kind="stable")']
    if is_count(index):
        return positions(p, index, 0)
    if index.op == "add" and len(index.args) == 2:
        for one, other in (index.args, index.args[::-1]):
            if is_number(one, 1.0) and p.is_integral(other):
                return [(other, needed)]
    pieces: list[Piece] = [(index, ADD), " - 1"] if p.is_integral(index) else [(index, ATOM), ".astype(int) - 1"]
    return ["(", *pieces, ")"] if needed > ADD else pieces


def gather(p: Printer, node: Node) -> Pieces:
    x, index = node.args
    if index.op == "order" and index.args[0] is x:
        return ["np.sort(", (x, 0), ")"], ATOM
    if running := running_extreme(node):
        return [f"np.{'maximum' if running == 'cummax' else 'minimum'}.accumulate(", (x, 0), ")"], ATOM
    return [*p.operand(x, ATOM), "[", *from_zero(p, index, 0), "]"], ATOM


def scatter(p: Printer, node: Node) -> Pieces:
    values, index = node.args
    at, length = from_zero(p, index, 0), p.side(node.shape, 0)
    if not index.shape:
        return chosen([*positions(p, node, 0), " == ", *from_zero(p, index, COMPARE + 1)], (values, 0)), ATOM
    if len(node.shape) == 2:
        columns: list[Piece] = ["np.bincount(", *at, ", column, ", *length, ") for column in ", (values, ATOM), ".T"]
        return ["np.stack([", *columns, "], axis=1)"], ATOM
    if is_ones(values) or not values.shape:
        counts: list[Piece] = ["np.bincount(", *at, ", minlength=", *length, ")"]
        return (counts, ATOM) if is_ones(values) else ([(values, MUL), "*", *counts], MUL)
    return ["np.bincount(", *at, ", ", (values, 0), ", ", *length, ")"], ATOM


def positions(p: Printer, node: Node, axis: int) -> list[Piece]:
    """Return 0, 1, ... along one side of a value."""
    down = "[:, None]" if axis == 0 and len(node.shape) == 2 else ""
    return ["np.arange(", *p.side(node.shape, axis), ")" + down]


def at_position(p: Printer, node: Node, axis: int, index: int) -> list[Piece]:
    """Return the test for a constant position, which counts from 0, or from -1 at the end."""
    place: list[Piece] = [str(index)] if index >= 0 else [*p.side(node.shape, axis), f" - {-index}"]
    return [*positions(p, node, axis), " == ", *place]


def chosen(test: Sequence[Piece], value: Piece) -> list[Piece]:
    return ["np.where(", *test, ", ", value, ", 0)"]


def select(p: Printer, node: Node) -> Pieces:
    return [*p.operand(node.args[0], ATOM), "[", *p.condition(node.args[1]), "]"], ATOM


def unselect(p: Printer, node: Node) -> Pieces:
    mask = p.condition(node.args[1])
    # The entry 0 where the mask is false, else as many as are true so far.
    return ["np.append(0, ", (node.args[0], 0), ")[np.cumsum(", *mask, ")*(", *mask, ")]"], ATOM


def element(p: Printer, node: Node) -> Pieces:
    return p.filled(f"{{0:atom}}[{', '.join(map(str, whole_numbers(node)))}]", node), ATOM


def unit(p: Printer, node: Node) -> Pieces:
    indices = whole_numbers(node)
    length = node.shape[0]
    value = (node.args[0], 0)
    if len(indices) == 1 and isinstance(length, int) and length <= WRITTEN_OUT:
        return [
            "np.array([",
            *joined([[value] if i == indices[0] % length else ["0"] for i in range(length)]),
            "])",
        ], ATOM
    return chosen(unit_test(p, node), value), ATOM


def unit_test(p: Printer, node: Node) -> list[Piece]:
    """Return the test that is true at the place of a unit."""
    first, *others = [at_position(p, node, axis, index) for axis, index in enumerate(whole_numbers(node))]
    return ["(", *first, ") & (", *others[0], ")"] if others else first


def row_extreme(p: Printer, node: Node) -> Pieces:
    word = "max" if whole_numbers(node) == (1,) else "min"
    (x,) = node.args
    down = x.op == "transpose"
    return [f"np.{word}(", (x.args[0] if down else x, 0), f", axis={0 if down else 1})"], ATOM


def recurrence(p: Printer, node: Node) -> Pieces:
    # The solution y of (I - A) y = b, where A has a below its diagonal.
    if len(node.args[1].shape) == 1:
        return p.filled("np.linalg.solve(np.eye({n}) - np.diag({1:atom}[1:], -1), {0})", node), ATOM
    solution = "np.linalg.solve(np.eye(len(b)) - np.diag(a[1:], -1), b)"
    return p.filled(f"np.column_stack([{solution} for b, a in zip({{0:atom}}.T, {{1:atom}}.T)])", node), ATOM


def pick(p: Printer, node: Node) -> Pieces:
    axis, index = whole_numbers(node)
    x = node.args[0]
    if x.op == "cumprod" and (axis, index) == (0, -1):
        (y,) = x.args
        down = y.op != "transpose"
        return ["np.prod(", (y if down else y.args[0], 0), f", axis={0 if down else 1})"], ATOM
    return p.filled(f"{{0:atom}}[{index}]" if axis == 0 else f"{{0:atom}}[:, {index}]", node), ATOM


def place(p: Printer, node: Node) -> Pieces:
    axis, index = whole_numbers(node)
    down = "" if axis == 0 else "[:, None]"
    return [
        "np.where(",
        *at_position(p, node, axis, index),
        ", ",
        (node.args[0], ATOM if down else 0),
        f"{down}, 0)",
    ], ATOM


def concatenate(p: Printer, node: Node) -> Pieces:
    parts: list[list[Piece]] = []
    numbers: list[list[Piece]] = []
    for argument in node.args:
        if not argument.shape:
            numbers.append([(argument, 0)])
            continue
        if numbers:
            parts.append(["[", *joined(numbers), "]"])
            numbers = []
        parts.append([(argument, 0)])
    if not parts:
        return ["np.array([", *joined(numbers), "])"], ATOM
    if numbers:
        parts.append(["[", *joined(numbers), "]"])
    return ["np.concatenate([", *joined(parts), "])"], ATOM


def bind_columns(p: Printer, node: Node) -> Pieces:
    parts: list[list[Piece]] = []
    for argument in node.args:
        if argument.shape:
            parts.append([(argument, 0)])
        elif is_number(argument, 1.0):
            parts.append(["np.ones(", *p.side(node.shape, 0), ")"])
        else:
            parts.append(["np.full(", *p.side(node.shape, 0), ", ", (argument, 0), ")"])
    return ["np.column_stack([", *joined(parts), "])"], ATOM


def reshape(p: Printer, node: Node) -> Pieces:
    if len(node.shape) == 1:
        return flatten(p, node)
    rows = written_rows(node)
    if rows:
        parts: list[list[Piece]] = [["[", *joined([[(a, 0)] for a in row]), "]"] for row in rows]
        return ["np.array([", *joined(parts), "])"], ATOM
    return p.filled(f"np.reshape({{0}}, ({{n}}, {{m}}){fortran(node)})", node), ATOM


def flatten(p: Printer, node: Node) -> Pieces:
    return p.filled(f"np.ravel({{0}}{fortran(node)})", node), ATOM


def fortran(node: Node) -> str:
    return ', order="F"' if whole_numbers(node) == (0,) else ""


def fill(p: Printer, node: Node) -> Pieces:
    (value,) = node.args
    shape = "{n}"
    if len(node.shape) == 2:
        matrix = p.lengths.matrix(node.shape)
        shape = "({n}, {m})" if matrix is None else f"{p.name(matrix.name)}.shape"
    if is_number(value, 0.0):
        return p.filled(f"np.zeros({shape})", node), ATOM
    return p.filled(f"np.ones({shape})" if is_ones(node) else f"np.full({shape}, {{0}})", node), ATOM


# One row an operation of ARRAY_OPERATIONS; lengths are printed by the printer itself.
OF_ARRAYS: Mapping[str, Text] = {
    "column": "{0:atom}[:, None]",
    "row": row,
    "matmul": matmul,
    "transpose": "{0:atom}.T",
    "inverse": inverse,
    "solve": "np.linalg.solve({0}, {1})",
    "cholesky": "np.linalg.cholesky({0})",
    "det": "np.linalg.det({0})",
    "logdet": "np.linalg.slogdet({0})[1]",
    "trace": "np.trace({0})",
    "diagonal": "np.diag({0})",
    "diagonal_matrix": "np.diag({0})",
    "outer": "np.outer({0}, {1})",
    "mean": "np.mean({0})",
    "row_sums": "np.sum({0}, axis=1)",
    "column_sums": "np.sum({0}, axis=0)",
    "row_extreme": row_extreme,
    "cumsum": cumsum,
    "cumprod": along_rows("np.cumprod({0})", "np.cumprod({0}, axis=0)"),
    "recurrence": recurrence,
    "record": ("np.argmax({0} == np.maximum.accumulate({0})[:, None], axis=1) + 1", ADD),
    "reverse": "{0:atom}[::-1]",
    "diff": along_rows("np.diff({0})", "np.diff({0}, axis=0)"),
    "slice": cut,
    "pad": padded,
    "gather": gather,
    "scatter": scatter,
    "select": select,
    "unselect": unselect,
    "order": ('np.argsort({0}, kind="stable") + 1', ADD),
    "element": element,
    "unit": unit,
    "pick": pick,
    "place": place,
    "concatenate": concatenate,
    "bind_columns": bind_columns,
    "reshape": reshape,
    "flatten": flatten,
    "fill": fill,
    "identity": "np.eye({n})",
    # Stable, and NumPy alone.
    "softmax": along_rows(
        "np.exp({0:sum} - np.logaddexp.reduce({0}))", "np.exp({0:sum} - np.logaddexp.reduce({0}, axis=None))"
    ),
    "logsumexp": along_rows("np.logaddexp.reduce({0})", "np.logaddexp.reduce({0}, axis=None)"),
    "scan": scan,
    "local": local,
}

# Reductions, operators, and functions that NumPy lacks but can express without loss of digits.
ELEMENTWISE: Mapping[str, Text] = {
    "sum": total,
    "prod": "np.prod({0})",
    "max_of": "np.max({0})",
    "min_of": "np.min({0})",
    "pi": "np.pi",
    "!": negation,
    "log_base": ("np.log({0})/np.log({1})", MUL),
    "ceiling": "np.ceil({0})",
    "expit": expit,
    "log_expit": ("-np.logaddexp(0, -{0:power})", MUL),
    "softplus": "np.logaddexp(0, {0})",
    # comb() is 0 where n is negative.
    "choose": "scipy.special.binom({0}, {1})",
    "sinpi": "np.sin(np.pi*{0:factor})",
    "cospi": "np.cos(np.pi*{0:factor})",
    "tanpi": "np.tan(np.pi*{0:factor})",
}

PYTHON_TEXTS: Mapping[str, Text] = {**OF_ARRAYS, **ELEMENTWISE}
