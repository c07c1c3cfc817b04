"""No call leaves memory behind: what remains after many different calls is caches, which have limits."""

import gc
import sys
from itertools import pairwise

import pytest
from google.protobuf import text_format
from secantd.answers.functions import FunctionCache
from secantd.settings import Limits
from secantd.transport.calls.replycache import ReplyCache
from secantd.transport.methods import METHODS, Kind, answer

CURVE = 'expression { text: "%d*x^2*sin(x) + exp(x/3)" }'
AT = 'at { variable: "x" value: 0.5 }'
TEXTS = {
    "Differentiate": f'{CURVE} variables: "x" {AT} notations: [1, 3]',
    "Gradient": f"{CURVE} {AT}",
    "Jacobian": f'expression {{ text: "c(%d*x, x^2)" }} {AT}',
    "Hessian": f"{CURVE} {AT}",
    "Taylor": f"{CURVE} {AT} order: 3",
    "Tangent": f"{CURVE} {AT}",
    "Approximate": f"{CURVE} {AT} scheme: 3",
    "Evaluate": f'{CURVE} points {{ name: "x" values: [1, 2, 3] }} order: 1',
    "Descend": 'expression { text: "(x - %d)^2" } start { variable: "x" value: 3 } lbfgs { memory: 3 }',
    "Check": f'{CURVE} claimed {{ text: "x" }} witnesses: ["exact", "numeric"]',
    "Explain": f"{CURVE} formats: 1",
    "Export": f"{CURVE} notations: [1, 2]",
}
CALLS = 15
# Blocks of Python's allocator that a call may leave: texts of programs are kept by number, and counters grow.
BLOCKS = 5


@pytest.fixture(scope="module", autouse=True)
def without_earlier_objects():
    """Exclude objects of earlier tests from garbage collection, as conftest.py does before the first; each search would take a second."""
    gc.collect()
    gc.freeze()


def ask(method, number, functions):
    request = text_format.Parse(TEXTS[method] % number, METHODS[method].request())
    if METHODS[method].kind is Kind.UNARY:
        return answer(method, request.SerializeToString(), functions)
    return list(METHODS[method].answer(request, functions))


@pytest.mark.parametrize("method", TEXTS)
def test_calls_leave_nothing_behind(method):
    functions = FunctionCache(Limits(), entries=4)
    blocks = []
    for group in range(8):
        for k in range(CALLS):
            ask(method, 10_000 + group * CALLS + k, functions)
        gc.collect()
        blocks.append(sys.getallocatedblocks())
    # The first groups fill caches; a group may be disturbed by what runs beside it.
    assert min(later - earlier for earlier, later in pairwise(blocks[3:])) < BLOCKS * CALLS, blocks


def test_the_cache_of_replies_keeps_to_its_bytes():
    cache = ReplyCache(100_000)
    for number in range(5_000):
        cache.put("Gradient", b"%d" % number, bytes(500))
    assert cache._held.weight <= 100_000
    assert 100 < len(cache._held) < 200
