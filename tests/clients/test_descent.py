"""Steps come as they are made; a broken stream is taken up where that changes nothing."""

import asyncio
import threading

import grpc
import numpy as np
import pytest
import secant
from secant import rpcs
from secant.v1 import descend_pb2 as pb


def walk(request, context, stop=None, bunch=3):
    """x ← x - rate 2x from the request's start, as the server would stream it for x²."""
    x, rate = request.start[0].value, request.fixed_rate.rate
    first, last = request.first_number, request.first_number + request.max_steps
    steps, reply = [], pb.DescendResponse(variables=["x"])
    for number in range(first, last + 1):
        if number == stop:
            context.abort(grpc.StatusCode.UNAVAILABLE, "killed")
        reply.steps.add(number=number, point=[x], value=x * x, gradient_norm=abs(2 * x))
        steps.append(x)
        if len(reply.steps) == bunch or number in (first, last):
            if number == last:
                reply.outcome.reason = pb.STOP_REASON_STEPS_SPENT
                reply.outcome.message = "10 steps were made"
                reply.outcome.steps = number
                reply.outcome.point.append(x)
            yield reply
            reply = pb.DescendResponse()
        x -= rate * 2 * x


EXPECTED = 1.0 * 0.8 ** np.arange(11)


def test_a_descent_yields_its_steps_and_keeps_them_as_arrays(faults, client):
    faults.answers["Descend"] = walk
    descent = client.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10)
    steps = list(descent)
    assert [step.number for step in steps] == list(range(11))
    assert steps[3].point == {"x": pytest.approx(EXPECTED[3])}
    trace = descent.trace
    np.testing.assert_allclose(trace.points, EXPECTED[:, None])
    np.testing.assert_allclose(trace.gradient_norms, 2 * EXPECTED)
    assert trace.numbers.tolist() == list(range(11))
    assert (descent.outcome.reason, descent.outcome.point) == ("STEPS_SPENT", steps[-1].point)


def test_result_drains_what_is_left(faults, client):
    faults.answers["Descend"] = walk
    descent = client.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10)
    assert next(descent).number == 0
    assert descent.outcome is None
    assert descent.result().steps == 10
    assert (len(descent.trace), list(descent)) == (11, [])
    assert descent.result().steps == 10


def test_the_asynchronous_twin_does_the_same(faults):
    faults.answers["Descend"] = walk

    async def main():
        async with secant.connect_async(faults.address) as s:
            async with s.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10) as descent:
                first = await anext(descent)
                outcome = await descent.result()
            return first, outcome, descent.trace

    first, outcome, trace = asyncio.run(main())
    assert (first.number, outcome.reason) == (0, "STEPS_SPENT")
    np.testing.assert_allclose(trace.points, EXPECTED[:, None])


@pytest.mark.parametrize("twin", ["sync", "async"])
@pytest.mark.parametrize("stop", [1, 5, 10])
def test_a_broken_fixed_rate_descent_goes_on_from_its_last_step(faults, client, stop, twin):
    breaks = [stop, None]
    faults.answers["Descend"] = lambda request, context: walk(request, context, breaks.pop(0))
    if twin == "sync":
        descent = client.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10)
        outcome = descent.result()
    else:

        async def main():
            async with secant.connect_async(faults.address) as s:
                descent = s.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10)
                return descent, await descent.result()

        descent, outcome = asyncio.run(main())
    assert len(faults.requests) == 2
    assert faults.requests[1].first_number > 0 or stop == 1
    assert descent.trace.numbers.tolist() == list(range(11))
    np.testing.assert_allclose(descent.trace.points, EXPECTED[:, None])
    assert outcome.steps == 10


@pytest.mark.parametrize("method", ["momentum", "adam", "bfgs"])
def test_a_method_with_a_memory_is_not_taken_up_again(faults, client, method):
    def broken(request, context):
        yield pb.DescendResponse(variables=["x"], steps=[pb.Step(number=0, point=[1.0])])
        context.abort(grpc.StatusCode.UNAVAILABLE, "killed")

    faults.answers["Descend"] = broken
    descent = client.descend("x^2", {"x": 1.0}, method=method)
    with pytest.raises(secant.Unavailable):
        descent.result()
    assert len(faults.requests) == 1
    assert len(descent.trace) == 1


def test_a_server_that_breaks_at_every_step_is_given_up(faults, client):
    def broken(request, context):
        yield pb.DescendResponse(variables=["x"], steps=[pb.Step(number=0, point=[1.0])])
        context.abort(grpc.StatusCode.UNAVAILABLE, "killed")

    faults.answers["Descend"] = broken
    with pytest.raises(secant.Unavailable):
        client.descend("x^2", {"x": 1.0}, rate=0.1).result()
    assert len(faults.requests) == 5


def test_an_error_amid_the_steps_is_raised_after_them(faults, client):
    def broken(request, context):
        yield pb.DescendResponse(variables=["x"], steps=[pb.Step(number=0, point=[1.0])])
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "out of time")

    faults.answers["Descend"] = broken
    descent = client.descend("x^2", {"x": 1.0}, rate=0.1)
    assert next(descent).point == {"x": 1.0}
    with pytest.raises(secant.ResourceExhausted, match="out of time"):
        next(descent)


def test_a_stream_without_an_outcome_is_a_fault(faults, client):
    faults.answers["Descend"] = lambda request, context: iter(())
    with pytest.raises(secant.Internal, match="without an outcome"):
        client.descend("x^2", {"x": 1.0}).result()


def endless(faults) -> threading.Event:
    """Have the server send one step and no end; return the event of the call's cancellation."""
    cancelled = threading.Event()

    def steps(request, context):
        context.add_callback(cancelled.set)
        yield pb.DescendResponse(variables=["x"], steps=[pb.Step(number=0, point=[1.0])])
        cancelled.wait(10)

    faults.answers["Descend"] = steps
    return cancelled


@pytest.mark.parametrize("twin", ["sync", "async"])
def test_closing_a_descent_cancels_the_call(faults, client, twin):
    cancelled = endless(faults)
    if twin == "sync":
        with client.descend("x^2", {"x": 1.0}) as descent:
            next(descent)
        assert list(descent) == []
    else:

        async def main():
            async with secant.connect_async(faults.address) as s:
                async with s.descend("x^2", {"x": 1.0}) as descent:
                    await anext(descent)
                return [step async for step in descent]

        assert asyncio.run(main()) == []
    assert cancelled.wait(5)


def test_a_task_that_is_cancelled_cancels_its_call(faults):
    cancelled = endless(faults)

    async def main():
        async with secant.connect_async(faults.address) as s:
            descent = s.descend("x^2", {"x": 1.0})
            async with asyncio.timeout(0.3):
                await descent.result()

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert cancelled.wait(5)


def test_a_printed_descent_says_how_to_get_its_outcome_and_then_has_it(faults, client):
    faults.answers["Descend"] = walk
    descent = client.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10)
    assert repr(descent) == "<Descent: iterate over it for its steps, or call result() for the outcome>"
    outcome = descent.result()
    assert repr(descent) == f"<Descent: {outcome}>"
    assert "10 steps were made" in repr(descent)
    left = client.descend("x^2", {"x": 1.0}, rate=0.1, max_steps=10)
    left.close()
    assert repr(left) == "<Descent: closed>"


def test_a_rate_alone_means_a_fixed_rate_and_nothing_the_servers_choice():
    assert rpcs.descend("x", {"x": 1}, rate=0.5).fixed_rate.rate == 0.5
    assert rpcs.descend("x", {"x": 1}).WhichOneof("method") is None
    assert rpcs.descend("x", {"x": 1}, method="newton").WhichOneof("method") == "newton"
    adam = rpcs.descend("x", {"x": 1}, method="adam", rate=0.1, beta2=0.99).adam
    assert (adam.rate, adam.beta2, adam.HasField("beta1")) == (0.1, 0.99, False)


def test_a_setting_that_the_method_does_not_have_is_named():
    with pytest.raises(TypeError, match="method 'newton' has no setting 'rate'; its settings: none"):
        rpcs.descend("x", {"x": 1}, method="newton", rate=0.1)
    with pytest.raises(ValueError, match="method must be one of fixed_rate, momentum"):
        rpcs.descend("x", {"x": 1}, method="simplex")  # type: ignore[arg-type]


def test_a_descent_closed_by_another_task_just_ends(faults):
    endless(faults)

    async def main():
        async with secant.connect_async(faults.address) as s:
            descent = s.descend("x^2", {"x": 1.0})
            asyncio.get_running_loop().call_later(0.2, lambda: asyncio.ensure_future(descent.close()))
            return [step.number async for step in descent]

    assert asyncio.run(main()) == [0]
