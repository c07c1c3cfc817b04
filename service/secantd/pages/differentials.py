"""The sections of derivations whose steps the calculus has made: differentials of arrays, and limits of quotients."""

from collections.abc import Mapping, Sequence
from typing import Final

from secantd.calculus.derivation import Derivation
from secantd.calculus.results import Formula
from secantd.language import Notation
from secantd.pages.document import Block, Line
from secantd.pages.sentences import Words
from secantd.pages.written import ELLIPSIS, LONGEST, Pen, Written

__all__ = ["MOST_STEPS", "blocks_by_definition", "differential_blocks", "ended", "written_formula"]

# Of a longer derivation, the page shows the last steps: those of the whole, and of its largest parts.
MOST_STEPS: Final = 60

# The formulas of rules in LaTeX, by their text.
FORMULAS: Final[Mapping[str, str]] = {
    "d(A B) = dA B + A dB": r"d(A B) = dA \, B + A \, dB",
    "d(A B) = dA B": r"d(A B) = dA \, B",
    "d(A B) = A dB": r"d(A B) = A \, dB",
    "d(A') = (dA)'": r"d(A^{\top}) = (dA)^{\top}",
    "d(A^-1) = -A^-1 dA A^-1": r"d(A^{-1}) = -A^{-1} \, dA \, A^{-1}",
    "d(A^-1 b) = A^-1 (db - dA A^-1 b)": r"d(A^{-1} b) = A^{-1} (db - dA \, A^{-1} b)",
    "d(A^-1 b) = A^-1 db": r"d(A^{-1} b) = A^{-1} \, db",
    "d det(A) = det(A) tr(A^-1 dA)": r"d \det(A) = \det(A) \operatorname{tr}(A^{-1} \, dA)",
    "d log|det(A)| = tr(A^-1 dA)": r"d \ln\left|\det(A)\right| = \operatorname{tr}(A^{-1} \, dA)",
    "d tr(A) = tr(dA)": r"d \operatorname{tr}(A) = \operatorname{tr}(dA)",
    "d(u v') = du v' + u dv'": r"d(u v^{\top}) = du \, v^{\top} + u \, dv^{\top}",
    "d(u v') = du v'": r"d(u v^{\top}) = du \, v^{\top}",
    "d(u v') = u dv'": r"d(u v^{\top}) = u \, dv^{\top}",
    "d(u' v) = du' v + u' dv": r"d(u^{\top} v) = du^{\top} v + u^{\top} \, dv",
    "d(u' A u) = u' (A + A') du": r"d(u^{\top} A u) = u^{\top} (A + A^{\top}) \, du",
    "d(u' A^-1 u) = u' (A^-1 + A'^-1) du": r"d(u^{\top} A^{-1} u) = u^{\top} (A^{-1} + A^{-\top}) \, du",
    "d sum(u^2) = 2 sum(u du)": r"d \sum u^{2} = 2 \sum u \, du",
    "d log(sum(exp(u))) = sum(softmax(u) du)": r"d \ln \sum e^{u} = \sum \operatorname{softmax}(u) \, du",
    "d mean(u) = mean(du)": r"d \bar{u} = \overline{du}",
    "d sum(u) = sum(du)": r"d \sum u = \sum du",
    "d(A 1) = dA 1": r"d(A \mathbf{1}) = dA \, \mathbf{1}",
    "d(A' 1) = (dA)' 1": r"d(A^{\top} \mathbf{1}) = (dA)^{\top} \mathbf{1}",
    "d diag(v) = diag(dv)": r"d \operatorname{diag}(v) = \operatorname{diag}(dv)",
    "d(-u) = -du": "d(-u) = -du",
    "d(c u) = c du": r"d(c \, u) = c \, du",
    "d(u/v) = du/v - u dv/v^2": r"d\left(\frac{u}{v}\right) = \frac{du}{v} - \frac{u \, dv}{v^{2}}",
    "d(u^n) = n u^(n-1) du": r"d(u^{n}) = n \, u^{n - 1} \, du",
    "d f(u) = f'(u) du": r"d f(u) = f'(u) \, du",
    "d f(u) = f'(u) du, entry by entry": r"d f(u) = f'(u) \odot du",
    "d(u v) = du v + u dv, entry by entry": r"d(u \odot v) = du \odot v + u \odot dv",
    "the change of a sum is the sum of the changes": "d(u + v) = du + dv",
}  # fmt: skip


def written_formula(formula: Formula) -> Written:
    """Return a formula that was printed in a notation for a terminal and in LaTeX."""
    texts = dict(formula.renderings)
    latex = texts.pop(Notation.LATEX)
    # The loops of a recursion stand before its last line.
    text = next(iter(texts.values()), formula.text).rpartition("\n")[2]
    return ELLIPSIS if len(latex) > 2 * LONGEST else Written(text, latex, 0, 0)


def ended(steps: Sequence[Derivation]) -> list[list[Derivation]]:
    """Return the steps of each differentiation: each ends with the step of the whole."""
    found: list[list[Derivation]] = [[]]
    for step in steps:
        found[-1].append(step)
        if step.depth == 0:
            found.append([])
    return [part for part in found if part]


def differential_blocks(
    steps: Sequence[Derivation], variable: Written, slope: Written, words: Words, first: int
) -> list[Block]:
    """Return the blocks of one differentiation by differentials: the whole, its parts, and how the derivative is read off.

    Args:
        steps: The steps, inner expressions first.
        variable: The variable.
        slope: The name of the derivative: df/dx.
        words: The language.
        first: The number of the first block.
    """
    *inner, last = steps
    read_off = last.rule in ("gradient", "Jacobian", "differential", "constant", "variable")
    if not read_off:
        inner = list(steps)
    blocks: list[Block] = []
    for step in reversed(inner[-MOST_STEPS:]):
        whole, result = written_formula(step.expression), written_formula(step.result)
        left = Written(f"d({whole.text})", rf"d\left({whole.latex}\right)")
        parts = []
        for part in step.parts:
            found = written_formula(part.formula)
            name = Written(part.name, part.name)
            # b = b explains nothing.
            if name.latex != found.latex and found.latex != rf"\mathrm{{{part.name}}}":
                parts.append(Written(f"{name.text} = {found.text}", f"{name.latex} = {found.latex}", 0, 0))
        sentence = step.text.rpartition(" (")[2]
        rule = next((rule_written(k, v) for k, v in FORMULAS.items() if step.text.endswith(f"({k})")), None)
        reason = "" if rule or words.language != "en" else sentence.removesuffix(")")
        line = Line(result, reason, left)
        blocks.append(Block(first + len(blocks), words.rule(step.rule), rule, tuple(parts), (line,)))
    if read_off:
        result = written_formula(last.result)
        line = Line(result, words.sentence("read off", x=variable.text), slope)
        blocks.append(Block(first + len(blocks), words.rule(last.rule), None, (), (line,)))
    return blocks


def rule_written(text: str, latex: str) -> Written:
    """Return the formula of a rule, which is the same in every language."""
    plain = text.partition(", entry by entry")[0] if text.startswith("d") else latex
    return Written(plain, latex, 0, 0)


def blocks_by_definition(
    steps: Sequence[Derivation], variable: Written, pen: Pen, words: Words, number: int
) -> list[Block]:
    """Return the block of the four steps from f(x + h) to the limit of the difference quotient."""
    x, h = variable, "k" if variable.text == "h" else "h"
    moved = Written(f"f({x.text} + {h})", f"f({x.latex} + {h})")
    here = Written(f"f({x.text})", f"f({x.latex})")
    difference = pen.sum([(False, moved), (True, here)])
    quotient = pen.fraction(difference, Written(h, h))
    limit = Written(f"lim {h} -> 0 of {quotient.text}", rf"\lim_{{{h} \to 0}} {quotient.latex}")
    lines = []
    for step, left, key in zip(
        steps, (moved, difference, quotient, limit), ("replace", "subtract", "divide", "limit"), strict=True
    ):
        lines.append(Line(written_formula(step.result), words.sentence(key, x=x.text, h=h), left))
    rule = Written(
        f"f'({x.text}) = lim {h} -> 0 of ({difference.text})/{h}",
        rf"f'({x.latex}) = \lim_{{{h} \to 0}} {quotient.latex}",
    )
    return [Block(number, words.rule("definition"), rule, (), tuple(lines))]
