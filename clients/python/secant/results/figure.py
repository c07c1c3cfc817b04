"""Figures."""

import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from os import PathLike
from pathlib import Path

from secant._reply import expect
from secant.results._record import record
from secant.results._shown import Shown
from secant.v1 import plot_pb2 as pb

__all__ = ["Figure", "figure", "is_inert"]

# The first bytes of each type of file.
_STARTS = {"image/svg+xml": b"<", "image/png": b"\x89PNG", "image/gif": b"GIF8", "application/pdf": b"%PDF"}
# The endings of their files.
_ENDINGS = {
    "image/svg+xml": (".svg",),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
}

# The elements of the service's figures: shapes, texts, styles and their definitions, metadata (RDF, Dublin Core).
_DRAWN = frozenset(
    "svg g path use defs style text tspan clipPath rect line polyline polygon circle ellipse image title desc pattern"
    " linearGradient radialGradient stop metadata RDF Work type date format creator Agent animate set".split()
)
# Parts that appear and disappear: they change nothing but their visibility.
_MOVING = frozenset({"animate", "set"})
_MOVED = frozenset({"attributeName", "calcMode", "dur", "repeatCount", "keyTimes", "values", "to"})


@dataclass(frozen=True, slots=True, repr=False)
class Figure(Shown):
    """An image, displayed by notebooks. The same call returns the same bytes.

    Attributes:
        image: The content of the file.
        media_type: "image/svg+xml", "image/png", "image/gif" or "application/pdf".
        description: A description of the image in words, for readers who cannot see it.
        notices: Notices about the answer.
    """

    image: bytes
    media_type: str
    description: str
    notices: tuple[str, ...]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the image to a file.

        Args:
            path: The path of the file. If it has the ending of another image, this is an error.

        Raises:
            ValueError: The ending is that of another type of image.
            OSError: The file cannot be written.
        """
        ending = Path(path).suffix.lower()
        right = _ENDINGS.get(self.media_type, ())
        if right and ending not in right and any(ending in endings for endings in _ENDINGS.values()):
            raise ValueError(
                f"the figure is {self.media_type}; name the file *{right[0] if right else ''}, or request format={ending[1:]!r}"
            )
        Path(path).write_bytes(self.image)

    def __repr__(self) -> str:
        return f"<Figure {self.media_type}, {len(self.image)} bytes: {self.description}>"

    def _repr_svg_(self) -> str | None:
        return self.image.decode() if self.media_type == "image/svg+xml" and is_inert(self.image) else None

    def _repr_html_(self) -> str | None:
        if self.media_type != "image/gif":
            return None
        return f'<img src="data:image/gif;base64,{b64encode(self.image).decode()}" alt="{escape(self.description)}"/>'

    def _repr_png_(self) -> bytes | None:
        return self.image if self.media_type == "image/png" else None


def is_inert(svg: bytes) -> bool:
    """Return whether an SVG contains nothing that a notebook's page would execute or load.

    >>> is_inert(b"<svg><path d='M 0 0'/></svg>")
    True
    >>> is_inert(b"<svg><script>alert(1)</script></svg>"), is_inert(b"<svg onload='alert(1)'/>")
    (False, False)
    """
    try:
        svg.decode()
        elements = [] if b"<!ENTITY" in svg else list(ElementTree.fromstring(svg).iter())
    except (ElementTree.ParseError, UnicodeDecodeError):
        return False
    for element in elements:
        tag = str(element.tag).rpartition("}")[2]
        if tag not in _DRAWN:
            return False
        if tag in _MOVING and (element.get("attributeName") != "visibility" or not _MOVED.issuperset(element.attrib)):
            return False
        for name, value in element.attrib.items():
            plain = name.rpartition("}")[2].lower()
            if plain.startswith("on") or (plain == "href" and not value.startswith(("#", "data:image/png;base64,"))):
                return False
    return bool(elements)


def figure(reply: pb.PlotResponse) -> Figure:
    """Return the reply as a Figure.

    Raises:
        MalformedReplyError: The bytes are not an image of the stated type.
    """
    start = _STARTS.get(reply.media_type)
    expect(not reply.media_type or start is not None, f"a figure of the kind {reply.media_type!r}")
    expect(reply.image.startswith(start or b""), f"a figure that is no {reply.media_type}")
    return record(Figure, reply)
