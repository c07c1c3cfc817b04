"""R with Deriv as a process that answers questions, one after the other, and is killed when it takes too long."""

import os
import selectors
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["Session", "Sessions"]

PROGRAM = Path(__file__).with_name("deriv.R")
# Of the server's environment: what R needs to find itself and its packages, and no secret.
KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
CHUNK = 1 << 16


class Session:
    """One running R. It ends at the end of its input, and so with this process.

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
            # Between fork and exec only one thread runs: with others it might wait for a lock of theirs for ever.
            preexec_fn=die_with_parent() if threading.active_count() == 1 else None,
        )
        self._read = b""
        self._asked = self._answered = 0

    @property
    def starting(self) -> bool:
        """Whether it has answered nothing yet, and was asked only once."""
        return self._answered == 0 and self._asked == 1

    def ask(self, question: str) -> None:
        """Send a question; two have to fit the pipe."""
        assert self._process.stdin is not None
        self._asked += 1
        # An R that has ended already may have said why: the reply tells.
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{self._asked}\n{question}".encode())
            self._process.stdin.flush()

    def reply(self, seconds: float) -> list[str]:
        """Return the lines of the latest answer; TimeoutError after so many seconds, EOFError where R has ended."""
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
        # What stands before is the answer to a question that nobody waited for.
        before = f".{self._asked - 1}"
        return lines[lines.index(before) + 1 : -1] if before in lines else lines[:-1]

    def end(self) -> None:
        """Kill R."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # What was left to write has nobody to read it.
                with suppress(OSError):
                    pipe.close()
        self._process.wait()


class Sessions:
    """Those that wait for their next question: starting R takes a third of a second, a question a few milliseconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._process = os.getpid()

    def take(self) -> Session:
        """Return one that waits, or a new one."""
        with self._lock:
            if self._process != os.getpid():
                # Forked: they are the parent's.
                self._process, self._idle = os.getpid(), []
            if self._idle:
                return self._idle.pop()
        return Session()

    def give(self, session: Session) -> None:
        """Let one wait."""
        with self._lock:
            self._idle.append(session)


def die_with_parent() -> "Die | None":
    """Return what makes the kernel kill a process when its parent is killed; Linux only, see prctl(2)."""
    try:
        import ctypes

        return Die(ctypes.CDLL(None).prctl)
    except (ImportError, OSError, AttributeError):
        return None


class Die:
    """Asks for a signal at the parent's death: all that is needed is there before the fork."""

    def __init__(self, prctl: object) -> None:
        self._prctl = prctl

    def __call__(self) -> None:
        set_death_signal, kill = 1, 9
        self._prctl(set_death_signal, kill)  # type: ignore[operator]
