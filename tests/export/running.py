"""Exported code run in its own language, many functions and points in one process."""

import json
import math
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from numpy.typing import NDArray
from secantd.calculus import evaluate
from secantd.export import export
from secantd.language import Function, Notation, read

__all__ = [
    "Case",
    "close",
    "expected",
    "in_c",
    "in_node",
    "in_python",
    "in_r",
    "needs_cc",
    "needs_node",
    "needs_r",
    "without_gaps",
    "written",
]

WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler: cc")
needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: ./dev setup")
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node, which runs JavaScript")


@dataclass
class Case:
    """A formula and where it is looked at.

    Attributes:
        text: The formula.
        points: One row for each point, values in the order of the variables.
        data: Its columns.
        codes: Its code, by notation, order and name.
        known: What Evaluate answers, by order and point: languages and copies of the case share it.
    """

    text: str
    points: Sequence[Sequence[float]]
    data: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    notation: Notation | None = None
    codes: dict[tuple[Notation, int], str] = field(default_factory=dict, repr=False)
    known: dict[tuple[int, tuple[float, ...]], list[float]] = field(default_factory=dict, repr=False)

    @property
    def function(self) -> Function:
        """The formula, read."""
        return read(self.text, self.notation, self.data)


# In one file each function has a name of its own, which takes the place of this one.
NAME_IN_C = "function_of_case"


def written(case: Case, notation: Notation, order: int) -> str:
    """Return the code; it is the same each time it is asked for."""
    name = NAME_IN_C if notation is Notation.C else "f"
    asked = (notation, order)
    if asked not in case.codes:
        case.codes[asked] = code(case, notation, order, name)
    return case.codes[asked]


@contextmanager
def without_gaps() -> Iterator[None]:
    """Leave out the search for points at which code has other values than Evaluate, which takes long; test_gaps.py tests it."""
    with (
        mock.patch("secantd.export.code.gaps", return_value=[]),
        mock.patch("secantd.export.code.array_gaps", return_value=[]),
    ):
        yield


def code(case: Case, notation: Notation, order: int, name: str) -> str:

    def again(data, shapes=None):
        return read(case.text, case.notation, data, shapes=shapes or {})

    with without_gaps():
        return export(case.function, case.text, (), [notation], order, name, again).codes[0].text


def expected(case: Case, order: int) -> list[list[float]]:
    """Return what Evaluate answers: for each point f, its gradient and its Hessian row by row."""
    keys = [(order, tuple(point)) for point in case.points]
    missing = list(dict.fromkeys(key for key in keys if key not in case.known))
    if missing:
        case.known.update(zip(missing, evaluated(case, order, [point for _, point in missing]), strict=True))
    return [case.known[key] for key in keys]


def evaluated(case: Case, order: int, points: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return what Evaluate answers at points, all in one call."""
    function = case.function
    names = function.variables
    columns = {n: np.array(values, dtype=float) for n, values in zip(names, zip(*points, strict=True), strict=True)}
    answer = evaluate(function, columns, order if names else 0, beside=False)
    derivatives = dict(answer.derivatives)
    found = []
    for k in range(len(points)):
        row = [float(answer.values[k if names else 0])]
        row += [float(derivatives[n][k]) for n in names] if order else []
        if order == 2:
            row += [float(derivatives[p if p in derivatives else q][k]) for p, q in pairs(names)]
        found.append(row)
    return found


def pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return what Evaluate may call the second partials, row by row."""
    return [(f"{a} {b}", f"{b} {a}") for a in names for b in names]


def close(got: float, right: float, digits: float, scale: float = 0.0) -> bool:
    """Whether two numbers are the same to `digits`, or both not numbers, or the same infinity."""
    if math.isnan(right) or math.isnan(got):
        return math.isnan(right) and math.isnan(got)
    if math.isinf(right) or math.isinf(got):
        return got == right
    return abs(got - right) <= digits * max(abs(right), scale) + 1e-300


def in_c(cases: Sequence[Case], order: int, folder: Path) -> list[list[list[float]]]:
    """Compile the cases with every warning an error, and run them at their points."""
    sources, prototypes, calls = [], [], []
    numbers: list[float] = []
    for k, case in enumerate(cases):
        sources.append(written(case, Notation.C, order).replace(NAME_IN_C, f"f{k}"))
        size = len(case.function.variables)
        columns = exported_columns(case)
        length = max((len(case.data[c]) for c in columns), default=0)
        # A column of one row beside longer ones is a number.
        single = [c for c in columns if len(case.data[c]) < length]
        vectors = [c for c in columns if c not in single]
        rows = ["size_t"] if vectors else []
        out = ["double *"] * order if size else []
        suffix = ("", "_gradient", "_hessian")[order if size else 0]
        signature = ", ".join(
            ["const double *", *("double" for _ in single), *rows, *("const double *" for _ in vectors), *out]
        )
        prototypes.append(f"double f{k}{suffix}({signature});")
        lines = [f"static const double {c}{k}[] = {{{', '.join(map(c_literal, case.data[c]))}}};" for c in columns]
        arguments = ["at", *(f"{c}{k}[0]" for c in single), *([str(length)] if vectors else [])]
        arguments += [*(f"{c}{k}" for c in vectors), *["g", "h"][: len(out)]]
        prototypes += lines
        calls.append(
            f"for (int p = 0; p < {len(case.points)}; p++) {{ take(at, {size}); v = f{k}{suffix}({', '.join(arguments)}); "
            f"give(&v, 1); give(g, {size if out else 0}); give(h, {size * size if order == 2 and size else 0}); }}"
        )
        numbers += [v for point in case.points for v in point]
    main = f"""#include <stdio.h>
#include <stddef.h>
{chr(10).join(prototypes)}
static void take(double *x, size_t n) {{ if (fread(x, 8, n, stdin) != n) x[0] = 0; }}
static void give(const double *x, size_t n) {{ fwrite(x, 8, n, stdout); }}
static double at[64], g[64], h[4096];
int main(void)
{{
    double v;
    {(chr(10) + "    ").join(calls)}
    return 0;
}}
"""
    (folder / "main.c").write_text(main)
    # Names begin with that of the function, so that all fit into one file, which takes a tenth of the time of as many files.
    (folder / "all.c").write_text("\n".join(sources), encoding="utf-8")
    done = subprocess.run(["cc", *WARNINGS, "-c", "all.c"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    subprocess.run(["cc", "-std=c99", "main.c", "all.o", "-lm", "-o", "run"], cwd=folder, check=True)
    done = subprocess.run(
        [folder / "run"], input=struct.pack(f"<{len(numbers)}d", *numbers), capture_output=True, check=True
    )
    return unpacked(done.stdout, cases, order)


def exported_columns(case: Case) -> list[str]:
    """Return the data columns that are arguments, in order."""
    if not case.data:
        return []
    with without_gaps():
        answer = export(
            case.function,
            case.text,
            (),
            [Notation.R],
            0,
            again=lambda d, shapes=None: read(case.text, case.notation, d, shapes=shapes or {}),
        )
    return [v for v in answer.variables if v in case.data]


def c_literal(value: float) -> str:
    return repr(float(value))


def unpacked(raw: bytes, cases: Sequence[Case], order: int) -> list[list[list[float]]]:
    """Return doubles by case and point."""
    values = iter(struct.unpack(f"<{len(raw) // 8}d", raw))
    found = []
    for case in cases:
        size = len(case.function.variables)
        width = 1 + (size if order else 0) + (size * size if order == 2 else 0)
        found.append([[next(values) for _ in range(width)] for _ in case.points])
    assert next(values, None) is None
    return found


PYTHON_RUNNER = """
import json, struct, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
out = []
for case in json.load(sys.stdin):
    scope = {}
    exec(compile(case["code"], "f.py", "exec"), scope)
    f = scope[case["function"]]
    for point in case["points"]:
        answer = f(*map(float, point), *[np.array(c, dtype=float) if len(c) > 1 else float(c[0]) for c in case["data"]])
        for part in answer if isinstance(answer, tuple) else [answer]:
            out += np.ravel(part).tolist()
sys.stdout.buffer.write(struct.pack(f"<{len(out)}d", *out))
"""


def in_python(cases: Sequence[Case], order: int) -> list[list[list[float]]]:
    """Run the cases in a Python of their own."""
    jobs = []
    for case in cases:
        suffix = ("", "_gradient", "_hessian")[order if case.function.variables else 0]
        jobs.append(
            {
                "code": written(case, Notation.PYTHON, order),
                "function": "f" + suffix,
                "points": [[repr(float(v)) for v in p] for p in case.points],
                "data": [[float(v) for v in case.data[c]] for c in exported_columns(case)],
            }
        )
    done = subprocess.run([sys.executable, "-c", PYTHON_RUNNER], input=json.dumps(jobs).encode(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return unpacked(done.stdout, cases, order)


# JSON has no NaN: doubles are sent as hexadecimal text, and come back as bytes.
NODE_RUNNER = """
import { readFileSync, writeSync } from "node:fs";
const number = (text) => Buffer.from(text, "hex").readDoubleLE();
const out = [];
const add = (part) => (Array.isArray(part) ? part.forEach(add) : typeof part === "object" ? add(Object.values(part)) : out.push(part));
for (const [k, job] of JSON.parse(readFileSync("jobs.json", "utf8")).entries()) {
  const f = (await import(`./f${k}.mjs`))[job.function];
  const rows = Math.max(...job.data.map((column) => column.length));
  const data = job.data.map((column) => (column.length === rows ? Float64Array.from(column, number) : number(column[0])));
  for (const point of job.points) add(f(...point.map(number), ...data));
}
const bytes = Buffer.from(Float64Array.from(out).buffer);
for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
"""


def in_node(cases: Sequence[Case], order: int, folder: Path) -> list[list[list[float]]]:
    """Run the cases as modules of JavaScript."""

    def hexadecimal(values: Sequence[float]) -> list[str]:
        return [struct.pack("<d", v).hex() for v in values]

    jobs = []
    for k, case in enumerate(cases):
        (folder / f"f{k}.mjs").write_text(written(case, Notation.JAVASCRIPT, order), encoding="utf-8")
        suffix = ("", "_gradient", "_hessian")[order if case.function.variables else 0]
        data = [hexadecimal(case.data[c]) for c in exported_columns(case)]
        jobs.append({"function": "f" + suffix, "points": list(map(hexadecimal, case.points)), "data": data})
    (folder / "jobs.json").write_text(json.dumps(jobs))
    (folder / "run.mjs").write_text(NODE_RUNNER)
    done = subprocess.run(["node", "run.mjs"], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return unpacked(done.stdout, cases, order)


def in_r(cases: Sequence[Case], order: int, folder: Path) -> list[list[list[float]]]:
    """Run the cases in an R of their own."""
    lines = ["out <- file('out', 'wb')", "options(warn = -1)"]
    for k, case in enumerate(cases):
        (folder / f"f{k}.R").write_text(written(case, Notation.R, order), encoding="utf-8")
        lines.append(f"rm(list = setdiff(ls(), 'out')); source('f{k}.R', encoding = 'UTF-8')")
        data = [f"c({', '.join(map(r_literal, case.data[c]))})" for c in exported_columns(case)]
        for point in case.points:
            arguments = ", ".join([*map(r_literal, point), *data])
            lines.append(f"v <- f({arguments})")
            parts = ["as.numeric(v)", "as.numeric(attr(v, 'gradient'))", "as.numeric(attr(v, 'hessian'))"]
            lines += [f"writeBin({p}, out)" for p in parts[: (order if case.function.variables else 0) + 1]]
    lines.append("close(out)")
    (folder / "run.R").write_text("\n".join(lines) + "\n")
    # In the C locale, where a file with other letters than ASCII would not be read.
    # Compiling long functions takes R longer than a few calls of them do.
    environment = os.environ | {"LC_ALL": "C", "R_ENABLE_JIT": "0"}
    done = subprocess.run(
        ["Rscript", "--vanilla", "run.R"], cwd=folder, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return unpacked((folder / "out").read_bytes(), cases, order)


def r_literal(value: float) -> str:
    value = float(value)
    return "NaN" if math.isnan(value) else str(value).replace("inf", "Inf") if math.isinf(value) else value.hex()
