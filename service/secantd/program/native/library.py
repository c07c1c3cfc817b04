"""The machine in C: an extension module that is used where it was built from these very sources.

`SECANT_NATIVE` chooses another back end or another build: "off", or the file of an extension. `SECANT_NATIVE_SET` names an
instruction set of the processor, one of SETS of the extension; `SECANT_NATIVE_THREADS` is the most threads of one call. With
`SECANT_NATIVE_CODE=off` the machine writes no machine code of its own.
"""

import hashlib
import importlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

from secantd.program.native.table import OPERATIONS

__all__ = ["Machine", "machine", "threads"]

NAME = f"{__package__}._machine"


class Machine(Protocol):
    """The functions of the extension; its docstrings describe them."""

    OPERATIONS: tuple[str, ...]
    SETS: tuple[str, ...]
    VECTOR_FUNCTIONS: tuple[str, ...]
    CHECKSUM: str

    def prepare(self, code: bytes, columns: int, uniforms: int, registers: int, outputs: bytes) -> Any: ...
    def attach(self, program: Any, position: int, rows: Any, length: int, given: bytes, reductions: bytes) -> None: ...
    def run(
        self,
        program: Any,
        columns: tuple[Any, ...],
        uniforms: Any,
        outputs: tuple[Any, ...],
        first: int,
        last: int,
        threads: int,
    ) -> int: ...
    def evaluate(
        self,
        program: Any,
        columns: Sequence[Any],
        uniforms: Any,
        array: Callable[[Any], Any],
        few: int,
        many: int,
        most: int,
        threads: int,
        far: float,
    ) -> tuple[int, list[Any]] | None: ...
    def add_up(
        self,
        program: Any,
        columns: tuple[Any, ...],
        uniforms: Any,
        points: int,
        part: int,
        pairs: Any,
        happened: Any,
        threads: int,
        far: float,
    ) -> None: ...
    def single(
        self, program: Any, uniforms: Any, values: Sequence[float], count: int, near: float, far: float
    ) -> list[float] | None: ...
    def walk(
        self,
        gradient: Any,
        update: Any,
        constants: Any,
        parameters: Any,
        state: Any,
        rows: Any,
        wide: int,
        limits: Any,
        count: int,
        n: int,
        valued: int,
    ) -> tuple[int, int, int]: ...
    def search(
        self,
        gradient: Any,
        trial: Any,
        constants: Any,
        numbers: Any,
        state: Any,
        rows: Any,
        limits: Any,
        parameters: Any,
        count: int,
        trials: int,
        is_new: bool,
        is_watched: bool,
    ) -> tuple[int, int, int, int]: ...
    def memory(self, size: int) -> Any: ...
    def choose(self, name: str | None) -> str: ...
    def fuse(self, allowed: bool) -> None: ...


def checksum() -> str:
    """Return the checksum of the sources beside this file, which the extension contains."""
    files = sorted(Path(__file__).parent.glob("*.[ch]"))
    return hashlib.sha256(b"".join([f.read_bytes() for f in files])).hexdigest()


def loaded(name: str) -> ModuleType:
    """Return an extension module: that of the package, or for another name the one in that file."""
    if name in ("", "on"):
        return importlib.import_module(NAME)
    spec = importlib.util.spec_from_file_location(NAME, name)
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} is no extension module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def machine() -> Machine | None:
    """Return the machine, None where there is none, where it was built from other sources, or where it is switched off."""
    wanted = os.environ.get("SECANT_NATIVE", "")
    if wanted == "off":
        return None
    try:
        found = cast(Machine, loaded(wanted))
        if checksum() != found.CHECKSUM or found.OPERATIONS != OPERATIONS:
            return None
        found.choose(os.environ.get("SECANT_NATIVE_SET") or None)
        found.fuse(os.environ.get("SECANT_NATIVE_CODE", "") != "off")
    except (ImportError, AttributeError, ValueError):
        return None
    return found


@cache
def threads() -> int:
    """Return the number of threads for many points: the processors that this process may use, unless the environment sets it."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    given = os.environ.get("SECANT_NATIVE_THREADS", "")
    return max(1, int(given)) if given.isdigit() else usable
