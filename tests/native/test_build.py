"""The build of the extension: a compiler that fails, and one extension for all versions of Python."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def hook(tmp_path: Path, compiler: str) -> subprocess.CompletedProcess[str]:
    """Run the part of the build that may fail."""
    code = (
        "import importlib.util, pathlib, sys\n"
        f"spec = importlib.util.spec_from_file_location('hatch_build', {str(PROJECT / 'hatch_build.py')!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        f"print(module.optional_machine(pathlib.Path({str(PROJECT)!r}), pathlib.Path({str(tmp_path)!r})))"
    )
    environment = {**os.environ, "CC": compiler}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)


@pytest.mark.parametrize("compiler", ["false", "/no/such/compiler"])
def test_a_compiler_that_fails_leaves_a_wheel_without_the_extension(tmp_path, compiler):
    done = hook(tmp_path, compiler)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "NumPy evaluates in its place" in done.stderr
    assert not [*tmp_path.rglob("*.so")]


def test_the_extension_uses_the_stable_interface_and_serves_later_versions_of_python(extension):
    assert ".abi3." in Path(extension).name or sys.platform == "win32"


def test_the_extension_of_a_source_tree_is_none():
    # A developer's sources change: only the compiled service and a wheel have it beside them.
    assert not [*(PROJECT / "service/secantd/program/native").glob("*.so")]


def test_its_functions_are_described(extension):
    spec = importlib.util.spec_from_file_location("secantd.program.native._machine", extension)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("prepare", "run", "choose", "memory"):
        assert getattr(module, name).__doc__
