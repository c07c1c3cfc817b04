"""A program: the values of expressions at one point or at many."""

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.interrupt import checkpoint, need_time
from secantd.program.blocks import BlockEvaluator
from secantd.program.interpret import Interpreter
from secantd.program.losses import FAR_VALUE, MODERATE, NEAR_VALUE, far_of, losses, lost_at, moderate, watched
from secantd.program.native import HAPPENED
from secantd.program.recomputed import BATCH_WORK, QUICK, recomputed
from secantd.program.source import Body, build, build_in_pieces, source_body
from secantd.program.tape import Tape, record
from secantd.program.walk import single_of

__all__ = ["Program", "compile"]

Array = NDArray[np.float64]

# Calls after which compiling pays: CPython compiles an instruction in the time in which 50 are interpreted.
CALLS = 50
# The largest tape that is compiled, in instructions: CPython takes more than a second for a larger one.
LARGEST_SOURCE = 20_000
# Instructions that are compiled at once, which takes some milliseconds.
IN_ONE_PIECE = 400
# Points that are looked at together.
TOGETHER = 16_384
# What happens where no value is doubtful; see BlockEvaluator.
USUAL = [kinds for kinds in HAPPENED if "finite" in kinds and kinds <= {"finite", "easy"}]
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
        # Numbers whose size shows whether digits may have been lost.
        self._watched = [i.out for i in tape.code if i.rows == 1 and i.op not in MODERATE] if self._scalar else []
        self._observed = observed(tape, self._watched)
        self._far = far_of(tape)
        self._near = 1.0 / self._far
        self._exponential = bool(watched(tape))
        # Beside exponentials a column with a large number matters, and not every call of the blocks searches for one.
        self._usual = [kinds for kinds in USUAL if "easy" in kinds or not self._exponential]
        self._interpreter: Interpreter | None = None
        self._plain: Callable[..., list[float]] | None = None
        self._careful: Callable[..., list[float]] | None = None
        self._blocks: BlockEvaluator | None = None
        self._calls = 0

    @property
    def watched(self) -> list[int]:
        """The slots of exponentials and powers whose size shows whether digits may have been lost."""
        rows = {i.out: i.rows for i in self.tape.code}
        return [slot for slot in watched(self.tape) if rows[slot] == 1]

    def loses(self, values: Sequence[float]) -> bool:
        """Return whether an output at a point has lost digits."""
        with np.errstate(all="ignore"):
            return all(map(math.isfinite, values)) and any(lost_at(self.tape, values))

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
        happened: list[str] = []
        if self._vectors:
            with np.errstate(all="ignore", over="call", under="call", call=lambda kind, _: happened.append(kind)):
                found = self._point(values)
        else:
            found = self._point(values)
        doubtful = bool(happened)
        near, far = self._near, self._far
        # Generators and calls take twice as long.
        for v in values:
            if not near < abs(v) < far and v:
                doubtful = True
        if self._watched and found.pop():
            doubtful = True
        finite = math.isfinite(sum(found)) or all(map(math.isfinite, found))
        if finite and not doubtful:
            return found
        if not all(map(math.isfinite, values)):
            return found
        with np.errstate(all="ignore"):
            lost = lost_at(self.tape, values)
        return self._recomputed(found, values, [k for k, v in enumerate(found) if lost[k] or not math.isfinite(v)])

    def doubles(self, values: Sequence[float]) -> list[float]:
        """Return the outputs at one point as `point` does, but without more digits where some are lost."""
        with np.errstate(all="ignore"):
            found = self._point(values)
        if self._watched:
            found.pop()
        return found

    def _recomputed(
        self, found: list[float], values: Sequence[float], lost: list[int], spent: list[int] | None = None
    ) -> list[float]:
        """Return the outputs at a point; those that are lost without overflow, underflow and what cancels in between."""
        with np.errstate(all="ignore"):
            wide = recomputed(self.tape, values, lost, spent) if lost else None
        if wide is None:
            return found
        found = found.copy()
        for k, b in zip(lost, wide, strict=True):
            a = found[k]
            if not b.known or b.value != b.value:
                found[k] = a if math.isfinite(a) else math.nan
            elif not b.pole:
                # A pole is decided by digits that decimals do not have: (x^2 - 0.09)/(x - 0.3) is 0/0 at 0.3.
                found[k] = b.value
        return found

    def missing(self, values: Sequence[float]) -> tuple[bool, bool]:
        """Return whether an output at a point is larger than all doubles, and whether all digits of one cancel."""
        with np.errstate(all="ignore"):
            wide = recomputed(self.tape, values, range(len(self.tape.outputs))) or []
        return any(v.overflows for v in wide), any(not v.known for v in wide)

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
                self._careful = _function(self._observed, careful=True, count=len(self.tape.outputs))
            return self._careful(values)

    def _interpret(self, values: Sequence[float]) -> list[float]:
        if self._interpreter is None:
            self._interpreter = Interpreter(self._observed)
        found = self._interpreter(values)
        if self._watched:
            count = len(self.tape.outputs)
            # As in compiled code, where a square costs less than a call of abs().
            moderate = all(NEAR_VALUE < v * v < FAR_VALUE for v in found[count:])
            found[count:] = [0.0 if moderate else 1.0]
        return found

    def prepare(self) -> None:
        """Compile now, for a caller that will evaluate many single points; a large tape stays interpreted."""
        if self._plain is None and len(self.tape.code) <= LARGEST_SOURCE:
            count = len(self.tape.outputs)
            self._plain = single_of(self._observed, count) or _function(self._observed, careful=False, count=count)

    def batch(
        self,
        columns: Mapping[str, ArrayLike] | Sequence[ArrayLike],
        left: list[int] | None = None,
        work: int = BATCH_WORK,
    ) -> list[Array]:
        """Return the outputs at N points, each of shape (N,), or (N, rows) where an output is a vector.

        Args:
            columns: For each variable N values, or one value for all points; by name or in order.
            left: Receives the number of points that stay in double precision although something overflows or underflows, if there are
                too many.
            work: How much may be computed with more digits, in sums; see `recomputed`.

        Raises:
            CalculusError: UNKNOWN_VARIABLE: no column for a variable; INVALID_VALUE: columns of different lengths.

        >>> from secantd.expression import Graph
        >>> g = Graph()
        >>> x, y = g.symbol("x"), g.symbol("y")
        >>> compile([g.make("mul", x, y)], ["x", "y"]).batch({"x": [1.0, 2.0, 3.0], "y": [2.0]})
        [array([2., 4., 6.])]
        """
        return self.batch_and_finite(columns, left, work)[0]

    def batch_and_finite(
        self,
        columns: Mapping[str, ArrayLike] | Sequence[ArrayLike],
        left: list[int] | None = None,
        work: int = BATCH_WORK,
    ) -> tuple[list[Array], bool]:
        """Return what `batch` returns, and whether it is known that all numbers are finite."""
        # Whether a list is a mapping takes longer to find out.
        if not isinstance(columns, list) and isinstance(columns, Mapping):
            columns = self._in_order(columns)
        far = self._far if self._exponential else 0.0
        blocks = self._blocks
        if blocks is not None and self._scalar:
            # The usual case, without a look at each column in Python.
            quick = blocks.at_once(columns, FEW, far)
            if quick is not None:
                found, happened = quick
                if happened in self._usual:
                    return found, True
                return self._without_overflow(found, columns, happened, left, work), False
        arrays = [_array(c) for c in columns]
        points = _length(self.variables, arrays)
        if points <= FEW and not self._vectors and self._scalar:
            rows = [self.point([float(a[k if len(a) > 1 else 0]) for a in arrays]) for k in range(points)]
            known = all(math.isfinite(v) for row in rows for v in row)
            return [np.array([row[j] for row in rows]) for j in range(len(self.tape.outputs))], known
        if blocks is None:
            blocks = self._blocks = BlockEvaluator(self.tape)
        found, happened = blocks(arrays, points, far)
        if self._scalar and happened in self._usual:
            return found, True
        return self._without_overflow(found, arrays, happened, left, work) if self._scalar else found, False

    def _without_overflow(
        self,
        found: list[Array],
        columns: Sequence[ArrayLike],
        happened: AbstractSet[str],
        left: list[int] | None,
        work: int,
    ) -> list[Array]:
        """Compute doubtful values once more, at so many points that it does not take long.

        Doubtful is what is not finite, and what has lost digits because something overflowed or underflowed.
        """
        finite, easy = "finite" in happened, "easy" in happened or not self._exponential
        happened = happened - {"finite", "easy"}
        arrays = [_array(c) for c in columns]
        if not happened and not easy and any(is_hard(a, self._far) for a in arrays):
            happened = {"hard"}
        if finite and not happened:
            return found
        with np.errstate(all="ignore"):
            total = np.add.reduce(found)
            if math.isfinite(np.add.reduce(total)) and not happened:
                return found
        doubtful = [~np.isfinite(o) for o in found]
        if happened:
            together = max(TOGETHER // max([i.rows for i in self.tape.code] + [1]), 1)
            for k in range(0, len(total), together):
                parts = [a if len(a) == 1 else a[k : k + together] for a in arrays]
                lost = losses(self.tape, [p[:, None] for p in parts] if self._vectors else parts)
                for d, more in zip(doubtful, lost, strict=True):
                    d[k : k + together] |= more
        places = np.flatnonzero(np.logical_or.reduce(doubtful))
        # Infinities of the point are no doubt.
        for a in arrays:
            if len(a) > 1:
                places = places[np.isfinite(a[places])]
            elif not math.isfinite(a[0]):
                places = places[:0]
        if len(places) * len(self.tape.code) > QUICK:
            need_time()
        spent, done = [0], 0
        for k in places.tolist():
            if spent[0] > work:
                break
            # The functions of one operation may take many steps.
            checkpoint()
            done += 1
            row = [float(o[k]) for o in found]
            values = [float(a[k if len(a) > 1 else 0]) for a in arrays]
            row = self._recomputed(row, values, [j for j, d in enumerate(doubtful) if d[k]], spent)
            for o, value in zip(found, row, strict=True):
                o[k] = value
        if left is not None and happened and len(places) > done:
            left.append(len(places) - done)
        return found

    def _in_order(self, columns: Mapping[str, ArrayLike]) -> list[ArrayLike]:
        for name in self.variables:
            if name not in columns:
                raise CalculusError(
                    Reason.UNKNOWN_VARIABLE,
                    f"there are no values for '{name}'",
                    "give one value for each point, or one for all points",
                    metadata={"variable": name},
                )
        return [columns[name] for name in self.variables]


def is_hard(a: Array, far: float) -> bool:
    """Return whether a variable is very large or small somewhere, but not 0."""
    low, high = float(a.min()), float(a.max())
    if not -far < low <= high < far:
        return True
    small = low <= 1.0 / far and high >= -1.0 / far
    return small and bool(np.any((np.abs(a) <= 1.0 / far) & (a != 0.0)))


def observed(tape: Tape, slots: Sequence[int]) -> Tape:
    """Return a tape with further outputs."""
    uses = list(tape.uses)
    for slot in slots:
        uses[slot] += 1
    return replace(tape, outputs=(*tape.outputs, *slots), rows=(*tape.rows, *[1] * len(slots)), uses=tuple(uses))


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


def _function(tape: Tape, careful: bool, count: int) -> Callable[..., Any]:
    """Return the function of a tape that returns its first `count` outputs, then whether others are very large or small."""
    body = source_body(tape, careful, listed=len(tape.code) > IN_ONE_PIECE)
    if len(body.outputs) > count:
        body.outputs[count:] = [f"(0.0 if {moderate(body.outputs[count:])} else 1.0)"]
    if len(tape.code) > IN_ONE_PIECE:
        return _joined(tape, body)
    unpack = ["".join(f"x{i}, " for i in range(len(tape.variables))) + "= x"] if tape.variables else []
    return build("x", [*unpack, *body.lines, f"return [{', '.join(body.outputs)}]"], body.names)


def _joined(tape: Tape, body: Body) -> Callable[..., Any]:
    """Return the function of `body`, which refers to a list x of variables and a list t of intermediate results."""
    lines = [*body.lines, *[f"y[{k}] = {output}" for k, output in enumerate(body.outputs)]]
    pieces = build_in_pieces("x, t, y", lines, body.names)
    slots, outputs = [0.0] * tape.slots, [0.0] * len(body.outputs)

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
