"""Functions of the order of entries: medians, quantiles, the range, the positions of extremes."""

import math

from secantd.errors import Reason
from secantd.expression import Node
from secantd.language.arrays import dimension_of
from secantd.language.context import Context
from secantd.language.inference import as_vector, spread
from secantd.language.notation import Notation
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows, constant, items, total
from secantd.language.values import Value, Vector
from secantd.language.vectors import flat, python_range

__all__: list[str] = []


def quantile_of(context: Context, x: Value, share: float, what: str) -> Value:
    """Return a quantile by linear interpolation between entries in order, which is R's type 7 and NumPy's default."""
    vector = as_vector(context, spread(context, x, what), what)
    length = vector.shape[0]
    if not isinstance(length, int):
        raise context.error(f"{what} needs a known length", "declare the length of the vector, or send data for it")
    if not 0 <= share <= 1:
        raise context.error(f"{what}: the probability {share:g} is not between 0 and 1")
    ordered = context.graph.array("gather", vector, context.graph.array("order", vector))
    place = (length - 1) * share
    lower = math.floor(place)
    # Rounding must not move a position that is whole.
    rest = place - lower
    if abs(rest - round(rest)) < 4 * length * 2.2e-16:
        lower, rest = round(place), 0.0
    low = context.graph.array("element", ordered, payload=(lower,))
    if not rest:
        return low
    high = context.graph.array("element", ordered, payload=(lower + 1,))
    weighed = [apply_rows(context, "mul", [context.number(w), v]) for w, v in ((1.0 - rest, low), (rest, high))]
    return apply_rows(context, "add", weighed)


@known_as("median")
@fixed("x", optional=("na.rm",))
def median(context: Context, x: Value, na: Value | None) -> Value:
    return quantile_of(context, x, 0.5, "median()")


def quantiles(what: str, scale: float) -> LibraryFunction:
    @fixed("x", "probs", optional=("type", "names"))
    def call(context: Context, x: Value, probs: Value, type: Value | None, names: Value | None) -> Value:
        if type is not None and constant(context, type, "'type'") != 7:
            raise context.error("quantile() computes type 7, R's default", "leave 'type' out")
        shares = [constant(context, p, "a probability") / scale for p in items(context, probs, "the probabilities")]
        found = [quantile_of(context, x, p, what) for p in shares]
        return found[0] if len(found) == 1 and isinstance(probs, Node) else Vector(tuple(found))

    return call


LIBRARY["quantile"] = quantiles("quantile()", 1.0)
LIBRARY["percentile"] = quantiles("np.percentile()", 100.0)


def position_of(sign: str) -> LibraryFunction:
    """The position of the first of the largest, or smallest, entries."""

    @fixed("x")
    def call(context: Context, x: Value) -> Value:
        what = f"which.{sign}()"
        vector = as_vector(context, spread(context, x, what), what)
        if sign == "max":
            vector = context.graph.make("neg", vector)
        found = context.graph.array("element", context.graph.array("order", vector), payload=(0,))
        return apply_rows(context, "add", [found, context.number(-1.0)]) if context.zero_based else found

    return call


LIBRARY["which.max"] = LIBRARY["argmax"] = position_of("max")
LIBRARY["which.min"] = LIBRARY["argmin"] = position_of("min")


@known_as("range")
def value_range(context: Context, arguments: Arguments, names: Names) -> Value:
    """R's range(...), the smallest and the largest of all numbers; Python's range(start, stop, step)."""
    values = [a for a, name in zip(arguments, names, strict=True) if name != "na.rm"]
    bounds = [
        isinstance(a, Node) and not a.shape and (a.index in context.constants or dimension_of(context, a) is not None)
        for a in values
    ]
    # Without a notation range(3) is Python's; in R it would be c(3, 3).
    if context.zero_based or (values and all(bounds) and context.notation is not Notation.R):
        return python_range(context, arguments, names)
    if not values or any(name not in (None, "na.rm") for name in names):
        raise context.error("range() takes vectors and numbers", "write range(x, y)", Reason.UNKNOWN_FUNCTION)
    vector = spread(context, values[0] if len(values) == 1 else Vector(tuple(flat(context, values))), "range()")
    return Vector((total(context, vector, "min_of"), total(context, vector, "max_of")))
