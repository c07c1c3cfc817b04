"""The protocol: requests on standard input, answers on standard output, by the package mcp."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

from secant._version import __version__
from secant.mcp.tools import TOOLS, answer

if TYPE_CHECKING:
    from secant.client import Client

__all__ = ["made", "run"]

# Bytes of a line; a longer one is dropped. The largest valid call has two formulas.
LINE = 1 << 16
# Seconds to wait at the end of the input for the beginning of the last call, and for the answers to all calls.
BEGIN, FINISH = 0.1, 30.0
# Lines that are read before earlier ones are taken, and calls that are computed at once.
AHEAD, AT_ONCE = 16, 4

INSTRUCTIONS = (
    "Secant differentiates formulas exactly and checks derivatives by independent methods. Check a derivative before you state it. "
    "Formulas are in R or Python notation: x^2 * exp(x), np.sin(x)."
)

log = logging.getLogger(__name__)


class Calls:
    """The calls of tools that are waiting or being computed."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)
        self._open = 0
        self._none = asyncio.Event()
        self._none.set()

    async def answer(self, client: "Callable[[], Client]", name: str, given: Any) -> tuple[str, bool]:
        """Return the answer of a tool, computed by a thread; see `secant.mcp.tools.answer`."""
        self._open += 1
        self._none.clear()
        try:
            async with self._room:
                return await asyncio.to_thread(answer, client, name, given)
        finally:
            self._open -= 1
            if not self._open:
                self._none.set()

    async def finished(self) -> None:
        """Wait until all calls are answered."""
        await asyncio.sleep(BEGIN)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none.wait(), FINISH)


class Lines:
    """The lines of standard input, of which those that are too long are dropped; they end when all calls are answered.

    They are read by a thread that may be blocked when the process ends.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._room = threading.Semaphore(AHEAD)
        # What the server starts must not read what is meant for it.
        self._input = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        held, dropped = bytearray(), False
        while block := os.read(self._input, LINE):
            *ended, rest = block.split(b"\n")
            for end in ended:
                held += end
                if dropped or len(held) > LINE:
                    log.warning("a line of more than %d bytes was dropped", LINE)
                elif held.strip():
                    self._put(held.decode(errors="replace"))
                held, dropped = bytearray(), False
            held += rest
            if len(held) > LINE:
                held, dropped = bytearray(), True
        if held.strip() and not dropped:
            self._put(held.decode(errors="replace"))
        self._put(None)

    def _put(self, line: str | None) -> None:
        self._room.acquire()
        try:
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
        except RuntimeError:  # the loop has ended
            return

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        line = await self._lines.get()
        self._room.release()
        if line is None:
            await self._calls.finished()
            raise StopAsyncIteration
        return line


def made(client: "Callable[[], Client]", calls: Calls | None = None) -> Server[Any]:
    """Return the server.

    Args:
        client: Returns the client that computes answers; called in threads.
        calls: Counts the calls.
    """
    calls = calls or Calls()

    async def list_tools(context: ServerRequestContext[Any], params: Any) -> types.ListToolsResult:
        hints = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
        return types.ListToolsResult(
            tools=[
                types.Tool(name=t.name, description=t.description, input_schema=t.schema, annotations=hints)
                for t in TOOLS
            ]
        )

    async def call_tool(
        context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        text, failed = await calls.answer(client, params.name, params.arguments or {})
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=failed)

    return Server(
        "secant", version=__version__, instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )


def run(connect: "Callable[[], Client]") -> None:
    """Serve standard input until it ends.

    Args:
        connect: Returns a client; called once, by the first call of a tool.
    """
    with ExitStack() as held:
        lock = threading.Lock()
        clients: list[Client] = []

        def client() -> "Client":
            with lock:
                if not clients:
                    clients.append(held.enter_context(connect()))
                return clients[0]

        asyncio.run(_serve(client))


async def _serve(client: "Callable[[], Client]") -> None:
    calls = Calls()
    server = made(client, calls)
    lines: Any = Lines(calls)
    async with stdio_server(stdin=lines) as (read, write):
        await server.run(read, write, server.create_initialization_options())
