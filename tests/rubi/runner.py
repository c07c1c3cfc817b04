"""Runs the claims of a suite in several processes, and keeps what is done in a file, so that a run can go on where it was stopped."""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from judged import HANG, Result, Settings, results, skipped
from maxima import BadLine, Row, read_line, row_lines

__all__ = ["OtherRunError", "Run", "files_of", "run"]

# Seconds without a result after which a process hangs, besides the time of a claim: proofs of SymPy are included.
SILENT = 60.0
# Seconds between lines about the progress.
PROGRESS = 60.0
# Rows that are given to a process at once.
BUNCH = 8


class OtherRunError(Exception):
    """The file of results is that of another run; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run.

    Attributes:
        folder: The suite.
        state: The file of results.
        settings: The settings of all claims.
        version: The version of Secant.
        processes: How many processes.
        sample: How many rows, from the seed; 0: all.
        chapter: Only files whose path begins so.
    """

    folder: Path
    state: Path
    settings: Settings = field(default_factory=Settings)
    version: str = ""
    processes: int = 2
    sample: int = 0
    chapter: str = ""

    def head(self, lines: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
        """Return the first line of the file of results: what a run that goes on must have in common with it."""
        digest = hashlib.sha256("\n".join(text for _, _, text in lines).encode()).hexdigest()[:16]
        return {
            "version": self.version, "seed": self.settings.seed, "seconds": self.settings.seconds, "sample": self.sample,
            "chapter": self.chapter, "rows": len(lines), "suite": digest,
        }  # fmt: skip


def files_of(folder: Path, chapter: str = "") -> list[Path]:
    """Return the files of a suite in order.

    Raises:
        FileNotFoundError: There is no such folder, or it has no .mac file.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    found = sorted(p for p in folder.rglob("*.mac") if p.relative_to(folder).as_posix().startswith(chapter))
    if not found:
        where = f" whose path begins with {chapter!r}" if chapter else ""
        raise FileNotFoundError(f"{folder} has no .mac file{where}")
    return found


def lines_of(run: Run) -> list[tuple[str, int, str]]:
    """Return the lines of a run that may be rows: file, number and text; a file that cannot be read is a line of its own."""
    found: list[tuple[str, int, str]] = []
    for path in files_of(run.folder, run.chapter):
        name = path.relative_to(run.folder).as_posix()
        try:
            found += [(name, number, text) for number, text in row_lines(path)]
        except OSError as error:
            found.append((name, 0, f"!{error.strerror}"))
    if run.sample and run.sample < len(found):
        chosen = random.Random(run.settings.seed).sample(range(len(found)), run.sample)
        found = [found[i] for i in sorted(chosen)]
    return found


def records(line: tuple[str, int, str], settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield the records of a line: its claims, or why it has none; the last one closes the row."""
    name, number, text = line
    item: Row | BadLine = BadLine(name, number, text[1:]) if text.startswith("!") else read_line(name, number, text)
    reason = skipped(item)
    if reason or isinstance(item, BadLine):
        yield {"row": f"{name}:{number}", "skipped": reason}
        return
    for result in results(item, settings):
        yield result.record()
    yield {"row": f"{name}:{number}"}


def work(channel: Connection, settings: Settings) -> None:
    """Answer rows until there are no more: a list of lines in, records and at the end None out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while lines := channel.recv():
        for line in lines:
            for record in records(line, settings):
                channel.send(record)
        channel.send(None)


class Worker:
    """A process, the lines that it still has to do, and when it last sent something."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self.channel, other = context.Pipe()
        self.process = context.Process(target=work, args=(other, settings), daemon=True)
        self.process.start()
        other.close()
        self.lines: list[tuple[str, int, str]] = []
        self.busy = False
        self.last = time.monotonic()

    def give(self, lines: list[tuple[str, int, str]]) -> None:
        self.lines, self.busy, self.last = list(lines), True, time.monotonic()
        self.channel.send(lines)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.channel.close()


def run(run: Run, *, show: bool = True) -> list[dict[str, Any]]:
    """Run all claims that the file of results lacks, and return all records.

    Args:
        run: The run.
        show: Whether progress is printed.

    Raises:
        FileNotFoundError: There are no files.
        OtherRunError: The file of results is that of another run.
        KeyboardInterrupt: Ctrl-C; what is done is in the file.
    """
    lines = lines_of(run)
    done = kept(run, lines)
    closed = {record["row"] for record in done if "row" in record}
    todo = [line for line in lines if f"{line[0]}:{line[1]}" not in closed]
    # Long files are spread, so that the time left can be estimated.
    random.Random(run.settings.seed).shuffle(todo)
    with run.state.open("a", encoding="utf-8") as state:
        records = Collected(done, state, len(lines), len(todo), show)
        workers = [Worker(run.settings) for _ in range(min(run.processes, -(-len(todo) // BUNCH)))]
        try:
            for k, worker in enumerate(workers):
                workers[k] = fed(worker, todo)
            while any(worker.busy for worker in workers):
                ready = wait([worker.channel for worker in workers if worker.busy], timeout=1.0)
                for k, worker in enumerate(workers):
                    if worker.busy and worker.channel in ready:
                        workers[k] = received(worker, todo, records, run.settings)
                    elif worker.busy and time.monotonic() - worker.last > SILENT + 4 * run.settings.seconds:
                        workers[k] = replaced(worker, todo, records, run.settings, HANG)
                records.progress()
        finally:
            for worker in workers:
                worker.kill()
    return records.all


class Collected:
    """All records, also written to the file of results."""

    def __init__(self, done: list[dict[str, Any]], state: Any, rows: int, todo: int, show: bool) -> None:
        self.all, self.state, self.rows, self.todo, self.show = done, state, rows, todo, show
        self.closed, self.start = 0, time.monotonic()
        self.last = self.start

    def add(self, record: dict[str, Any]) -> None:
        self.all.append(record)
        self.state.write(json.dumps(record) + "\n")
        if "row" in record:
            self.closed += 1
            self.state.flush()

    def progress(self) -> None:
        now = time.monotonic()
        if self.show and now - self.last >= PROGRESS:
            self.last = now
            left = (now - self.start) / max(1, self.closed) * (self.todo - self.closed)
            share = self.rows - self.todo + self.closed
            print(f"{share} of {self.rows} rows, {left / 60:.0f} minutes left", file=sys.stderr, flush=True)


def fed(worker: Worker, todo: list[tuple[str, int, str]]) -> Worker:
    """Give a worker its next rows, if there are any."""
    bunch, todo[:] = todo[:BUNCH], todo[BUNCH:]
    if bunch:
        worker.give(bunch)
    return worker


def received(worker: Worker, todo: list[tuple[str, int, str]], records: Collected, settings: Settings) -> Worker:
    """Take what a worker has sent; a worker that has died is replaced."""
    try:
        record = worker.channel.recv()
    except (EOFError, OSError):
        return replaced(worker, todo, records, settings, "INTERNAL")
    worker.last = time.monotonic()
    if record is None:
        worker.busy = False
        return fed(worker, todo)
    records.add(record)
    if "row" in record:
        worker.lines.pop(0)
    return worker


def replaced(
    worker: Worker, todo: list[tuple[str, int, str]], records: Collected, settings: Settings, verdict: str
) -> Worker:
    """Return a new worker for the rows that are left after that at which the old one hung or died."""
    worker.kill()
    if not worker.lines:
        return fed(Worker(settings), todo)
    (name, number, text), *rest = worker.lines
    reason = "no result in time" if verdict == HANG else f"the process ended with exit code {worker.process.exitcode}"
    records.add(Result(f"{name}:{number}", "", verdict, 0.0, reason, F=text[:2000]).record())
    records.add({"row": f"{name}:{number}"})
    todo[:0] = rest
    return fed(Worker(settings), todo)


def kept(run: Run, lines: Sequence[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """Return the records of rows that the file of results has whole; begin the file if there is none."""
    head = run.head(lines)
    run.state.parent.mkdir(parents=True, exist_ok=True)
    if not run.state.exists() or not run.state.stat().st_size:
        run.state.write_text(json.dumps(head) + "\n", encoding="utf-8")
        return []
    found: list[dict[str, Any]] = []
    for text in run.state.read_text(encoding="utf-8").split("\n"):
        try:
            record = json.loads(text)
        except ValueError:
            # The last line of a run that was stopped while it wrote.
            continue
        found.append(record)
    first = found.pop(0) if found else {}
    different = [key for key, value in head.items() if first.get(key) != value]
    if different:
        changes = ", ".join(f"{key} was {first.get(key)}, now {head[key]}" for key in different)
        raise OtherRunError(f"{run.state} is of another run: {changes}")
    whole = whole_rows(found)
    # What a stopped run had of a row is done again.
    rewritten = "".join(json.dumps(record) + "\n" for record in [head, *whole])
    temporary = run.state.with_suffix(".new")
    temporary.write_text(rewritten, encoding="utf-8")
    os.replace(temporary, run.state)
    return whole


def whole_rows(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records of the rows that are closed."""
    closed = {record["row"] for record in records if "row" in record}
    return [r for r in records if r.get("row", row_of(r.get("name", ""))) in closed]


def row_of(name: str) -> str:
    """Return the row of a claim.

    >>> row_of("4 Trig/4.1 Sine.mac:12 (2) *")
    '4 Trig/4.1 Sine.mac:12'
    """
    file, _, rest = name.rpartition(".mac:")
    return f"{file}.mac:{rest.split(' ')[0]}"
