"""All comparisons in one run, printed and written to docs/benchmarks.md: ./dev bench

    ./dev bench                      everything: 12 minutes on two idle cores
    ./dev bench --quick              smaller sizes and fewer rounds, 3 minutes: written to build/benchmarks.md
    ./dev bench --only text batch    these sections only; nothing is written unless --output says where

The first run installs the rivals into environments below build/rivals; only wheels, and what cannot be installed is a row that says so.
Each section runs in a process of its own.
"""

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.common import Section, from_json, printed
from bench.environments import install, versions
from bench.page import PACKAGES, Run, figure, machine, own_versions, page

__all__ = ["SECTIONS", "main"]

HOME = Path(__file__).parents[1]
SECTIONS = (
    "text", "callables", "batch", "large", "arrays", "gradbench", "differences", "taylor", "descent", "export", "equal", "services",
    "start", "r_client", "wire", "http", "loop", "cancel",
)  # fmt: skip
# Seconds after which a section is ended.
LIMIT = 300.0


def service() -> str:
    """Return whether the service is compiled, and its back ends."""
    import secant
    from secantd.language import parser

    with secant.local() as s:
        back_ends = ", ".join(s.describe().back_ends)
    kind = "not compiled" if str(parser.__file__).endswith(".py") else "compiled"
    return f"{kind}; back ends {back_ends}"


def measured(name: str, quick: bool) -> Section:
    """Return a section, measured in a process of its own; one that fails has a sentence instead of rows."""
    command = [sys.executable, "-m", f"bench.{name}", "--json", *["--quick"] * quick]
    try:
        run = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=LIMIT)
        reason = (run.stderr.strip().splitlines() or ["no output"])[-1]
        if run.returncode == 0:
            return from_json(run.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        reason = f"not finished in {LIMIT:.0f} s"
    return Section(name, name, "This section failed.", "s", notes=[reason])


def main() -> int:
    """Measure, print and write; return 1 if a section failed."""
    parser = argparse.ArgumentParser(
        prog="./dev bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="NAME", help=f"sections: {', '.join(SECTIONS)}")
    parser.add_argument("--output", type=Path, help="the page to write; its figure is beside it")
    given = parser.parse_args()
    install()
    load, date, began = os.getloadavg(), datetime.now(UTC), time.monotonic()
    print(f"{machine()}; load {load[0]:.2f}; {service()}", flush=True)
    sections = []
    for name in given.only or SECTIONS:
        started = time.monotonic()
        sections.append(measured(name, given.quick))
        print(f"\n{printed(sections[-1])}\n  ({time.monotonic() - started:.0f} s)", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(f"\n{minutes:.1f} minutes")
    output: Path | None = given.output
    if output is None and not given.only:
        output = HOME / "build" / "benchmarks.md" if given.quick else HOME / "docs" / "benchmarks.md"
    if output is not None:
        found = {**versions(), **{f"Secant's {n}" if n in PACKAGES else n: v for n, v in own_versions().items()}}
        run = Run(f"{date:%Y-%m-%d %H:%M} UTC", machine(), load, service(), found, minutes, given.quick)
        figure(sections, output.with_suffix(".svg"))
        output.write_text(page(run, sections, output.with_suffix(".svg").name), "utf-8")
        print(f"written: {output}")
    return int(any(not section.rows for section in sections))


if __name__ == "__main__":
    sys.exit(main())
