"""Values, gradients and Hessians at many points."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from secantd.calculus.columnresults import Evaluation
from secantd.calculus.enclosures import check_enclosures, enclosures
from secantd.calculus.point import check_columns, check_order, require_no_rows, scalar
from secantd.calculus.variables import chosen_variables
from secantd.language import Function
from secantd.settings import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["evaluate"]

# At so many numbers hard points get the time that they get in one block of a stream, and more time at more of them, up to so many blocks:
# 1 second each.
PORTION: Final = 65_536
PORTIONS: Final = 6

ROUNDED: Final = (
    "{} points have values in double precision although numbers are very large or small there, which may cost digits: more digits"
    " for so many points would take too long; evaluate them in smaller requests"
)


def evaluate(
    function: Function,
    columns: "Mapping[str, NDArray[np.float64]]",
    order: int = 0,
    variables: Sequence[str] = (),
    *,
    limits: Limits | None = None,
    beside: bool = True,
    enclosed: bool = False,
) -> Evaluation:
    """Return f, and with order 1 and 2 its first and second partials, at N points.

    Args:
        function: A scalar function.
        columns: An array of shape (N,) for each variable, or of shape (1,) for a value that holds for all points. If a
            variable is a vector or a matrix, the whole value of each variable, at one point.
        order: 0, 1 or 2.
        variables: The variables of the derivatives, in order; empty: all.
        limits: The limits that apply.
        beside: Whether limits and kinks are looked for at points where the formula has no value or arguments are equal.
        enclosed: Whether to give an interval around each number, by ball arithmetic.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE; with `enclosed` MISSING_PART, LIMIT_EXCEEDED.

    >>> import numpy as np
    >>> from secantd.language import read
    >>> e = evaluate(read("x^2*y"), {"x": np.array([1.0, 2.0]), "y": np.array([3.0])}, 1)
    >>> e.values, dict(e.derivatives)["x"]
    (array([ 3., 12.]), array([ 6., 12.]))
    """
    import numpy as np

    from secantd.calculus.arrays.evaluation import array_evaluation, names_of
    from secantd.calculus.numbers import numbers_of
    from secantd.calculus.settle import MANY, settle_columns, wanted_up_to
    from secantd.program.recomputed import BATCH_WORK

    check_order(order)
    chosen = chosen_variables(function, variables, [], parted=True)
    if enclosed:
        check_enclosures(
            function,
            max([len(c) for c in columns.values()] if not function.arrays else [1], default=1),
            limits or DEFAULT_LIMITS,
        )
    if function.arrays:
        return array_evaluation(function, columns, order, chosen, limits=limits, beside=beside)
    require_no_rows([scalar(function)], otherwise=", or send the data as points")
    numbers = numbers_of(function, order, chosen)
    columns, count = check_columns(function, columns, chosen)
    inputs, program, names = numbers.inputs, numbers.program, names_of(chosen, order)
    left: list[int] = []
    portions = min(PORTIONS, max(1, -(-count * max(len(inputs), len(names) + 1) // PORTION)))
    results, finite = None, False
    if inputs:
        given = {name: columns[name] for name in inputs}
        given = {n: c if len(c) == count else np.broadcast_to(c, (count,)) for n, c in given.items()}
        results, finite = program.batch_and_finite(given, left, BATCH_WORK * portions)
    if results is None:
        results = [np.full(count, v) for v in program.point([])]
    unchecked: tuple[str, ...] = tuple([ROUNDED.format(n) for n in left])
    if not beside:
        return Evaluation(results[0], tuple(zip(names, results[1:], strict=True)), chosen, notices=unchecked)
    wanted = wanted_up_to(function.outputs[0], chosen, order)
    limits = limits or DEFAULT_LIMITS
    points, notices = settle_columns(function, wanted, results, columns, limits, MANY * portions, finite=finite)
    bounds, remarks = enclosures(function, columns, count, order, chosen) if enclosed else ((), ())
    derivatives = tuple(zip(names, results[1:], strict=True))
    return Evaluation(results[0], derivatives, chosen, points, unchecked + notices + remarks, bounds)
