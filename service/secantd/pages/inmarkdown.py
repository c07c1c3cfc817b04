"""Pages in Markdown, with formulas in LaTeX between dollar signs."""

from collections.abc import Sequence

from secantd.pages.document import Block, Line, Page, blocks_of
from secantd.pages.inlatex import prose
from secantd.pages.intext import capital
from secantd.shown import printable

__all__ = ["markdown_page"]

SPECIAL = frozenset("\\`*_{}[]<>#|$~&")


def words(text: str) -> str:
    """Return words for Markdown, with the characters that have a meaning escaped.

    >>> words("x_1 <b>")
    'x\\\\_1 &lt;b&gt;'
    """
    found = "".join([f"\\{c}" if c in SPECIAL and c not in "<>&" else c for c in printable(text)])
    return found.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown_page(page: Page) -> str:
    """Return the page in Markdown."""
    lines = [f"### {words(capital(page.title, page))}", ""]
    for section in page.sections:
        if section.title != page.title:
            lines += [f"#### {words(capital(section.title, page))}", ""]
        lines += display(section.given.latex)
        nested = list(blocks_of(section.blocks))
        if len(nested) > 1:
            lines += [f"**{words(page.plan)}**", ""]
            lines += [f"{'   ' * depth}- {b.number} {words(capital(b.title, page))}" for depth, b in nested]
            lines.append("")
        for block in section.blocks:
            lines += of_block(block, page)
        if page.result is not None:
            lines += display(section.result.latex)
    for remark in page.remarks:
        lines += [words(remark), ""]
    lines += [f"**{words(page.answer)}**", "", *display((page.result or page.sections[-1].result).latex)]
    return "\n".join(lines).rstrip() + "\n"


def display(latex: str) -> list[str]:
    return ["$$", latex, "$$", ""]


def of_block(block: Block, page: Page) -> list[str]:
    rule = f" ${block.rule.latex}$" if block.rule is not None else ""
    lines = [f"**{block.number}. {words(capital(block.title, page))}**{rule}"]
    if block.parts:
        lines[-1] += f", {words(page.parts)} " + ", ".join(f"${p.latex}$" for p in block.parts)
    lines += ["", *calculation(block.before)]
    for inner in block.inner:
        lines += of_block(inner, page)
    return lines + calculation(block.after)


def calculation(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    rows = []
    for line in lines:
        left = f"{line.left.latex} " if line.left is not None else ""
        reason = rf" && \text{{{prose(line.reason)}}}" if line.reason else ""
        rows.append(f"{left}&= {line.right.latex}{reason}")
    return display("\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}")
