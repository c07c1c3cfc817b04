"""Texts that are only the name of a function, as R's Deriv(dnorm) takes them."""

from collections.abc import Container

from secantd.functions import NAMES
from secantd.language.function import Function
from secantd.language.notation import HAND, Notation
from secantd.language.registry import is_function

__all__ = ["function_named", "with_notice"]


def function_named(text: str, notation: Notation | None, taken: Container[str]) -> str:
    """Return the function that a text means which is only the name of one: dnorm; "" for other texts."""
    name = text.strip()
    if name in taken or notation in HAND or not is_function(name):
        return ""
    row = NAMES[name][0]
    first = len(row.parameters) - len(row.defaults)
    if notation is Notation.PYTHON:
        return f"lambda {', '.join(row.parameters[:first])}: {name}({', '.join(row.parameters[:first])})"
    defaults = [f" = {d}" for d in row.defaults]
    formals = [p + d for p, d in zip(row.parameters, [*[""] * first, *defaults], strict=True)]
    given = [f"{p} = {p}" if named else p for p, named in zip(row.parameters, row.named, strict=True)]
    return f"function({', '.join(formals)}) {name}({', '.join(given)})"


def with_notice(function: Function, notice: str) -> Function:
    """Return a function with a further notice."""
    function.notices = (notice, *function.notices)
    return function
