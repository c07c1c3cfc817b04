"""The operations on vectors and matrices: what each computes, and the shape of its value.

Vectors have no orientation. Elementwise operations (arithmetic, comparisons, `ifelse`, the rows of the table of
functions) take values of one shape and scalars; a vector meets a matrix only within `column` or `row`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from secantd.expression.shapes import SCALAR, STRETCHED, Dimension, Length, Shape, plus

__all__ = ["ARRAY_OPERATIONS", "OF_GIVEN_SHAPE", "REDUCTIONS", "elementwise", "shape_of", "times"]

# Operations whose value is one number, whatever the shape of their argument.
REDUCTIONS: Final = frozenset({"sum", "prod", "max_of", "min_of"})

# Operations whose arguments do not determine the shape of their value.
OF_GIVEN_SHAPE: Final = frozenset({"fill", "identity", "scatter", "unit", "place", "reshape", "scan"})

Payload = tuple[int, ...]
ShapeRule = Callable[[Sequence[Shape], Payload], Shape]


def scalar(shapes: Sequence[Shape], payload: Payload) -> Shape:
    return SCALAR


def same(shapes: Sequence[Shape], payload: Payload) -> Shape:
    return shapes[0]


def shortened(shapes: Sequence[Shape], payload: Payload) -> Shape:
    return (plus(shapes[0][0], -sum(payload)), *shapes[0][1:])


def lengthened(shapes: Sequence[Shape], payload: Payload) -> Shape:
    return (plus(shapes[0][0], sum(payload)), *shapes[0][1:])


def product(shapes: Sequence[Shape], payload: Payload) -> Shape:
    return (*shapes[0][:-1], *shapes[1][1:])


def joined(shapes: Sequence[Shape], payload: Payload) -> Shape:
    return (plus(*[s[0] if s else 1 for s in shapes]),)


def bound(shapes: Sequence[Shape], payload: Payload) -> Shape:
    count = next(s[0] for s in shapes if s)
    return (count, plus(*[s[1] if len(s) == 2 else 1 for s in shapes]))


# One row an operation: its shape from those of its arguments and its payload. Axis 0 is that of a vector, and that
# which counts the rows of a matrix.
ARRAY_OPERATIONS: Final[Mapping[str, ShapeRule]] = {
    # A vector of n as a matrix of equal columns (n x any), or of equal rows.
    "column": lambda s, p: (s[0][0], STRETCHED),
    "row": lambda s, p: (STRETCHED, s[0][0]),
    # Linear algebra. The first argument of matmul and solve is a matrix, the second a vector or a matrix.
    "matmul": product,
    "transpose": lambda s, p: s[0][::-1],
    "inverse": same,
    "solve": lambda s, p: s[1],
    "det": scalar,
    # log |det A|
    "logdet": scalar,
    # The lower triangle L with a positive diagonal and L %*% t(L) = S; NaN for an S that is not positive definite.
    "cholesky": same,
    "trace": scalar,
    "diagonal": lambda s, p: s[0][:1],
    "diagonal_matrix": lambda s, p: (s[0][0], s[0][0]),
    "outer": lambda s, p: (s[0][0], s[1][0]),
    # sum(x)/length(x)
    "mean": scalar,
    # Reductions along one axis: the sum of each row, of each column.
    "row_sums": lambda s, p: s[0][:1],
    "column_sums": lambda s, p: s[0][1:],
    # Payload (1,): the largest entry of each row; (-1,): the smallest.
    "row_extreme": lambda s, p: s[0][:1],
    # Along axis 0.
    "cumsum": same,
    "cumprod": same,
    # y[1] = b[1], y[i] = b[i] + a[i]*y[i - 1], of the arguments b and a; a vector a is that of each column of a matrix b.
    "recurrence": same,
    # The positions, from 1, at which a vector has its largest entry so far, the first of equal ones.
    "record": same,
    "reverse": same,
    "diff": lambda s, p: (plus(s[0][0], -1), *s[0][1:]),
    # Payload (h, t): without the first h and the last t; h zeros before and t after.
    "slice": shortened,
    "pad": lengthened,
    # x[g], g counting from 1. scatter(w, g), of a given shape: zeros to which w is added at g.
    "gather": lambda s, p: (*s[1], *s[0][1:]),
    "scatter": same,
    # x[m] for a mask m of the length of x. unselect(w, m): w where m is true, else 0.
    "select": same,
    "unselect": lambda s, p: (s[1][0], *s[0][1:]),
    # The permutation that sorts a vector, as R's order(): equal values keep their order.
    "order": same,
    # Payload: an index counting from 0, or from -1 at the end, for each axis. unit(s), of a given shape: s there, else 0.
    "element": scalar,
    "unit": same,
    # Payload (axis, index): one row (axis 0) or column (axis 1) of a matrix. place(v), of a given shape: the converse.
    "pick": lambda s, p: (s[0][1 - p[0]],),
    "place": same,
    # c(...) of vectors and numbers; cbind(...) of matrices, vectors and numbers.
    "concatenate": joined,
    "bind_columns": bound,
    # Payload (0,): down the columns, as R; (1,): along the rows, as NumPy. reshape has a given shape.
    "reshape": same,
    "flatten": lambda s, p: (times(s[0][0], s[0][1]),),
    # A number in every place of a given shape; the identity matrix.
    "fill": same,
    "identity": scalar,
    # The length with the name that is the payload.
    "length": scalar,
    # exp(v)/sum(exp(v)) and log(sum(exp(v))), without overflow.
    "softmax": same,
    "logsumexp": scalar,
    # A recursion over n rows, of a given shape (n + 1,): see scans.py. What stands for a number within its step.
    "scan": same,
    "local": scalar,
}  # fmt: skip


def times(a: Dimension, b: Dimension) -> Dimension:
    """Return the product of two lengths; a name of its own where both are unknown."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if isinstance(a, Length) and isinstance(b, Length):
        return Length.named("*".join(sorted((f"({a})", f"({b})"))))
    whole, unknown = (a, b) if isinstance(a, int) else (b, a)
    assert isinstance(whole, int)
    assert isinstance(unknown, Length)
    return Length(tuple((n, f * whole) for n, f in unknown.terms), unknown.offset * whole) if whole else 0


def elementwise(shapes: Sequence[Shape]) -> Shape:
    """Return the shape of an elementwise operation on conforming shapes.

    Raises:
        ValueError: A vector and a matrix, or two different lengths.

    >>> n = Length.named("n")
    >>> elementwise([(), (n, STRETCHED), (n, 3)]), elementwise([(4,), (2,)])
    ((n, 3), (4,))
    """
    found = SCALAR
    for shape in shapes:
        if not shape or shape == found:
            continue
        if not found:
            found = shape
        elif len(found) != len(shape):
            raise ValueError(f"shapes {found} and {shape}")
        else:
            found = tuple([wider(a, b, len(found) == 1) for a, b in zip(found, shape, strict=True)])
    return found


def wider(a: Dimension, b: Dimension, recycled: bool) -> Dimension:
    if a == b or b is STRETCHED:
        return a
    if a is STRETCHED:
        return b
    # The reader has checked that the length of each data column divides the longest.
    if recycled and isinstance(a, int) and isinstance(b, int):
        return max(a, b) if a and b else 0
    if recycled and (a == 1 or b == 1):
        return b if a == 1 else a
    raise ValueError(f"lengths {a} and {b}")


def shape_of(op: str, shapes: Sequence[Shape], payload: Payload = ()) -> Shape:
    """Return the shape of an array operation's value; for those of a given shape it is meaningless."""
    return ARRAY_OPERATIONS[op](shapes, payload)
