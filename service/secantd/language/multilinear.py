"""Products of several vectors and matrices: powers, chains, Kronecker and cross products, convolutions, contractions."""

from secantd.expression import Node, shape_text
from secantd.language.arrays import agree, as_node, flattened
from secantd.language.context import Context
from secantd.language.inference import as_array, as_vector
from secantd.language.linear import square
from secantd.language.matrices import pieces
from secantd.language.products import matrix_product, outer
from secantd.language.registry import LIBRARY, LibraryFunction, fixed, known_as, whole
from secantd.language.structural import apply_rows, constant, items, total
from secantd.language.values import Builtin, Oriented, Value, Vector

__all__: list[str] = []

# More factors are hardly a formula.
MOST = 64


@known_as("matrix_power", "linalg.matrix_power")
@fixed("a", "n")
def matrix_power(context: Context, a: Value, n: Value) -> Value:
    """A square matrix times itself; the power of a negative number is that of the inverse."""
    matrix, power = square(context, a, "np.linalg.matrix_power()"), constant(context, n, "'n'")
    if not power.is_integer() or abs(power) > MOST:
        raise context.error(f"the power of a matrix must be a whole number from -{MOST} to {MOST}")
    if not power:
        return context.graph.array("identity", shape=(matrix.shape[0], matrix.shape[0]))
    if power < 0:
        matrix = context.graph.array("inverse", matrix)
    found, doubled, left = None, matrix, int(abs(power))
    while left:
        if left % 2:
            found = doubled if found is None else context.graph.array("matmul", found, doubled)
        left //= 2
        doubled = context.graph.array("matmul", doubled, doubled) if left else doubled
    assert found is not None
    return found


@known_as("multi_dot", "linalg.multi_dot")
@fixed("arrays")
def chain(context: Context, arrays: Value) -> Value:
    first, *others = pieces(context, arrays)
    for other in others:
        first = matrix_product(context, first, other, "np.linalg.multi_dot()")
    return first


@known_as("tensordot")
@fixed("a", "b", optional=("axes",))
def tensordot(context: Context, a: Value, b: Value, axes: Value | None) -> Value:
    """The sum of products over the last axes of a and the first of b."""
    what = "np.tensordot()"
    count = 2 if axes is None else constant(context, axes, "'axes' as a number")
    left, right = (as_array(context, v, what) for v in (a, b))
    if isinstance(left, Oriented) or isinstance(right, Oriented):
        raise context.error(f"{what} takes vectors and matrices", "use @")
    if count == 1:
        return matrix_product(context, left, right, what)
    if count == 2 and len(left.shape) == len(right.shape) == 2:
        for side, other in zip(left.shape, right.shape, strict=True):
            agree(context, what, side, other, [left.shape, right.shape])
        return total(context, apply_rows(context, "mul", [left, right]))
    if count == 0 and len(left.shape) == len(right.shape) == 1:
        return outer(context, left, right, what)
    shapes = f"{shape_text(left.shape)} and {shape_text(right.shape)}"
    raise context.error(f"{what} with axes={count:g} of {shapes} is not part of the language", "use @ or np.einsum()")


@known_as("cross")
@fixed("a", "b")
def cross(context: Context, a: Value, b: Value) -> Value:
    """The cross product of two vectors of length 3."""
    left, right = (as_vector(context, v, "np.cross()") for v in (a, b))
    for v in (left, right):
        agree(context, "np.cross()", v.shape[0], 3, [v.shape, (3,)], "give vectors of length 3")

    def rotated(v: Node, by: int) -> Node:
        return context.graph.array(
            "concatenate", *[context.graph.array("element", v, payload=((i + by) % 3,)) for i in range(3)]
        )

    ahead = apply_rows(context, "mul", [rotated(left, 1), rotated(right, 2)])
    behind = apply_rows(context, "mul", [rotated(left, 2), rotated(right, 1)])
    return apply_rows(context, "add", [ahead, apply_rows(context, "neg", [behind])])


@known_as("kronecker", "kron")
@fixed("X", "Y", optional=("FUN",))
def kronecker(context: Context, X: Value, Y: Value, FUN: Value | None) -> Value:
    """Every entry of X times all of Y, block by block."""
    if FUN is not None and FUN != "*":
        raise context.error("kronecker() multiplies", "leave FUN out")
    left, right = (as_array(context, v, "kronecker()") for v in (X, Y))
    if isinstance(left, Node) and isinstance(right, Node) and len(left.shape) < 2 and len(right.shape) < 2:
        # Along the rows of the outer product.
        return context.graph.array("flatten", outer(context, left, right, "kronecker()"), payload=(1,))
    sides = [as_matrix_of(context, v) for v in (left, right)]
    made = [sides[0], sides[1]]
    for axis in (0, 1):
        counts = [s.shape[axis] for s in sides]
        if not isinstance(counts[0], int) or not isinstance(counts[1], int):
            raise context.error("kronecker() of matrices needs known lengths", "declare the shapes of the matrices")
        rows = [i for i in range(counts[0]) for _ in range(counts[1])], list(range(counts[1])) * counts[0]
        made = [taken(context, m, r, axis) for m, r in zip(made, rows, strict=True)]
    return apply_rows(context, "mul", made)


def as_matrix_of(context: Context, value: Node | Oriented) -> Node:
    """Return a vector or a number as a matrix of one column, a matrix as it is."""
    node = value.node if isinstance(value, Oriented) else value
    if len(node.shape) == 2:
        return node
    if not node.shape:
        node = context.graph.array("concatenate", node)
    row = (isinstance(value, Oriented) and not value.column) or (isinstance(value, Node) and context.zero_based)
    shape = (1, node.shape[0]) if row else (node.shape[0], 1)
    return context.graph.array("reshape", node, payload=(0,), shape=shape)


def taken(context: Context, matrix: Node, rows: list[int], axis: int) -> Node:
    """Return rows, or columns, of a matrix by their positions."""
    if rows == list(range(len(rows))) and len(rows) == matrix.shape[axis]:
        return matrix
    at = context.graph.array("concatenate", *[context.number(i + 1.0) for i in rows])
    if axis:
        turned = context.graph.array("gather", context.graph.array("transpose", matrix), at)
        return context.graph.array("transpose", turned)
    return context.graph.array("gather", matrix, at)


@known_as("np.convolve")
@fixed("a", "v", optional=("mode",))
def numpy_convolve(context: Context, a: Value, v: Value, mode: Value | None) -> Value:
    """The coefficients of the product of two polynomials; one vector must have a known length."""
    vectors = [as_vector(context, x, "np.convolve()") for x in (a, v)]
    known = [x for x in vectors if isinstance(x.shape[0], int)]
    if not known:
        raise context.error("np.convolve() needs the length of one vector", "declare it")
    short = min(known, key=lambda x: x.shape[0] if isinstance(x.shape[0], int) else 0)
    long = vectors[1] if short is vectors[0] else vectors[0]
    count = short.shape[0]
    assert isinstance(count, int)
    terms = []
    for i in range(count):
        shifted = context.graph.array("pad", long, payload=(i, count - 1 - i))
        factor = context.graph.array("element", short, payload=(i,))
        terms.append(context.graph.make("mul", factor, shifted))
    full = context.graph.make("add", *terms) if count > 1 else terms[0]
    if mode is None or mode == "full" or count == 1:
        return full
    if mode not in ("same", "valid"):
        raise context.error("the mode of np.convolve() is 'full', 'same' or 'valid'")
    if not isinstance(long.shape[0], int):
        raise context.error("np.convolve() with a mode needs both lengths", "declare them")
    before, after = (count - 1, count - 1) if mode == "valid" else ((count - 1) // 2, count // 2)
    return context.graph.array("slice", full, payload=(before, after))


@known_as("convolve")
@fixed("x", "y", optional=("type", "conj"))
def convolve(context: Context, x: Value, y: Value, type: Value | None, conj: Value | None) -> Value:
    """R's convolve(x, rev(y), type = "open"), the product of two polynomials."""
    if context.zero_based:
        return numpy_convolve(
            context, [x, y, *([type] if type is not None else [])], (None,) * (2 + (type is not None))
        )
    if not isinstance(type, str) or not type or not "open".startswith(type):
        raise context.error(
            "only open convolutions are part of the language", 'write convolve(x, rev(y), type = "open")'
        )
    reversed_y = context.graph.array("reverse", as_vector(context, y, "convolve()"))
    return numpy_convolve(context, [as_node(context, x, "convolve()"), reversed_y], (None, None))


@known_as("polyval")
@fixed("p", "x")
def polyval(context: Context, p: Value, x: Value) -> Value:
    """A polynomial by Horner's rule; the first coefficient is that of the highest power."""
    coefficients = items(context, p, "the coefficients")
    found = coefficients[0]
    for c in coefficients[1:]:
        found = apply_rows(context, "add", [apply_rows(context, "mul", [found, x]), c])
    return found


@known_as("trapezoid", "trapz")
@fixed("y", optional=("x", "dx"))
def trapezoid(context: Context, y: Value, x: Value | None, dx: Value | None) -> Value:
    """The integral of a function between points by the trapezoidal rule."""
    heights = as_vector(context, y, "np.trapezoid()")
    graph = context.graph
    ends = [graph.array("slice", heights, payload=cut) for cut in ((1, 0), (0, 1))]
    width: Value = context.number(1.0) if dx is None else dx
    if x is not None:
        places = as_vector(context, x, "np.trapezoid()")
        agree(context, "np.trapezoid()", heights.shape[0], places.shape[0], [heights.shape, places.shape])
        width = graph.array("diff", places)
    areas = apply_rows(context, "mul", [width, apply_rows(context, "add", ends)])
    return apply_rows(context, "div", [total(context, areas), context.number(2.0)])


@known_as("linspace")
@fixed("start", "stop", optional=("num",))
def linspace(context: Context, start: Value, stop: Value, num: Value | None) -> Value:
    """Equidistant numbers, the end among them."""
    count = 50 if num is None else whole(context, num, "'num'")
    step = apply_rows(context, "add", [stop, apply_rows(context, "neg", [start])])
    shares = [context.number(i / max(count - 1, 1)) for i in range(count)]
    return Vector(tuple(apply_rows(context, "add", [start, apply_rows(context, "mul", [step, s])]) for s in shares))


@known_as("inner")
@fixed("a", "b")
def inner(context: Context, a: Value, b: Value) -> Value:
    """NumPy's sum of products over the last axis of both."""
    right = as_array(context, b, "np.inner()", 1) if isinstance(b, Node) and b.op == "symbol" else b
    if isinstance(right, Node) and len(right.shape) == 2:
        right = context.graph.array("transpose", right)
    return context.call_now(Builtin("dot"), [a, right])


@known_as("vdot")
@fixed("a", "b")
def flat_dot(context: Context, a: Value, b: Value) -> Value:
    """NumPy's sum of the products of all entries."""
    sides = [flattened(context, v, 1) if isinstance(v, Node) and len(v.shape) == 2 else v for v in (a, b)]
    return context.call_now(Builtin("dot"), sides)


OUTER = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "maximum": "pmax", "minimum": "pmin"}


def outer_of(name: str) -> LibraryFunction:
    """NumPy's operator between all pairs of entries: np.subtract.outer(x, y)."""

    @fixed("A", "B")
    def call(context: Context, A: Value, B: Value) -> Value:
        return outer(context, A, B, f"np.{name}.outer()", OUTER[name])

    return call


for each in OUTER:
    LIBRARY[f"{each}.outer"] = outer_of(each)
