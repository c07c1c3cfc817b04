"""The pool of processes for long work, with jobs of the test's own."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager

import pytest
from secantd.pool import Pool, PoolFullError, WorkerDiedError

HANDLER = """
import os, signal, sys, time

real_fork = os.fork

def fork():
    if os.path.exists(os.environ.get("FORKS_FAIL", "")):
        raise BlockingIOError("Resource temporarily unavailable")
    return real_fork()

os.fork = fork

def make(setup):
    def handle(job):
        word, _, rest = job.decode().partition(" ")
        if word == "pid":
            return True, str(os.getpid()).encode()
        if word == "sleep":
            time.sleep(float(rest))
        if word == "spin":
            while True:
                pass
        if word == "loaded":
            return True, str("slow_to_import" in sys.modules).encode()
        if word == "hold":
            return True, str(len(bytearray(int(rest)))).encode()
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "once" and not os.path.exists(rest):
            open(rest, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "fail":
            return False, b"no"
        return True, setup.encode() + b":" + job
    def guarded(job):
        try:
            return handle(job)
        except MemoryError:
            return False, b"memory"
    return guarded
"""


@pytest.fixture
def pool(tmp_path, monkeypatch):
    """`async with pool(size, queue) as one`: a pool whose handler is the one above."""
    (tmp_path / "jobs_of_the_test.py").write_text(HANDLER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)

    @asynccontextmanager
    async def make(size=1, queue=2, memory=0, preload=()):
        made = Pool("jobs_of_the_test:make", "set", size, queue, memory, preload)
        try:
            yield made
        finally:
            await made.stop()

    return make


def running(process):
    """Whether a process is there and is not merely waiting to be reaped."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def gone(process, within):
    """Seconds until a process is gone."""
    began = time.monotonic()
    while running(process):
        assert time.monotonic() - began < within, "it still runs"
        await asyncio.sleep(0.005)
    return time.monotonic() - began


async def pid(pool):
    return int((await pool.run(b"pid", 10))[1])


def test_a_job_is_answered_by_another_process_and_workers_are_used_again(pool):
    async def scenario():
        async with pool() as one:
            assert await one.run(b"hello", 10) == (True, b"set:hello")
            assert await one.run(b"fail", 10) == (False, b"no")
            first = await pid(one)
            assert first != os.getpid()
            assert await pid(one) == first

    asyncio.run(scenario())


def test_large_jobs_and_answers_go_through(pool):
    async def scenario():
        async with pool() as one:
            job = os.urandom(5_000_000).hex().encode()
            assert await one.run(job, 20) == (True, b"set:" + job)

    asyncio.run(scenario())


@pytest.mark.parametrize("how", ["cancelled", "timed out"])
def test_a_worker_nobody_waits_for_is_killed_and_replaced(pool, how):
    async def scenario():
        async with pool() as one:
            victim = await pid(one)
            if how == "cancelled":
                job = asyncio.create_task(one.run(b"spin", 10))
                await asyncio.sleep(0.05)
                job.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await job
            else:
                with pytest.raises(TimeoutError):
                    await one.run(b"spin", 0.05)
            # 100 ms are promised; a machine under load is given ten times that.
            await gone(victim, 1.0)
            assert await one.run(b"hello", 10) == (True, b"set:hello")
            assert await pid(one) != victim

    asyncio.run(scenario())


def test_a_job_whose_worker_is_killed_is_done_by_another(pool, tmp_path):
    async def scenario():
        async with pool() as one:
            job = f"once {tmp_path / 'mark'}".encode()
            assert await one.run(job, 10) == (True, b"set:" + job)

    asyncio.run(scenario())


def test_a_job_that_kills_its_workers_takes_down_itself_only(pool):
    async def scenario():
        async with pool(size=2) as one:
            long = asyncio.create_task(one.run(b"sleep 0.5", 10))
            with pytest.raises(WorkerDiedError):
                await one.run(b"die", 10)
            assert (await long)[0]
            assert (await one.run(b"hello", 10))[0]

    asyncio.run(scenario())


async def kill_idle(pool):
    """Kill all workers that wait for a job, as an OOM killer does; return their numbers."""
    victims = [worker.process for worker in pool._idle._queue]
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
        await gone(victim, 2)
    return victims


@pytest.mark.parametrize("size", [1, 3])
def test_workers_that_were_dead_before_a_job_came_do_not_count_against_it(pool, tmp_path, size):
    async def scenario():
        async with pool(size=size, queue=20) as one:
            await one.start()
            assert len(await kill_idle(one)) == size + 1
            assert await one.run(b"hello", 20) == (True, b"set:hello")
            await kill_idle(one)
            job = f"once {tmp_path / 'mark'}".encode()
            assert await one.run(job, 20) == (True, b"set:" + job)
            await kill_idle(one)
            jobs = [one.run(f"job {i}".encode(), 20) for i in range(20)]
            assert [body for _, body in await asyncio.gather(*jobs)] == [f"set:job {i}".encode() for i in range(20)]

    asyncio.run(scenario())


def test_where_no_worker_can_be_forked_a_job_is_refused_and_later_ones_are_done(pool, tmp_path, monkeypatch):
    mark = tmp_path / "no more processes"
    monkeypatch.setenv("FORKS_FAIL", str(mark))

    async def scenario():
        async with pool() as one:
            await one.start()
            mark.touch()
            await kill_idle(one)
            with pytest.raises(PoolFullError):
                await one.run(b"hello", 20)
            assert one.held == 0
            mark.unlink()
            assert await one.run(b"hello", 20) == (True, b"set:hello")

    asyncio.run(scenario())


def test_where_no_worker_can_be_forked_at_the_start_that_is_an_oserror(pool, tmp_path, monkeypatch):
    mark = tmp_path / "no more processes"
    mark.touch()
    monkeypatch.setenv("FORKS_FAIL", str(mark))

    async def scenario():
        async with pool() as one:
            with pytest.raises(OSError, match="no worker process"):
                await one.start()
            mark.unlink()
            assert await one.run(b"hello", 20) == (True, b"set:hello")

    asyncio.run(scenario())


def test_memory_is_bounded_and_the_worker_lives(pool):
    async def scenario():
        async with pool(memory=100_000_000) as one:
            worker = await pid(one)
            assert await one.run(b"hold 50000000", 10) == (True, b"50000000")
            assert await one.run(b"hold 200000000", 10) == (False, b"memory")
            assert await pid(one) == worker

    asyncio.run(scenario())


def test_one_job_too_many_is_refused_at_once(pool):
    async def scenario():
        async with pool(size=1, queue=2) as one:
            await one.start()
            jobs = [asyncio.create_task(one.run(b"sleep 0.3", 10)) for _ in range(3)]
            await asyncio.sleep(0.05)
            assert one.held == 3
            with pytest.raises(PoolFullError):
                await one.run(b"hello", 10)
            assert all(answered for answered, _ in await asyncio.gather(*jobs))
            assert one.held == 0

    asyncio.run(scenario())


def test_waiting_counts_as_time(pool):
    async def scenario():
        async with pool(size=1) as one:
            first = asyncio.create_task(one.run(b"sleep 0.5", 10))
            await asyncio.sleep(0.01)
            with pytest.raises(TimeoutError):
                await one.run(b"hello", 0.1)
            assert (await first)[0]

    asyncio.run(scenario())


def test_when_what_forks_workers_is_killed_another_one_is_started(pool):
    async def scenario():
        async with pool() as one:
            before = await pid(one)
            one._fork_server.send_signal(signal.SIGKILL)
            one._fork_server.wait()
            await gone(before, 2)
            assert await pid(one) != before


def test_where_what_forks_workers_is_suspended_another_one_is_started(pool, monkeypatch):
    monkeypatch.setattr("secantd.pool.pool.SECONDS_SUSPENDED", 0.2)

    async def scenario():
        async with pool() as one:
            await one.start()
            suspended = one._fork_server.pid
            os.kill(suspended, signal.SIGSTOP)
            await kill_idle(one)
            assert await one.run(b"hello", 20) == (True, b"set:hello")
            await gone(suspended, 2.0)

    asyncio.run(scenario())


def test_a_fork_server_that_imports_for_long_is_not_given_up(pool, monkeypatch, tmp_path):
    monkeypatch.setattr("secantd.pool.pool.SECONDS_SUSPENDED", 0.2)
    (tmp_path / "slow_to_import.py").write_text(
        "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass\n"
    )

    async def scenario():
        async with pool(size=2, preload=("slow_to_import",)) as one:
            await one.start()
            first = one._fork_server.pid
            job = asyncio.create_task(one.run(b"sleep 1.5", 60))
            # The worker of the job that is left has to be replaced, which waits for the import.
            left = asyncio.create_task(one.run(b"spin", 60))
            await asyncio.sleep(0.1)
            left.cancel()
            assert (await job)[0]
            assert await one.run(b"hello", 60) == (True, b"set:hello")
            assert (one._fork_server.pid, one.deaths) == (first, 0)

    asyncio.run(scenario())


def test_a_job_of_a_worker_whose_forker_was_killed_is_done_by_another(pool):
    async def scenario():
        async with pool() as one:
            await one.start()
            job = asyncio.create_task(one.run(b"sleep 0.3", 20))
            await asyncio.sleep(0.05)
            one._fork_server.send_signal(signal.SIGKILL)
            one._fork_server.wait()
            assert (await job)[0]
            assert await one.run(b"hello", 20) == (True, b"set:hello")

    asyncio.run(scenario())


def test_a_fork_server_that_is_killed_while_it_starts_is_started_again(pool):
    async def scenario():
        async with pool() as one:
            job = asyncio.create_task(one.run(b"hello", 60))
            while one._fork_server is None:
                await asyncio.sleep(0)
            one._fork_server.kill()
            assert await job == (True, b"set:hello")

    asyncio.run(scenario())


def test_no_process_is_left_when_the_pool_stops(pool):
    async def scenario():
        async with pool() as one:
            worker, fork_server = await pid(one), one._fork_server.pid
        await gone(worker, 2)
        await gone(fork_server, 2)

    asyncio.run(scenario())


def test_many_jobs_at_once_get_their_own_answers(pool):
    async def scenario():
        async with pool(size=2, queue=300) as one:
            jobs = [one.run(f"job {i}".encode(), 30) for i in range(300)]
            assert [body for _, body in await asyncio.gather(*jobs)] == [f"set:job {i}".encode() for i in range(300)]

    asyncio.run(scenario())


@pytest.fixture
def slow_module(tmp_path):
    """A module that is imported until the file `go` is there."""
    go = tmp_path / "go"
    (tmp_path / "slow_to_import.py").write_text(
        f"import os, time\nwhile not os.path.exists({str(go)!r}):\n    time.sleep(0.01)\n"
    )
    return go


def test_jobs_are_done_while_slow_modules_are_imported_and_later_workers_have_them(pool, slow_module):
    async def check():
        async with pool(size=2, preload=["no_such_module", "slow_to_import"]) as one:
            assert (await one.run(b"loaded", 10))[1] == b"False"
            first = {await pid(one)}
            slow_module.touch()
            end = time.monotonic() + 20
            while (await one.run(b"loaded", 10))[1] != b"True" or one._idle.qsize() < 3:
                assert time.monotonic() < end
                await asyncio.sleep(0.01)
            found = await asyncio.gather(*[one.run(b"loaded", 10) for _ in range(3)])
            assert [answer for _, answer in found] == [b"True"] * 3
            assert not first & {await pid(one)}
            for process in first:
                await gone(process, 5)

    asyncio.run(check())


def test_a_worker_that_is_busy_while_others_take_its_place_ends_after_its_job(pool, slow_module):
    async def check():
        async with pool(preload=["slow_to_import"]) as one:
            old = await pid(one)
            busy = asyncio.create_task(one.run(b"sleep 1", 10))
            await asyncio.sleep(0.1)
            slow_module.touch()
            assert (await busy)[0]
            await gone(old, 5)
            assert (await one.run(b"loaded", 10))[1] == b"True"

    asyncio.run(check())


def test_a_pool_stops_while_slow_modules_are_imported(pool, slow_module):
    async def check():
        async with pool(preload=["slow_to_import"]) as one:
            process = await pid(one)
        await gone(process, 5)

    asyncio.run(check())
