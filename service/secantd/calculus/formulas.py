"""Formulas of nodes: printed in the requested notations, with their values at a point."""

import math
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from secantd.algebra import Form, reshaped
from secantd.calculus.lightforms import (
    author_names,
    constructors,
    exact_form,
    is_unwieldy,
    light_form,
    sympy_form,
    too_long,
)
from secantd.calculus.point import require_no_rows
from secantd.calculus.results import Formula
from secantd.calculus.spellings import AS_THEY_ARE, has_pi, letters_used, spelling_of
from secantd.errors import CalculusError
from secantd.expression import Graph, Node, reachable, scan_of, symbols
from secantd.functions import FUNCTIONS
from secantd.interrupt import cut_short, need_time
from secantd.language import Function, Notation
from secantd.render import Naming, named_parts, render
from secantd.render.writer import too_long as text_too_long
from secantd.settings import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "CANCELS",
    "Allowance",
    "formula",
    "note",
    "note_outside_domain",
    "note_texts_without_value",
    "spelling_of",
    "values_at",
]

TOO_LONG_AS_ONE: Final = "as one expression the formula would be too long: parts that occur more than once have names"
CANCELS: Final = (
    "f or a derivative is not known at this point: it is smaller than the rounding errors of numbers that cancel"
)
# A formula in a graph of so few nodes has in most cases a text that is a key of the light form.
FEW: Final = 500


class Allowance:
    """The time that SymPy has for all formulas of one answer.

    Args:
        limits: The limits that apply: `algebra_seconds`.
    """

    def __init__(self, limits: Limits) -> None:
        self.left = limits.algebra_seconds

    def reshaped(self, graph: Graph, node: Node, form: Form) -> Node | None:
        """Return a node in another form, None if SymPy has no answer within the time that is left."""
        if self.left <= 0:
            cut_short()
            return None
        # Importing SymPy is no part of its time.
        need_time()
        import secantd.plainsympy  # noqa: F401

        start = time.monotonic()
        try:
            return reshaped(graph, node, form, self.left)
        finally:
            self.left -= time.monotonic() - start


def formula(
    function: Function,
    node: Node,
    notations: Sequence[Notation],
    limits: Limits,
    value: "float | NDArray[np.float64] | None" = None,
    form: Form = Form.LIGHT,
    *,
    notices: list[str],
    value_is_limit: bool = False,
    naming: Naming | None = Naming.NONE,
    allowance: Allowance | None = None,
    exact: Node | None = None,
    as_written: bool = False,
) -> Formula:
    """Return a node as a formula.

    Args:
        function: The function that owns the node.
        node: The expression, in the light form.
        notations: The notations of the text; empty: the function's own.
        limits: The limits that apply; SymPy gets `algebra_seconds`.
        value: The value at a point, if there is one.
        form: The form. If SymPy does not finish in time, the light form is returned with a notice.
        notices: Receives notices, also about names that are spelled differently in a notation.
        value_is_limit: Whether the value is a limit, because the formula itself has none at the point.
        naming: Which parts are written before the formula, by name; None: those that the author named if the function has
            arrays, otherwise none.
        allowance: What the formulas of one answer share of SymPy's time; None: the formula has all of it.
        exact: The expression in the exact form, if that is not the one of the light form.
        as_written: Whether terms and factors keep their order in Python notation, because it has a meaning, as that of
            (x - 2) in 6 + 4*(x - 2), or is an author's. Otherwise the order is SymPy's.

    Raises:
        CalculusError: LIMIT_EXCEEDED where the text is too long.
    """
    asked = notations or (function.notation,)
    arrays = function.arrays
    graph = function.graph if arrays else None
    if arrays:
        form, node, exact = array_in_form(function, node, exact, form, limits, notices, allowance or Allowance(limits))
    elif form is Form.LIGHT and all(n is Notation.R for n in asked):
        # The exact form is that of other notations.
        exact = node
    else:
        form, node, exact = in_form(function, node, exact, form, limits, notices, allowance or Allowance(limits))
    may_name, unwieldy = naming is not Naming.NONE, is_unwieldy(function, node)
    if may_name and unwieldy:
        naming = Naming.REPEATED
        note(notices, TOO_LONG_AS_ONE)
    if naming is None:
        naming = Naming.AUTHOR if arrays else Naming.NONE
        if arrays and any(n.op == "scan" and len(scan_of(n).steps) > 1 for n in reachable([node])):
            naming = Naming.REPEATED
    # SymPy's own results are in its form already; parts with names stay whole.
    unnamed, repeated = naming is Naming.NONE, naming is Naming.REPEATED
    plain = unnamed and not arrays and not unwieldy
    sorts = plain and not as_written and form in (Form.LIGHT, Form.EXACT)
    texts: dict[Notation, str] = {}
    for notation in dict.fromkeys(Notation.LATEX if n is Notation.MATHML else n for n in asked):
        in_r = notation is Notation.R
        chosen = node if in_r else exact
        if not in_r and notation is Notation.PYTHON and sorts:
            with function.lock:
                chosen = sympy_form(function, exact)
        known = {}
        if not unnamed and not unwieldy:
            known = author_names(function, chosen, exact=form is Form.EXACT or chosen is not node)
        more = (*(changes(function, chosen) if arrays else ()), *known)
        found = AS_THEY_ARE
        if not in_r or has_pi(function, more):
            found = spelling_of(function, notation, more)
        # R's printer can write all names; it is given only those that are changed.
        names = found.texts
        if in_r:
            names = function.written | dict(found.changed) if found.changed else function.written
        longest = limits.output_length
        try:
            if known or repeated:
                texts[notation] = str(named_parts(chosen, notation, longest, names, graph, known, repeated=repeated))
            elif in_r and not (names or arrays or unwieldy) and len(function.graph.nodes) < FEW:
                with function.lock:
                    texts[notation] = light_form(function).text(node)
                if not texts[notation] or len(texts[notation]) > longest:
                    texts[notation] = render(chosen, notation, longest)
            else:
                texts[notation] = render(chosen, notation, longest, names, graph)
        except CalculusError as error:
            if repeated or not may_name or not too_long(error):
                raise
            texts[notation] = str(named_parts(chosen, notation, longest, names, graph, known))
            note(notices, TOO_LONG_AS_ONE)
        note(notices, found.notice(notation))
        for notice in letters_used(found, texts[notation]) if graph is not None and notation is Notation.LATEX else ():
            note(notices, notice)
    for notice in numeric_used(node, texts):
        note(notices, notice)
    if Notation.MATHML in asked:
        from secantd.render.mathml import mathml

        texts[Notation.MATHML] = mathml(texts[Notation.LATEX])
        if len(texts[Notation.MATHML]) > limits.output_length:
            raise text_too_long(limits.output_length)
    renderings = tuple((n, texts[n]) for n in asked) if len(asked) > 1 else ()
    if value is None or isinstance(value, float):
        return Formula(texts[asked[0]], value, renderings, form, value_is_limit)
    return Formula(texts[asked[0]], None, renderings, form, value_is_limit, values=value)


# The names of functions that neither R nor SciPy has.
NUMERIC: Final = tuple(dict.fromkeys(row.written for row in FUNCTIONS.values() if row.numeric))
# Each name has one of them: "_grad_".
PARTS: Final = tuple(dict.fromkeys([re.sub("^.*(_[a-z]+_).*$", r"\1", name) for name in NUMERIC]))
NUMERIC_NAME = re.compile("|".join(sorted(map(re.escape, NUMERIC), key=len, reverse=True)))


def numeric_used(node: Node, texts: Mapping[Notation, str]) -> list[str]:
    """Return a notice for each function in texts of R and Python that neither language has."""
    written: set[str] = set()
    for notation, text in texts.items():
        # This takes less time than the regular expression.
        if notation is not Notation.LATEX and any(part in text for part in PARTS):
            written.update(NUMERIC_NAME.findall(text))
    if not written:
        return []
    found = {FUNCTIONS[n.op].written for n in reachable([node]) if n.op in FUNCTIONS and FUNCTIONS[n.op].numeric}
    return [
        f"{name}() is computed numerically and is no function of R: Export writes code that contains it"
        for name in NUMERIC
        if name in written and name in found
    ]


def in_form(
    function: Function,
    node: Node,
    given: Node | None,
    form: Form,
    limits: Limits,
    notices: list[str],
    allowance: Allowance,
) -> tuple[Form, Node, Node]:
    """Return the form that was found, and a node in it: as R prints it, and as the other notations do."""
    if is_unwieldy(function, node):
        if form is not Form.LIGHT:
            note(notices, "the formula is too long for another form")
        return Form.LIGHT, node, node
    with function.lock:
        exact = exact_form(function, node, limits.output_length) if given is None else given
        if form is Form.LIGHT:
            return form, node, exact
        if form is Form.EXACT:
            return form, exact, exact
        shaped = allowance.reshaped(function.graph, exact, form)
    if shaped is None:
        note(notices, f"SymPy found no other form within {limits.algebra_seconds:g} s; this is the light form")
        return Form.LIGHT, node, exact
    return form, shaped, shaped


def array_in_form(
    function: Function,
    node: Node,
    given: Node | None,
    form: Form,
    limits: Limits,
    notices: list[str],
    allowance: Allowance,
) -> tuple[Form, Node, Node]:
    """Return what `in_form` does for a formula of vectors and matrices; `given` is its exact form, None if it has none."""
    if form is Form.LIGHT or (form is Form.EXACT and given is None):
        if form is Form.EXACT:
            note(notices, "a formula of vectors and matrices has only the light form")
        return Form.LIGHT, node, node
    exact = node if given is None else given
    if form is Form.EXACT:
        return form, exact, exact
    from secantd.algebra.arrays import reshaped_array, whole_operations

    with function.lock:
        shaped = reshaped_array(
            constructors(function, exact=True), exact, lambda graph, part: allowance.reshaped(graph, part, form)
        )
    if shaped is None:
        note(notices, f"SymPy found no other form within {limits.algebra_seconds:g} s; this is the light form")
        return Form.LIGHT, node, node
    whole = dict.fromkeys(WRITTEN.get(op, f"{op}()") for op in whole_operations(shaped))
    if whole:
        note(
            notices,
            "this form rewrites what is computed entry by entry; operations on whole vectors and matrices stay: "
            + ", ".join(whole),
        )
    return form, shaped, shaped


# Operations on arrays whose names in answers are not their own.
WRITTEN: Final = {
    "matmul": "matrix products",
    "inverse": "inverses",
    "max_of": "max()",
    "min_of": "min()",
    "cholesky": "Cholesky factors",
    "row_sums": "sums of rows",
    "column_sums": "sums of columns",
    "row_extreme": "extremes of rows",
    "recurrence": "recursions",
    "scan": "recursions",
    "select": "masks",
    "unselect": "masks",
    "gather": "entries by positions",
    "scatter": "entries by positions",
    "record": "running extremes",
}


def changes(function: Function, node: Node) -> tuple[str, ...]:
    """Return the names in a differential that the function does not have: those of the changes of its variables."""
    own = {*function.variables, *function.used}
    return tuple([name for name in symbols([node]) if name not in own])


def note_outside_domain(notices: list[str], value: float, derivatives: Iterable[float]) -> None:
    """Append a notice if f is NaN where a derivative is finite: log(x) at -1, where its derivative 1/x is -1."""
    if math.isnan(value) and any(map(math.isfinite, derivatives)):
        note(notices, "f is not defined at this point: the numbers are only those of the derivative's formula")


def note_texts_without_value(
    function: Function,
    notices: list[str],
    nodes: Iterable[Node],
    values: Iterable[float],
    are_limits: Iterable[bool],
    at: Mapping[str, float],
) -> None:
    """Append a notice if a formula that is printed is 0 * Inf or 0/0 at a point where the derivative has a value.

    The derivative of x^n with respect to n is 0 at x = 0, its text x^n * log(x) is 0 * -Inf there.
    """
    # Only zeros make such forms at many points, and this costs as much as the values themselves.
    if 0.0 not in at.values():
        return
    rows = zip(nodes, values, are_limits, strict=False)
    valued = [n for n, value, limit in rows if math.isfinite(value) and not limit and n.op != "number"]
    if valued and any(map(math.isnan, values_at(function, valued, at))):
        note(
            notices,
            "a formula has no value at this point as it is written, for example 0 * Inf: the number beside it is computed from f",
        )


def note(notices: list[str], notice: str) -> None:
    """Append a notice unless it is empty or already there."""
    if notice and notice not in notices:
        notices.append(notice)


def values_at(function: Function, nodes: Sequence[Node], at: Mapping[str, float]) -> list[float]:
    """Return the values of nodes at a point, NaN and Inf as IEEE 754 defines them.

    Args:
        function: The function that owns the nodes.
        nodes: The expressions.
        at: The value of each variable.

    Raises:
        CalculusError: INVALID_VALUE where a node has a value for each row of data.
    """
    from secantd.program import compile as compile_program

    require_no_rows(nodes, "at")
    variables = symbols(nodes)
    program = compile_program(nodes, variables, function.graph.columns)
    return program.point([at[v] for v in variables])
