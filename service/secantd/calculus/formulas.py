"""Nodes to formulas: printed in the notations asked for, with their values at a point."""

from collections.abc import Mapping, Sequence

from secantd.algebra import Form, reshaped
from secantd.calculus.answers import Formula
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, symbols
from secantd.language import Function, Notation
from secantd.program import compile as compile_program
from secantd.render import render
from secantd.settings import Limits

__all__ = ["formula", "values_at"]


def formula(
    function: Function,
    node: Node,
    notations: Sequence[Notation],
    limits: Limits,
    value: float | None = None,
    form: Form = Form.LIGHT,
    notices: list[str] | None = None,
) -> Formula:
    """Return a node in light form as a formula in each of `notations`, or in the function's own.

    A heavier form that its time does not suffice for is not an error: the light one is given, and noted.
    """
    if form is not Form.LIGHT:
        with function.lock:
            shaped = reshaped(function.graph, node, form, limits.algebra_seconds)
        if shaped is None:
            form = Form.LIGHT
            notice = f"SymPy found no other form within {limits.algebra_seconds:g} s; the light form is given"
            if notices is not None and notice not in notices:
                notices.append(notice)
        else:
            node = shaped
    asked = notations or (function.notation,)
    texts = {n: render(node, n, limits.output_length) for n in dict.fromkeys(asked)}
    renderings = tuple((n, texts[n]) for n in asked) if len(asked) > 1 else ()
    return Formula(texts[asked[0]], value, renderings, form)


def values_at(function: Function, nodes: Sequence[Node], at: Mapping[str, float]) -> list[float]:
    """Return the values of nodes at a point; IEEE's where they are not finite.

    Raises:
        CalculusError: INVALID_VALUE where a node has a value for each row of data.
    """
    if any(n.rows > 1 for n in nodes):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression has one value for each row of the data, and a point asks for one number",
            "write sum(...) or mean(...) around it",
            field="at",
        )
    variables = symbols(nodes)
    program = compile_program(nodes, variables, function.graph.columns)
    return program.point([at[v] for v in variables])
