"""Functions of conditions: any, all, counts, membership; and values kept within bounds."""

from collections.abc import Sequence

from secantd.expression import Node
from secantd.language.context import Context
from secantd.language.inference import spread
from secantd.language.matrices import pieces
from secantd.language.positions import COMPARISONS, is_condition, is_mask
from secantd.language.reductions import along
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows, items, node, operate, total
from secantd.language.values import Builtin, Closure, Oriented, Value

__all__ = ["chained", "condition", "every"]


def whether(context: Context, value: Value, what: str, *, zero: bool = False) -> Value:
    """Return where the entries of a value are not 0, or where they are 0."""
    value = spread(context, value, what)
    condition = value.node if isinstance(value, Oriented) else value
    if isinstance(condition, Node) and condition.op in COMPARISONS:
        none = [context.number(0.0), context.number(1.0)]
        return apply_rows(context, "ifelse", [value, *none]) if zero else value
    return apply_rows(context, "==" if zero else "!=", [value, context.number(0.0)])


def chained(context: Context, operators: Sequence[str], values: Sequence[Value]) -> Value:
    """Return Python's a < b < c: whether all comparisons of neighbours hold."""
    tests = [operate(context, op, list(values[i : i + 2])) for i, op in enumerate(operators)]
    found = tests[0]
    for test in tests[1:]:
        found = apply_rows(context, "&", [found, test])
    return found


def word(name: str) -> LibraryFunction:
    """Python's `a and b` and `a or b`: one of the two values. Of conditions, it is their conjunction or disjunction."""

    @fixed("a", "b")
    def joined(context: Context, a: Value, b: Value) -> Value:
        both = all(is_condition(v) or is_mask(v) or truth_value(context, v) for v in (a, b))
        if both or not isinstance(a, Node) or a.shape:
            return apply_rows(context, "&" if name == "and" else "|", [a, b])
        known = context.constants.get(a.index)
        if known is not None:
            return b if bool(known) == (name == "and") else a
        test = a if is_condition(a) else apply_rows(context, "!=", [a, context.number(0.0)])
        return apply_rows(context, "ifelse", [test, b, a] if name == "and" else [test, a, b])

    return joined


def truth_value(context: Context, value: Value) -> bool:
    """Return whether a value is the number 0 or 1, as True and False are."""
    return isinstance(value, Node) and context.constants.get(value.index) in (0.0, 1.0)


LIBRARY["and"], LIBRARY["or"] = word("and"), word("or")


def quantifier(name: str, *, every: bool) -> LibraryFunction:
    """R's any(...) and all(...), NumPy's any(a, axis) and all(a, axis)."""

    def call(context: Context, arguments: Arguments, names: Names) -> Value:
        found = [a for a, n in zip(arguments, names, strict=True) if n not in ("axis", "na.rm")]
        axes = [a for a, n in zip(arguments, names, strict=True) if n == "axis"]
        if not found:
            raise context.error(f"{name}() has no arguments", f"write {name}(x > 0)")
        tests = [whether(context, a, f"{name}()", zero=every) for a in found]
        if axes:
            counted = along(context, "sum", tests[0], axes[0], None)
        else:
            counts = [total(context, t) for t in tests]
            counted = node(context, "add", counts) if len(counts) > 1 else counts[0]
        return apply_rows(context, "==" if every else ">", [counted, context.number(0.0)])

    return call


def condition(context: Context, holds: bool) -> Node:
    """Return a comparison that is known to hold, or known not to."""
    return node(context, "==", [context.number(1.0), context.number(float(holds))])


def every(context: Context, value: Value) -> Value:
    """Return whether all conditions hold."""
    if isinstance(value, Node) and not value.shape:
        return value
    return LIBRARY["all"](context, [value], (None,))


LIBRARY["any"] = quantifier("any", every=False)
LIBRARY["all"] = quantifier("all", every=True)


@known_as("count_nonzero")
@fixed("a", optional=("axis",))
def count_nonzero(context: Context, a: Value, axis: Value | None) -> Value:
    condition = whether(context, a, "np.count_nonzero()")
    return total(context, condition) if axis is None else along(context, "sum", condition, axis, None)


@known_as("is.element", "isin")
@fixed("el", "table")
def is_element(context: Context, el: Value, table: Value) -> Value:
    """Whether each entry is one of a table: x %in% table."""
    tests = [operate(context, "==", [el, v]) for v in items(context, table, "the table of %in%")]
    if not tests:
        return context.number(0.0)
    found = tests[0]
    for test in tests[1:]:
        found = apply_rows(context, "|", [found, test])
    return found


@known_as("clip")
@fixed("a", optional=("a_min", "a_max", "min", "max"))
def clip(
    context: Context, a: Value, a_min: Value | None, a_max: Value | None, min: Value | None, max: Value | None
) -> Value:
    """Values no smaller than one bound and no larger than the other."""
    for op, bound in (("pmax", a_min if a_min is not None else min), ("pmin", a_max if a_max is not None else max)):
        if bound is not None:
            a = apply_rows(context, op, [a, bound])
    return a


@known_as("logical_and")
@fixed("x1", "x2")
def logical_and(context: Context, x1: Value, x2: Value) -> Value:
    return apply_rows(context, "&", [x1, x2])


@known_as("logical_or")
@fixed("x1", "x2")
def logical_or(context: Context, x1: Value, x2: Value) -> Value:
    return apply_rows(context, "|", [x1, x2])


@known_as("logical_not")
@fixed("x")
def logical_not(context: Context, x: Value) -> Value:
    return apply_rows(context, "!", [x])


@known_as("np.select")
@fixed("condlist", "choicelist", optional=("default",))
def select(context: Context, condlist: Value, choicelist: Value, default: Value | None) -> Value:
    """NumPy's choice of the first value whose condition holds."""
    conditions, choices = pieces(context, condlist), pieces(context, choicelist)
    if len(conditions) != len(choices):
        raise context.error(f"np.select() has {len(conditions)} conditions and {len(choices)} values")
    found: Value = context.number(0.0) if default is None else default
    for condition, choice in zip(conditions[::-1], choices[::-1], strict=True):
        found = apply_rows(context, "ifelse", [condition, choice, found])
    return found


@known_as("np.piecewise")
@fixed("x", "condlist", "funclist")
def piecewise(context: Context, x: Value, condlist: Value, funclist: Value) -> Value:
    """NumPy's choice of the function whose condition holds; a further function where none does."""
    conditions, functions = pieces(context, condlist), pieces(context, funclist)
    values = [context.call_now(f, [x]) if isinstance(f, Closure | Builtin) else f for f in functions]
    if len(values) not in (len(conditions), len(conditions) + 1):
        raise context.error(f"np.piecewise() has {len(conditions)} conditions and {len(values)} functions")
    found = values[len(conditions)] if len(values) > len(conditions) else context.number(0.0)
    # The last condition that holds has precedence.
    for condition, value in zip(conditions, values, strict=False):
        found = apply_rows(context, "ifelse", [condition, value, found])
    return found
