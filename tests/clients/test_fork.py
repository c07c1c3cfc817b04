"""Clients in forked children, at the end of the interpreter, in threads and under cancellation."""

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest
import secant
from secant.v1 import derivative_pb2, expression_pb2

CURE = "start processes with multiprocessing.get_context"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def python(program, *args):
    """Run a program in a Python of its own; one that hangs fails."""
    command = [sys.executable, "-c", textwrap.dedent(program), *args]
    environment = {name: value for name, value in os.environ.items() if name != "GRPC_ENABLE_FORK_SUPPORT"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def ended_well(ended, *lines):
    assert (ended.returncode, ended.stdout.splitlines(), ended.stderr) == (0, list(lines), "")


FORKED = """
import faulthandler, os, signal, sys
import secant

def forked(child, times=4):
    for _ in range(times):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            faulthandler.enable()
            faulthandler.register(signal.SIGALRM, chain=True)
            signal.alarm(20)  # instead of a child that hangs for ever, and says where
            try:
                child()
            except secant.Error as error:
                print(error.status, "spawn" in str(error), flush=True)
            except Exception as error:
                print(repr(error), flush=True)
            sys.exit(0)  # with all that the interpreter does at its end
        status = os.waitpid(pid, 0)[1]
        assert status == 0, status
"""

REFUSED = ["FAILED_PRECONDITION True"] * 4


@pytest.fixture(scope="module")
def address():
    # Not of this process: gRPC is alive in it as long as there is a server.
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        yield server.stdout.readline().removeprefix("listening on ").strip()
        server.terminate()


def test_with_a_running_local_server_a_forked_child_gets_an_error_with_a_hint():
    program = """
s = secant.local()
descent = s.descend("x^2", {"x": 1.0}, rate=1e-9, tolerance=0)
next(descent)
blocks = s.evaluate_stream("x", ({"x": [1.0 * i]} for i in range(9)))
next(blocks)
descent._waiting.clear()
for use in (
    lambda: s.differentiate("x^2", "x"),
    lambda: secant.local(),
    lambda: secant.connect(s.target).differentiate("x^2", "x"),
    lambda: next(s.evaluate_stream("x", [{"x": [1.0]}])),
    lambda: s.descend("x^2", {"x": 1.0}),
    lambda: next(descent),
    lambda: next(blocks),
):
    forked(use, 1)
descent.close()
print(s.differentiate("x^3", "x"), next(blocks).values)
s.close()
"""
    ended_well(python(FORKED + program), *["FAILED_PRECONDITION True"] * 7, "3 * x^2 [1.]")


def test_a_child_that_uses_nothing_ends_as_it_should_and_closes_nothing_of_its_parents():
    ended = python(
        FORKED
        + """
with secant.local() as s:
    forked(lambda: None, 3)
    forked(s.close, 2)
    print(s.differentiate("x^3", "x"))
"""
    )
    ended_well(ended, "3 * x^2")


def test_after_a_local_server_was_closed_a_child_may_start_its_own():
    program = """
with secant.local() as s:
    s.differentiate("x^2", "x")

def child():
    with secant.local() as s:
        print(s.differentiate("x^3", "x"), flush=True)

forked(child, 1)
child()
"""
    ended_well(python(FORKED + program), *["3 * x^2"] * 2)


def test_a_pool_of_forked_processes_raises_the_error_and_one_of_spawned_ones_works(tmp_path):
    # A file: a spawned process imports its functions.
    (tmp_path / "pooled.py").write_text(
        textwrap.dedent("""
            import multiprocessing, sys
            import secant

            s = None

            def work(order):
                return secant.connect(sys.argv[1]).differentiate("x^9", *["x"] * order).text if s is None else (
                    s.differentiate("x^9", *["x"] * order).text)

            if __name__ == "__main__":
                s = secant.local()
                s.differentiate("x", "x")
                try:
                    with multiprocessing.get_context("fork").Pool(2) as pool:
                        pool.map(work, [1, 2])
                except secant.Error as error:
                    print(error.status)
                sys.argv[1:] = [s.target]
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    print(pool.map(work, [1, 2]))
        """)
    )
    done = subprocess.run(
        [sys.executable, "pooled.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    ended_well(done, "FAILED_PRECONDITION", "['9 * x^8', '72 * x^7']")


def test_a_client_that_is_idle_works_in_children_and_grandchildren(address):
    program = """
s = secant.connect(sys.argv[1], timeout=10)

def child():
    print(s.differentiate("x^3", "x"), s.with_timeout(5).differentiate("x^2", "x"), flush=True)

forked(child, 2)
s.descend("x^2", {"x": 1.0}, rate=0.1).result()
list(s.evaluate_stream("x", [{"x": [1.0]}]))
try:
    s.differentiate("x + * y")
except secant.InvalidArgument as error:
    kept = error
forked(child, 2)
forked(lambda: forked(child, 1), 2)
child()
s.close()
"""
    ended_well(python(FORKED + program, address), *["3 * x^2 2 * x"] * 7)


def test_children_forked_during_a_call_get_an_error_and_the_call_goes_on(address):
    program = """
import threading
s = secant.connect(sys.argv[1])
begun = threading.Event()

def walk():
    descent = s.descend("x^2", {"x": 1.0}, rate=1e-9, tolerance=0, max_steps=300_000)
    next(descent)
    begun.set()
    print(descent.result().reason)

thread = threading.Thread(target=walk)
thread.start()
begun.wait()
forked(lambda: s.differentiate("x", "x"))
thread.join()
forked(lambda: print(s.differentiate("x^2", "x"), flush=True), 1)
"""
    ended_well(python(FORKED + program, address), *REFUSED, "STEPS_SPENT", "2 * x")


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            """
s = secant.local()
d = s.descend("x^2", {"x": 1.0}, rate=1e-9)
next(d)
b = s.evaluate_stream("x", iter(lambda: {"x": [1.0]}, None))
next(b)
""",
            id="streams",
        ),
        pytest.param(
            "import threading; t = threading.Thread(target=lambda: secant.local().describe()); t.start(); t.join()",
            id="a thread",
        ),
        pytest.param(
            """
import threading, time
s = secant.local()
def work():
    for _ in range(100):
        s.describe()
threading.Thread(target=work).start()
""",
            id="a thread that outlives the main one",
        ),
        pytest.param(
            """
import asyncio
async def main():
    async with secant.local_async() as s:
        d = s.descend("x^2", {"x": 1.0}, rate=1e-9)
        await anext(d)
asyncio.run(main())
""",
            id="an asynchronous descent",
        ),
    ],
)
def test_the_interpreter_ends_without_a_word_whatever_is_open(program):
    ended_well(python("import secant\n" + program))


def test_a_cancelled_task_cancels_its_call_and_the_client_goes_on(faults):
    ended = []
    reply = derivative_pb2.DifferentiateResponse(derivative=expression_pb2.Formula(text="1"))

    def slow(request, context):
        gone = threading.Event()
        context.add_callback(gone.set)
        ended.append(gone.wait(20))
        return reply

    faults.answers["Gradient"] = slow
    faults.answers["Descend"] = lambda request, context: iter([slow(request, context)])
    faults.answers["Differentiate"] = lambda request, context: reply

    async def main():
        async with secant.connect_async(faults.address) as s:
            for call in (lambda: s.gradient("x"), lambda: s.descend("x", {"x": 1.0}).result()):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(call(), 0.2)
            task = asyncio.create_task(s.gradient("x"))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return (await s.differentiate("x")).text

    assert asyncio.run(main()) == "1"
    for _ in range(100):
        if len(ended) == 3:
            break
        time.sleep(0.05)
    assert ended == [True] * 3
