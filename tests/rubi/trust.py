"""The table of a run by chapters, and the section of docs/trust.md that is made of it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from judged import EQUAL, HANG, INTERNAL, SUITE

__all__ = ["failures", "section", "summary", "write_section"]

Record = Mapping[str, Any]
BEGIN, END = "<!-- rubi: written by ./dev rubi -->", "<!-- rubi: end -->"
# The share of claims that may be undecided.
UNDECIDED = 0.01
# Findings of one kind that are listed.
LISTED = 20
COLUMNS = ("PROVED", "AGREES", "UNDECIDED", "REFUTED", SUITE)
CHANGED = ("REFUTED", "UNDECIDED", EQUAL, "AGREES", "PROVED")
POINT = re.compile(r"at \S+ = [^:;]*|(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def chapter_of(name: str) -> str:
    """Return the chapter of a row or claim.

    >>> chapter_of("4 Trig functions/4.1 Sine/4.1.0.mac:12 *")
    '4 Trig functions'
    """
    return name.split("/")[0] if "/" in name else name.split(".mac")[0]


def claims(records: Sequence[Record], *, changed: bool) -> list[Record]:
    """Return the records of claims as the suite has them, or of changed ones."""
    return [r for r in records if "name" in r and bool(r.get("changed")) is changed]


def summary(head: Record, records: Sequence[Record], date: str, hours: float = 0.0) -> str:
    """Return the tables of a run in Markdown.

    Args:
        head: The version, the seed and the number of rows.
        records: All records.
        date: The day, as 2026-11-28.
        hours: How long the run took; 0: not known.
    """
    rows = Counter(chapter_of(r["row"]) for r in records if "row" in r)
    used = Counter(chapter_of(r["row"]) for r in records if "row" in r and "skipped" not in r)
    right, wrong = claims(records, changed=False), claims(records, changed=True)
    by_chapter = {
        kind: Counter((chapter_of(r["name"]), r["verdict"]) for r in chosen)
        for kind, chosen in (("right", right), ("changed", wrong))
    }
    lines = [
        f"Secant {head['version']}, {date}, seed {head['seed']}"
        + (f", {hours * 60:.0f} minutes" if hours else "")
        + ".",
        "",
        "Claims of the suite; a row with several antiderivatives has a claim for each:",
        "",
        "| chapter | rows | rows with claims | " + " | ".join(COLUMNS) + " | other |",
        "|---|---|---|" + "---|" * (len(COLUMNS) + 1),
    ]
    for kind, columns in (("right", COLUMNS), ("changed", CHANGED)):
        if kind == "changed":
            lines += ["", "The same with one number or sign changed:", ""]
            lines += [
                "| chapter | claims | " + " | ".join(CHANGED) + " | other |",
                "|---|---|" + "---|" * (len(CHANGED) + 1),
            ]
        found = by_chapter[kind]
        for chapter in [*sorted(rows), "all"]:
            counts = {
                v: sum(n for (c, verdict), n in found.items() if verdict == v and chapter in (c, "all"))
                for v in columns
            }
            total = sum(n for (c, _), n in found.items() if chapter in (c, "all"))
            first = (
                [rows[chapter], used[chapter]] if chapter != "all" else [sum(rows.values()), sum(used.values())]
            ) if kind == "right" else [total]  # fmt: skip
            cells = [chapter, *first, *counts.values(), total - sum(counts.values())]
            lines.append("| " + " | ".join(str(c) for c in cells) + " |")
    lines += ["", "Rows without claims, by reason:", "", "| reason | rows |", "|---|---|"]
    skipped = Counter(general(r["skipped"]) for r in records if "skipped" in r)
    lines += [f"| {reason} | {n} |" for reason, n in skipped.most_common(30)]
    lines += ["", "Claims that are undecided, by reason:", "", "| reason | of the suite | changed |", "|---|---|---|"]
    reasons = [
        Counter(general(r.get("message", "")) for r in chosen if r["verdict"] == "UNDECIDED")
        for chosen in (right, wrong)
    ]
    lines += [
        f"| {reason} | {reasons[0][reason]} | {reasons[1][reason]} |"
        for reason, _ in (reasons[0] + reasons[1]).most_common(15)
    ]
    seconds = [r["seconds"] for r in (*right, *wrong)]
    if seconds:
        sent = [r for r in (*right, *wrong) if r.get("sent")]
        differ = [r for r in sent if r.get("wire")]
        lines += [
            "",
            f"One claim took {sum(seconds) / len(seconds):.3f} seconds on average, at most {max(seconds):.1f}. "
            f"{len(sent)} claims were also sent to a server; {len(differ)} of its answers differed.",
        ]
    return "\n".join(lines) + "\n"


def general(message: str) -> str:
    """Return a reason without its numbers.

    >>> general("expected ')', found 7")
    "expected ')', found …"
    """
    return POINT.sub("…", message).replace("|", "\\|")[:120]


def failures(records: Sequence[Record]) -> list[str]:
    """Return how a run misses its goals, empty if it reaches them."""
    right, wrong = claims(records, changed=False), claims(records, changed=True)
    found = []
    for chosen, verdicts, what in (
        (right, ("REFUTED",), "right claims are refuted"),
        (wrong, ("PROVED", "AGREES"), "changed claims are accepted"),
        ([*right, *wrong], (INTERNAL, HANG, "refused"), "claims have no answer"),
    ):
        bad = [r for r in chosen if r["verdict"] in verdicts]
        if bad:
            found.append(f"{len(bad)} {what}: " + "; ".join(r["name"] for r in bad[:3]))
    for chosen, what in ((right, "claims of the suite"), (wrong, "changed claims")):
        undecided = sum(r["verdict"] == "UNDECIDED" for r in chosen)
        if undecided > UNDECIDED * len(chosen):
            found.append(f"{undecided} of {len(chosen)} {what} are undecided")
    differ = [r["name"] for r in (*right, *wrong) if r.get("wire")]
    if differ:
        found.append(f"{len(differ)} answers of the server differ: {differ[0]}")
    return found


def section(head: Record, records: Sequence[Record], date: str, hours: float) -> str:
    """Return the section of docs/trust.md."""
    right, wrong = claims(records, changed=False), claims(records, changed=True)
    lines = [BEGIN, "", summary(head, records, date, hours)]
    for chosen, verdict, title in (
        (right, SUITE, "Rows of the suite that are wrong at a real point, as balls of 300 bits confirm"),
        (right, "REFUTED", "Claims of the suite that are refuted, which nothing confirms"),
        (wrong, "AGREES", "Changed claims that are accepted"),
        (wrong, "PROVED", "Changed claims that are proved"),
    ):
        bad = [r for r in chosen if r["verdict"] == verdict]
        if bad:
            lines += [f"{title} ({len(bad)}" + (f", the first {LISTED}" if len(bad) > LISTED else "") + "):", ""]
            lines += [
                f"- {r['name']}"
                + (f" ({r['changed']})" if r.get("changed") else "")
                + f": {r.get('message', '')[:300]}"
                for r in bad[:LISTED]
            ]
            lines.append("")
    equal = [r for r in wrong if r["verdict"] == EQUAL]
    if equal:
        kinds = Counter(r["message"].split(";")[0] for r in equal)
        lines += [
            f"Changes that keep equality ({len(equal)}), by the proof:",
            "",
            "| proof | changes | one of them |",
            "|---|---|---|",
        ]
        for kind, n in kinds.most_common():
            one = next(r for r in equal if r["message"].startswith(kind))
            lines.append(f"| {kind} | {n} | {one['name']} ({one['changed']}) |")
        lines.append("")
    return "\n".join([*lines, END])


def write_section(page: Path, text: str) -> None:
    """Replace the section of a page, and nothing else of it.

    Args:
        page: The page.
        text: The section, with its first and last line.

    Raises:
        ValueError: The page has no such section.
    """
    old = page.read_text(encoding="utf-8")
    if old.count(BEGIN) != 1 or old.count(END) != 1 or old.index(BEGIN) > old.index(END):
        raise ValueError(f"{page} lacks the lines {BEGIN!r} and {END!r}")
    before, after = old.partition(BEGIN)[0], old.partition(END)[2]
    page.write_text(before + text + after, encoding="utf-8")
