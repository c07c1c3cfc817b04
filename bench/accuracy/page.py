"""The page docs/accuracy.md, and the table of bounds that the tests compare."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from bench.accuracy.measure import GOAL, Measured
from bench.accuracy.reasons import reason

__all__ = ["Run", "bound", "page", "sampled", "table"]


WIDTH = 128


@dataclass(frozen=True)
class Run:
    """What the page reports about a run: its day, the machine, versions by name, the back ends and the minutes."""

    date: str
    machine: str
    versions: dict[str, str]
    back_ends: str
    minutes: float


def bound(m: Measured) -> float:
    """Return the bound that tests compare: the power of 2 from twice the largest error on, at least 4; another C library differs."""
    largest = max(m.largest)
    if largest == math.inf:
        return largest
    return max(GOAL, 2.0 ** math.ceil(math.log2(2 * largest))) if largest else 0.0


def number(x: float) -> str:
    if x == math.inf:
        return "Inf"
    return f"{x:.2g}" if x < 100 else f"{x:.0f}" if x < 1e5 else f"{x:.1e}".replace("e+", "e")


def digits(x: float) -> str:
    return "NaN" if math.isnan(x) else ("-Inf" if x < 0 else "Inf") if math.isinf(x) else f"{x!r}".removesuffix(".0")


def line(m: Measured) -> str:
    """Return the row of a function."""
    i = m.worst
    who = max(m.errors, key=lambda k: m.errors[k][i])
    at = ", ".join(map(digits, m.sample.points[i]))
    largest = max(m.largest)
    condition = number(m.conditions[i]) if largest > GOAL else ""
    cells = [
        f"`{m.sample.op.replace(' by ', '`, `')}`", number(largest), number(m.median), who, f"`{at}`", digits(m.values[who][i]),
        digits(m.sample.truths[i].nearest), condition, number(m.beyond) if largest > GOAL else "", reason(m) if largest > GOAL else "",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| {} | largest error | median | back end | at | value | true value | condition | beyond it | reason |\n"
    "|---|---:|---:|---|---|---|---|---:|---:|---|"
)


def table(rows: Sequence[Measured], first: str = "row") -> str:
    return "\n".join([HEAD.format(first), *map(line, rows)])


def summary(rows: Sequence[Measured], what: str = "rows") -> str:
    largest = [max(m.largest) for m in rows]
    counts = [
        ("at most 1 ulp", sum(x <= 1 for x in largest)),
        ("more than 1 and at most 4 ulp", sum(1 < x <= GOAL for x in largest)),
        (
            "more, which the condition explains",
            sum(x > GOAL and m.beyond <= GOAL for x, m in zip(largest, rows, strict=True)),
        ),
        ("more than the condition explains", sum(m.beyond > GOAL for m in rows)),
    ]
    lines = "\n".join(f"| {name} | {count} |" for name, count in counts)
    return f"| largest error | {what} |\n|---|---:|\n{lines}\n| all | {len(rows)} |"


def page(rows: Sequence[Measured], slopes: Sequence[Measured], run: Run) -> str:
    """Return the page."""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    points = sum(len(m.sample.points) for m in rows)
    text = f"""# How accurate each function is

`./dev accuracy` measured this page on {run.date}, in {run.minutes:.0f} minutes: {versions}; {run.machine}. Back ends: {run.back_ends}.

Each row of the table of functions ([language.md](language.md)) is computed by Evaluate at {points // len(rows)} hard points, all in one
request and each by itself, and compared with Arb. Rows with several settings of R's flags have several names here: `pnorm.upper.log` is
`pnorm(q, mean, sd, lower.tail = FALSE, log.p = TRUE)`, and `dnbinom.mu` is `dnbinom(x, size, mu = mu)`.

**The points** follow rules (`bench/accuracy/places.py`) and are the same in each run: 0, denormals and numbers up to 1e300; zeros, poles and
ends of domains, with both neighbouring doubles; places where one method takes over from another; tiny and huge parameters; tails down
to the smallest double, and beyond it for logarithms.

**The true value** is that of the textbook formula in ball arithmetic (Arb, by python-flint) at exactly these doubles, with more bits until the
ball is narrower than 1e-21 of its value. Incomplete gamma and beta functions are series of balls with a bound of the rest. Derivatives with
respect to parameters are differences of such values with 160 more bits, whose own error is about 1e-48 and no ball; quantiles are roots,
enclosed by a change of sign. A candidate without a true value in time is replaced by the next one.

**The error** is in units in the last place (ulp) of the double nearest to the true value, for denormals in units of the smallest one. A value
beyond the largest double has to be infinite, and a value that does not exist NaN: all else is an infinite error. The page shows the
largest error of all back ends, the median of the largest ones at each point, and the point.

**The condition** is by how many units the value changes where its arguments change by one: the sum of |x f'(x)/f(x)|. Arguments are
rounded before any program sees them, so that an error of that size is no fault of the function: `besselJ` near its zeros, or
a density at 40 standard deviations. The goal is 4 ulp. Above it, the last columns show the condition at the worst point, the largest
ratio of an error to 1 + condition at all fifty points ("beyond it"), and the reason.

{summary(rows)}

{table(rows)}

## Derivatives

The first derivative of each row with respect to each of its parameters, by Evaluate at the same points, is compared with the mean of the
differences of true values to both sides, whose arguments differ by 2^-300. Points where the two sides differ are left out, and so are all but
twelve points of each quantile. The condition is that of the derivative: by how many units it changes where an argument changes by one.

{summary(slopes, "derivatives")}

The table has those whose errors are more than the condition explains; `./dev accuracy ROW ...` prints the others, too.

{table([m for m in slopes if m.beyond > GOAL], "row, parameter")}

## Checks

`./dev accuracy ROW ...` measures some rows and prints their lines. `./dev test` compares a sample of points of each row with a bound: the
power of 2 from twice the largest error on (`tests/golden/accuracy.tsv`, written with this page), as C libraries differ.
"""
    return filled(text)


def filled(text: str) -> str:
    """Return a text with paragraphs of lines of the usual length; tables stay as they are."""
    parts = text.strip().split("\n\n")
    return (
        "\n\n".join([p if p.startswith("|") else textwrap.fill(p, WIDTH, break_on_hyphens=False) for p in parts]) + "\n"
    )


def sampled(m: Measured, count: int = 4) -> list[int]:
    """Return which points the tests compare: the worst one and others at equal distances."""
    places = {m.worst, *range(0, len(m.sample.points), max(1, len(m.sample.points) // (count - 1)))}
    return sorted(places)
