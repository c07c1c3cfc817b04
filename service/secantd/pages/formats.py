"""The formats of pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from secantd.pages.document import Page
from secantd.pages.inhtml import html_page
from secantd.pages.inlatex import latex_page
from secantd.pages.inmarkdown import markdown_page
from secantd.pages.intext import text_page

__all__ = ["FORMATS", "PageFormat", "WrittenPage"]


class PageFormat(Enum):
    """The format of a page; values are those of `secant.v1.ExplanationFormat`."""

    TEXT = 1
    LATEX = 2
    HTML = 3
    MARKDOWN = 4


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page in one format."""

    format: PageFormat
    text: str


FORMATS: Final[Mapping[PageFormat, Callable[[Page], str]]] = {
    PageFormat.TEXT: text_page,
    PageFormat.LATEX: latex_page,
    PageFormat.HTML: html_page,
    PageFormat.MARKDOWN: markdown_page,
}
