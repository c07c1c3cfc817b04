"""EvaluateStream and Descend over a data set of the server."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from secant.v1 import descend_pb2, evaluate_pb2, expression_pb2

from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.answers.requests import invalid
from secantd.calculus import check_order
from secantd.descent import Bunch, DescentRequest
from secantd.engine.catalogue import Catalogue, catalogue_of
from secantd.engine.cluster import Cluster
from secantd.engine.connection import same_version
from secantd.engine.descents import descend_rows
from secantd.engine.passes import Parts
from secantd.errors import within
from secantd.interrupt import checkpoint
from secantd.language import read
from secantd.language.notation import Notation
from secantd.rows import BLOCK, RowFormula, Values, values
from secantd.settings import Limits
from secantd.tables import Part, Table
from secantd.transport.messages.packed import encoded
from secantd.version import __version__

__all__ = ["blocks_of_rows", "descent_over_rows", "is_over_rows"]

Array = NDArray[np.float64]

# Doubles of one message, as the clients send them.
MESSAGE = 65_536


def is_over_rows(expression: expression_pb2.Expression) -> bool:
    """Whether an expression is the formula of a row of a data set."""
    return bool(expression.data_set)


def row_formula(
    expression: expression_pb2.Expression,
    table: Table,
    field: str,
    limits: Limits,
    variables: Sequence[str] = (),
    order: int = 0,
) -> RowFormula:
    """Return the formula of a row; raise INVALID_VALUE for data and shapes, and for columns that are not of numbers."""
    for part in ("data", "shapes"):
        if getattr(expression, part):
            hint = "its columns are those of the data set, and its parameters are numbers"
            raise invalid(f"{field}.{part}", f"the formula of a row has no {part}", hint)
    notation = requests.choice(Notation, expression.notation, f"{field}.notation")
    # The formula of a row is read within the default limits; those of the server may be less.
    read(expression.text, notation, limits=limits, variables=variables)
    formula = RowFormula(expression.text, table.columns, notation, tuple(variables), order)
    table.require(formula.needed)
    return formula


def numbers(messages: Sequence[expression_pb2.Coordinate], field: str) -> dict[str, float]:
    """Return the values of parameters."""
    point = requests.point(messages, field)
    for i, (name, value) in enumerate(point.items()):
        if not isinstance(value, float):
            raise invalid(f"{field}[{i}].values", f"the parameter {name} is no number", "give it one value")
    return {name: float(value) for name, value in point.items()}


# -- Descend --------------------------------------------------------------------------------------------------------------


def descent_over_rows(
    request: descend_pb2.DescendRequest, functions: FunctionCache, record: Any
) -> tuple[Sequence[str], Iterator[Bunch]]:
    """Return the variables of a descent over the rows of a data set, and its bunches of steps.

    Args:
        request: The request.
        functions: The functions and the data sets of the server.
        record: Returns the engine's record of a request, a function and a start.
    """
    catalogue, name = catalogue_of(functions), request.expression.data_set
    table = catalogue.table(name)
    with catalogue.hidden(name):
        formula = row_formula(request.expression, table, "expression", functions.limits)
        start = numbers(request.start, "start")
        plan: DescentRequest = record(request, formula.compiled().function, start)
        steps = descend_rows(
            formula,
            catalogue.passes(table),
            plan,
            skip=request.skip_missing,
            limits=functions.limits,
            where=table.where,
        )
    return list(start), hidden(catalogue, name, steps)


def hidden(catalogue: Catalogue, name: str, steps: Iterator[Bunch]) -> Iterator[Bunch]:
    """Yield bunches of steps; errors do not name folders of the server."""
    with catalogue.hidden(name):
        yield from steps


# -- EvaluateStream ---------------------------------------------------------------------------------------------------------


class Block(NamedTuple):
    """The fields of EvaluateStreamResponse."""

    values: Array
    derivatives: tuple[tuple[str, Array], ...]
    variables: tuple[str, ...]
    offset: int
    limits: tuple[int, ...]
    notices: tuple[str, ...]


def blocks_of_rows(setup: evaluate_pb2.EvaluateStreamRequest.Setup, functions: FunctionCache) -> Iterator[bytes]:
    """Return the answers to all rows of a data set, block by block; errors of the request are raised at once."""
    catalogue, name = catalogue_of(functions), setup.expression.data_set
    with within("setup"):
        check_order(setup.order)
        variables = requests.variables(setup.variables, functions.limits)
        table = catalogue.table(name)
        with catalogue.hidden(name):
            formula = row_formula(setup.expression, table, "expression", functions.limits, variables, setup.order)
            at = formula.compiled().point(numbers(setup.at, "at"))
            chosen = formula.compiled().derived(summed=False).variables
    n = len(chosen)
    width = 1 + (n if setup.order else 0) + (n * (n + 1) // 2 if setup.order > 1 else 0)
    rows = max(1, min(BLOCK, MESSAGE // width))
    cluster = catalogue.cluster()
    found = (
        own_blocks(table, formula, at, rows) if cluster is None else cluster_blocks(cluster, table, formula, at, rows)
    )
    return answers(catalogue, name, found, chosen, formula.notices)


def own_blocks(table: Table, formula: RowFormula, at: Mapping[str, float], rows: int) -> Iterator[Values]:
    """Yield the values of blocks of rows, computed here."""
    for part in table.parts:
        yield from values_of(part, formula, at, rows)


def cluster_blocks(
    cluster: Cluster, table: Table, formula: RowFormula, at: Mapping[str, float], rows: int
) -> Iterator[Values]:
    """Yield the values of blocks of rows in their order, computed by the workers of a cluster."""
    source, arguments = Parts(table.parts), (__version__, formula, dict(at), rows)
    parts = cluster.results(
        source.count,
        lambda some: source.submit(cluster.client, part_values, some, arguments),
        # One that is sent, and one that follows, for each thread.
        window=2 * cluster.threads,
        ordered=True,
    )
    for _, blocks in parts:
        yield from blocks


def part_values(version: str, formula: RowFormula, at: Mapping[str, float], rows: int, part: Part) -> list[Values]:
    """Return the values of one partition in blocks, in a worker."""
    same_version(version)
    return list(values_of(part, formula, at, rows))


def values_of(part: Part, formula: RowFormula, at: Mapping[str, float], rows: int) -> Iterator[Values]:
    """Yield the values of one partition in blocks."""
    columns = part.read(formula.needed)
    for begin in range(0, part.rows, rows):
        checkpoint()
        yield values(formula, {name: column[begin : begin + rows] for name, column in columns.items()}, at)


def answers(
    catalogue: Catalogue, name: str, blocks: Iterable[Values], variables: tuple[str, ...], notices: tuple[str, ...]
) -> Iterator[bytes]:
    """Yield the messages with blocks of values."""
    offset = 0
    with catalogue.hidden(name):
        for block in blocks:
            derivatives = tuple(zip(block.names, block.derivatives, strict=True))
            remarks = (*notices, *block.notices)
            reply = Block(block.values, derivatives, variables, offset, block.limits, remarks)
            yield encoded(evaluate_pb2.EvaluateStreamResponse(), reply).SerializeToString()
            offset += len(block.values)
            variables, notices = (), ()
