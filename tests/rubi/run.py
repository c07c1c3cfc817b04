"""Holds Check to the integration tests of Rubi.

    ./dev rubi FOLDER [--seed N] [--processes N] [--sample ROWS] [--chapter BEGINNING] [--seconds S] [--state FILE] [--anew]

FOLDER has the .mac files of the repository MaximaSyntaxTestSuite of RuleBasedIntegration. Each row is a claim: the derivative of the
antiderivative F is the integrand f; and another one with one number or sign changed, which has to be refuted. What is done is kept in
build/rubi, so that a run that was stopped goes on. A run of all rows writes its section of docs/trust.md. Exit code 0: all goals are
reached; 1: they are not; 2: wrong arguments; 130: stopped by Ctrl-C.
"""

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from judged import Settings
from runner import OtherRunError, Run, run
from trust import failures, section, summary, write_section

ROOT = Path(__file__).parents[2]


def version() -> str:
    """Return the version of Secant, with that of its sources if they are a repository."""
    import subprocess

    from secantd.version import __version__

    try:
        found = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
        )
    except OSError:
        return __version__
    return f"{__version__} ({found.stdout.strip()})" if found.returncode == 0 else __version__


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev rubi", description=(__doc__ or "").split("\n\n")[2], allow_abbrev=False
    )
    parser.add_argument("folder", type=Path, help="the folder of .mac files")
    parser.add_argument("--seed", type=int, default=1, help="the seed of all changes and of the sample. Default: 1")
    parser.add_argument("--processes", type=count, default=2, help="Default: 2")
    parser.add_argument("--sample", type=count, default=0, help="so many random rows instead of all")
    parser.add_argument(
        "--chapter", default="", help="only files whose path in FOLDER begins so, as 4 or '4 Trig functions/4.1'"
    )
    parser.add_argument("--seconds", type=positive, default=5.0, help="time limit of one claim. Default: 5")
    parser.add_argument(
        "--wire", type=share, default=0.01, help="share of claims that are also sent to a server. Default: 0.01"
    )
    parser.add_argument("--state", type=Path, help="the file of results. Default: one of build/rubi")
    parser.add_argument("--anew", action="store_true", help="forget the results of an earlier run")
    return parser


def count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not at least 1")
    return value


def positive(text: str) -> float:
    value = float(text)
    if not 0.0 < value < 1000.0:
        raise argparse.ArgumentTypeError(f"{value:g} is not between 0 and 1000 seconds")
    return value


def share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{value:g} is not a share from 0 to 1")
    return value


def main() -> int:
    parser = arguments()
    given = parser.parse_args()
    part = "".join(c if c.isalnum() else "-" for c in given.chapter) or "all"
    name = f"{part}-seed{given.seed}" + (f"-sample{given.sample}" if given.sample else "") + ".jsonl"
    state = given.state or ROOT / "build" / "rubi" / name
    if given.anew:
        state.unlink(missing_ok=True)
    start = time.monotonic()
    went_on = state.exists()
    server = None
    address = ""
    try:
        if given.wire:
            import secant

            server = secant.local(check_seconds=given.seconds, seconds=max(30.0, 4 * given.seconds))
            address = server.target
        whole = Run(
            given.folder, state, Settings(given.seed, given.seconds, given.wire, address), version(), given.processes,
            given.sample, given.chapter,
        )  # fmt: skip
        records = run(whole)
    except FileNotFoundError as error:
        parser.error(str(error))
    except OtherRunError as error:
        parser.error(f"{error}; --anew forgets it")
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on with {state}", file=sys.stderr)
        return 130
    finally:
        if server is not None:
            server.close()
    hours = 0.0 if went_on else (time.monotonic() - start) / 3600
    head = json.loads(state.read_text(encoding="utf-8").partition("\n")[0])
    today = date.today().isoformat()
    print(summary(head, records, today, hours))
    text = section(head, records, today, hours)
    if given.sample or given.chapter:
        page = state.with_suffix(".md")
        page.write_text(text + "\n", encoding="utf-8")
        print(f"findings: {page}", file=sys.stderr)
    else:
        write_section(ROOT / "docs" / "trust.md", text)
    missed = failures(records)
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
