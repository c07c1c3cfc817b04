"""The service's methods: messages in, messages out, whatever protocol carries them."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from secantd.engine.catalogue import Catalogue, FunctionsAndData
from secantd.errors import CalculusError, Reason
from secantd.interrupt import InterruptError, TakesLongError, in_full, no_time
from secantd.language import library
from secantd.metrics import Gauge, Metrics, Reading
from secantd.program import special
from secantd.settings import Settings
from secantd.transport import cost
from secantd.transport.calls.admission import Admission, Call, Stream
from secantd.transport.calls.callrecord import CallRecord, CallRecorder, code_name
from secantd.transport.calls.dispatch import Dispatch
from secantd.transport.calls.replycache import ReplyCache
from secantd.transport.calls.threads import Threads
from secantd.transport.calls.wire import PROTOBUF, StreamingWire, Wire
from secantd.transport.messages.contract import parse, reply_class
from secantd.transport.messages.failures import StatusError, busy, status_for
from secantd.transport.methods import AS_JSON, METHODS, REPLY_AS_JSON, Kind, answer_message

__all__ = ["Servicer"]

# Bytes. Parsing alone of a larger request would block the event loop for too long.
QUICK_BYTES = 64 << 10
# Bytes. A message of this size holds Python's lock for some milliseconds while json reads or writes it, a larger one for longer.
THREAD_BYTES = 128 << 10


class Servicer:
    """Answers the calls of `secant.v1.CalculusService`.

    Quick calls are answered on the event loop, since handing them over would cost more than the answer. All others are
    dispatched to worker processes and threads.

    Args:
        settings: How the server is run.
        metrics: Where calls are counted.
        single_user: See `Server`.
    """

    def __init__(self, settings: Settings, metrics: Metrics, *, single_user: bool = False) -> None:
        self._limits = settings.limits
        # Imported now, not while a call holds the event loop.
        library.functions()
        self.catalogue = Catalogue(settings.data_sets, settings.engine)
        self._functions = FunctionsAndData(settings.limits, settings.cache_entries, self.catalogue)
        self._replies = ReplyCache(settings.reply_cache_bytes)
        self._threads = Threads(settings.threads, settings.limits.queue)
        self._dispatch = Dispatch(settings, self._functions, self._threads, single_user=single_user)
        self.admission = Admission(settings.limits)
        self._loading: asyncio.Task[None] | None = None
        self._recorder = CallRecorder(metrics, settings.log)
        metrics.all += [
            Gauge("secant_calls_under_way", "Calls at work.", lambda: self.admission.at_work),
            Gauge("secant_long_calls", "Long calls, in a worker or queued for one.", lambda: self._dispatch.held),
            Reading("secant_worker_deaths_total", "Workers that ended by themselves.", lambda: self._dispatch.deaths),
            Gauge("secant_waiting_streams", "Streams that wait for their caller.", lambda: self.admission.waiting),
            Gauge("secant_unread_bytes", "Bytes of replies not yet read.", lambda: self.admission.unread),
        ]

    async def warm(self) -> None:
        """Start the workers for long calls, and let them import SymPy and all else that takes long."""
        await self._dispatch.load()

    async def _special(self) -> None:
        """Import SciPy in a thread: it takes a third of a second, for which it would block the event loop."""
        if self._loading is None:
            self._loading = asyncio.get_running_loop().create_task(asyncio.to_thread(special.load))
        # If no thread can be started, the first call that needs SciPy imports it.
        with suppress(RuntimeError):
            await asyncio.shield(self._loading)

    async def stop(self) -> None:
        """Stop threads and workers."""
        await self._dispatch.stop()
        self._threads.close()
        self.catalogue.close()

    async def unary(self, name: str, wire: Wire) -> bytes:
        """Return the reply to one call of a unary method.

        Args:
            name: The name of the method.
            wire: Receives its message.

        Raises:
            StatusError: The call has failed.
        """
        with self._recorded(name) as call:
            return await self._unary(name, Call(self.admission, wire), call)

    async def streaming(self, name: str, wire: StreamingWire) -> None:
        """Answer one call of a streaming method.

        Args:
            name: The name of the method.
            wire: Sends and receives its messages.

        Raises:
            StatusError: The call has failed.
        """
        answer = self._response_streaming if METHODS[name].kind is Kind.RESPONSE_STREAMING else self._bidirectional
        with self._recorded(name) as call:
            await answer(name, Stream(self.admission, wire), call)

    @contextmanager
    def _recorded(self, name: str) -> Iterator[CallRecord]:
        """Record how a call ends; what is raised within becomes a StatusError."""
        call = CallRecord(name)
        try:
            yield call
            call.code = "OK"
        except (Exception, InterruptError) as error:
            status = status_for(error, name, self._limits)
            call.code = code_name(status.code)
            raise StatusError(status) from None
        finally:
            self._recorder.ended(call)

    async def _unary(self, name: str, stream: Call, call: CallRecord) -> bytes:
        request = call.receive(await read_request(stream))
        key = stream.codec.prefix + name
        reply = self._replies.get(key, request)
        if reply is not None:
            call.cached = True
        else:
            with self.admission.place():
                if stream.codec is PROTOBUF:
                    reply = await self._answer(name, request, call)
                else:
                    reply = await self._translated(name, request, stream, call)
            if call.full:
                self._replies.put(key, request, reply)
        call.sent = len(reply)
        stream.finish(len(reply))
        return reply

    async def _translated(self, name: str, request: bytes, stream: Call, call: CallRecord) -> bytes:
        """Return the reply to a request in JSON. What is large is translated by a worker."""
        if len(request) > THREAD_BYTES and not self._recorder.formulas:
            return await self._dispatched(AS_JSON + name, request, call)
        message = await self._decoded(name, request, stream)
        reply = self._replies.get(name, message)
        if reply is None:
            reply = await self._answer(name, message, call)
            if call.full:
                self._replies.put(name, message, reply)
        if len(reply) > THREAD_BYTES:
            translation, _ = await self._dispatch.answer(REPLY_AS_JSON + name, reply)
            return translation
        return await self._encoded(name, reply, stream)

    async def _decoded(self, name: str, message: bytes, stream: Call) -> bytes:
        """Return a message of the caller in protobuf's binary form."""
        return await translated(stream.codec.decode, METHODS[name].request, message, stream.codec.quick_bytes)

    async def _encoded(self, name: str, reply: bytes, stream: Call) -> bytes:
        """Return a reply in the form that the caller reads."""
        return await translated(stream.codec.encode, reply_class(name), reply, stream.codec.quick_bytes)

    async def _answer(self, name: str, request: bytes, call: CallRecord) -> bytes:
        method = METHODS[name]
        if (fields := method.lift(request)) is not None and method.in_thread(fields):
            call.text = text_of(fields) if self._recorder.formulas else ""
            job = partial(in_full, partial(answer_message, name, fields, self._functions))
            reply, call.full = await self._threads.run(job, self._limits.seconds)
            return reply
        if len(request) <= QUICK_BYTES or self._recorder.formulas:
            message = parse(METHODS[name].request, request)
            call.text = text_of(message) if self._recorder.formulas else ""
            if len(request) <= QUICK_BYTES and METHODS[name].quick(message):
                if cost.waits_for_scipy(message):
                    await self._special()
                try:
                    with no_time():
                        reply, call.full = in_full(partial(answer_message, name, message, self._functions))
                    return reply
                except TakesLongError:
                    pass
        return await self._dispatched(name, request, call)

    async def _dispatched(self, name: str, request: bytes, call: CallRecord) -> bytes:
        """Return the result of a job that is done away from the event loop."""
        reply, call.full = await self._dispatch.answer(name, request)
        return reply

    async def _response_streaming(self, name: str, stream: Stream, call: CallRecord) -> None:
        request = call.receive(await read_request(stream))
        key, translated = stream.codec.prefix + name, stream.codec is not PROTOBUF
        whole = self._replies.get(key, request)
        if whole is not None:
            call.cached, call.sent = True, len(whole)
            await stream.write(whole, len(whole))
            return
        with self.admission.place():
            method = METHODS[name]
            message = parse(method.request, await self._decoded(name, request, stream) if translated else request)
            call.text = text_of(message)
            replies = method.answer(message, self._functions)
            quick = method.quick(message)
            if quick and cost.waits_for_scipy(message):
                await self._special()
            began = time.monotonic()
            if quick:
                # It takes at most 2 ms, and is often the whole stream.
                (reply, last), full = in_full(partial(next, replies))
            else:
                job = partial(in_full, partial(next, replies))
                (reply, last), full = await self._threads.run(job, self._limits.seconds)
            if translated:
                reply = await self._encoded(name, reply, stream)
            left = self._limits.seconds - (time.monotonic() - began)
        if last and full and not message.expression.data_set:
            # The whole stream is one message: short streams are worth keeping, since a class of students sends the same request.
            # Data sets may change.
            self._replies.put(key, request, reply)
        while True:
            call.sent += len(reply)
            # The next reply is computed only after the caller has taken this one.
            await stream.write(reply, len(reply))
            if last:
                return
            if left <= 0:
                raise TimeoutError
            with await self.admission.next_place(left):
                began = time.monotonic()
                reply, last = await self._threads.run(partial(next, replies), left, admitted=True)
                if translated:
                    reply = await self._encoded(name, reply, stream)
                left -= time.monotonic() - began

    async def _bidirectional(self, name: str, stream: Stream, call: CallRecord) -> None:
        method, seconds, translated = METHODS[name], self._limits.seconds, stream.codec is not PROTOBUF
        conversation, under_way = method.answer(self._functions), False
        while (request := await stream.read()) is not None:
            call.receive(request)
            place = await self.admission.next_place(seconds) if under_way else self.admission.place()
            with place:
                if translated:
                    request = await self._decoded(name, request, stream)
                fields = method.lift(request) if under_way else None
                message = parse(method.request, request) if fields is None else fields
                if not under_way:
                    call.text = text_of(message.setup)
                answer = await self._threads.run(conversation.job(message), seconds, admitted=under_way)
                if translated and isinstance(answer, bytes):
                    answer = await self._encoded(name, answer, stream)
            under_way = True
            if isinstance(answer, bytes):
                call.sent += len(answer)
                await stream.write(answer, len(answer))
            elif answer is not None:
                await self._rows(name, answer, stream, call)

    async def _rows(self, name: str, answers: Iterator[bytes], stream: Stream, call: CallRecord) -> None:
        """Send the answers to the rows of a data set; each has the time of a call."""
        seconds = self._limits.seconds
        while True:
            with await self.admission.next_place(seconds):
                reply = await self._threads.run(partial(next, answers, None), seconds, admitted=True)
                if reply is None:
                    return
                if stream.codec is not PROTOBUF:
                    reply = await self._encoded(name, reply, stream)
            call.sent += len(reply)
            # The next block is computed only after the caller has taken this one.
            await stream.write(reply, len(reply))


async def translated(
    translate: Callable[[type[Any], bytes], bytes], kind: type[Any], message: bytes, quick_bytes: int
) -> bytes:
    """Return a message in another form; in a thread of its own, as the workers and threads for calls may be busy for seconds."""
    if len(message) <= quick_bytes:
        return translate(kind, message)
    try:
        return await asyncio.to_thread(translate, kind, message)
    except RuntimeError:
        # The system could not start a thread.
        raise busy(1) from None


async def read_request(stream: Call) -> bytes:
    """Return the one request of a call."""
    request = await stream.read()
    if request is None:
        raise CalculusError(Reason.INVALID_VALUE, "the call ended without a request", "send one message")
    return request


def text_of(message: Any) -> str:
    """Return the formula of a request, empty where it has none."""
    return message.expression.text if hasattr(message, "expression") else ""
