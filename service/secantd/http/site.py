"""Files that browsers get: the pages in the folder `site`, held in memory."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path

from secantd.http.compression import GZIP, WORTH_IT, accepts_gzip
from secantd.http.request import Header, Request

__all__ = ["PAGE", "Page", "pages"]

FOLDER = Path(__file__).parent / "site"
# Types that mimetypes knows on some systems only, or that a browser needs with their charset.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
# Scripts, styles and connections of this server only, no inline script, no frame around the page.
POLICY = b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
PAGE: list[Header] = [
    (b"content-security-policy", POLICY),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# A browser asks each time whether its copy is the same: pages change with the server's version.
CACHED: Header = (b"cache-control", b"no-cache")


class Page:
    """One file.

    Args:
        body: Its bytes.
        kind: Its content type.
    """

    __slots__ = ("_body", "_kind", "_small", "_tag")

    def __init__(self, body: bytes, kind: str) -> None:
        self._body = body
        small = gzip.compress(body, 9, mtime=0) if len(body) >= WORTH_IT else body
        self._small = small if len(small) < len(body) else None
        self._kind = kind.encode()
        self._tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'

    async def answer(self, request: Request) -> None:
        """Answer GET or HEAD."""
        if request.method not in ("GET", "HEAD"):
            await request.reply(405, b"text/plain; charset=utf-8", b"pages are for GET\n", [(b"allow", b"GET, HEAD")])
            return
        small = self._small if accepts_gzip(request.header(b"accept-encoding")) else None
        # Each form of the same file has a tag of its own (RFC 9110, 8.8.3).
        tag = self._tag if small is None else f'{self._tag[:-1]}-gzip"'
        headers = [*PAGE, CACHED, (b"etag", tag.encode()), (b"vary", b"accept-encoding")]
        if tag in map(str.strip, request.header(b"if-none-match").replace("W/", "").split(",")):
            await request.start(304, headers)
            await request.send(b"", more=False)
            return
        if small is not None:
            headers.append((b"content-encoding", GZIP.encode()))
        await request.reply(200, self._kind, self._body if small is None else small, headers)


def kind_of(name: str) -> str:
    """Return the content type of a file.

    >>> kind_of("app.js"), kind_of("x.unknown")
    ('text/javascript; charset=utf-8', 'application/octet-stream')
    """
    return TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def pages(folder: Path = FOLDER, prefix: str = "/") -> dict[str, Page]:
    """Return the files of a folder by their path; `index.html` also by that of its folder.

    Only these paths exist, so that no path leads out of the folder.
    """
    found = {}
    for file in files(folder):
        name = file.relative_to(folder).as_posix()
        page = Page(file.read_bytes(), kind_of(name))
        found[prefix + name] = page
        if file.name == "index.html":
            found[(prefix + name).removesuffix("index.html")] = page
    return found


def files(folder: Path) -> Iterable[Path]:
    """Return the files of a folder and its folders, except hidden ones and links."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(part.startswith((".", "__")) for part in inside):
            yield path
