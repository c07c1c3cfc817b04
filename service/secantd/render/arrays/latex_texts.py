"""The operations on arrays in LaTeX."""

from collections.abc import Mapping

from secantd.expression import Node
from secantd.expression.algebra import is_number
from secantd.expression.shapes import plus
from secantd.functions import FUNCTIONS
from secantd.render.arrays.printer import (
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
from secantd.render.writer import ATOM, CALL, MUL, POW, Piece

__all__ = ["INDICES", "LATEX_TEXTS", "ODOT", "norm", "on_diagonal", "raised", "squared"]

# Operations that are written as indices.
INDICES = frozenset({"slice", "gather", "select", "element", "pick"})

# Elementwise products and quotients, and products that are one number, need brackets within a product.
ODOT = MUL - 2
# An index needs brackets or braces before another one, but not before an exponent.
INDEXED = CALL


def matmul(p: Printer, node: Node) -> Pieces:
    a, b = node.args
    return [(a, MUL), " ", (b, MUL)], MUL


def inverse(p: Printer, node: Node) -> Pieces:
    return inverted(node.args[0]), POW


def transpose(p: Printer, node: Node) -> Pieces:
    (a,) = node.args
    return ([(a.args[0], ATOM), r"^{-\top}"] if a.op == "inverse" else transposed(a)), POW


def solve(p: Printer, node: Node) -> Pieces:
    return [*inverted(node.args[0]), " ", (node.args[1], MUL)], MUL


def inverted(matrix: Node) -> list[Piece]:
    if matrix.op == "transpose":
        return [(matrix.args[0], ATOM), r"^{-\top}"]
    return [(matrix, ATOM), "^{-1}"]


def total(p: Printer, node: Node) -> Pieces:
    r"""Return a sum: \lVert x \rVert^{2}, u^{\top} v or 1^{\top} x."""
    (x,) = node.args
    if not x.shape:
        return p.pieces(x)
    test = counted(node)
    if test is not None:
        return p.count(test)
    inner = squared(node)
    if inner is not None:
        return [*norm(inner), "^{2}"], POW
    if x.op == "mul" and len(x.args) == 2 and len(x.shape) == 1 and all(a.shape == x.shape for a in x.args):
        u, v = x.args
        return [*transposed(u), " ", (v, MUL)], ODOT
    ones: list[Piece] = [r"\mathbf{1}^{\top} ", (x, MUL)]
    return [*ones, r" \mathbf{1}"] if len(x.shape) == 2 else ones, ODOT


def squared(node: Node) -> Node | None:
    """Return x of sum(x^2), None for other expressions."""
    inner = node.args[0] if node.op == "sum" else node
    return (
        inner.args[0]
        if inner is not node and inner.shape and inner.op == "pow" and is_number(inner.args[1], 2.0)
        else None
    )


def root(p: Printer, node: Node) -> Pieces:
    (x,) = node.args
    inner = squared(x)
    if inner is not None and x.index not in p.named:
        return norm(inner), ATOM
    return [r"\sqrt{", (x, 0), "}"], CALL


def norm(x: Node) -> list[Piece]:
    return [r"\lVert ", (x, 0), r" \rVert" + ("_{F}" if len(x.shape) == 2 else "")]


def exponential(p: Printer, node: Node) -> Pieces:
    if node.shape:
        return p.filled(r"\exp\left({0}\right)", node), ATOM
    return ["e^{", (node.args[0], 0), "}"], POW


def outer(p: Printer, node: Node) -> Pieces:
    u, v = node.args
    return [(u, MUL), " ", *transposed(v)], MUL


def transposed(v: Node) -> list[Piece]:
    return [raised(v), r"^{\top}"]


def raised(base: Node) -> Piece:
    """Return what an exponent follows: a call of a named function and an index need no brackets."""
    row = FUNCTIONS.get(base.op)
    if base.op in INDICES:
        return base, INDEXED
    return base, CALL if row is not None and "{0}" not in row.latex else ATOM


def cut(p: Printer, node: Node) -> Pieces:
    head, tail = whole_numbers(node)
    (x,) = node.args
    return indexed(p, x, [f"{head + 1}:", *p.length(plus(x.shape[0], -tail))[0]])


def indexed(p: Printer, x: Node, *indices: list[Piece]) -> Pieces:
    """Return entries of a vector; those of a matrix that has one index only are rows."""
    pieces = p.pieces(x)[0]
    # TeX refuses a second index.
    braces = len(pieces) == 1 and "_" in str(pieces[0])
    base: list[Piece] = ["{", (x, ATOM), "}"] if braces else [(x, ATOM)]
    rows = [[":"]] * (len(x.shape) == 2 and len(indices) == 1)
    return [*base, "_{", *joined([*indices, *rows]), "}"], INDEXED


def padded(p: Printer, node: Node) -> Pieces:
    if shifted(node):
        return on_diagonal(shifted(node), [r"\mathbf{1}"]), ATOM
    zeros: list[list[Piece]] = []
    for count in whole_numbers(node):
        zeros.append(["0" if count == 1 and len(node.shape) == 1 else r"\mathbf{0}"] if count else [])
    return stacked([zeros[0], [(node.args[0], 0)], zeros[1]], r" \\ "), ATOM


def on_diagonal(k: int, entries: list[Piece]) -> list[Piece]:
    """Return a matrix with a vector on the k-th diagonal above the main one."""
    return [rf"\operatorname{{diag}}_{{{k}}}\left(", *entries, r"\right)"]


def stacked(parts: list[list[Piece]], between: str) -> list[Piece]:
    pieces: list[Piece] = []
    for part in filter(None, parts):
        pieces += [between] * bool(pieces) + part
    return [r"\begin{pmatrix} ", *pieces, r" \end{pmatrix}"]


def gather(p: Printer, node: Node) -> Pieces:
    if running := running_extreme(node):
        return [rf"\operatorname{{{running}}}\left(", (node.args[0], 0), r"\right)"], ATOM
    return indexed(p, node.args[0], [(node.args[1], 0)])


def scattered(p: Printer, node: Node) -> Pieces:
    return [r"\operatorname{scatter}_{", (node.args[1], 0), r"}\left(", (node.args[0], 0), r"\right)"], ATOM


def position(p: Printer, node: Node, axis: int, index: int) -> list[Piece]:
    """Return an index of a constant position, which counts from 0, or from -1 at the end."""
    if index >= 0:
        return [str(index + 1)]
    length = p.side(node.shape, axis)
    return length if index == -1 else [*length, f" - {-index - 1}"]


def element(p: Printer, node: Node) -> Pieces:
    (x,) = node.args
    return indexed(p, x, *[position(p, x, axis, index) for axis, index in enumerate(whole_numbers(node))])


def basis(p: Printer, node: Node, axis: int, index: int) -> list[Piece]:
    return [r"\mathbf{e}_{", *position(p, node, axis, index), "}"]


def unit(p: Printer, node: Node) -> Pieces:
    first, *others = [basis(p, node, axis, index) for axis, index in enumerate(whole_numbers(node))]
    vectors = [*first, *([" ", *others[0], r"^{\top}"] if others else [])]
    (value,) = node.args
    return (vectors if is_number(value, 1.0) else [(value, MUL), " ", *vectors]), MUL


def pick(p: Printer, node: Node) -> Pieces:
    axis, index = whole_numbers(node)
    (x,) = node.args
    at = position(p, x, axis, index)
    return indexed(p, x, at) if axis == 0 else indexed(p, x, [":"], at)


def place(p: Printer, node: Node) -> Pieces:
    axis, index = whole_numbers(node)
    vector = basis(p, node, axis, index)
    (v,) = node.args
    return [*vector, " ", *transposed(v)] if axis == 0 else [(v, MUL), " ", *vector, r"^{\top}"], MUL


def concatenate(p: Printer, node: Node) -> Pieces:
    return stacked([[(a, 0)] for a in node.args], r" \\ "), ATOM


def bind_columns(p: Printer, node: Node) -> Pieces:
    columns: list[list[Piece]] = []
    for a in node.args:
        value: list[Piece] = [] if is_number(a, 1.0) else [(a, MUL), " "]
        columns.append([(a, 0)] if a.shape else [*value, r"\mathbf{1}"])
    return stacked(columns, " & "), ATOM


def reshape(p: Printer, node: Node) -> Pieces:
    (x,) = node.args
    if len(node.shape) == 1:
        return flatten(p, node)
    rows = written_rows(node)
    if rows:
        lines: list[list[Piece]] = []
        for row in rows:
            lines.append([])
            for a in row:
                lines[-1] += [" & "] * bool(lines[-1]) + [(a, 0)]
        return stacked(lines, r" \\ "), ATOM
    if whole_numbers(node) == (0,):
        return p.filled(r"\operatorname{{reshape}}_{{{n} \times {m}}}\left({0}\right)", node), ATOM
    # Along the rows: the transpose of the matrix that is filled down its columns.
    inner: list[Piece] = transposed(x) if len(x.shape) == 2 else [(x, 0)]
    head = p.filled(r"\operatorname{{reshape}}_{{{m} \times {n}}}\left(", node)
    return [*head, *inner, r"\right)^{\top}"], POW


def flatten(p: Printer, node: Node) -> Pieces:
    (x,) = node.args
    along_rows = whole_numbers(node) == (1,) and len(x.shape) == 2
    return [r"\operatorname{vec}\left(", *(transposed(x) if along_rows else [(x, 0)]), r"\right)"], ATOM


def fill(p: Printer, node: Node) -> Pieces:
    (value,) = node.args
    if is_number(value, 0.0):
        return [r"\mathbf{0}"], ATOM
    ones = r"\mathbf{1}" if len(node.shape) == 1 else r"\mathbf{1} \mathbf{1}^{\top}"
    if is_ones(node):
        return [ones], ATOM if len(node.shape) == 1 else MUL
    return [(value, MUL), " ", ones], MUL


def named(word: str) -> Text:
    return rf"\operatorname{{{{{word}}}}}\left({{0}}\right)"


def cumsum(p: Printer, node: Node) -> Pieces:
    if is_count(node):
        return p.filled(r"\begin{{pmatrix}} 1 & \cdots & {n} \end{{pmatrix}}^{{\top}}", node), POW
    return p.filled(r"\operatorname{{cumsum}}\left({0}\right)", node), ATOM


def row_extreme(p: Printer, node: Node) -> Pieces:
    word = "max" if whole_numbers(node) == (1,) else "min"
    return [rf"\operatorname{{row{word}}}\left(", (node.args[0], 0), r"\right)"], ATOM


def recurrence(p: Printer, node: Node) -> Pieces:
    # The solution y of y_i = b_i + a_i y_{i-1}.
    return p.filled(r"\operatorname{{recurrence}}\left({0}, {1}\right)", node), ATOM


# One row an operation of ARRAY_OPERATIONS; lengths are printed by the printer itself.
LATEX_TEXTS: Mapping[str, Text] = {
    "column": (r"{0:product} \mathbf{{1}}^{{\top}}", MUL),
    "row": lambda p, node: ([r"\mathbf{1} ", *transposed(node.args[0])], MUL),
    "matmul": matmul,
    "transpose": transpose,
    "inverse": inverse,
    "solve": solve,
    "det": r"\det\left({0}\right)",
    "logdet": r"\ln\left|\det\left({0}\right)\right|",
    "cholesky": named("chol"),
    "trace": named("tr"),
    "diagonal": named("diag"),
    "diagonal_matrix": named("diag"),
    "outer": outer,
    "mean": r"\overline{{{0}}}",
    "row_sums": (r"{0:product} \mathbf{{1}}", MUL),
    "column_sums": lambda p, node: ([*transposed(node.args[0]), r" \mathbf{1}"], MUL),
    "row_extreme": row_extreme,
    "cumsum": cumsum,
    "cumprod": named("cumprod"),
    "recurrence": recurrence,
    "record": named("record"),
    "reverse": named("rev"),
    "diff": named("diff"),
    "slice": cut,
    "pad": padded,
    "gather": gather,
    "scatter": scattered,
    "select": gather,
    "unselect": scattered,
    "order": named("order"),
    "element": element,
    "unit": unit,
    "pick": pick,
    "place": place,
    "concatenate": concatenate,
    "bind_columns": bind_columns,
    "reshape": reshape,
    "flatten": flatten,
    "fill": fill,
    "identity": r"\mathbf{{I}}",
    "softmax": named("softmax"),
    "logsumexp": named("logsumexp"),
    "scan": scan,
    "local": local,
    # Reductions, and functions whose form in LaTeX is that of numbers.
    "sum": total,
    "prod": named("prod"),
    "max_of": r"\max\left({0}\right)",
    "min_of": r"\min\left({0}\right)",
    "sqrt": root,
    "exp": exponential,
}
