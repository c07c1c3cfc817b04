"""Recursions over rows: a compiled Python loop of their step, over chunks of rows between which a job may be stopped."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Graph, Node, reachable, scan_of
from secantd.functions import LeftOut
from secantd.interrupt import checkpoint
from secantd.program.source import build, source_body
from secantd.program.tape import Tape, record

__all__ = ["paths_of"]

Array = NDArray[np.float64]

# Rows between two checkpoints: some milliseconds.
CHUNK = 4096


def paths_of(node: Node) -> Callable[..., Array]:
    """Return the function of all paths of a scan, an array of shape (states, rows + 1), row by row of the states.

    Its arguments are the shape of that array, the initial states and the inputs.
    """
    scan = scan_of(node)
    states, inputs = len(scan.initial), len(scan.inputs)
    tape = tape_of(node)
    columns = [j for j, x in enumerate(scan.inputs) if x.shape]
    constants = [j for j in range(inputs) if j not in columns]
    loops: list[Callable[..., Any]] = []

    def loop(careful: bool) -> Callable[..., Any]:
        while len(loops) <= careful:
            loops.append(compiled(tape, states, columns, constants, careful=bool(loops)))
        return loops[careful]

    def paths(sizes: tuple[int, ...], *values: Any) -> Array:
        found = np.empty(sizes)
        rows = sizes[1] - 1
        now = [float(v) for v in values[:states]]
        found[:, 0] = now
        fixed = [float(values[states + j]) for j in constants]
        for first in range(0, rows, CHUNK):
            checkpoint()
            count = min(CHUNK, rows - first)
            chunk = [values[states + j][first : first + count].tolist() for j in columns]
            try:
                taken = loop(False)(count, now, fixed, chunk)
            except (ArithmeticError, ValueError):
                taken = loop(True)(count, now, fixed, chunk)
            for k, path in enumerate(taken):
                found[k, first + 1 : first + count + 1] = path
                now[k] = path[-1]
        return found

    return paths


def tape_of(node: Node) -> Tape:
    """Return the instructions of a step: first its states, then its inputs are the variables."""
    scan = scan_of(node)
    names = [f"y{j}" for j in range(len(scan.initial))] + [f"x{j}" for j in range(len(scan.inputs))]
    graph = Graph()
    made: dict[int, Node] = {}
    for part in reachable(scan.steps):
        if part.op == "local":
            assert isinstance(part.payload, tuple)
            kind, j = part.payload
            made[part.index] = graph.symbol(f"{'xy'[kind]}{j}")
        elif part.op == "number":
            left_out = isinstance(part.payload, LeftOut)
            made[part.index] = graph.left_out(part.value) if left_out else graph.number(part.value)
        else:
            made[part.index] = graph.make(part.op, *[made[a.index] for a in part.args])
    return record([made[s.index] for s in scan.steps], names, {})


def compiled(
    tape: Tape, states: int, columns: Sequence[int], constants: Sequence[int], *, careful: bool
) -> Callable[..., Any]:
    """Return the loop over some rows: a list for each state from their number, the states, the constants and the columns."""
    body = source_body(tape, careful)
    lines = []
    lines.append(f"{names(range(states))} = y")
    if constants:
        lines.append(f"{names([states + j for j in constants])} = c")
    lines += [f"p{k} = []" for k in range(states)] + [f"a{k} = p{k}.append" for k in range(states)]
    if len(columns) > 1:
        lines.append(f"for {names([states + j for j in columns])} in zip(*columns):")
    elif columns:
        lines.append(f"for x{states + columns[0]} in columns[0]:")
    else:
        lines.append("for _ in range(count):")
    inside = [*body.lines, f"{names(range(states))} = {', '.join(body.outputs)},"]
    inside += [f"a{k}(x{k})" for k in range(states)]
    lines += [f" {line}" for line in inside]
    lines.append(f"return [{', '.join(f'p{k}' for k in range(states))}]")
    return build("count, y, c, columns", lines, {"zip": zip, "range": range, **body.names})


def names(slots: Sequence[int]) -> str:
    return "".join(f"x{i}, " for i in slots).rstrip()
