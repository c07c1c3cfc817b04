"""Calls of the R client beside those of the Python client, and beside R's Deriv: ./dev bench r_client"""

import subprocess
import tempfile
from pathlib import Path

import secant

from bench.common import OURS, Effort, Row, Section, here, main, turns
from bench.environments import Rival, enter, r_library, rival
from bench.server import server

__all__ = ["measure"]

PACKAGE = Path(__file__).parents[1] / "clients" / "r"


def measure(effort: Effort) -> Section:
    """Return the milliseconds of a call of each client."""
    section = Section(
        "r_client", "Calls from R",
        "One connection for each client. `differentiate(\"x * exp(x)\", \"x\")`, which the server has answered before, and "
        "`Deriv(\"x * exp(x)\", \"x\")` with another variable each time: over the wire and by R's package, in one R process.",
        "ms", goals={"R Deriv": 1.0},
    )  # fmt: skip
    with (
        server() as address,
        secant.connect(address) as client,
        rival("host.R", "Deriv") as r,
        tempfile.TemporaryDirectory() as library,
    ):
        there: Rival | str = r
        if isinstance(r, Rival):
            installed = subprocess.run(
                ["R", "CMD", "INSTALL", "--no-docs", f"--library={library}", str(PACKAGE)],
                env=r_library(),
                capture_output=True,
            )
            there = r if installed.returncode == 0 else "the package cannot be installed"
        where = {"library": library, "address": address}
        contestants = {
            OURS: here(lambda: client.differentiate("x * exp(x)", "x")),
            f"{OURS} from R": enter(there, "call", lambda answer: None, **where),
        }
        cells = turns(contestants, effort.pick(9, 5, 1), effort.pick(10.0, 4.0, 0.1))
        section.rows.append(Row("a call, asked before", cells))
        own, theirs = cells[OURS], cells[f"{OURS} from R"]
        if isinstance(own, float) and isinstance(theirs, float):
            section.notes.append(
                f"A call from R takes {(theirs - own) * 1e3:.2f} ms longer than from Python (goal: 0.5 ms)."
            )
        fresh = {
            OURS: enter(there, "fresh", lambda answer: None, **where),
            "R Deriv": enter(r, "DerivFresh", lambda answer: None),
        }
        section.rows.append(
            Row("a new derivative, from R", turns(fresh, effort.pick(9, 5, 1), effort.pick(10.0, 4.0, 0.1)))
        )
    return section


if __name__ == "__main__":
    main(measure)
