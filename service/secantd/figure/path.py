"""The path of a descent or ascent: on the curve of a function of one variable, or on the contours of one of two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from secantd.descent import DescentRequest, FixedRate, LineSearch, Outcome, Step, StopReason, descend
from secantd.errors import CalculusError, Reason, within
from secantd.figure import contour, plane, ranges, words
from secantd.figure.curve import curve_line, subject
from secantd.figure.request import DescentFigure, PlotRequest
from secantd.figure.scene import Array, Arrow, Layer, Line, Motion, Points, Scene, Text
from secantd.figure.style import ARROW, BLACK, GREEN, PATH, Style
from secantd.figure.values import curve_of
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["path"]

# The number of kept steps: when there are twice as many, every second one is removed.
KEPT = 4000
# The most steps of a diverging path that are shown, and the largest distance from the start, in lengths of the first step.
FIRST, FAR = 12, 60.0
# The smallest distances between arrow heads and between markers, relative to the figure.
BETWEEN_ARROWS, BETWEEN_DOTS = 0.09, 0.016
MOST_ARROWS = 14
DOT = Style(PATH.color, 0.1, marker="o", order=4.2)
# Of an animation: the most pictures, the time of one, the point that moves, and the place of its text.
MOST_PICTURES, SECONDS = 40, 0.25
WALKER = Style(ARROW.color, 3.0, order=6.0).marked("o")
CORNER = (8.0, -8.0)
START, END = Style(GREEN, 2.4).marked("s"), Style(BLACK, 2.8).marked("*")


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """The drawn part of a descent's path.

    Attributes:
        names: The variables.
        points: The points, shape (steps, variables).
        values: f at the points, shape (steps,).
        outcome: A phrase about the outcome.
        steps: The label of the arrows.
        last: The label of the last point.
        notices: Remarks for the caller.
        numbers: The number of each step.
    """

    names: tuple[str, ...]
    points: Array
    values: Array
    outcome: str
    steps: str
    last: str
    notices: tuple[str, ...]
    numbers: tuple[int, ...] = ()


def path(request: PlotRequest, figure: DescentFigure, limits: Limits) -> Scene:
    """Return the path, with its start, its end and arrows along it.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: not one or two variables; also as for `descend`.
    """
    plan = figure.request
    names = tuple(name for name, _ in plan.start)
    if len(names) > 2:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the figure of a descent needs one or two variables; this one has {len(names)}",
            "replace the others by numbers in the formula",
            field="descent.request.start",
        )
    with within("descent.request"):
        steps, outcome = recorded_steps(plan, limits)
    shown, notices = steps_to_draw(steps, outcome)
    points = np.array([s.point for s in shown]).reshape(len(shown), len(names))
    values = np.array([s.value for s in shown])
    if not math.isfinite(values[0]):
        raise ranges.undefined(request.function, "at the start", "descent.request.start")
    last = f"step {shown[-1].number:,}" if notices else "end"
    numbers = tuple([s.number for s in shown])
    walked = DrawnPath(
        names, points, values, summary(plan, outcome), steps_in_words(plan), last, tuple(notices), numbers
    )
    return on_curve(request, walked) if len(names) == 1 else on_contours(request, walked)


def recorded_steps(plan: DescentRequest, limits: Limits) -> tuple[list[Step], Outcome]:
    """Return the steps of a descent, evenly thinned if there are many, and its outcome."""
    steps: list[Step] = []
    every, seen = 1, 0
    for bunch in descend(plan, limits=limits):
        for step in bunch.steps:
            if seen % every == 0 or bunch.outcome is not None:
                steps.append(step)
            seen += 1
        if len(steps) > 2 * KEPT:
            steps = steps[::2]
            every *= 2
        if bunch.outcome is not None:
            return steps, bunch.outcome
    raise AssertionError("a descent ends with its outcome")


def steps_to_draw(steps: list[Step], outcome: Outcome) -> tuple[list[Step], list[str]]:
    """Return the steps to draw, and notices: all steps, or the first ones of a diverging path."""
    good = [s for s in steps if all(abs(x) < ranges.LARGEST for x in s.point) and abs(s.value) < ranges.LARGEST]
    good = good or steps[:1]
    if outcome.reason not in (StopReason.DIVERGED, StopReason.NOT_FINITE) or len(good) < 3:
        return good, []
    first = math.dist(good[0].point, good[1].point)
    count = 2
    while count < min(FIRST, len(good)) and math.dist(good[0].point, good[count].point) <= FAR * first:
        count += 1
    if count == len(good):
        return good, []
    return good[:count], [f"only the first {count - 1} of {outcome.steps:,} steps are drawn, as the path diverges"]


def summary(plan: DescentRequest, outcome: Outcome) -> str:
    """Return a phrase about the outcome."""
    start = point_text(tuple(n for n, _ in plan.start), [v for _, v in plan.start])
    what = "ascent" if plan.maximize else "descent"
    end = {
        StopReason.CONVERGED: "converges to",
        StopReason.DIVERGED: "diverges; it reaches",
        StopReason.NOT_FINITE: "leaves the domain at",
    }.get(outcome.reason, "reaches")
    at = point_text(tuple(n for n, _ in plan.start), list(outcome.point))
    return f"the {what} from {start} {end} {at}, f = {words.number(outcome.value)}, in {outcome.steps:,} steps"


def steps_in_words(plan: DescentRequest) -> str:
    """Return the label of a path's arrows."""
    # Not "downhill": with too large a rate every step leads uphill.
    if isinstance(plan.method, FixedRate | LineSearch):
        return f"steps along {'+' if plan.maximize else '−'}∇f"
    return f"steps of {plan.method.title}"


def point_text(names: Sequence[str], point: Sequence[float]) -> str:
    """Return a point as text."""
    if len(names) == 1:
        return f"{names[0]} = {words.number(point[0])}"
    return f"({', '.join(names)}) = ({', '.join(words.number(v) for v in point)})"


def on_curve(request: PlotRequest, walked: DrawnPath) -> Scene:
    """Return the path on the curve."""
    (name,) = walked.names
    x, values = walked.points[:, 0], walked.values
    interval = ranges.requested_ranges(request, walked.names).get(name)
    if interval is None:
        low, high = float(x.min()), float(x.max())
        # Also the far side of the valley, unless the path itself reaches it.
        turns = bool(np.any(np.diff(x)[1:] * np.diff(x)[:-1] < 0))
        reach = max((0.25 if turns else 0.75) * (high - low), 1e-3 * abs(high)) or 1.0
        interval = low - reach, high + reach
        ranges.check_width(interval, name, "ranges")
    found = curve_of(request.function, name, interval, [float(values.min()), float(values.max())])
    shown = interval, found.shown
    description = f"The curve of {subject(request, name)} for {words.interval(name, interval)}; on it {walked.outcome}."
    layers, motion = walk(request, walked, [curve_line(found, name)], x, values, shown)
    return Scene(
        words.heading(request.function, walked.names),
        (words.axis(name), words.value_axis([name])),
        shown,
        layers,
        description,
        (*found.notices, *walked.notices),
        motion=motion,
    )


def on_contours(request: PlotRequest, walked: DrawnPath) -> Scene:
    """Return the path on the contours."""
    names, points = walked.names, walked.points
    given = ranges.requested_ranges(request, names)
    low, high = points.min(axis=0), points.max(axis=0)
    # A square with the path in its middle.
    width = max(float((high - low).max()) * 1.4, 1e-3 * float(np.abs(points).max())) or 2.0
    intervals = []
    for i, name in enumerate(names):
        middle = 0.5 * float(low[i] + high[i])
        intervals.append(given.get(name, (middle - width / 2, middle + width / 2)))
        ranges.check_width(intervals[-1], name, "ranges")
    drawn, _ = contour.lines(request, names, intervals, contour.LEVELS)
    shown = intervals[0], intervals[1]
    x, y = points.T
    where = series([words.interval(n, i) for n, i in zip(names, intervals, strict=True)])
    square = plane.equal_scales(*intervals)
    layers, motion = walk(request, walked, [drawn], x, y, shown)
    return Scene(
        words.heading(request.function, names),
        tuple(words.axis(n) for n in names),
        shown,
        layers,
        f"Contours of {subject(request, *names)} for {where}; across them {walked.outcome}.",
        (*walked.notices, *(() if square else (contour.NOT_TO_SCALE,))),
        equal=square,
        axes=False,
        motion=motion,
    )


def walk(
    request: PlotRequest,
    walked: DrawnPath,
    ground: list[Layer],
    x: Array,
    y: Array,
    shown: tuple[ranges.Interval, ranges.Interval],
) -> tuple[list[Layer], Motion | None]:
    """Return the layers of the ground and of the path on it, and how they move if that is requested."""
    first, last = ends(walked, x, y)
    if not request.animate:
        return [*ground, *along(x, y, shown, walked.steps), first, last], None
    pictures = stations(x, y, shown)
    count = len(pictures)
    layers: list[Layer] = [*ground, first]
    visible: dict[int, tuple[int, int]] = {}
    moving = []

    def add(layer: Layer, begin: int, end: int = count) -> None:
        visible[len(layers)] = (begin, end)
        layers.append(layer)

    for k, i in enumerate(pictures):
        if k:
            before = pictures[k - 1]
            part = slice(before, i + 1)
            add(Line(x[part], y[part], PATH), k)
            add(Points(x[i : i + 1], y[i : i + 1], DOT), k)
        text = f"step {walked.numbers[i]:,}   f = {words.number(float(walked.values[i]))}"
        for layer in (Points(x[i : i + 1], y[i : i + 1], WALKER), Text(shown[0][0], shown[1][1], text, CORNER)):
            moving.append(len(layers))
            add(layer, k, k + 1)
    for arrow in along(x, y, shown, walked.steps):
        if isinstance(arrow, Arrow):
            at = int(np.argmin(np.hypot(x - arrow.head[0], y - arrow.head[1])))
            add(arrow, next(k for k, i in enumerate(pictures) if i >= at))
    add(last, count - 1)
    return layers, Motion(count, SECONDS, visible, moving=frozenset(moving))


def stations(x: Array, y: Array, shown: tuple[ranges.Interval, ranges.Interval]) -> list[int]:
    """Return the places of points of a path that are one picture each: all, or about equally far from each other."""
    if len(x) <= MOST_PICTURES:
        return list(range(len(x)))
    across, up = (i[1] - i[0] for i in shown)
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x) / across, np.diff(y) / up))])
    wanted = np.linspace(0.0, float(gone[-1]), MOST_PICTURES)
    found = {0, len(x) - 1, *(int(i) for i in np.searchsorted(gone, wanted) if i < len(x))}
    return sorted(found)


def along(x: Array, y: Array, shown: tuple[ranges.Interval, ranges.Interval], label: str) -> list[Layer]:
    """Return the line of a path, with markers and arrows at regular distances."""
    across, high = (i[1] - i[0] for i in shown)
    kept, since = [0], BETWEEN_ARROWS / 2
    heads: list[int] = []
    for i in range(1, len(x)):
        gone = math.hypot((x[i] - x[i - 1]) / across, (y[i] - y[i - 1]) / high)
        since += gone
        if math.hypot((x[i] - x[kept[-1]]) / across, (y[i] - y[kept[-1]]) / high) >= BETWEEN_DOTS:
            kept.append(i)
        if since >= BETWEEN_ARROWS and len(heads) < MOST_ARROWS:
            heads.append(i)
            since = 0.0
    layers: list[Layer] = [Line(x, y, PATH), Points(x[kept], y[kept], DOT)]
    for i in heads:
        # An arrow needs some length for its head to be visible.
        back = i - 1
        while back > 0 and math.hypot((x[i] - x[back]) / across, (y[i] - y[back]) / high) < BETWEEN_ARROWS / 3:
            back -= 1
        layers.append(Arrow((float(x[back]), float(y[back])), (float(x[i]), float(y[i])), ARROW, label))
        label = ""
    return layers


def ends(walked: DrawnPath, x: Array, y: Array) -> list[Layer]:
    """Return the markers of the first and last points, labelled to the precision of the figure."""
    points = walked.points[[0, -1]]
    extent = float(np.ptp(walked.points, axis=0).max())
    if extent > 0:
        unit = 10.0 ** math.floor(math.log10(extent)) * 1e-4
        points = np.round(points / unit) * unit
    first, last = (point_text(walked.names, p) for p in points.tolist())
    return [Points(x[:1], y[:1], START, f"start: {first}"), Points(x[-1:], y[-1:], END, f"{walked.last}: {last}")]
