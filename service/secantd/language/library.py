"""Calls by name, and the functions outside the table that choose values."""

from secantd.errors import Reason
from secantd.expression import Node
from secantd.functions import NAMES
from secantd.language import (  # noqa: F401  (importing them registers their functions)
    arranged,
    arrangements,
    calling,
    conditions,
    diagonals,
    einsum,
    formulas,
    functional,
    leastsquares,
    linear,
    matrices,
    multilinear,
    norms,
    numpynames,
    ranking,
    triangles,
)
from secantd.language.context import Context
from secantd.language.distributions import is_distribution, of_distribution
from secantd.language.hints import function_hint
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows
from secantd.language.tablecalls import call_row
from secantd.language.values import Oriented, Value, Vector

__all__ = ["LIBRARY", "call"]

# Packages with a shorter name, and packages whose functions are also known by their own names.
RENAMED = {"numpy.": "np.", "jax.numpy.": "np.", "jnp.": "np.", "scipy.": "", "sp.": "", "jax.": "", "la.": "linalg."}
PREFIXES = ("math.", "np.", "special.", "linalg.")


def known_names(name: str) -> list[str]:
    """Return the names by which a function may be known, without more and more of the packages before its own.

    >>> known_names("scipy.special.expit"), known_names("jnp.linalg.norm")
    (['scipy.special.expit', 'special.expit', 'expit'], ['jnp.linalg.norm', 'np.linalg.norm', 'linalg.norm', 'norm'])
    """
    found = [name]
    for prefix, short in RENAMED.items():
        if found[-1].startswith(prefix):
            found.append(short + found[-1][len(prefix) :])
    for prefix in PREFIXES:
        if found[-1].startswith(prefix):
            found.append(found[-1][len(prefix) :])
    return found


def call(context: Context, name: str, arguments: Arguments, names: Names) -> None:
    """Call a function of the language by any of its names and push its value.

    Args:
        context: The interpreter.
        name: The name in the call.
        arguments: The values of the arguments.
        names: Their names; None for a positional one.
    """
    if is_distribution(name):
        context.stack.append(of_distribution(context, name, arguments, names))
        return
    candidates = known_names(name)
    for candidate in candidates:
        if candidate in LIBRARY:
            context.stack.append(LIBRARY[candidate](context, arguments, names))
            return
        if candidate in NAMES:
            context.stack.append(call_row(context, candidate, arguments, names))
            return
    hint = function_hint(candidates[-1], [*NAMES, *LIBRARY], context.names)
    raise context.error(f"unknown function '{name}'", hint, Reason.UNKNOWN_FUNCTION)


@known_as("ifelse", "where")
@fixed("test", "yes", "no")
def ifelse(context: Context, test: Value, yes: Value, no: Value) -> Value:
    if not context.zero_based and isinstance(test, Node) and not test.shape and any(map(has_entries, (yes, no))):
        headline = (
            "ifelse() has the shape of its test, a number, and drops all entries but the first of its other arguments"
        )
        raise context.error(headline, "write if (test) yes else no to choose between vectors")
    return apply_rows(context, "ifelse", [test, yes, no])


def has_entries(value: Value) -> bool:
    return isinstance(value, Vector | Oriented) or (isinstance(value, Node) and bool(value.shape))


@known_as("if_else")
@fixed("yes", "test", "no")
def python_if(context: Context, yes: Value, test: Value, no: Value) -> Value:
    known = context.constants.get(test.index) if isinstance(test, Node) else None
    if known is not None and known == known:
        return yes if known else no
    return apply_rows(context, "ifelse", [test, yes, no])


def pairwise(op: str) -> LibraryFunction:
    def choose(context: Context, arguments: Arguments, names: Names) -> Value:
        if not arguments or any(names):
            raise context.error("expected numbers", reason=Reason.UNKNOWN_FUNCTION)
        value = arguments[0]
        for a in arguments[1:]:
            value = apply_rows(context, op, [value, a])
        return value

    return choose


LIBRARY["pmax"] = LIBRARY["maximum"] = LIBRARY["fmax"] = pairwise("pmax")
LIBRARY["pmin"] = LIBRARY["minimum"] = LIBRARY["fmin"] = pairwise("pmin")


@known_as("pow", "power", "float_power")
@fixed("x", "y")
def power(context: Context, x: Value, y: Value) -> Value:
    return apply_rows(context, "pow", [x, y])


@known_as("square")
@fixed("x")
def square(context: Context, x: Value) -> Value:
    return apply_rows(context, "pow", [x, context.number(2.0)])


@known_as("hypot")
@fixed("x", "y")
def hypotenuse(context: Context, x: Value, y: Value) -> Value:
    squares = [apply_rows(context, "pow", [p, context.number(2.0)]) for p in (x, y)]
    return apply_rows(context, "sqrt", [apply_rows(context, "add", squares)])


@known_as(
    "I", "identity", "float", "as.numeric", "as.double", "float64", "invisible", "unlist", "force", "suppressWarnings"
)
@fixed("x")
def identity(context: Context, x: Value) -> Value:
    return x
