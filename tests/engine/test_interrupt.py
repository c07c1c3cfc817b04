"""Deadlines and interrupts: work ends when it should, and nothing else is hit."""

import logging
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from itertools import count

import pytest
from secantd.interrupt import (
    InterruptError,
    Interruptible,
    OutOfTimeError,
    checkpoint,
    deadline,
    paced,
    run_within,
)


def endless():
    while True:
        pass


def work_for(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_a_loop_with_checkpoints_ends_at_its_deadline():
    with pytest.raises(OutOfTimeError), deadline(0.01):
        for _ in paced(count()):
            pass
    # Nothing is left of it.
    checkpoint()


def test_paced_yields_every_item_in_order():
    assert list(paced(reversed(range(1000)))) == list(reversed(range(1000)))
    assert list(paced([])) == []


def test_an_outer_deadline_ends_inner_work_that_has_more_time():
    for inner in (endless, lambda: list(paced(count()))):
        taken = []

        def work(inner=inner, taken=taken):
            # As every user of an inner deadline does: it must not take the outer end for its own.
            try:
                run_within(60.0, inner)
            except OutOfTimeError:
                taken.append(True)

        with pytest.raises(OutOfTimeError):
            run_within(0.02, work)
        assert not taken


def test_an_inner_deadline_that_passes_leaves_the_outer_one_its_time():
    def inner():
        with suppress(OutOfTimeError):
            run_within(0.01, endless)
        return "went on"

    assert run_within(60.0, inner) == "went on"
    with deadline(60.0):
        assert inner() == "went on"
        checkpoint()


def test_an_outer_deadline_that_passed_within_an_inner_one_is_raised_when_the_inner_one_is_left():
    def held_up():
        # As a callback of a weak reference: what is raised in it goes nowhere.
        with suppress(InterruptError):
            endless()
        work_for(0.05)

    def inner():
        with suppress(OutOfTimeError):
            run_within(0.01, held_up)
        return "went on"

    with pytest.raises(OutOfTimeError):
        run_within(0.02, inner)


def test_no_exception_arrives_after_a_call_was_left():
    chance = random.Random(1)
    ended = 0
    for _ in range(1000):
        seconds = chance.uniform(0.0001, 0.0006)
        try:
            run_within(seconds, lambda s=seconds: work_for(s * chance.uniform(0.5, 1.5)))
        except OutOfTimeError:
            ended += 1
        # Calls of Python, where one that is pending would be raised.
        work_for(0.00002)
    assert 0 < ended < 1000


def test_nested_deadlines_of_a_moment_hit_nothing_outside():
    chance = random.Random(2)

    def both():
        for _ in range(3):
            with suppress(OutOfTimeError):
                run_within(chance.uniform(0.0001, 0.001), lambda: work_for(0.0005))

    for _ in range(200):
        with suppress(OutOfTimeError):
            run_within(chance.uniform(0.0001, 0.002), both)
        work_for(0.00002)


def test_threads_have_deadlines_of_their_own():
    found = []

    def work(seconds):
        began = time.monotonic()
        try:
            run_within(seconds, endless)
        except OutOfTimeError:
            found.append(time.monotonic() - began >= seconds)
        checkpoint()

    threads = [threading.Thread(target=work, args=(0.01 * k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [True] * 8


def test_no_call_starts_a_thread():
    run_within(10.0, lambda: None)
    before = threading.active_count()
    for _ in range(50):
        run_within(10.0, lambda: None)
    assert threading.active_count() == before
    assert [t.name for t in threading.enumerate()].count("secant-timer") == 1


def test_a_thread_that_a_call_starts_is_not_hit_in_its_place():
    # A new thread has its parent's number for a moment (CPython 3.11).
    def starts():
        while True:
            thread = threading.Thread(target=lambda: None)
            thread.start()
            thread.join()
            # Longer than a thread keeps the GIL: the timer sees more than where it is let go.
            work_for(0.01)

    for k in range(30):
        with suppress(OutOfTimeError):
            run_within(0.003 * (k % 5), starts)
    assert run_within(10.0, lambda: "alive") == "alive"
    with pytest.raises(OutOfTimeError):
        run_within(0.01, endless)


def test_a_call_can_be_interrupted_from_another_thread_and_before_it_begins():
    call = Interruptible(endless)
    threading.Timer(0.02, call.interrupt).start()
    with pytest.raises(OutOfTimeError):
        call()
    began = []
    call = Interruptible(lambda: began.append(True))
    call.interrupt()
    with pytest.raises(OutOfTimeError):
        call()
    assert not began


def test_to_interrupt_a_call_that_has_ended_does_nothing():
    call = Interruptible(lambda: 1)
    assert call() == 1
    call.interrupt()
    work_for(0.05)


@contextmanager
def held(lock):
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def test_no_lock_stays_locked_and_no_module_half_loaded(tmp_path, monkeypatch):
    lines = [f"x{k} = {k}" for k in range(200)]
    monkeypatch.syspath_prepend(str(tmp_path))
    log = logging.getLogger("test_interrupt")
    log.propagate = False
    log.addHandler(handler := logging.FileHandler(os.devnull))
    lock = threading.Lock()

    def uses(k):
        while True:
            work_for(0.01)
            for _ in range(200):
                log.warning("a line")
            with held(lock):
                pass
            sys.modules.pop(f"loaded{k}", None)
            assert __import__(f"loaded{k}").x199 == 199

    for k in range(20):
        (tmp_path / f"loaded{k}.py").write_text("\n".join(lines))
        with pytest.raises(OutOfTimeError):
            run_within(0.003 * (k % 7), lambda k=k: uses(k))
        assert lock.acquire(timeout=1)
        lock.release()
        assert handler.lock.acquire(timeout=1)
        handler.lock.release()
        assert getattr(sys.modules.get(f"loaded{k}"), "x199", 199) == 199
    log.removeHandler(handler)
    handler.close()


def test_an_interrupt_is_no_exception_that_work_would_catch():
    def catches():
        while True:
            with suppress(Exception):
                work_for(0.01)

    with pytest.raises(OutOfTimeError):
        run_within(0.02, catches)
    assert not issubclass(InterruptError, Exception)


def in_a_child():
    with suppress(OutOfTimeError):
        run_within(0.02, endless)
        os._exit(2)
    os._exit(0 if run_within(10.0, lambda: 1) == 1 else 3)


def test_a_forked_child_has_a_timer_of_its_own():
    run_within(10.0, lambda: None)
    child = multiprocessing.get_context("fork").Process(target=in_a_child)
    child.start()
    child.join(20)
    assert child.exitcode == 0


@pytest.mark.parametrize("job", ["lambda: 1", "endless"])
def test_python_can_be_traced_during_and_after_a_call(job):
    # In a process of its own: where it fails it hangs, and no exception can end it.
    code = f"""
import sys
from secantd.interrupt import OutOfTimeError, run_within
def endless():
    while True:
        pass
def call():
    try:
        run_within(0.05, {job})
    except OutOfTimeError:
        pass
call()
sys.settrace(lambda *arguments: None)
call()
print("traced")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("traced\n", "")
