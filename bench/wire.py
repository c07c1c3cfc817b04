"""The 636 steps of the source material over gRPC, beside an empty call of the same server: ./dev bench wire"""

import itertools
from collections.abc import Callable

from secant._channel import ConnectionSettings, channel
from secant.v1 import descend_pb2, describe_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

from bench.common import Effort, Row, Section, here, main, turns
from bench.descent import START, STEPS
from bench.server import server

__all__ = ["measure"]


def request(constant: int, every: int = 0, start: float = START) -> descend_pb2.DescendRequest:
    """Return the descent; another constant makes a text the server has not seen, another start a path."""
    return descend_pb2.DescendRequest(
        expression=expression_pb2.Expression(text=f"x^2 + 2*x + {constant}"),
        start=[expression_pb2.Coordinate(variable="x", value=start)],
        fixed_rate=descend_pb2.FixedRate(rate=0.01),
        trace_every=every,
    )


def measure(effort: Effort) -> Section:
    """Return the milliseconds of each call."""
    section = Section(
        "wire", "Descents over the wire",
        f"The {STEPS} steps, from the text to the last message, beside Describe of the same server.", "ms", compared=False,
    )  # fmt: skip
    with server() as address, channel(ConnectionSettings(address)) as opened:
        calculus = CalculusServiceStub(opened)
        constants = itertools.count(4)
        # As many steps from each of them.
        starts = (START + k * 1e-9 for k in itertools.count(1))

        def descent(asked: descend_pb2.DescendRequest) -> None:
            *_, last = calculus.Descend(asked)
            assert last.outcome.steps == STEPS

        calls: dict[str, Callable[[], object]] = {
            "empty call": lambda: calculus.Describe(describe_pb2.DescribeRequest()),
            "every step": lambda: descent(request(3, 1, next(starts))),
            "every step, a new text": lambda: descent(request(next(constants))),
            "every step, asked before": lambda: descent(request(3)),
            "first and last step": lambda: descent(request(3, 10**6, next(starts))),
        }
        cells = turns(
            {name: here(call) for name, call in calls.items()},
            effort.pick(60, 15, 1),
            effort.pick(10.0, 3.0, 0.1),
        )
    section.rows.append(Row("one call", cells))
    empty = cells["empty call"]
    assert isinstance(empty, float)
    found = ", ".join(f"{name} {cell / empty:.1f}" for name, cell in list(cells.items())[1:] if isinstance(cell, float))
    section.notes.append(f"In empty calls: {found}.")
    return section


if __name__ == "__main__":
    main(measure)
