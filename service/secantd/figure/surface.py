"""The surface of a function of two variables, with a slice, its tangent, and the gradient on the floor."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import plane, ranges, words
from secantd.figure.curve import subject
from secantd.figure.request import PlotRequest, SurfaceFigure
from secantd.figure.scene import Array, Layer, Line, Mesh, Points, Region, Scene
from secantd.figure.style import BLACK, TANGENT, Style
from secantd.figure.values import affordable, grid, tangent_at
from secantd.settings import Limits
from secantd.shown import series, variables_are

__all__ = ["surface"]

# Cells along a side; each is a polygon in the file. Where so many do not show the shape, there are more.
CELLS, MOST_CELLS = 18, 40
# Cells of the grid on which the shape is looked at, a multiple of CELLS, and how far it may be from the cells, relative to its height.
FINE, ROUGH = 180, 0.02
# The part of the lines that is at equal distances.
EVEN = 0.4
# The distance of the floor with arrows below the surface, in heights of the surface.
FLOOR = 0.55
# Half the length of the tangent, relative to the interval.
TANGENT_PART = 0.28
# The drawing order: the surface behind the plane of the slice, the plane, the surface in front.
BEHIND, PLANE, BEFORE = 3.0, 3.2, 3.4


def surface(request: PlotRequest, figure: SurfaceFigure, limits: Limits) -> Scene:
    """Return the surface, with arrows and a slice if they are requested.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, UNDEFINED_AT_POINT, NOT_DIFFERENTIABLE.
    """
    names = ranges.check_variables(request, 2, "a surface")
    slice_variable = figure.slice_variable or names[0]
    if slice_variable not in names:
        raise CalculusError(
            Reason.UNKNOWN_VARIABLE,
            f"'{slice_variable[:40]}' is not a variable of the figure",
            variables_are(names, "its"),
            field="surface.slice_variable",
            metadata={"name": slice_variable},
        )
    at = plane.lifted(request.function, names, figure.at, "surface.at") if figure.at else {}
    intervals = plane.box(request, names, [[at[n] for n in names]] if at else [])
    held = 1 - names.index(slice_variable)
    x, y = lines(request, names, intervals)
    if at:
        # The surface is divided by the plane of the slice.
        x, y = (np.union1d(g, [at[n]]) if i == held else g for i, (n, g) in enumerate(zip(names, (x, y), strict=True)))
    (z,) = grid(request.function, names, x, y)
    low, high = plane.heights(z, plane.zoom_of(request.function, names, x, y))
    if high == low:
        low, high = ranges.padded(low, high)
    with np.errstate(invalid="ignore"):
        z = np.where((z >= low) & (z <= high), z, np.nan)
    layers: list[Layer] = [Mesh(x, y, z, (low, high))]
    if at:
        layers = list(parted(x, y, z, (low, high), held, at[names[held]]))
    sentences: list[str] = []
    notices: list[str] = []
    floor = low
    if figure.arrows:
        floor = low - FLOOR * (high - low)
        field, words_of = plane.gradient_arrows(request, names, intervals, figure.arrows, floor)
        layers.append(field)
        sentences.append(f"{words_of}, drawn on the floor under the surface.")
    if at:
        more, words_of, notice = slice_at(request, names, intervals, at, slice_variable, (low, high), limits)
        layers += more
        sentences.append(words_of)
        notices += [notice] if notice else []
    where = series([words.interval(n, i) for n, i in zip(names, intervals, strict=True)])
    description = (
        f"The surface z = {subject(request, *names)} for {where}; its values reach from {words.number(low)} to "
        f"{words.number(high)}."
    )
    return Scene(
        words.heading(request.function, names),
        (*(words.axis(n) for n in names), words.value_axis(names)),
        (intervals[0], intervals[1], (floor, high)),
        layers,
        " ".join([description, *sentences]),
        tuple(notices),
    )


def lines(request: PlotRequest, names: Sequence[str], intervals: list[ranges.Interval]) -> tuple[Array, Array]:
    """Return the lines of the surface: at equal distances, or if these miss its shape, more of them and denser where it bends.

    Args:
        request: The request.
        names: The two variables.
        intervals: The interval of each.
    """
    side = math.isqrt(affordable(request.function, (FINE + 1) ** 2, (CELLS + 1) ** 2)) - 1
    even = [np.linspace(*i, CELLS + 1) for i in intervals]
    if side < FINE:
        return even[0], even[1]
    fine = [np.linspace(*i, side + 1) for i in intervals]
    (z,) = grid(request.function, names, fine[0], fine[1])
    z = np.where(np.isfinite(z), z, np.nan)
    every = FINE // CELLS
    low, high = (float(q) for q in np.nanquantile(z, [0.0, 1.0])) if np.isfinite(z).any() else (0.0, 0.0)
    # Between the lines the surface is flat, nearly.
    middle, corners = z[every // 2 :: every, every // 2 :: every], z[::every, ::every]
    flat = 0.25 * (corners[:-1, :-1] + corners[1:, :-1] + corners[:-1, 1:] + corners[1:, 1:])
    with np.errstate(invalid="ignore"):
        off = np.abs(middle[: flat.shape[0], : flat.shape[1]] - flat)
    if not np.isfinite(off).any() or not np.nanmax(off) > ROUGH * (high - low):
        return even[0], even[1]
    found = []
    for axis in (1, 0):
        bend = np.nan_to_num(np.abs(np.diff(z, 2, axis=axis)), posinf=0.0)
        bend = np.sqrt(bend.max(axis=1 - axis) / (float(bend.max()) or 1.0))
        weight = np.concatenate([bend[:1], bend]) + np.concatenate([bend, bend[-1:]])
        total = float(weight.sum()) or 1.0
        gone = np.concatenate([[0.0], np.cumsum(EVEN / len(weight) + (1 - EVEN) * weight / total)])
        places = np.unique(np.searchsorted(gone, np.linspace(0.0, float(gone[-1]), MOST_CELLS + 1)).clip(0, side))
        # The highest and the lowest point are corners of cells.
        peaks = [int(np.unravel_index(int(f(z)), z.shape)[axis]) for f in (np.nanargmax, np.nanargmin)]
        found.append(fine[1 - axis][np.union1d(places, [0, side, *peaks])])
    return found[0], found[1]


def parted(x: Array, y: Array, z: Array, shown: ranges.Interval, held: int, value: float) -> tuple[Mesh, Mesh]:
    """Return the surface behind and in front of a plane; the view is from large x and small y."""
    if held == 0:
        return (
            Mesh(x[x <= value], y, z[:, x <= value], shown, BEHIND),
            Mesh(x[x >= value], y, z[:, x >= value], shown, BEFORE),
        )
    return (
        Mesh(x, y[y >= value], z[y >= value], shown, BEHIND),
        Mesh(x, y[y <= value], z[y <= value], shown, BEFORE),
    )


def slice_at(
    request: PlotRequest,
    names: tuple[str, ...],
    intervals: list[ranges.Interval],
    at: dict[str, float],
    moving: str,
    shown: ranges.Interval,
    limits: Limits,
) -> tuple[list[Layer], str, str]:
    """Return the slice through a point, its plane and its tangent, a sentence about them, and why there is no tangent."""
    value, slope, why = tangent_at(request.function, moving, at, limits)
    along = names.index(moving)
    held = names[1 - along]
    point = ", ".join(f"{n} = {words.number(at[n])}" for n in names)
    if not math.isfinite(value):
        raise ranges.undefined(request.function, f"at {point}", "surface.at")
    lower, upper = intervals[along]
    t = np.linspace(lower, upper, 101)
    heights = grid(request.function, (moving, held), t, np.array([at[held]]))[0][0]
    low, high = shown
    with np.errstate(invalid="ignore"):
        heights = np.where((heights >= low) & (heights <= high), heights, np.nan)
    half = TANGENT_PART * (upper - lower)
    if slope and not why:
        half = min(half, 0.45 * (high - low) / abs(slope))
    ends = np.array([at[moving] - half, at[moving] + half])
    style = Style("#D55E00", 2.2, order=6.0)
    corners = np.array([[lower, low], [upper, low], [upper, high], [lower, high]])

    def placed(moved: Array) -> tuple[Array, Array]:
        still = np.full_like(moved, at[held])
        return (moved, still) if along == 0 else (still, moved)

    symbol = f"∂f/∂{moving}"
    cut = f"{held} = {words.number(at[held])}"
    touch = np.array([at[moving]])
    plane_of = Region(np.column_stack([*placed(corners[:, 0]), corners[:, 1]]), Style("#D55E00", 0.8, order=PLANE))
    curve = Line(*placed(t), style, f"slice {cut}", z=heights)
    if why:
        mark = Points(
            *placed(touch),
            TANGENT.marked("o"),
            f"no tangent at {moving} = {words.number(at[moving])}",
            z=np.array([value]),
        )
        return (
            [plane_of, curve, mark],
            (
                f"The plane {cut} cuts the surface in a curve, which has no tangent at {point} (value {words.number(value)}): {why}."
            ),
            f"no tangent at {point}: {why}",
        )
    equation = point_slope(slope, moving, at[moving], value)
    tangent = Style(BLACK, 2.0, (5.0, 1.6), order=6.5)
    layers: list[Layer] = [
        plane_of,
        curve,
        Line(*placed(ends), tangent, f"tangent {equation}", z=value + slope * (ends - at[moving])),
        Points(*placed(touch), TANGENT.marked("o"), f"{symbol} = {words.number(slope)}", z=np.array([value])),
    ]
    return (
        layers,
        (
            f"The plane {cut} cuts the surface in a curve, whose tangent at {point} (value {words.number(value)}) has the slope "
            f"{symbol} = {words.number(slope)}: {equation}."
        ),
        "",
    )


def point_slope(slope: float, name: str, x: float, y: float) -> str:
    """Return the tangent in point-slope form.

    >>> point_slope(4.0, "x", 2.0, 6.0), point_slope(-2.0, "x", -1.0, 9.0)
    ('z = 4(x − 2) + 6', 'z = −2(x + 1) + 9')
    """
    shifted = name if x == 0 else f"({name} {'−' if x > 0 else '+'} {words.number(abs(x))})"
    end = "" if y == 0 else f" {'−' if y < 0 else '+'} {words.number(abs(y))}"
    return f"z = {words.number(slope)}{shifted if shifted != name or len(name) == 1 else ' ' + name}{end}"
