"""No answer depends on the calls that were answered before it, whether these have ended or were stopped.

Functions are cached with all that was derived from them, and the graph of a function grows with each call. Every answer is compared,
letter by letter and bit by bit, with that of an empty cache.
"""

import random
import sys
from contextlib import suppress

import pytest
from google.protobuf import text_format
from secant.v1 import descend_pb2
from secantd.algebra import Light
from secantd.answers.functions import FunctionCache
from secantd.descent import shared
from secantd.errors import CalculusError
from secantd.interrupt import GUARDED, InterruptError, Interruptible, OutOfTimeError, in_full, may_be_interrupted
from secantd.lru import LRUCache
from secantd.settings import Limits
from secantd.transport.methods import METHODS, Kind, answer

# So much time that nothing is left out on a busy machine.
LIMITS = Limits(algebra_seconds=60.0, check_seconds=60.0)


def expression(text):
    return f'expression {{ text: "{text}" }}'


def coordinates(field, **point):
    return " ".join(f'{field} {{ variable: "{name}" value: {value} }}' for name, value in point.items())


def calls_of(text, **point):
    """All kinds of calls about one formula of numbers."""
    f, at, first = expression(text), coordinates("at", **point), next(iter(point))
    columns = " ".join(f'points {{ name: "{name}" values: [{value}, 1.1] }}' for name, value in point.items())
    two = f'variables: ["{first}", "{list(point)[-1]}"]'
    swapped = f'variables: ["{list(point)[-1]}", "{first}"]'
    one = f'variables: "{first}"'
    return (
        ("Differentiate", f"{f} {two} {at} notations: [1, 2, 3]"),
        ("Differentiate", f"{f} {swapped} {at} notations: [1, 2, 3]"),
        ("Differentiate", f"{f} {one} form: 5"),
        ("Gradient", f"{f} {at}"),
        ("Hessian", f"{f} {at}"),
        ("Taylor", f"{f} {at} order: 2"),
        ("Tangent", f"{f} {at}"),
        ("Evaluate", f"{f} {columns} order: 2"),
        ("Explain", f"{f} {one} formats: [1, 3]"),
        ("Export", f"{f} notations: [1, 2] order: 2"),
        ("Check", f'{f} {one} claimed {{ text: "6*x*sin(x)" }} witnesses: ["exact", "numeric"]'),
        ("Descend", f"{f} {coordinates('start', **point)} lbfgs {{ memory: 3 }} max_steps: 4"),
    )


MATRIX = 'expression { text: "sum((A %*% x - b)^2) + sum(A^2)" data { name: "b" values: [1, 2] } }'
POINT = 'at { variable: "A" values: [2, 1, 1, 3] shape: [2, 2] } at { variable: "x" values: [1, 2] }'
FAMILIES = {
    "numbers": calls_of("3*x^2*sin(x) + exp(x/2)*log(1 + x^2)/3", x=0.5),
    "removable": calls_of("(1 - cos(x))/x^2 + abs(x)/7", x=0),
    # Second derivatives whose terms were added in another order, and two exact forms of one derivative.
    "rounded": calls_of("x*a*z + exp((x*z - a*x)*x*3*(x)^3)", x=0.57, z=-0.31, a=1.23),
    "exact": calls_of("x*a*z + expit(exp(a)) - a*z + x^2 + (2*a)^3*(a - 0.7)*sin(x)", x=0.57, z=-0.31, a=1.23),
    "arrays": (
        ("Gradient", f"{MATRIX} {POINT}"),
        ("Hessian", f"{MATRIX} {POINT}"),
        ("Differentiate", f'{MATRIX} variables: "x" {POINT} notations: [1, 2, 3]'),
        ("Explain", f'{MATRIX} variables: "x"'),
        ("Export", f'{MATRIX} variables: "x" notations: [1, 2]'),
        ("Descend", f"{MATRIX} {POINT.replace('at {', 'start {')} lbfgs {{ memory: 3 }} max_steps: 3"),
    ),
}


def ask(method, text, functions):
    """Answer a call, also with an error; a descent as one message. Caches besides `functions` are emptied before."""
    shared._kept = LRUCache(shared.KEPT)
    request = text_format.Parse(text, METHODS[method].request())

    def job():
        if METHODS[method].kind is Kind.UNARY:
            return answer(method, request.SerializeToString(), functions)
        whole = descend_pb2.DescendResponse()
        for reply, _ in METHODS[method].answer(request, functions):
            whole.MergeFromString(reply)
        return whole.SerializeToString(deterministic=True)

    try:
        reply, full = in_full(job)
    except CalculusError as error:
        return str(error)
    assert full
    return reply


def alone(calls):
    """The answers of an empty cache."""
    return {call: ask(*call, FunctionCache(LIMITS)) for call in calls}


@pytest.mark.parametrize("family", FAMILIES)
def test_an_answer_is_the_same_before_and_after_other_calls(family):
    calls, chance = FAMILIES[family], random.Random(family)
    right = alone(calls)
    # Each call comes first once.
    for call in calls:
        functions = FunctionCache(LIMITS)
        for each in (call, *chance.sample(calls, 5)):
            assert ask(*each, functions) == right[each], (call, each)


def is_inside(frame):
    """Whether a call that may be stopped encloses a frame."""
    while frame is not None and frame.f_code is not GUARDED:
        frame = frame.f_back
    return frame is not None


def stopped(job, place):
    """Run a job and stop it at a place, counted in calls of functions, or soon after it.

    CPython raises an asynchronous exception where a function begins or a function of C has returned.
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

    # A call within it that has a time limit of its own may be stopped instead, and what it left out may change this answer.
    with suppress(OutOfTimeError, AssertionError):
        Interruptible(run)()


def length(call):
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


def changed_by_stops(calls, chance, places):
    """Stop each call at places by chance; return the calls whose next answer, from the same cache, is another one than alone."""
    right = alone(calls)
    found = []
    for call in calls:
        total = length(call)
        for _ in range(places):
            functions = FunctionCache(LIMITS)
            stopped(lambda call=call, functions=functions: ask(*call, functions), chance.randrange(1, total))
            found += [each for each in (call, chance.choice(calls)) if ask(*each, functions) != right[each]]
    return found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("family", ["numbers", "removable", "arrays"])
def test_a_call_that_was_stopped_changes_no_later_answer(family):
    assert changed_by_stops(FAMILIES[family], random.Random(family), 2) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cache_that_is_filled_before_its_value_is_known_is_found(monkeypatch):
    whole = Light.step

    def planted(form, node, args):
        form.forms[node.index] = node
        return whole(form, node, args)

    monkeypatch.setattr(Light, "step", planted)
    printed = [call for call in FAMILIES["numbers"] if call[0] in ("Differentiate", "Hessian")]
    assert changed_by_stops(printed, random.Random(1), 12) != []
