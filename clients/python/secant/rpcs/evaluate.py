"""Numbers at many points: evaluate, evaluate_stream."""

from collections.abc import Iterator, Mapping

from secant.arrays import Array, Points, add_columns, columns
from secant.call import Call, Dialogue, Gathering
from secant.expression import Function, expression, named
from secant.results.evaluation import Blocks, Evaluation
from secant.v1 import evaluate_pb2 as pb

__all__ = ["evaluate", "evaluate_stream"]

# Doubles in one message, 512 KB: streams were measured fastest at this size, and the limit is 4 MB.
BLOCK = 65536


def evaluate(
    f: Function,
    points: Points,
    *variables: str,
    order: int = 0,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Evaluation] | Gathering[Evaluation]:
    """Return a scalar function and its derivatives at N points. Large batches go in blocks over a stream.

    Args:
        f: The function.
        points: A vector for each variable, all of length N; a number stands for N times itself.
        variables: The order of the derivatives. None: as for `gradient`.
        order: 0 values, 1 also the gradient, 2 also the Hessian.
        notation: As for `differentiate`; so is `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ValueError: Vectors of different length.

    >>> import secant
    >>> with secant.local() as s:
    ...     at = s.evaluate("x^2 + 2*y^2", {"x": [2, -1], "y": [1, 2]}, order=1)
    >>> at.values, at.gradient
    (array([6., 9.]), array([[ 4.,  4.],
           [-2.,  8.]]))
    """
    arrays = columns(points)
    rows, size = _block(arrays, order)
    blocks = Blocks(order)
    if size <= rows:
        request = pb.EvaluateRequest(expression=expression(f, notation, data), order=order, variables=named(variables))
        add_columns(request.points, arrays)
        return Call("Evaluate", request, blocks.one)
    dialogue = evaluate_stream(f, *variables, order=order, notation=notation, data=data)

    def requests() -> Iterator[pb.EvaluateStreamRequest]:
        yield dialogue.setup
        for start in range(0, size, rows):
            block = {name: v if len(v) == 1 else v[start : start + rows] for name, v in arrays.items()}
            yield _points(block)

    return Gathering("EvaluateStream", requests(), blocks.add, blocks.all)


def evaluate_stream(
    f: Function,
    *variables: str,
    order: int = 0,
    notation: str | None = None,
    data: Points | None = None,
) -> Dialogue[Evaluation]:
    """Yield a scalar function and its derivatives block by block, without end; answers keep the order.

    Args:
        f: The function.
        blocks: Blocks of points, each as for `evaluate`; at most 65536 numbers in and out go well in one.
        variables: The order of the derivatives. None: as for `gradient`.
        order: 0 values, 1 also the gradient, 2 also the Hessian.
        notation: As for `differentiate`; so is `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ValueError: Vectors of different length in one block.

    >>> import secant
    >>> with secant.local() as s:
    ...     for block in s.evaluate_stream("x^2", ({"x": [i, i + 1]} for i in (0, 2))):
    ...         print(block.offset, block.values)
    0 [0. 1.]
    2 [4. 9.]
    """
    setup = pb.EvaluateStreamRequest.Setup(
        expression=expression(f, notation, data), order=order, variables=named(variables)
    )
    return Dialogue(
        "EvaluateStream",
        pb.EvaluateStreamRequest(setup=setup),
        lambda points: _points(columns(points)),
        Blocks(order).one,
    )


def _points(arrays: Mapping[str, Array]) -> pb.EvaluateStreamRequest:
    request = pb.EvaluateStreamRequest()
    # Also a block without columns has to be a block.
    request.points.SetInParent()
    add_columns(request.points.columns, arrays)
    return request


def _block(arrays: Mapping[str, Array], order: int) -> tuple[int, int]:
    """Return how many points go in one message (by the larger of question and answer), and their number."""
    n = len(arrays)
    answer = 1 + (n if order >= 1 else 0) + (n * (n + 1) // 2 if order >= 2 else 0)
    return max(1, BLOCK // max(n, answer)), max((len(values) for values in arrays.values()), default=0)
