"""A server inside the process: `secant.local`."""

import asyncio
import subprocess
import sys
import textwrap
import threading

import pytest
import secant
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


def test_a_client_of_a_server_elsewhere_does_not_load_the_service():
    ended = python("""
        import sys, secant
        secant.connect("127.0.0.1:50051")
        print([name for name in sys.modules if name.partition(".")[0] in ("secantd", "sympy", "rich", "matplotlib")])
    """)
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


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
