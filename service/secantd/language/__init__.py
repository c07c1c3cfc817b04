"""Text to functions: R and Python notation, read by one grammar and given one meaning."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Graph, Node, symbols
from secantd.functions import NAMES
from secantd.language.code import Code, Parameter
from secantd.language.function import Function
from secantd.language.machine import Machine
from secantd.language.notation import Notation
from secantd.language.parser import parse
from secantd.language.values import Closure, Environment, Value, Vector
from secantd.settings import Limits

__all__ = ["Function", "Notation", "parse", "read"]

# Functions whose names are usual names of parameters as well.
NAMES_OF_PARAMETERS = frozenset({"beta", "gamma"})
NO_DATA: dict[str, NDArray[np.float64]] = {}


def read(
    text: str,
    notation: Notation | None = None,
    data: Mapping[str, NDArray[np.float64]] = NO_DATA,
    limits: Limits | None = None,
) -> Function:
    """Return what a text means: its components as expressions of its variables.

    Args:
        text: A formula, a function, a `~` formula or a block, in R or Python notation.
        notation: R or PYTHON where the author says so; None reads both, with R's meaning where they differ.
        data: Named columns, each of shape (rows,).
        limits: What is allowed; None: the defaults.

    Raises:
        CalculusError: SYNTAX_ERROR, UNKNOWN_FUNCTION, UNKNOWN_VARIABLE or LIMIT_EXCEEDED, with the place.

    >>> f = read("function(x, y) { z <- x^2; z + y }")
    >>> f.variables, f.outputs[0]
    (('x', 'y'), #4 add(#3, #1))
    """
    limits = limits or Limits()
    if len(text) > limits.text_length:
        headline = f"the text has {len(text):,} code points"
        raise limit_exceeded("text_length", headline, limits.text_length, field="expression.text")
    if notation not in (None, Notation.R, Notation.PYTHON):
        raise CalculusError(
            Reason.INVALID_VALUE, f"{notation} is written, not read", "use R or Python", field="expression.notation"
        )
    code = parse(text, notation, limits.depth)
    graph = Graph(limits.nodes)
    machine = Machine(text, graph, data, limits, zero_based=notation is Notation.PYTHON)
    try:
        value, parameters = meaning(machine, code)
    except CalculusError as error:
        # A limit knows no place: it is the text that asks for too much.
        error.field = error.field or "expression.text"
        raise
    outputs = components(machine, value)
    used = frozenset(symbols(outputs))
    free = [n for n in machine.names if n in used]
    variables = free if parameters is None else open_variables(parameters, free, data)
    for name in free:
        if name in NAMES and name not in NAMES_OF_PARAMETERS:
            machine.notices[f"'{name}' is a variable here; the function of that name is called as {name}(...)"] = None
    return Function(
        graph,
        outputs,
        isinstance(value, Vector),
        tuple(variables),
        notation or written_notation(text),
        tuple(machine.notices),
        tuple(p.name for p in parameters or () if p.default is not None and p.name not in free),
        used,
    )


def meaning(machine: Machine, code: Code) -> tuple[Value, tuple[Parameter, ...] | None]:
    """Return the value of a text, and the parameters where it is a function: then it is the function's value."""
    value = machine.run(code, Environment())
    if not isinstance(value, Closure):
        return value, None
    names = [p.name for p in value.parameters if p.default is None]
    machine.apply(value, [machine.free_parameter(n) for n in names], tuple(names))
    frame = machine.frames.pop()
    return machine.run(frame.code, frame.environment), value.parameters


def components(machine: Machine, value: Value) -> tuple[Node, ...]:
    """Return the components of what a text came out as."""
    found = value.items if isinstance(value, Vector) else (value,)
    nodes = tuple(v for v in found if isinstance(v, Node))
    if len(nodes) != len(found) or not nodes:
        what = "is empty" if isinstance(value, Vector) and not found else "is not a number or a vector of numbers"
        raise machine.error(f"the value of the text {what}", "end it with the formula itself")
    return nodes


def open_variables(
    parameters: tuple[Parameter, ...], free: list[str], data: Mapping[str, NDArray[np.float64]]
) -> list[str]:
    """Return a function's variables: its parameters, or their components where these are what it uses."""
    found: list[str] = []
    for name in (p.name for p in parameters if p.default is None and p.name not in data):
        parts = [f for f in free if f.startswith((f"{name}[", f"{name}$"))]
        found += parts if parts and name not in free else [name, *parts]
    return found


def written_notation(text: str) -> Notation:
    """Return the notation a text shows: Python where it has a sign that only Python has, else R.

    `**` is read in R as well, but is how Python writes a power and R's authors hardly do.
    """
    python = ("**", "lambda ", "math.", "np.", "numpy.", " // ", " if ", " and ", " or ", "not ")
    if "^" in text or "<-" in text or "function(" in text or "if (" in text or "%%" in text:
        return Notation.R
    return Notation.PYTHON if any(p in text for p in python) else Notation.R
