"""Errors for arguments that a call does not have, with what to write instead."""

import difflib
import inspect
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["careful"]

VARIABLES = (
    "wrt",
    "var",
    "vars",
    "variable",
    "variables",
    "by",
    "with_respect_to",
    "respect_to",
    "symbol",
    "symbols",
    "names",
)
POINTS = ("point", "points", "x0", "where", "value", "values", "subs", "start")
LANGUAGES = ("language", "lang", "syntax")


def careful(build: Callable[..., Any]) -> Callable[..., Any]:
    """Return `build`, with errors that name an unknown argument and what to write instead.

    >>> def gradient(f, *variables, at=None, notation=None): ...
    >>> careful(gradient)("x^2", wrt="x")
    Traceback (most recent call last):
    TypeError: gradient() has no argument 'wrt'
    name the variables after the function: gradient(f, "x")
    """
    parameters = inspect.signature(build).parameters.values()
    names = frozenset(p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
    rest = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return build

    def call(*args: Any, **kwargs: Any) -> Any:
        for name, value in kwargs.items():
            if name not in names:
                raise TypeError(
                    f"{build.__name__}() has no argument {name!r}\n{_hint(build.__name__, name, value, names, rest)}"
                )
        return build(*args, **kwargs)

    return call


def _hint(call: str, name: str, value: Any, names: frozenset[str], rest: bool) -> str:
    if name in VARIABLES and rest:
        wanted = [value] if isinstance(value, str) else value if isinstance(value, Sequence) else ["x"]
        named = ", ".join(f'"{variable}"' for variable in wanted)
        return f"name the variables after the function: {call}(f, {named})"
    if name in POINTS and "at" in names:
        return 'give the point as at={"x": 2.0}'
    if name in LANGUAGES:
        return f"write {'notations' if 'notations' in names else 'notation'}='r', 'python' or 'latex'"
    near = difflib.get_close_matches(name, names, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    if "at" in names and not isinstance(value, str | bool | None):
        shown = f"{value:g}" if isinstance(value, int | float) else "..."
        return f'give the point as at={{"{name}": {shown}}}'
    return f"its arguments: {', '.join(sorted(names))}"
