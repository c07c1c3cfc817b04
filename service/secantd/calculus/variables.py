"""The names in requests: which variables of a function they refer to, and why a name is refused."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar
from unicodedata import normalize

from secantd.errors import CalculusError, Reason
from secantd.language import Function, Notation, parse, plain_name, read
from secantd.shown import printable, prints, quoted, variables_are

__all__ = ["by_variable", "chosen_variables", "require_variables", "resolved"]

T = TypeVar("T")

# A longer name is compared character by character only.
LONGEST = 1000
# A longer header of a function is not shown in a hint.
LONGEST_HEADER = 60
# Names that headers may contain as they are; in LaTeX theta is a product of five letters.
IN_HEADERS = re.compile(r"[^\W\d][\w.]*")
IN_LATEX = re.compile(r"[A-Za-z](_[A-Za-z0-9])?")
# The instructions of names and their components.
COMPONENT = frozenset({"load", "load_quoted", "number", "string", "index", "member"})


def resolved(function: Function, name: str) -> str:
    """Return the variable of a function that `name` refers to, else `name` itself.

    A component may be written in every way that formulas allow, and in Python notation names are equal if Python
    considers them equal (PEP 3131).

    >>> resolved(read("x[1]^2 + x$a"), "x[[1]]"), resolved(read("`a b`^2"), "`a b`"), resolved(read("x^2"), "z")
    ('x[1]', 'a b', 'z')
    """
    if known(function, name):
        return name
    what = kind_of(name, function.notation)
    if what.kind == "name" and known(function, what.name):
        return what.name
    if function.notation is Notation.PYTHON:
        alike = lookalikes(function, name)
        if len(alike) == 1:
            return alike[0]
    return name


def by_variable(function: Function, values: Mapping[str, T], field: str) -> dict[str, T]:
    """Return `values` by the variables that their names refer to.

    Args:
        function: The function.
        values: Values by the names in the request.
        field: The field of the request that holds them.

    Raises:
        CalculusError: INVALID_VALUE where two names refer to one variable.
    """
    found: dict[str, T] = {}
    for name, value in values.items():
        variable = resolved(function, name)
        if variable in found:
            headline = f"two names refer to the variable '{printable(variable)}'"
            raise CalculusError(Reason.INVALID_VALUE, headline, "give one value for it", field=field)
        found[variable] = value
    return found


def require_variables(function: Function, variables: Sequence[str]) -> None:
    """Raise INVALID_VALUE if a request names no variable and the function does not have exactly one."""
    if variables or len(function.variables) == 1:
        return
    names = ", ".join(function.variables[:10])
    raise CalculusError(
        Reason.INVALID_VALUE,
        f"the expression has several variables: {names}" if names else "the expression has no variables",
        f"name the variable to differentiate with respect to, for example: {function.variables[0]}"
        if names
        else "name one, or write a formula such as x^2",
        field="variables",
    )


def chosen_variables(
    function: Function, variables: Sequence[str], notices: list[str], field: str = "variables", *, parted: bool = False
) -> tuple[str, ...]:
    """Return the variables to differentiate with respect to; all variables if none is named.

    The derivative with respect to a name that does not occur is 0, with a notice, if the caller declared it (as a parameter of
    the function or by a shape), or if the function is a constant.

    Args:
        function: The function.
        variables: The names in the request.
        notices: Receives the notices.
        field: The field of the request that holds the names.
        parted: Whether the name of a vector means all its components, if these are the variables.

    Raises:
        CalculusError: UNKNOWN_VARIABLE for a name that does not occur, a constant, a data column or its entry, a component
            of a number, a vector of components, a parameter with a default, a name that the text assigns, a name whose characters look like
            those of a variable, and a text that is not a name. INVALID_VALUE where two names refer to one variable.
    """
    if not variables:
        return function.variables
    if function.used.issuperset(variables):
        return tuple(variables)
    wanted = [part for name in variables for part in components(function, name)] if parted else variables
    chosen = tuple(resolved(function, name) for name in wanted)
    if len(set(chosen)) < len(set(wanted)):
        headline = "two of the names refer to the same variable"
        raise CalculusError(Reason.INVALID_VALUE, headline, "name each variable once", field=field)
    for name in chosen:
        if name in function.used:
            continue
        reason, hint = refusal(function, name)
        if reason:
            raise CalculusError(Reason.UNKNOWN_VARIABLE, reason, hint, field=field, metadata={"name": name})
        if not may_be_absent(function, name):
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"the expression does not depend on {quoted(name)}",
                f"{named(function)}; if 0 is meant, {declaration(function, name)}",
                field=field,
                metadata={"name": name},
            )
        notice = f"'{printable(name)}' does not occur in the expression; its derivative is 0"
        if notice not in notices:
            notices.append(notice)
    return chosen


def may_be_absent(function: Function, name: str) -> bool:
    """Return whether the derivative with respect to a name that does not occur is 0 and not a mistake."""
    if name in function.variables or name in function.declared or name in function.lengths:
        return True
    # The name of the variable of a constant cannot be a misspelling of another one.
    return not (function.variables or function.graph.columns)


def declaration(function: Function, name: str) -> str:
    """Return how a request declares a variable that its text does not contain: `function(x, z) ...`."""
    stem = name.partition("[")[0]
    if stem != name:
        return f"declare the shape of the vector {quoted(stem)} and name {quoted(stem)}"
    names = (*function.variables[:3], name)
    header = ", ".join(names)
    shape = f"declare the shape 'number' for {quoted(name)}"
    plain = IN_LATEX.fullmatch if function.notation is Notation.LATEX else IN_HEADERS.fullmatch
    if len(header) > LONGEST_HEADER or not all(map(plain, names)):
        return shape
    headers = {Notation.PYTHON: f"lambda {header}: ...", Notation.LATEX: f"f({header}) = ..."}
    return f"write {headers.get(function.notation, f'function({header}) ...')} or {shape}"


def components(function: Function, name: str) -> list[str]:
    """Return the variables x[1], x[2] for the name x of a vector that occurs by component only; else the name."""
    if known(function, name):
        return [name]
    return [v for v in function.variables if v.startswith(f"{name}[")] or [name]


def known(function: Function, name: str) -> bool:
    return name in function.used or name in function.variables


def refusal(function: Function, name: str) -> tuple[str, str]:
    """Return the headline and hint that refuse an unused name, both empty if it simply does not occur."""
    shown = f"'{printable(name[:80])}'"
    if not prints(name):
        return f"the name {shown} contains characters that do not print", "remove them"
    if name in function.graph.columns:
        return f"{shown} is a data column, not a variable", "leave it out"
    if name in function.settled:
        return (
            f"{shown} has a default, so it is not a variable",
            "remove the default to differentiate with respect to it",
        )
    if name in function.variables:
        return "", ""
    parts = [s for s in function.used if s.startswith((name + "[", name + "$"))]
    if parts:
        return f"{shown} has components", f"name them: {', '.join(sorted(parts)[:5])}; the gradient takes {shown}"
    if name in function.assigned:
        return f"{shown} is assigned in the text, so it is not a variable", named(function)
    what = kind_of(name, function.notation)
    if what.kind in ("number", "formula"):
        return f"{shown} is a {what.kind}, not the name of a variable", named(function)
    if what.kind == "nothing" and "," in name:
        return f"{shown} is not the name of a variable", f"give each name on its own: {' '.join(name.split(',')[:5])}"
    if what.kind == "nothing":
        return f"{shown} is not the name of a variable", named(function)
    stem = what.name.partition("[")[0].partition("$")[0]
    if stem != name:
        whole = f"'{printable(stem[:80])}'"
        if stem in function.graph.columns:
            return f"{whole} is a data column: its entries are numbers, not variables", "leave it out"
        if stem in function.used and function.graph.symbol(stem).shape:
            return f"{shown} is an entry of {whole}", f"name {whole}: its derivative has one entry for each of its own"
        if stem in function.used:
            return f"{whole} is a single number in the expression and has no components", f"name {whole}"
        if stem in function.settled or stem in function.assigned:
            return f"{whole} has a value in the text, so its components are not variables", named(function)
    alike = lookalikes(function, name)
    if alike:
        return (
            f"{shown} ({code_points(name)}) does not occur; '{alike[0]}' ({code_points(alike[0])}) does, "
            "which looks the same",
            f"name '{alike[0]}'",
        )
    return "", ""


def named(function: Function) -> str:
    return variables_are(function.variables) if function.variables else "the expression has no variables"


def lookalikes(function: Function, name: str) -> list[str]:
    """Return the variables that have the same NFKC form as a name."""
    candidates = dict.fromkeys((*function.variables, *sorted(function.used)))
    if name.isascii() and all(map(str.isascii, candidates)):
        return []
    form = normalize("NFKC", name[:LONGEST])
    return [c for c in candidates if normalize("NFKC", c) == form]


def code_points(name: str) -> str:
    return " ".join(f"U+{ord(c):04X}" for c in name[:8]) + (" ..." if len(name) > 8 else "")


class NameKind(NamedTuple):
    """The kind of a text: a "name", a "number", a "formula" or "nothing"; for a name, the name as it is read."""

    kind: str
    name: str


@lru_cache(maxsize=256)
def kind_of(name: str, notation: Notation) -> NameKind:
    """Return the kind of a text in a notation."""
    if len(name) > LONGEST:
        return NameKind("nothing", name)
    if notation is Notation.LATEX:
        # Names are written as in the text, \mu_{0}, or as they are read, mu_0.
        name, notation = plain_name(name), Notation.R
    try:
        instructions = parse(name, notation).instructions
        found = read(name, notation).outputs
    except CalculusError:
        return NameKind("nothing", name)
    if len(found) == 1 and found[0].op in ("number", "pi"):
        return NameKind("number", name)
    if len(found) == 1 and found[0].op == "symbol" and all(i.op in COMPONENT for i in instructions):
        return NameKind("name", found[0].name)
    return NameKind("formula", name)
