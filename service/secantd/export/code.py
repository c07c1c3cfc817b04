"""Source code of a formula and its derivatives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.point import check_order, component, scalar
from secantd.calculus.variables import chosen_variables
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.export import c, javascript, julia, latex, python, r, stan
from secantd.export.arrays import agree, array_gaps, array_source, derive_arrays, verify_arrays
from secantd.export.definitions import DEFINITIONS
from secantd.export.derive import ROWS, Derived, Read, derive
from secantd.export.gaps import UNSEEN, gaps, is_doubtful
from secantd.export.headers import header
from secantd.export.helpers import helped, helper_names
from secantd.export.language import Language
from secantd.export.names import checked_name
from secantd.export.sourcefile import Routine, SourceFile, triangle
from secantd.export.sql import DATABASES, Query, computes, prepared, sql_source
from secantd.export.statements import Budget, Inputs, statements
from secantd.export.verification import Verified, agrees, verify
from secantd.language import Function, Notation
from secantd.program.tape import Tape, record
from secantd.render.names import spelled, unused
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import series

__all__ = ["Code", "Exported", "export"]

# Each with what arranges a file; LaTeX is no code that runs, and has a file of its own.
WRITERS = {
    Notation.R: (r.R, r.source_code),
    Notation.PYTHON: (python.PYTHON, python.source_code),
    Notation.C: (c.C, c.source_code),
    Notation.JULIA: (julia.JULIA, julia.source_code),
    Notation.STAN: (stan.STAN, stan.source_code),
    Notation.JAVASCRIPT: (javascript.JAVASCRIPT, javascript.source_code),
}
UNCHECKED = "the derivatives were not checked: no point was found at which f is smooth and differences agree with them"
# Words that writers use for their own variables.
OWN = ("value", "gradient", "hessian", "at", "i", "n", "h")


@dataclass(frozen=True, slots=True)
class Code:
    """Source code in one language, and a name for its file; of SQL also the names of its parameters and columns."""

    notation: Notation
    text: str
    file_name: str
    parameters: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


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
    sql: Query | None = None,
    limits: Limits | None = None,
) -> Exported:
    """Return code that computes a function and its derivatives without the service.

    Args:
        function: A scalar function.
        text: The text of the function, for a comment.
        variables: The variables of the derivatives, and the order of the arguments; empty: all.
        notations: The languages; empty: the function's own.
        order: 0 for f, 1 to add the gradient, 2 to add the Hessian.
        name: The name of the written function; empty: f.
        again: Reads the text with other data columns; without it the code is valid for one length of columns only. SQL needs it.
        sql: The table, its columns and the dialect of SQL; columns without data are data columns of the other languages, too.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: a vector, an invalid name, a function that a language lacks;
            UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> print(export(read("x^2"), "x^2", notations=[Notation.JULIA], order=0).codes[0].text.partition("\\n\\n")[2].rstrip())
    # Returns the value.
    function f(x)
        return x^2
    end
    """
    limits = limits or DEFAULT_LIMITS
    asked = tuple(dict.fromkeys(notations or (function.notation,)))
    data_given = bool(function.graph.columns)
    sql = sql or Query()
    named = {n: checked_name(name, language_of(n, sql)) for n in asked}
    check_order(order)
    table = None
    if again is not None and (Notation.SQL in asked or sql.columns):
        table = prepared(function, sql, variables, again)
        function = table.function
    notices = [*function.notices, *(table.notices if table and Notation.SQL in asked else ())]
    if not function.arrays or Notation.SQL in asked:
        scalar(function)
    component(function)
    chosen = chosen_variables(function, variables, notices, parted=True)
    if order and not chosen:
        notices.append("the formula has no variables, so there are no derivatives")
        order = 0
    if order == 2 and len(chosen) ** 2 > limits.matrix_entries:
        headline = f"a Hessian of {len(chosen):,} variables has {len(chosen) ** 2:,} entries"
        raise limit_exceeded("matrix_entries", headline, limits.matrix_entries, "name fewer variables", "variables")
    if function.arrays:
        return exported_arrays(function, text, chosen, asked, notations, order, named, again, notices, limits)
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
        if sql.columns:
            raise unknown_rows()
        notices.append(literal(derived))
    verified = verify(derived, order, len(chosen), columns) if order else None
    if order and verified is None:
        notices.append(UNCHECKED)
    if table is not None and not table.by_row and not data_given:
        notices += [UNSEEN.format("the data are not known")] * is_doubtful(function)
    elif any(n is not Notation.LATEX for n in asked):
        notices += gaps(function, order, chosen, again, limits)
    codes = []
    for notation in asked:
        try:
            if notation is Notation.SQL:
                assert table is not None
                query = sql_source(table, sql, text, chosen, order, verified, derived, notices, limits)
                notices += query.notices
                codes.append(Code(notation, query.text, named[notation] + ".sql", query.parameters, query.columns))
                continue
            if notation is Notation.LATEX:
                written = latex.source_code(function, text, chosen, order, named[notation], limits)
            else:
                written = source(
                    derived, notation, text, named[notation], order, len(chosen), verified, columns, notices, limits
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


def exported_arrays(
    function: Function,
    text: str,
    chosen: tuple[str, ...],
    asked: Sequence[Notation],
    notations: Sequence[Notation],
    order: int,
    named: Mapping[Notation, str],
    again: Read | None,
    notices: list[str],
    limits: Limits,
) -> Exported:
    """Return the code of a function of vectors and matrices; arguments as in `export`."""
    derived = derive_arrays(function, order, chosen, again)
    data = function.graph.columns
    if again is not None and data and not derived.fixed:
        exact = derive_arrays(function, order, chosen)
        derived = derived if agree(derived, exact, order, data) else exact
    if derived.fixed:
        notices.append(
            "the formula contains numbers or lengths taken from the data, so the code is valid for these data only"
        )
    digits = verify_arrays(derived, order, data) if order else None
    if order and digits is None:
        notices.append(UNCHECKED)
    if any(n is not Notation.LATEX for n in asked):
        notices += array_gaps(function, derived, order, data, limits)
    codes = {}
    for notation in asked:
        written = array_source(derived, notation, text, named[notation], order, digits, notices, limits)
        suffix = latex.LATEX.suffix if notation is Notation.LATEX else WRITERS[notation][0].suffix
        codes[notation] = Code(notation, written, named[notation] + suffix)
    arguments = tuple(a.name for a in derived.arguments)
    order_asked = notations or (function.notation,)
    return Exported(tuple(codes[n] for n in order_asked), arguments, tuple(dict.fromkeys(notices)))


def language_of(notation: Notation, sql: Query) -> Language:
    """Return a language."""
    if notation is Notation.SQL:
        return DATABASES[sql.dialect].language
    return WRITERS[notation][0] if notation in WRITERS else latex.LATEX


def unknown_rows() -> CalculusError:
    return CalculusError(
        Reason.INVALID_VALUE,
        "the formula takes single rows of a column, such as y[1], and the columns have no values",
        "write it with sums, means, products, minima and maxima of columns, or give data",
        field="expression.text",
    )


def others(op: str) -> str:
    """Return a hint that lists the languages that have a function."""
    able = [w[0].title for w in WRITERS.values() if op in w[0].templates or op in DEFINITIONS]
    able += [d.language.title for d in DATABASES.values() if computes(d, op)]
    return f"it is available in {series(able)}" if able else ""


def literal(derived: Derived) -> str:
    length = f" and for columns of {derived.rows} rows" if derived.rows else ""
    return f"the formula contains numbers taken from the data, so the code is valid for these data only{length}"


def source(
    derived: Derived,
    notation: Notation,
    text: str,
    name: str,
    order: int,
    partials: int,
    verified: Verified | None,
    columns: Mapping[str, NDArray[np.float64]],
    notices: list[str],
    limits: Limits,
) -> str:
    """Return a whole file."""
    language, source_code = WRITERS[notation]
    taken = {name, f"{name}_gradient", f"{name}_hessian"}
    taken |= {f"{name}_{h}" for h in helper_names(language)}
    arguments = (*derived.variables, *derived.scalars, *derived.columns)
    spelling = spelled(arguments, language.identifiers, taken)
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
    file = SourceFile(
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
    body = source_code(file)
    comment = header(language, text, order, spelling, facts(file, spelling, verified), notices)
    written = comment + "\n" + body.replace("@", f"{name}_")
    if len(written) > limits.output_length:
        raise limit_exceeded(
            "output_length",
            "the code is too long to write",
            limits.output_length,
            "request a lower order or fewer variables",
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
) -> Routine:
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
    return Routine(
        order,
        statements(tape, language, inputs, budget),
        frozenset(symbol.get(s, rows) for s in read if s < len(texts)),
        tuple(follows.get(o, frozenset()) for o in tape.outputs),
    )


def facts(file: SourceFile, spelling: Mapping[str, str], verified: Verified | None) -> list[str]:
    """Return sentences about the data and the check of the derivatives."""
    lines = []
    if file.columns:
        length = f"{file.fixed} rows" if file.fixed else "any number of rows, the same for all"
        lines.append(f"Data: {', '.join(file.columns)}, {length}.")
    if verified is not None:
        at = ", ".join(f"{spelling[v]} = {x:g}" for v, x in list(verified.at.items())[:8])
        more = ", ..." if len(verified.at) > 8 else ""
        lines.append(f"The {verified.what} agreed with finite differences to {verified.digits} digits at {at}{more},")
        lines.append("evaluated by the service; the code below was not run.")
    return lines
