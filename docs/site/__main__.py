"""Builds the site: ./dev docs, or python -m docs.site

The examples of all pages run and must print what the pages show; every link within the site must lead somewhere.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sphinx.application import Sphinx

from docs.site import api, docstrings, links, pages, rd, running
from docs.site.pages import HOME
from docs.site.text import slug

SOURCES, SITE, CACHE = HOME / "build" / "site-pages", HOME / "build" / "site", HOME / "build" / "site-cache"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site and return the exit code: 1 if an example or a link is wrong."""
    parser = argparse.ArgumentParser(
        prog="./dev docs", description="Build the site of the documentation in build/site."
    )
    parser.add_argument("--no-examples", action="store_true", help="do not run the examples")
    chosen = parser.parse_args(arguments)
    own = pages.found()
    wrong: list[str] = []
    figures: dict[Path, bytes] = {}
    if not chosen.no_examples:
        wrong += running.faults([HOME / file for file in own], figures)
    write(own, figures)
    wrong += built()
    wrong += links.faults(SITE)
    wrong += machine(SITE)
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print(f"docs: {len(wrong)} faults, see above", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"docs: {SITE.relative_to(HOME)}/index.html, {len(list(SITE.rglob('*.html')))} pages, {size / 1e6:.1f} MB")
    return 0


def write(own: Mapping[str, str], figures: Mapping[Path, bytes]) -> None:
    """Write the sources of all pages, with figures that were drawn now instead of those of the repository."""
    shutil.rmtree(SOURCES, ignore_errors=True)
    texts: dict[str, str] = {}
    for file, page in own.items():
        text, shown = pages.adapted(file, (HOME / file).read_text("utf-8"), own)
        texts[page] = text
        for target, path in shown.items():
            put(target, figures.get(path) or path.read_bytes())
    for folder in ("lessons/en", "lessons/ko", "models"):
        inner = [
            Path(page).name for page in own.values() if page.startswith(f"{folder}/") and not page.endswith("/index")
        ]
        if f"{folder}/index" in texts:
            texts[f"{folder}/index"] += "\n" + "\n".join(["```{toctree}", ":hidden:", "", *sorted(inner), "```", ""])
    manual, topics = rd.pages(HOME / "clients" / "r" / "man")
    modules = docstrings.pages()
    texts |= {f"r/{page}": text for page, text in manual.items()}
    texts |= {f"python/{page}": text for page, text in modules.items()}
    texts |= {f"api/{page}": text for page, text in api.pages(HOME / "protos", twins(topics)).items()}
    placed = {page for _, part in pages.PARTS for _, page in part} | {"index"}
    texts["index"] = "\n\n".join([texts["index"], *pages.trees(own)]) + "\n"
    for page, text in texts.items():
        orphan = "/" not in page and page not in placed
        put(f"{page}.md", ("---\norphan: true\n---\n\n" * orphan + text).encode())


def put(name: str, content: bytes) -> None:
    """Write one file of the sources."""
    path = SOURCES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def twins(topics: Mapping[str, str]) -> dict[str, str]:
    """Return for each rpc the links to the functions of the clients."""
    found = {}
    for name in re.findall(
        r"^  rpc (\w+)", (HOME / "protos/secant/v1/calculus_service.proto").read_text("utf-8"), re.MULTILINE
    ):
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        shown = [f"Python [`{snake}`](../python/client.md#{slug(snake)})"]
        own = next(
            (topic for topic in (f"sec_{snake}", snake, "figure" if snake == "plot" else "") if topic in topics), None
        )
        if own:
            shown.append(f"R [`{own}`](../r/{topics[own]}.md)")
        found[name] = ", ".join(shown)
    return found


def built() -> list[str]:
    """Run Sphinx and return its warnings."""
    shutil.rmtree(SITE, ignore_errors=True)
    warnings = Lines()
    conf = HOME / "docs" / "site"
    app = Sphinx(SOURCES, conf, SITE, CACHE, "html", status=None, warning=warnings, freshenv=True, parallel=1)
    app.build()
    for name in (".buildinfo", "objects.inv", ".doctrees"):
        path = SITE / name
        if path.is_file():
            path.unlink()
    return [line.replace(str(SOURCES), "build/site-pages") for line in warnings.lines]


class Lines:
    """A stream that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        self.lines += [re.sub("\x1b\\[[0-9;]*m", "", line) for line in text.splitlines() if line.strip()]

    def flush(self) -> None:
        """Do nothing; streams have it."""


def machine(site: Path) -> Iterator[str]:
    """Give the files that name this machine's folders."""
    named = re.compile("|".join(map(re.escape, {str(HOME), str(Path.home())} - {"/"})))
    for path in sorted(site.rglob("*")):
        if path.suffix in (".html", ".js", ".css", ".svg") and named.search(path.read_text("utf-8", errors="replace")):
            yield f"{path.relative_to(site)}: names a folder of this machine"


if __name__ == "__main__":
    sys.exit(main())
