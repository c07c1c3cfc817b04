"""Random formulas of vectors and matrices, from their texts to numbers, against JAX.

./dev fuzz --arrays --against jax [--count N] [--seconds S] [--seed N] [--depth D] [--write FILE]

JAX is optional: .venv/bin/pip install jax. --write FILE keeps the formulas with JAX's values; tests/golden/arrays.tsv was written
so, and is a test without JAX. Formulas that the service refuses are counted, not kept.
"""

import argparse
import random
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message_factory import GetMessageClass
from secant import rpcs
from secant._call import Call
from secantd.answers.functions import FunctionCache
from secantd.errors import CalculusError
from secantd.language.notation import Notation
from secantd.render.arrays import array_text
from secantd.settings import DEFAULT_LIMITS
from secantd.transport.messages.contract import SERVICE
from secantd.transport.methods import METHODS

from .golden_arrays import Row, Slopes, direction, write_rows
from .shaped_formulas import SHAPES as VARIABLES
from .shaped_formulas import Formulas, K, N, point

__all__ = ["CLOSE", "answered", "asked", "draw", "main", "problems", "reply"]

LENGTHS = [(3, 2, 4), (2, 3, 3), (4, 1, 2), (1, 2, 3)]
RESULTS = [(), (), (), (), (), (), (), (N,), (), (K,)]
LARGEST = 1e6
LONGEST = 400
# Relative to the largest entry: rounding of two ways to compute one value.
CLOSE = 1e-9
FUNCTIONS = FunctionCache(DEFAULT_LIMITS)


def draw(seed: str, number: int, depth: int) -> Row | None:
    """Return a formula without its values; None if it has no variable or is long."""
    written = Formulas(seed)
    output = written.of(RESULTS[number % len(RESULTS)], depth or 2 + number % 3)
    texts = [array_text(written.graph, output, notation) for notation in (Notation.R, Notation.PYTHON)]
    # Also names that only tell a length.
    names = [name for name in VARIABLES if re.search(rf"\b{name}\b", " ".join(texts))]
    chance = random.Random(seed)
    at = {n: v.round(2) for n, v in point(*LENGTHS[number % len(LENGTHS)], seed=number).items() if n in names}
    if "g" in at:
        at["g"] = at["g"].astype(int)
    # A vector has no matrix of derivatives by a matrix.
    fixed = [n for n in names if n == "g" or (output.shape and at[n].ndim > 1)]
    data = [n for n in names if n in fixed or (n in "Xyw" and chance.random() < 0.5)]
    by = [n for n in names if n not in data]
    if not by or max(map(len, texts)) > LONGEST:
        return None
    symmetric = ["S"] if "S" in by and chance.random() < 0.7 else []
    return Row(seed.replace(" ", "-"), *texts, by, data, symmetric, at, not output.shape)


def asked(row: Row, notation: Notation) -> tuple[str, dict[str, np.ndarray], dict[str, Any]]:
    """Return the text of a row, the point, and the other arguments of a client's methods."""
    given = {
        "notation": notation.name.lower(),
        "data": {name: row.at[name] for name in row.data},
        "shapes": {name: shape(row, name) for name in row.by},
    }
    return row.r if notation is Notation.R else row.python, {name: row.at[name] for name in row.by}, given


def answered(row: Row, notation: Notation) -> Slopes:
    """Return what the service answers to the text of a row, through the messages of the contract."""
    text, at, given = asked(row, notation)
    step = np.concatenate([np.ravel(v) for v in direction(row).values()])
    if row.number:
        found = reply(rpcs.evaluate(text, at, *row.by, order=2, **given))
        return Slopes(found.values.reshape(()), found.gradient[0], found.hessian[0] @ step)
    found = reply(rpcs.jacobian(text, *row.by, at=at, **given))
    return Slopes(np.asarray(found.function_values), np.zeros(0), np.asarray(found.values) @ step)


def reply(call: Call):
    """Return the result of a call that no server answers, but its method."""
    answer = METHODS[call.rpc].answer(call.request, FUNCTIONS)
    # An answer of large columns is no message, only its bytes.
    message = GetMessageClass(SERVICE.methods_by_name[call.rpc].output_type)
    return call.convert(message.FromString(answer.SerializeToString()))


def shape(row: Row, name: str) -> tuple[int, ...] | str:
    sides = row.at[name].shape
    return f"symmetric {sides[0]} x {sides[1]}" if name in row.symmetric else sides


def problems(row: Row, found: Slopes) -> list[str]:
    """Return what differs from JAX's values."""
    pairs = zip(Slopes._fields, found, row.right, strict=True)
    return [
        f"{what}: {np.asarray(a).tolist()} instead of {b.tolist()}"
        for what, a, b in pairs
        if np.shape(a) != b.shape or not np.abs(a - b).max(initial=0.0) <= CLOSE * max(1.0, np.abs(b).max(initial=0.0))
    ]


def main(given: list[str] | None = None) -> int:
    """Return 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10**12, help="of formulas with values")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    parser.add_argument("--depth", type=int, default=0, help="of the formulas; 0: 2 to 4")
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the formulas with their values")
    arguments = parser.parse_args(given)
    try:
        import jax

        from .in_jax import slopes
    except ImportError:
        print("JAX is not installed: .venv/bin/pip install jax")
        return 2
    ends, rows, began, number, failed = Counter[str](), [], time.monotonic(), -1, 0
    while len(rows) < arguments.count and time.monotonic() - began < arguments.seconds:
        number += 1
        row = draw(f"{arguments.seed}-{number}", number, arguments.depth)
        if row is None:
            ends["not drawn: no variable, or long"] += 1
            continue
        try:
            row.right = slopes(row.python, row.at, row.by, direction(row), row.symmetric, row.number)
        except Exception as error:
            ends[f"not run by JAX: {type(error).__name__} {str(error)[:60]}"] += 1
            continue
        if not all(np.isfinite(v).all() and np.abs(v).max(initial=0.0) < LARGEST for v in row.right):
            ends["not finite"] += 1
            continue
        if not row.right.along.any() and number % 10:
            ends["linear or constant"] += 1
            continue
        try:
            found = {notation: answered(row, notation) for notation in (Notation.R, Notation.PYTHON)}
        except CalculusError as error:
            ends[f"refused: {str(error).splitlines()[0][:70]}"] += 1
            continue
        rows.append(row)
        for notation, answer in found.items():
            wrong = problems(row, answer)
            ends["wrong" if wrong else "equal"] += 1
            if wrong:
                failed += 1
                print(f"\nwrong in {notation.name}, {row.id}\n{row.r}\n{row.python}\n" + "\n".join(wrong), flush=True)
    print(f"\nseed {arguments.seed}: {len(rows):,} formulas in {time.monotonic() - began:.0f} s")
    for end, count in sorted(ends.items()):
        print(f"  {count:8,} {end}")
    if arguments.write:
        write_rows(arguments.write, rows, jax.__version__)
    return 1 if failed else 0
