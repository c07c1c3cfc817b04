r"""Pages in LaTeX: paragraphs and align* environments for a document that loads amsmath."""

from collections.abc import Sequence

from secantd.pages.document import Block, Line, Page, blocks_of
from secantd.pages.intext import capital
from secantd.shown import printable

__all__ = ["latex_page", "prose"]

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "“": "``", "”": "''", "…": r"\ldots{}", "→": r"$\to$",
}  # fmt: skip


def prose(text: str) -> str:
    r"""Return words for LaTeX, with the characters that are commands escaped.

    >>> prose("50% of x_1")
    '50\\% of x\\_1'
    """
    return "".join([SPECIAL.get(c, c) for c in printable(text)])


def latex_page(page: Page) -> str:
    """Return the page as a part of a LaTeX document."""
    packages = "amsmath" if page.language == "en" else "amsmath and kotex"
    lines = [f"% needs {packages}", rf"\paragraph{{{prose(capital(page.title, page))}}}"]
    for section in page.sections:
        if section.title != page.title:
            lines.append(rf"\paragraph{{{prose(capital(section.title, page))}}}")
        lines += [r"\begin{equation*}", section.given.latex, r"\end{equation*}"]
        nested = list(blocks_of(section.blocks))
        if len(nested) > 1:
            listed = "; ".join(f"({b.number}) {prose(b.title)}" for _, b in nested)
            lines += [rf"\emph{{{prose(page.plan)}:}} {listed}.", ""]
        for block in section.blocks:
            lines += of_block(block, page)
        if page.result is not None:
            lines += [r"\begin{equation*}", section.result.latex, r"\end{equation*}"]
    lines += [prose(remark) + "\n" for remark in page.remarks]
    final = page.result or page.sections[-1].result
    lines += [rf"\paragraph{{{prose(page.answer)}}}", r"\begin{equation*}", final.latex, r"\end{equation*}"]
    return "\n".join(lines)


def of_block(block: Block, page: Page) -> list[str]:
    rule = f" \\quad ${block.rule.latex}$" if block.rule is not None else ""
    lines = [rf"\noindent\textbf{{{block.number}.}} {prose(capital(block.title, page))}{rule}"]
    if block.parts:
        lines[-1] += f", {prose(page.parts)} " + ", ".join(f"${p.latex}$" for p in block.parts)
    lines += calculation(block.before)
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
    return [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]
