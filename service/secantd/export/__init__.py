"""Source code that computes a formula and its derivatives without the service."""

from secantd.export.code import Code, Exported, export

__all__ = ["Code", "Exported", "export"]
