"""Value, gradient and Hessian of a normal log-likelihood over the rows of Parquet files: ./dev scale [--rows N] [WAY ...]

Makes the files, computes the sum in each way in a process of its own, compares the numbers, prints times and memory, and removes the
files. The ways by hand are what a careful person writes with numba, polars and DuckDB; they run in build/rivals/scale.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.environments import FOLDER, make, plain, python_of

HERE = Path(__file__).parent
PACKAGES = ("numpy", "numba", "polars", "duckdb", "pyarrow")
TEXT = "dnorm(y, m, s, log = TRUE)"
AT = {"m": 0.25, "s": 1.5}
# Bytes of memory that a way may take, and relative differences of the numbers; goals of issue 18.
MEMORY, SAME = 1e9, 1e-12
FILES = 10


class Way(NamedTuple):
    """A program of this folder that computes the sums."""

    title: str
    script: str
    by_hand: bool


WAYS = {
    "files": Way("Secant, files", "by_files.py", False),
    "values": Way("Secant, values to a file", "by_values.py", False),
    "dask": Way("Secant, Dask, 2 workers", "by_dask.py", False),
    "killed": Way("Dask, workers killed", "by_killed.py", False),
    "sql": Way("Secant's SQL in DuckDB", "by_sql.py", True),
    "plain": Way("Secant's SQL, plain sums", "by_sql.py", True),
    "duckdb": Way("DuckDB by hand", "by_duckdb.py", True),
    "numba": Way("numba by hand", "by_numba.py", True),
    "polars": Way("polars by hand", "by_polars.py", True),
}


class Found(NamedTuple):
    """What a way has computed.

    Attributes:
        numbers: f, its partials and the upper triangle of its Hessian.
        seconds: Of two runs.
        memory: The largest memory of its processes, in bytes.
        cpu: Seconds of processors in the second run.
    """

    numbers: list[float]
    seconds: list[float]
    memory: int
    cpu: float


def rows(folder: Path, count: int) -> None:
    """Write files with the column y of `count` rows in all."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    for k in range(FILES):
        random = np.random.default_rng([18, k])
        size = count // FILES + (k < count % FILES)
        with pq.ParquetWriter(
            folder / f"{k:02d}.parquet", pa.schema([("y", pa.float64()), ("group", pa.int32())])
        ) as file:
            for begin in range(0, size, 1 << 20):
                some = min(1 << 20, size - begin)
                file.write_batch(
                    pa.record_batch(
                        [random.normal(0.3, 1.4, some), random.integers(0, 100, some).astype(np.int32)],
                        names=["y", "group"],
                    )
                )


def run(way: Way, job: dict[str, Any]) -> Found | str:
    """Return what a way computes in a process of its own, or why it does not."""
    python = str(python_of("scale")) if way.by_hand else sys.executable
    environment = plain() if way.by_hand else dict(os.environ)
    process = subprocess.Popen(
        [python, str(HERE / way.script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(json.dumps(job).encode())
    process.stdin.close()
    out, err = process.stdout.read(), process.stderr.read()
    if process.wait():
        return (err.decode().strip().splitlines() or ["it ended without a word"])[-1]
    answer = json.loads(out.decode().splitlines()[-1])
    return Found(answer["numbers"], answer["seconds"], answer["memory"] + answer.get("workers", 0), answer["cpu"])


def apart(found: Sequence[float], expected: Sequence[float]) -> float:
    """Return the largest relative difference."""
    return max(abs(a - b) / abs(b) for a, b in zip(found, expected, strict=True))


def sql(plain_sums: bool = False) -> str:
    """Return Secant's SELECT of the sums, compensated or plain."""
    import secant

    with secant.local() as s:
        found = s.export(
            f"sum({TEXT})", *AT, notations="sql", order=2, table="points", columns=["y"], plain_sums=plain_sums
        )
        return found["sql"]


def main() -> int:
    """Run the ways and print the table; the exit code is 1 if numbers differ or Secant's files take too much memory."""
    parser = argparse.ArgumentParser(
        prog="./dev scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "ways", nargs="*", metavar="WAY", help=f"{', '.join(WAYS)}. Default: all but values, which needs 4.8 GB more"
    )
    parser.add_argument("--rows", type=int, default=100_000_000, help="rows of the files. Default: 100000000, 1.2 GB")
    args = parser.parse_args()
    unknown = set(args.ways) - set(WAYS)
    if unknown:
        parser.error(f"there is no way {unknown.pop()!r}; the ways are {', '.join(WAYS)}")
    chosen = {name: WAYS[name] for name in args.ways or WAYS if args.ways or name != "values"}
    if any(way.by_hand for way in chosen.values()):
        make("scale", PACKAGES)
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="scale-", dir=FOLDER.parent))
    try:
        print(f"writing {args.rows:,} rows", file=sys.stderr)
        rows(folder, args.rows)
        job = {"folder": str(folder), "text": TEXT, "at": AT, "rows": args.rows}
        return report(chosen, job, args.rows)
    finally:
        shutil.rmtree(folder)


def report(chosen: dict[str, Way], job: dict[str, Any], count: int) -> int:
    """Print a line for each way; return the exit code."""
    print(f"{'':26}{'first run':>11}{'second':>9}{'ns/row':>9}{'CPU':>9}{'memory':>9}  difference")
    first: Found | None = None
    used: dict[str, float] = {}
    wrong = False
    for name, way in chosen.items():
        query = {"sql": sql(plain_sums=name == "plain")} if name in ("sql", "plain") else {}
        found = run(way, job | query)
        if isinstance(found, str):
            print(f"{way.title:26}{found}")
            continue
        first = first or found
        difference = apart(found.numbers, first.numbers)
        cold, warm = found.seconds
        print(
            f"{way.title:26}{cold:9.2f} s{warm:7.2f} s{warm / count * 1e9:9.2f}{found.cpu / count * 1e9:9.2f}{found.memory / 1e6:6.0f} MB  {difference:.1e}",
            flush=True,
        )
        used[name] = found.cpu
        wrong |= not difference <= SAME or not all(map(math.isfinite, found.numbers))
        wrong |= name in ("files", "values") and found.memory > MEMORY
    for name in ("sql", "plain"):
        if used.get("duckdb") and name in used:
            print(f"{WAYS[name].title}: {used[name] / used['duckdb']:.2f} times the CPU of DuckDB by hand")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
