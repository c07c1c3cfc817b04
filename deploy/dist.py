"""Builds what a release consists of and checks it: `./dev dist [--pure] [FOLDER]`, into `dist` by default.

The sdist and the wheel are built twice, in folders, time zones and with permissions that differ, and compared byte by byte. The wheel
is made of the unpacked sdist, installed in environments without a compiler, and tried: as a client alone and with the extra `local`.
Some tests run with the sources of the sdist. A list of all packages (CycloneDX) is written, and pip-audit looks for known
vulnerabilities if its database can be reached.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

HOME = Path(__file__).resolve().parents[1]
TOOLS = HOME / "build" / "dist-tools"
# Of the sources in the sdist: the expected answers, and what the wheel promises.
TESTS = (
    "tests/golden/test_gradients.py",
    "tests/golden/test_seeds.py",
    "tests/setup/test_missing_parts.py",
    "tests/setup/test_deploy.py",
)
# Two builds that have nothing in common but the sources.
CIRCUMSTANCES = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
)
UMASKS = (0o022, 0o077)
ELSEWHERE = "run `pip-audit` in an environment with secant[local] where the index has one"
# What pip-audit prints if it cannot ask.
UNREACHABLE = (
    "ConnectionError",
    "Max retries",
    "NameResolutionError",
    "ServiceError",
    "Could not connect",
    "HTTPError",
)


def fail(message: str, output: str = "") -> NoReturn:
    """Print the end of a program's output and a message; exit with 1."""
    print("\n".join(output.splitlines()[-30:]), file=sys.stderr)
    print(f"dist: {message}", file=sys.stderr)
    raise SystemExit(1)


def run(
    command: Sequence[str | Path], folder: Path = HOME, more: Mapping[str, str] | None = None, umask: int = 0o022
) -> str:
    """Return what a command prints; exit if it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")} | dict(
        more or {}
    )
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, umask=umask
    )
    if done.returncode:
        fail(f"{' '.join(map(str, command))} ended with {done.returncode}", done.stdout + done.stderr)
    return done.stdout


def epoch() -> str:
    """Return SOURCE_DATE_EPOCH: the variable, else the time of the last commit, else that of the unpacked sources."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=HOME, capture_output=True, text=True)
    return done.stdout.strip() or str(int((HOME / "pyproject.toml").stat().st_mtime))


def build(kind: str, source: Path, folder: Path, number: int, compiled: bool) -> Path:
    """Return the sdist or the wheel of a folder of sources."""
    more = dict(CIRCUMSTANCES[number]) | {"SOURCE_DATE_EPOCH": epoch()}
    if compiled:
        more["HATCH_BUILD_HOOKS_ENABLE"] = "1"
    run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder], source, more, UMASKS[number])
    (made,) = folder.iterdir()
    return made


def members(archive: Path) -> dict[str, str]:
    """Return the sums of the files in an archive by name."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: hashlib.sha256(wheel.read(name)).hexdigest() for name in wheel.namelist()}
    with tarfile.open(archive) as tar:
        files = ((each.name, tar.extractfile(each)) for each in tar.getmembers())
        return {name: hashlib.sha256(file.read()).hexdigest() for name, file in files if file is not None}


def compare(one: Path, two: Path) -> None:
    """Exit unless two archives are the same, byte by byte."""
    if one.read_bytes() == two.read_bytes():
        print(f"{one.name}: {one.stat().st_size / 1e6:.1f} MB, built twice, the same bytes", flush=True)
        return
    first, second = members(one), members(two)
    differing = [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)]
    fail(f"two builds of {one.name} differ", "\n".join(sorted(differing)) or "in times, permissions or order only")


def copied(folder: Path) -> Path:
    """Return a copy of the sources, as they are checked out, with other times."""
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
    )
    shutil.copytree(HOME, folder, ignore=ignored, copy_function=shutil.copy, symlinks=True)
    return folder


def unpacked(sdist: Path, folder: Path) -> Path:
    """Return the folder of the sources in an sdist."""
    with tarfile.open(sdist) as tar:
        tar.extractall(folder, filter="data")
    (made,) = folder.iterdir()
    return made


def without_compiler(folder: Path) -> dict[str, str]:
    """Return an environment whose path has what an installation needs, and no compiler."""
    folder.mkdir()
    for name in ("sh", "uname", "env", "ldd", "getconf"):
        if (program := shutil.which(name)) is not None:
            (folder / name).symlink_to(program)
    return {"PATH": str(folder), "CC": "/nowhere/cc"}


def environment(folder: Path, requirement: str, more: Mapping[str, str]) -> Path:
    """Return the folder of programs of a new environment with a requirement from wheels only."""
    run([sys.executable, "-m", "venv", folder])
    pip = [folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"]
    run([*pip, requirement], more=more)
    return folder / "bin"


def try_client(programs: Path, more: Mapping[str, str]) -> None:
    """Try an environment with the client alone."""
    answer = run([programs / "secant", "diff", "x * exp(x)", "x"], more=more)
    done = subprocess.run([programs / "secantd"], capture_output=True, text=True, env=dict(more))
    if answer != "(1 + x) * exp(x)\n" or done.returncode != 2 or 'pip install "secant[local]"' not in done.stderr:
        fail("the client alone does not behave as it should", answer + done.stderr)
    print("client alone: differentiates; secantd names the extra that it lacks", flush=True)


def try_local(programs: Path, source: Path, more: Mapping[str, str], compiled: bool) -> None:
    """Try an environment with the extra `local`: the demo, completion, and whether the parts in C are there."""
    demo = run([programs / "python", source / "clients/python/examples/demo.py"], source, more)
    facts = json.loads(run([programs / "python", "-c", FACTS], source / "docs", more))
    if compiled and not (facts["compiled"] and facts["native"]):
        fail(f"the wheel lacks its compiled parts: {facts}")
    completion = run([programs / "secant"], more={**more, "_SECANT_COMPLETE": "bash_source"})
    if "_SECANT_COMPLETE=bash_complete" not in completion:
        fail("the wheel has no completion for shells", completion)
    kind = "compiled" if compiled else "pure Python"
    print(f"with [local], {kind}, without a compiler: {demo.splitlines()[-1]}; completion is there", flush=True)


FACTS = """
import json
from secantd.expression import graph
from secantd.program.native import library
print(json.dumps({"compiled": not graph.__file__.endswith(".py"), "native": library.machine() is not None}))
"""


def test_sources(source: Path) -> None:
    """Run tests with the sources of an sdist."""
    path = os.pathsep.join([str(source / "service"), str(source / "clients/python")])
    where = run([sys.executable, "-c", "import secantd; print(secantd.__file__)"], source, {"PYTHONPATH": path})
    if not where.startswith(str(source)):
        fail(f"the tests would not test the sdist, but {where}")
    found = run([sys.executable, "-m", "pytest", "-q", *TESTS], source, {"PYTHONPATH": path, "LC_COLLATE": "C"})
    print(f"tests of the sdist ({' '.join(TESTS)}): {found.splitlines()[-1].strip('= ')}", flush=True)


def list_packages(programs: Path, file: Path) -> None:
    """Write the list of packages of an environment, in CycloneDX's format; the same for the same packages."""
    command = [
        TOOLS / "bin/cyclonedx-py",
        "environment",
        "--output-reproducible",
        "--of",
        "JSON",
        "--pyproject",
        "pyproject.toml",
    ]
    run([*command, "-o", file, programs / "python"])
    components = json.loads(file.read_text("utf-8"))["components"]
    print(f"{file.name}: {len(components)} packages", flush=True)


def audit(programs: Path) -> None:
    """Look for known vulnerabilities in the packages of an environment."""
    (site,) = (programs.parent / "lib").glob("python*/site-packages")
    command = [str(TOOLS / "bin/pip-audit"), "--progress-spinner", "off", "-f", "json", "--path", str(site)]
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout and any(word in done.stderr for word in UNREACHABLE):
        print(f"pip-audit: its database cannot be reached from here; {ELSEWHERE}", flush=True)
        return
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        fail("pip-audit has no result", done.stderr)
    found = [each for each in packages if each.get("vulns")]
    if found:
        fail("pip-audit has found something", json.dumps(found, indent=1))
    # An index without a database of vulnerabilities makes pip-audit skip packages and end with 0.
    skipped = [each["name"] for each in packages if "skip_reason" in each and each["name"] != "secant"]
    if skipped:
        print(f"pip-audit: {len(skipped)} of {len(packages)} packages are not in its database; {ELSEWHERE}", flush=True)
    else:
        print(f"pip-audit: {len(packages)} packages, no known vulnerability", flush=True)


def main() -> None:
    """Build everything into a folder."""
    parser = argparse.ArgumentParser(prog="./dev dist", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--pure", action="store_true", help="a wheel without compiled parts: in a minute instead of ten"
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=HOME / "dist", help="where to; what is there is removed"
    )
    given = parser.parse_args()
    compiled = not given.pure
    with tempfile.TemporaryDirectory(prefix="secant-dist-") as name:
        place = Path(name)
        sources = [copied(place / "one"), copied(place / "other" / "folder")]
        sdist, again = (build("sdist", each, place / f"sdist{i}", i, False) for i, each in enumerate(sources))
        compare(sdist, again)
        sources = [unpacked(sdist, place / f"unpacked{i}") for i in range(2)]
        wheel, again = (build("wheel", each, place / f"wheel{i}", i, compiled) for i, each in enumerate(sources))
        compare(wheel, again)
        bare = without_compiler(place / "path")
        try_client(environment(place / "client", str(wheel), bare), bare)
        programs = environment(place / "local", f"secant[local] @ {wheel.as_uri()}", bare)
        try_local(programs, sources[0], bare, compiled)
        test_sources(sources[1])
        shutil.rmtree(given.folder, ignore_errors=True)
        given.folder.mkdir(parents=True)
        for file in (sdist, wheel):
            shutil.copy(file, given.folder)
        list_packages(programs, given.folder / f"{sdist.name.removesuffix('.tar.gz')}.cdx.json")
        audit(programs)
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(given.folder.iterdir())]
    (given.folder / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    print(f"{given.folder}: {', '.join(sorted(file.name for file in given.folder.iterdir()))}")


if __name__ == "__main__":
    main()
