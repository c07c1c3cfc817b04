"""Exported code of functions of vectors and matrices, run in its own language."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import interpreter
import numpy as np
from array_cases import ArrayCase, arguments, expected, written
from running import WARNINGS, r_literal
from secantd.language import Notation

__all__ = ["in_c", "in_node", "in_python", "in_r", "interpreted", "joined"]

PYTHON_RUNNER = """
import json, sys
import numpy as np
out = []
for case in json.load(sys.stdin):
    scope = {}
    exec(compile(case["code"], "f.py", "exec"), scope)
    values = [np.array(v) for v in case["arguments"]]
    answer = scope[case["function"]](*values)
    flat = []
    def add(part):
        if isinstance(part, tuple):
            for p in part:
                add(p)
        else:
            flat.append(np.ravel(part).tolist())
    answer = answer if isinstance(answer, tuple) else (answer,)
    for k, part in enumerate(answer):
        if k == 2 and isinstance(part, tuple):
            part = tuple(row[j] for i, row in enumerate(part) for j in range(i, len(row)))
        add(part)
    out.append(flat)
print(json.dumps(out))
"""


def in_python(cases: list[ArrayCase]) -> list[list[list[float]]]:
    """Run the code of the cases in a Python of their own."""
    jobs = [
        {
            "code": written(case, Notation.PYTHON),
            "function": "f" + ("", "_gradient", "_hessian")[case.order],
            "arguments": [v.tolist() for _, v in arguments(case)],
        }
        for case in cases
    ]
    done = subprocess.run([sys.executable, "-c", PYTHON_RUNNER], input=json.dumps(jobs), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


NODE_RUNNER = """
import { readFileSync } from "node:fs";
// Doubles come as text, because JSON has neither NaN nor infinities.
const read = (value) => (Array.isArray(value) ? value.map(read) : Number(value));
const numbers = (value) => [value].flat(Infinity).map(String);
const found = [];
for (const [k, job] of JSON.parse(readFileSync("jobs.json", "utf8")).entries()) {
  const answer = (await import(`./f${k}.mjs`))[job.function](...job.arguments.map(read));
  const { value, gradient, hessian } = typeof answer === "object" && "value" in answer ? answer : { value: answer };
  const many = (part) => (job.variables === 1 ? [part] : part);
  const upper = (part) => (job.variables === 1 ? [part] : part.flatMap((row, i) => row.slice(i)));
  const parts = [value, ...(gradient === undefined ? [] : many(gradient)), ...(hessian === undefined ? [] : upper(hessian))];
  found.push(parts.map(numbers));
}
console.log(JSON.stringify(found));
"""


def in_node(cases: list[ArrayCase], folder: Path) -> list[list[list[float]]]:
    """Run the code of the cases as modules of JavaScript."""

    def text(value):
        return [text(v) for v in value] if isinstance(value, list) else str(value).replace("inf", "Infinity")

    jobs = []
    for k, case in enumerate(cases):
        (folder / f"f{k}.mjs").write_text(written(case, Notation.JAVASCRIPT), encoding="utf-8")
        function = "f" + ("", "_gradient", "_hessian")[case.order]
        jobs.append(
            {
                "function": function,
                "variables": len(case.by),
                "arguments": [text(v.tolist()) for _, v in arguments(case)],
            }
        )
    (folder / "jobs.json").write_text(json.dumps(jobs))
    (folder / "run.mjs").write_text(NODE_RUNNER)
    done = subprocess.run(["node", "run.mjs"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [[[float(v) for v in part] for part in case] for case in json.loads(done.stdout)]


R_RUNNER = """
flat <- function(x, order) {
  # Row by row, and of the Hessian the blocks on and above the diagonal.
  if (is.list(x)) unlist(lapply(x, flat), use.names = FALSE) else as.numeric(if (is.matrix(x)) t(x) else x)
}
"""


def in_r(cases: list[ArrayCase], folder: Path) -> list[list[list[float]]]:
    """Run the code of the cases in an R of their own."""
    lines = [R_RUNNER, "out <- file('out', 'w')"]
    for k, case in enumerate(cases):
        (folder / f"f{k}.R").write_text(written(case, Notation.R), encoding="utf-8")
        lines.append(f"source('f{k}.R', encoding = 'UTF-8')")
        lines.append(f"v <- f({', '.join(r_array(v) for _, v in arguments(case))})")
        parts = ["as.numeric(v)", "flat(attr(v, 'gradient'))", "flat(attr(v, 'hessian'))"][: case.order + 1]
        lines += [f"cat(sprintf('%.17g', {p}), '\\n', file = out)" for p in parts]
    lines.append("close(out)")
    (folder / "run.R").write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        ["Rscript", "--vanilla", "run.R"], cwd=folder, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}
    )
    assert done.returncode == 0, done.stderr
    found = iter((folder / "out").read_text().splitlines())
    return [[[float(v) for v in next(found).split()] for _ in range(case.order + 1)] for case in cases]


def r_array(value: np.ndarray) -> str:
    """Return a value as R text."""
    numbers = f"c({', '.join(map(r_literal, np.ravel(value, order='F')))})"
    return numbers if value.ndim < 2 else f"matrix({numbers}, {', '.join(map(str, value.shape))})"


def joined(case: ArrayCase, outputs: list[list[float]]) -> list[list[float]]:
    """Return expected outputs with one gradient and one Hessian for all variables, as R and Stan have them."""
    sizes = [np.size(case.at[n]) for n in case.by]
    count = len(sizes)
    found = [outputs[0], [v for g in outputs[1 : 1 + count] for v in g]]
    if case.order == 2:
        ends = np.cumsum([0, *sizes])
        whole = np.zeros((ends[-1], ends[-1]))
        places = [(i, j) for i in range(count) for j in range(i, count)]
        for (i, j), block in zip(places, outputs[1 + count :], strict=True):
            whole[ends[i] : ends[i + 1], ends[j] : ends[j + 1]] = np.reshape(block, (sizes[i], sizes[j]))
            whole[ends[j] : ends[j + 1], ends[i] : ends[i + 1]] = np.reshape(block, (sizes[i], sizes[j])).T
        found.append(np.ravel(whole).tolist())
    return found[: case.order + 1]


C_MAIN = """#include <math.h>
#include <stdio.h>
#include <stddef.h>
{prototypes}
static void give(const double *x, size_t n) {{ for (size_t i = 0; i < n; i++) printf("%.17g ", x[i]); printf("\\n"); }}
int main(void)
{{
    double v;
    {calls}
    return 0;
}}
"""


def in_c(cases: list[ArrayCase], folder: Path) -> list[list[list[float]]]:
    """Compile the code of the cases with every warning an error, and run it."""
    sources, prototypes, calls, kept = [], [], [], []
    for k, case in enumerate(cases):
        code = written(case, Notation.C, f"g{k}")
        sources.append(code)
        suffix = ("", "_gradient", "_hessian")[case.order]
        (signature,) = re.findall(rf"^double g{k}{suffix}\((.*)\)$", code, re.MULTILINE)
        prototypes.append(f"double g{k}{suffix}({signature});")
        values, given, filled = dict(arguments(case)), [], []
        sizes = iter(lengths(case, code, f"g{k}"))
        names = iter(values)
        outputs = iter(expected(case)[1:])
        for number, parameter in enumerate(signature.split(", ")):
            if parameter.startswith("size_t"):
                given.append(str(next(sizes)))
            elif parameter.startswith("double *"):
                size = len(next(outputs))
                prototypes.append(f"static double out{k}_{number}[{max(size, 1)}];")
                given.append(f"out{k}_{number}")
                filled.append((f"out{k}_{number}", size))
            else:
                value = values[next(names)]
                if value.ndim:
                    numbers = ", ".join(repr(float(v)).replace("inf", "INFINITY") for v in np.ravel(value))
                    prototypes.append(f"static const double in{k}_{number}[] = {{{numbers}}};")
                    given.append(f"in{k}_{number}")
                else:
                    given.append(repr(float(value)))
        calls.append(f"v = g{k}{suffix}({', '.join(given)}); give(&v, 1);")
        calls += [f"give({name}, {size});" for name, size in filled]
        kept.append(1 + len(filled))
    (folder / "all.c").write_text("\n".join(sources), encoding="utf-8")
    main = C_MAIN.format(prototypes="\n".join(prototypes), calls="\n    ".join(calls))
    (folder / "main.c").write_text(main)
    flags = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    done = subprocess.run(["cc", *WARNINGS, *flags, "-c", "all.c"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    subprocess.run(["cc", "-std=c99", *flags, "main.c", "all.o", "-lm", "-o", "run"], cwd=folder, check=True)
    done = subprocess.run([folder / "run"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = iter(done.stdout.splitlines())
    return [[[float(v) for v in next(found).split()] for _ in range(count)] for count in kept]


def lengths(case: ArrayCase, code: str, name: str) -> list[int]:
    """Return the lengths that C code takes, from its comment about the arguments."""
    known: dict[str, int] = {}
    values = dict(arguments(case))
    for word, rest in re.findall(r"^//     (\w+): (?:a vector of length|a (?:symmetric )?matrix of) (.*)$", code, re.M):
        sides = rest.removesuffix(", data").split(" x ")
        for side, size in zip(sides, values[word].shape, strict=True):
            known.setdefault(side, size)
    (signature,) = re.findall(rf"^double {name}\((.*)\)$", code, re.MULTILINE)
    return [known[p.removeprefix("size_t ")] for p in signature.split(", ") if p.startswith("size_t")]


def interpreted(case: ArrayCase, notation: Notation) -> list[list[float]]:
    """Return the outputs of Julia or Stan code."""
    julia = notation is Notation.JULIA
    functions = interpreter.run(written(case, notation), julia=julia)
    given = [v if v.ndim else np.float64(v) for _, v in arguments(case)]
    if not julia:
        suffixes = ("", "_gradient", "_hessian")[: case.order + 1]
        return [np.ravel(functions["f" + suffix](*given)).tolist() for suffix in suffixes]
    value, *derivatives = functions["f" + ("", "_gradient", "_hessian")[case.order]](*given)
    found = [value]
    for order, part in enumerate(derivatives):
        if len(case.by) == 1:
            found.append(part)
        elif order == 0:
            found += part
        else:
            found += [row[j] for i, row in enumerate(part) for j in range(i, len(row))]
    return [np.ravel(v).tolist() for v in found]
