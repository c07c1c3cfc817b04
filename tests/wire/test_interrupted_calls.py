"""A call that was stopped, or had too little time for a part, leaves nothing in the caches that changes a later answer."""

import random
import sys

import pytest
from google.protobuf import text_format
from secant.v1 import descend_pb2
from secantd.answers.functions import FunctionCache
from secantd.descent import shared
from secantd.interrupt import GUARDED, InterruptError, Interruptible, OutOfTimeError, in_full, may_be_interrupted
from secantd.lru import LRUCache
from secantd.settings import Limits
from secantd.transport.methods import METHODS, Kind, answer

LIMITS = Limits()
NUMBERS = 'expression { text: "3*x^2*sin(x) + exp(x/2)*log(1 + x^2)/3" }'
REMOVABLE = 'expression { text: "(1 - cos(x))/x^2 + abs(x)/7" }'
ARRAYS = 'expression { text: "sum((A %*% x - b)^2) + log(det(A))" data { name: "b" values: [1, 2] } }'
AT, ZERO = 'at { variable: "x" value: 0.5 }', 'at { variable: "x" value: 0 }'
ALSO = 'at { variable: "A" values: [2, 1, 1, 3] shape: [2, 2] } at { variable: "x" values: [1, 2] }'
FAMILIES = {
    "numbers": (
        ("Differentiate", f'{NUMBERS} variables: ["x", "x"] {AT} notations: [1, 2, 3]'),
        ("Differentiate", f'{NUMBERS} variables: "x" form: 2 notations: 2'),
        ("Differentiate", f'{NUMBERS} variables: "x" form: 5 notations: 1'),
        ("Gradient", f"{NUMBERS} {AT}"),
        ("Hessian", f"{NUMBERS} {AT}"),
        ("Taylor", f"{NUMBERS} {AT} order: 3"),
        ("Explain", f"{NUMBERS} formats: [1, 3]"),
        ("Export", f"{NUMBERS} notations: [1, 2]"),
        ("Check", f'{NUMBERS} claimed {{ text: "6*x*sin(x)" }} witnesses: ["exact", "numeric"]'),
        ("Descend", f"{NUMBERS} {AT.replace('at', 'start')} lbfgs {{ memory: 3 }} max_steps: 20"),
    ),
    "removable": (
        ("Differentiate", f'{REMOVABLE} variables: "x" {ZERO} notations: [1, 2]'),
        ("Hessian", f"{REMOVABLE} {ZERO}"),
        ("Evaluate", f'{REMOVABLE} points {{ name: "x" values: [0, 1] }} order: 1'),
        ("Gradient", f"{REMOVABLE} {AT}"),
        ("Tangent", f"{REMOVABLE} {AT}"),
    ),
    "arrays": (
        ("Gradient", f"{ARRAYS} {ALSO}"),
        ("Hessian", f"{ARRAYS} {ALSO}"),
        ("Differentiate", f'{ARRAYS} variables: "x" {ALSO} notations: [1, 2, 3]'),
        ("Explain", f'{ARRAYS} variables: "x"'),
        ("Descend", f"{ARRAYS} {ALSO.replace('at {', 'start {')} lbfgs {{ memory: 3 }} max_steps: 10"),
    ),
}
# Places at which each call is stopped, and other calls that come afterwards.
PLACES, OTHERS = 3, 1


def ask(method, text, functions):
    """Answer a call, and whether in full; a descent as one message, since time divides it. Caches besides `functions` are empty."""
    shared._kept = LRUCache(shared.KEPT)
    request = text_format.Parse(text, METHODS[method].request())

    def job():
        if METHODS[method].kind is Kind.UNARY:
            return answer(method, request.SerializeToString(), functions)
        whole = descend_pb2.DescendResponse()
        for reply, _ in METHODS[method].answer(request, functions):
            whole.MergeFromString(reply)
        return whole.SerializeToString(deterministic=True)

    return in_full(job)


def is_inside(frame):
    """Whether a call that may be stopped encloses a frame."""
    while frame is not None and frame.f_code is not GUARDED:
        frame = frame.f_back
    return frame is not None


def stopped(job, place):
    """Run a job, and stop the innermost call that has a time limit at a place, counted in calls of functions.

    CPython raises an asynchronous exception where a function begins or a function of C has returned. Returns the result, None
    where the whole job was stopped.
    """
    count = 0

    def look(frame, event, _):
        nonlocal count
        if event in ("call", "c_return"):
            count += 1
            if count >= place and is_inside(frame) and may_be_interrupted(frame):
                sys.setprofile(None)
                raise InterruptError

    def run():
        sys.setprofile(look)
        try:
            return job()
        finally:
            sys.setprofile(None)

    try:
        return Interruptible(run)()
    except OutOfTimeError:
        return None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("family", FAMILIES)
def test_a_call_that_was_stopped_changes_no_later_answer(family):
    calls, chance = FAMILIES[family], random.Random(family)
    right = {call: ask(*call, FunctionCache(LIMITS)) for call in calls}
    for call in calls:
        total = measured(call)
        for _ in range(PLACES):
            functions = FunctionCache(LIMITS)
            first = stopped(lambda call=call, functions=functions: ask(*call, functions), chance.randrange(1, total))
            found = [(call, first)] if first is not None else []
            found += [(each, ask(*each, functions)) for each in (call, *chance.sample(calls, OTHERS))]
            for each, (reply, full) in found:
                assert reply == right[each][0] or not (full and right[each][1]), (call, each)


def measured(call):
    """The function calls within a call."""
    count = 0

    def look(_, event, __):
        nonlocal count
        count += event in ("call", "c_return")

    sys.setprofile(look)
    try:
        ask(*call, FunctionCache(LIMITS))
    finally:
        sys.setprofile(None)
    return count
