"""Runs the examples of pages and writes what they print and draw: python docs/examples.py docs/arrays.md docs/models/*.md

The blocks of one page run in one folder, one after the other: `python` as at Python's prompt, `r` in one R session with
its output in lines that begin with "#>", `console` in a shell, and `c` is written to the file that its first line names.
The client and the R package connect to one server. R needs the package secant. A test compares pages with what they print.
"""

import contextlib
import doctest
import importlib
import io
import linecache
import os
import re
import shlex
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import secant
from secant import command

__all__ = ["drawn", "rendered"]

BLOCK = re.compile(r"^```(console|python|r|c)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
# What `secant serve` listens on, as the pages write it.
ADDRESS = "localhost:50051"
# Seconds to wait for an answer, on a machine however busy.
TIMEOUT = 120.0


def rendered(page: str, folder: Path, target: str, environment: Mapping[str, str] | None = None, r: bool = True) -> str:
    """Return a page with the output of its blocks renewed.

    Args:
        page: The text.
        folder: Where the blocks run, and where they find and leave files.
        target: The address of a server.
        environment: The variables of commands and of R; None: those of this process.
        r: Whether to run blocks of R; otherwise they stay as they are.
    """
    environment = {**(os.environ if environment is None else environment), "SECANT_SERVER": target}
    names: dict[str, object] = {"__name__": "__main__"}
    secant.use(target, timeout=TIMEOUT)
    with contextlib.chdir(folder), imports(folder), r_session(environment) as in_r:
        runners: dict[str, Callable[[str], str]] = {
            "console": lambda text: in_shell(text, target, environment),
            "python": lambda text: at_prompt(text, names),
            "r": in_r if r else lambda text: text,
            "c": as_file,
        }

        def run(found: re.Match[str]) -> str:
            printed = runners[found[1]](found[2].replace(ADDRESS, target)).replace(target, ADDRESS)
            return f"```{found[1]}\n{printed}```"

        return BLOCK.sub(run, page)


def drawn(page: Path, folder: Path) -> dict[Path, bytes]:
    """Return the images of a page that its blocks have drawn in a folder, by the files that the page shows."""
    shown = [page.parent / address for address in IMAGE.findall(page.read_text(encoding="utf-8"))]
    made = {file.resolve(): folder / file.name for file in shown}
    return {file: image.read_bytes() for file, image in made.items() if image.is_file()}


@contextlib.contextmanager
def imports(folder: Path) -> Iterator[None]:
    """Import modules from a folder, and forget them afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]


def at_prompt(text: str, names: dict[str, object]) -> str:
    """Run the statements of a block, as Python's prompt does."""
    # Modules may have been written after the folder was last looked at.
    importlib.invalidate_caches()
    lines = []
    for example in doctest.DocTestParser().get_examples(text):
        with contextlib.redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings():
            # Python writes them to standard error, with the place of the line.
            warnings.simplefilter("ignore", secant.NoticeWarning)
            exec(compile(example.source, remembered(example.source), "single"), names)
        first, *more = example.source.splitlines()
        lines += [f">>> {first}", *(f"... {line}".rstrip() for line in more), *printed.getvalue().splitlines()]
    # An empty line at the end is for doctest, to which the end of a block would be output.
    if text.endswith("\n\n"):
        lines.append("")
    return "\n".join(lines) + "\n"


def remembered(source: str) -> str:
    """Return the name of a file for a statement, from which Python reads the source of its functions."""
    name = f"<example {len(linecache.cache)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return name


def in_shell(text: str, target: str, environment: Mapping[str, str]) -> str:
    """Run the commands of a block; those of secant in this process."""
    lines = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        whole = re.match(r"(?:.*\\\n)*.*\n?", part)
        assert whole is not None
        line = whole[0].rstrip("\n")
        words = shlex.split(line.replace("\\\n", " "))
        if words[0] == "secant":
            printed = by_secant([*words[1:], "--server", target])
        else:
            done = subprocess.run(line, shell=True, env=environment, capture_output=True, text=True)
            printed = done.stdout + done.stderr
        lines += [f"$ {line}", *printed.splitlines()]
    return "\n".join(lines) + "\n"


def by_secant(arguments: list[str]) -> str:
    """Run the command `secant` in this process and return what it prints, errors in their place."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        before, sys.argv = sys.argv, ["secant", *arguments]
        try:
            # `check` exits with its verdict.
            with contextlib.suppress(SystemExit):
                command.run()
        finally:
            sys.argv = before
    return out.getvalue()


def as_file(text: str) -> str:
    """Write a block to the file that its first line names in a comment."""
    Path(text.split()[1]).write_text(text, encoding="utf-8")
    return text


@contextlib.contextmanager
def r_session(environment: Mapping[str, str]) -> Iterator[Callable[[str], str]]:
    """Give a function that runs blocks in one session of R, which begins with the first block."""
    script = str(Path(__file__).with_suffix(".R").resolve())
    with contextlib.ExitStack() as stack:
        running: list[subprocess.Popen[str]] = []

        def run(text: str) -> str:
            if not running:
                command = ["Rscript", "--vanilla", script]
                pipe = subprocess.PIPE
                session = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
                running.append(stack.enter_context(session))
            with tempfile.TemporaryDirectory() as folder:
                block = Path(folder, "block.R")
                block.write_text(text, encoding="utf-8")
                session = running[0]
                assert session.stdin is not None
                assert session.stdout is not None
                session.stdin.write(f"{block}\n")
                session.stdin.flush()
                if session.stdout.readline().strip() != str(block):
                    raise RuntimeError(f"R ended in this block:\n{text}")
                return block.read_text(encoding="utf-8")

        yield run


if __name__ == "__main__":
    with secant.local(timeout=TIMEOUT, seconds=100.0, check_seconds=60.0) as client:
        # Its processes start now: clients wait for an answer no longer than half a minute.
        client.check("x^2", "2*x")
        for page in map(Path, sys.argv[1:]):
            with tempfile.TemporaryDirectory() as folder:
                renewed = rendered(page.read_text(encoding="utf-8"), Path(folder), client.target)
                for image, content in drawn(page, Path(folder)).items():
                    image.write_bytes(content)
            page.write_text(renewed, encoding="utf-8")
