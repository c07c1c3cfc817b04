"""Calls by name, and the functions outside the table that choose values."""

from secantd.errors import Reason
from secantd.expression import Node, reachable
from secantd.functions import NAMES
from secantd.language.context import Context
from secantd.language.distributions import is_distribution, of_distribution
from secantd.language.grammar import CONDITIONAL
from secantd.language.hints import function_hint
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows, size, total
from secantd.language.tablecalls import call_row, truth
from secantd.language.values import Value, Vector

__all__ = ["call", "functions"]

# Packages with a shorter name, and packages whose functions are also known by their own names.
RENAMED = {
    "F.": "torch.nn.functional.", "nn.functional.": "torch.nn.functional.", "jsp.": "scipy.", "numpy.": "np.", "jax.numpy.": "np.", "jnp.": "np.", "autograd.numpy.": "np.", "anp.": "np.", "cupy.": "np.", "jax.nn.": "",
    "jax.": "", "scipy.": "", "sp.": "", "sympy.": "", "sym.": "", "la.": "linalg.", "torch.nn.functional.": "",
    "torch.special.": "special.", "torch.linalg.": "linalg.", "torch.": "np.", "functools.": "",
}  # fmt: skip
# Functions of TensorFlow with other names; those of OF_TENSORFLOW have the names of NumPy.
TENSORFLOW = {
    "reduce_sum": "np.sum", "reduce_mean": "np.mean", "reduce_max": "np.max", "reduce_min": "np.min", "reduce_prod": "np.prod",
    "reduce_logsumexp": "logsumexp", "sigmoid": "expit", "softplus": "softplus", "relu": "relu", "pow": "np.power",
    "lgamma": "lgamma", "digamma": "digamma", "erf": "erf", "rsqrt": "rsqrt", "matmul": "np.matmul", "reciprocal": "np.reciprocal",
    "clip_by_value": "np.clip", "constant": "np.array",
}  # fmt: skip
OF_TENSORFLOW = frozenset(
    """
    exp log log1p expm1 sqrt square abs sin cos tan sinh cosh tanh asinh acosh atanh sign floor ceil maximum minimum where add
    subtract multiply divide negative transpose
    """.split()
)
# What torch calls the parameters of NumPy's functions.
OF_TORCH = {"dim": "axis", "keepdim": "keepdims"}
PREFIXES = ("math.", "np.", "special.", "linalg.")


# Functions of the table that the library replaces: R's pmax and pmin of vectors. All others are found without the library.
REPLACED = frozenset({"pmax", "pmin"})


def functions() -> dict[str, LibraryFunction]:
    """Return the functions outside the table by name; their modules are imported with the first call.

    A formula of numbers needs none of them: they are a third of the modules of this folder, and some need NumPy.
    """
    from secantd.language import (  # noqa: F401  (importing them registers their functions)
        arranged,
        arrangements,
        attributes,
        calling,
        conditions,
        diagonals,
        einsum,
        formulas,
        functional,
        guards,
        interpolation,
        leastsquares,
        linear,
        lists,
        matrices,
        multilinear,
        networks,
        norms,
        numpynames,
        ranking,
        rfunctions,
        rvectors,
        specialnames,
        sympynames,
        tables,
        texts,
        triangles,
    )

    return LIBRARY


def known_names(name: str) -> list[str]:
    """Return the names by which a function may be known, without more and more of the packages before its own.

    >>> known_names("scipy.special.expit"), known_names("jnp.linalg.norm")
    (['scipy.special.expit', 'special.expit', 'expit'], ['jnp.linalg.norm', 'np.linalg.norm', 'linalg.norm', 'norm'])
    """
    found = [name]
    # F.relu is torch.nn.functional.relu, which is relu.
    if name.startswith("tf."):
        stem = name.rpartition(".")[2]
        if name in (f"tf.{stem}", f"tf.math.{stem}", f"tf.nn.{stem}") and (stem in TENSORFLOW or stem in OF_TENSORFLOW):
            found.append(TENSORFLOW.get(stem, f"np.{stem}"))
    for prefix, short in [*RENAMED.items()] * 2 if "." in name else ():
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
    if "na.rm" in names:
        found = without_missing(context, candidates[-1], arguments, names)
        if isinstance(found, Node):
            context.stack.append(found)
            return
        arguments, names = found
    if context.zero_based:
        names = tuple(OF_TORCH.get(n, n) if n else n for n in names)
    if context.zero_based and "dtype" in names:
        # The type of a result changes no number.
        arguments, names = without(arguments, names, "dtype")
    for candidate in candidates:
        if candidate in NAMES and candidate not in REPLACED:
            context.stack.append(call_row(context, candidate, arguments, names))
            return
        library = functions()
        if candidate in library:
            context.stack.append(library[candidate](context, arguments, names))
            return
    hint = function_hint(candidates[-1], [*NAMES, *functions()], context.names)
    raise context.error(f"unknown function '{name}'", hint, Reason.UNKNOWN_FUNCTION)


def without(arguments: Arguments, names: Names, left_out: str) -> tuple[Arguments, Names]:
    """Return the arguments without one, by its name."""
    kept = [(a, n) for a, n in zip(arguments, names, strict=True) if n != left_out]
    return [a for a, _ in kept], tuple(n for _, n in kept)


def without_missing(context: Context, name: str, arguments: Arguments, names: Names) -> tuple[Arguments, Names] | Node:
    """Return the arguments without R's na.rm, or the value where numbers of the data are missing."""
    flag = arguments[names.index("na.rm")]
    arguments, names = without(arguments, names, "na.rm")
    if not truth(context, flag, "'na.rm'"):
        return arguments, names
    arguments = [present(context, a) for a in arguments]
    columns = {n.name for n in reachable([a for a in arguments if isinstance(a, Node)]) if n.op == "data"}
    import numpy as np

    if not any(np.isnan(context.data[c]).any() for c in columns if c in context.data):
        return arguments, names
    if name not in ("sum", "mean") or len(arguments) != 1:
        raise context.error(
            f"{name}() with na.rm = TRUE: the data have missing numbers", "leave these rows out of the data"
        )
    value = arguments[0]
    there = apply_rows(context, "!", [apply_rows(context, "!=", [value, value])])
    above = total(context, apply_rows(context, "ifelse", [there, value, context.number(0.0)]))
    if name == "sum":
        return above
    return context.graph.make("div", above, total(context, there))


def present(context: Context, value: Value) -> Value:
    """Return a vector without the elements that are NA in the text."""
    if not isinstance(value, Vector) or value.names:
        return value
    known = [context.constants.get(v.index) if isinstance(v, Node) else None for v in value.items]
    return Vector(tuple([v for v, k in zip(value.items, known, strict=True) if k is None or k == k]))


@known_as("ifelse")
@fixed("test", "yes", "no")
def ifelse(context: Context, test: Value, yes: Value, no: Value) -> Value:
    """R's choice, whose value has the shape of its test."""
    return chosen_by(context, "ifelse()", test, yes, no)


@known_as("where")
@fixed("condition", "x", "y")
def where(context: Context, condition: Value, x: Value, y: Value) -> Value:
    """NumPy's choice, whose value has the common shape of its arguments."""
    context.note_choice(condition, branch=False)
    return apply_rows(context, "ifelse", [condition, x, y])


@known_as("if_else")
@fixed("condition", "true", "false", optional=("missing",))
def if_else(context: Context, condition: Value, true: Value, false: Value, missing: Value | None) -> Value:
    """dplyr's choice, with a value where the condition is missing."""
    found = chosen_by(context, "if_else()", condition, true, false)
    if missing is None:
        return found
    return chosen_by(context, "if_else()", apply_rows(context, "!=", [condition, condition]), missing, found)


@known_as("fifelse")
@fixed("test", "yes", "no", optional=("na",))
def fifelse(context: Context, test: Value, yes: Value, no: Value, na: Value | None) -> Value:
    """The choice of data.table."""
    return LIBRARY["if_else"](context, [test, yes, no, *([] if na is None else [na])], (None,) * (3 + (na is not None)))


def chosen_by(context: Context, what: str, test: Value, yes: Value, no: Value) -> Value:
    """Return a choice in the shape of its test, which R gives it whatever the shape of the values."""
    context.note_choice(test, branch=False)
    wanted = size(context, test)
    for value in (yes, no):
        length = size(context, value)
        if wanted == 1 and length != 1:
            headline = f"{what} has the shape of its test, a number, and drops all entries but the first of its other arguments"
            raise context.error(headline, "write if (test) yes else no to choose between vectors")
        if isinstance(wanted, int) and isinstance(length, int) and length > wanted:
            headline = f"{what} has the length of its test, {wanted}, and drops the last entries of a vector of length {length}"
            raise context.error(headline, f"leave the vector's first {wanted} entries only")
    return apply_rows(context, "ifelse", [test, yes, no])


@known_as(CONDITIONAL)
@fixed("yes", "test", "no")
def python_if(context: Context, yes: Value, test: Value, no: Value) -> Value:
    """Python's yes if test else no, in the order in which its parts are read."""
    known = context.constants.get(test.index) if isinstance(test, Node) else None
    if known is not None and known == known:
        return yes if known else no
    context.note_choice(test, branch=True)
    return apply_rows(context, "ifelse", [test, yes, no])


def pairwise(op: str) -> LibraryFunction:
    def choose(context: Context, arguments: Arguments, names: Names) -> Value:
        # No number is missing: R's na.rm changes nothing.
        numbers = [a for a, name in zip(arguments, names, strict=True) if name != "na.rm"]
        if not numbers or any(name not in (None, "na.rm") for name in names):
            raise context.error("expected numbers", reason=Reason.UNKNOWN_FUNCTION)
        value = numbers[0]
        for a in numbers[1:]:
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
def hypotenuse(context: Context, arguments: Arguments, names: Names) -> Value:
    if not arguments or any(names):
        raise context.error("hypot() takes numbers", "write hypot(x, y)", Reason.UNKNOWN_FUNCTION)
    squares = [apply_rows(context, "pow", [p, context.number(2.0)]) for p in arguments]
    total = apply_rows(context, "add", squares) if len(squares) > 1 else squares[0]
    return apply_rows(context, "sqrt", [total])


@known_as("I", "identity", "invisible", "force", "suppressWarnings", "suppressMessages")
@fixed("x")
def identity(context: Context, x: Value) -> Value:
    return x
