"""A server with one planted bug, for tests of the checker: python tests/soak/plants.py NAME [secantd's arguments]

The bugs are of the kinds that a server with caches, streams and workers can have. Each shows now and then only, and none of
its replies looks wrong by itself.
"""

import asyncio
import itertools
import sys
from dataclasses import replace

from google.rpc import code_pb2, status_pb2
from secantd import __main__ as secantd
from secantd.pool.pool import Pool, WorkerDiedError
from secantd.transport.calls.replycache import ReplyCache
from secantd.transport.methods import METHODS
from secantd.transport.methods.evaluatestream import EvaluateStream
from secantd.transport.servicer import Servicer

__all__ = ["PLANTS"]

# Seconds that a reply waits for another one to be swapped with.
SWAP_SECONDS = 0.3
turn = itertools.count()


def swapped_reply():
    """Two callers of one method, who wait at the same time, get each other's reply; one reply in two is held for it."""
    answered, held = Servicer.unary, {}

    async def unary(self, name, wire):
        reply = await answered(self, name, wire)
        key = name, wire.codec.prefix
        other = held.pop(key, None)
        if other is not None and not other[1].done():
            other[1].set_result(reply)
            return other[0]
        if next(turn) % 2:
            return reply
        future = asyncio.get_running_loop().create_future()
        held[key] = reply, future
        try:
            return await asyncio.wait_for(future, SWAP_SECONDS)
        except TimeoutError:
            held.pop(key, None)
            return reply

    Servicer.unary = unary


def stale_entry():
    """The cache of replies does not look at the second half of a request."""
    get, put = ReplyCache.get, ReplyCache.put

    def half(request):
        return b"%d " % len(request) + request[: len(request) // 2]

    ReplyCache.get = lambda self, method, request: get(self, method, half(request))
    ReplyCache.put = lambda self, method, request, reply: put(self, method, half(request), reply)


def lost_last_bunch():
    """A descent of several bunches ends without the last one, one time in three."""
    bunches = METHODS["Descend"].answer

    def answer(request, functions):
        held, loses = None, next(turn) % 3 == 0
        for reply, last in bunches(request, functions):
            if held is not None:
                yield held, last and loses
                if last and loses:
                    return
            held = reply
        yield held, True

    METHODS["Descend"] = replace(METHODS["Descend"], answer=answer)


def wrong_status():
    """A call whose worker is killed is not tried again: it gets an empty reply, or INTERNAL."""

    once = Pool._once

    async def dies(self, job):
        try:
            return await once(self, job)
        except WorkerDiedError:
            if next(turn) % 2:
                return True, b""
            return False, status_pb2.Status(code=code_pb2.INTERNAL, message="a worker died").SerializeToString()

    Pool._once = dies


def columns_of_another():
    """One block in four of a stream is computed with the columns of the block before, which may be another caller's."""
    answer, before = EvaluateStream._answer, []

    def mixed(self, messages):
        mine = list(messages)
        shape = [(column.name, len(column.values)) for column in mine]
        last = before.pop() if before else None
        before.append((shape, mine))
        if last is not None and last[0] == shape and next(turn) % 4 == 0:
            mine = last[1]
        return answer(self, mine)

    EvaluateStream._answer = mixed


PLANTS = {
    "swapped-reply": swapped_reply,
    "stale-entry": stale_entry,
    "lost-last-bunch": lost_last_bunch,
    "wrong-status": wrong_status,
    "columns-of-another": columns_of_another,
}

if __name__ == "__main__":
    PLANTS[sys.argv[1]]()
    secantd.main(sys.argv[2:])
