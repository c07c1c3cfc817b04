"""What costs much for its length is computed away from the event loop, and what looked endless ends."""

import threading
import time

import pytest
from secant.v1 import derivative_pb2, describe_pb2, evaluate_pb2
from secant.v1.expression_pb2 import Coordinate, Dimension, Expression, VariableShape
from secantd.functions import CHEAP, NAMES, cost
from secantd.transport.methods import METHODS


def request(text: str, x: float, order: int = 0, points: int = 1) -> evaluate_pb2.EvaluateRequest:
    made = evaluate_pb2.EvaluateRequest(order=order)
    made.expression.text = text
    column = made.points.add()
    column.name = "x"
    column.values.extend([x] * points)
    return made


ENDLESS = [
    ("qnbinom(0.5, 1, x)", 1e-17),
    ("qpois(0.5, x)", 1e300),
    ("qnbinom(0.5, x, 0.5)", 1e17),
    ("qchisq(1e-300, x)", 1e300),
]


@pytest.mark.parametrize(("text", "x"), ENDLESS)
def test_a_quantile_between_neighbours_of_doubles_is_answered_and_others_meanwhile(
    calculus, text: str, x: float
) -> None:
    done = threading.Event()
    waits = []

    def ping() -> None:
        while True:
            began = time.monotonic()
            calculus.Describe(describe_pb2.DescribeRequest())
            waits.append(time.monotonic() - began)
            if done.is_set():
                return

    other = threading.Thread(target=ping)
    other.start()
    try:
        reply = calculus.Evaluate(request(text, x))
    finally:
        done.set()
        other.join()
    assert 0.0 < reply.values[0] < 1.8e308
    # Far more than it takes on a busy machine, far less than an endless loop.
    assert max(waits) < 3.0


def quick(text: str, order: int = 0, points: int = 1) -> bool:
    made = request(text, 0.7, order, points)
    return METHODS["Evaluate"].quick(made)


@pytest.mark.parametrize("name", [n for n, rows in NAMES.items() if any(cost(r) > CHEAP for r in rows)])
def test_no_function_of_long_loops_is_computed_on_the_event_loop(name: str) -> None:
    assert not quick(f"{name}(x, 2)")
    assert not quick(f"1 + `{name}`(x, 2)" if "." not in name else f"1 + {name}(x, 2)")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("sum(seq_len(100000) * x)", 0), ("prod(rep(x, 20000))", 0), ("sum(x * range(99999))", 0), ("Reduce(max, rep(x, 500))", 0),
        (f"max({', '.join('x' * 27)})", 1), (f"max({', '.join('x' * 10)})", 2), ("\uff51gamma(x, 2)", 0),
    ],
)  # fmt: skip
def test_a_text_that_expands_is_computed_in_a_worker(text: str, order: int) -> None:
    assert not quick(text, order)


@pytest.mark.parametrize("text", ["x^2 + sin(x)", "dnorm(x)", "pnorm(x, 0, 1)", "lgamma(x)", "max(x, 1, 2)"])
def test_what_takes_a_moment_stays_on_the_event_loop(text: str) -> None:
    assert quick(text, 1)


def test_large_arrays_and_shapes_are_computed_elsewhere() -> None:
    quick = METHODS["Gradient"].quick
    assert quick(
        derivative_pb2.GradientRequest(expression=Expression(text="sum(x^2)"), at=[Coordinate(values=[1.0] * 100)])
    )
    large = [Coordinate(variable="x", values=[1.0] * 2000)]
    assert not quick(derivative_pb2.GradientRequest(expression=Expression(text="sum(x^2)"), at=large))
    declared = [VariableShape(variable="x", dimensions=[Dimension(size=5000)])]
    assert not quick(derivative_pb2.GradientRequest(expression=Expression(text="sum(x^2)", shapes=declared)))
