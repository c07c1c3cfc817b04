"""Fonts for characters that the font of figures, DejaVu Sans, does not have: Korean, Chinese, Hebrew, pictographs.

An SVG has these texts as text, which the reader's program draws with its own fonts, so that its bytes do not depend on the fonts of
the server. The pictures of PNG and GIF are drawn with a font of the server. If it has none, the characters become question marks, and a
notice has the name of a package.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from secantd.shown import series

__all__ = ["Fonts", "all_texts", "foreign"]

# The packages of Debian and Ubuntu with fonts, by the beginning of the Unicode name of a character; others are in the last one.
PACKAGES = (
    (("HANGUL", "CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"), "fonts-noto-cjk"),
    (("EMOJI", "SMILING", "GRINNING", "FACE", "PILE"), "fonts-noto-color-emoji"),
)
OTHERS = "fonts-noto-core"
# A mark after names that are written from the right to the left.
LEFT_TO_RIGHT = "\u200e"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+")
# Fonts that are taken before others, by the beginning of their names.
PREFERRED = (
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "NanumGothic",
    "NanumBarunGothic",
    "Noto Sans CJK",
    "Noto Sans",
    "Unifont",
)


@functools.cache
def known() -> frozenset[int]:
    """Return the characters of the font of figures."""
    from matplotlib import font_manager

    return frozenset(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())


def foreign(text: str) -> str:
    """Return the characters of a text that the font of figures does not have.

    >>> foreign("f(x) = ∂α"), foreign("속도^2")
    ('', '속도')
    """
    return "" if text.isascii() else "".join(dict.fromkeys([c for c in text if ord(c) not in known() and c != "\n"]))


@functools.cache
def font_with(characters: str) -> str:
    """Return the name of a font of this machine that has all characters, "" if there is none."""
    from matplotlib import font_manager

    def rank(entry: Any) -> tuple[int, bool, str]:
        places = [i for i, name in enumerate(PREFERRED) if entry.name.startswith(name)]
        return (
            places[0] if places else len(PREFERRED),
            entry.weight not in (400, "normal", "regular", "book"),
            entry.name,
        )

    entries = {e.fname: e for e in font_manager.fontManager.ttflist}
    for file in font_manager.findSystemFonts():
        if file not in entries:
            try:
                font_manager.fontManager.addfont(file)
            except Exception:
                continue
    for entry in sorted(font_manager.fontManager.ttflist, key=rank):
        try:
            # Fonts of coloured bitmaps have no outlines.
            if "Color Emoji" not in entry.name and all(
                ord(c) in font_manager.get_font(entry.fname).get_charmap() for c in characters
            ):
                return str(entry.name)
        except (OSError, RuntimeError):
            continue
    return ""


class Fonts:
    """Sets the texts of one figure.

    Args:
        outlines: Whether letters are drawn by the server: for PNG and GIF.

    Attributes:
        missing: Characters for which no font was found.
    """

    def __init__(self, outlines: bool) -> None:
        self.outlines = outlines
        self.missing = ""

    def set(self, artist: Any) -> None:
        """Let a text of matplotlib be drawn with a font that has its characters."""
        text = artist.get_text()
        if not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL") for c in text):
            # Otherwise 3x - 1 would be read from the right to the left where x is a Hebrew letter.
            artist.set_text(RIGHT_TO_LEFT.sub(lambda m: m[0] + LEFT_TO_RIGHT, text))
        characters = foreign(artist.get_text())
        if not characters:
            return
        if not self.outlines:
            as_text(artist)
            return
        name = font_with(characters)
        if name:
            artist.set_fontfamily(["DejaVu Sans", name])
            return
        # One after the other, if no font has all of them.
        names = [font_with(c) for c in characters]
        self.missing += "".join(
            c for c, found in zip(characters, names, strict=True) if not found and c not in self.missing
        )
        artist.set_fontfamily(["DejaVu Sans", *dict.fromkeys(filter(None, names))])
        artist.set_text("".join("?" if c in self.missing else c for c in artist.get_text()))

    def notices(self) -> list[str]:
        """Return a notice about characters without a font."""
        if not self.missing:
            return []
        packages = dict.fromkeys(map(package_of, self.missing))
        return [
            f"the server has no font with {series([repr(c) for c in self.missing[:8]])}: install {series(packages)} "
            "(Debian and Ubuntu), or request SVG, which is drawn with the fonts of the reader"
        ]


def package_of(character: str) -> str:
    """Return the package of Debian with a font for a character.

    >>> package_of("속"), package_of("א")
    ('fonts-noto-cjk', 'fonts-noto-core')
    """
    name = unicodedata.name(character, "")
    if unicodedata.category(character) == "So":
        return "fonts-noto-color-emoji or fonts-symbola"
    return next((package for starts, package in PACKAGES if name.startswith(starts)), OTHERS)


def as_text(artist: Any) -> None:
    """Let a text be written as text into an SVG, not as outlines."""
    import matplotlib

    drawn = artist.draw

    def draw(renderer: Any) -> None:
        with matplotlib.rc_context({"svg.fonttype": "none"}):
            drawn(renderer)

    artist.draw = draw


def all_texts(figure: Any) -> Iterable[Any]:
    """Return the texts of a figure."""
    from matplotlib.text import Text

    found: Iterable[Any] = figure.findobj(Text)
    return found
