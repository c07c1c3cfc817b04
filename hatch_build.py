"""A wheel whose innermost packages are compiled by mypyc: the same source, two to three times as fast.

Asked for by `HATCH_BUILD_HOOKS_ENABLE=1 pip install .`; it needs a C compiler and Python's headers. Without the
variable the wheel is pure Python and gives the same answers.
"""

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("service")


class CompiledBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the extension modules to a wheel; an editable installation stays pure, since its sources change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self.folder = Path(tempfile.mkdtemp(prefix="secant-compiled-"))
        modules = [m for pattern in self.config["modules"] for m in sorted((Path(self.root) / SOURCES).glob(pattern))]
        for extension in compiled(Path(self.root), modules, self.folder):
            build_data["force_include"][str(extension)] = str(extension.relative_to(self.folder / "lib"))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self.folder, ignore_errors=True)


def compiled(root: Path, modules: list[Path], folder: Path) -> list[Path]:
    """Return the extension modules of Python modules, built below `folder`/lib."""
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    # mypyc names a module by its path from here, and leaves what it generates here.
    shutil.copytree(root / SOURCES, folder / "source")
    shutil.copy(root / "pyproject.toml", folder / "source")
    with contextlib.chdir(folder / "source"):
        extensions = mypycify(
            ["--config-file=pyproject.toml", *[str(m.relative_to(root / SOURCES)) for m in modules]],
            opt_level="2",
            debug_level="0",
            group_name="secantd",
            # One file of all modules takes the compiler three times as long.
            multi_file=True,
            target_dir=str(folder / "c"),
        )
        command = build_ext(Distribution({"name": "secantd", "ext_modules": extensions}))
        command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
        command.finalize_options()
        command.run()
    return sorted(p for p in (folder / "lib").rglob("*") if p.is_file())
