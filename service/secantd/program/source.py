"""Python source of a tape. All names in it are positional: nothing of a client's text becomes code."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from secantd.interrupt import checkpoint, paced
from secantd.program.native import at_point
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["Body", "build", "build_in_pieces", "source_body"]

# Terms of one sum: CPython's compiler recurses on a + b + c + ..., so a longer sum becomes several statements.
TERMS = 50
# Nesting of brackets, for the same reason.
DEPTH = 12
# The longest expression, in characters, that is inlined where it is used instead of assigned to a name.
INLINE = 2_000

SIGNS = {"add": " + ", "mul": " * "}


class Body:
    """The statements that compute a tape's outputs from x0, x1, ..., or from x[0], x[1], ...

    Attributes:
        lines: The statements, not indented.
        outputs: An expression for each output.
        names: The values of the names in the source: functions f0, f1, ..., constants c7, ...
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.outputs: list[str] = []
        self.names: dict[str, Any] = {"nan": math.nan}
        self._functions: dict[Callable[..., Any], str] = {}

    def function(self, f: Callable[..., Any]) -> str:
        """Return the name of `f` in the source."""
        name = self._functions.get(f)
        if name is None:
            name = self._functions[f] = f"f{len(self._functions)}"
            self.names[name] = f
        return name


def source_body(tape: Tape, careful: bool, listed: bool = False) -> Body:
    """Return the source of `tape`.

    Args:
        tape: The instructions.
        careful: Whether the source never raises; the faster one may raise ArithmeticError or ValueError.
        listed: Whether variables and intermediate results are items of lists x and t, so that the lines can be divided
            among several functions.
    """
    body = Body()
    given, kept = ("x[{}]", "t[{}]") if listed else ("x{}", "t{}")
    text: dict[int, str] = {i: given.format(i) for i in range(len(tape.variables))}
    depth: dict[int, int] = {}
    for slot, value in tape.constants.items():
        text[slot] = f"c{slot}"
        body.names[text[slot]] = value
    natively = at_point(tape)
    if natively is not None:
        variables = ", ".join([text[i] for i in range(len(tape.variables))])
        body.outputs = [kept.format(o) for o in tape.outputs]
        body.lines.append(f"{', '.join(body.outputs)}, = {body.function(natively)}(({variables},))")
        return body
    for op, args, out, rows in paced(tape.code):
        row = operation(op)
        template = row.plain if isinstance(row.plain, str) and (row.total or not careful) else None
        for position, a in enumerate(args):
            if template and depth.get(a) and template.count(f"{{{position}}}") > 1:
                body.lines.append(f"{kept.format(a)} = {text[a]}")
                text[a], depth[a] = kept.format(a), 0
        texts = [text[a] for a in args]
        level = 1 + max(depth.get(a, 0) for a in args)
        vector = rows > 1 or row.reduction
        if row.reduction or (template is None and op not in SIGNS and not vector):
            f = row.plain if callable(row.plain) and not careful else row.careful
            written = f"{body.function(f)}({', '.join(texts)})"
        elif vector:
            written = f"{body.function(row.array)}({', '.join(texts)})"
        elif template is not None:
            written = template.format(*texts)
        else:
            written = _nary(body, SIGNS[op], texts, kept.format(out))
        if tape.uses[out] == 1 and level < DEPTH and len(written) < INLINE and not vector:
            text[out], depth[out] = written, level
        else:
            text[out] = kept.format(out)
            body.lines.append(f"{text[out]} = {written}")
    body.outputs = [text[o] for o in tape.outputs]
    return body


def _nary(body: Body, sign: str, texts: Sequence[str], name: str) -> str:
    """Return a sum or product; a long one begins with statements that are appended to the body."""
    first = 0
    while len(texts) - first > TERMS:
        begun = [name] if first else []
        body.lines.append(f"{name} = {sign.join([*begun, *texts[first : first + TERMS]])}")
        first += TERMS
    return f"({sign.join([*([name] if first else []), *texts[first:]])})"


# CPython takes longer to compile a short loop than to run it some hundred times. Names are positional, so formulas that
# differ only in names and constants have equal sources. Longer sources are rarely repeated and not kept.
KEPT, LARGEST_KEPT = 512, 8_192
# Characters of one piece of a program that is compiled piece by piece.
PIECE = 8_192


def _compiled(source: str) -> CodeType:
    return compile(source, "<secant>", "exec")


_kept = lru_cache(maxsize=KEPT)(_compiled)


def build(arguments: str, lines: Sequence[str], names: dict[str, Any]) -> Callable[..., Any]:
    """Compile a function.

    Args:
        arguments: Its parameters as source, such as "x, y".
        lines: The statements of its body, not indented.
        names: Values of the other names in the body.
    """
    # As defaults of parameters they are locals, which are faster than globals.
    source = "\n ".join([f"def f({', '.join([arguments, *[f'{n}={n}' for n in names]])}):", *lines, ""])
    scope: dict[str, Any] = {"__builtins__": {}, **names}
    exec((_kept if len(source) <= LARGEST_KEPT else _compiled)(source), scope)
    # A function in its own globals would be a cycle for the garbage collector.
    function: Callable[..., Any] = scope.pop("f")
    return function


def build_in_pieces(arguments: str, lines: Sequence[str], names: dict[str, Any]) -> list[Callable[..., Any]]:
    """Compile functions of `arguments` which, called in order, execute `lines`; see `build`.

    CPython compiles a function without letting other threads run; for one piece that takes some milliseconds.

    Args:
        arguments: Their parameters as source.
        lines: The statements, not indented; none uses a local name of an earlier piece.
        names: Values of the other names in the statements.
    """
    scope: dict[str, Any] = {"__builtins__": {}, **names}
    pieces: list[Callable[..., Any]] = []
    piece: list[str] = []
    size = 0
    for i, line in enumerate(lines):
        piece.append(line)
        size += len(line)
        if size >= PIECE or i == len(lines) - 1:
            checkpoint()
            exec(_compiled("\n ".join([f"def f({arguments}):", *piece, ""])), scope)
            pieces.append(scope.pop("f"))
            piece, size = [], 0
    return pieces
