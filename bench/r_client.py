"""The R client against the Python client, and against R's Deriv, interleaved in one run. Run: python bench/r_client.py

Prints calls per second of both clients on one server and their ratio, and the milliseconds of a derivative that nobody
asked for before: Deriv("x * exp(x)", "x") over the wire and by R's own package, in the same R process.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import secant

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "clients" / "r"


class R:
    """An R process that makes calls when it is asked to."""

    def __init__(self, library: str, address: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
        self._process = subprocess.Popen(
            ["Rscript", "--vanilla", str(HERE / "r_client.R"), address],
            env=environment | {"R_LIBS": library, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, what: str, count: int) -> float:
        """Return the seconds that `count` calls took, NaN where R lacks the package."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what} {count}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline().strip()
        return float("nan") if line == "none" else float(line)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def python_calls(client: secant.Client, count: int) -> float:
    """Return the seconds that as many calls take from Python."""
    began = time.perf_counter()
    for _ in range(count):
        client.differentiate("x * exp(x)", "x")
    return time.perf_counter() - began


def spread(values: list[float]) -> str:
    """Return the median and the range."""
    return f"{statistics.median(values):8.2f}   ({min(values):.2f} to {max(values):.2f})"


def server() -> tuple[subprocess.Popen[str], str]:
    """Start a server of its own process, as both clients would find it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().removeprefix("listening on ").strip()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=300, help="of each client in a round")
    options = parser.parse_args()
    if shutil.which("Rscript") is None:
        print("R is not installed: nothing to measure")
        return
    process, address = server()
    with tempfile.TemporaryDirectory() as library, secant.connect(address) as client:
        subprocess.run(
            ["R", "CMD", "INSTALL", "--no-docs", f"--library={library}", str(PACKAGE)], check=True, capture_output=True
        )
        r = R(library, address)
        r("calls", 50)
        python_calls(client, 50)
        rates: dict[str, list[float]] = {"R": [], "Python": [], "ratio": []}
        cold: dict[str, list[float]] = {"secant": [], "Deriv": [], "ratio": []}
        for _ in range(options.rounds):
            here, there = options.calls / python_calls(client, options.calls), options.calls / r("calls", options.calls)
            for name, value in (("R", there), ("Python", here), ("ratio", there / here)):
                rates[name].append(value)
            ours, theirs = (r(name, 20) / 20 * 1000 for name in ("secant", "Deriv"))
            for name, value in (("secant", ours), ("Deriv", theirs), ("ratio", theirs / ours)):
                cold[name].append(value)
        r.close()
    process.terminate()
    process.wait()
    print(f"medians of {options.rounds} rounds, {options.calls} calls of each client in turn, one connection each")
    for name in ("R", "Python"):
        print(f"  {name + ' client, calls/s':<34}{spread(rates[name])}")
    print(f"  {'R / Python':<34}{spread(rates['ratio'])}")
    print("x * exp(x), each time in a new variable, in one R process")
    for name, label in (("secant", "secant::Deriv over the wire, ms"), ("Deriv", "Deriv::Deriv, ms")):
        print(f"  {label:<34}{spread(cold[name])}")
    print(f"  {'Deriv / secant':<34}{spread(cold['ratio'])}")


if __name__ == "__main__":
    main()
