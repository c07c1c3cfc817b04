"""Helper functions with loops, written once and printed in C, JavaScript, Julia and Stan.

A source is lines of `let name = value`, `name = value`, `repeat number`, `if condition`, `end` and `return value`. Values call
operations of the table by their names, `pgamma.upper.log(x, shape, 1.0)`, and helpers as `@name(...)`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from secantd.export.definitions import DEFINITIONS, identifier
from secantd.export.language import Template

__all__ = ["C_LOOPS", "JAVASCRIPT_LOOPS", "JULIA_LOOPS", "STAN_LOOPS", "Dialect", "Source", "printed"]

CALL = re.compile(r"(?<![@\w.])([a-z]\w*(?:[./]\w+)*)\(")
CONSTANTS = re.compile(r"\b(NaN|Inf)\b")
LET = re.compile(r"let (\w+) = (.*)")


@dataclass(frozen=True, slots=True)
class Source:
    """A helper function.

    Attributes:
        parameters: The names of its parameters.
        lines: Its body.
        comment: What it returns; "" for none.
    """

    parameters: tuple[str, ...]
    lines: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a language spells the lines of a source.

    Attributes:
        head: The first line of a function, from its name and parameters.
        declared: A variable's first assignment.
        ended: What follows each value.
        repeated: The first line of a loop.
        tested: The first line of a condition.
        closed: The last line of both.
        constants: NaN and Inf.
        indent: One level of indentation.
        comment: A line of comment.
        final: The last line of a function.
    """

    head: Callable[[str, Sequence[str]], str]
    declared: str
    ended: str
    repeated: str
    tested: str
    closed: str
    constants: Mapping[str, str]
    indent: str
    comment: str
    final: str


C_LOOPS = Dialect(
    head=lambda name, parameters: f"static double @{name}({', '.join(f'double {p}' for p in parameters)})\n{{",
    declared="double {0} = {1};", ended=";", repeated="for (int turn = 1; turn <= {0}; turn++) {", tested="if ({0}) {", closed="}",
    constants={"NaN": "NAN", "Inf": "INFINITY"}, indent="    ", comment="/* {0} */", final="}",
)  # fmt: skip
JULIA_LOOPS = Dialect(
    head=lambda name, parameters: f"function @{name}({', '.join(parameters)})",
    declared="{0} = {1}", ended="", repeated="for turn in 1:{0}", tested="if {0}", closed="end",
    constants={"NaN": "NaN", "Inf": "Inf"}, indent="    ", comment="# {0}", final="end",
)  # fmt: skip
JAVASCRIPT_LOOPS = Dialect(
    head=lambda name, parameters: f"function @{name}({', '.join(parameters)}) {{",
    declared="let {0} = {1};", ended=";", repeated="for (let turn = 1; turn <= {0}; turn++) {", tested="if ({0}) {", closed="}",
    constants={"NaN": "NaN", "Inf": "Infinity"}, indent="  ", comment="// {0}", final="}",
)  # fmt: skip
STAN_LOOPS = Dialect(
    head=lambda name, parameters: f"real @{name}({', '.join(f'real {p}' for p in parameters)}) {{",
    declared="real {0} = {1};", ended=";", repeated="for (turn in 1:{0}) {", tested="if ({0}) {", closed="}",
    constants={"NaN": "not_a_number()", "Inf": "positive_infinity()"}, indent="  ", comment="// {0}", final="}",
)  # fmt: skip


def printed(name: str, source: Source, dialect: Dialect, templates: Mapping[str, Template]) -> str:
    """Return the text of a helper in a language.

    Args:
        name: The name of the helper.
        source: What it computes.
        dialect: The spelling of its lines.
        templates: The spelling of operations; others are definitions.

    >>> print(printed("half", Source(("x",), "return 0.5 * x"), JULIA_LOOPS, {}))
    function @half(x)
        return 0.5 * x
    end
    """
    lines = [dialect.comment.replace("{0}", source.comment)] if source.comment else []
    lines.append(dialect.head(name, source.parameters))
    depth = 1
    for line in filter(None, map(str.strip, source.lines.splitlines())):
        depth -= line == "end"
        word, _, rest = line.partition(" ")
        value = spelled(rest, dialect, templates)
        declared = LET.match(line)
        if declared is not None:
            known = spelled(declared[2], dialect, templates)
            text = dialect.declared.replace("{0}", declared[1]).replace("{1}", known)
        elif word in ("repeat", "if"):
            text = (dialect.repeated if word == "repeat" else dialect.tested).replace("{0}", value)
        else:
            text = dialect.closed if line == "end" else f"{word} {value}{dialect.ended}"
        lines.append(dialect.indent * depth + text)
        depth += word in ("repeat", "if")
    return "\n".join([*lines, dialect.final])


def spelled(text: str, dialect: Dialect, templates: Mapping[str, Template]) -> str:
    """Return a value as the language spells it."""
    found, at = "", 0
    while (call := CALL.search(text, at)) is not None:
        arguments, end = split(text, call.end())
        op = call[1]
        if op in templates:
            form = templates[op].text
        else:
            form = f"@{identifier(op)}({', '.join(f'{{{i}}}' for i in range(len(DEFINITIONS[op])))})"
        for i, argument in enumerate(arguments):
            form = form.replace(f"{{{i}}}", spelled(argument, dialect, templates))
        found, at = found + constant(text[at : call.start()], dialect) + form, end
    return found + constant(text[at:], dialect)


def constant(text: str, dialect: Dialect) -> str:
    return CONSTANTS.sub(lambda m: dialect.constants[m[1]], text)


def split(text: str, at: int) -> tuple[list[str], int]:
    """Return the arguments of a call whose bracket ends before `at`, and where the call ends."""
    depth, start, found = 0, at, []
    while depth >= 0:
        c = text[at]
        depth += (c == "(") - (c == ")")
        if depth < 0 or (c == "," and not depth):
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    return found, at
