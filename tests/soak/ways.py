"""Calls by gRPC and by HTTP as bytes: nothing of the clients lies between the wire and the record."""

import asyncio
import base64
import json
import struct
import time
from collections.abc import Callable

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, status_pb2
from history import Record
from plan import Request
from secantd.transport.methods import METHODS, Kind

__all__ = ["by_grpc", "by_http"]

SERVICE = "/secant.v1.CalculusService/"
# Far more than any call takes; a call that ends by it has hung.
HUNG_SECONDS = 60.0
# What grpc's client itself reports where it cannot send a further message, as the connection is lost.
NOT_SENT = "Internal error from Core"
HEAD = struct.Struct(">BI")
END = 2

Clock = Callable[[], float]


async def by_grpc(request: Request, channel: grpc.aio.Channel, clock: Clock) -> Record:
    """Make one call; `clock` returns the seconds since the begin of the run."""
    began, replies, left = clock(), [], False
    kind, path = METHODS[request.method].kind, SERVICE + request.method
    timeout = request.deadline or HUNG_SECONDS
    try:
        if kind is Kind.UNARY:
            call = channel.unary_unary(path)(request.messages[0], timeout=timeout)
            if request.leave is not None:
                await asyncio.sleep(request.leave / 1000)
                left = call.cancel()
            replies.append(await call)
        elif kind is Kind.RESPONSE_STREAMING:
            call = channel.unary_stream(path)(request.messages[0], timeout=timeout)
            left = await read_all(call, request, replies)
        else:
            call = channel.stream_stream(path)(timeout=timeout)
            left = await converse(call, request, replies)
        code = "CANCELLED" if left else "OK"
    except asyncio.CancelledError:
        if not left:
            raise
        return Record(request, began, clock(), "CANCELLED", replies=tuple(replies), left=True)
    except grpc.aio.AioRpcError as error:
        trailing = dict(error.trailing_metadata() or ())
        details = trailing.get("grpc-status-details-bin", b"")
        code = "LOST" if error.details() == NOT_SENT else error.code().name
        return Record(request, began, clock(), code, error.details() or "", details, tuple(replies), left)
    return Record(request, began, clock(), code, replies=tuple(replies), left=left)


async def read_all(call: grpc.aio.UnaryStreamCall, request: Request, replies: list[bytes]) -> bool:
    """Read a stream to its end, or leave it; return whether it was left."""
    while True:
        if request.leave is not None and len(replies) >= request.leave:
            return call.cancel()
        reply = await call.read()
        if reply is grpc.aio.EOF:
            # Raises the status of a stream that failed.
            await raise_for(call)
            return False
        replies.append(reply)
        if request.pause:
            await asyncio.sleep(request.pause)


async def converse(call: grpc.aio.StreamStreamCall, request: Request, replies: list[bytes]) -> bool:
    """Send a block, read its values, and so on."""
    setup, *blocks = request.messages
    try:
        await call.write(setup)
        for number, block in enumerate(blocks):
            if request.leave is not None and number >= request.leave:
                return call.cancel()
            await call.write(block)
            reply = await call.read()
            if reply is grpc.aio.EOF:
                await raise_for(call)
                return False
            replies.append(reply)
            if request.pause:
                await asyncio.sleep(request.pause)
        await call.done_writing()
    except asyncio.InvalidStateError:
        # The call ended while it was written to.
        await raise_for(call)
        return False
    while (reply := await call.read()) is not grpc.aio.EOF:
        replies.append(reply)
    await raise_for(call)
    return False


async def raise_for(call: grpc.aio.Call) -> None:
    """Raise the status of a call that has ended, unless it is OK."""
    if (code := await call.code()) is not grpc.StatusCode.OK:
        raise grpc.aio.AioRpcError(
            code, await call.initial_metadata(), await call.trailing_metadata(), await call.details()
        )


async def by_http(request: Request, address: str, clock: Clock) -> Record:
    """Make one call on a connection of its own."""
    began = clock()
    unary = METHODS[request.method].kind is Kind.UNARY
    body = request.messages[0] if unary else b"".join(HEAD.pack(0, len(m)) + m for m in request.messages)
    host, _, port = address.rpartition(":")
    kind = f"application/{'' if unary else 'connect+'}{request.way}"
    head = f"POST {SERVICE}{request.method} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {kind}\r\n"
    head += f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(HUNG_SECONDS):
            reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 24)
            try:
                writer.write(head.encode() + body)
                status, content = await response(reader)
            finally:
                writer.close()
    except (OSError, EOFError) as error:
        return Record(request, began, clock(), "LOST", str(error))
    ended = clock()
    if unary and status == 200:
        return Record(request, began, ended, "OK", replies=(content,))
    if unary:
        return Record(request, began, ended, *error_of(json.loads(content)))
    replies, end = envelopes(content)
    if end is None:
        return Record(request, began, ended, "LOST", "the stream has no end", replies=tuple(replies))
    if "error" in end:
        return Record(request, began, ended, *error_of(end["error"]), replies=tuple(replies))
    return Record(request, began, ended, "OK", replies=tuple(replies))


async def response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return the status and the body of a response; EOFError where it ends early."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split()[1])
    fields = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
    if fields.get("transfer-encoding") != "chunked":
        return status, await reader.readexactly(int(fields.get("content-length", 0)))
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    return status, b"".join(parts)


def envelopes(content: bytes) -> tuple[list[bytes], dict | None]:
    """Return the replies of a stream and what its end holds, None for a stream that was cut off."""
    replies, place = [], 0
    while place + HEAD.size <= len(content):
        flags, size = HEAD.unpack_from(content, place)
        message = content[place + HEAD.size : place + HEAD.size + size]
        place += HEAD.size + size
        if flags & END:
            return replies, json.loads(message)
        if len(message) == size:
            replies.append(message)
    return replies, None


def error_of(found: dict) -> tuple[str, str, bytes]:
    """Return code, message and google.rpc.Status of an error in Connect's JSON."""
    name = "CANCELLED" if found["code"] == "canceled" else found["code"].upper()
    status = status_pb2.Status(code=code_pb2.Code.Value(name), message=found.get("message", ""))
    for each in found.get("details", ()):
        value = base64.b64decode(each["value"] + "=" * (-len(each["value"]) % 4))
        status.details.append(any_pb2.Any(type_url=f"type.googleapis.com/{each['type']}", value=value))
    return name, status.message, status.SerializeToString()


def stopwatch() -> Clock:
    """Return a clock that counts from now."""
    begin = time.monotonic()
    return lambda: time.monotonic() - begin
