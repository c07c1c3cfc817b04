"""The ASGI application: calls, the reference and the pages of one server."""

import asyncio
import logging
import traceback
from typing import Any

from secantd.http.connect import Connect, allowed, refuse
from secantd.http.origins import Origins
from secantd.http.reference import reference
from secantd.http.request import Receive, Request, Send
from secantd.http.site import PAGE, Page, pages

__all__ = ["App"]

log = logging.getLogger("secantd")

TEXT = b"text/plain; charset=utf-8"
REFERENCE = "/docs/"


class App:
    """Answers all requests.

    Args:
        connect: Answers calls.
        origins: Whose pages may call.
    """

    def __init__(self, connect: Connect, origins: Origins) -> None:
        self._connect = connect
        self._origins = origins
        self._pages = pages()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive, send)
        try:
            await self._answer(request)
        except Exception as error:
            # Without the text of the exception, which may quote the request.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("a fault of HTTP: %s\n%s", type(error).__name__, frames)
            if not request.started:
                await request.reply(500, TEXT, b"a fault of the server\n", [(b"connection", b"close")])

    async def _answer(self, request: Request) -> None:
        if self._origins.is_misled(request):
            text = (
                b"the server listens for this machine only: call it as localhost, or name the origin by --http-origin\n"
            )
            await request.reply(421, TEXT, text, await request.settle())
            return
        upgrade = request.header(b"upgrade").lower()
        if upgrade == "websocket":
            await request.reply(400, TEXT, b"there are no WebSockets here\n", [(b"connection", b"close")])
            return
        if upgrade:
            # The parser expects another protocol next.
            request.extra.append((b"connection", b"close"))
        name = self._connect.paths.get(request.path)
        if name is not None:
            request.extra += self._origins.headers(request)
            if request.method == "OPTIONS":
                await self._origins.preflight(request, allowed(name))
                return
            await self._connect.answer(request, name)
            return
        page = self._pages.get(request.path)
        if page is None and request.path == REFERENCE:
            # Made with the first request, since few servers have one.
            made = await asyncio.to_thread(reference)
            page = self._pages[REFERENCE] = Page(made.encode(), "text/html; charset=utf-8")
        if page is not None:
            await page.answer(request)
        elif request.path == REFERENCE.rstrip("/"):
            await request.reply(308, TEXT, b"", [(b"location", REFERENCE.encode()), *await request.settle()])
        elif request.path.startswith("/secant."):
            request.extra += self._origins.headers(request)
            await refuse(request, 404, "there is no such method", "Describe lists the methods")
        else:
            await request.reply(404, TEXT, b"there is no such page\n", [*PAGE, *await request.settle()])
