"""Derivations as pages of a textbook: for terminals, in LaTeX, HTML and Markdown, in several languages."""

from secantd.pages.build import explained
from secantd.pages.formats import PageFormat
from secantd.pages.sentences import LANGUAGES, language_of

__all__ = ["LANGUAGES", "PageFormat", "explained", "language_of"]
