"""The version of the package, which is that of the service."""

from secantd.version import __version__

__all__ = ["__version__"]
