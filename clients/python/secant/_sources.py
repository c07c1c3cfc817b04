"""Python functions as text: the source of a lambda or a `def`, with the values of the names around it."""

import ast
import builtins
import inspect
import linecache
import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from secant._text import Expression

__all__ = ["source_of"]

# Modules whose functions the language knows, and the names that it reads them by.
_MODULES = {"numpy": "np", "math": "math", "numpy.linalg": "np.linalg"}

WRITE = "write the formula as text, for example 'x^2 + y'"
CHANGED = f"the source of {{}} was changed since Python read it\n{WRITE}"


def source_of(f: Callable[..., Any]) -> "Expression":
    """Return the text of a Python function, whose value is never computed here.

    Names that the function takes from around it are replaced by what they mean when it is given: numbers and arrays become data,
    so that they are no variables, and `import numpy as n` does not matter.

    Args:
        f: A lambda, or a function made by `def`, whose source Python still has.

    Raises:
        TypeError: It is of another kind, has no source, or uses something that is no number.
    """
    from secant._text import Expression

    f = inspect.unwrap(f)
    if not isinstance(f, types.FunctionType):
        name = getattr(f, "__name__", type(f).__name__)
        raise TypeError(f"{name} is not written in Python, so that its formula is not known\n{WRITE}")
    node = _node(f)
    taken = _Names(f, node)
    text = ast.unparse(taken.visit(node))
    return Expression(text, notation="python", data=taken.data or None)


def _node(f: types.FunctionType) -> Any:
    """Return the syntax tree of a function."""
    code = f.__code__
    lines = linecache.getlines(code.co_filename, f.__globals__)
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        lines = []
    if not lines:
        raise TypeError(f"the source of {_name(f)} is not known, as in an interactive Python\n{WRITE}")
    if code not in _codes(compile(tree, code.co_filename, "exec", dont_inherit=True)):
        raise TypeError(CHANGED.format(_name(f)))
    found: list[Any]
    if f.__name__ != "<lambda>":
        found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and code.co_firstlineno in _lines(n)]
    else:
        found = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda)]
        extent = _extent(code)
        if extent is None:
            found = [n for n in found if n.lineno == code.co_firstlineno]
            if len(found) > 1:
                raise TypeError(f"several lambdas begin on one line\nmake a function by def, or {WRITE}")
        else:
            # The innermost lambda around what is computed.
            found = [n for n in found if _begin(n.body) <= extent[0] and extent[1] <= _end(n.body)]
            found = sorted(found, key=lambda n: _begin(n.body))[-1:]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for node in found:
        if tuple(a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]) == names:
            if isinstance(node, ast.FunctionDef):
                return ast.FunctionDef(node.name, _plain(node.args), _without_docstring(node.body), [], None, lineno=1)
            return node
    raise TypeError(CHANGED.format(_name(f)))


def _lines(node: ast.FunctionDef) -> set[int]:
    return {node.lineno, *(d.lineno for d in node.decorator_list)}


def _extent(code: types.CodeType) -> tuple[Any, Any] | None:
    """Return where the source of a function's value begins and ends, as lines and columns in bytes.

    None: Python does not know, as with `-X no_debug_ranges` and, in some versions, for a constant.
    """
    places = [p for p in code.co_positions() if None not in p and p[2:] != (0, 0)]
    return (min((p[0], p[2]) for p in places), max((p[1], p[3]) for p in places)) if places else None


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield a code object and all that are written within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _begin(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0


def _plain(arguments: ast.arguments) -> ast.arguments:
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        argument.annotation = None
    return arguments


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


def _name(f: types.FunctionType) -> str:
    return "this lambda" if f.__name__ == "<lambda>" else f"{f.__name__}()"


class _Names(ast.NodeTransformer):
    """Replaces the names that a function takes from around it.

    Attributes:
        data: Numbers and arrays by name.
    """

    def __init__(self, f: types.FunctionType, node: ast.AST) -> None:
        self.data: dict[str, Any] = {}
        self._f = f
        self._outer = inspect.getclosurevars(f)
        stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        inner = {
            a.arg
            for n in ast.walk(node)
            if isinstance(n, ast.arguments)
            for a in [*n.posonlyargs, *n.args, *n.kwonlyargs]
        }
        self._own = stored | inner

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Replace a name by what it means."""
        if node.id in self._own:
            return node
        value = {**self._outer.globals, **self._outer.nonlocals}.get(node.id, self)
        if value is self:
            if hasattr(builtins, node.id):
                return node
            raise TypeError(
                f"{_name(self._f)} uses {node.id}, which has no value here\ngive it a value, or make it a parameter"
            )
        if isinstance(value, types.ModuleType) and value.__name__ in _MODULES:
            return ast.parse(_MODULES[value.__name__], mode="eval").body
        if callable(value) and _is_known(value):
            return ast.Name(value.__name__)
        if callable(value) or isinstance(value, types.ModuleType):
            raise TypeError(
                f"{_name(self._f)} uses {node.id}, whose formula is not part of it\nwrite what {node.id} computes in its place"
            )
        try:
            # A copy: the caller may change the array before a later call.
            self.data[node.id] = np.array(value, np.float64)
        except (TypeError, ValueError):
            raise TypeError(
                f"{_name(self._f)} uses {node.id}, which is no number and no array, but {type(value).__name__}\nmake it a parameter, or write its value"
            ) from None
        return node


def _is_known(function: Any) -> bool:
    """Return whether a function is one of Python, NumPy or math, which the language reads by its name."""
    module = getattr(function, "__module__", None) or ""
    is_ours = isinstance(function, np.ufunc) or module in ("builtins", "math") or module.partition(".")[0] == "numpy"
    return is_ours and hasattr(function, "__name__")
