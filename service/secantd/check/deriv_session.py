"""R with the package Deriv as a process that answers questions one by one, and is killed when it takes too long."""

import os
import selectors
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["DerivSession", "Sessions"]

PROGRAM = Path(__file__).with_name("deriv.R")
# The environment variables that R gets: those it needs to find itself and its packages, and no secret.
KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
CHUNK = 1 << 16


class DerivSession:
    """One running R process. It ends with its input, and so with this process.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith("R_")}
        self._process = subprocess.Popen(
            ["Rscript", "--vanilla", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | {"LC_ALL": "C"},
            # Python code between fork and exec is safe with one thread only: the child may inherit a lock that another
            # thread holds.
            preexec_fn=die_with_parent() if threading.active_count() == 1 else None,
        )
        self._read = b""
        self._asked = self._answered = 0

    @property
    def starting(self) -> bool:
        """Whether it has not yet answered its first question."""
        return self._answered == 0 and self._asked == 1

    def ask(self, question: str) -> None:
        """Send a question without waiting; at most two, which have to fit the pipe."""
        assert self._process.stdin is not None
        self._asked += 1
        # An R that has already ended may have written why, which `reply` reads.
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{self._asked}\n{question}".encode())
            self._process.stdin.flush()

    def reply(self, seconds: float) -> list[str]:
        """Return the lines of the answer to the latest question.

        Args:
            seconds: How long to wait.

        Raises:
            TimeoutError: There was no answer in time.
            EOFError: R has ended.
        """
        assert self._process.stdout is not None
        end = f"\n.{self._asked}\n".encode()
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not self._read.endswith((end, b"missing\n")):
                left = until - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimeoutError
                part = os.read(self._process.stdout.fileno(), CHUNK)
                if not part:
                    raise EOFError
                self._read += part
        lines = self._read.decode(errors="replace").splitlines()
        self._read = b""
        self._answered = self._asked
        if lines[-1] == "missing":
            return lines[-1:]
        # Lines before it are the answer to an earlier question that timed out.
        before = f".{self._asked - 1}"
        return lines[lines.index(before) + 1 : -1] if before in lines else lines[:-1]

    def end(self) -> None:
        """Kill R."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # Unwritten output has no reader any more.
                with suppress(OSError):
                    pipe.close()
        self._process.wait()


class Sessions:
    """A pool of idle R processes: starting R takes a third of a second, a question a few milliseconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[DerivSession] = []
        self._process = os.getpid()

    def take(self) -> DerivSession:
        """Return an idle session, or a new one."""
        with self._lock:
            if self._process != os.getpid():
                # This process was forked: the sessions belong to its parent.
                self._process, self._idle = os.getpid(), []
            if self._idle:
                return self._idle.pop()
        return DerivSession()

    def give(self, session: DerivSession) -> None:
        """Return a session to the pool."""
        with self._lock:
            self._idle.append(session)


def die_with_parent() -> "Die | None":
    """Return a function that makes the kernel kill a process when its parent ends; Linux only, see prctl(2)."""
    try:
        import ctypes

        return Die(ctypes.CDLL(None).prctl)
    except (ImportError, OSError, AttributeError):
        return None


class Die:
    """Requests SIGKILL at the parent's end; everything it needs exists before the fork."""

    def __init__(self, prctl: object) -> None:
        self._prctl = prctl

    def __call__(self) -> None:
        set_death_signal, kill = 1, 9
        self._prctl(set_death_signal, kill)  # type: ignore[operator]
