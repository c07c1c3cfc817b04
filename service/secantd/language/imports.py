"""Names that an import of Python brings in: functions and constants by their names within a package."""

from collections.abc import Iterable

from secantd.functions import NAMES
from secantd.language.context import Context
from secantd.language.distributions import is_distribution
from secantd.language.library import functions, known_names
from secantd.language.packages import VALUES, constant_of
from secantd.language.values import Builtin, Environment

__all__ = ["bring_in"]


def bring_in(context: Context, environment: Environment, names: Iterable[tuple[str, str]]) -> None:
    """Define the names of `from numpy import exp, pi as p`; names that mean nothing here stay undefined.

    Args:
        context: The interpreter.
        environment: The variables that receive them.
        names: Full names and the names in the text; a package and "*" for all its constants.
    """
    for full, name in names:
        if name == "*":
            for each in ("pi", *VALUES):
                define(context, environment, f"{full}.{each}", each)
        else:
            define(context, environment, full, name)


def define(context: Context, environment: Environment, full: str, name: str) -> None:
    constant = constant_of(full)
    if constant is not None:
        environment.values[name] = context.graph.make("pi") if isinstance(constant, str) else context.number(constant)
    elif is_distribution(full) or any(each in NAMES or each in functions() for each in known_names(full)):
        environment.values[name] = Builtin(full)
