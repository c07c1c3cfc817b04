"""A server that prints how long the work on its event loop took: python tests/soak/watched.py [secantd's arguments]

It is started by `run.py --watch`. Counted is the processor's time of the loop's own thread, for each message read and
each call answered there: what the loop waited for a processor is in the metric `secant_loop_lag_seconds`.
"""

import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest.mock import patch

from secantd import __main__ as secantd
from secantd.transport import servicer
from secantd.transport.methods import METHODS

LONG = 0.01


class Works:
    """Times pieces of work in the main thread."""

    def __init__(self):
        self.times = []

    @contextmanager
    def timed(self, what):
        began = time.thread_time()
        try:
            yield
        finally:
            if threading.current_thread() is threading.main_thread():
                self.times.append((time.thread_time() - began, what))

    def function(self, f):
        def timed(*arguments):
            with self.timed(f.__name__):
                return f(*arguments)

        return timed

    def generator(self, f):
        def timed(*arguments):
            made = f(*arguments)
            while True:
                with self.timed(f.__name__):
                    piece = next(made, None)
                if piece is None:
                    return
                yield piece

        return timed

    def __str__(self):
        long = sum(seconds > LONG for seconds, _ in self.times)
        seconds, what = max(self.times)
        return (
            f"work on the event loop: {len(self.times)} pieces, {long} of them longer than {1000 * LONG:g} ms, "
            f"the longest {1000 * seconds:.1f} ms ({what})"
        )


if __name__ == "__main__":
    works = Works()
    with ExitStack() as stack:
        for name in ("answer_message", "parse"):
            stack.enter_context(patch.object(servicer, name, works.function(getattr(servicer, name))))
        descend = METHODS["Descend"]
        stack.enter_context(patch.dict(METHODS, Descend=replace(descend, answer=works.generator(descend.answer))))
        try:
            secantd.main(sys.argv[1:])
        finally:
            print(works, flush=True)
