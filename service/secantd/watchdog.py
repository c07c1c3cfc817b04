"""SIGTERM, SIGINT and SIGHUP end the process in bounded time, whatever its event loop does.

The signals are blocked in every thread and handled by a separate thread, which does not need the event loop. An
endless loop in C that holds Python's interpreter lock stops that thread as well. For this case a kernel timer is reset every
second. It counts processor time only, so a process that is suspended or waits on a busy machine does not count as frozen.
"""

import ctypes
import faulthandler
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

__all__ = ["FROZEN", "HUNG", "SIGNALS", "block_signals", "watch"]

# The signals that end a server. SIGHUP, which a closed terminal sends, is not one of them where it is ignored: under nohup.
SIGNALS = (
    signal.SIGTERM,
    signal.SIGINT,
    *([] if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [signal.SIGHUP]),
)
# Exit codes. FROZEN is the number of the signal, which the kernel passes to its handler, which is libc's _exit.
HUNG, FROZEN = 3, int(signal.SIGPROF)
# Seconds between two settings of the timer.
BEAT = 1.0
# Seconds of the processor's time: no operation of C that is right takes so long in the server's own process.
FROZEN_SECONDS = 5.0
# The timer counts the time of all threads, and gRPC's and NumPy's need no interpreter lock: all processors together are busy
# for so many beats before the thread that sets the timer is late by more than they explain.
BEATS = 4


def block_signals() -> None:
    """Keep the signals for the thread of `watch`; to be called before other threads begin, as they inherit it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def watch(stop: Callable[[], object], seconds: float) -> None:
    """Start the threads that call `stop` at the first signal, end the process `seconds` later, and set the timer anew.

    A process that has ended by then is not concerned. Otherwise the exit code is HUNG, or FROZEN where the thread could not
    run for `seconds` of the processor's time.

    Args:
        stop: Called in the thread, at the first signal only.
        seconds: The time from the signal to the end of the process.
    """
    frozen = max(seconds, FROZEN_SECONDS, BEATS * BEAT * (os.cpu_count() or 1))
    arm(frozen)
    arrived = threading.Event()

    def beat() -> None:
        while not arrived.wait(BEAT):
            signal.setitimer(signal.ITIMER_PROF, frozen)

    def wait() -> None:
        # Not sigtimedwait: after a stop (SIGSTOP, ^Z) that outlasts its time, Python's returns a signal that never came.
        signal.sigwait(SIGNALS)
        arrived.set()
        stop()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, BEAT))
            signal.setitimer(signal.ITIMER_PROF, frozen)
        leave(seconds)

    if sys.platform == "linux":
        threading.Thread(target=beat, name="watchdog-timer", daemon=True).start()
    else:
        signal.setitimer(signal.ITIMER_PROF, 0)
    thread = threading.Thread(target=wait, name="watchdog", daemon=True)
    thread.start()
    for number in SIGNALS:
        # For a signal that arrives in a thread which began before block_signals().
        signal.signal(number, lambda number, _: signal.pthread_kill(thread.ident or 0, number))


def arm(seconds: float) -> None:
    """Have the kernel end the process after so many seconds of its processor's time, and write where it was."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        # Not the default action: process 1 of a container has none.
        libc.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
        libc.signal.restype = ctypes.c_void_p
        libc.signal(signal.SIGPROF, ctypes.cast(libc._exit, ctypes.c_void_p))
        faulthandler.register(signal.SIGPROF, 2, all_threads=True, chain=True)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def leave(seconds: float) -> None:
    """Write where the main thread is, without a word of a request, and end the process."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "error",
        "event": f"the event loop did not end within {seconds:g} seconds of the signal; leaving with exit code {HUNG}",
        "trace": "".join(traceback.format_stack(frame)),
    }
    # Not by `logging`, as the thread that hangs may hold its lock.
    with suppress(OSError):
        os.write(2, json.dumps(line).encode() + b"\n")
    os._exit(HUNG)
