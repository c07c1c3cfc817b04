"""A server inside the process: `secant.local`."""

import asyncio
import importlib
import subprocess
import sys
import textwrap
import threading

import pytest
import secant
from secantd.transport.calls import dispatch
from secantd.version import __version__


def python(program):
    """Run a program in a Python of its own."""
    command = [sys.executable, "-c", textwrap.dedent(program)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_local_server_lives_as_long_as_its_client():
    with secant.local() as s:
        assert s.describe().version == __version__
        target = s.target
    with secant.connect(target) as s, pytest.raises(secant.Unavailable):
        s.describe()


def test_a_server_that_stops_at_once_logs_nothing():
    """grpc closed its sockets on another thread than the loop that reads from them: an error in one of four stops."""
    found = python("""
        import secant

        for _ in range(20):
            with secant.local():
                pass
    """)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_all_local_servers_share_one_thread():
    def threads():
        return [thread for thread in threading.enumerate() if thread.name == "secant-local"]

    with secant.local() as s, secant.local() as t:
        assert s.target != t.target
        assert len(threads()) == 1
        assert s.describe() == t.describe()


def test_settings_of_the_server_are_named_as_its_flags():
    with secant.local(steps=1234) as s:
        assert s.describe().limits["steps"].value == 1234
    with pytest.raises(TypeError, match="no_such_limit"):
        secant.local(no_such_limit=1)


class SlowToStart:
    """A pool whose processes take half a second to start; it does the jobs itself."""

    held = 0

    def __init__(self, entry, setup, *_):
        module, _, name = entry.partition(":")
        self._handle = getattr(importlib.import_module(module), name)(setup)

    async def start(self):
        await asyncio.sleep(0.5)

    async def run(self, job, _):
        return self._handle(job)

    async def stop(self):
        pass


def test_the_first_long_call_of_a_local_server_waits_for_the_processes_until_its_deadline(monkeypatch):
    monkeypatch.setattr(dispatch, "Pool", SlowToStart)
    long = "a <- x^2; a * 3"
    # Half a second is more than `seconds`, the limit of a call's own time.
    with secant.local(seconds=0.3) as s:
        assert str(s.differentiate(long, "x")) == "6 * x"
    with secant.local(seconds=0.3, timeout=0.3) as s, pytest.raises(secant.DeadlineExceeded):
        s.differentiate(long, "x")


def test_an_asynchronous_local_server_runs_in_the_callers_loop():
    async def main():
        async with secant.local_async() as s:
            names = {thread.name for thread in threading.enumerate()}
            return (await s.describe()).version, names

    before = {thread.name for thread in threading.enumerate()}
    version, names = asyncio.run(main())
    assert version == __version__
    assert "secant-local" not in names - before


def test_a_local_server_that_nobody_closed_does_not_keep_the_process():
    ended = python("""
        import secant
        s = secant.local()
        print(s.describe().version)
    """)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{__version__}\n", "")


def test_a_client_of_a_remote_server_does_not_load_the_service():
    ended = python("""
        import sys, secant
        secant.connect("127.0.0.1:50051")
        print([name for name in sys.modules if name.partition(".")[0] in ("secantd", "sympy", "rich", "matplotlib")])
    """)
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


@pytest.mark.sample(3)
@pytest.mark.parametrize("round", range(3))
def test_local_servers_come_and_go_without_a_word(round):
    ended = python("""
        import asyncio, secant

        async def main():
            async with secant.local_async() as s:
                await s.describe()
                async with s.descend("x^2", {"x": 1.0}, rate=1e-9) as descent:
                    await anext(descent)

        asyncio.run(main())
        with secant.local() as s:
            s.describe()
            with s.descend("x^2", {"x": 1.0}, rate=1e-9) as descent:
                next(descent)
        asyncio.run(main())
        print("gone")
    """)
    assert (ended.stdout, ended.stderr) == ("gone\n", "")
