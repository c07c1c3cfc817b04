"""R's help as Markdown, from the files of clients/r/man, without R.

The macros are those of "Writing R Extensions", section 2. A macro that is not listed here is an error with its name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docs.site.text import escaped, fenced

__all__ = ["Topic", "pages", "topic"]

Node = "str | Macro"
# How many arguments in braces a macro takes; `item` takes two where they follow it at once.
ARITY = {
    **dict.fromkeys(["tab", "cr", "dots", "ldots", "R"], 0),
    **dict.fromkeys(["tabular", "section", "method", "S3method", "href", "ifelse", "if", "subsection"], 2),
    **dict.fromkeys(
        "alias author code command concept cite description describe deqn details docType donttest dontrun dontshow dQuote "
        "email emph enumerate env eqn examples file figure format itemize keyword kbd link name note option out pkg preformatted "
        "references S4method samp seealso source sQuote strong bold testonly title url usage value var verb arguments title".split(),
        1,
    ),
}
CODE = {"code", "verb", "kbd", "command", "samp", "option", "env", "file", "pkg", "var"}
VERBATIM = {"usage", "examples", "preformatted", "eqn", "deqn", "verb", "code"}
# Order of the sections of a page, and their headings.
SECTIONS = {"usage": "", "arguments": "Arguments", "details": "Details", "value": "Value"}


@dataclass
class Macro:
    """`\\name[option]{argument}{argument}`."""

    name: str
    option: str
    arguments: list[list["str | Macro"]]


class Reader:
    """Reads one file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def nodes(self, literal: bool = False) -> list["str | Macro"]:
        """Return what comes before the closing brace that belongs to the text read last, or before the end."""
        found: list[str | Macro] = []
        depth = 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "}" and depth == 0:
                break
            if char == "%":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end + (not literal)
                continue
            if char == "\\":
                found.append(self.escape(literal))
                continue
            depth += (char == "{") - (char == "}")
            found.append(char)
            self.at += 1
        return joined(found)

    def escape(self, literal: bool) -> "str | Macro":
        """Return an escaped character or a macro."""
        match = re.compile(r"\\([A-Za-z]+)").match(self.text, self.at)
        name = match[1] if match else ""
        if not match or (literal and name not in ARITY):
            # In R code `\n` is itself.
            following = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            return following if following in "\\%{}" else f"\\{following}"
        self.at = match.end()
        if name not in ARITY and name != "item":
            raise ValueError(f"unknown macro \\{name}")
        option = ""
        if self.text[self.at : self.at + 1] == "[":
            end = self.text.index("]", self.at)
            option, self.at = self.text[self.at + 1 : end], end + 1
        count = ARITY.get(name, 2)
        arguments = []
        while self.text[self.at : self.at + 1] == "{" and (len(arguments) < count or name in ("eqn", "deqn", "figure")):
            self.at += 1
            arguments.append(self.nodes(literal=literal or name in VERBATIM))
            self.at += 1
        return Macro(name, option, arguments)


def joined(found: list["str | Macro"]) -> list["str | Macro"]:
    """Return nodes with neighbouring characters as one text."""
    nodes: list[str | Macro] = []
    for node in found:
        if nodes and isinstance(node, str) and isinstance(nodes[-1], str):
            nodes[-1] += node
        else:
            nodes.append(node)
    return nodes


def plain(nodes: list["str | Macro"]) -> str:
    """Return nodes as text without markup, as in code."""
    return "".join(map(plain_node, nodes))


def plain_node(node: "str | Macro") -> str:
    if isinstance(node, str):
        return node
    match node.name:
        case "dots" | "ldots":
            return "..."
        case "R":
            return "R"
        case "dontshow" | "testonly":
            return ""
        case "method" | "S3method":
            return f"## Method of {plain(node.arguments[0])} for class {plain(node.arguments[1])}\n{plain(node.arguments[0])}"
        case "href":
            return plain(node.arguments[1])
    return "".join(plain(a) for a in node.arguments[:1])


@dataclass
class Topic:
    """One page of R's help."""

    name: str
    title: str
    aliases: list[str]
    nodes: dict[str, list["str | Macro"]]
    sections: list[tuple[str, list["str | Macro"]]] = field(default_factory=list)
    internal: bool = False

    def page(self, homes: Mapping[str, str]) -> str:
        """Return the page as Markdown; `homes` has the page of each alias."""
        writer = Writer(homes)
        parts = [f"# {escaped(self.title)}", writer.text(self.nodes.get("description", []))]
        if "usage" in self.nodes:
            parts.append(fenced(plain(self.nodes["usage"]), "r"))
        for name, heading in SECTIONS.items():
            if heading and name in self.nodes:
                parts += [f"## {heading}", writer.text(self.nodes[name])]
        for heading, nodes in self.sections:
            parts += [f"## {escaped(heading)}", writer.text(nodes)]
        if "seealso" in self.nodes:
            parts += ["## See also", writer.text(self.nodes["seealso"])]
        if "examples" in self.nodes:
            parts += ["## Examples", fenced(plain(self.nodes["examples"]), "r")]
        return re.sub(r"\n{3,}", "\n\n", "\n\n".join(part.strip() for part in parts if part.strip())) + "\n"


class Writer:
    """Writes nodes as Markdown."""

    def __init__(self, homes: Mapping[str, str]) -> None:
        self.homes = homes

    def text(self, nodes: list["str | Macro"]) -> str:
        """Return nodes as paragraphs."""
        return "".join(self.node(node) for node in nodes)

    def link(self, node: Macro, code: bool) -> str:
        """Return a link to a topic of this package; other packages have no pages here."""
        shown = plain(node.arguments[0])
        target = node.option.removeprefix("=") or shown.removesuffix("()")
        words = f"`{shown}`" if code else escaped(shown)
        if ":" in node.option or target not in self.homes:
            return f"`{shown}`"
        return f"[{words}]({self.homes[target]}.md)"

    def items(self, nodes: list["str | Macro"], mark: str) -> str:
        """Return the items of a list, each of which follows its `\\item`."""
        items: list[list[str | Macro]] = []
        for node in nodes:
            if isinstance(node, Macro) and node.name == "item":
                items.append([])
            elif items:
                items[-1].append(node)
        return "\n\n" + "\n".join(f"{mark} " + self.text(i).strip().replace("\n", "\n  ") for i in items) + "\n\n"

    def table(self, columns: str, nodes: list["str | Macro"]) -> str:
        """Return a table; its first row is the head."""
        rows: list[list[list[str | Macro]]] = [[[]]]
        for node in nodes:
            if isinstance(node, Macro) and node.name == "tab":
                rows[-1].append([])
            elif isinstance(node, Macro) and node.name == "cr":
                rows.append([[]])
            else:
                rows[-1][-1].append(node)
        lines = [
            "| " + " | ".join(" ".join(self.text(c).split()) for c in row) + " |"
            for row in rows
            if plain(row[0]).strip()
        ]
        return "\n\n" + "\n".join([lines[0], "|" + "---|" * len(columns.strip()), *lines[1:]]) + "\n\n"

    def node(self, node: "str | Macro") -> str:
        if isinstance(node, str):
            return escaped(node)
        first = node.arguments[0] if node.arguments else []
        match node.name:
            case "link":
                return self.link(node, code=False)
            case "code" if any(isinstance(n, Macro) and n.name == "link" for n in first):
                return "".join(self.link(n, code=True) if isinstance(n, Macro) else f"`{n}`" for n in first if n != "")
            case name if name in CODE:
                return f"`{plain(first)}`"
            case "item":
                head, body = node.arguments
                return f"\n\n`{plain(head)}`\n: " + self.text(body).strip().replace("\n", "\n  ") + "\n\n"
            case "itemize":
                return self.items(first, "-")
            case "enumerate":
                return self.items(first, "1.")
            case "tabular":
                return self.table(plain(first), node.arguments[1])
            case "eqn" | "deqn":
                mark = "$" if node.name == "eqn" else "$$"
                return f"{mark}{plain(first)}{mark}"
            case "emph" | "strong" | "bold":
                mark = "*" if node.name == "emph" else "**"
                return f"{mark}{self.text(first)}{mark}"
            case "href":
                return f"[{self.text(node.arguments[1])}]({plain(first)})"
            case "url":
                return f"<{plain(first)}>"
            case "preformatted":
                return f"\n\n{fenced(plain(first))}\n\n"
            case "dQuote" | "sQuote":
                return f"“{self.text(first)}”"
            case "subsection":
                return f"\n\n### {self.text(first)}\n\n{self.text(node.arguments[1])}\n\n"
            case "figure" | "if" | "ifelse" | "out" | "email" | "cite":
                return escaped(plain_node(node)) if node.name == "email" else ""
        return self.text(first) if node.arguments else plain_node(node)


def topic(text: str) -> Topic:
    """Return the topic of a file."""
    macros = [node for node in Reader(text).nodes() if isinstance(node, Macro)]
    nodes = {node.name: node.arguments[0] for node in macros if node.name not in ("alias", "section")}
    return Topic(
        name=plain(nodes["name"]),
        title=" ".join(plain(nodes["title"]).split()),
        aliases=[plain(node.arguments[0]) for node in macros if node.name == "alias"],
        nodes=nodes,
        sections=[(plain(node.arguments[0]), node.arguments[1]) for node in macros if node.name == "section"],
        internal=any(node.name == "keyword" and plain(node.arguments[0]) == "internal" for node in macros),
    )


def topics(folder: Path) -> Iterator[tuple[str, Topic]]:
    """Give the topics of a package by the names of their pages."""
    for file in sorted(folder.glob("*.Rd"), key=lambda file: file.stem.lower()):
        try:
            yield file.stem, topic(file.read_text("utf-8"))
        except ValueError as error:
            raise SystemExit(f"{file.name}: {error}") from None


def pages(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the pages of R's help by name with an `index`, and the page of each alias."""
    found = dict(topics(folder))
    homes = {alias: page for page, one in found.items() for alias in one.aliases}
    written = {page: one.page(homes) for page, one in found.items()}
    package = found["secant-package"]
    lines = [f"- [`{page}`]({page}.md): {escaped(one.title)}" for page, one in found.items() if one is not package]
    tree = "\n".join(
        ["```{toctree}", ":hidden:", "", *(f"{page} <{page}>" for page in found if page != "secant-package"), "```"]
    )
    written["index"] = "\n\n".join(
        ["# The R package", Writer(homes).text(package.nodes["description"]).strip(), "\n".join(lines), tree]
    )
    del written["secant-package"]
    homes = {alias: "index" if page == "secant-package" else page for alias, page in homes.items()}
    return {page: text if text.endswith("\n") else text + "\n" for page, text in written.items()}, homes
