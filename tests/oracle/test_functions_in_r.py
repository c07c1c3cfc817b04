"""R's own functions as the witness of ours: values at ordinary points, in the tails, at edges and outside the domain."""

import math
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from secantd.functions import FUNCTIONS, Row
from secantd.functions.distributions import DISTRIBUTIONS
from secantd.functions.special import SPECIAL
from secantd.program.operations import OPERATIONS

# R's own algorithms keep about so many digits; where they keep fewer, the tests of values ask mpmath.
DIGITS = 1e-11
INF, NAN = math.inf, math.nan
PARAMETERS: dict[str, list[tuple[float, ...]]] = {
    "norm": [(0.0, 1.0), (0.5, 2.0), (0.0, 0.0), (0.0, -1.0)],
    "lnorm": [(0.0, 1.0), (0.5, 2.0), (0.0, -1.0)],
    "exp": [(1.0,), (0.4,), (-1.0,)],
    "gamma": [(1.0, 1.0), (0.3, 2.0), (20.0, 0.5), (-1.0, 1.0)],
    "chisq": [(1.0,), (2.0,), (7.5,), (-1.0,)],
    "beta": [(1.0, 1.0), (0.3, 2.0), (20.0, 30.0), (-1.0, 1.0)],
    "t": [(1.0,), (2.5,), (70.0,), (INF,), (-1.0,)],
    "f": [(2.0, 3.0), (5.5, 7.25), (30.0, 2.5), (-1.0, 2.0)],
    "weibull": [(1.0, 1.0), (0.3, 2.0), (4.0, 0.5), (-1.0, 1.0)],
    "cauchy": [(0.0, 1.0), (0.5, 2.0), (0.0, -1.0)],
    "unif": [(0.0, 1.0), (-3.0, 7.5), (2.0, 1.0)],
    "logis": [(0.0, 1.0), (0.5, 2.0), (0.0, -1.0)],
    "pois": [(0.0,), (1.5,), (30.0,), (-1.0,)],
    "binom": [(5.0, 0.3), (0.0, 0.5), (40.0, 0.0), (40.0, 1.0), (2.5, 0.5), (5.0, 1.5)],
    "nbinom": [(5.0, 0.3), (0.7, 0.5), (5.0, 1.0), (5.0, -0.5)],
    "nbinom.mu": [(5.0, 1.3), (0.7, 12.5), (INF, 2.0), (5.0, 0.0), (5.0, -0.5)],
}
ARGUMENTS = [-INF, -50.0, -2.0, -0.5, 0.0, 1e-10, 0.2, 0.5, 1.0, 2.0, 3.5, 5.0, 20.0, 41.0, 700.0, INF, NAN]
CHANCES = [-0.1, 0.0, 1e-30, 0.001, 0.2, 0.5, 0.77, 0.999, 1.0, 1.1, NAN]
LOGARITHMS = [-INF, -900.0, -40.0, -3.0, -0.6931471805599453, -0.01, -1e-20, 0.0, 0.1, NAN]
PLACES: dict[str, list[tuple[float, ...]]] = {
    "psigamma": [(x, n) for x in (0.0, 0.3, 4.5, 80.0) for n in (0.0, 1.0, 2.0, 5.0)],
    "choose": [
        (n, k) for n in (0.0, 5.0, 5.5, -2.0, -2.5, 50.0, 60.5) for k in (-1.0, 0.0, 1.0, 3.0, 5.0, 7.0, 30.0, 45.0)
    ],
    "besselJ": [(x, n) for x in (-1.0, 0.0, 0.3, 4.5, 80.0) for n in (0.0, 1.0, 2.5, -0.5)],
    "beta": [(a, b) for a in (-1.0, 0.0, 0.3, 4.5, 80.0) for b in (0.0, 1.0, 2.5, 300.0)],
    "logaddexp": [(a, b) for a in (-800.0, -1.0, 0.3, 800.0) for b in (-801.5, 0.0, 1.0, 2.5, 799.0)],
}
ONE = [(x,) for x in (-3.0, -0.5, 0.0, 1e-10, 0.2, 1.0, 1.9, 2.0, 20.5, 100.0, 180.0, INF, NAN)]


def places(row: Row) -> list[tuple[float, ...]]:
    if row in DISTRIBUTIONS:
        first = ARGUMENTS if row.written[0] != "q" else LOGARITHMS if dict(row.flags)["log.p"] else CHANCES
        return [(x, *p) for p in PARAMETERS[row.written[1:] + ".mu" * (".mu" in row.name)] for x in first]
    kind = {"lchoose": "choose", "lbeta": "beta"}.get(row.written, row.written)
    kind = "besselJ" if kind.startswith("bessel") else kind
    return PLACES[kind] if len(row.parameters) == 2 else ONE


def in_r(r: Any, row: Row, table: Sequence[tuple[float, ...]]) -> list[float]:
    """Return R's values: its function over columns."""
    columns = [r.FloatVector(c) for c in zip(*table, strict=True)]
    named = {name: r.BoolVector([flag]) for name, flag in row.flags}
    # What is printed for a function that R lacks.
    function = f"function({', '.join(row.parameters)}) {row.in_r}" if row.in_r else f"get('{row.written}')"
    quiet = r.r(f"function(...) suppressWarnings(({function})(...))")
    places = {name: c for name, c in zip(row.named, columns, strict=True) if name}
    return list(quiet(*[c for name, c in zip(row.named, columns, strict=True) if not name], **named, **places))


def looks_at_p_only(row: Row, arguments: tuple[float, ...]) -> bool:
    """Whether R gives an end of the support, or NaN, before it looks at the parameters, which are none or degenerate."""
    if row.written[0] != "q" or row not in DISTRIBUTIONS:
        return False
    p, *parameters = arguments
    inside = -INF < p < 0 if dict(row.flags)["log.p"] else 0 < p < 1
    middle = OPERATIONS[row.name].careful(-0.5 if dict(row.flags)["log.p"] else 0.5, *parameters)
    return not inside and (middle != middle or parameters in ([0.0, 0.0], [5.0, 1.0], [5.0, 0.0]))


# R computes lgamma(1 + x), whose rounding leaves few digits; its qt() has five so far out (by mpmath). log(1 - 1e-10) has ten, and
# the quantile of exp(-900) is that of 0.
FEW_DIGITS = {
    ("punif.upper.log", (1e-10, 0.0, 1.0)),
    ("qweibull.log", (-900.0, 4.0, 0.5)),
    ("lfactorial", (1e-10,)),
    ("qt.log", (-900.0, 2.5)),
    ("qt.upper.log", (-900.0, 2.5)),
    ("df.log", (1e-10, 2.0, 3.0)),
}
# R's qf() is 1/qbeta() - 1, which cancels for small quantiles and overflows for large ones.
CANCELLED = (1e-30, -900.0, -40.0, -1e-20)
HERE = [f for f in (*SPECIAL, *DISTRIBUTIONS) if f.written not in ("erf", "erfc", "erfcx") and not f.numeric]


@pytest.mark.parametrize("row", [pytest.param(f, id=f.name) for f in HERE])
def test_values_are_those_of_r(r: Any, row: Row) -> None:
    table = places(row)
    different = []
    for arguments, expected in zip(table, in_r(r, row, table), strict=True):
        if (
            looks_at_p_only(row, arguments)
            or (row.name, arguments) in FEW_DIGITS
            or (row.written == "qf" and arguments[0] in CANCELLED)
        ):
            continue
        got = OPERATIONS[row.name].careful(*arguments)
        both = got != got and expected != expected
        if not (both or math.isclose(got, expected, rel_tol=DIGITS, abs_tol=1e-300)):
            different.append((arguments, got, expected))
    assert not different


# Far from every mean, and beyond the whole numbers that are doubles.
HARD = [1e-300, 1e-17, 0.3, 1.0, 50.0, 1e5, 2.0**53, 1e100, 1e300]


@pytest.mark.parametrize("tail", ["", ".upper", ".log", ".upper.log"])
@pytest.mark.parametrize("name", ["pgamma", "pbeta"])
def test_far_out_tails_are_those_of_r(r: Any, name: str, tail: str) -> None:
    row = FUNCTIONS[name + tail]
    firsts = [1e-300, 1e-17, 0.3, 1.0 - 2.0**-53] if name == "pbeta" else HARD
    lasts = HARD if name == "pbeta" else [1.0]
    table = [(x, a, b) for x in firsts for a in HARD for b in lasts if max(a, b) < 1e300 or name == "pgamma"]
    different = []
    for arguments, expected in zip(table, in_r(r, row, table), strict=True):
        got = OPERATIONS[row.name].careful(*arguments)
        # R gives up with NaN, and for some logarithms with -Inf.
        if math.isfinite(expected) and not math.isclose(got, expected, rel_tol=1e-10, abs_tol=1e-300):
            different.append((arguments, got, expected))
    assert not different


def test_round_has_the_values_of_r(r: Any) -> None:
    chance = Random(4)
    table = [
        (5.015, 2.0),
        (0.15, 1.0),
        (-2.5, 0.0),
        (1e300, -300.0),
        (5e-324, 323.0),
        (2.2e-308, 310.0),
        (123.456, 1.7),
    ]
    for digits in (*range(-9, 17), -308, 300, 320):
        for _ in range(40):
            # Numbers in the middle of two decimals, and others.
            middle = (chance.randrange(100_000) + 0.5) * 10.0 ** -min(max(digits, -20), 20)
            table += [
                (middle, float(digits)),
                (chance.gauss(0.0, 1.0) * 10.0 ** chance.uniform(-15, 15), float(digits)),
            ]
    x, digits_ = zip(*table, strict=True)
    expected = list(r.r["round"](r.FloatVector(x), r.FloatVector(digits_)))
    different = [(t, e) for t, e in zip(table, expected, strict=True) if OPERATIONS["round"].careful(*t) != e]
    assert not different
