"""The pages of the site that are written by hand: where they lie in the repository and in the site."""

import re
from collections.abc import Iterator, Mapping
from os.path import relpath
from pathlib import Path

__all__ = ["BLOCK", "HOME", "PARTS", "adapted", "found"]

HOME = Path(__file__).resolve().parents[2]

# Caption of the sidebar, and pages in order: (file of the repository, page of the site). Generated pages have no file.
PARTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Start",
        (
            ("docs/install.md", "install"),
            ("docs/lessons/en/README.md", "lessons/en/index"),
            ("docs/lessons/ko/README.md", "lessons/ko/index"),
            ("docs/gallery/README.md", "gallery/index"),
        ),
    ),
    (
        "Guides",
        (
            ("docs/language.md", "language"),
            ("docs/arrays.md", "arrays"),
            ("docs/models/README.md", "models/index"),
            ("docs/equal.md", "equal"),
            ("docs/explain.md", "explain"),
            ("docs/descent.md", "descent"),
            ("docs/scale.md", "scale"),
            ("docs/shell.md", "shell"),
            ("docs/python.md", "python"),
            ("docs/checks.md", "checks"),
            ("docs/proof.md", "proof"),
            ("docs/other-languages.md", "other-languages"),
        ),
    ),
    ("Reference", (("", "python/index"), ("", "r/index"), ("docs/http.md", "http"), ("", "api/index"))),
    (
        "Service and project",
        (
            ("docs/operations.md", "operations"),
            ("docs/benchmarks.md", "benchmarks"),
            ("docs/accuracy.md", "accuracy"),
            ("docs/trust.md", "trust"),
            ("docs/versions.md", "versions"),
            ("docs/design.md", "design"),
            ("CONTRIBUTING.md", "contributing"),
            ("CHANGELOG.md", "changelog"),
        ),
    ),
)
# Folders whose pages belong to the index that lists them.
FOLDERS = {"docs/lessons/en": "lessons/en", "docs/lessons/ko": "lessons/ko", "docs/models": "models"}
# Where links of the pages lead to what is generated.
GENERATED = {
    "protos/secant/v1": "api/index",
    "clients/r": "r/index",
    "clients/python": "python/index",
    "README.md": "index",
}

BLOCK = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
# Blocks that follow each other and have one meaning in several languages.
TABS = re.compile(r"(?:^```(?:python|r|console)\n(?:.*\n)*?```\n\n?){2,}", re.MULTILINE)
ONE = re.compile(r"^```(python|r|console)\n((?:.*\n)*?)```$", re.MULTILINE)
NAMES = {"python": "Python", "r": "R", "console": "Shell"}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|`[^`]*`)*)\]\(([^()\s]+)\)")


def found() -> dict[str, str]:
    """Return the page of each file that exists, by its path in the repository."""
    pages = {"docs/site/index.md": "index"}
    pages |= {file: page for _, part in PARTS for file, page in part if file and (HOME / file).is_file()}
    for folder, page in FOLDERS.items():
        for path in sorted((HOME / folder).glob("*.md")):
            pages.setdefault(f"{folder}/{path.name}", f"{page}/{path.stem}")
    # A page that nobody has given a place is found by search, and by links.
    for path in sorted((HOME / "docs").glob("*.md")):
        pages.setdefault(f"docs/{path.name}", path.stem)
    return pages


def tabs(match: re.Match[str]) -> str:
    """Return blocks that follow each other at once as tabs, if no language occurs twice."""
    blocks = [(block[1], block[2]) for block in ONE.finditer(match[0])]
    languages = [language for language, _ in blocks]
    if len(set(languages)) < len(languages) or {"python", "r"} - set(languages):
        return match[0]
    lines = [":::::{tab-set}", ":sync-group: language", ""]
    for language, code in blocks:
        lines += [
            f"::::{{tab-item}} {NAMES[language]}",
            f":sync: {language}",
            "",
            f"```{language}",
            code.rstrip("\n"),
            "```",
            "",
            "::::",
        ]
    return "\n".join([*lines, ":::::", "", ""])


class Links:
    """Makes the links of a page those of the site, and collects the files it shows."""

    def __init__(self, file: str, pages: Mapping[str, str]) -> None:
        self.folder = (HOME / file).parent
        self.file = file
        self.pages = pages
        self.page = Path(pages[file])
        self.shown: dict[str, Path] = {}

    def __call__(self, match: re.Match[str]) -> str:
        image, text, address = match.groups()
        if re.match(r"[a-z]+:|#", address):
            return match[0]
        place, mark, anchor = address.partition("#")
        path = (self.folder / place).resolve()
        if not path.exists() or not path.is_relative_to(HOME):
            raise SystemExit(f"{self.file}: no file {address}")
        name = path.relative_to(HOME).as_posix()
        if path.suffix in (".svg", ".png", ".gif"):
            target = f"figures/{name.removeprefix('docs/').replace('/', '-')}"
            self.shown[target] = path
            # An image is found by its path; a link to it is a link to a file.
            where = relpath(target, self.page.parent)
            return f"{image}[{text}]({where})" if image else f"[{text}](#{path.stem})"
        page = self.pages.get(name) or GENERATED.get(name)
        if page is None:
            return text if "`" in text else f"`{text}`"
        return f"[{text}]({relpath(f'{page}.md', self.page.parent)}{mark}{anchor})"


def adapted(file: str, text: str, pages: Mapping[str, str]) -> tuple[str, dict[str, Path]]:
    """Return a page of the repository as Markdown of the site, and the files it shows by their places in the site."""
    links = Links(file, pages)
    changed: list[str] = []
    last = 0
    text = TABS.sub(tabs, text)
    for block in BLOCK.finditer(text):
        changed += [linked(text[last : block.start()], links), block[0]]
        last = block.end()
    changed.append(linked(text[last:], links))
    return "".join(changed), links.shown


def linked(text: str, links: Links) -> str:
    """Return prose with its links changed; those with code in their text as well."""
    return LINK.sub(links, text)


def trees(pages: Mapping[str, str]) -> Iterator[str]:
    """Give the tables of contents of the front page."""
    for caption, part in PARTS:
        own = [page for file, page in part if not file or file in pages]
        yield "\n".join(["```{toctree}", f":caption: {caption}", ":hidden:", "", *own, "```"])
