"""Figures."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from secant.v1 import plot_pb2 as pb

__all__ = ["Figure", "figure"]


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """One image; the same call gives the same bytes. It shows itself in a notebook.

    Attributes:
        image: The file.
        media_type: "image/svg+xml" or "image/png".
        description: What is to be seen, in words: for readers who cannot see it.
        notices: What a reader should know.
    """

    image: bytes
    media_type: str
    description: str
    notices: tuple[str, ...]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the image to a file.

        Raises:
            OSError: It cannot be written.
        """
        Path(path).write_bytes(self.image)

    def __repr__(self) -> str:
        return f"<Figure {self.media_type}, {len(self.image)} bytes: {self.description}>"

    def _repr_svg_(self) -> str | None:
        return self.image.decode() if self.media_type == "image/svg+xml" else None

    def _repr_png_(self) -> bytes | None:
        return self.image if self.media_type == "image/png" else None


def figure(reply: pb.PlotResponse) -> Figure:
    """Return the reply as a Figure."""
    return Figure(reply.image, reply.media_type, reply.description, tuple(reply.notices))
