"""Pages as plain text for a terminal."""

from collections.abc import Sequence

from secantd.pages.document import Block, Line, Page, blocks_of
from secantd.shown import printable

__all__ = ["capital", "text_page"]

# Reasons stand in a column, unless a formula is longer than this.
WIDEST = 56
# Deeper blocks are not indented further.
DEEPEST = 8


def capital(text: str, page: Page) -> str:
    """Return a text with a capital first letter; in Korean it may begin with a variable."""
    return text[:1].upper() + text[1:] if page.language == "en" else text


def text_page(page: Page) -> str:
    """Return the page as text, with the formulas in R or Python notation."""
    lines = [capital(page.title, page)]
    total = sum(1 for s in page.sections for _ in blocks_of(s.blocks))
    for section in page.sections:
        if section.title != page.title:
            lines += ["", capital(section.title, page)]
        lines += ["", f"  {section.given.text}"]
        nested = list(blocks_of(section.blocks))
        if len(nested) > 1 and total > 1:
            lines += ["", f"{page.plan}"]
            lines += [f"  {'   ' * min(depth, DEEPEST)}{b.number}. {capital(b.title, page)}" for depth, b in nested]
        for block in section.blocks:
            lines += ["", *of_block(block, 0, page)]
        if page.result is not None:
            lines += ["", f"  {section.result.text}"]
    lines += ["", page.answer, f"  {(page.result or page.sections[-1].result).text}"]
    if page.remarks:
        lines[-2:-2] = [*page.remarks, ""]
    return "\n".join(printable(line) for line in lines)


def of_block(block: Block, depth: int, page: Page) -> list[str]:
    inset = "   " * min(depth, DEEPEST)
    rule = f":  {block.rule.text}" if block.rule is not None else ""
    lines = [f"{inset}{block.number}. {capital(block.title, page)}{rule}"]
    if block.parts:
        lines.append(f"{inset}   {page.parts} {', '.join(p.text for p in block.parts)}")
    lines += calculation(block.before, inset + "   ")
    for inner in block.inner:
        lines += ["", *of_block(inner, depth + 1, page)]
    if block.inner:
        lines.append("")
    return lines + calculation(block.after, inset + "   ")


def calculation(lines: Sequence[Line], inset: str) -> list[str]:
    """Return lines of a calculation, with their reasons in a column."""
    width = max((len(x.right.text) for x in lines if len(x.right.text) <= WIDEST), default=0)
    found = []
    for line in lines:
        if line.left is not None:
            found.append(f"{inset}{line.left.text}")
        reason = f"   ({line.reason})" if line.reason else ""
        right = line.right.text.ljust(width) if reason else line.right.text
        found.append(f"{inset}  = {right}{reason}")
    return found
