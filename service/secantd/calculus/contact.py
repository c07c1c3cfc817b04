"""Whether a graph has a tangent at a point: kinks, jumps and vertical tangents along one coordinate."""

import math
from collections.abc import Callable, Sequence

from secantd.calculus.results import Contact
from secantd.errors import CalculusError, Reason

__all__ = ["Slope", "contact_along", "contact_notice"]

# Returns the slope and the value of f at an offset from the point.
Slope = Callable[[float], tuple[float, float]]

# Distances, relative to the point's size, at which slopes on the left and the right are computed.
NEAR = (1e-4, 1e-6, 1e-8)
# Slopes whose relative difference is smaller are equal; f'' makes them differ by about NEAR[-1].
SAME = 1e-6
# Where values are smaller, neighbouring doubles are too coarse to compare them.
SMALLEST = 1e-100
# The factor by which a slope grows at least where the tangent is vertical, when the distance shrinks from one of NEAR to the
# next: that of |x|^(9/10) grows 1.6-fold both times, a logarithm 1.5-fold and then 1.3-fold.
STEEPER = 1.5


def contact_along(slope: Slope, x: float, name: str) -> tuple[Contact, float | None, float | None]:
    """Return the contact along one coordinate, and the slopes on the left and on the right where it is no tangent.

    Args:
        slope: Returns the slope and the value of f at an offset from the point.
        x: The coordinate.
        name: Its name.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f jumps.
    """
    scale = max(abs(x), 1.0)
    here, height = slope(0.0)
    left, right = ([slope(side * d * scale) for d in NEAR] for side in (-1.0, 1.0))
    sides = [[s for s, v in found if math.isfinite(v)] for found in (left, right)]
    steep = [grows(found) for found in sides]
    if any(steep) and not (math.isfinite(here) and not all(steep)):
        ends = [math.copysign(math.inf, found[-1]) if found else None for found in sides]
        return Contact.VERTICAL, ends[0], ends[1]
    for end, (beyond, _) in ((-math.inf, left[-1]), (math.inf, right[-1])):
        offset = math.nextafter(x, end) - x
        _, beside = slope(offset)
        steepest = max((abs(s) for s in (here, beyond) if math.isfinite(s)), default=0.0)
        apart = SAME * max(abs(height), abs(beside), SMALLEST) + 10 * steepest * abs(offset)
        if math.isfinite(beside) and abs(beside - height) > apart:
            headline = f"f jumps along {name} at {name} = {x:g}, so there is no tangent"
            raise CalculusError(Reason.UNDEFINED_AT_POINT, headline, "choose another point", field="at")
    if not sides[0] or not sides[1]:
        return Contact.TANGENT, None, None
    a, b = sides[0][-1], sides[1][-1]
    if math.isfinite(a) and math.isfinite(b) and abs(a - b) > SAME * max(abs(a), abs(b), 1.0) and converged(sides):
        return Contact.KINK, side_limit(sides[0]), side_limit(sides[1])
    return Contact.TANGENT, None, None


def grows(slopes: Sequence[float]) -> bool:
    """Whether slopes grow without bound as the distance to the point shrinks."""
    if len(slopes) < len(NEAR) or not all(map(math.isfinite, slopes)):
        return len(slopes) == len(NEAR) and math.isinf(slopes[-1])
    sizes = [abs(s) for s in slopes]
    return sizes[0] > 0 and sizes[1] > STEEPER * sizes[0] and sizes[2] > STEEPER * sizes[1]


def converged(sides: Sequence[Sequence[float]]) -> bool:
    """Whether the slopes on both sides have converged; if not, f has a large curvature or oscillates."""
    gap = abs(sides[0][-1] - sides[1][-1])
    return all(len(s) == len(NEAR) and abs(s[-1] - s[-2]) < 0.01 * gap for s in sides)


def side_limit(slopes: Sequence[float]) -> float:
    """Return the limit of the slopes on one side, rounded to a whole number where it is close to one."""
    nearest = round(slopes[-1])
    return float(nearest) if abs(slopes[-1] - nearest) < 1e-6 else slopes[-1]


def contact_notice(kind: Contact, name: str, left: float | None, right: float | None) -> str:
    if kind is Contact.KINK:
        return f"a kink along {name}: the slope is {left:g} from the left and {right:g} from the right, so there is no tangent"
    if left is not None and right is not None and left != right:
        return f"a cusp along {name}: the graph is vertical there and turns back"
    return f"the tangent along {name} is vertical"
