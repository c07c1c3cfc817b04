"""Values of the rows by the service, one process for each back end.

    python -m bench.accuracy.values [derivatives] < points.json > values.json

Points are {row: [[x, ...], ...]}; values are {row: {"batch": [...], "point": [...]}}, and derivatives
{row: {"0": [...]}} with the position of the parameter. Numbers are in hexadecimal, so that no digit is
lost. `SECANT_NATIVE` chooses the back end: "off" is NumPy for many points and Python for one, a file is the extension in C.
"""

import json
import sys
import warnings
from collections.abc import Sequence

import numpy as np
from secantd.calculus.evaluate import evaluate
from secantd.calculus.numbers import numbers_of
from secantd.functions import FUNCTIONS, Row
from secantd.language import read

__all__ = ["derivatives", "values", "written"]


def written(row: Row) -> str:
    """Return the call of a row with its parameters as variables.

    >>> written(FUNCTIONS["pnorm.upper.log"])
    'pnorm(q, mean, sd, lower.tail = FALSE, log.p = TRUE)'
    """
    names = [f"v_{p}" if p in ("lambda",) else p for p in row.parameters]
    if row.written in ("%%", "%/%"):
        return f"{names[0]} {row.written} {names[1]}"
    given = [f"{row.named[i]} = {n}" if row.named[i] else n for i, n in enumerate(names)]
    flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags]
    return f"{row.written}({', '.join([*given, *flags])})"


def values(op: str, points: Sequence[Sequence[float]]) -> dict[str, list[float]]:
    """Return the values of a row at points, all in one request and each by itself."""
    row = FUNCTIONS[op]
    function = read(written(row))
    columns = {name: np.array([p[i] for p in points]) for i, name in enumerate(function_names(row))}
    batch = evaluate(function, columns).values.tolist()
    numbers = numbers_of(function, 0, ())
    order = [function_names(row).index(name) for name in numbers.inputs]
    one = [float(numbers.program.point([p[i] for i in order])[0]) for p in points]
    return {"batch": batch, "point": one}


def derivatives(op: str, points: Sequence[Sequence[float]]) -> dict[str, list[float]]:
    """Return the derivatives of a row at points, all in one request, by the position of the parameter."""
    row = FUNCTIONS[op]
    names = function_names(row)
    places = [i for i, text in enumerate(row.derivatives) if text]
    columns = {name: np.array([p[i] for p in points]) for i, name in enumerate(names)}
    found = dict(evaluate(read(written(row)), columns, 1, [names[i] for i in places]).derivatives)
    return {str(i): found[names[i]].tolist() for i in places}


def function_names(row: Row) -> list[str]:
    return [f"v_{p}" if p in ("lambda",) else p for p in row.parameters]


def main() -> None:
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    compute = derivatives if sys.argv[1:] == ["derivatives"] else values
    found = {
        op: {
            k: [v.hex() for v in got] for k, got in compute(op, [[float.fromhex(x) for x in p] for p in points]).items()
        }
        for op, points in asked.items()
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
