"""Calls that a proxy or a stopping server cancelled, and calls of a closed client."""

import asyncio
import math

import grpc
import pytest
import secant
from secant.v1 import derivative_pb2, descend_pb2

from .messages import formula, outcome, step


def cancelled_times(faults, times, answer):
    def reply(request, context):
        if len(faults.requests) <= times:
            context.abort(grpc.StatusCode.CANCELLED, "stream reset")
        return answer(request)

    return reply


def test_a_call_that_somebody_else_cancelled_is_made_again(faults, client):
    reply = derivative_pb2.DifferentiateResponse(derivative=formula("1"))
    faults.answers["Differentiate"] = cancelled_times(faults, 2, lambda request: reply)
    assert client.differentiate("x").text == "1"
    assert len(faults.requests) == 3


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_call_that_a_proxy_always_cancels_raises_cancelled(faults, client, asynchronous):
    faults.answers["Differentiate"] = cancelled_times(faults, math.inf, None)

    async def main():
        async with secant.connect_async(faults.address) as s:
            await s.differentiate("x")

    with pytest.raises(secant.Cancelled, match="cancelled, but not by this client") as raised:
        asyncio.run(main()) if asynchronous else client.differentiate("x")
    assert len(faults.requests) == 4
    assert faults.address in str(raised.value)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_descent_that_somebody_else_cancelled_goes_on(faults, client, asynchronous):
    def descend(request, context):
        yield descend_pb2.DescendResponse(steps=[step(request.first_number, 1.0)])
        if len(faults.requests) == 1:
            context.abort(grpc.StatusCode.CANCELLED, "stream reset")
        yield descend_pb2.DescendResponse(steps=[step(1, 0.5)], outcome=outcome(0.5, steps=1))

    faults.answers["Descend"] = descend

    async def main():
        async with secant.connect_async(faults.address) as s:
            return await s.descend("x^2", {"x": 1.0}, rate=0.1).result()

    ended = asyncio.run(main()) if asynchronous else client.descend("x^2", {"x": 1.0}, rate=0.1).result()
    assert ended.point == {"x": 0.5}


def test_a_call_of_a_closed_client_raises_an_error_with_that_reason(client):
    client.close()
    with pytest.raises(secant.Cancelled, match="this client is closed"):
        client.describe()
