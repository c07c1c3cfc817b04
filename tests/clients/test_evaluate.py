"""Points go out and come back as columns, large batches over the stream."""

import asyncio

import numpy as np
import pytest
import secant
from secant import rpcs
from secant._arrays import add_columns
from secant._call import Call, Gathering
from secant.rpcs.evaluate import BLOCK
from secant.v1 import evaluate_pb2 as pb


def squares(columns, order, offset=0, first=True):
    """x² + y and its derivatives, as the server would return them."""
    x, y = np.broadcast_arrays(*(np.array(column.values) for column in columns))
    reply = pb.EvaluateStreamResponse(offset=offset, variables=["x", "y"] if first else [])
    with np.errstate(invalid="ignore"):
        reply.values.extend(x**2 + y)
    derivatives = {"x": 2 * x, "y": np.ones_like(x)} if order else {}
    if order == 2:
        derivatives |= {"x x": np.full_like(x, 2), "x y": 0 * x, "y y": 0 * x}
    add_columns(reply.derivatives, derivatives)
    return reply


@pytest.fixture
def blocks(faults):
    """The blocks that the stream of the fault server was sent."""
    seen = []

    def converse(requests, context):
        setup = next(requests).setup
        offset = 0
        for request in requests:
            columns = request.points.columns
            seen.append({column.name: np.array(column.values) for column in columns})
            yield squares(columns, setup.order, offset, first=len(seen) == 1)
            offset += len(columns[0].values)

    faults.answers["EvaluateStream"] = converse
    return seen


def test_a_small_batch_is_one_call():
    call = rpcs.evaluate("x^2 + y", {"x": [1, 2, 3], "y": 1}, "x", "y", order=1)
    assert isinstance(call, Call)
    assert [list(column.values) for column in call.request.points] == [[1, 2, 3], [1]]
    assert list(call.request.variables) == ["x", "y"]


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("rows", [BLOCK, 3 * BLOCK + 1])
def test_neither_question_nor_answer_of_a_block_is_over_the_message_limit(order, rows):
    names = [f"x{i}" for i in range(7)]
    call = rpcs.evaluate("x", {name: np.zeros(rows) for name in names}, order=order)
    assert isinstance(call, Gathering)
    sent = [pb.EvaluateStreamRequest.FromString(r.SerializeToString()) for r in list(call.requests)[1:]]
    assert sum(len(request.points.columns[0].values) for request in sent) == rows
    answer = 1 + (7 if order else 0) + (28 if order == 2 else 0)
    for request in sent:
        n = len(request.points.columns[0].values)
        assert max(request.ByteSize(), 8 * n * answer) < 1 << 20


def test_a_large_batch_comes_back_whole_and_in_order(client, blocks):
    x = np.arange(5 * BLOCK, dtype=float)
    at = client.evaluate("x^2 + y", {"x": x, "y": 1.0}, order=2)
    assert len(blocks) > 5
    assert all(len(block["y"]) == 1 for block in blocks)
    np.testing.assert_array_equal(at.values, x**2 + 1)
    np.testing.assert_array_equal(at.gradient, np.column_stack([2 * x, np.ones_like(x)]))
    np.testing.assert_array_equal(at.hessian[17], [[2, 0], [0, 0]])
    assert (at.variables, at.hessian.shape) == (("x", "y"), (len(x), 2, 2))


def test_the_asynchronous_client_streams_too(faults, blocks):
    x = np.arange(5 * BLOCK, dtype=float)

    async def main():
        async with secant.connect_async(faults.address) as s:
            return await s.evaluate("x^2 + y", {"x": x, "y": 1.0})

    np.testing.assert_array_equal(asyncio.run(main()).values, x**2 + 1)
    assert len(blocks) > 2


def test_a_stream_answers_each_block_with_its_offset(client, blocks):
    points = [{"x": [1.0, 2.0], "y": [0.0, 0.0]}, {"x": [3.0], "y": [1.0]}]
    answers = list(client.evaluate_stream("x^2 + y", iter(points), order=1))
    assert [(at.offset, at.values.tolist(), at.variables) for at in answers] == [
        (0, [1.0, 4.0], ("x", "y")),
        (2, [10.0], ("x", "y")),
    ]


def test_an_endless_stream_is_read_no_further_than_its_answers_are(client, blocks):
    def forever():
        while True:
            yield {"x": [1.0], "y": [1.0]}

    answers = client.evaluate_stream("x^2 + y", forever())
    assert [next(answers).values[0] for _ in range(3)] == [2.0, 2.0, 2.0]
    answers.close()


def test_blocks_may_come_from_an_asynchronous_source(faults, blocks):
    async def points():
        for i in range(3):
            await asyncio.sleep(0)
            yield {"x": [float(i)], "y": [0.0]}

    async def main():
        async with secant.connect_async(faults.address) as s:
            return [at.values[0] async for at in s.evaluate_stream("x^2 + y", points())]

    assert asyncio.run(main()) == [0.0, 1.0, 4.0]


def test_an_error_in_the_source_of_the_blocks_is_raised_where_the_answers_are_read(faults, client, blocks):
    def source():
        yield {"x": [1.0], "y": [1.0]}
        raise LookupError("no more rows")

    with pytest.raises(LookupError, match="no more rows"):
        list(client.evaluate_stream("x^2 + y", source()))

    async def main():
        async with secant.connect_async(faults.address) as s:
            return [at async for at in s.evaluate_stream("x^2 + y", source())]

    with pytest.raises(LookupError, match="no more rows"):
        asyncio.run(main())


def test_the_bits_of_rs_na_survive_both_ways(client, blocks):
    na = np.array([0x7FF00000000007A2], np.uint64).view(np.float64)
    seen = [at.values for at in client.evaluate_stream("x^2 + y", [{"x": [0.0], "y": na}])]
    assert blocks[0]["y"].view(np.uint64)[0] == 0x7FF00000000007A2
    assert np.isnan(seen[0][0])


@pytest.mark.parametrize(
    ("points", "message"),
    [
        pytest.param({"x": [1, 2], "y": [1, 2, 3]}, "columns differ in length", id="lengths"),
        pytest.param({"x": np.zeros((2, 2, 2))}, "x has 3 dimensions; a vector has one, a matrix two", id="dimensions"),
        pytest.param({"x": [[1, 2], [3]]}, "the rows of x differ in length", id="ragged"),
    ],
)
def test_points_that_are_no_columns_are_refused_before_anything_is_sent(points, message):
    with pytest.raises(ValueError, match=message):
        rpcs.evaluate("x + y", points)


def test_strided_and_foreign_arrays_are_sent_as_they_read():
    x = np.arange(10, dtype=">i4")[::3]
    call = rpcs.evaluate("x", {"x": x})
    assert list(call.request.points[0].values) == [0, 3, 6, 9]


def test_values_of_many_points_may_be_changed(real):
    for points in (3, 2000, 50_000):
        at = real.evaluate("x^2", {"x": np.linspace(0.0, 1.0, points)}, order=2)
        for numbers in (at.values, at.gradient, at.hessian):
            numbers += 1.0
