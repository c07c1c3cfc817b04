"""The part of many descents that workers compute: rows of a job in, the ends of their descents out."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from secantd.answers import requests
from secantd.answers.failures import error_for
from secantd.answers.functions import FunctionCache, Sharing
from secantd.descent import DescentRequest, Outcome, StopReason, descend
from secantd.engine.connection import same_version
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, graft, symbols
from secantd.interrupt import InterruptError
from secantd.language import Function
from secantd.settings import DEFAULT_LIMITS
from secantd.shown import listed, quoted
from secantd.transport.methods.descend import record
from secantd.version import __version__

from secant._arrays import Array
from secant.v1 import descend_pb2

__all__ = ["COLUMNS", "Kind", "Work", "by_cluster", "handler", "reason_names"]

# After the coordinates: the value, |∇f|, the number of steps and the reason.
COLUMNS = 4
# Between two steps that are reported: none but the ends.
NEVER = 1 << 40


class Kind(Enum):
    """What differs between descents; a row of a job holds it."""

    STARTS = "the start: a value of each variable"
    HELD = "the values of the variables that are held"
    RESAMPLED = "the number of the sample of the data"


@dataclass(frozen=True, slots=True)
class Work:
    """Many descents of one function.

    Attributes:
        kind: What differs between them.
        request: The request of one of them, serialized.
        held: The variables that are held.
        resampled: The data whose rows are drawn.
        seed: The seed of the samples.
        version: The version of the process that made this.
    """

    kind: Kind
    request: bytes
    held: tuple[str, ...] = ()
    resampled: tuple[str, ...] = ()
    seed: int = 0
    version: str = __version__

    def ends(self, rows: Array) -> Array:
        """Return the ends of descents, shape (rows, coordinates + COLUMNS).

        Args:
            rows: What differs, see `Kind`, shape (rows, k).

        Raises:
            CalculusError: As for Descend.
        """
        return np.array([self._end(row) for row in rows])

    def check(self, row: Array) -> None:
        """Raise the error that a descent has at its begin.

        Raises:
            CalculusError: As for Descend.
        """
        next(descend(self._plan(row)), None)

    def _plan(self, row: Array) -> DescentRequest:
        """Return the engine's record of one descent."""
        if self.kind is Kind.RESAMPLED:
            return self._resampled(int(row[0]))
        plan = prepared(self)
        if self.kind is Kind.STARTS:
            names = [name for name, _ in plan.start]
            return replace(plan, start=tuple(zip(names, row.tolist(), strict=True)))
        held = dict(zip(self.held, row.tolist(), strict=True))
        return replace(plan, function=with_numbers(plan.function, held))

    def _end(self, row: Array) -> Array:
        outcome: Outcome | None = None
        for bunch in descend(self._plan(row)):
            outcome = bunch.outcome
        assert outcome is not None
        return np.array(
            [*outcome.point, outcome.value, outcome.gradient_norm, outcome.steps, outcome.reason.value], np.float64
        )

    def _resampled(self, number: int) -> DescentRequest:
        """Return the descent for one sample of the data: as many rows, drawn with replacement."""
        request, data = decoded(self)
        count = len(data[self.resampled[0]])
        chosen = np.random.default_rng([self.seed, number]).integers(0, count, count)
        drawn = {name: values[chosen] if name in self.resampled else values for name, values in data.items()}
        return plan_of(request, drawn)


@lru_cache(maxsize=8)
def decoded(work: Work) -> tuple[descend_pb2.DescendRequest, dict[str, Array]]:
    """Return the request of some work, and its data."""
    request = descend_pb2.DescendRequest.FromString(work.request)
    return request, requests.columns(request.expression.data, "expression.data")


@lru_cache(maxsize=8)
def prepared(work: Work) -> DescentRequest:
    """Return the engine's record of one of the descents."""
    request, data = decoded(work)
    return plan_of(request, data, work.held)


def plan_of(
    request: descend_pb2.DescendRequest, data: Mapping[str, Array], held: tuple[str, ...] = ()
) -> DescentRequest:
    """Return the engine's record of a request with some data.

    Args:
        request: The request.
        data: The data.
        held: Variables of the function that are not in the start.

    Raises:
        CalculusError: As for Descend; UNKNOWN_VARIABLE for a held variable that the function does not have.
    """
    message = request.expression
    columns = [SimpleNamespace(name=n, values=v.ravel(), shape=v.shape if v.ndim > 1 else ()) for n, v in data.items()]
    expression = SimpleNamespace(text=message.text, notation=message.notation, data=columns, shapes=message.shapes)
    point = requests.point(request.start, "start", nameless=True)
    # The function stays in this process, so that its derivatives are made once.
    with FunctionCache(DEFAULT_LIMITS).read_at(expression, point, at="start", sharing=Sharing.NONE) as (
        function,
        start,
    ):
        plan = record(request, function, start)
    for name in held:
        if name not in function.variables or function.arrays:
            headline = f"{quoted(name)} cannot be held: "
            headline += (
                "the function has vectors or matrices" if function.arrays else "it is no variable of the function"
            )
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE, headline, f"its variables are {listed(function.variables)}", field="over"
            )
    return replace(plan, trace_every=NEVER)


def with_numbers(function: Function, values: Mapping[str, float]) -> Function:
    """Return a function of numbers with numbers in the place of some variables.

    >>> from secantd.language import read
    >>> with_numbers(read("x^2 + y"), {"y": 2.0}).variables
    ('x',)
    """
    graph = Graph()
    replaced = {name: graph.number(value) for name, value in values.items()}
    outputs = tuple([graft(graph, function.graph, node, replaced) for node in function.outputs])
    return Function(
        graph,
        outputs,
        function.vector,
        tuple([name for name in function.variables if name not in values]),
        function.notation,
        used=frozenset(symbols(outputs)),
    )


def reason_names(numbers: Array) -> Any:
    """Return the names of reasons, shape (k,).

    >>> reason_names(np.array([1.0, 5.0])).tolist()
    ['CONVERGED', 'STALLED']
    """
    return np.array([StopReason(int(number)).name for number in numbers], dtype="U11")


def handler(setup: str) -> Callable[[bytes], tuple[bool, bytes]]:
    """Return the function that does jobs in a worker process: the bytes of rows in, those of ends or of an error out.

    Args:
        setup: The file with the pickled Work, and the number of columns of a row.
    """
    path, width = setup.rsplit(":", 1)
    work: Work = pickle.loads(Path(path).read_bytes())

    def handle(job: bytes) -> tuple[bool, bytes]:
        try:
            return True, work.ends(np.frombuffer(job).reshape(-1, int(width))).tobytes()
        except (Exception, InterruptError) as error:
            return False, pickle.dumps(error_for(error, "Descend", DEFAULT_LIMITS))

    return handle


def by_cluster(version: str, work: Work, rows: Array) -> Array:
    """Return the ends of descents, in a worker of a cluster."""
    same_version(version)
    return work.ends(rows)
