"""All first partials of a vector function, determinants, and products of Jacobians along a composition."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from secantd.algebra import Form
from secantd.calculus.derivative import expect_many, light_derivative
from secantd.calculus.formulas import Allowance, formula, note_outside_domain, note_texts_without_value, values_at
from secantd.calculus.lightforms import exact_form, light_form, light_of
from secantd.calculus.point import check_point, require_numbers
from secantd.calculus.results import Factor, Formula, Jacobian, Naming
from secantd.calculus.variables import chosen_variables
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, graft, symbols
from secantd.language import Function, Notation
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["jacobian"]

# A determinant has n! products; for larger matrices only its value is computed.
WRITTEN_DETERMINANT = 4


@dataclass(frozen=True, slots=True)
class Printing:
    """The notations, form and names of parts of a matrix, and the point at which it is evaluated."""

    function: Function
    notations: Sequence[Notation]
    form: Form
    limits: Limits
    at: Mapping[str, float] | None
    notices: list[str]
    naming: Naming | None
    allowance: Allowance

    def matrix(
        self,
        rows: Sequence[Sequence[Node]],
        values: Sequence[Sequence[float]] = (),
        are_limits: Sequence[Sequence[bool]] = (),
    ) -> tuple[tuple[Formula, ...], ...]:
        """Return the formulas of a matrix, with values where there are some."""
        if not values:
            return tuple(tuple(self.entry(n, None) for n in row) for row in rows)
        return tuple(
            tuple(self.entry(n, v, limit) for n, v, limit in zip(row, numbers, marks, strict=True))
            for row, numbers, marks in zip(rows, values, are_limits, strict=True)
        )

    def entry(self, node: Node, value: float | None, is_limit: bool = False) -> Formula:
        return formula(
            self.function,
            node,
            self.notations,
            self.limits,
            value,
            self.form,
            notices=self.notices,
            value_is_limit=is_limit,
            naming=self.naming,
            allowance=self.allowance,
        )


def jacobian(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    inner: Sequence[tuple[str, Function]] = (),
    *,
    naming: Naming | None = None,
    limits: Limits | None = None,
) -> Jacobian:
    """Return the Jacobian of a function, m x n; a scalar function has one row.

    Args:
        function: The function.
        variables: The order of the columns; empty: all variables.
        at: A point at which f and the entries are evaluated.
        notations: The notations of the entries; empty: the function's own.
        form: How far the entries are simplified.
        naming: Which parts of the formulas get names; None: the default of `formula`.
        inner: Definitions of variables of `function` as functions of others; the answer is then the product
            df/dx · dx/dt, with both factors.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> j = jacobian(read("c(-2*x1 + x2, x1 + x2)"))
    >>> [[p.text for p in row] for row in j.rows], j.determinant.text, j.area_factor
    ([['-2', '1'], ['1', '1']], '-3', 3.0)
    """
    limits = limits or DEFAULT_LIMITS
    function = function if inner else function.to_print()
    if function.arrays or any(f.arrays for _, f in inner):
        if inner:
            require_numbers(function if function.arrays else next(f for _, f in inner if f.arrays))
        from secantd.calculus.arrays.answers import Request
        from secantd.calculus.arrays.matrices import array_jacobian

        return array_jacobian(Request(function, variables, at, notations, form, False, limits, naming))
    notices = list(function.notices)
    factors: tuple[Factor, ...] = ()
    if inner:
        outer = function
        function = composed(outer, inner)
        chosen = chosen_variables(function, variables, notices, parted=True)
        factors = chain(
            outer,
            inner,
            function,
            chosen,
            Printing(function, notations, form, limits, None, notices, naming, Allowance(limits)),
        )
    else:
        chosen = chosen_variables(function, variables, notices, parted=True)
    for f in function.outputs:
        expect_many(function, f, chosen)
    rows = [[light_derivative(function, f, [v], limits=limits) for v in chosen] for f in function.outputs]
    if at:
        from secantd.calculus.numbers import numbers_at
        from secantd.calculus.settle import settle, wanted_up_to

        at = check_point(function, at, chosen)
    printing = Printing(function, notations, form, limits, at, notices, naming, Allowance(limits))
    numbers: list[list[float]] = []
    are_limits: list[list[bool]] = []
    for i, (f, row) in enumerate(zip(function.outputs, rows, strict=True) if at else ()):
        numbers.append(numbers_at(function, 1, chosen, at or {}, i, notices))
        are_limits.append(settle(function, wanted_up_to(f, chosen, 1), numbers[-1], at or {}, notices, limits))
        note_texts_without_value(function, notices, row, numbers[-1][1:], are_limits[-1][1:], at or {})
    written = printing.matrix(rows, [n[1:] for n in numbers], [marks[1:] for marks in are_limits])
    values = tuple([n[0] for n in numbers])
    for value, entries in zip(values, written, strict=False):
        note_outside_domain(notices, value, (entry.value for entry in entries if entry.value is not None))
    determinant, sign, area = square(printing, rows, written) if len(rows) == len(chosen) else (None, None, None)
    return Jacobian(
        chosen,
        written,
        values,
        determinant,
        sign,
        area,
        factors,
        tuple(notices),
        values_are_limits=tuple([marks[0] for marks in are_limits]),
    )


def square(
    printing: Printing, rows: list[list[Node]], written: tuple[tuple[Formula, ...], ...]
) -> tuple[Formula | None, int | None, float | None]:
    """Return the determinant of a square Jacobian, and its sign and absolute value where they are known."""
    value: float | None = None
    if printing.at:
        import numpy as np

        entries = np.array([[p.value for p in row] for row in written], dtype=float)
        value = float(np.linalg.det(entries)) if np.isfinite(entries).all() else math.nan
    found: Formula | None = None
    if len(rows) <= WRITTEN_DETERMINANT:
        function = printing.function
        with function.lock:
            longest = printing.limits.output_length
            exact = determinant(
                function.graph, [[exact_form(function, entry, longest) for entry in row] for row in rows]
            )
            node = light_of(function, determinant(function.graph, rows), longest, origin=exact)
        # The formula of the determinant has no limits of entries.
        limit = any(p.value_is_limit for row in written for p in row)
        if node.op == "number":
            value = node.value
        elif printing.at and not limit:
            (value,) = values_at(function, [node], printing.at)
        found = printing.entry(node, value, limit)
    elif value is not None:
        found = Formula("", value)
    if value is None or math.isnan(value):
        return found, None, None
    return found, (value > 0) - (value < 0), abs(value)


def determinant(graph: Graph, rows: list[list[Node]]) -> Node:
    """Return the determinant of a matrix of nodes; the minors of its last rows are computed once each."""
    size = len(rows)
    minors: dict[tuple[int, ...], Node] = {(): graph.number(1.0)}
    for height in range(1, size + 1):
        row = rows[size - height]
        new: dict[tuple[int, ...], Node] = {}
        for columns in combinations(range(size), height):
            terms = []
            for position, column in enumerate(columns):
                rest = columns[:position] + columns[position + 1 :]
                term = algebra.mul(graph, [row[column], minors[rest]])
                terms.append(algebra.neg(graph, term) if position % 2 else term)
            new[columns] = algebra.add(graph, terms)
        minors = new
    return minors[tuple(range(size))]


def composed(outer: Function, inner: Sequence[tuple[str, Function]]) -> Function:
    """Return `outer` with variables replaced by their definitions.

    Raises:
        CalculusError: UNKNOWN_VARIABLE, INVALID_VALUE where a definition does not fit.
    """
    graph = Graph(outer.graph.limit)
    replaced: dict[str, Node] = {}
    variables: dict[str, None] = {}
    for name, definition in inner:
        if name not in outer.variables:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{name}' is not a variable of the outer function",
                field="inner",
                metadata={"name": name},
            )
        if name in replaced:
            raise CalculusError(Reason.INVALID_VALUE, f"'{name}' is defined twice", "define it once", field="inner")
        if len(definition.outputs) != 1:
            raise CalculusError(Reason.INVALID_VALUE, f"the definition of '{name}' is a vector", field="inner")
        replaced[name] = graft(graph, definition.graph, definition.outputs[0], {})
        variables.update(dict.fromkeys(definition.variables))
    variables.update(dict.fromkeys(v for v in outer.variables if v not in replaced))
    outputs = tuple(graft(graph, outer.graph, f, replaced) for f in outer.outputs)
    whole = Function(
        graph, outputs, outer.vector, tuple(variables), outer.notation, outer.notices, used=frozenset(symbols(outputs))
    )
    whole.declared = outer.declared
    return whole


def chain(
    outer: Function, inner: Sequence[tuple[str, Function]], whole: Function, chosen: tuple[str, ...], printing: Printing
) -> tuple[Factor, ...]:
    """Return the factors df/dx, as formulas in x, and dx/dt, as formulas in t."""
    names = tuple(outer.variables)
    first = [[light_derivative(outer, f, [v], limits=printing.limits) for v in names] for f in outer.outputs]
    definitions = dict(inner)
    second: list[list[Node]] = []
    with whole.lock:
        form = light_form(whole)
        for name in names:
            if name in definitions:
                d = definitions[name]
                node = graft(whole.graph, d.graph, d.outputs[0], {})
                second.append([light_derivative(whole, node, [t], limits=printing.limits) for t in chosen])
            else:
                second.append([form.graph.number(1.0 if t == name else 0.0) for t in chosen])
    in_x = Printing(
        outer,
        printing.notations,
        printing.form,
        printing.limits,
        None,
        printing.notices,
        printing.naming,
        printing.allowance,
    )
    return (
        Factor(f"df/d({', '.join(names)})", names, in_x.matrix(first)),
        Factor(f"d({', '.join(names)})/d({', '.join(chosen)})", chosen, printing.matrix(second)),
    )
