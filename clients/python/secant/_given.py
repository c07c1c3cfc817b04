"""Functions in other forms than text: answers of earlier calls, lists, Python functions, SymPy expressions."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from secant._arrays import Points
from secant.shapes import Shapes

if TYPE_CHECKING:
    from secant._text import Expression
    from secant.results.derivative import Gradient
    from secant.results.formula import Answer

__all__ = ["function_of", "given", "of_claim"]

# Notations that are read, the preferred ones first.
_READ = ("r", "python", "", "textbook", "latex")

# The marks by which the service decides, `written_notation` in its language.
_R = ("^", "<-", "function(", "if (", "%%")
_PYTHON = ("**", "lambda ", "math.", "np.", "numpy.", " // ", " if ", " and ", " or ", "not ")

KINDS = "text such as 'x^2 + y', a Python function, an answer of an earlier call, a SymPy expression or a list of these"


def given(f: Any) -> "Expression":
    """Return a function, in any form that a call accepts, as an Expression.

    Args:
        f: Text, an Expression, an answer, a Python function, a SymPy expression, or a list of these for a vector.

    Raises:
        TypeError: It is none of these.
        ValueError: It cannot be written as text.

    >>> given(["x*y", "x + y"]).text
    'c(x*y, x + y)'
    """
    from secant._text import Expression
    from secant.results.formula import Answer

    if isinstance(f, Expression):
        return f
    if isinstance(f, str):
        return Expression(str(f))
    if isinstance(f, Answer):
        return _of_answer(f)
    if isinstance(f, list | tuple):
        return _of_list(f)
    if _is_sympy(f):
        from secant._sympy import text_of

        return Expression(text_of(f), notation="python")
    if callable(f):
        from secant._sources import source_of

        return source_of(f)
    raise TypeError(f"a function must be {KINDS}; got {_described(f)}")


def of_claim(claimed: Any, variables: tuple[str, ...], order: int | None) -> tuple[tuple[str, ...], int | None]:
    """Return the variables and the order that a claim is checked with: those of an answer, if the caller names none.

    Args:
        claimed: The claim.
        variables: The variables that the caller names.
        order: The order that the caller names.

    Raises:
        ValueError: The claim is a mixed derivative, or one of order 3 and higher.
    """
    from secant.results.derivative import Derivative, Gradient
    from secant.results.matrix import Hessian

    if variables or order is not None or not isinstance(claimed, Derivative | Gradient | Hessian):
        return variables, order
    if not isinstance(claimed, Derivative):
        return claimed.variables, 2 if isinstance(claimed, Hessian) else None
    if len(claimed.variables) <= 1:
        return claimed.variables, None
    if len(claimed.variables) == 2 and len({*claimed.variables}) == 1:
        return claimed.variables[:1], 2
    first = ", ".join(f'"{name}"' for name in claimed.variables[:-1])
    raise ValueError(
        f"a derivative with respect to {', '.join(claimed.variables)} is checked as the derivative of the one before it\n"
        f'write check(differentiate(f, {first}), claimed, "{claimed.variables[-1]}")'
    )


def function_of(gradient: "Gradient") -> "Expression":
    """Return the function that a gradient was computed from.

    Raises:
        TypeError: The gradient did not come from a client.
    """
    from secant._enums import lower_name
    from secant._text import Expression
    from secant.v1 import expression_pb2

    source = getattr(gradient, "_source", None)
    if source is None:
        raise TypeError("this gradient did not come from a client\ngive the function itself")
    notation = lower_name(expression_pb2.Notation, source.notation) if source.notation else None
    return Expression(source.text, notation, *_data(source))


def _of_answer(answer: "Answer") -> "Expression":
    from secant._text import Expression

    source = getattr(answer, "_source", None)
    texts, notation = _texts(answer, source)
    return Expression(texts, notation, *_data(source))


def _data(source: Any) -> tuple[Points | None, Shapes | None, str | None]:
    """Return the data, the shapes and the data set of an Expression message."""
    if source is None:
        return None, None, None
    from secant._arrays import shaped

    data = {column.name: shaped(column) for column in source.data}
    shapes: dict[str, Any] = {}
    for shape in source.shapes:
        sides = [str(side.name or side.size) for side in shape.dimensions]
        shapes[shape.variable] = f"{'symmetric ' if shape.symmetric else ''}{' x '.join(sides)}" if sides else "number"
    return data or None, shapes or None, source.data_set or None


def _texts(answer: "Answer", source: Any) -> tuple[str, str | None]:
    """Return the text of an answer and its notation."""
    from secant._enums import lower_name
    from secant.v1 import expression_pb2

    asked = None
    if source is not None:
        asked = lower_name(expression_pb2.Notation, source.notation) if source.notation else _written(source.text)
        asked = "r" if asked == "textbook" else asked  # the answer to a text in that notation is printed so
    rows = answer._formulas()
    if not rows or any(not entry.text for row in rows for entry in row):
        raise ValueError(f"this {type(answer).__name__} has no formula\nask for it without values_only")
    names = [name for name in _READ if all(name in entry.renderings for row in rows for entry in row)]
    texts = [[entry.renderings[names[0]] if names else entry.text for entry in row] for row in rows]
    notation = (names[0] if names else "") or asked
    if answer._is_single:
        return texts[0][0], notation
    if any("\n" in text for row in texts for text in row):
        raise ValueError(
            f"the formulas of this {type(answer).__name__} have assignments\nask for it with naming='none'"
        )
    vectors = [_vector(row, notation) for row in texts]
    if answer._is_row:
        return vectors[0], notation
    return (f"[{', '.join(vectors)}]" if notation == "python" else f"rbind({', '.join(vectors)})"), notation


def _written(text: str) -> str:
    """Return the notation in which the service prints the answer to a text without a notation.

    >>> _written("np.exp(x)"), _written("exp(x)")
    ('python', 'r')
    """
    if any(mark in text for mark in _R):
        return "r"
    return "python" if any(mark in text for mark in _PYTHON) else "r"


def _vector(texts: Sequence[str], notation: str | None) -> str:
    inner = ", ".join(texts)
    return f"[{inner}]" if notation == "python" else f"c({inner})"


def _of_list(parts: Sequence[Any]) -> "Expression":
    from secant._text import Expression

    if not parts:
        raise TypeError("a list of formulas has none\nwrite a list such as ['x*y', 'x + y']")
    found = []
    for part in parts:
        if isinstance(part, list | tuple) or callable(part):
            kind = "a list" if isinstance(part, list | tuple) else "a function"
            raise TypeError(f"{kind} in a list of formulas\nwrite each as text, for example ['x*y', 'x + y']")
        found.append(Expression(repr(part)) if isinstance(part, int | float) else given(part))
    notations = {part.notation for part in found if part.notation is not None}
    if len(notations) > 1 or notations - {"r", "python"}:
        named = ", ".join(sorted(notations))
        raise ValueError(f"the formulas of a list are in R or Python notation, all in one; got {named}")
    for part in found:
        if "\n" in part.text.strip() or part.text.lstrip().startswith(("function", "lambda", "def ", "\\(")):
            raise ValueError(
                f"a formula in a list must be one expression; got {part.text!r}\nwrite it without assignments"
            )
    merged: dict[str, dict[str, Any]] = {"data": {}, "shapes": {}}
    for part in found:
        for name, values in merged.items():
            values |= getattr(part, name) or {}
    notation = next(iter(notations), None)
    text = _vector([part.text.strip() for part in found], notation)
    return Expression(text, notation, merged["data"] or None, merged["shapes"] or None)


def _is_sympy(f: Any) -> bool:
    """Return whether `f` is of SymPy, which is not imported for this."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(f, sympy.Basic | sympy.MatrixBase)


def _described(f: Any) -> str:
    if f is None:
        return "None"
    if isinstance(f, bytes):
        return f"bytes\nwrite f.decode(), which is {f[:40].decode(errors='replace')!r}"
    if isinstance(f, Mapping) or hasattr(f, "columns"):
        return f"{type(f).__name__}\nthe function comes first; a point is given as at={{'x': 2.0}}"
    if isinstance(f, int | float):
        return f"{type(f).__name__}\nwrite a constant as text, {str(f)!r}"
    return type(f).__name__
