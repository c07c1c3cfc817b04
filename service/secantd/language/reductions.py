"""Functions that make one number of many: sums, means, variances."""

from typing import TYPE_CHECKING

from secantd.errors import Reason
from secantd.language import structural
from secantd.language.registry import LIBRARY, Arguments, Entry, Names, fixed, known_as
from secantd.language.structural import apply_rows, length, total
from secantd.language.values import Value, Vector

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = ["dot", "mean", "variance"]


def reduction(op: str, joined: str) -> Entry:
    def reduce(machine: "Machine", arguments: Arguments, names: Names) -> Value:
        if not arguments:
            raise machine.error(
                "there are no numbers", f"write {op.removesuffix('_of')}(x, y)", Reason.UNKNOWN_FUNCTION
            )
        if any(n in ("na.rm", "axis", "key") for n in names):
            raise machine.error("only the numbers themselves can be given here", reason=Reason.UNKNOWN_FUNCTION)
        parts = [total(machine, a, op) for a in arguments]
        if len(parts) == 1:
            return parts[0]
        if joined in ("add", "mul"):
            return structural.node(machine, joined, parts)
        return total(machine, Vector(tuple(parts)), op)

    return reduce


LIBRARY["sum"] = LIBRARY["fsum"] = reduction("sum", "add")
LIBRARY["prod"] = reduction("prod", "mul")
LIBRARY["max"] = LIBRARY["amax"] = reduction("max_of", "pmax")
LIBRARY["min"] = LIBRARY["amin"] = reduction("min_of", "pmin")


@known_as("mean", "average")
@fixed("x")
def mean(machine: "Machine", x: Value) -> Value:
    count = length(machine, x)
    if count == 1:
        return total(machine, x)
    return structural.node(machine, "div", [total(machine, x), machine.number(float(count))])


@known_as("var")
@fixed("x")
def variance(machine: "Machine", x: Value) -> Value:
    count = length(machine, x)
    if count < 2:
        raise machine.error("the variance needs two numbers or more", reason=Reason.UNKNOWN_FUNCTION)
    middle = structural.node(machine, "neg", [mean(machine, [x], (None,))])  # type: ignore[list-item]
    deviation = apply_rows(machine, "add", [x, middle])
    squares = total(machine, apply_rows(machine, "pow", [deviation, machine.number(2.0)]))
    return structural.node(machine, "div", [squares, machine.number(count - 1.0)])


@known_as("sd")
@fixed("x")
def deviation(machine: "Machine", x: Value) -> Value:
    return apply_rows(machine, "sqrt", [variance(machine, [x], (None,))])


@known_as("np.var", "numpy.var")
@fixed("x")
def population_variance(machine: "Machine", x: Value) -> Value:
    """NumPy's variance, which divides by n; R's by n - 1."""
    count = float(length(machine, x))
    share = machine.number((count - 1) / count)
    return structural.node(machine, "mul", [variance(machine, [x], (None,)), share])  # type: ignore[list-item]


@known_as("np.std", "numpy.std")
@fixed("x")
def population_deviation(machine: "Machine", x: Value) -> Value:
    return apply_rows(machine, "sqrt", [population_variance(machine, [x], (None,))])


@known_as("crossprod", "dot", "inner", "vdot")
@fixed("x", optional=("y",))
def dot(machine: "Machine", x: Value, y: Value | None) -> Value:
    return total(machine, apply_rows(machine, "mul", [x, x if y is None else y]))
