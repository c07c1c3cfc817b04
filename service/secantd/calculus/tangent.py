"""The tangent line, plane or hyperplane at a point, or what stands in its place: a kink, a vertical."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from secantd.calculus import reverse
from secantd.calculus.answers import Formula
from secantd.calculus.formulas import formula, values_at
from secantd.calculus.point import check_point, scalar
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, symbols
from secantd.language import Function, Notation
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["Contact", "Tangent", "tangent"]

# Where slopes from the left and the right are looked at, relative to the point's size.
NEAR = (1e-4, 1e-6, 1e-8)
# Slopes nearer than this, relative to their size, are one slope; f'' makes them differ by about NEAR[-1].
SAME = 1e-6
# The slope of a curve that turns vertical grows at least this much while x comes nearer by 1e4: |x|^(9/10)
# grows 2.5-fold, a logarithm not at all.
STEEPER = 1.5


class Contact(Enum):
    """What the graph does at the point; values are those of `secant.v1.Contact`."""

    TANGENT = 1
    VERTICAL = 2
    KINK = 3


@dataclass(frozen=True, slots=True)
class Tangent:
    """y = value + Σ slopeᵢ (xᵢ - x₀ᵢ); `equation` is None where there is no such tangent."""

    variables: tuple[str, ...]
    equation: Formula | None
    slopes: tuple[float, ...]
    value: float
    intercept: float
    contact: Contact
    left_slope: float | None
    right_slope: float | None
    notices: tuple[str, ...]

    @property
    def kind(self) -> str:
        """ "line", "plane" or "hyperplane"."""
        return {1: "line", 2: "plane"}.get(len(self.variables), "hyperplane")


def tangent(
    function: Function, at: Mapping[str, float], notations: Sequence[Notation] = (), *, limits: Limits | None = None
) -> Tangent:
    """Return the tangent of a scalar function at a point.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f is not finite; UNKNOWN_VARIABLE, INVALID_VALUE.

    >>> from secantd.language import read
    >>> tangent(read("x^3 - 3*x^2 + x"), {"x": 1.0}).equation.text
    '1 - 2 * x'
    """
    limits = limits or Limits()
    output = scalar(function)
    if not at:
        raise CalculusError(Reason.INVALID_VALUE, "a tangent needs a point", "give `at`", field="at")
    names = tuple(at)
    check_point(function, at, names)
    with function.lock:
        partials = reverse.gradient(function.graph, output, names)
    value, *slopes = values_at(function, [output, *partials], at)
    if not math.isfinite(value):
        place = ", ".join(f"{n} = {v:g}" for n, v in at.items())
        raise CalculusError(Reason.UNDEFINED_AT_POINT, f"f is not defined at {place}", "take another point", field="at")
    notices = list(function.notices)
    contact, left, right = Contact.TANGENT, None, None
    for name, partial in zip(names, partials, strict=True):
        kind, from_left, from_right = look_around(function, output, partial, name, at)
        if kind is not Contact.TANGENT:
            contact = kind
            left, right = (from_left, from_right) if len(names) == 1 else (None, None)
            notices.append(told(kind, name, from_left, from_right))
            break
    if contact is not Contact.TANGENT:
        return Tangent(names, None, tuple(slopes), value, math.nan, contact, left, right, tuple(notices))
    if not all(map(math.isfinite, slopes)):
        name = names[next(i for i, s in enumerate(slopes) if not math.isfinite(s))]
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT, f"f has no derivative by '{name}' there", "take another point", field="at"
        )
    intercept = value - math.fsum(s * at[n] for n, s in zip(names, slopes, strict=True))
    with function.lock:
        equation = plane(function.graph, names, slopes, intercept)
    written = formula(function, equation, notations, limits)
    return Tangent(names, written, tuple(slopes), value, intercept, contact, None, None, tuple(notices))


def plane(graph: Graph, names: Sequence[str], slopes: Sequence[float], intercept: float) -> Node:
    """Return intercept + Σ slope·x, positive terms first."""
    terms = [graph.number(intercept)] if intercept else []
    for name, slope in zip(names, slopes, strict=True):
        if slope:
            size = algebra.mul(graph, [graph.number(abs(slope)), graph.symbol(name)])
            terms.append(size if slope > 0 else graph.make("neg", size))
    leading = [t for t in terms if t.op != "neg" and not (t.op == "number" and t.value < 0)]
    others = [graph.make("neg", graph.number(-t.value)) if t.op == "number" else t for t in terms if t not in leading]
    return graph.make("add", *leading, *others) if len(terms) > 1 else terms[0] if terms else graph.number(0.0)


def look_around(
    function: Function, output: Node, partial: Node, name: str, at: Mapping[str, float]
) -> tuple[Contact, float | None, float | None]:
    """Return what f does along one variable, from its slopes on both sides of the point."""
    inputs = symbols([partial, output])
    program = compile_program([partial, output], inputs, function.graph.columns)
    scale = max(abs(at[name]), 1.0)

    def slope(offset: float) -> tuple[float, float]:
        found = program.point([at[v] + (offset if v == name else 0.0) for v in inputs])
        return found[0], found[1]

    here, _ = slope(0.0)
    left, right = ([slope(side * d * scale) for d in NEAR] for side in (-1.0, 1.0))
    sides = [[s for s, v in found if math.isfinite(v)] for found in (left, right)]
    steep = [grows(found) for found in sides]
    if any(steep) and not (math.isfinite(here) and not all(steep)):
        ends = [math.copysign(math.inf, found[-1]) if found else None for found in sides]
        return Contact.VERTICAL, ends[0], ends[1]
    # A jump of f itself is no kink: its slopes may agree.
    if not sides[0] or not sides[1]:
        return Contact.TANGENT, None, None
    a, b = sides[0][-1], sides[1][-1]
    if math.isfinite(a) and math.isfinite(b) and abs(a - b) > SAME * max(abs(a), abs(b), 1.0) and settled(sides):
        return Contact.KINK, tidy(sides[0]), tidy(sides[1])
    return Contact.TANGENT, None, None


def grows(slopes: Sequence[float]) -> bool:
    """Whether slopes grow without bound as x comes nearer."""
    if len(slopes) < len(NEAR) or not all(map(math.isfinite, slopes)):
        return len(slopes) == len(NEAR) and math.isinf(slopes[-1])
    sizes = [abs(s) for s in slopes]
    return sizes[0] > 0 and sizes[1] > STEEPER * sizes[0] and sizes[2] > STEEPER * sizes[1]


def settled(sides: Sequence[Sequence[float]]) -> bool:
    """Whether the slopes of both sides have come to rest: else f only bends fast, or oscillates."""
    gap = abs(sides[0][-1] - sides[1][-1])
    return all(len(s) == len(NEAR) and abs(s[-1] - s[-2]) < 0.01 * gap for s in sides)


def tidy(slopes: Sequence[float]) -> float:
    """Return the limit of a side's slopes: a whole number where they all but are one."""
    nearest = round(slopes[-1])
    return float(nearest) if abs(slopes[-1] - nearest) < 1e-6 else slopes[-1]


def told(kind: Contact, name: str, left: float | None, right: float | None) -> str:
    if kind is Contact.KINK:
        return f"a kink along {name}: the slope is {left:g} from the left and {right:g} from the right, so there is no tangent"
    if left is not None and right is not None and left != right:
        return f"a cusp along {name}: the graph turns vertical from both sides, and comes back"
    return f"the tangent along {name} is vertical"
