"""The files that paths, folders and patterns mean."""

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from secant.files.problems import refused

__all__ = ["SUFFIXES", "Paths", "files_of", "format_of"]

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]

# By the end of a file's name.
SUFFIXES = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".csv.gz": "csv",
}
KINDS = "Parquet (.parquet, .pq), Arrow (.arrow, .feather, .ipc) or CSV (.csv, .csv.gz)"


def format_of(path: str | os.PathLike[str]) -> str | None:
    """Return the format of a file by its name; None for other names.

    >>> format_of("a/B.PARQUET"), format_of("x.csv.gz"), format_of("x.txt")
    ('parquet', 'csv', None)
    """
    name = os.path.basename(os.fspath(path)).lower()
    return next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), None)


def files_of(points: Paths) -> list[Path]:
    """Return the data files of a path, a pattern or a folder, or of a list of these; those of one entry are sorted by name.

    In folders, also in folders within them, files are taken by the end of their names; names that begin with "." or "_" are left out.

    Raises:
        InvalidArgument: There is no such file, the folder has none, or the files have several formats.
    """
    entries = (
        [points] if isinstance(points, str | os.PathLike) else [*points] if isinstance(points, Iterable) else [points]
    )
    for entry in entries:
        if not isinstance(entry, str | os.PathLike):
            raise TypeError(
                f"points must be the path of a file or folder, a pattern, or a list of these; got {entry!r}"
            )
    found = [file for entry in entries for file in expanded(os.fspath(entry))]
    if not found:
        raise refused("there are no files of points", "name a file, a folder or a pattern such as 'data/*.parquet'")
    kinds: dict[str, Path] = {}
    for file in found:
        kind = format_of(file)
        if kind is None:
            raise refused(f"{file} has an unknown format", f"give a file whose name ends as those of {KINDS}")
        kinds.setdefault(kind, file)
    if len(kinds) > 1:
        first, second = list(kinds.values())[:2]
        raise refused(
            f"{first} and {second} have different formats",
            "give files of one format, for example by a pattern such as 'data/*.parquet'",
        )
    # The same file by two patterns is one file.
    return list({file.resolve(): file for file in found}.values())


def expanded(entry: str) -> list[Path]:
    path = Path(entry)
    if path.is_dir():
        found = [
            file
            for file in path.rglob("*")
            if format_of(file) is not None
            and not any(part.startswith((".", "_")) for part in file.relative_to(path).parts)
            and not is_unfinished(file.relative_to(path))
            and file.is_file()
        ]
        if not found:
            raise refused(f"the folder {path} has no data files", f"its files must be {KINDS}")
        return sorted(found)
    if path.exists():
        return [path]
    if any(sign in entry for sign in "*?["):
        matches = [Path(match) for match in sorted(glob.glob(entry, recursive=True)) if os.path.isfile(match)]
        matches = [match for match in matches if not is_unfinished(match)]
        if matches:
            return matches
        raise refused(f"no file matches {entry}", "check the pattern; put it in quotes, so that the shell passes it on")
    raise refused(f"{entry} does not exist", "check the path")


def is_unfinished(path: Path) -> bool:
    """Return whether a file is a part of an output that is not complete."""
    return any(part.endswith(".unfinished") for part in path.parts)
