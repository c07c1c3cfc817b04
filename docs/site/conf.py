"""Configuration of Sphinx for the site; docs/site/__main__.py makes its pages."""

import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "service"))

from secantd.version import __version__  # noqa: E402

project = "Secant"
language = "en"
copyright = "The Secant authors. Apache License 2.0"
release = version = __version__
extensions = ["myst_parser", "sphinx_design"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 6
# `$HOME` and `$x` in prose are no formulas.
myst_dmath_allow_space = False
myst_dmath_allow_digits = False
# Outputs are shortened by `...`, which no lexer of JSON knows.
suppress_warnings = ["myst.header", "misc.highlighting_failure"]
smartquotes = False
exclude_patterns: list[str] = []
templates_path = [str(HERE / "templates")]

html_theme = "furo"
html_title = f"Secant {version}"
html_static_path = [str(HERE / "static")]
html_css_files = ["site.css"]
html_js_files = ["copy.js"]
html_copy_source = False
html_show_sourcelink = False
# Summaries need `fetch`, which browsers refuse to pages that are opened as files.
html_show_search_summary = False
html_search_language = "en"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5c8f", "color-brand-content": "#0b5c8f"},
    "dark_css_variables": {"color-brand-primary": "#7cc4ee", "color-brand-content": "#7cc4ee"},
}
pygments_style = "tango"
pygments_dark_style = "native"
highlight_language = "text"

# latex2mathml sets what a limit approaches beside it.
LIMIT = re.compile(r"<msub>(<mo>lim</mo><mrow>(?:(?!</?mrow>).)*</mrow>)</msub>")
HANGUL = re.compile(r"[가-힣]{3,}")


class SearchBoth(SearchEnglish):
    """English, and Korean words by each of their beginnings: particles follow a noun without a space."""

    def split(self, input: str) -> list[str]:
        """Return the words of a text, and the beginnings of Korean ones."""
        words = super().split(input)
        parts = [word[:end] for word in words if HANGUL.fullmatch(word) for end in range(2, len(word))]
        return words + parts


def formula(node: nodes.Node, display: str) -> str:
    """Return a formula as MathML, which browsers draw without scripts and fonts of the site."""
    text = convert(node.astext(), display=display)
    if display == "block":
        text = LIMIT.sub(r"<munder>\1</munder>", text)
    # A prime is an operator, or it would be as far from its letter as a letter.
    return text.replace("<mi>&#x02032;</mi>", "<mo>&#x02032;</mo>")


def visit_inline(self: Any, node: nodes.Node) -> None:
    self.body.append(formula(node, "inline"))
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.Node) -> None:
    self.body.append(f'<div class="formula">{formula(node, "block")}</div>')
    raise nodes.SkipNode


def name_language(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None) -> None:
    """Name the language of a Korean page, which hyphenation, fonts and readers of screens go by."""
    if "/ko/" in f"/{page}":
        context["language"] = "ko"


def setup(app: Sphinx) -> None:
    from sphinx.search import languages

    languages["en"] = SearchBoth
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("html-page-context", name_language)


html_math_renderer = "mathml"
