"""Pages as a fragment of HTML that is also well-formed XML: formulas in MathML, no script, no style sheet, no network."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from secantd.pages.document import Block, Line, Page, blocks_of
from secantd.pages.intext import capital
from secantd.render.mathml import mathml
from secantd.shown import printable

__all__ = ["html_page"]

# Of a page with more steps, only the outermost ones are unfolded.
FEW = 12
WIDE = "overflow-x:auto;overflow-y:hidden"
GRID = f"display:grid;grid-template-columns:auto auto 1fr;gap:0.5em;align-items:center;justify-items:start;{WIDE}"
REASON = "padding-left:1.2em;min-width:7em;opacity:0.75"
INSET = "margin:0.4em 0 0.4em 0.6em;padding-left:0.9em;border-left:2px solid rgba(128,128,128,0.45)"


def words(text: str) -> str:
    return escape(printable(text), {'"': "&quot;"})


def html_page(page: Page) -> str:
    """Return the page as one `div`."""
    total = sum(1 for s in page.sections for _ in blocks_of(s.blocks))
    parts = [
        f'<div class="secant-page" lang="{page.language}" dir="ltr">',
        f"<h3>{words(capital(page.title, page))}</h3>",
    ]
    for section in page.sections:
        if section.title != page.title:
            parts.append(f"<h4>{words(capital(section.title, page))}</h4>")
        parts.append(display(section.given.latex))
        nested = list(blocks_of(section.blocks))
        if len(nested) > 1:
            items = "".join(
                f'<li style="margin-left:{1.2 * min(depth, 12):g}em">{b.number}. {words(capital(b.title, page))}</li>'
                for depth, b in nested
            )
            parts.append(
                f"<details{'' if len(nested) > FEW else OPEN}><summary>{words(page.plan)}</summary>"
                f'<ul style="list-style:none;padding-left:0.6em">{items}</ul></details>'
            )
        parts += [of_block(block, 0, page, total) for block in section.blocks]
        if page.result is not None:
            parts.append(display(section.result.latex))
    parts += [f"<p><em>{words(remark)}</em></p>" for remark in page.remarks]
    final = page.result or page.sections[-1].result
    parts += [f"<p><b>{words(page.answer)}</b></p>", display(final.latex), "</div>"]
    return "\n".join(parts)


OPEN = ' open="open"'


def display(latex: str) -> str:
    return f'<div style="{WIDE}">{mathml(latex, display=True)}</div>'


def of_block(block: Block, depth: int, page: Page, total: int) -> str:
    opened = depth == 0 or total <= FEW
    rule = f" {mathml(block.rule.latex)}" if block.rule is not None else ""
    parts = [
        f'<details{OPEN if opened else ""} style="{INSET}">',
        f"<summary><b>{block.number}. {words(capital(block.title, page))}</b>{rule}</summary>",
    ]
    if block.parts:
        formulas = ", ".join(mathml(p.latex) for p in block.parts)
        parts.append(f"<p>{words(page.parts)} {formulas}</p>")
    parts.append(calculation(block.before))
    parts += [of_block(inner, depth + 1, page, total) for inner in block.inner]
    parts += [calculation(block.after), "</details>"]
    return "\n".join(filter(None, parts))


def calculation(lines: Sequence[Line]) -> str:
    """Return lines of a calculation, aligned at their signs of equality, with reasons beside them."""
    if not lines:
        return ""
    cells = []
    for line in lines:
        left = shown(line.left.latex) if line.left is not None else ""
        cells += [
            f'<div style="justify-self:end">{left}</div>',
            f"<div>{shown(f'= {line.right.latex}')}</div>",
            f'<div style="{REASON}">{words(line.reason)}</div>',
        ]
    return f'<div style="{GRID}">{"".join(cells)}</div>'


def shown(latex: str) -> str:
    """Return a formula in a line, as large as one of its own."""
    return mathml(latex).replace("<math ", '<math displaystyle="true" ', 1)
