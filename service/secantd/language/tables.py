"""R's functions of groups and intervals: unique, match, table, cut, findInterval, split, ave.

What they return is known while a text is read, or is a formula of the data: match(x, c(3, 5)) is ifelse(x == 3, 1, ...).
"""

from typing import TYPE_CHECKING

from secantd.errors import limit_exceeded
from secantd.expression import Node
from secantd.language.arranged import scattered
from secantd.language.arrays import as_node
from secantd.language.conditions import condition
from secantd.language.context import Context
from secantd.language.inference import as_vector
from secantd.language.knownnumbers import known_numbers
from secantd.language.positions import along, is_condition, is_mask
from secantd.language.registry import fixed, known_as
from secantd.language.structural import apply_rows, constant, size
from secantd.language.values import Builtin, Factor, Oriented, Value, Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__: list[str] = []


def few(context: Context, numbers: "NDArray[np.float64]", what: str) -> "NDArray[np.float64]":
    most = context.limits.table_entries
    if len(numbers) > most:
        raise limit_exceeded("table_entries", f"{what} has too many entries", most)
    return numbers


def vector(context: Context, numbers: "NDArray[np.float64]") -> Vector:
    return Vector(tuple([context.number(float(v)) for v in numbers]))


def first_places(numbers: "NDArray[np.float64]") -> list[int]:
    """Return the positions of the first entry of each value, in the order of the vector."""
    import numpy as np

    _, places = np.unique(numbers, return_index=True)
    return sorted(int(p) for p in places)


def whole_or_nothing(context: Context, numbers: "NDArray[np.float64]", what: str) -> "NDArray[np.float64]":
    import numpy as np

    if np.isnan(numbers).any():
        raise context.error(f"{what}: some numbers are missing", "leave these rows out of the data")
    return numbers


@known_as("unique")
@fixed("x")
def unique(context: Context, x: Value) -> Value:
    """The different values of a vector, in the order of their first entries."""
    if isinstance(x, Vector) and x.items and all(isinstance(v, str) for v in x.items):
        return Vector(tuple(dict.fromkeys(x.items)))
    numbers = known_numbers(context, x, "unique()")
    return vector(context, few(context, numbers[first_places(numbers)], "unique()"))


@known_as("duplicated")
@fixed("x")
def duplicated(context: Context, x: Value) -> Value:
    """Whether an entry is equal to one before it."""
    numbers = few(context, known_numbers(context, x, "duplicated()"), "duplicated()")
    firsts = set(first_places(numbers))
    return Vector(tuple([condition(context, i not in firsts) for i in range(len(numbers))]))


@known_as("match")
@fixed("x", "table", optional=("nomatch",))
def matches(context: Context, x: Value, table: Value, nomatch: Value | None) -> Value:
    """The position of each entry in a table; NaN where it is none of it."""
    missing: Value = context.number(float("nan")) if nomatch is None else nomatch
    texts = table.items if isinstance(table, Vector) else (table,)
    asked = x.items if isinstance(x, Vector) else (x,)
    if all(isinstance(t, str) for t in (*texts, *asked)):
        found = [context.number(texts.index(t) + 1.0) if t in texts else missing for t in asked]
        return found[0] if len(found) == 1 else Vector(tuple(found))
    numbers = few(context, known_numbers(context, table, "the table of match()"), "the table of match()")
    value: Value = missing
    for k in range(len(numbers) - 1, -1, -1):
        equal = apply_rows(context, "==", [x, context.number(float(numbers[k]))])
        value = apply_rows(context, "ifelse", [equal, context.number(k + 1.0), value])
    return value


@known_as("table")
@fixed("x")
def counts(context: Context, x: Value) -> Value:
    """How often each value of a vector occurs, by its text."""
    import numpy as np

    if isinstance(x, Factor):
        numbers = known_numbers(context, x, "table()")
        return Vector(tuple([context.number(float(np.sum(numbers == k + 1))) for k in range(len(x.labels))]), x.labels)
    numbers = known_numbers(context, x, "table()")
    tests = is_condition(x) or is_mask(x) or (isinstance(x, Vector) and all(is_condition(v) for v in x.items))
    tests = tests or (isinstance(x, Node) and x.op in ("<", "<=", ">", ">=", "==", "!=", "&", "|", "!"))
    values, found = np.unique(numbers[~np.isnan(numbers)], return_counts=True)
    few(context, values, "table()")
    plain = all(float(v).is_integer() and abs(v) < 1e5 for v in values)
    names = ["TRUE" if v else "FALSE" for v in values] if tests else [f"{v:.0f}" for v in values] if plain else []
    return Vector(vector(context, found.astype(float)).items, tuple(names))


@known_as("levels")
@fixed("x")
def levels(context: Context, x: Value) -> Value:
    """The texts of the levels of a factor."""
    if not isinstance(x, Factor) or not x.labels:
        raise context.error("levels() takes a factor whose levels are known", "write levels(factor(g))")
    return Vector(tuple(x.labels))


@known_as("nlevels")
@fixed("x")
def number_of_levels(context: Context, x: Value) -> Value:
    return x.count if isinstance(x, Factor) else context.number(0.0)


# -- intervals ---------------------------------------------------------------------------------------------------------


def counted(context: Context, op: str, x: Value, breaks: "NDArray[np.float64]") -> Value:
    """Return how many breaks are below each number (op >), or not above it (>=)."""
    one, zero = context.number(1.0), context.number(0.0)
    tests = [apply_rows(context, op, [x, context.number(float(b))]) for b in breaks]
    terms = [apply_rows(context, "ifelse", [t, one, zero]) for t in tests]
    return apply_rows(context, "add", terms) if len(terms) > 1 else terms[0]


def flag(context: Context, value: Value | None, default: bool, what: str) -> bool:
    return default if value is None else bool(constant(context, value, what))


@known_as("findInterval")
@fixed("x", "vec", optional=("rightmost.closed", "all.inside", "left.open"))
def find_interval(
    context: Context, x: Value, vec: Value, closed: Value | None, inside: Value | None, left: Value | None
) -> Value:
    """How many of the breaks in order are not above each number."""
    import numpy as np

    breaks = few(
        context,
        whole_or_nothing(context, known_numbers(context, vec, "findInterval()"), "findInterval()"),
        "findInterval()",
    )
    if not len(breaks) or np.any(np.diff(breaks) < 0):
        raise context.error("the breaks of findInterval() must not fall", "write them in order")
    left_open = flag(context, left, False, "'left.open'")
    found = counted(context, ">" if left_open else ">=", x, breaks)
    last = float(len(breaks))
    if flag(context, closed, False, "'rightmost.closed'") and len(breaks) > 1:
        end = breaks[0] if left_open else breaks[-1]
        at_end = apply_rows(context, "==", [x, context.number(float(end))])
        found = apply_rows(context, "ifelse", [at_end, context.number(1.0 if left_open else last - 1.0), found])
    if flag(context, inside, False, "'all.inside'"):
        found = apply_rows(
            context, "pmin", [apply_rows(context, "pmax", [found, context.number(1.0)]), context.number(last - 1.0)]
        )
    return found


@known_as("cut")
@fixed("x", "breaks", optional=("labels", "include.lowest", "right", "dig.lab", "ordered_result"))
def cut(
    context: Context, x: Value, breaks: Value, labels: Value | None, lowest: Value | None, right: Value | None,
    dig: Value | None, ordered: Value | None,
) -> Value:  # fmt: skip
    """The interval between breaks in which each number lies: its position, or a factor; NaN outside."""
    import numpy as np

    found = few(context, whole_or_nothing(context, known_numbers(context, breaks, "cut()"), "cut()"), "cut()")
    ends = np.unique(found)
    if len(ends) != len(found) or len(ends) < 2:
        raise context.error("cut() takes two or more different breaks", "write cut(x, c(0, 1, 2))")
    on_right = flag(context, right, True, "'right'")
    whole = flag(context, lowest, False, "'include.lowest'")
    position = counted(context, ">" if on_right else ">=", x, ends)
    last = float(len(ends) - 1)
    if whole:
        end = context.number(float(ends[0] if on_right else ends[-1]))
        at_end = apply_rows(context, "==", [x, end])
        position = apply_rows(context, "ifelse", [at_end, context.number(1.0 if on_right else last), position])
    low, high = [context.number(float(e)) for e in (ends[0], ends[-1])]
    inside = apply_rows(context, "&", [apply_rows(context, ">=", [x, low]), apply_rows(context, "<=", [x, high])])
    position = apply_rows(context, "ifelse", [inside, position, context.number(float("nan"))])
    # At an end that does not belong to its interval the position is 0 or one too many.
    if not whole:
        end = context.number(0.0 if on_right else last + 1.0)
        outside = apply_rows(context, "==", [position, end])
        position = apply_rows(context, "ifelse", [outside, context.number(float("nan")), position])
    if isinstance(labels, Node) and context.constants.get(labels.index) == 0.0:
        return position
    texts = tuple(t if isinstance(t, str) else "" for t in labels.items) if isinstance(labels, Vector) else ()
    if texts and len(texts) != len(ends) - 1:
        raise context.error(f"{len(texts)} labels for {len(ends) - 1} intervals", "give a label for each interval")
    node = as_node(context, position, "cut()")
    return Factor(node, context.number(last), texts)


# -- groups ------------------------------------------------------------------------------------------------------------


@known_as("split")
@fixed("x", "f")
def split(context: Context, x: Value, f: Value) -> Value:
    """The list of the parts of a vector that belong to each group, in the order of the groups."""
    import numpy as np

    groups = known_numbers(context, f, "split()")
    values = as_vector(context, x, "split()")
    if values.shape[0] != len(groups):
        raise context.error(
            f"split(): {size(context, x)} entries and {len(groups)} groups", "give a group for each entry"
        )
    numbers = np.unique(groups[~np.isnan(groups)])
    few(context, numbers, "split()")
    parts: list[Value] = []
    for number in numbers:
        places = [context.number(float(p) + 1.0) for p in np.flatnonzero(groups == number)]
        parts.append(context.graph.array("gather", values, context.graph.array("concatenate", *places)))
    plain = all(float(v).is_integer() and abs(v) < 1e5 for v in numbers)
    return Vector(tuple(parts), tuple(f"{v:.0f}" for v in numbers) if plain else ())


@known_as("ave")
@fixed("x", "f", optional=("FUN",))
def averages(context: Context, x: Value, f: Value, FUN: Value | None) -> Value:
    """The mean (or sum) of its group for each entry."""
    import numpy as np

    name = (
        "mean"
        if FUN is None
        else FUN.name
        if isinstance(FUN, Builtin) or (isinstance(FUN, Node) and FUN.op == "symbol")
        else ""
    )
    if name not in ("mean", "sum"):
        raise context.error("ave() has the means or sums of groups", "write ave(x, g) or ave(x, g, FUN = sum)")
    groups = whole_or_nothing(context, known_numbers(context, f, "ave()"), "ave()")
    values = as_vector(context, x, "ave()")
    if values.shape[0] != len(groups):
        raise context.error(
            f"ave(): {size(context, x)} entries and {len(groups)} groups", "give a group for each entry"
        )
    numbers, places = np.unique(groups, return_inverse=True)
    codes = context.graph.array("concatenate", *[context.number(float(p) + 1.0) for p in places])
    found: Value = scattered(context, values, codes, context.number(float(len(numbers))), "the number of groups")
    if name == "mean":
        found = apply_rows(context, "div", [found, vector(context, np.bincount(places).astype(float))])
    return context.graph.array("gather", as_vector(context, found, "ave()"), codes)


@known_as("na.omit", "complete.cases")
def complete(context: Context, arguments: list[Value], names: tuple[str | None, ...]) -> Value:
    """A vector without its missing numbers; for complete.cases(), which rows have all."""
    call = context.instruction.operand
    asked = isinstance(call, tuple) and call[0] == "complete.cases"
    if not arguments or (not asked and len(arguments) != 1):
        raise context.error("na.omit() takes one vector", "leave out the rows with missing numbers of the data")
    if not asked and isinstance(arguments[0], Vector):
        known = [context.constants.get(v.index) if isinstance(v, Node) else None for v in arguments[0].items]
        return Vector(tuple([v for v, k in zip(arguments[0].items, known, strict=True) if k is None or k == k]))
    what = "complete.cases()" if asked else "na.omit()"
    arrays = [with_rows(context, a, what) for a in arguments]
    there, *others = [not_missing(context, a) for a in arrays]
    for test in others:
        there = apply_rows(context, "&", [there, test])
    if asked:
        return there
    return along(context, as_node(context, arrays[0], what), 0, there)


def with_rows(context: Context, value: Value, what: str) -> Value:
    """Return an argument as a vector or a matrix; a name of which nothing is known is a vector, a number has one row."""
    return as_vector(context, value, what) if isinstance(value, Node) and not value.shape else value


def not_missing(context: Context, value: Value) -> Value:
    """Return whether the numbers of each row are there."""
    node = value.node if isinstance(value, Oriented) else value
    missing = apply_rows(context, "!=", [node, node])
    if isinstance(missing, Node) and len(missing.shape) == 2:
        missing = context.graph.array("row_sums", missing)
        return apply_rows(context, "==", [missing, context.number(0.0)])
    return apply_rows(context, "!", [missing])
