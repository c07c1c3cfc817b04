"""Markdown from text of this project: comments of the contract, docstrings, R's help."""

import re

__all__ = ["SLUG", "blocks", "escaped", "fenced", "slug"]

# What Markdown or its extensions for formulas would read as markup.
MARKUP = re.compile(r"([\\*_<>\[\]{}$|#~])")
SLUG = re.compile(r"[^\w一-鿿\- ]")
CODE = re.compile(r"(`+[^`]+`+)")


def escaped(text: str) -> str:
    """Return prose as Markdown that shows it as it is; parts in backticks stay code.

    >>> print(escaped("a*b and `c*d`"))
    a\\*b and `c*d`
    """
    parts = CODE.split(text)
    return "".join(part if i % 2 else MARKUP.sub(r"\\\1", part) for i, part in enumerate(parts))


def fenced(text: str, language: str = "") -> str:
    """Return a block of code, within more backticks than it contains in a row."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def slug(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and the site make it.

    >>> slug("How R constructs are interpreted")
    'how-r-constructs-are-interpreted'
    """
    return SLUG.sub("", heading.strip().lower()).replace(" ", "-")


def blocks(text: str) -> str:
    """Return paragraphs as Markdown: lines that begin with spaces are code, and so are those of Python's prompt."""
    found: list[str] = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        lines = part.splitlines()
        if part.startswith(">>>"):
            if found and found[-1].startswith("```python"):
                found[-1] = found[-1].removesuffix("\n```") + f"\n\n{part}\n```"
            else:
                found.append(fenced(part, "python"))
            continue
        prose: list[str] = []
        code: list[str] = []
        for line in lines:
            if line.startswith("  ") and not listed(prose):
                if prose:
                    found.append(escaped("\n".join(prose)))
                    prose = []
                code.append(line)
            else:
                if code:
                    found.append(fenced(dedented(code)))
                    code = []
                prose.append(line)
        if prose:
            found.append(escaped("\n".join(prose)))
        if code:
            found.append(fenced(dedented(code)))
    return "\n\n".join(found)


def listed(lines: list[str]) -> bool:
    """Whether the last lines are an item of a list, which lines with spaces continue."""
    return any(re.match(r"[-*] |\d+\. ", line) for line in lines)


def dedented(lines: list[str]) -> str:
    """Return lines without the spaces that all of them begin with."""
    width = min(len(line) - len(line.lstrip()) for line in lines)
    return "\n".join(line[width:] for line in lines)
