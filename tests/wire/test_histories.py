"""The checker of histories of tests/soak: it finds planted bugs, and nothing in a server without them."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[1] / "soak"
sys.path.insert(0, str(SOAK))

from history import Deed, History, Record  # noqa: E402
from judge import expected, violation  # noqa: E402
from plan import (  # noqa: E402
    DISTURBANCES,
    GROUP,
    GROUPS,
    KILLS,
    METHOD_WEIGHTS,
    TEXTS,
    Disturbance,
    disturbances_before,
    request,
)
from plants import PLANTS  # noqa: E402
from secantd.transport.methods import METHODS  # noqa: E402

SEEDS = range(1, 11) if "SECANT_TEST_LOAD" in os.environ else (1,)


def first(method, way="grpc", seed=5):
    """The first call of a method in a run, whose caller stays, and which succeeds."""
    for number in range(4_000):
        wanted = request(seed, number)
        if (wanted.method, wanted.way, wanted.deadline, wanted.leave) == (method, way, None, None):
            answer = expected(wanted)
            if answer.code == "OK":
                return wanted, answer
    raise AssertionError(f"no {method}")


def answered(wanted, answer, **changes):
    """A record with the right answer, or with other fields."""
    fields = {"code": answer.code, "message": answer.message, "details": answer.details, "replies": answer.replies}
    return Record(wanted, 1.0, 1.1, **(fields | changes))


def fault(record, answer, *deeds):
    """The reason of the violation, None for none."""
    history = History(5, deeds=[Deed(Disturbance(0, kind, 0, 0.0), 1, 1.0, 1.05) for kind in deeds])
    found = violation(record, answer, history)
    return found and found.reason


def test_the_same_seed_has_the_same_calls_and_disturbances():
    for number in range(50):
        assert request(3, number) == request(3, number) != request(4, number)
        assert disturbances_before(3, number) == disturbances_before(3, number)


def test_a_run_has_all_methods_and_disturbances():
    assert TEXTS.keys() == METHOD_WEIGHTS.keys() == METHODS.keys()
    assert {d.kind for n in range(3_000) for d in disturbances_before(1, n)} == DISTURBANCES.keys()


@pytest.mark.parametrize("seed", range(20))
def test_the_begin_of_a_run_has_all_that_planted_bugs_need(seed):
    calls = [request(seed, number) for number in range(len(GROUPS) * GROUP)]
    assert all((call.deadline, call.leave) == (None, None) for call in calls)
    groups = {name: calls[k * GROUP : (k + 1) * GROUP] for k, name in enumerate(GROUPS)}
    assert len({call.method for call in groups["alike"]}) == 1 < len({call.messages for call in groups["alike"]})
    assert {call.method for call in groups["streams"]} == {"EvaluateStream", "Descend"}
    kinds = [d.kind for number in range(2 * GROUP, 4 * GROUP) for d in disturbances_before(seed, number)]
    assert kinds == ["kill a worker"] * len(KILLS)
    assert {d.kind for number in range(100) for d in disturbances_before(seed, number)} == DISTURBANCES.keys()


@pytest.mark.parametrize("way", ["grpc", "json"])
@pytest.mark.parametrize("method", ["Gradient", "Evaluate", "EvaluateStream", "Descend"])
def test_only_the_right_answer_is_none_of_a_fault(method, way):
    wanted, answer = first(method, way)
    assert fault(answered(wanted, answer), answer) is None
    other = next(each for seed in range(6, 99) if (each := first(method, way, seed)[1]).replies != answer.replies)
    assert fault(answered(wanted, answer, replies=other.replies), answer)
    assert fault(answered(wanted, answer, replies=answer.replies[:-1]), answer)
    assert fault(answered(wanted, answer, replies=(*answer.replies, answer.replies[-1])), answer)


def test_a_changed_bit_is_found():
    wanted, answer = first("EvaluateStream")
    block = bytearray(answer.replies[0])
    block[len(block) // 2] ^= 1
    assert "reply 1" in fault(answered(wanted, answer, replies=(bytes(block), *answer.replies[1:])), answer)


def test_blocks_in_another_order_are_found():
    wanted, answer = first("EvaluateStream")
    assert len(answer.replies) > 1
    assert fault(answered(wanted, answer, replies=answer.replies[::-1]), answer)


@pytest.mark.parametrize("way", ["grpc", "json"])
def test_a_descent_may_be_divided_in_any_way(way):
    wanted, answer = first("Descend", way)
    empty = b"{}" if way == "json" else b""
    assert fault(answered(wanted, answer, replies=(empty, *answer.replies)), answer) is None


@pytest.mark.parametrize(
    ("status", "deeds", "right"),
    [
        ("INTERNAL", (), False),
        ("INTERNAL", ("kill a worker", "kill the server"), False),
        ("UNAVAILABLE", (), False),
        ("UNAVAILABLE", ("kill a worker",), False),
        ("UNAVAILABLE", ("kill the server",), True),
        ("LOST", ("stop the server",), False),
        ("CANCELLED", ("kill the server",), False),
        ("DEADLINE_EXCEEDED", ("stop the server",), False),
    ],
)
def test_a_status_is_allowed_by_what_was_done_at_its_time(status, deeds, right):
    wanted, answer = first("Hessian")
    record = answered(wanted, answer, code=status, replies=())
    assert (fault(record, answer, *deeds) is None) == right
    early = replace(record, began=2.0, ended=2.1)
    assert fault(early, answer, *deeds)


@pytest.mark.parametrize(("seconds", "right"), [(0.01, False), (0.06, True)])
def test_a_deadline_passes_when_it_has_passed(seconds, right):
    wanted, answer = first("Hessian")
    record = Record(replace(wanted, deadline=0.05), 1.0, 1.0 + seconds, "DEADLINE_EXCEEDED")
    assert (fault(record, answer) is None) == right


def test_a_caller_who_leaves_got_the_first_replies():
    wanted, answer = first("EvaluateStream")
    begun = answered(wanted, answer, code="CANCELLED", replies=answer.replies[:1], left=True)
    assert fault(begun, answer) is None
    assert fault(replace(begun, replies=answer.replies[1:2]), answer)


def soak(*arguments):
    """Run the checker; return its exit code and output."""
    command = [sys.executable, SOAK / "run.py", "--faults", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_every_reply_under_kills_and_stops_is_that_of_the_engine():
    code, output = soak("--seed", 2, "--calls", 64)
    assert code == 0, output
    assert "every reply is that of the engine" in output


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_found(plant, seed):
    code, output = soak("--seed", seed, "--plant", plant)
    assert code == 1, output
    assert f"--seed {seed} --plant {plant} --calls" in output
