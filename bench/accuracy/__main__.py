"""How accurate each function is: ./dev accuracy

    ./dev accuracy              all rows: writes docs/accuracy.md and tests/golden/accuracy.tsv, in some minutes
    ./dev accuracy ROW ...      these rows only, printed: pgamma, "pgamma*" for all that begin so

It needs python-flint. True values are kept in build/accuracy.json, those of derivatives in build/accuracy-derivatives.json, as long as
the rules do not change. The machine in C is measured where a compiler builds it.
"""

import argparse
import fnmatch
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from secantd.functions import FUNCTIONS
from secantd.version import __version__

__all__ = ["chosen", "main"]

ROOT = Path(__file__).parents[2]
PAGE, TABLE = ROOT / "docs" / "accuracy.md", ROOT / "tests" / "golden" / "accuracy.tsv"


def chosen(patterns: Sequence[str]) -> list[str]:
    """Return the rows that patterns name, all without patterns.

    Raises:
        SystemExit: A pattern names no row.

    >>> chosen(["besselK*"])[:2]
    ['besselK', 'besselK.scaled']
    """
    found = [op for op in FUNCTIONS if not patterns or any(fnmatch.fnmatchcase(op, p) for p in patterns)]
    for pattern in patterns:
        if not fnmatch.filter(FUNCTIONS, pattern):
            near = [op for op in FUNCTIONS if pattern.strip("*").lower() in op.lower()][:5]
            hint = f"; did you mean {', '.join(near)}?" if near else "."
            raise SystemExit(f"there is no row {pattern}{hint} The names are those of docs/accuracy.md.")
    return found


def machine_file() -> str:
    """Return the file of the extension in C, built in build/accuracy; "" where there is no compiler."""
    sys.path.insert(0, str(ROOT))
    try:
        from hatch_build import machine

        return str(machine(ROOT, ROOT / "build" / "accuracy"))
    except Exception as problem:
        print(f"the machine in C is left out: {problem}", file=sys.stderr)
        return ""


def main() -> int:
    assert __doc__
    parser = argparse.ArgumentParser(
        prog="./dev accuracy", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help="names of rows, with * for any letters")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes for true values")
    options = parser.parse_args()
    if options.jobs < 1:
        parser.error("--jobs is a number of processes, 1 or more")
    ops = chosen(options.rows)
    try:
        from bench.accuracy.derivatives import measured_slopes, slope_samples
        from bench.accuracy.measure import BACK_ENDS, measured, samples
        from bench.accuracy.page import Run, bound, page, sampled, table
    except ImportError as problem:
        raise SystemExit(
            f"./dev accuracy needs python-flint and SciPy: {problem}. Install them: pip install python-flint scipy"
        ) from problem
    from bench.page import machine

    began = time.monotonic()
    file = machine_file()
    found = samples(ops, options.jobs)
    rows = measured(found, file, options.jobs)
    slopes = measured_slopes(slope_samples(found, options.jobs), file, options.jobs)
    if options.rows:
        print(table(rows))
        print(f"\n{table(slopes, 'row, parameter')}")
        return 0
    names = [n for kind in (("python", "c") if file else ("python",)) for n in BACK_ENDS[kind].values()]
    versions = {"Secant": __version__, "Python": platform.python_version()}
    versions |= {p: version(p) for p in ("numpy", "scipy", "python-flint")}
    versions["C library"] = " ".join(platform.libc_ver()) or "unknown"
    run = Run(
        datetime.now(UTC).strftime("%Y-%m-%d"), machine(), versions, ", ".join(names), (time.monotonic() - began) / 60
    )
    PAGE.write_text(page(rows, slopes, run))
    lines = [
        "# row, bound in ulp, arguments, nearest double to the true value, and the rest in ulp: written by ./dev accuracy"
    ]
    for m in rows:
        for i in sampled(m):
            args = " ".join(float(x).hex() for x in m.sample.points[i])
            truth = m.sample.truths[i]
            lines.append(f"{m.sample.op}\t{bound(m):g}\t{args}\t{truth.nearest.hex()}\t{truth.rest:.3f}")
    TABLE.write_text("\n".join(lines) + "\n")
    print(f"{PAGE.relative_to(ROOT)}, {TABLE.relative_to(ROOT)}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
