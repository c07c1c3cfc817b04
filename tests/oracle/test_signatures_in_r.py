"""R's own signatures as the witness of ours: every argument has R's name and R's place."""

from typing import Any

import pytest
from secantd.functions import FUNCTIONS, Row
from secantd.functions.distributions import DISTRIBUTIONS
from secantd.language import Notation, read
from secantd.language.catalog import known_functions
from secantd.program import compile

# Functions that R lacks, and operators.
NOT_IN_R = {"erf", "erfc", "%%", "%/%"}
# R takes any number of arguments.
DOTS = {"pmax": ["a", "b", "na.rm"], "pmin": ["a", "b", "na.rm"], "trunc": ["x"]}
TABLE = {row.written: row for row in list(FUNCTIONS.values())[::-1]}
NAMES = [name for name, row in TABLE.items() if name not in NOT_IN_R and not (row.in_r or row.numeric)]
PARAMETERS = {f.name: [p.partition(" ")[0] for p in f.parameters] for f in known_functions()}


@pytest.mark.parametrize("name", NAMES)
def test_the_parameters_of_a_function_are_those_of_r(r, name):
    found = list(r.r("function(name) names(formals(args(get(name))))")(name))
    assert (PARAMETERS[name] + (["na.rm"] if name in ("pmax", "pmin") else [])) == DOTS.get(name, found)


def value(text: str) -> float:
    f = read(text, Notation.R)
    return compile(f.outputs, [], f.graph.columns).point([])[0]


# R refuses two parametrizations at once: with these the flags are given by name only.
BY_PLACE = [row for row in DISTRIBUTIONS if not row.instead and len(row.places) - len(row.only) == len(row.parameters)]


@pytest.mark.parametrize("row", BY_PLACE, ids=lambda row: row.name)
def test_a_call_by_places_has_the_value_it_has_in_r(r: Any, row: Row):
    at = dict(zip(row.parameters, row.points[0], strict=True)) | {name: v for name, v, _ in row.only}
    flags = ["TRUE" if v else "FALSE" for _, v in row.flags]
    text = f"{row.written}({', '.join([*(repr(at[p]) for p in row.places), *flags])})"
    assert value(text) == pytest.approx(next(iter(r.r(text))), rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "dgamma(1.3, 2.1, 0.7)", "pgamma(1.3, 2.1, scale = 0.7, lower.tail = FALSE)",
        "dnbinom(2, 5.5, mu = 1.3)", "dnbinom(2, mu = 1.3, 5.5)", "pnbinom(2, mu = 1.3, 5.5, log.p = TRUE)",
        "qnbinom(0.6, 5.5, mu = 1.3)", "dnbinom(m = 1.3, s = 5.5, x = 2)", "dt(0.6, ncp = 0, 1.3)",
        "dnbinom(2, 1, mu = Inf)", "dnbinom(0, 0, mu = Inf, log = TRUE)", "dchisq(0.6, 1.3, 0, TRUE)", "pbeta(0.3, 0.7, 2.2, 0, FALSE)", "log(8, 2)", "log(base = 2, 8)", "log(b = 2, x = 8)",
        "logb(8, base = 2)", "round(digits = 1, 2.26)", "sum(range(3, 7))", "sum(range(3))", "range(c(4, 9), 1)[2]",
        "atan2(x = 2, 1)", "choose(k = 2, 5)", "besselI(1.2, 1, TRUE)", "besselI(expon = TRUE, 1.2, 1)", "pmax(1, 3, na.rm = TRUE)",
        ".Machine$double.eps", ".Machine$double.xmin", ".Machine$double.xmax", ".Machine$integer.max", "1 + NA_real_",
        "sum(ifelse(c(1, -2) > 0, c(3, 4), 5))", "sum(ifelse(c(1, -2, 3, -4) > 0, c(3, 4), 5))",
    ],
)  # fmt: skip
def test_arguments_by_name_and_place_mean_what_they_mean_in_r(r, text):
    assert value(text) == pytest.approx(next(iter(r.r(text))), rel=1e-12, nan_ok=True)
