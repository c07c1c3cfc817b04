"""The progress of a long run: on a terminal a bar with rate and time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Report", "progress"]

# Rows so far, and the part of all files that has been read.
Report = Callable[[int, float], None]


@contextmanager
def progress(shown: bool | None, name: str) -> Iterator[Report]:
    """Give a function that shows how far a run is, on standard error.

    Args:
        shown: Whether to show it; None: if standard error is a terminal.
        name: What is done.
    """
    if not (sys.stderr.isatty() if shown is None else shown):
        yield lambda rows, fraction: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(name, total=1.0, rows=0, rate="")

        def report(rows: int, fraction: float) -> None:
            seconds = bar.tasks[0].elapsed or 0.0
            rate = f"{rows / seconds:,.0f} rows/s" if seconds > 0.5 else ""
            bar.update(task, completed=fraction, rows=rows, rate=rate)

        yield report
