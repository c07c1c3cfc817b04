"""The service's methods as gRPC calls them: raw bytes in, raw bytes out."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, NoReturn

import grpc
from google.rpc import status_pb2
from secant.v1 import descend_pb2, evaluate_pb2

from secantd.errors import CalculusError, Reason
from secantd.settings import Settings
from secantd.transport.descend import bunches
from secantd.transport.elsewhere import Elsewhere
from secantd.transport.evaluatestream import Blocks
from secantd.transport.faults import busy, told
from secantd.transport.functions import Functions
from secantd.transport.methods import SERVICE, UNARY, answer, parse
from secantd.transport.replycache import ReplyCache
from secantd.transport.status import status_of, trailers
from secantd.transport.threads import Threads

__all__ = ["Servicer"]


class Servicer:
    """Answers the calls of `secant.v1.CalculusService`.

    Quick calls are answered on the event loop, where a hand-over would cost more than the answer; all others
    go elsewhere.
    """

    def __init__(self, settings: Settings) -> None:
        self._limits = settings.limits
        self._functions = Functions(settings.limits, settings.cache_entries)
        self._replies = ReplyCache(settings.reply_cache_bytes)
        self._threads = Threads(settings.threads, settings.queue)
        self._elsewhere = Elsewhere(settings, self._functions, self._threads)
        self._calls_bound = settings.concurrent_calls
        self._calls = 0

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
                return reply
            try:
                self._enter()
                try:
                    reply = await self._answer(name, request)
                finally:
                    self._calls -= 1
            except Exception as error:
                await abort(context, told(error, name, self._limits))
            self._replies.put(name, request, reply)
            return reply

        return call

    async def _answer(self, name: str, request: bytes) -> bytes:
        method = UNARY[name]
        if len(request) <= QUICK_BYTES and method.quick(parse(method.request, request)):
            return answer(name, request, self._functions)
        return await self._elsewhere.answer(name, request)

    async def _descend(self, request: bytes, context: Any) -> AsyncIterator[bytes]:
        try:
            self._enter()
            try:
                steps = bunches(parse(descend_pb2.DescendRequest, request), self._functions)
                left, admitted = self._limits.seconds, False
                while left > 0:
                    began = time.monotonic()
                    # Nothing runs ahead of the reader: the next bunch is computed when this one is taken.
                    reply = await self._threads.run(partial(next, steps, None), left, admitted=admitted)
                    left, admitted = left - (time.monotonic() - began), True
                    if reply is None:
                        return
                    yield reply.SerializeToString()
                raise TimeoutError
            finally:
                self._calls -= 1
        except Exception as error:
            await abort(context, told(error, "Descend", self._limits))

    async def _evaluate_stream(self, messages: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        try:
            self._enter()
            try:
                blocks = Blocks(self._functions)
                admitted = False
                async for raw in messages:
                    message = parse(evaluate_pb2.EvaluateStreamRequest, raw)
                    if not admitted:
                        blocks.setup(message)
                        await self._threads.run(blocks.read, self._limits.seconds)
                        admitted = True
                        continue
                    reply = await self._threads.run(blocks.job(message), self._limits.seconds, admitted=admitted)
                    yield reply.SerializeToString()
            finally:
                self._calls -= 1
        except Exception as error:
            await abort(context, told(error, "EvaluateStream", self._limits))

    def _enter(self) -> None:
        if self._calls >= self._calls_bound:
            raise busy(self._calls)
        self._calls += 1


# Parsing a larger request alone would hold the loop too long.
QUICK_BYTES = 64 << 10


async def abort(context: Any, status: status_pb2.Status) -> NoReturn:
    """End the call with `status`."""
    code, message, trailing = trailers(status)
    await context.abort(code, message, trailing)
    raise asyncio.CancelledError
