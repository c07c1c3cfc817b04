"""Evaluate over the wire, beside other services and an echo of the same bytes: ./dev bench services

sin(x*y) + cos(x)*y^2 with both partials, of one point and of many; all servers and clients on this machine, each server in a process
of its own. The echo server gets and returns as many bytes as Secant's and computes nothing.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from tempfile import TemporaryDirectory

import grpc
import numpy as np
import secant
from secant.v1 import evaluate_pb2, expression_pb2

from bench.common import OURS, Effort, Row, Section, agree, here, main, turns
from bench.environments import Rival, enter, installed, python_of, rival
from bench.rivals.by_hand import wave
from bench.rivals.formulas import columns
from bench.server import server

__all__ = ["measure"]

TEXT = "sin(x*y) + cos(x)*y^2"
# The most that a call of many points may take, in echoes of its bytes.
ECHOES = 1.3
SIZE = [("grpc.max_receive_message_length", 64 * 2**20), ("grpc.max_send_message_length", 64 * 2**20)]
# Column, module, package, environment, server.
RIVALS = (
    ("UM-Bridge", "by_umbridge", "umbridge", "numbers", "umbridge_server"),
    ("Tesseract", "by_tesseract", "tesseract-core", "tesseract", "tesseract_server"),
)


def messages(points: int) -> tuple[bytes, bytes]:
    """Return a request and a reply of Secant as bytes."""
    given = columns(("x", "y"), points)
    request = evaluate_pb2.EvaluateRequest(
        expression=expression_pb2.Expression(text=TEXT),
        points=[expression_pb2.Column(name=n, values=v) for n, v in zip("xy", given, strict=True)],
        order=1,
    )
    value, *partials = wave(*given)
    reply = evaluate_pb2.EvaluateResponse(
        values=value, derivatives=[expression_pb2.Column(name=n, values=v) for n, v in zip("xy", partials, strict=True)]
    )
    return request.SerializeToString(), reply.SerializeToString()


def echo(stack: ExitStack, points: int) -> Callable[[], object]:
    """Return a call of the echo server with the bytes of Secant's messages."""
    address = stack.enter_context(server(sys.executable, "-m", "bench.echo"))
    channel = stack.enter_context(grpc.insecure_channel(address, SIZE))
    request, reply = messages(points)
    channel.unary_unary("/bench/Set")(reply)
    call = channel.unary_unary("/bench/Echo")
    return lambda: call(request)


def measure(effort: Effort) -> Section:
    """Return the milliseconds of a call."""
    section = Section(
        "services", "Numbers over the wire",
        "Value and both partials of `sin(x*y) + cos(x)*y^2` by one remote call. Secant's points are new in each call, and its reply is "
        "NumPy arrays. The echo is a gRPC server with default options that receives and returns as many bytes and computes nothing. UM-Bridge and Tesseract "
        "(served without a container) answer over HTTP from NumPy code by hand, all columns in one call.",
        "ms", goals={"UM-Bridge": 4, "Tesseract": 4}, references=("echo",),
    )  # fmt: skip
    with ExitStack() as everything:
        client = everything.enter_context(secant.connect(everything.enter_context(server())))
        for points in effort.pick((1, 100_000), (1, 100_000), (10,)):
            with ExitStack() as stack:
                x, y = columns(("x", "y"), points)

                def ours(x=x, y=y) -> object:  # type: ignore[no-untyped-def]
                    # The server keeps replies to equal requests.
                    y[0] = np.nextafter(y[0], 2.0)
                    found = client.evaluate(TEXT, {"x": x, "y": y}, order=1)
                    return [found.values, found.gradient]

                own = [*wave(x, y)]
                found = client.evaluate(TEXT, {"x": x, "y": y}, order=1)
                agree({OURS: [found.values, *np.transpose(found.gradient)]}, own)
                contestants = {OURS: here(ours), "echo": here(echo(stack, points))}
                for column, module, package, environment, program in RIVALS:
                    if not installed(environment, package):
                        contestants[column] = "not installed"
                        continue
                    python = str(python_of(environment))
                    argument = str(points) if column == "UM-Bridge" else stack.enter_context(TemporaryDirectory())
                    address = stack.enter_context(server(python, "-m", f"bench.rivals.{program}", argument))
                    there: Rival | str = stack.enter_context(rival(module, package, environment))
                    contestants[column] = enter(
                        there,
                        "evaluate",
                        lambda answer, own=own: agree({"it": answer}, own),
                        address=address,
                        points=points,
                    )
                cells = turns(contestants, effort.pick(15, 5, 1), effort.pick(10.0, 4.0, 0.1))
            section.rows.append(Row(f"{points:,} point{'s'[: points > 1]}", cells))
            own_time, echoed = cells[OURS], cells["echo"]
            if points > 1 and isinstance(own_time, float) and isinstance(echoed, float):
                section.notes.append(f"{points:,} points: {own_time / echoed:.2f} times an echo, goal {ECHOES}.")
    return section


if __name__ == "__main__":
    main(measure)
