"""The service's methods as gRPC calls them: raw bytes in, raw bytes out."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, NoReturn

import grpc
from google.rpc import status_pb2
from secant.v1 import descend_pb2, evaluate_pb2

from secantd.algebra.patience import in_a_hurry
from secantd.errors import CalculusError, Reason, TakesLongError
from secantd.metrics import Gauge, Metrics
from secantd.settings import Settings
from secantd.transport import effort
from secantd.transport.descend import bunches
from secantd.transport.elsewhere import Elsewhere
from secantd.transport.evaluatestream import Blocks
from secantd.transport.faults import busy, told
from secantd.transport.functions import Functions
from secantd.transport.methods import SERVICE, UNARY, answer, parse
from secantd.transport.replycache import ReplyCache
from secantd.transport.status import status_of, trailers
from secantd.transport.threads import Threads
from secantd.transport.watch import Call, Watch, code_name

__all__ = ["Servicer"]


class Servicer:
    """Answers the calls of `secant.v1.CalculusService`.

    Quick calls are answered on the event loop, where a hand-over would cost more than the answer; all others
    go elsewhere.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._limits = settings.limits
        self._functions = Functions(settings.limits, settings.cache_entries)
        self._replies = ReplyCache(settings.reply_cache_bytes)
        self._threads = Threads(settings.threads, settings.limits.queue)
        self._elsewhere = Elsewhere(settings, self._functions, self._threads)
        self._calls_bound = settings.limits.concurrent_calls
        self._calls = 0
        self._watch = Watch(metrics, settings.log)
        metrics.all += [
            Gauge("secant_calls_under_way", "Calls under way.", lambda: self._calls),
            Gauge("secant_long_calls", "Calls at work or waiting elsewhere.", lambda: self._elsewhere.held),
        ]

    def handler(self) -> Any:
        """Return what `grpc.aio.Server.add_generic_rpc_handlers` takes."""
        handlers = {m.name: grpc.unary_unary_rpc_method_handler(self._missing(m.name)) for m in SERVICE.methods}
        for name in UNARY:
            handlers[name] = grpc.unary_unary_rpc_method_handler(self._unary(name))
        handlers["Descend"] = grpc.unary_stream_rpc_method_handler(self._descend)
        handlers["EvaluateStream"] = grpc.stream_stream_rpc_method_handler(self._evaluate_stream)
        return grpc.method_handlers_generic_handler(SERVICE.full_name, handlers)

    async def warm(self) -> None:
        """Start the workers for long calls."""
        await self._elsewhere.warm()

    async def stop(self) -> None:
        """Free threads and workers."""
        await self._elsewhere.stop()
        self._threads.close()

    def _missing(self, name: str) -> Callable[[bytes, Any], Awaitable[bytes]]:
        async def call(request: bytes, context: Any) -> bytes:
            error = CalculusError(Reason.MISSING_PART, f"this server does not answer {name} yet")
            await abort(context, status_of(error))

        return call

    def _unary(self, name: str) -> Callable[[bytes, Any], Awaitable[bytes]]:
        async def call(request: bytes, context: Any) -> bytes:
            reply = self._replies.get(name, request)
            if reply is not None:
                self._watch.cached(name, len(request), len(reply))
                return reply
            with self._watch.call(name, len(request)) as watched:
                async with self._admitted(name, context, watched):
                    reply = await self._answer(name, request, watched)
                    watched.sent = len(reply)
                self._replies.put(name, request, reply)
                return reply

        return call

    async def _answer(self, name: str, request: bytes, watched: Call) -> bytes:
        if len(request) <= QUICK_BYTES or self._watch.formulas:
            method = UNARY[name]
            message = parse(method.request, request)
            if self._watch.formulas and hasattr(message, "expression"):
                watched.text = message.expression.text
            if len(request) <= QUICK_BYTES and method.quick(message):
                try:
                    with in_a_hurry():
                        return answer(name, request, self._functions)
                except TakesLongError:
                    pass
        return await self._elsewhere.answer(name, request)

    async def _descend(self, request: bytes, context: Any) -> AsyncIterator[bytes]:
        whole = self._replies.get("Descend", request)
        if whole is not None:
            self._watch.cached("Descend", len(request), len(whole))
            yield whole
            return
        with self._watch.call("Descend", len(request)) as watched:
            async with self._admitted("Descend", context, watched):
                message = parse(descend_pb2.DescendRequest, request)
                watched.text = message.expression.text
                steps = bunches(message, self._functions)
                left, here = self._limits.seconds, effort.brief_start(message)
                under_way = False
                while left > 0:
                    began = time.monotonic()
                    # Nothing runs ahead of the reader: the next bunch is computed when this one is taken.
                    if here:
                        # It comes within 2 ms, and often is the whole descent.
                        (raw, last), here = next(steps), False
                    else:
                        raw, last = await self._threads.run(partial(next, steps), left, admitted=under_way)
                        under_way = True
                    left -= time.monotonic() - began
                    if last and not watched.sent:
                        # All of it in one message: a short path, asked for again by the next of a class.
                        self._replies.put("Descend", request, raw)
                    watched.sent += len(raw)
                    yield raw
                    if last:
                        return
                raise TimeoutError

    async def _evaluate_stream(self, messages: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        with self._watch.call("EvaluateStream", 0) as watched:
            async with self._admitted("EvaluateStream", context, watched):
                blocks = Blocks(self._functions)
                under_way = False
                async for raw in messages:
                    watched.received += len(raw)
                    message = parse(evaluate_pb2.EvaluateStreamRequest, raw)
                    if not under_way:
                        blocks.setup(message)
                        watched.text = message.setup.expression.text
                        await self._threads.run(blocks.read, self._limits.seconds)
                        under_way = True
                        continue
                    job = blocks.job(message)
                    reply = (await self._threads.run(job, self._limits.seconds, admitted=True)).SerializeToString()
                    watched.sent += len(reply)
                    yield reply

    @asynccontextmanager
    async def _admitted(self, name: str, context: Any, watched: Call) -> AsyncIterator[None]:
        """Let one call in, and end it with the status of what it raises; BUSY where there are too many."""
        entered = self._calls < self._calls_bound
        try:
            if not entered:
                raise busy(self._calls)
            self._calls += 1
            yield
            watched.code = "OK"
        except Exception as error:
            status = told(error, name, self._limits)
            watched.code = code_name(status.code)
            await abort(context, status)
        finally:
            self._calls -= entered


# Parsing a larger request alone would hold the loop too long.
QUICK_BYTES = 64 << 10


async def abort(context: Any, status: status_pb2.Status) -> NoReturn:
    """End the call with `status`."""
    code, message, trailing = trailers(status)
    await context.abort(code, message, trailing)
    raise asyncio.CancelledError
