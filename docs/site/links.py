"""Checks of a built site: each link and anchor within it exists, and nothing is loaded from a network."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["faults"]

# What a browser loads by itself, as opposed to a link that a reader may follow.
LOADED = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src", "object": "data"}
IN_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


class Page(HTMLParser):
    """The anchors of a page, the places it links to, and the files it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.styled = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and "href" in found:
            self.links.add(found["href"])
        address = found.get(LOADED.get(tag, ""))
        self.styled = tag == "style"
        # These only name an address.
        if address and found.get("rel") not in ("canonical", "author"):
            self.loaded.add(address)

    def handle_data(self, data: str) -> None:
        if self.styled:
            self.loaded |= set(in_styles(data))

    def handle_endtag(self, tag: str) -> None:
        self.styled = False


def in_styles(text: str) -> Iterator[str]:
    """Give the addresses that a style sheet loads."""
    for match in IN_STYLES.finditer(text):
        yield match[1] or match[2]


def faults(site: Path) -> Iterator[str]:
    """Give what is wrong in a built site, one line each."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site)
        for address in sorted(page.links | page.loaded):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in page.loaded and parts.scheme != "data":
                    yield f"{name}: loads {address} from a network"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_relative_to(site.resolve()) or not target.is_file():
                yield f"{name}: no file {address}"
            elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name}: no anchor {address}"
    for path in sorted(site.rglob("*.css")):
        for address in in_styles(path.read_text("utf-8")):
            if urlsplit(address).scheme in ("http", "https") or address.startswith("//"):
                yield f"{path.relative_to(site)}: loads {address} from a network"
