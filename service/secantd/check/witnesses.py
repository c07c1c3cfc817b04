"""The names of the witnesses of Check, and which of them are installed."""

import os
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from secantd.balls import installed

__all__ = ["WITNESSES", "deriv_installed", "present"]

# All witnesses, in the order of their opinions in answers.
WITNESSES = ("exact", "ball", "sympy", "numeric", "deriv")
# Folders for packages of Debian's R and of R built from source, in addition to those in environment variables.
LIBRARIES = ("/usr/local/lib/R/site-library", "/usr/lib/R/site-library", "/usr/lib/R/library")


def present() -> tuple[str, ...]:
    """Return the names of the installed witnesses.

    >>> [name for name in present() if name not in ("ball", "deriv")]
    ['exact', 'sympy', 'numeric']
    """
    missing = {"ball": not installed(), "sympy": find_spec("sympy") is None, "deriv": not deriv_installed()}
    return tuple(name for name in WITNESSES if not missing.get(name))


@cache
def deriv_installed() -> bool:
    """Whether R and its package Deriv are installed, judged by their files: starting R takes a third of a second."""
    program = shutil.which("R")
    if shutil.which("Rscript") is None or program is None:
        return False
    named = [os.environ.get(name, "") for name in ("R_LIBS", "R_LIBS_SITE", "R_LIBS_USER")]
    homes = [Path(program).resolve().parent.parent, Path(program).parent.parent / "lib" / "R"]
    folders = [Path(os.path.expanduser(p)) for paths in named for p in paths.split(os.pathsep) if p]
    folders += [home / kind for home in homes for kind in ("library", "site-library")]
    folders += [*map(Path, LIBRARIES), *Path(os.path.expanduser("~")).glob("R/*-library/*")]
    return any((folder / "Deriv" / "DESCRIPTION").is_file() for folder in folders)
