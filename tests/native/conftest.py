"""The machine in C, built once into a folder below build/ that its sources name."""

import importlib.util
import os
import shutil
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from secantd.program import blocks
from secantd.program.blocks import BlockEvaluator
from secantd.program.native import library
from secantd.program.native.library import Machine
from secantd.program.tape import Tape

PROJECT = Path(__file__).resolve().parents[2]
Array = NDArray[np.float64]
Both = Callable[[Tape, Sequence[Array]], tuple[list[Array], list[Array]]]


def hook() -> ModuleType:
    """Return hatch_build.py as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", PROJECT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def extension() -> str:
    """The file of the extension; sanitize.py gives one of its own."""
    given = os.environ.get("SECANT_TEST_NATIVE")
    if given:
        return given
    if shutil.which("cc") is None or not Path(sysconfig.get_path("include"), "Python.h").exists():
        pytest.skip("no C compiler, or no Python.h")
    name = f"{library.checksum()[:16]}-{sysconfig.get_platform()}"
    folder = PROJECT / "build" / "native" / name
    found = sorted(folder.rglob("_machine*"))
    # Two processes of the tests may build at the same time.
    own = folder.with_name(f"{name}-{os.getpid()}")
    if not found:
        hook().machine(PROJECT, own)
        try:
            own.rename(folder)
        except OSError:
            shutil.rmtree(own)
        found = sorted(folder.rglob("_machine*"))
    return str(found[0])


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Machine | None]]:
    """A function that sets variables of the environment and returns the machine that they choose."""

    def chosen(**variables: str) -> Machine | None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        library.machine.cache_clear()
        library.threads.cache_clear()
        return library.machine()

    yield chosen
    monkeypatch.undo()
    library.machine.cache_clear()
    library.threads.cache_clear()


@pytest.fixture
def machine(extension: str, use: Callable[..., Machine | None]) -> Machine:
    """The machine, in use."""
    found = use(SECANT_NATIVE=extension)
    assert found is not None
    return found


@pytest.fixture
def both(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Both:
    """A function that returns the outputs of a tape by the machine and by NumPy."""

    def computed(tape: Tape, columns: Sequence[Array]) -> tuple[list[Array], list[Array]]:
        points = max([len(c) for c in columns], default=1)
        with monkeypatch.context() as context:
            context.setattr(blocks, "machine", lambda: machine)
            native = BlockEvaluator(tape)(columns, points)[0]
            context.setattr(blocks, "machine", lambda: None)
            return native, BlockEvaluator(tape)(columns, points)[0]

    return computed


def differences(found: Array, expected: Array, absolute: float = 1e-290) -> Array:
    """Return the relative differences, 0 where both are NaN or equal."""
    with np.errstate(all="ignore"):
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        apart: Any = np.abs(found - expected) / np.maximum(np.abs(expected), absolute)
    return np.where(same, 0.0, np.where(np.isnan(apart), np.inf, apart))


@pytest.fixture(scope="session")
def apart() -> Callable[..., Array]:
    return differences
