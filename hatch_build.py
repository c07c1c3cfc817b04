"""A wheel whose innermost packages are compiled by mypyc, and with the machine in C that evaluates many points.

Asked for by `HATCH_BUILD_HOOKS_ENABLE=1 pip install .`; it needs a C compiler and Python's headers. Without the
variable the wheel is pure Python and gives the same answers. `python hatch_build.py FOLDER` builds the machine alone.
"""

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("service")
MACHINE = "secantd.program.native._machine"
# Floating-point flags are read after arithmetic only, and a product with a sum is rounded twice, as everywhere else. Information for
# debuggers would contain the folder of the build, so that no two builds were equal.
MACHINE_FLAGS = [
    "-std=gnu11",
    "-O3",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=off",
    "-fvisibility=hidden",
    "-g0",
]


class CompiledBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the extension modules to a wheel; an editable installation stays pure, since its sources change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self.folder = Path(tempfile.mkdtemp(prefix="secant-compiled-"))
        modules = [m for pattern in self.config["modules"] for m in sorted((Path(self.root) / SOURCES).glob(pattern))]
        extensions = compiled(Path(self.root), modules, self.folder)
        for extension in extensions + optional_machine(Path(self.root), self.folder / "lib"):
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
        command = side_by_side(build_ext)(Distribution({"name": "secantd", "ext_modules": extensions}))
        command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
        command.finalize_options()
        command.run()
    return sorted(p for p in (folder / "lib").rglob("*") if p.is_file())


def side_by_side(build_ext: Any) -> Any:
    """Return a build_ext that compiles the files of an extension on all processors; setuptools' `parallel` is by extension."""

    class SideBySide(build_ext):  # type: ignore[misc]
        def build_extensions(self) -> None:
            all_files, one_file = self.compiler.compile, self.compiler._compile

            def compile_files(*args: Any, **options: Any) -> Any:
                with ThreadPoolExecutor(os.cpu_count()) as pool:
                    under_way = []
                    self.compiler._compile = lambda *file: under_way.append(pool.submit(one_file, *file))
                    objects = all_files(*args, **options)
                for each in under_way:
                    each.result()
                return objects

            self.compiler.compile = compile_files
            super().build_extensions()

    return SideBySide


def machine(root: Path, folder: Path, flags: Sequence[str] = ()) -> Path:
    """Return the machine that evaluates many points, an extension for all versions of Python, built below `folder`.

    Args:
        root: The folder of the project.
        folder: Where to build it.
        flags: Further flags of the compiler and the linker.
    """
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    sources = root / SOURCES / Path(*MACHINE.split(".")[:-1])
    checksum = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(sources.glob("*.[ch]")))).hexdigest()
    extension = Extension(
        MACHINE,
        [str(p) for p in sorted(sources.glob("*.c"))],
        define_macros=[("CHECKSUM", f'"{checksum}"')],
        extra_compile_args=[*MACHINE_FLAGS, *flags],
        extra_link_args=[*flags],
        # Before glibc 2.34, dlopen is in a library of its own.
        libraries=["m", "dl"] if sys.platform == "linux" else [],
        py_limited_api=True,
    )
    command = build_ext(Distribution({"name": "secantd", "ext_modules": [extension]}))
    with tempfile.TemporaryDirectory() as temporary:
        command.build_lib, command.build_temp, command.force = str(folder), temporary, True
        command.finalize_options()
        command.run()
    return Path(command.get_ext_fullpath(MACHINE))


def optional_machine(root: Path, folder: Path) -> list[Path]:
    """Return the machine built below `folder`, nothing where that fails: NumPy evaluates in its place."""
    try:
        return [machine(root, folder)]
    except Exception as problem:
        print(f"{MACHINE} was not built, NumPy evaluates in its place: {problem}", file=sys.stderr)
        return []


if __name__ == "__main__":
    print(machine(Path(__file__).parent, Path(sys.argv[1]), sys.argv[2:]))
