"""R's interpolation of constant tables: approx() is linear between points, spline() cubic.

Both are choices between formulas, one for each interval. At a point of approx() the slopes of the two sides differ; values of
splines, their slopes and their second derivatives do not.

Source of the splines: de Boor, A Practical Guide to Splines, chapter IV. The ends of "fmm" are those of Forsythe, Malcolm and
Moler: the third derivative of the first interval is that of the cubic through the first four points.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from secantd.errors import limit_exceeded
from secantd.language.context import Context
from secantd.language.instructions import Arguments as Called
from secantd.language.instructions import Instruction, Instructions, Parameter
from secantd.language.knownnumbers import known_numbers
from secantd.language.registry import LIBRARY, Arguments, Names, fixed, known_as
from secantd.language.structural import apply_rows, constant, items
from secantd.language.values import Closure, Environment, Value, Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CUBIC", "LINEAR"]

# The functions that evaluate a table; no text can call them.
LINEAR: Final = "approx at"
CUBIC: Final = "spline at"
TABLES: Final = ("x", "y")


def points(context: Context, x: Value, y: Value | None, what: str) -> "tuple[NDArray[np.float64], list[Value]]":
    """Return the abscissas of a table in order, and its values."""
    import numpy as np

    if y is None:
        if not isinstance(x, Vector) or x.names != TABLES:
            raise context.error(f"{what} takes the points' x and y", f"write {what[:-1]}x, y, ...)")
        x, y = x.items
    places = known_numbers(context, x, what)
    values = items(context, y, "the values of a table")
    if len(places) != len(values) or len(places) < 2:
        raise context.error(f"{what}: {len(places)} values of x and {len(values)} of y", "give two points or more")
    if len(places) > context.limits.table_entries:
        raise limit_exceeded("table_entries", f"the table of {what} is too long", context.limits.table_entries)
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    if not np.isfinite(ordered).all() or np.any(np.diff(ordered) <= 0):
        raise context.error(f"{what}: the values of x must be different numbers", "give each x once")
    return ordered, [values[i] for i in order]


def later(name: str, parameters: Sequence[Parameter], values: dict[str, Value], context: Context) -> Closure:
    """Return a function of the language with some of its arguments given; its first parameter is the place."""
    place = (context.instruction.start, context.instruction.end)
    own = [p.name for p in parameters]
    loads = [Instruction("load_quoted", n, *place) for n in (*values, *own)]
    names = Called((*[n.removeprefix("@") for n in values], "v", *own[1:]))
    body = Instructions([*loads, Instruction("call", (name, names), *place)])
    return Closure(tuple(parameters), body, Environment(values=dict(values)))


def number_code(value: float, context: Context) -> Instructions:
    return Instructions([Instruction("number", value, context.instruction.start, context.instruction.end)])


# -- linear ------------------------------------------------------------------------------------------------------------

APPROX: Final = ("method", "yleft", "yright", "rule", "f", "ties")


@known_as("approx")
@fixed("x", optional=("y", "xout", *APPROX[:1], "n", *APPROX[1:]))
def approximated(
    context: Context, x: Value, y: Value | None, xout: Value | None, method: Value | None, n: Value | None,
    left: Value | None, right: Value | None, rule: Value | None, f: Value | None, ties: Value | None,
) -> Value:  # fmt: skip
    """The values between the points of a table, as a list of x and y."""
    if xout is None:
        raise context.error("approx() needs the places at which it interpolates", "write approx(x, y, xout = ...)$y")
    ends = {"method": method, "yleft": left, "yright": right, "rule": rule, "f": f}
    found = linear(context, {"x": x, "y": y, "v": xout, **ends})
    return Vector((xout, found), TABLES)


@known_as("approxfun")
@fixed("x", optional=("y", "method", "yleft", "yright", "rule", "f", "ties"))
def approximating(
    context: Context, x: Value, y: Value | None, method: Value | None, left: Value | None, right: Value | None,
    rule: Value | None, f: Value | None, ties: Value | None,
) -> Value:  # fmt: skip
    """The function that interpolates between the points of a table."""
    points(context, x, y, "approxfun()")
    given = {"x": x, "y": y, "method": method, "yleft": left, "yright": right, "rule": rule, "f": f}
    kept = {f"@{name}": value for name, value in given.items() if value is not None}
    return later(LINEAR, [Parameter("v", None)], kept, context)


def linear(context: Context, given: dict[str, Value | None]) -> Value:
    x, y, at = known(given, "x"), given.get("y"), known(given, "v")
    places, values = points(context, x, y, "approx()")
    method = given.get("method")
    if method not in (None, "linear", "constant"):
        raise context.error('the method of approx() is "linear" or "constant"')
    left, right = outside(context, given, values)
    last = len(places) - 1
    if method == "constant":
        share = 0.0 if (f := given.get("f")) is None else constant(context, f, "'f'")
        if share not in (0.0, 1.0):
            raise context.error("'f' of approx() is 0 (the value on the left) or 1 (on the right)")
        # R has a point's own value at the point.
        pieces = [values[i] for i in range(last)] if not share else [values[i + 1] for i in range(last)]
        above = "<" if not share else "<="
    else:
        pieces, above = [between(context, places, values, i, at) for i in range(last)], "<="
    found = apply_rows(context, "ifelse", [compare(context, "<=", at, places[last]), pieces[-1], right])
    if method == "constant" and above == "<":
        inside = apply_rows(context, "ifelse", [compare(context, "<", at, places[last]), pieces[-1], values[last]])
        found = apply_rows(context, "ifelse", [compare(context, "<=", at, places[last]), inside, right])
    for i in range(last - 2, -1, -1):
        found = apply_rows(context, "ifelse", [compare(context, above, at, places[i + 1]), pieces[i], found])
    if method == "constant" and above == "<=":
        found = apply_rows(context, "ifelse", [compare(context, "<=", at, places[0]), values[0], found])
    return apply_rows(context, "ifelse", [compare(context, "<", at, places[0]), left, found])


def known(given: dict[str, Value | None], name: str) -> Value:
    found = given[name]
    assert found is not None
    return found


def compare(context: Context, op: str, at: Value, place: float) -> Value:
    return apply_rows(context, op, [at, context.number(float(place))])


def outside(context: Context, given: dict[str, Value | None], values: list[Value]) -> tuple[Value, Value]:
    """Return the values on the left and on the right of a table: NaN (rule 1), or those at its ends (rule 2)."""
    rule = given.get("rule")
    rules = [1.0] if rule is None else [constant(context, r, "'rule'") for r in items(context, rule, "'rule'")]
    if any(r not in (1.0, 2.0) for r in rules) or len(rules) > 2 or not rules:
        raise context.error("'rule' of approx() is 1 or 2", "write rule = 2 for the values at the ends")
    found: list[Value] = []
    for name, own, number in (("yleft", values[0], rules[0]), ("yright", values[-1], rules[-1])):
        end = given.get(name)
        found.append(end if end is not None else own if number == 2.0 else context.number(float("nan")))
    return found[0], found[1]


def between(context: Context, places: "NDArray[np.float64]", values: list[Value], i: int, at: Value) -> Value:
    """Return y1 + (y2 - y1)*((v - x1)/(x2 - x1))."""
    start, width = float(places[i]), float(places[i + 1] - places[i])
    rise = apply_rows(context, "add", [values[i + 1], apply_rows(context, "neg", [values[i]])])
    step = apply_rows(context, "add", [at, context.number(-start)]) if start else at
    share = apply_rows(context, "div", [step, context.number(width)])
    return apply_rows(context, "add", [values[i], apply_rows(context, "mul", [rise, share])])


# -- cubic -------------------------------------------------------------------------------------------------------------


def curvatures(places: "NDArray[np.float64]", values: "NDArray[np.float64]", method: str) -> "NDArray[np.float64]":
    """Return a sixth of the second derivative of an interpolating spline at each point, shape (n,)."""
    import numpy as np

    n, h = len(places), np.diff(places)
    slopes = np.diff(values) / h
    matrix, right = np.eye(n), np.zeros(n)
    for i in range(1, n - 1):
        matrix[i, i - 1 : i + 2] = h[i - 1], 2.0 * (h[i - 1] + h[i]), h[i]
        right[i] = slopes[i] - slopes[i - 1]
    if method == "fmm" and n > 2:
        for end, inner in ((0, 1), (n - 1, n - 2)):
            matrix[end, end], matrix[end, inner] = -1.0, 1.0
            if n > 3:
                four = slice(0, 4) if end == 0 else slice(n - 4, n)
                width = h[0] if end == 0 else -h[-1]
                right[end] = width * third_difference(places[four], values[four])
    return np.asarray(np.linalg.solve(matrix, right))


def third_difference(x: "NDArray[np.float64]", y: "NDArray[np.float64]") -> float:
    """Return the third divided difference of four points."""
    import numpy as np

    found = y
    for k in range(1, 4):
        found = np.diff(found) / (x[k:] - x[:-k])
    return float(found[0])


def cubic(context: Context, given: dict[str, Value | None]) -> Value:
    import numpy as np

    x, y, at = known(given, "x"), given.get("y"), known(given, "v")
    places, listed = points(context, x, y, "spline()")
    values = known_numbers(context, Vector(tuple(listed)), "the y of spline()")
    method = given.get("method") or "fmm"
    if method not in ("fmm", "natural"):
        raise context.error(
            'the method of a spline is "fmm" or "natural"', "compute its values first and send them as data"
        )
    order = 0 if (deriv := given.get("deriv")) is None else constant(context, deriv, "'deriv'")
    if order not in (0, 1, 2, 3):
        raise context.error("'deriv' is a number from 0 to 3")
    sixth = curvatures(places, values, method)
    h = np.diff(places)
    # The coefficients of (v - x1), its square and its cube in each interval.
    c = 3.0 * sixth[:-1]
    d = np.diff(sixth) / h
    b = np.diff(values) / h - h * (2.0 * sixth[:-1] + sixth[1:])
    rows = [[float(v) for v in row] for row in np.stack([values[:-1], b, c, d], axis=1)]
    first, starts = rows[0], [float(p) for p in places[:-1]]
    pieces = [polynomial(context, at, start, row, int(order)) for start, row in zip(starts, rows, strict=True)]
    if method == "natural":
        # Straight lines outside of the table.
        end = float(values[-1])
        slope = rows[-1][1] + h[-1] * (2.0 * rows[-1][2] + 3.0 * rows[-1][3] * h[-1])
        pieces.append(polynomial(context, at, float(places[-1]), [end, float(slope), 0.0, 0.0], int(order)))
        starts.append(float(places[-1]))
    found = pieces[-1]
    for i in range(len(pieces) - 2, -1, -1):
        found = apply_rows(context, "ifelse", [compare(context, "<", at, starts[i + 1]), pieces[i], found])
    if method == "natural":
        line = polynomial(context, at, starts[0], [first[0], first[1], 0.0, 0.0], int(order))
        found = apply_rows(context, "ifelse", [compare(context, "<", at, starts[0]), line, found])
    return found


def polynomial(context: Context, at: Value, start: float, coefficients: list[float], order: int) -> Value:
    """Return a0 + s*(a1 + s*(a2 + s*a3)) for s = v - x1, or a derivative of it."""
    for _ in range(order):
        coefficients = [k * a for k, a in enumerate(coefficients)][1:]
    step = apply_rows(context, "add", [at, context.number(-start)]) if start else at
    found: Value = context.number(coefficients[-1])
    if len(coefficients) == 1:
        # One value for each place.
        return (
            apply_rows(context, "add", [found, apply_rows(context, "mul", [context.number(0.0), at])])
            if isinstance(at, Vector)
            else found
        )
    for a in coefficients[-2::-1]:
        found = apply_rows(context, "add", [context.number(a), apply_rows(context, "mul", [step, found])])
    return found


@known_as("splinefun")
@fixed("x", optional=("y", "method", "ties"))
def spline_function(context: Context, x: Value, y: Value | None, method: Value | None, ties: Value | None) -> Value:
    """The interpolating cubic spline of a table, a function of x and of the order of a derivative."""
    given: dict[str, Value | None] = {"x": x, "y": y, "method": method}
    kept = {f"@{name}": value for name, value in given.items() if value is not None}
    cubic(context, {**given, "v": context.number(0.0)})
    return later(CUBIC, [Parameter("x", None), Parameter("deriv", number_code(0.0, context))], kept, context)


@known_as("spline")
@fixed("x", optional=("y", "n", "method", "xmin", "xmax", "xout", "ties"))
def spline(
    context: Context, x: Value, y: Value | None, n: Value | None, method: Value | None, xmin: Value | None,
    xmax: Value | None, xout: Value | None, ties: Value | None,
) -> Value:  # fmt: skip
    """The values of the interpolating cubic spline of a table, as a list of x and y."""
    if xout is None:
        raise context.error("spline() needs the places at which it interpolates", "write spline(x, y, xout = ...)$y")
    return Vector((xout, cubic(context, {"x": x, "y": y, "method": method, "v": xout})), TABLES)


def table_at(context: Context, arguments: Arguments, names: Names) -> dict[str, Value | None]:
    return {str(name): value for name, value in zip(names, arguments, strict=True)}


LIBRARY[LINEAR] = lambda context, arguments, names: linear(context, table_at(context, arguments, names))
LIBRARY[CUBIC] = lambda context, arguments, names: cubic(context, table_at(context, arguments, names))
