"""A formula and its derivatives as source code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.point import chosen_variables, scalar
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.export import c, julia, latex, python, r, stan
from secantd.export.definitions import DEFINITIONS, definition, identifier
from secantd.export.derive import ROWS, Derived, Read, derive
from secantd.export.language import Language
from secantd.export.names import checked_name, commented, spelled, unused
from secantd.export.plan import Part, Plan, triangle
from secantd.export.source import Budget, Inputs, statements
from secantd.export.witness import Checked, agrees, check
from secantd.language import Function, Notation
from secantd.program.tape import Tape, record
from secantd.settings import Limits
from secantd.version import __version__

__all__ = ["Code", "Exported", "export"]

# Each with what arranges a file; LaTeX is no code that runs, and has a file of its own.
WRITERS = {
    Notation.R: (r.R, r.write),
    Notation.PYTHON: (python.PYTHON, python.write),
    Notation.C: (c.C, c.write),
    Notation.JULIA: (julia.JULIA, julia.write),
    Notation.STAN: (stan.STAN, stan.write),
}
HELPER = re.compile(r"@(\w+)")
# Words that writers use for their own variables.
OWN = ("value", "gradient", "hessian", "at", "i", "n", "h")


@dataclass(frozen=True, slots=True)
class Code:
    """Source code in one language, and a name for its file."""

    notation: Notation
    text: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What `export` gives: `variables` is the order of the arguments."""

    codes: tuple[Code, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]


def export(
    function: Function,
    text: str,
    variables: Sequence[str] = (),
    notations: Sequence[Notation] = (),
    order: int = 1,
    name: str = "",
    again: Read | None = None,
    *,
    limits: Limits | None = None,
) -> Exported:
    """Return code that computes a function and its derivatives without the service.

    Args:
        function: A scalar function.
        text: What it was read from: told in a comment.
        variables: By what it is differentiated, and the order of the arguments; empty: all.
        notations: The languages; empty: the function's own.
        order: 0 f, 1 also the gradient, 2 also the Hessian.
        name: Of the function written; empty: f.
        again: Reads the text with other data columns. Without it code holds for columns of one length only.
        limits: What is allowed.

    Raises:
        CalculusError: INVALID_VALUE: a vector, a name that is none, a function that a language lacks;
            UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> print(export(read("x^2"), "x^2", notations=[Notation.JULIA], order=0).codes[0].text.partition("\\n\\n")[2].rstrip())
    # Returns the value.
    function f(x)
        return x^2
    end
    """
    limits = limits or Limits()
    asked = tuple(dict.fromkeys(notations or (function.notation,)))
    named = {n: checked_name(name, WRITERS[n][0] if n in WRITERS else latex.LATEX) for n in asked}
    if order not in (0, 1, 2):
        raise CalculusError(Reason.INVALID_VALUE, f"the order {order} is not 0, 1 or 2", field="order")
    notices = list(function.notices)
    scalar(function)
    chosen = chosen_variables(function, variables, notices)
    if order and not chosen:
        notices.append("the formula has no variable: there is nothing to differentiate by")
        order = 0
    if order == 2 and len(chosen) ** 2 > limits.matrix_entries:
        headline = f"a Hessian of {len(chosen):,} variables has {len(chosen) ** 2:,} entries"
        raise limit_exceeded("matrix_entries", headline, limits.matrix_entries, "name fewer variables", "variables")
    derived = derive(function, order, chosen, again)
    columns: Mapping[str, NDArray[np.float64]] = function.graph.columns
    if derived.columns and not derived.literal:
        if all(len(columns[c]) == 1 for c in derived.columns):
            # One row is a number to the engine; code takes a column of any length.
            columns = {n: np.repeat(v, 2) for n, v in columns.items()}
        else:
            exact = derive(function, order, chosen)
            derived = derived if agrees(derived, exact, columns) else exact
    if derived.literal:
        notices.append(literal(derived))
    checked = check(derived, order, len(chosen), columns) if order else None
    if order and checked is None:
        notices.append(
            "not checked: no point was found at which f is smooth and differences agree with its derivatives"
        )
    codes = []
    for notation in asked:
        try:
            if notation is Notation.LATEX:
                written = latex.write(function, text, chosen, order, named[notation], limits)
            else:
                written = source(
                    derived, notation, text, named[notation], order, len(chosen), checked, columns, notices, limits
                )
        except CalculusError as error:
            error.hint = others(error.metadata["function"]) if "language" in error.metadata else error.hint
            raise
        suffix = ".tex" if notation is Notation.LATEX else WRITERS[notation][0].suffix
        codes.append(Code(notation, written, named[notation] + suffix))
    by_notation = {c.notation: c for c in codes}
    order_asked = notations or (function.notation,)
    arguments = (*derived.variables, *derived.scalars, *derived.columns)
    return Exported(tuple(by_notation[n] for n in order_asked), arguments, tuple(dict.fromkeys(notices)))


def others(op: str) -> str:
    """Return a hint at the languages that have a function."""
    able = [title for title, forms in ((w[0].title, w[0].forms) for w in WRITERS.values()) if op in forms]
    return f"it is there in {' and '.join(able)}"


def literal(derived: Derived) -> str:
    length = f" and for columns of {derived.rows} rows" if derived.rows else ""
    return f"numbers of the data stand in the formula: the code holds for these data only{length}"


def source(
    derived: Derived,
    notation: Notation,
    text: str,
    name: str,
    order: int,
    partials: int,
    checked: Checked | None,
    columns: Mapping[str, NDArray[np.float64]],
    notices: list[str],
    limits: Limits,
) -> str:
    """Return a whole file."""
    language, write = WRITERS[notation]
    taken = {name, f"{name}_gradient", f"{name}_hessian"}
    taken |= {f"{name}_{h}" for h in (*language.helpers, *map(identifier, DEFINITIONS))}
    arguments = (*derived.variables, *derived.scalars, *derived.columns)
    spelling = spelled(arguments, language, taken)
    used = [*spelling.values(), *taken]
    names = {word: unused(word, used) for word in OWN}
    temporary = unused("t", used)
    budget = Budget(limits.output_length)
    rows = names["n"] if derived.columns else ""
    parts = []
    for k in [order] if notation is Notation.R else range(order + 1):
        count = (1, 1 + partials, 1 + partials + len(triangle(partials)))[k]
        outputs = derived.outputs[:count]
        inputs = [*derived.variables, ROWS]
        tape = record(outputs, inputs, columns, (*derived.scalars, *derived.columns))
        parts.append(part(tape, k, language, spelling, arguments, names, temporary, derived, budget))
    code = [line for p in parts for line in (*p.code.lines, *p.code.outputs)]
    helpers = helped(language, code, budget)
    plan = Plan(
        name=name,
        variables=tuple(spelling[v] for v in derived.variables),
        partials=partials,
        scalars=tuple(spelling[v] for v in derived.scalars),
        columns=tuple(spelling[v] for v in derived.columns),
        rows=rows,
        fixed=derived.rows,
        parts=tuple(parts),
        helpers=tuple(helpers.values()),
        names=names,
    )
    body = write(plan)
    lines = header(plan, language, text, order, spelling, checked, notices)
    written = (
        "".join(f"{language.comment}{line}".rstrip() + "\n" for line in lines) + "\n" + body.replace("@", f"{name}_")
    )
    if len(written) > limits.output_length:
        raise limit_exceeded(
            "output_length",
            "the code is too long to write",
            limits.output_length,
            "ask for a lower order or fewer variables",
        )
    return written


def part(
    tape: Tape,
    order: int,
    language: Language,
    spelling: Mapping[str, str],
    arguments: Sequence[str],
    names: Mapping[str, str],
    temporary: str,
    derived: Derived,
    budget: Budget,
) -> Part:
    """Return one function's statements."""
    row, rows = names["i"], names["n"]
    texts, open_slots, symbol = [], set(), {}
    for slot, argument in enumerate(tape.variables):
        if argument == ROWS and slot == len(derived.variables):
            texts.append(language.count.replace("{0}", rows))
            continue
        word = spelling[argument]
        symbol[slot] = word
        if slot > len(derived.variables) and argument in derived.columns:
            open_slots.add(slot)
            word = f"{word}[{row}]" if language.rolled else word
        texts.append(word)
    inputs = Inputs(tuple(texts), frozenset(open_slots), temporary, row, rows)
    read = {a for i in tape.code for a in i.args} | set(tape.outputs)
    follows: dict[int, frozenset[str]] = {s: frozenset([w]) for s, w in symbol.items()}
    for i in tape.code:
        follows[i.out] = frozenset().union(*[follows.get(a, frozenset()) for a in i.args])
    return Part(
        order,
        statements(tape, language, inputs, budget),
        frozenset(symbol.get(s, rows) for s in read if s < len(texts)),
        tuple(follows.get(o, frozenset()) for o in tape.outputs),
    )


def helped(language: Language, code: Sequence[str], budget: Budget) -> dict[str, str]:
    """Return the source of the helper functions that code calls, each behind those it calls itself."""
    found: dict[str, str] = {}
    sources: dict[str, str] = {}
    stack = [(name, False) for line in reversed(code) for name in reversed(HELPER.findall(line))]
    while stack:
        name, ready = stack.pop()
        if name in found:
            continue
        if ready:
            found[name] = sources[name]
            continue
        if name not in sources:
            sources[name] = helper(language, name, budget)
            budget.spend(sources[name])
        stack.append((name, True))
        stack += [(n, False) for n in HELPER.findall(sources[name]) if n != name and n not in found]
    return found


OF_IDENTIFIER = {identifier(op): op for op in DEFINITIONS}


def helper(language: Language, name: str, budget: Budget) -> str:
    if name in language.helpers:
        return language.helpers[name]
    tape = definition(OF_IDENTIFIER[name])
    used = unused("t", tape.variables)
    words = spelled(tape.variables, language, [used])
    parameters = [words[v] for v in tape.variables]
    code = statements(tape, language, Inputs(tuple(parameters), temporary=used), budget)
    return language.function(f"@{name}", parameters, code.lines, code.outputs[0])


def header(
    plan: Plan,
    language: Language,
    text: str,
    order: int,
    spelling: Mapping[str, str],
    checked: Checked | None,
    notices: Sequence[str],
) -> list[str]:
    """Return the comment at the top. Its first lines hold no text of a client's: Python reads encodings there."""
    what = ("", " and its gradient", ", its gradient and its Hessian")[order]
    lines = [f"A function{what} in {language.title}.", f"Written by Secant {__version__} from", ""]
    lines += ["    " + line for line in commented(text)]
    lines.append("")
    other = [f"    {commented(was)[0]} is {now}" for was, now in spelling.items() if was != now]
    if other:
        lines += [
            "Names that the language has otherwise:",
            *other[:50],
            *(["    and so on"] if len(other) > 50 else []),
            "",
        ]
    if plan.columns:
        length = f"{plan.fixed} rows" if plan.fixed else "any number of rows, the same for all"
        lines.append(f"Data: {', '.join(plan.columns)}, {length}.")
    if checked is not None:
        at = ", ".join(f"{spelling[v]} = {x:g}" for v, x in list(checked.at.items())[:8])
        more = ", ..." if len(checked.at) > 8 else ""
        lines.append(f"The {checked.what} agreed with differences to {checked.digits} digits at {at}{more},")
        lines.append("as formulas of the service; the text below was not run.")
    lines += [f"Note: {line}" for notice in notices for line in notice.split("\n") if line.isprintable()]
    while lines[-1] == "":
        lines.pop()
    return lines
