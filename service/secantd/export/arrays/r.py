"""Functions of arrays in R without packages.

Vectors are plain vectors, also where R's own operations give a matrix of one column. A vector that repeats along one side
of a matrix is a plain vector, too, until it meets the matrix.
"""

from secantd.export.arrays.checks import Check, checks
from secantd.export.arrays.file import ArrayFile
from secantd.export.arrays.r_helpers import HELPERS
from secantd.export.arrays.vectors import Row, VectorWriter, recursion, whole_numbers
from secantd.export.sourcefile import indented
from secantd.expression import STRETCHED, Node, Shape

__all__ = ["HELPERS", "ROWS", "RWriter", "source_code"]

# Operations of a run whose value has the dimensions of its arguments; others may drop them.
KEEPING = frozenset(
    "add sub mul div neg reciprocal square cube fourth pow exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh "
    "cosh tanh asinh acosh atanh abs floor ceiling trunc sign gamma lgamma".split()
)


def matmul(w: VectorWriter, node: Node) -> tuple[str, bool]:
    text = w.filled("{0a} %*% {1a}", node)
    return (f"as.vector({text})", True) if len(node.shape) == 1 else (text, False)


def transpose(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return (w.atom(node.args[0]), True) if STRETCHED in node.shape else (w.filled("t({0})", node), True)


def same(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.atom(node.args[0]), True


def logdet(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("@logdet({0})" if node.payload else "as.vector(determinant({0})$modulus)", node), True


def trace(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("sum(diag({0}))", node), True


def down(word: str) -> Row:
    """Return the row of an operation along axis 0; apply() drops the dimensions of a single row."""

    def text(w: VectorWriter, node: Node) -> tuple[str, bool]:
        if len(node.shape) == 1:
            return w.filled(word + "({0})", node), True
        return w.filled(f"matrix(apply({{0}}, 2, {word}), {{n}}, {{m}})", node), True

    return text


def row_extreme(w: VectorWriter, node: Node) -> tuple[str, bool]:
    word = "max" if whole_numbers(node) == (1,) else "min"
    return w.filled(f"apply({{0}}, 1, {word})", node), True


def recurrence(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled(f"@recurrence{'' if len(node.shape) == 1 else '_rows'}({{0}}, {{1}})", node), True


def rows_of(node: Node, rows: str) -> str:
    """Return a template of entries of a vector, or of rows of a matrix."""
    return f"{{0a}}[{rows}]" if len(node.args[0].shape) == 1 else f"{{0a}}[{rows}, , drop = FALSE]"


def reverse(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("rev({0})" if len(node.shape) == 1 else rows_of(node, "rev(seq_len({n}))"), node), True


def cut(w: VectorWriter, node: Node) -> tuple[str, bool]:
    head = whole_numbers(node)[0]
    return w.filled(rows_of(node, f"seq_len({{n}}){f' + {head}' if head else ''}"), node), True


def padded(w: VectorWriter, node: Node) -> tuple[str, bool]:
    vector = len(node.shape) == 1
    zeros = [(f"numeric({count})" if vector else f"matrix(0, {count}, {{m}})") for count in whole_numbers(node)]
    return w.filled(f"{'c' if vector else 'rbind'}({zeros[0]}, {{0}}, {zeros[1]})", node), True


def gather(w: VectorWriter, node: Node) -> tuple[str, bool]:
    x, index = node.args
    if len(x.shape) == 1:
        return w.filled("{0a}[@where({1}, {n0})]", node), True
    drop = ", drop = FALSE" if index.shape else ""
    return w.filled(f"{{0a}}[@where({{1}}, {{n0}}), {drop}]".replace(", , ", ", , "), node), True


def scatter(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled(
        "@scatter({0}, {1}, {n})" if len(node.shape) == 1 else "@scatter_rows({0}, {1}, {n}, {m})", node
    ), True


def select(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled(rows_of(node, "@taken({1})"), node), True


def unselect(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("@unselect({0}, {1})" if len(node.shape) == 1 else "@unselect_rows({0}, {1}, {m})", node), True


def at(w: VectorWriter, shape: Shape, axis: int, place: int) -> str:
    """Return an index along one axis."""
    if place >= 0:
        return str(place + 1)
    return w.side(shape[axis]) + (f" - {-place - 1}" if place < -1 else "")


def element(w: VectorWriter, node: Node) -> tuple[str, bool]:
    (x,) = node.args
    places = [at(w, x.shape, axis, place) for axis, place in enumerate(whole_numbers(node))]
    return f"{w.atom(x)}[{', '.join(places)}]", True


def unit(w: VectorWriter, node: Node) -> tuple[str, bool]:
    places = [at(w, node.shape, axis, place) for axis, place in enumerate(whole_numbers(node))]
    value = w.text(node.args[0])
    if len(places) == 1:
        return w.filled(f"replace(numeric({{n}}), {places[0]}, {value})", node), True
    return w.filled(f"replace(matrix(0, {{n}}, {{m}}), cbind({', '.join(places)}), {value})", node), True


def pick(w: VectorWriter, node: Node) -> tuple[str, bool]:
    axis, place = whole_numbers(node)
    (x,) = node.args
    where = at(w, x.shape, axis, place)
    return f"{w.atom(x)}[{where}, ]" if axis == 0 else f"{w.atom(x)}[, {where}]", True


def place(w: VectorWriter, node: Node) -> tuple[str, bool]:
    axis, position = whole_numbers(node)
    where = at(w, node.shape, axis, position)
    return w.filled(f"@placed_{('row', 'column')[axis]}({{0}}, {where}, {{n}}, {{m}})", node), True


def concatenate(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return f"c({w.joined(node.args)})", True


def bind_columns(w: VectorWriter, node: Node) -> tuple[str, bool]:
    n = w.side(node.shape[0])
    parts = [w.text(a) if a.shape else f"rep({w.text(a)}, {n})" for a in node.args]
    return f"cbind({', '.join(parts)}, deparse.level = 0)", True


def reshape(w: VectorWriter, node: Node) -> tuple[str, bool]:
    by_rows = whole_numbers(node) == (1,)
    entries = "t({0})" if by_rows and len(node.args[0].shape) == 2 else "{0}"
    if len(node.shape) == 1:
        return w.filled(f"as.vector({entries})", node), True
    return w.filled(f"@filled({entries}, {{n}}, {{m}}, {'TRUE' if by_rows else 'FALSE'})", node), True


def fill(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("rep({0}, {n})" if len(node.shape) == 1 else "matrix({0}, {n}, {m})", node), True


ROWS: dict[str, Row] = {
    "sum": "sum({0})",
    "prod": "prod({0})",
    "max_of": "max({0})",
    "min_of": "min({0})",
    "column": same,
    "row": same,
    "matmul": matmul,
    "transpose": transpose,
    "inverse": "solve({0})",
    "solve": "solve({0}, {1})",
    "det": "det({0})",
    "logdet": logdet,
    "cholesky": "@cholesky({0})",
    "trace": trace,
    "diagonal": "diag({0})",
    "diagonal_matrix": "diag({0}, {n})",
    "outer": "outer({0}, {1})",
    "mean": "mean({0})",
    "row_sums": "rowSums({0})",
    "column_sums": "colSums({0})",
    "row_extreme": row_extreme,
    "cumsum": down("cumsum"),
    "cumprod": down("cumprod"),
    "recurrence": recurrence,
    "record": "@record({0})",
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
    "pick": pick,
    "place": place,
    "concatenate": concatenate,
    "bind_columns": bind_columns,
    "reshape": reshape,
    "flatten": reshape,
    "fill": fill,
    "identity": "diag(1, {n})",
    "softmax": "@softmax({0})",
    "logsumexp": "@logsumexp({0})",
    "scan": recursion,
}


class RWriter(VectorWriter):
    """R recycles a vector down the columns of a matrix, so that others are laid out before."""

    ROWS = ROWS

    def element(self, node: Node, shape: Shape) -> str:
        """Return a value as an operand; a vector beside a matrix becomes one."""
        if len(shape) == 2 and STRETCHED not in shape and STRETCHED in node.shape:
            n, m = (self.side(d) for d in shape)
            by = ", byrow = TRUE" if node.shape[0] is STRETCHED else ""
            return f"matrix({self.text(node)}, {n}, {m}{by})"
        return self.atom(node)

    def whole(self, text: str, ops: set[str], shape: Shape) -> str:
        """Return a result with the dimensions of its shape."""
        if len(shape) == 2 and STRETCHED not in shape and not ops <= KEEPING:
            return f"matrix({text}, {self.side(shape[0])}, {self.side(shape[1])})"
        return text

    def loop(self, index: str, rows: str) -> tuple[str, str]:
        """Return the first and the last line of a loop over rows."""
        return f"for ({index} in seq_len({rows})) {{", "}"

    def filled_with(self, value: str, length: str) -> str:
        """Return a vector that has the same value everywhere."""
        return f"rep({value}, {length})"

    def counted(self, mask: str) -> str:
        """Return the number of entries of a mask that are not 0."""
        return f"sum(is.na({mask}) | {mask} != 0)"


def source_code(file: ArrayFile) -> str:
    """Return one function, whose value has its derivatives as attributes."""
    (part,) = file.parts
    words = file.words
    value = file.names["value"]
    lines = checks(file.arguments, file.words, file.sizes, WAY)
    lines += part.code.lines
    result, *derivatives = part.code.outputs
    if not part.order:
        lines.append(result)
    else:
        count = len(file.by)
        lines.append(f"{value} <- {result}")
        gradient, blocks = derivatives[:count], derivatives[count:]
        lines += attribute(value, "gradient", joined_gradient(file, gradient))
        if part.order == 2:
            lines += attribute(value, "hessian", hessian(file, blocks))
        lines.append(value)
    arguments = ", ".join(words[a.name] for a in file.arguments)
    body = f"{file.name} <- function({arguments}) {{\n{indented(lines, '  ')}}}\n"
    return "\n\n".join([*file.helpers, usage(file, part.order) + body])


def attribute(value: str, name: str, text: list[str]) -> list[str]:
    head, *rest = text
    return [f'attr({value}, "{name}") <- {head}', *rest]


def joined_gradient(file: ArrayFile, parts: list[str]) -> list[str]:
    """Return the gradient: an array for one variable, one vector for several, a list if one of them is a matrix."""
    if len(parts) == 1:
        return parts
    if any(len(a.shape) == 2 for a in file.by):
        items = [f"{file.words[a.name]} = {p}" for a, p in zip(file.by, parts, strict=True)]
        return ["list(", *[f"  {item}{',' if k < len(items) - 1 else ''}" for k, item in enumerate(items)], ")"]
    return ["c(", *[f"  {p}{',' if k < len(parts) - 1 else ''}" for k, p in enumerate(parts)], ")"]


def hessian(file: ArrayFile, blocks: list[str]) -> list[str]:
    """Return the Hessian with respect to all numbers and vectors in order, as one matrix."""
    count = len(file.by)
    if count == 1 and len(file.by[0].shape) == 1:
        return blocks
    places = dict(zip(file.places, blocks, strict=True))
    lines = ["rbind("]
    for i in range(count):
        row = []
        for j in range(count):
            text = places[min(i, j), max(i, j)]
            first, second = file.by[min(i, j)].shape, file.by[max(i, j)].shape
            if len(first) + len(second) == 1:
                # A vector beside a number is one row, and one column on the other side.
                upright = bool(first) == (i <= j)
                text = f"{'cbind' if upright else 'rbind'}({text}, deparse.level = 0)"
            elif i > j and first:
                text = f"t({text})"
            row.append(text)
        lines.append(f"  cbind({', '.join(row)}, deparse.level = 0),")
    return [*lines, "  deparse.level = 0)"]


def usage(file: ArrayFile, order: int) -> str:
    """Return a comment with the use of the function."""
    if not order:
        return "# Returns the value.\n"
    names = [file.words[a.name] for a in file.by]
    if len(names) == 1:
        what = f'the attribute "gradient", of the shape of {names[0]}'
    elif any(len(a.shape) == 2 for a in file.by):
        what = f'the attribute "gradient", a list of {", ".join(names)}'
    else:
        what = f'the attribute "gradient", one vector for {", ".join(names)} one after another'
    more = ',\n# and the attribute "hessian", a matrix with rows and columns in the same order.' if order == 2 else "."
    text = f"# Returns the value with {what}{more}\n"
    if len(names) == 1 and len(file.by[0].shape) == 1:
        others = ["p", *(file.words[a.name] for a in file.arguments[1:])]
        call = f"{file.name}({', '.join(others)})"
        text += f"#   nlm(function(p) {call}, start)\n"
        text += f'#   optim(start, function(p) {call}, function(p) attr({call}, "gradient"), method = "BFGS")\n'
    return text


def side(word: str, shape: Shape, axis: int) -> str:
    return f"length({word})" if len(shape) == 1 else f"{('nrow', 'ncol')[axis]}({word})"


def number(word: str) -> list[str]:
    return [f"stopifnot(length({word}) == 1)", f"{word} <- as.vector({word})"]


WAY = Check(
    kinds=(
        number,
        lambda word: [f"{word} <- as.vector({word})"],
        lambda word: [f"stopifnot(is.matrix({word}))", f"{word} <- unname({word})"],
    ),
    side=side,
    over="/",
    let=lambda name, text: f"{name} <- {text}",
    equal=lambda a, b, message: [f"stopifnot({a} == {b})"],
    least=lambda a, least, message: [f"stopifnot({a} >= {least})"],
    symmetric=lambda word: [f"stopifnot(isSymmetric({word}))"],
)
