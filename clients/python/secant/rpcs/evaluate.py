"""Values at many points: evaluate, evaluate_stream."""

from collections.abc import Iterator, Mapping

import numpy as np

from secant._arrays import Array, Points, columns, matrix_or_vector
from secant._blocks import block, is_quick, request
from secant._call import Call, Dialogue, Gathering
from secant._packed import Encoded
from secant._tables import vectors_of
from secant.expression import Function, coordinates, expression, named
from secant.results.evaluation import Evaluation, EvaluationReader
from secant.shapes import Shapes
from secant.v1 import evaluate_pb2 as pb
from secant.v1 import expression_pb2

__all__ = ["evaluate", "evaluate_stream"]

# Doubles in one message of a stream, 512 KB: as fast as larger ones, and the server computes while the next is on its way.
BLOCK = 65536
# Doubles in the only message of a call, 3 MB of the server's 4: it costs half of what a stream of so many points costs.
LARGEST = 393_216


def evaluate(
    f: Function,
    points: Points,
    *variables: str,
    order: int = 0,
    enclosures: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Evaluation] | Gathering[Evaluation]:
    """Return the values of a scalar function and its derivatives at N points. Large batches are sent in blocks.

    If a variable of f is a vector or a matrix, there is one point: each entry of `points` is the whole value of its variable.
    Declare the shapes of vectors that differ in length, for example shapes={"x": "n", "y": "m"}.

    Args:
        f: The function.
        points: A vector of length N for each variable; a number is repeated N times.
        variables: The order of the derivatives. Default: as for `gradient`.
        order: Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian.
        enclosures: Whether to give numbers between which each exact value lies: the fields `lower` and `upper` of the answer. The
            server needs the extra `proof` for it.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        ValueError: The vectors differ in length.

    >>> import secant
    >>> at = secant.evaluate("x^2 + 2*y^2", {"x": [2, -1], "y": [1, 2]}, order=1)
    >>> at.value, at.gradient
    (array([6., 9.]), array([[ 4.,  4.],
           [-2.,  8.]]))
    """
    message = expression(f, notation, data, shapes)
    arrays = _arrays(points, message)
    numbers, size = _numbers(arrays, order)
    rows = max(1, BLOCK // numbers)
    whole = _whole(arrays, message)

    def blocks() -> Gathering[Evaluation]:
        dialogue = evaluate_stream(f, *variables, order=order, notation=notation, data=data, shapes=shapes)
        replies = EvaluationReader(order)

        def requests() -> Iterator[pb.EvaluateStreamRequest | Encoded]:
            yield dialogue.setup
            for start in range(0, size, rows):
                part = {name: v if len(v) == 1 else v[start : start + rows] for name, v in arrays.items()}
                replies.sent(part)
                yield block(part)

        return Gathering("EvaluateStream", requests(), replies.add, lambda: replies.all(size))

    small = size <= rows or whole or enclosures
    if not small and not (size * numbers <= LARGEST and is_quick(message, arrays, order)):
        return blocks()
    replies = EvaluationReader(order, whole=whole)
    replies.sent(arrays)
    whole_request = pb.EvaluateRequest(
        expression=message, order=order, variables=named(variables), enclosures=enclosures
    )
    return Call("Evaluate", request(whole_request, arrays), replies.one, None if small else blocks)


def evaluate_stream(
    f: Function,
    *variables: str,
    order: int = 0,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
    data_set: str | None = None,
    at: Mapping[str, float] | None = None,
) -> Dialogue[Evaluation]:
    """Yield the values of a scalar function and its derivatives, one Evaluation for each block of points, in order.

    The number of blocks is not limited, and the client's timeout does not apply.

    Args:
        f: The function.
        blocks: Blocks of points, each as for `evaluate`. Blocks of up to 65536 numbers, in and out, are the fastest.
        variables: The order of the derivatives. Default: as for `gradient`.
        order: Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.
        data_set: A data set of the server, see `describe().data_sets`. f is then the value of one row, and `blocks` is empty: the
            answers are those to all rows.
        at: With a data set, the values of the names in f that are no columns.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        ValueError: The vectors of a block differ in length.

    >>> import secant
    >>> for block in secant.evaluate_stream("x^2", ({"x": [i, i + 1]} for i in (0, 2))):
    ...     print(block.offset, block.value)
    0 [0. 1.]
    2 [4. 9.]
    """
    message = expression(f, notation, data, shapes, data_set)
    setup = pb.EvaluateStreamRequest.Setup(
        expression=message, order=order, variables=named(variables), at=coordinates(at)
    )
    whole = any(shape.dimensions for shape in message.shapes)
    replies = EvaluationReader(order, whole=whole, unasked=bool(message.data_set))

    def ask(points: Points) -> pb.EvaluateStreamRequest | Encoded:
        arrays = _arrays(points, message)
        replies.whole = replies.whole or _whole(arrays, message)
        replies.sent(arrays)
        return block(arrays)

    return Dialogue("EvaluateStream", pb.EvaluateStreamRequest(setup=setup), ask, replies.one, replies.end)


def _arrays(points: Points, message: expression_pb2.Expression) -> dict[str, Array]:
    """Return points as arrays: columns of one length, or values of vectors and matrices."""
    notation = {expression_pb2.NOTATION_TEXTBOOK: "textbook", expression_pb2.NOTATION_LATEX: "latex"}.get(
        message.notation
    )
    vectors = vectors_of(points, message.text, notation)
    arrays = {name: matrix_or_vector(name, values) for name, values in vectors.items()}
    return {name: np.atleast_1d(v) for name, v in arrays.items()} if _whole(arrays, message) else columns(vectors)


def _whole(arrays: Mapping[str, Array], message: expression_pb2.Expression) -> bool:
    """Return whether points are one point of vectors or matrices, as far as the request shows it."""
    return any(v.ndim > 1 for v in arrays.values()) or any(shape.dimensions for shape in message.shapes)


def _numbers(arrays: Mapping[str, Array], order: int) -> tuple[int, int]:
    """Return the numbers in a message for each point (the larger of request and reply), and the number of points."""
    n = len(arrays)
    answer = 1 + (n if order >= 1 else 0) + (n * (n + 1) // 2 if order >= 2 else 0)
    return max(n, answer), max((len(values) for values in arrays.values()), default=0)
