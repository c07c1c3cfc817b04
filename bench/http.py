"""A cached Gradient by HTTP with JSON beside gRPC, from Node and from Python: ./dev bench http

Node's fetch keeps its connection, as a browser does. The gRPC client of Node is @grpc/grpc-js, installed by npm into build/node.
"""

import http.client
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from secant._channel import ConnectionSettings, channel
from secant.v1 import derivative_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

from bench.common import Effort, RivalError, Row, Section, here, main, turns
from bench.server import server_with_http

__all__ = ["measure"]

HOME = Path(__file__).parents[1]
BODY = {
    "expression": {"text": "x^2 * y + sin(x)"},
    "at": [{"variable": "x", "value": 3}, {"variable": "y", "value": 2}],
}
PATH = "/secant.v1.CalculusService/Gradient"
# Calls of one measurement.
CALLS = 100
# The most that a call by HTTP may take, in calls by gRPC of the same program.
GOAL = 1.5


def packages(effort: Effort) -> Path | str:
    """Return the folder with Node's packages, or why there is none."""
    if effort is Effort.TINY:
        # Tests install nothing by npm.
        return "left out"
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "not installed"
    folder = HOME / "build" / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for source in (HOME / "tests" / "wire" / "node" / "package.json", HOME / "bench" / "web" / "client.cjs"):
        shutil.copy(source, folder)
    install = ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True)
    return "not installed" if done.returncode else folder


@contextmanager
def node(effort: Effort, url: str, address: str) -> Iterator[Callable[[str], Callable[[], float] | str]]:
    """Yield a function that returns, for "grpc" or "json", a function that measures a call from Node."""
    folder = packages(effort)
    if isinstance(folder, str):
        reason = folder
        yield lambda _: reason
        return
    command = ["node", "client.cjs", url, address, str(HOME / "protos"), json.dumps(BODY)]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines, answers = process.stdin, process.stdout

        def job(kind: str) -> Callable[[], float]:
            def run() -> float:
                lines.write(f"{kind} {CALLS}\n")
                lines.flush()
                if not (answer := answers.readline()):
                    raise RivalError("node has ended")
                return float(answer)

            return run

        yield job
        process.stdin.close()


def measure(effort: Effort) -> Section:
    """Return the milliseconds of each call."""
    section = Section(
        "http", "HTTP beside gRPC",
        "A Gradient that the server has answered before, one call after another on a connection that is kept.", "ms", compared=False,
    )  # fmt: skip
    with (
        server_with_http() as (address, url),
        channel(ConnectionSettings(address)) as opened,
        node(effort, url, address) as job,
    ):
        calculus = CalculusServiceStub(opened)
        points = [expression_pb2.Coordinate(**each) for each in BODY["at"]]  # type: ignore[arg-type]
        request = derivative_pb2.GradientRequest(expression=expression_pb2.Expression(**BODY["expression"]), at=points)  # type: ignore[arg-type]
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        text = json.dumps(BODY)

        def by_json() -> float:
            connection.request("POST", PATH, text, {"content-type": "application/json"})
            return float(json.loads(connection.getresponse().read())["value"])

        assert by_json() == calculus.Gradient(request).value
        contestants: dict[str, Callable[[], float] | str] = {
            "gRPC from Node": job("grpc"),
            "fetch from Node": job("json"),
            "a page by fetch from Node": job("page"),
            "gRPC from Python": here(lambda: calculus.Gradient(request)),
            "JSON from Python": here(by_json),
        }
        cells = turns(contestants, effort.pick(40, 15, 1), effort.pick(20.0, 6.0, 0.1))
        connection.close()
    section.rows.append(Row("one call", cells))
    for ours, theirs in (
        ("fetch from Node", "gRPC from Node"),
        ("fetch from Node", "gRPC from Python"),
        ("JSON from Python", "gRPC from Python"),
    ):
        a, b = cells[ours], cells[theirs]
        if isinstance(a, float) and isinstance(b, float):
            section.notes.append(f"{ours} takes {a / b:.2f} times {theirs} (goal: {GOAL}).")
    return section


if __name__ == "__main__":
    main(measure)
