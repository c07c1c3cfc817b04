"""The calls as functions of the module `secant`, answered by the server of `secant.use`."""

import os
from typing import TYPE_CHECKING, Any, overload

from secant import rpcs
from secant._shared import answering, descending, streaming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secant._arrays import Points
    from secant.client import Client
    from secant.expression import Function
    from secant.files import FileEvaluation
    from secant.files.evaluation import Batches
    from secant.files.paths import Paths
    from secant.results import Evaluation
    from secant.shapes import Shapes

__all__ = [
    "approximate",
    "check",
    "descend",
    "describe",
    "differentiate",
    "equal",
    "evaluate",
    "evaluate_stream",
    "explain",
    "export",
    "extrema",
    "gradient",
    "hessian",
    "jacobian",
    "plot",
    "tangent",
    "taylor",
]

approximate = answering(rpcs.approximate)
check = answering(rpcs.check)
descend = descending(rpcs.descend)
describe = answering(rpcs.describe)
differentiate = answering(rpcs.differentiate)
equal = answering(rpcs.equal)
evaluate_stream = streaming(rpcs.evaluate_stream)
explain = answering(rpcs.explain)
export = answering(rpcs.export)
extrema = answering(rpcs.extrema)
gradient = answering(rpcs.gradient)
hessian = answering(rpcs.hessian)
jacobian = answering(rpcs.jacobian)
plot = answering(rpcs.plot)
tangent = answering(rpcs.tangent)
taylor = answering(rpcs.taylor)

_at_points = answering(rpcs.evaluate)
# The keywords of `evaluate`.
IN_MEMORY = ("order", "enclosures", "notation", "data", "shapes")
OF_FILES = ("order", "at", "notation", "output", "force", "progress", "client")


@overload
def evaluate(
    f: "Function",
    points: "Points",
    *variables: str,
    order: int = 0,
    enclosures: bool = False,
    notation: str | None = None,
    data: "Points | None" = None,
    shapes: "Shapes | None" = None,
) -> "Evaluation": ...
@overload
def evaluate(
    f: "Function",
    points: "Paths",
    *variables: str,
    order: int = 0,
    at: "Mapping[str, float] | None" = None,
    notation: str | None = None,
    output: None = None,
    force: bool = False,
    progress: bool | None = False,
    client: "Client | None" = None,
) -> "Batches": ...
@overload
def evaluate(
    f: "Function",
    points: "Paths",
    *variables: str,
    order: int = 0,
    at: "Mapping[str, float] | None" = None,
    notation: str | None = None,
    output: str | os.PathLike[str],
    force: bool = False,
    progress: bool | None = False,
    client: "Client | None" = None,
) -> "FileEvaluation": ...
def evaluate(f: Any, points: Any, *variables: str, **how: Any) -> Any:
    """Return the values of a scalar function and its derivatives at points in memory, or at each row of files.

    A string, a path, or a list of these are files, which `secant.files.evaluate` reads: its arguments are `order`, `at`, `notation`,
    `output`, `force`, `progress` and `client`. All else are points in memory, as for `Client.evaluate`: its arguments are `order`,
    `enclosures`, `notation`, `data` and `shapes`.

    Args:
        f: The function.
        points: A vector of length N for each variable: a dict or a data frame. Or files: a path, a folder, a pattern such as
            "data/*.parquet", or a list of these.
        variables: The order of the derivatives. Default: as for `gradient`.
        how: See above. `order` is the highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian.

    Raises:
        InvalidArgument: As for `differentiate`; a file cannot be read, or lacks a column.
        ValueError: The vectors differ in length.
        TypeError: An argument of files is given with points in memory, or the other way round.

    >>> import secant
    >>> at = secant.evaluate("x^2 + 2*y^2", {"x": [2, -1], "y": [1, 2]}, order=1)
    >>> at.value, at.gradient
    (array([6., 9.]), array([[ 4.,  4.],
           [-2.,  8.]]))
    """
    if isinstance(points, str | os.PathLike) or _are_paths(points):
        from secant import files

        _only(how, OF_FILES, "files")
        return files.evaluate(f, points, *variables, **how)
    _only(how, IN_MEMORY, "points in memory")
    return _at_points(f, points, *variables, **how)


def _are_paths(points: Any) -> bool:
    return isinstance(points, list | tuple) and any(isinstance(path, str | os.PathLike) for path in points)


def _only(how: dict[str, Any], known: tuple[str, ...], of: str) -> None:
    for name in how:
        if name not in known:
            raise TypeError(f"evaluate() of {of} has no argument {name!r}; its arguments: {', '.join(known)}")
