"""What the engine answers, as messages."""

from typing import Any

from secant.v1 import expression_pb2

from secantd.calculus.answers import Formula

__all__ = ["fill_formula", "fill_formulas", "fill_rows", "scalar", "shape"]


def fill_formula(message: Any, formula: Formula, texts: int) -> None:
    """Write `formula` into a Formula message; with several notations asked for (`texts`) all renderings."""
    message.text = formula.text
    message.form = formula.form.value
    if formula.value is not None:
        message.value = formula.value
    if formula.value_is_limit:
        message.value_is_limit = True
    if formula.value_is_numeric:
        message.value_is_numeric = True
    if texts > 1:
        for notation, text in formula.renderings:
            message.renderings.add(notation=notation.value, text=text)


def fill_formulas(messages: Any, formulas: tuple[Formula, ...], texts: int) -> None:
    """Append `formulas` to a repeated Formula."""
    for formula in formulas:
        fill_formula(messages.add(), formula, texts)


def fill_rows(messages: Any, rows: tuple[tuple[Formula, ...], ...], texts: int) -> None:
    """Append a matrix of formulas to a repeated Row."""
    for row in rows:
        fill_formulas(messages.add().partials, row, texts)


def shape(rows: int, columns: int) -> expression_pb2.Shape:
    """Return a Shape.

    >>> shape(1, 3).text
    '1 x 3'
    """
    return expression_pb2.Shape(rows=rows, columns=columns, text=f"{rows} x {columns}")


def scalar() -> expression_pb2.Shape:
    """Return the Shape of one number."""
    return expression_pb2.Shape(rows=1, columns=1, text="scalar")
