"""Blocks of files computed by a server: EvaluateStream."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from secant.files.table import Block

if TYPE_CHECKING:
    from secant.client import Client
    from secant.files.engine import RowFormula

__all__ = ["streamed"]

Array = NDArray[np.float64]

# Doubles in one message, in or out: see `evaluate_stream`.
MESSAGE = 65_536


def streamed(
    client: "Client", formula: "RowFormula", at: Mapping[str, float], blocks: Iterator[Block]
) -> Iterator[tuple[Block, list[Array], Sequence[str]]]:
    """Yield blocks with the columns of their results, and notices, in order.

    Args:
        client: The client of a server.
        formula: The formula.
        at: The values of the parameters.
        blocks: The blocks.
    """
    variables = formula.compiled().derived(summed=False).variables
    n = len(variables)
    outputs = 1 + (n if formula.order else 0) + (n * (n + 1) // 2 if formula.order > 1 else 0)
    rows = max(1, MESSAGE // max(outputs, len(formula.needed) + len(at)))
    sent: deque[Block] = deque()

    def points() -> Iterator[dict[str, Array]]:
        for block in blocks:
            sent.append(block)
            for begin in range(0, block.rows, rows):
                columns = {name: c[begin : begin + rows] for name, c in block.columns.items()}
                yield {**columns, **{name: np.array([value]) for name, value in at.items()}}

    notation = None if formula.notation is None else formula.notation.name.lower()
    answers = client.evaluate_stream(formula.text, points(), *variables, order=formula.order, notation=notation)
    parts: list[list[Array]] = []
    notices: dict[str, None] = {}
    count = 0
    for answer in answers:
        columns = [answer.values]
        if answer.gradient is not None:
            columns += [*answer.gradient.T]
        if answer.hessian is not None:
            columns += [answer.hessian[:, i, j] for i in range(n) for j in range(i, n)]
        parts.append(columns)
        notices.update(dict.fromkeys(answer.notices))
        count += len(answer.values)
        if count == sent[0].rows:
            joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
            yield sent.popleft(), joined, tuple(notices)
            parts, notices, count = [], {}, 0
