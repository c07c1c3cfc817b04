"""The operations on arrays in R."""

from collections.abc import Mapping

from secantd.expression import Node
from secantd.expression.algebra import is_number
from secantd.expression.shapes import Length
from secantd.render.arrays.printer import (
    WRITTEN_OUT,
    Pieces,
    Printer,
    Text,
    is_count,
    is_ones,
    joined,
    local,
    running_extreme,
    scan,
    shifted,
    whole_numbers,
)
from secantd.render.writer import ATOM, MOD, MUL, Piece

__all__ = ["R_TEXTS", "shifted_test", "unit_test"]


def laid(p: Printer, node: Node) -> Pieces:
    """Return a vector that repeats along one side: the operation beside it says along which."""
    return p.pieces(node.args[0])


def matmul(p: Printer, node: Node) -> Pieces:
    a, b = node.args
    if a.op == "transpose" and a.args[0] is b:
        return ["crossprod(", (b, 0), ")"], ATOM
    if b.op == "transpose" and b.args[0] is a:
        return ["tcrossprod(", (a, 0), ")"], ATOM
    return [(a, MOD), " %*% ", (b, MOD + 1)], MOD


def transpose(p: Printer, node: Node) -> Pieces:
    (a,) = node.args
    return ["chol(" if a.op == "cholesky" else "t(", (a.args[0] if a.op == "cholesky" else a, 0), ")"], ATOM


def inverse(p: Printer, node: Node) -> Pieces:
    (a,) = node.args
    return (["t(solve(", (a.args[0], 0), "))"] if a.op == "transpose" else ["solve(", (a, 0), ")"]), ATOM


def diagonal_matrix(p: Printer, node: Node) -> Pieces:
    # diag(5) is the identity matrix of 5 x 5.
    length = node.shape[0]
    known = isinstance(length, int) and length > 1
    return p.filled("diag({0:vector})" if known else "diag({0:vector}, {n})", node), ATOM


def outer(p: Printer, node: Node) -> Pieces:
    if is_ones(node.args[0]):
        return p.filled("matrix({1:vector}, {n}, {m}, byrow = TRUE)", node), ATOM
    if is_ones(node.args[1]):
        return p.filled("matrix({0:vector}, {n}, {m})", node), ATOM
    return p.filled("outer({0:vector}, {1:vector})", node), ATOM


def down_columns(word: str) -> Text:
    """Return the text of an operation along axis 0; apply() drops the dimensions of a single row."""

    def text(p: Printer, node: Node) -> Pieces:
        if is_count(node):
            return positions(p, node, 0), ATOM
        if len(node.shape) == 1:
            return p.filled(word + "({0})", node), ATOM
        return p.filled(f"matrix(apply({{0}}, 2, {word}), {{n}}, {{m}})", node), ATOM

    return text


def reverse(p: Printer, node: Node) -> Pieces:
    return p.filled("rev({0})" if len(node.shape) == 1 else "{0:atom}[rev(seq_len({n})), , drop = FALSE]", node), ATOM


def cut(p: Printer, node: Node) -> Pieces:
    """Return a vector or the rows of a matrix without the first h and the last t."""
    head, tail = whole_numbers(node)
    (inner,) = node.args
    if len(node.shape) == 2:
        if (head, tail) == (1, 0):
            return p.filled("{0:atom}[-1, , drop = FALSE]", node), ATOM
        if (head, tail) == (0, 1):
            return p.filled("{0:atom}[-{n0:atom}, , drop = FALSE]", node), ATOM
        shift = f" + {head}" if head else ""
        return p.filled(f"{{0:atom}}[seq_len({{n}}){shift}, , drop = FALSE]", node), ATOM
    if (head, tail) == (1, 0):
        return p.filled("{0:atom}[-1]", node), ATOM
    if (head, tail) == (0, 1) and inner.op in ("symbol", "data"):
        return p.filled("{0}[-length({0})]", node), ATOM
    pieces = p.vector(inner, 0 if head or tail else ATOM)
    if head:
        pieces = ["tail(", *pieces, f", -{head})"]
    return ["head(", *pieces, f", -{tail})"] if tail else pieces, ATOM


def shifted_test(p: Printer, node: Node) -> list[Piece]:
    """Return the test that is true on one diagonal: outer(i, i - 1, "==") above the main one."""
    k = shifted(node)
    rows: list[Piece] = positions(p, node, 0)
    sides = [rows, [*rows, f" - {abs(k)}"]]
    return ["outer(", *joined(sides if k > 0 else sides[::-1]), ', "==")']


def padded(p: Printer, node: Node) -> Pieces:
    if shifted(node):
        return ["1 * ", *shifted_test(p, node)], MUL
    rows = node.args[0].shape[0]
    # rbind() of no rows and the number 0 has one column.
    several = (isinstance(rows, int) and rows > 0) or (isinstance(rows, Length) and rows.offset >= 0)
    parts: list[str] = []
    for count in whole_numbers(node):
        if count == 1 and (several or len(node.shape) == 1):
            parts.append("0")
        else:
            zeros = f"numeric({count})" if len(node.shape) == 1 else f"matrix(0, {count}, {{m}})"
            parts.append(zeros if count else "")
    inside = ", ".join(part for part in (parts[0], "{0}", parts[1]) if part)
    return p.filled(f"{'c' if len(node.shape) == 1 else 'rbind'}({inside})", node), ATOM


def gather(p: Printer, node: Node) -> Pieces:
    x, index = node.args
    if running := running_extreme(node):
        return [running + "(", (x, 0), ")"], ATOM
    if index.op == "order" and index.args[0] is x:
        return ["sort(", (x, 0), ")"], ATOM
    return p.filled("{0:atom}[{1}]" if len(x.shape) == 1 else rows_of(node, "{0:atom}[{1}, %s]"), node), ATOM


def row_extreme(p: Printer, node: Node) -> Pieces:
    word = "max" if whole_numbers(node) == (1,) else "min"
    (x,) = node.args
    down = x.op == "transpose"
    return ["apply(", (x.args[0] if down else x, 0), f", {2 if down else 1}, {word})"], ATOM


def recurrence(p: Printer, node: Node) -> Pieces:
    def steps(b: str, a: str) -> str:
        return f"Reduce(function(y, p) p[1] + p[2] * y, Map(c, {b}, {a}), 0, accumulate = TRUE)[-1]"

    a = node.args[1]
    if len(node.shape) == 1:
        return p.filled(steps("{0:vector}", "{1:vector}"), node), ATOM
    # The function's own names hide those of the formula.
    factors = "as.data.frame({1})" if len(a.shape) == 2 else "MoreArgs = list(a = {1:vector})"
    columns = f"mapply(function(b, a) {steps('b', 'a')}, as.data.frame({{0}}), {factors})"
    return p.filled(f"matrix({columns}, {{n}}, {{m}})", node), ATOM


def pick_of(p: Printer, node: Node) -> Pieces:
    x = node.args[0]
    if x.op == "cumprod" and whole_numbers(node) == (0, -1):
        (y,) = x.args
        down = y.op != "transpose"
        return ["apply(", (y if down else y.args[0], 0), f", {2 if down else 1}, prod)"], ATOM
    return pick(p, node)


def rows_of(node: Node, template: str) -> str:
    """Return a template of chosen rows: a matrix, or the vector of one row."""
    return template % (", drop = FALSE" if len(node.shape) == 2 else "")


def scatter(p: Printer, node: Node) -> Pieces:
    values, index = node.args
    if len(node.shape) == 2 and not index.shape:
        return [
            "outer(",
            *positions(p, node, 0),
            " == ",
            (index, MUL),
            ", ",
            *p.vector(values, 0),
            ", ifelse, 0)",
        ], ATOM
    if len(node.shape) == 2:
        # rowsum() drops groups without rows.
        return p.filled("rowsum(rbind({0}, matrix(0, {n}, {m})), c({1}, seq_len({n})))", node), ATOM
    if is_ones(values):
        return p.filled("tabulate({1}, {n})", node), ATOM
    if not index.shape:
        return ["ifelse(", *positions(p, node, 0), " == ", (index, MUL), ", ", (values, 0), ", 0)"], ATOM
    if not values.shape:
        return [*p.operand(values, MUL), " * ", *p.filled("tabulate({1}, {n})", node)], MUL
    groups = ["factor(", *p.vector(index, 0), ", ", *positions(p, node, 0), ")"]
    return ["as.vector(tapply(", *p.vector(values, 0), ", ", *groups, ", sum, default = 0))"], ATOM


def positions(p: Printer, node: Node, axis: int) -> list[Piece]:
    """Return 1, 2, ... along one side of a value."""
    pieces = p.side(node.shape, axis)
    first = pieces[0]
    if len(pieces) == 1 and isinstance(first, str) and first.startswith("length("):
        return ["seq_along" + first.removeprefix("length")]
    return ["seq_len(", *pieces, ")"]


def position(p: Printer, node: Node, axis: int, index: int) -> list[Piece]:
    """Return an index of a constant position, which counts from 0, or from -1 at the end."""
    if index >= 0:
        return [str(index + 1)]
    length = p.side(node.shape, axis)
    return length if index == -1 else [*length, f" - {-index - 1}"]


def select(p: Printer, node: Node) -> Pieces:
    x, mask = node.args
    end = "]" if len(x.shape) == 1 else ", , drop = FALSE]"
    return [*p.operand(x, ATOM), "[", *p.condition(mask), end], ATOM


def unselect(p: Printer, node: Node) -> Pieces:
    return [
        "replace(numeric(",
        *p.side(node.shape, 0),
        "), ",
        *p.condition(node.args[1]),
        ", ",
        (node.args[0], 0),
        ")",
    ], ATOM


def element(p: Printer, node: Node) -> Pieces:
    (x,) = node.args
    indices = [position(p, x, axis, index) for axis, index in enumerate(whole_numbers(node))]
    return [*p.operand(x, ATOM), "[", *joined(indices), "]"], ATOM


def unit(p: Printer, node: Node) -> Pieces:
    indices = whole_numbers(node)
    length = node.shape[0]
    if len(indices) == 1 and isinstance(length, int) and length <= WRITTEN_OUT:
        value: list[Piece] = [(node.args[0], 0)]
        return ["c(", *joined([value if i == indices[0] % length else ["0"] for i in range(length)]), ")"], ATOM
    test = unit_test(p, node)
    # outer() multiplies truth values, which gives numbers.
    numeric = len(indices) == 2 and is_number(node.args[0], 1.0)
    return (test if numeric else ["ifelse(", *test, ", ", (node.args[0], 0), ", 0)"]), ATOM


def unit_test(p: Printer, node: Node) -> list[Piece]:
    """Return the test that is true at the place of a unit."""
    indices = enumerate(whole_numbers(node))
    tests = [[*positions(p, node, axis), " == ", *position(p, node, axis, index)] for axis, index in indices]
    return tests[0] if len(tests) == 1 else ["outer(", *joined(tests), ")"]


def pick(p: Printer, node: Node) -> Pieces:
    axis, index = whole_numbers(node)
    (x,) = node.args
    at = position(p, x, axis, index)
    return [*p.operand(x, ATOM), "[", *([*at, ", "] if axis == 0 else [", ", *at]), "]"], ATOM


def place(p: Printer, node: Node) -> Pieces:
    axis, index = whole_numbers(node)
    test: list[Piece] = [*positions(p, node, axis), " == ", *position(p, node, axis, index)]
    inner = p.vector(node.args[0], 0)
    if axis == 0:
        return ["outer(", *test, ", ", *inner, ", ifelse, 0)"], ATOM
    return ["t(outer(", *test, ", ", *inner, ", ifelse, 0))"], ATOM


def call_of(word: str) -> Text:
    return lambda p, node: ([word + "(", *joined([[(a, 0)] for a in node.args]), ")"], ATOM)


def reshape(p: Printer, node: Node) -> Pieces:
    if len(node.shape) == 1:
        return flatten(p, node)
    if whole_numbers(node) == (0,):
        return p.filled("matrix({0}, {n}, {m})", node), ATOM
    entries = "t({0})" if len(node.args[0].shape) == 2 else "{0}"
    return p.filled(f"matrix({entries}, {{n}}, {{m}}, byrow = TRUE)", node), ATOM


def flatten(p: Printer, node: Node) -> Pieces:
    down = whole_numbers(node) == (0,) or len(node.args[0].shape) < 2
    return p.filled("as.vector({0})" if down else "as.vector(t({0}))", node), ATOM


def fill(p: Printer, node: Node) -> Pieces:
    return p.filled("rep({0}, {n})" if len(node.shape) == 1 else "matrix({0}, {n}, {m})", node), ATOM


def identity(p: Printer, node: Node) -> Pieces:
    return p.filled("diag({n})", node), ATOM


def softmax(p: Printer, node: Node) -> Pieces:
    return p.filled("exp({0})/sum(exp({0}))", node), MUL


# One row an operation of ARRAY_OPERATIONS; lengths are printed by the printer itself.
OF_ARRAYS: Mapping[str, Text] = {
    "column": laid,
    "row": laid,
    "matmul": matmul,
    "transpose": transpose,
    "inverse": inverse,
    "solve": "solve({0}, {1})",
    "det": "det({0})",
    "logdet": "as.vector(determinant({0})$modulus)",
    "cholesky": "t(chol({0}))",
    "trace": "sum(diag({0}))",
    "diagonal": "diag({0})",
    "diagonal_matrix": diagonal_matrix,
    "outer": outer,
    "mean": "mean({0})",
    "row_sums": "rowSums({0})",
    "column_sums": "colSums({0})",
    "row_extreme": row_extreme,
    "cumsum": down_columns("cumsum"),
    "cumprod": down_columns("cumprod"),
    "recurrence": recurrence,
    "record": "match(cummax({0}), {0})",
    "reverse": reverse,
    "diff": "diff({0})",
    "slice": cut,
    "pad": padded,
    "gather": gather,
    "scatter": scatter,
    "select": select,
    "unselect": unselect,
    "order": "order({0})",
    "element": element,
    "unit": unit,
    "pick": pick_of,
    "place": place,
    "concatenate": call_of("c"),
    "bind_columns": call_of("cbind"),
    "reshape": reshape,
    "flatten": flatten,
    "fill": fill,
    "identity": identity,
    "softmax": softmax,
    "logsumexp": "log(sum(exp({0})))",
    "scan": scan,
    "local": local,
}

# Functions that R lacks, as text that keeps the digits.
ELEMENTWISE: Mapping[str, Text] = {
    "erf": ("sign({0}) * pgamma({0:base}^2, 0.5)", MUL),
    "erfc": ("2 * pnorm({0:product} * sqrt(2), lower.tail = FALSE)", MUL),
}

R_TEXTS: Mapping[str, Text] = {**OF_ARRAYS, **ELEMENTWISE}
