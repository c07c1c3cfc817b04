"""A program: the values of expressions at one point or at many."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.program.blocks import BlockEvaluator
from secantd.program.interpret import Interpreter
from secantd.program.source import Body, build, build_in_pieces, source_body
from secantd.program.tape import Tape, record
from secantd.program.wide import WORK, recomputed

__all__ = ["Program", "compile"]

Array = NDArray[np.float64]

# Calls after which compiling pays: CPython compiles an instruction in the time in which 50 are interpreted.
CALLS = 50
# The largest tape that is compiled, in instructions: CPython takes more than a second for a larger one.
LARGEST_SOURCE = 20_000
# Instructions that are compiled at once, which takes some milliseconds.
IN_ONE_PIECE = 400
# From this size of a number on, and below its reciprocal, powers may overflow in between.
FAR = 1e30
NEAR = 1.0 / FAR
# Up to so many points are faster one by one than as arrays.
FEW = 4


class Program:
    """Outputs as functions of variables. Any thread may call it; what it caches changes no value.

    Attributes:
        tape: The instructions.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._vectors = tape.vectors
        self._scalar = all(r == 1 for r in tape.rows)
        self._interpreter: Interpreter | None = None
        self._plain: Callable[..., list[float]] | None = None
        self._careful: Callable[..., list[float]] | None = None
        self._blocks: BlockEvaluator | None = None
        self._calls = 0

    @property
    def variables(self) -> tuple[str, ...]:
        """The order of the values of a point."""
        return self.tape.variables

    def point(self, values: Sequence[float]) -> list[float]:
        """Return the outputs at one point: floats, NaN and Inf as IEEE 754 has them.

        Args:
            values: n floats in the order of `variables`.

        Raises:
            CalculusError: INVALID_VALUE: an output is a vector; use `batch`.

        >>> from secantd.expression import Graph
        >>> g = Graph()
        >>> compile([g.make("div", g.number(1), g.symbol("x"))], ["x"]).point([0.0])
        [inf]
        """
        if not self._scalar:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "the value is a vector of the data's length, not a number",
                "reduce it, for example by sum()",
            )
        if self._vectors:
            with np.errstate(all="ignore"):
                found = self._point(values)
        else:
            found = self._point(values)
        doubtful = far_out(values) or (not math.isfinite(sum(found)) and not all(map(math.isfinite, found)))
        return self._recomputed(found, values) if doubtful else found

    def _recomputed(self, found: list[float], values: Sequence[float]) -> list[float]:
        """Return the outputs at a point without overflow and underflow in between."""
        if not all(map(math.isfinite, values)):
            return found
        with np.errstate(all="ignore"):
            wide = recomputed(self.tape, values)
        if wide is None:
            return found
        # The others too: a quotient by Inf is 0.
        return [a if b.m != b.m else float(b) for a, b in zip(found, wide, strict=True)]

    def overflows(self, values: Sequence[float]) -> bool:
        """Return whether an output at a point is a number that is larger than all doubles."""
        with np.errstate(all="ignore"):
            wide = recomputed(self.tape, values)
        return wide is not None and any(v.finite and not math.isfinite(float(v)) for v in wide)

    def _point(self, values: Sequence[float]) -> list[float]:
        if self._plain is None:
            self._calls += 1
            if self._calls > CALLS and len(self.tape.code) <= LARGEST_SOURCE:
                self.prepare()
            return self._interpret(values)
        try:
            return self._plain(values)
        except (ArithmeticError, ValueError):
            if self._careful is None:
                self._careful = _function(self.tape, careful=True)
            return self._careful(values)

    def _interpret(self, values: Sequence[float]) -> list[float]:
        if self._interpreter is None:
            self._interpreter = Interpreter(self.tape)
        return self._interpreter(values)

    def prepare(self) -> None:
        """Compile now, for a caller that will evaluate many single points; a large tape stays interpreted."""
        if self._plain is None and len(self.tape.code) <= LARGEST_SOURCE:
            self._plain = _function(self.tape, careful=False)

    def batch(self, columns: Mapping[str, ArrayLike] | Sequence[ArrayLike]) -> list[Array]:
        """Return the outputs at N points, each of shape (N,), or (N, rows) where an output is a vector.

        Args:
            columns: For each variable N values, or one value for all points; by name or in order.

        Raises:
            CalculusError: UNKNOWN_VARIABLE: no column for a variable; INVALID_VALUE: columns of different lengths.

        >>> from secantd.expression import Graph
        >>> g = Graph()
        >>> x, y = g.symbol("x"), g.symbol("y")
        >>> compile([g.make("mul", x, y)], ["x", "y"]).batch({"x": [1.0, 2.0, 3.0], "y": [2.0]})
        [array([2., 4., 6.])]
        """
        arrays = self._arrays(columns)
        points = _length(self.variables, arrays)
        if points <= FEW and not self._vectors and self._scalar:
            rows = [self.point([float(a[k if len(a) > 1 else 0]) for a in arrays]) for k in range(points)]
            return [np.array([row[j] for row in rows]) for j in range(len(self.tape.outputs))]
        if self._blocks is None:
            self._blocks = BlockEvaluator(self.tape)
        found, happened = self._blocks(arrays, points)
        return self._without_overflow(found, arrays, happened) if self._scalar else found

    def _without_overflow(self, found: list[Array], arrays: Sequence[Array], happened: set[str]) -> list[Array]:
        """Compute doubtful values once more, at so many points that it does not take long.

        Doubtful is what is not finite, what is 0 because of an overflow, and what is far out.
        """
        with np.errstate(all="ignore"):
            total = np.add.reduce(found)
            if math.isfinite(np.add.reduce(total)) and not happened:
                return found
        doubtful = ~np.isfinite(total)
        for o in found if "overflow" in happened else ():
            doubtful |= o == 0.0
        for a in arrays if happened else ():
            size = np.abs(a)
            doubtful |= (size != 0.0) & ((size >= FAR) | (size <= NEAR))
        work = sum([i.rows for i in self.tape.code]) + 1
        for k in np.flatnonzero(doubtful)[: WORK // work].tolist():
            row = [float(o[k]) for o in found]
            for o, value in zip(
                found, self._recomputed(row, [float(a[k if len(a) > 1 else 0]) for a in arrays]), strict=True
            ):
                o[k] = value
        return found

    def _arrays(self, columns: Mapping[str, ArrayLike] | Sequence[ArrayLike]) -> list[Array]:
        if isinstance(columns, Mapping):
            for name in self.variables:
                if name not in columns:
                    raise CalculusError(
                        Reason.UNKNOWN_VARIABLE,
                        f"there are no values for '{name}'",
                        "give one value for each point, or one for all points",
                        metadata={"variable": name},
                    )
            columns = [columns[name] for name in self.variables]
        return [_array(c) for c in columns]


def far_out(values: Sequence[float]) -> bool:
    """Return whether a number is so large or so small that its powers may overflow in between."""
    # A generator takes twice as long.
    for v in values:  # noqa: SIM110
        if not NEAR < abs(v) < FAR and v:
            return True
    return False


def _array(column: ArrayLike) -> Array:
    """Return a column as contiguous doubles, without a copy where it already is."""
    if isinstance(column, np.ndarray) and column.ndim == 1 and column.dtype == np.float64 and column.flags.c_contiguous:
        return column
    return np.ascontiguousarray(np.atleast_1d(column), dtype=np.float64)


def _length(variables: Sequence[str], arrays: Sequence[Array]) -> int:
    """Return N.

    Raises:
        CalculusError: INVALID_VALUE: two columns have different lengths, none of them 1.
    """
    points = 1
    for name, a in zip(variables, arrays, strict=True):
        if len(a) != 1 and len(a) != points:
            if points != 1:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"column '{name}' has {len(a)} values, the columns before have {points}",
                    "give all columns the same length, or length 1",
                    metadata={"variable": name},
                )
            points = len(a)
    return points


def _function(tape: Tape, careful: bool) -> Callable[..., Any]:
    if len(tape.code) > IN_ONE_PIECE:
        return _joined(tape, source_body(tape, careful, listed=True))
    body = source_body(tape, careful)
    unpack = ["".join(f"x{i}, " for i in range(len(tape.variables))) + "= x"] if tape.variables else []
    return build("x", [*unpack, *body.lines, f"return [{', '.join(body.outputs)}]"], body.names)


def _joined(tape: Tape, body: Body) -> Callable[..., Any]:
    """Return the function of `body`, which refers to a list x of variables and a list t of intermediate results."""
    lines = [*body.lines, *[f"y[{k}] = {output}" for k, output in enumerate(body.outputs)]]
    pieces = build_in_pieces("x, t, y", lines, body.names)
    slots, outputs = [0.0] * tape.slots, [0.0] * len(tape.outputs)

    def function(x: Sequence[float]) -> list[float]:
        t, y = slots.copy(), outputs.copy()
        for piece in pieces:
            piece(x, t, y)
        return y

    return function


def compile(
    outputs: Sequence[Node],
    variables: Sequence[str],
    columns: Mapping[str, NDArray[np.float64]] | None = None,
) -> Program:
    """Return the program of `outputs` as functions of `variables`.

    Args:
        outputs: Nodes of one graph.
        variables: The order of a point's values; it contains all symbols of `outputs`.
        columns: The data columns, `Graph.columns`, each of shape (rows,).

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a symbol is not in `variables`; MISSING_PART: a function has no implementation.
    """
    return Program(record(outputs, variables, columns or {}))
