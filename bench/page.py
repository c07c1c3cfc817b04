"""The page of a run of all comparisons: docs/benchmarks.md and its figure."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.common import OURS, Section, table, written

__all__ = ["Run", "Summary", "figure", "machine", "own_versions", "page", "summaries"]

# Visible on white and on black.
INK, GAIN, LOSS = "#808080", "#2f81f7", "#e3742f"
PACKAGES = ("numpy", "scipy", "sympy", "grpcio", "protobuf", "uvloop")


@dataclass(frozen=True)
class Run:
    """What the page reports about a run.

    Attributes:
        date: Day and time of its start.
        machine: Processor, cores, memory, system.
        load: The load averages at its start over 1, 5 and 15 minutes.
        service: Whether the service was compiled, and its back ends.
        versions: Version by name.
        minutes: How long it took.
        quick: Whether it was a quick one.
    """

    date: str
    machine: str
    load: tuple[float, float, float]
    service: str
    versions: dict[str, str]
    minutes: float
    quick: bool


@dataclass(frozen=True)
class Summary:
    """How one rival compares in one section: time of the rival / time of Secant."""

    section: str
    rival: str
    median: float
    lowest: float
    highest: float
    rows: int
    goal: float | None


def summaries(sections: Sequence[Section]) -> list[Summary]:
    """Return a summary of each rival of each section with ratios.

    >>> from bench.common import Row
    >>> rows = [Row("a", {"Secant": 1.0, "B": 3.0}), Row("b", {"Secant": 2.0, "B": 2.0})]
    >>> [found] = summaries([Section("s", "Sums", "", "ms", rows)])
    >>> found.median, found.lowest, found.highest, found.rows
    (2.0, 1.0, 3.0, 2)
    """
    found = []
    for section in sections:
        for rival in section.contestants if section.compared else ():
            ratios = section.ratios(rival)
            if ratios and not rival.startswith(OURS) and rival not in section.references:
                found.append(
                    Summary(
                        section.title,
                        rival,
                        statistics.median(ratios),
                        min(ratios),
                        max(ratios),
                        len(ratios),
                        section.goals.get(rival),
                    )
                )
    return found


def machine() -> str:
    """Return the processor, its cores, the memory and the system."""
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    size = f", {memory[0] / 2**20:.0f} GiB of memory" if memory else ""
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores{size}, {platform.system()} {platform.machine()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def own_versions() -> dict[str, str]:
    """Return the versions of Python, Secant and what it uses."""
    found = {"Python": platform.python_version()}
    for name in ("secant", *PACKAGES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def page(run: Run, sections: Sequence[Section], picture: str) -> str:
    """Return the page in Markdown.

    Args:
        run: The run.
        sections: All sections in their order.
        picture: The name of the figure's file beside the page.
    """
    command = "./dev bench --quick" if run.quick else "./dev bench"
    lines = ["# Benchmarks", ""]
    if run.quick:
        lines += ["**A quick run: smaller sizes, fewer rounds. Its numbers are no measurement.**", ""]
    if run.load[0] > 0.5 * (os.cpu_count() or 1):
        lines += [
            f"**The machine was busy: load {run.load[0]:.1f} at the start. Times and ratios are not those of an idle machine.**",
            "",
        ]
    lines += [
        f"Written by `{command}`: all contestants of a section take turns on one machine, and the tables show medians. Each rival runs in "
        "an environment and a process of its own that measures itself. In brackets: the rival's time divided by Secant's, so that more "
        "than 1 means that Secant is faster. Rivals whose numbers differ are shown as such and not timed.",
        "",
        "| | |",
        "|---|---|",
        f"| date | {run.date}, {run.minutes:.0f} minutes |",
        f"| machine | {run.machine} |",
        f"| load at the start (1, 5, 15 minutes) | {', '.join(f'{v:.2f}' for v in run.load)} |",
        f"| service | {run.service} |",
        f"| versions | {', '.join(f'{n} {v}' for n, v in run.versions.items())} |",
        "",
        f"![Time of each rival divided by Secant's: median and range of each section]({picture})",
        "",
        "## Summary",
        "",
        "Time of the rival / time of Secant: the median over the rows of a section, the lowest and the highest.",
        "",
        "| section | rival | median | lowest | highest | rows | goal |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for s in summaries(sections):
        goal = "" if s.goal is None else f"{written(s.goal)}{'' if s.median >= s.goal else ', missed'}"
        numbers = " | ".join(written(v) for v in (s.median, s.lowest, s.highest))
        lines.append(f"| {s.section} | {s.rival} | {numbers} | {s.rows} | {goal} |")
    for section in sections:
        lines += ["", f"## {section.title}", "", *_wrapped(section.about), "", f"`./dev bench {section.name}`", ""]
        if section.rows:
            head, *body = table(section)
            head[0] = section.unit.replace("us", "µs") + (f" per {section.each}" if section.each else "")
            lines += ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
            lines += ["| " + " | ".join(_cell(c) for c in line) + " |" for line in body]
        if section.notes:
            lines += ["", *[f"- {note}" for note in section.notes]]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return a cell of a table: a bar would end it."""
    return text.replace("|", "\\|")


def _wrapped(text: str, width: int = 130) -> list[str]:
    """Return lines of at most `width` characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".lstrip()
    return [*lines, line]


def figure(sections: Sequence[Section], path: Path) -> None:
    """Draw the range and the median of each rival's ratios into an SVG file that suits light and dark pages."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "secant"
    from matplotlib import pyplot

    found = summaries(sections)
    labels: list[tuple[float, str]] = []
    heads: list[tuple[float, str]] = []
    position, last = 0.0, ""
    fig, axes = pyplot.subplots(figsize=(8.5, 0.8 + 0.21 * (len(found) + 1.6 * len({s.section for s in found}))))
    for s in found:
        if s.section != last:
            position -= 1.6
            heads.append((position + 0.85, s.section))
            last = s.section
        colour = GAIN if s.median >= 1 else LOSS
        axes.plot(
            [s.lowest, s.highest], [position, position], color=colour, linewidth=3.5, alpha=0.45, solid_capstyle="round"
        )
        axes.plot([s.median], [position], "o", color=colour, markersize=5.5)
        axes.annotate(
            written(s.median),
            (s.highest, position),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=colour,
        )
        labels.append((position, s.rival))
        position -= 1
    axes.axvline(1, color=INK, linewidth=1)
    axes.set_xscale("log")
    axes.set_ylim(position, 0.2)
    lowest, highest = min([s.lowest for s in found], default=0.1), max([s.highest for s in found], default=10)
    axes.set_xlim(min(lowest, 0.5) / 1.5, max(highest, 2) * 4)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}x")
    axes.set_yticks([p for p, _ in labels], [name for _, name in labels], fontsize=8)
    for height, head in heads:
        axes.annotate(
            head, (0, height), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
            fontsize=8, fontweight="bold", color=INK,
        )  # fmt: skip
    axes.tick_params(colors=INK, which="both", length=2)
    axes.grid(axis="x", color=INK, alpha=0.2, linewidth=0.6)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    axes.set_xlabel("time of the rival / time of Secant: right of 1x Secant is faster", color=INK, fontsize=9)
    fig.tight_layout()
    fig.savefig(path, transparent=True, metadata={"Date": None})
    pyplot.close(fig)
