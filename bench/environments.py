"""Environments of the rivals below build/rivals, and their processes. Only wheels are installed; what has none is reported as a row."""

import contextlib
import json
import math
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.common import RivalError, repeats

__all__ = [
    "DIFFERENT",
    "ENVIRONMENTS",
    "Job",
    "Rival",
    "enter",
    "install",
    "installed",
    "make",
    "plain",
    "python_of",
    "r_library",
    "rival",
    "versions",
]

HOME = Path(__file__).parents[1]
FOLDER = HOME / "build" / "rivals"
# Packages of each environment; the newest wheels for this Python.
ENVIRONMENTS: dict[str, tuple[str, ...]] = {
    "numbers": (
        "numpy", "scipy", "sympy", "symengine", "casadi", "jax", "numba", "numexpr", "autograd", "numdifftools", "alkahest", "umbridge",
    ),
    "tesseract": ("tesseract-core[runtime]",),
    "math-verify": ("math-verify[antlr4_13_2]==0.9.0",),
}  # fmt: skip
# R packages that Debian has: file name of the package, name in R.
R_PACKAGES = {"r-cran-numderiv": "numDeriv"}
# Seconds. The first job of JAX on a busy machine takes some.
PATIENCE = 120.0
# How the reason begins where a rival computes other numbers.
DIFFERENT = "a different answer"


def python_of(environment: str) -> Path:
    """Return the path of an environment's Python."""
    return FOLDER / environment / "bin" / "python"


def install(say: Callable[[str], None] = lambda text: print(text, file=sys.stderr)) -> None:
    """Install what is missing; what cannot be installed is reported by `rival` when it is used."""
    for environment, packages in ENVIRONMENTS.items():
        make(environment, packages, say)
    install_r(say)


def make(
    environment: str,
    packages: Sequence[str],
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> None:
    """Install packages into an environment below build/rivals, once."""
    python, mark = python_of(environment), FOLDER / environment / ".packages"
    if mark.exists() and mark.read_text() == " ".join(packages):
        return
    say(f"installing {', '.join(packages)} into build/rivals/{environment}")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER / environment)], check=True, env=plain())
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"]
    if subprocess.run([*command, *packages], env=plain(), capture_output=True).returncode:
        for package in packages:
            failed = subprocess.run([*command, package], env=plain(), capture_output=True).returncode
            if failed:
                say(f"{package} cannot be installed")
    mark.write_text(" ".join(packages))


def install_r(say: Callable[[str], None]) -> None:
    """Unpack R packages of the machine's own apt sources into build/rivals/r; they contain no compiled code."""
    if shutil.which("Rscript") is None or shutil.which("apt-get") is None:
        return
    folder = FOLDER / "r"
    for package, name in R_PACKAGES.items():
        if (folder / name).exists() or has_r_package(name):
            continue
        say(f"unpacking {package} into build/rivals/r")
        folder.mkdir(parents=True, exist_ok=True)
        if subprocess.run(["apt-get", "-qq", "download", package], cwd=folder, capture_output=True).returncode:
            say(f"{package} cannot be downloaded")
            continue
        for archive in folder.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg", "-x", str(archive), str(folder / "unpacked")], check=True)
            archive.unlink()
        shutil.move(str(folder / "unpacked" / "usr" / "lib" / "R" / "site-library" / name), folder / name)
        shutil.rmtree(folder / "unpacked")


def r_library() -> dict[str, str]:
    """Return the environment of R processes."""
    return {**plain(), "R_LIBS": str(FOLDER / "r"), "LC_ALL": "C.UTF-8"}


def has_r_package(name: str) -> bool:
    """Return whether R finds a package."""
    command = ["Rscript", "--vanilla", "-e", f'quit(status = !requireNamespace("{name}", quietly = TRUE))']
    return (
        shutil.which("Rscript") is not None
        and not subprocess.run(command, env=r_library(), capture_output=True).returncode
    )


def installed(environment: str, package: str) -> bool:
    """Return whether an environment has a package."""
    name = package.split("[")[0].split("==")[0].replace("-", "_")
    return any((FOLDER / environment).glob(f"lib/python3*/site-packages/{name}-*.dist-info"))


def versions() -> dict[str, str]:
    """Return the version of each rival that is installed, by its name."""
    found = {}
    for environment, packages in ENVIRONMENTS.items():
        for package in packages:
            name = package.split("[")[0].split("==")[0]
            for info in (FOLDER / environment).glob(f"lib/python3*/site-packages/{name.replace('-', '_')}-*.dist-info"):
                found[name] = info.name.removesuffix(".dist-info").rpartition("-")[2]
    if shutil.which("Rscript"):
        names = ", ".join(f'"{name}"' for name in ["Deriv", *R_PACKAGES.values()])
        code = (
            'cat("R", format(getRversion()), "\\n");'
            f'for (p in c({names})) if (requireNamespace(p, quietly = TRUE)) cat(p, format(packageVersion(p)), "\\n")'
        )
        run = subprocess.run(["Rscript", "--vanilla", "-e", code], env=r_library(), capture_output=True, text=True)
        found.update(line.split() for line in run.stdout.splitlines())  # type: ignore[misc]
    return found


def plain() -> dict[str, str]:
    """Return this process's environment without what leads to Secant's modules."""
    return {n: v for n, v in os.environ.items() if n != "PYTHONPATH" and not n.startswith("SECANT_")}


class Job:
    """A job in a rival's process."""

    def __init__(self, rival: "Rival", number: int) -> None:
        self._rival, self._number, self._times = rival, number, 0

    def __call__(self) -> float:
        """Return the seconds of one run, measured in the rival's process; a short job runs several times in a turn."""
        if not self._times:
            seconds = self._seconds(1)
            self._times = repeats(seconds)
            if self._times == 1:
                return seconds
        return self._seconds(self._times)

    def _seconds(self, times: int) -> float:
        return float(self._rival.ask({"time": self._number, "times": times})["seconds"])

    def answer(self) -> tuple[Any, float]:
        """Return what the job returns, at most 200 numbers or a text, and the seconds that it took."""
        reply = self._rival.ask({"answer": self._number})
        return reply["answer"], float(reply["seconds"])


class Rival:
    """A process that runs the jobs of one rival.

    Args:
        command: The program.
        environment: Its environment variables.
        limit: Seconds after which a reply is late: the process is ended, and the rival has "not finished in N s".
    """

    def __init__(self, command: list[str], environment: dict[str, str], limit: float = PATIENCE) -> None:
        self.limit = limit
        self._process = subprocess.Popen(
            command, cwd=HOME, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._rest = b""

    def start(self) -> "Rival":
        """Wait until the rival is imported; RivalError if it cannot be."""
        self._reply(PATIENCE)
        return self

    def make(self, job: str, **arguments: Any) -> Job:
        """Prepare a job; RivalError if that fails.

        Args:
            job: A function of the rival's module.
            arguments: The arguments of the function.
        """
        return Job(self, int(self.ask({"make": job, "arguments": arguments})["made"]))

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to a request; RivalError with the reason if there is none."""
        if self._process.poll() is not None:
            raise RivalError("ended")
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(request) + "\n").encode())
        self._process.stdin.flush()
        return self._reply(self.limit)

    def _reply(self, limit: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        late = time.monotonic() + limit
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, late - time.monotonic()))
            if not ready:
                self.close()
                raise RivalError(f"not finished in {limit:.0f} s")
            piece = os.read(self._process.stdout.fileno(), 1 << 16)
            if not piece:
                raise RivalError("ended: out of memory or stack" if self._process.wait() < 0 else "ended")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise RivalError(str(reply["error"]))
        return reply

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]


@contextlib.contextmanager
def rival(module: str, package: str, environment: str = "numbers", limit: float = PATIENCE) -> Iterator["Rival | str"]:
    """Start a rival's process, or yield the reason why it does not run: "not installed".

    Args:
        module: A module of bench/rivals: "by_jax"; "host.R" for R.
        package: The package that it needs.
        environment: One of ENVIRONMENTS.
        limit: As for `Rival`.
    """
    if module == "host.R":
        there = has_r_package(package) and has_r_package("jsonlite")
        command, variables = ["Rscript", "--vanilla", str(HOME / "bench" / "rivals" / "host.R")], r_library()
    else:
        there = installed(environment, package)
        command, variables = [str(python_of(environment)), "-m", "bench.rivals.host", f"bench.rivals.{module}"], plain()
    if not there:
        yield "not installed"
        return
    process = Rival(command, variables, limit)
    try:
        try:
            started: Rival | str = process.start()
        except RivalError as error:
            started = str(error)
        yield started
    finally:
        process.close()


def enter(
    process: "Rival | str",
    job: str,
    right: Callable[[Any], None],
    once: float = math.inf,
    **arguments: Any,
) -> "Callable[[], float] | str":
    """Return a rival's job, or the reason why there is none.

    Args:
        process: What `rival` yields.
        job: A function of the rival's module.
        right: A function that raises AssertionError where the job's answer differs from ours.
        once: A job whose first run takes more seconds than this does not run again.
        arguments: The arguments of the function.
    """
    if isinstance(process, str):
        return process
    try:
        made = process.make(job, **arguments)
        answer, seconds = made.answer()
        right(answer)
    except RivalError as error:
        return str(error)
    except AssertionError as error:
        print(f"{job}{arguments}: {error}", file=sys.stderr)
        return DIFFERENT
    return made if seconds <= once else lambda: seconds
