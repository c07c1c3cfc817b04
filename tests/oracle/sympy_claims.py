"""The derivatives that SymPy's own tests state, taken from the installed package: python tests/oracle/sympy_claims.py

A test is run without its assertions; each assertion that a derivative equals something is recorded as a claim instead.
"""

import ast
import contextlib
import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Claim", "claims"]

# Methods that change the form of a derivative, and not its values.
FORMS = frozenset("expand simplify factor together cancel doit trigsimp ratsimp radsimp".split())

# The highest order of a derivative that is checked.
HIGHEST = 20


@dataclass(frozen=True)
class Claim:
    """A claim: the derivative of `function` with respect to each of `variables` in turn is one of SymPy's `expressions`."""

    place: str
    function: Any
    variables: tuple[Any, ...]
    derivative: Any


class Recorder(ast.NodeTransformer):
    """Replaces assertions about derivatives by calls of `record_`, and leaves out all others."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.In | ast.Is):
            steps = derivative_of(test.left)
            right = test.comparators[0]
            rights = right.elts if isinstance(test.ops[0], ast.In) and isinstance(right, ast.List) else [right]
            if steps is not None:
                function, arguments = steps
                calls = [
                    f"record_({node.lineno}, lambda: {function}, lambda: {arguments}, lambda: {ast.unparse(r)})"
                    for r in rights
                ]
                return ast.parse("if True:\n    " + "\n    ".join(calls)).body[0]
        return ast.Pass()

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        return ast.Pass()


def derivative_of(node: ast.expr) -> tuple[str, str] | None:
    """Return the function and the list of arguments of f.diff(...), diff(f, ...) or f.fdiff(...) as texts, None for all else."""
    while (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in FORMS
        and not node.args
    ):
        node = node.func.value
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    if isinstance(node.func, ast.Name) and node.func.id == "diff" and node.args:
        inner, arguments = node.args[0], node.args[1:]
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "diff":
        inner, arguments = node.func.value, node.args
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "fdiff":
        index = ast.unparse(node.args[0]) if node.args else "1"
        function = ast.unparse(node.func.value)
        return function, f"[({function}).args[{index} - 1]]"
    else:
        return None
    before = derivative_of(inner)
    own = f"[{', '.join(map(ast.unparse, arguments))}]"
    return (before[0], f"{before[1]} + {own}") if before is not None else (ast.unparse(inner), own)


def orders(arguments: list[Any]) -> tuple[Any, ...]:
    """Return the variables of diff(f, x, 2, (y, 3)), each as often as f is differentiated with respect to it."""
    import sympy

    found: list[Any] = []
    for argument in arguments:
        if isinstance(argument, int | sympy.Integer) and argument > HIGHEST:
            raise ValueError("a test of speed")
        if isinstance(argument, tuple | sympy.Tuple):
            found += [argument[0]] * int(argument[1])
        elif isinstance(argument, int | sympy.Integer):
            found += [found.pop()] * int(argument)
        else:
            found.append(argument)
    return tuple(found)


def modules() -> list[str]:
    """Return the names of the modules of SymPy's tests of derivatives of functions."""
    import sympy

    folder = Path(sympy.__file__).parent
    files = [folder / "core/tests/test_diff.py", *sorted(folder.glob("functions/*/tests/test_*.py"))]
    return [".".join(("sympy", *f.relative_to(folder).with_suffix("").parts)) for f in files]


def claims(counts: Counter[str]) -> Iterator[Claim]:
    """Yield the claims of all modules; `counts` gets the number of assertions with a derivative, and of those that are no claim."""
    for name in modules():
        with contextlib.suppress(ImportError):
            yield from claims_of(name, counts)


def claims_of(name: str, counts: Counter[str]) -> Iterator[Claim]:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    source = Path(module.__file__).read_text(encoding="utf-8")
    found: list[Claim] = []

    def record(
        line: int, function: Callable[[], Any], arguments: Callable[[], Any], derivative: Callable[[], Any]
    ) -> None:
        counts["stated"] += 1
        try:
            found.append(Claim(f"{name}:{line}", function(), orders(arguments()), derivative()))
        except Exception:
            counts["not evaluated"] += 1

    for test in ast.parse(source).body:
        if isinstance(test, ast.FunctionDef) and not test.args.args and "diff(" in ast.unparse(test):
            # Marks such as XFAIL and slow are for SymPy's own runs.
            test.decorator_list = []
            changed = ast.fix_missing_locations(ast.Module([Recorder().visit(test)], []))
            space: dict[str, Any] = {**vars(module), "record_": record}
            exec(compile(changed, name, "exec"), space)
            with contextlib.suppress(Exception):
                space[test.name]()
    yield from found
