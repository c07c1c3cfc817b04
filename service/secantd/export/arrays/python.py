"""Functions of arrays in Python with NumPy."""

from collections.abc import Sequence

from secantd.export.arrays.derive import Argument
from secantd.export.arrays.file import ArrayFile, Part
from secantd.export.arrays.sizes import Sizes
from secantd.export.arrays.vectors import Row, VectorWriter, recursion, whole_numbers
from secantd.export.sourcefile import indented
from secantd.expression import Length, Node, Shape
from secantd.shown import series

__all__ = ["HELPERS", "PythonWriter", "source_code"]


def matmul(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("{0a} @ {1a}", node), False


def logdet(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled("@logdet({0})" if node.payload else "np.linalg.slogdet({0})[1]", node), True


def order(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled('np.argsort({0}, kind="stable") + 1.0', node), False


def row_extreme(w: VectorWriter, node: Node) -> tuple[str, bool]:
    word, empty = ("max", "-np.inf") if whole_numbers(node) == (1,) else ("min", "np.inf")
    return w.filled(f"np.{word}({{0}}, axis=1, initial={empty})", node), True


def cut(w: VectorWriter, node: Node) -> tuple[str, bool]:
    head, tail = whole_numbers(node)
    return w.filled(f"{{0a}}[{head or ''}:{-tail if tail else ''}]", node), True


def padded(w: VectorWriter, node: Node) -> tuple[str, bool]:
    head, tail = whole_numbers(node)
    sides = f"({head}, {tail})" if len(node.shape) == 1 else f"(({head}, {tail}), (0, 0))"
    return w.filled(f"np.pad({{0}}, {sides})", node), True


def at(shape: Shape, axis: int, place: int) -> str:
    """Return an index along one axis."""
    return f"[{place}]" if axis == 0 else f"[:, {place}]"


def element(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return w.filled(f"{{0a}}[{', '.join(map(str, whole_numbers(node)))}]", node), True


def pick(w: VectorWriter, node: Node) -> tuple[str, bool]:
    axis, place = whole_numbers(node)
    return w.atom(node.args[0]) + at(node.args[0].shape, axis, place), True


def placed(w: VectorWriter, node: Node) -> tuple[str, bool]:
    payload = whole_numbers(node)
    if node.op == "place":
        axis, place = payload
        where = f"{place}" if axis == 0 else f"(slice(None), {place})"
    else:
        where = f"({', '.join(map(str, payload))},)"
    return f"@placed({w.text(node.args[0])}, {where}, {shape_of(w, node)})", True


def scatter(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return f"@scatter({w.joined(node.args)}, {shape_of(w, node)})", True


def concatenate(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return f"np.hstack(({w.joined(node.args)},))", True


def bind_columns(w: VectorWriter, node: Node) -> tuple[str, bool]:
    n = w.side(node.shape[0])
    parts = [w.text(a) if a.shape else f"np.full({n}, {w.text(a)})" for a in node.args]
    return f"np.column_stack(({', '.join(parts)},))", True


def reshape(w: VectorWriter, node: Node) -> tuple[str, bool]:
    by = "" if whole_numbers(node) == (1,) else ', order="F"'
    shape = "-1" if node.op == "flatten" else shape_of(w, node)
    return w.filled(f"np.reshape({{0}}, {shape}{by})", node), True


def fill(w: VectorWriter, node: Node) -> tuple[str, bool]:
    return f"np.full({shape_of(w, node)}, {w.text(node.args[0])}, dtype=float)", True


def shape_of(w: VectorWriter, node: Node) -> str:
    """Return a value's shape."""
    sides = [w.side(d) for d in node.shape]
    return f"({sides[0]},)" if len(sides) == 1 else f"({', '.join(sides)})"


ROWS: dict[str, Row] = {
    "sum": "np.sum({0})",
    "prod": "np.prod({0})",
    "max_of": "np.max({0}, initial=-np.inf)",
    "min_of": "np.min({0}, initial=np.inf)",
    "column": "{0a}[:, None]",
    "row": "{0a}[None, :]",
    "matmul": matmul,
    "transpose": "{0a}.T",
    "inverse": "np.linalg.inv({0})",
    "solve": "np.linalg.solve({0}, {1})",
    "det": "np.linalg.det({0})",
    "logdet": logdet,
    "cholesky": "@cholesky({0})",
    "trace": "np.trace({0})",
    "diagonal": "np.diagonal({0})",
    "diagonal_matrix": "np.diag({0})",
    "outer": "np.outer({0}, {1})",
    "mean": "np.mean({0})",
    "row_sums": "np.sum({0}, axis=1)",
    "column_sums": "np.sum({0}, axis=0)",
    "row_extreme": row_extreme,
    "cumsum": "np.cumsum({0}, axis=0)",
    "cumprod": "np.cumprod({0}, axis=0)",
    "recurrence": "@recurrence({0}, {1})",
    "record": "@record({0})",
    "reverse": "{0a}[::-1]",
    "diff": "np.diff({0}, axis=0)",
    "slice": cut,
    "pad": padded,
    "gather": "@gather({0}, {1})",
    "scatter": scatter,
    "select": "@select({0}, {1})",
    "unselect": "@unselect({0}, {1})",
    "order": order,
    "element": element,
    "unit": placed,
    "pick": pick,
    "place": placed,
    "concatenate": concatenate,
    "bind_columns": bind_columns,
    "reshape": reshape,
    "flatten": reshape,
    "fill": fill,
    "identity": "np.eye({n})",
    "softmax": "@softmax({0})",
    "logsumexp": "@logsumexp({0})",
    "scan": recursion,
}

# Operations whose values may be in the memory of an argument.
VIEWS = frozenset(
    ["symbol", "data", "column", "row", "transpose", "diagonal", "reverse", "slice", "pick", "reshape", "flatten"]
)

HELPERS = {
    "array": '''def @array(name, value, *sides):
    """value as an array with these sides; None is any length."""
    value = np.asarray(value, dtype=float)
    if value.ndim != len(sides) or any(s not in (None, n) for s, n in zip(sides, value.shape)):
        shape = tuple("any" if s is None else s for s in sides)
        raise ValueError(f"{name} has the shape {value.shape}, but it has to be {shape}")
    return value''',
    "logdet": '''def @logdet(a):
    """log(det(a)), also where det(a) overflows; NaN where it is negative."""
    sign, value = np.linalg.slogdet(a)
    return value if sign >= 0.0 else np.nan''',
    "cholesky": '''def @cholesky(a):
    """The lower triangle L with L @ L.T = a; NaN where a is not positive definite."""
    try:
        return np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return np.full(a.shape, np.nan)''',
    "recurrence": '''def @recurrence(b, a):
    """y with y[0] = b[0], y[i] = b[i] + a[i] * y[i - 1]."""
    y = np.array(b, dtype=float)
    for i in range(1, len(y)):
        y[i] += a[i] * y[i - 1]
    return y''',
    "record": '''def @record(x):
    """The positions, from 1, of the first largest entry so far."""
    most = np.maximum.accumulate(x)
    new = np.append(True, (x[1:] > most[:-1]) | (np.isnan(x[1:]) & ~np.isnan(most[:-1])))[:len(x)]
    return np.maximum.accumulate(np.where(new, np.arange(1.0, len(x) + 1.0), 0.0))''',
    "where": '''def @where(index, length):
    """Indices that count from 1 as indices from 0; those that are NaN as 0."""
    whole = np.trunc(np.where(np.isnan(index), 1.0, index))
    if np.any((whole < 1.0) | (whole > length)):
        raise ValueError(f"an index is outside a value of length {length}")
    return whole.astype(int) - 1''',
    "gather": '''def @gather(x, index):
    """The entries or rows of x at indices that count from 1; NaN where an index is NaN."""
    found = np.array(x[@where(index, len(x))], dtype=float)
    found[np.isnan(index)] = np.nan
    return found''',
    "scatter": '''def @scatter(values, index, shape):
    """Zeros to which values are added at indices that count from 1; NaN where an index is NaN."""
    found = np.zeros(shape)
    np.add.at(found, @where(index, shape[0]), values)
    return found if not np.any(np.isnan(index)) else np.full(shape, np.nan)''',
    "select": '''def @select(x, mask):
    """The entries or rows of x where a mask is not 0; NaN where the mask is NaN."""
    found = x[mask != 0.0].astype(float)
    found[np.isnan(mask[mask != 0.0])] = np.nan
    return found''',
    "unselect": '''def @unselect(values, mask):
    """values where a mask is not 0, else 0; NaN where the mask is NaN."""
    found = np.zeros(mask.shape + np.shape(values)[1:])
    found[mask != 0.0] = values
    found[np.isnan(mask)] = np.nan
    return found''',
    "placed": '''def @placed(value, place, shape):
    """Zeros with a value at one place, or along one row or column."""
    found = np.zeros(shape)
    found[place] = value
    return found''',
    "softmax": '''def @softmax(x):
    """exp(x)/sum(exp(x)), also where exp(x) overflows."""
    weights = np.exp(x - np.max(x, initial=-np.inf))
    return weights / np.sum(weights)''',
    "logsumexp": '''def @logsumexp(x):
    """log(sum(exp(x))), also where exp(x) overflows."""
    most = np.max(x, initial=-np.inf)
    return most + np.log(np.sum(np.exp(x - most))) if np.isfinite(most) else most''',
}


class PythonWriter(VectorWriter):
    """NumPy broadcasts along the last axes, which `column` and `row` prepare."""

    ROWS = ROWS

    def element(self, node: Node, shape: Shape) -> str:
        """Return a value as an operand; a shorter vector of known length is repeated."""
        text = self.atom(node)
        if len(node.shape) == 1 and node.shape != shape and node.shape != (1,):
            return f"np.resize({text}, {self.side(shape[0])})"
        return text

    def loop(self, index: str, rows: str) -> tuple[str, str]:
        """Return the first line of a loop over rows."""
        return f"for {index} in range({rows}):", ""

    def filled_with(self, value: str, length: str) -> str:
        """Return a vector that has the same value everywhere."""
        return f"np.full({length}, {value}, dtype=float)"

    def counted(self, mask: str) -> str:
        """Return the number of entries of a mask that are not 0."""
        return f"np.count_nonzero({mask})"


def source_code(file: ArrayFile) -> str:
    """Return the functions: the value; the value and the gradient; and the Hessian as well."""
    functions = [function(file, part) for part in file.parts]
    code = "\n".join([*file.helpers, *functions])
    head = ["import numpy as np"] + (["from scipy import special"] if "special." in code else [])
    return "\n\n\n".join(["\n".join(head), *file.helpers, *functions]) + "\n"


def function(file: ArrayFile, part: Part) -> str:
    name = file.name + ("", "_gradient", "_hessian")[part.order]
    lines = docstring_of(file, part.order)
    lines += checks(file, file.sizes)
    lines += part.code.lines
    # What may be memory of the caller is copied.
    outputs = [
        f"np.array({text})" if n.op in VIEWS else text
        for n, text in zip(part.plan.outputs, part.code.outputs, strict=True)
    ]
    count = len(file.by)
    results = [outputs[0]]
    if part.order:
        found = outputs[1 : 1 + count]
        results.append(found[0] if count == 1 else joined(found))
    if part.order == 2:
        rows = hessian_rows(file, outputs[1 + count :])
        results.append(rows[0][0] if count == 1 else joined([joined(r) for r in rows]))
    if len(results) == 1:
        lines.append(f"return {results[0]}")
    else:
        lines += ["return (", *(f"    {r}," for r in results), ")"]
    arguments = ", ".join(file.words[a.name] for a in file.arguments)
    return f"def {name}({arguments}):\n{indented(lines, '    ')}".rstrip("\n")


def hessian_rows(file: ArrayFile, blocks: Sequence[str]) -> list[list[str]]:
    """Return the blocks of the Hessian; those below the diagonal are transposes."""
    count = len(file.by)
    places = dict(zip(file.places, blocks, strict=True))
    return [
        [places[i, j] if i <= j else transposed(places[j, i], file.by[i], file.by[j]) for j in range(count)]
        for i in range(count)
    ]


def joined(items: Sequence[str]) -> str:
    """Return the text of a tuple."""
    return f"({', '.join(items)})"


def transposed(text: str, first: Argument, second: Argument) -> str:
    """Return the block of two variables, given that of the second and the first."""
    if not (first.shape and second.shape):
        return text
    return f"{text}.T" if text.isidentifier() else f"({text}).T"


def checks(file: ArrayFile, sizes: Sizes) -> list[str]:
    """Return the lines that make arguments arrays, and find and compare their lengths."""
    lines, late = [], []
    known: set[str] = set()
    origins = {(side.argument.name, side.axis): name for name, (side, _) in sizes.origin.items()}
    for a in file.arguments:
        word = file.words[a.name]
        sides, found = [], []
        for axis, d in enumerate(a.shape):
            name = origins.get((a.name, axis))
            if name is None and isinstance(d, Length) and not known.issuperset(n for n, _ in d.terms):
                late.append((f"{word}.shape[{axis}]", d))
            sides.append(sizes.bare(d) if name is None and (f"{word}.shape[{axis}]", d) not in late else "None")
            if name is not None:
                found.append(f"{sizes.names[name]} = {sizes.definition(name, f'{word}.shape[{axis}]', '//')}")
        known.update(n for n, (side, _) in sizes.origin.items() if side.argument is a)
        lines += [f"{word} = {', '.join([f'@array({quoted(word)}', word, *sides])})", *found]
    for side, d in late:
        lines.append(f"if {side} != {sizes.text(d)}:")
        lines.append(f'    raise ValueError("{side} has to be {sizes.bare(d)}")')
    for r in sizes.requirements:
        lines.append(f"if {sizes.bare(r.dimension)} < {sizes.bare(r.least)}:")
        lines.append(f'    raise ValueError("{sizes.bare(r.dimension)} has to be at least {sizes.bare(r.least)}")')
    for word in [file.words[a.name] for a in file.arguments if a.symmetric]:
        lines.append(
            f"if not np.allclose({word}, {word}.T, atol=1e-10 * np.abs({word}).max(initial=0), equal_nan=True):"
        )
        lines.append(f'    raise ValueError("{word} has to be symmetric")')
    return lines


def quoted(word: str) -> str:
    return f'"{word}"'


def docstring_of(file: ArrayFile, order: int) -> list[str]:
    """Return the docstring of a function."""
    names = [file.words[a.name] for a in file.by]
    several = len(names) > 1
    lines = ["the value"]
    if order:
        listed = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        lines.append(
            f"the gradients with respect to ({listed})" if several else f"the gradient with respect to {listed}"
        )
    if order == 2:
        lines.append("the Hessian" + (" as rows of blocks in this order" if several else ""))
    return [f'"""Return {series(lines)}."""']
