"""The content of a page: sections of blocks of lines, the same for every format."""

from collections.abc import Iterator
from dataclasses import dataclass

from secantd.pages.written import Written

__all__ = ["Block", "Line", "Page", "Section", "blocks_of"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a calculation: left = right, with the reason; without `left` it continues the line above."""

    right: Written
    reason: str = ""
    left: Written | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The derivation of one expression.

    Attributes:
        number: The number of the step.
        title: The name of the rule.
        rule: The rule as a formula; None: the title suffices.
        parts: The parts of the rule: u = ..., v = ...
        before: The lines that apply the rule.
        inner: The derivations of the parts.
        after: The lines that put the parts together.
    """

    number: int
    title: str
    rule: Written | None
    parts: tuple[Written, ...]
    before: tuple[Line, ...]
    inner: tuple["Block", ...] = ()
    after: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One differentiation: its problem in words, the function, the blocks, and the result."""

    title: str
    given: Written
    blocks: tuple[Block, ...]
    result: Written


@dataclass(frozen=True, slots=True)
class Page:
    """A derivation.

    Attributes:
        language: The language of its sentences, "en".
        title: The title.
        sections: The differentiations, one after the other.
        result: The result of all of them, a gradient; None: that of the last section.
        remarks: What is missing on the page.
        plan: The heading of the list of steps.
        answer: The heading of results.
        parts: The word before the parts of a rule.
    """

    language: str
    title: str
    sections: tuple[Section, ...]
    result: Written | None
    remarks: tuple[str, ...]
    plan: str
    answer: str
    parts: str


def blocks_of(blocks: tuple[Block, ...], depth: int = 0) -> Iterator[tuple[int, Block]]:
    """Return blocks and the blocks within them with their depths, in reading order."""
    for block in blocks:
        yield depth, block
        yield from blocks_of(block.inner, depth + 1)
