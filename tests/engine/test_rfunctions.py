"""R's models of nls(), and distributions that are formulas; values of R 4.2.2 (stats) with 15 digits."""

import math

import pytest
from secantd.calculus import differentiate, evaluate
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.program import compile
from secantd.render import r_text

VALUES = [
    ("SSlogis(0.7, 3.2, 1.1, 0.4)", 0.860612548383984),
    ("SSfpl(0.7, 0.5, 3.2, 1.1, 0.4)", 1.22614183769899),
    ("SSmicmen(0.7, 3.2, 1.1)", 1.24444444444444),
    ("SSgompertz(0.7, 3.2, 1.1, 0.4)", 1.79309403684506),
    ("SSweibull(0.7, 3.2, 1.1, -0.4, 1.7)", 2.43680489821679),
    ("SSasymp(0.7, 3.2, 1.1, -0.4)", 1.88647637995649),
    ("SSasympOff(0.7, 3.2, -0.4, 0.2)", 0.911284400154579),
    ("SSasympOrig(0.7, 3.2, -0.4)", 1.19844019802894),
    ("SSbiexp(0.7, 3.2, 0.6, 1.1, -0.4)", 1.58178335277199),
    ("SSfol(4, 0.7, -2.5, 0.5, -3)", 4.36428351723897),
    ("dgeom(3, 0.3)", 0.1029),
    ("dgeom(3, 0.3, log = TRUE)", -2.27399763614213),
    ("pgeom(3.5, 0.3)", 0.7599),
    ("pgeom(3, 0.3, lower.tail = FALSE, log.p = TRUE)", -1.42669977575493),
    ("qgeom(0.7, 0.3)", 3),
    ("dhyper(1, 5, 6, 4)", 0.303030303030303),
    ("dhyper(5, 4, 6, 4)", 0),
    ("dhyper(2, 5, 6, 4, log = TRUE)", -0.78845736036427),
    ("dmultinom(c(1, 2, 1), prob = c(0.2, 0.5, 0.3))", 0.18),
    ("dmultinom(c(1, 2, 0), 3, c(1, 5, 0), log = TRUE)", -1.05779029414785),
    ("dlaplace(0.7, 0.2, 1.5)", 0.238843770191263),
    ("log1mexp(0.3)", -1.35022561281485),
    ("log1m_exp(-0.3)", -1.35022561281485),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_the_value_is_that_of_r(text: str, expected: float) -> None:
    (value,) = evaluate(read(text, Notation.R), {}, 0).values
    assert value == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("text", "variable", "derivative"),
    [
        ("SSlogis(x, Asym, xmid, scal)", "Asym", "1/(1 + exp((xmid - x)/scal))"),
        ("SSmicmen(conc, Vm, K)", "K", "-(Vm * conc/(K + conc)^2)"),
        ("dgeom(3, p, log = TRUE)", "p", "1/p - 3/(1 - p)"),
        ("log1mexp(x)", "x", "1/expm1(x)"),
    ],
)
def test_derivatives_are_those_of_the_formula(text: str, variable: str, derivative: str) -> None:
    assert differentiate(read(text, Notation.R), [variable]).derivative.text == derivative


def test_arguments_are_matched_as_in_r() -> None:
    assert r_text(read("SSlogis(xmid = m, t, a, s)").outputs[0]) == r_text(read("a/(1 + exp((m - t)/s))").outputs[0])
    f, g = (differentiate(read(text), ["x"]).derivative.text for text in ("logSumExp(c(x, y))", "logsumexp(c(x, y))"))
    assert f == g
    with pytest.raises(CalculusError, match="'scal' is missing"):
        read("SSlogis(t, a, m)")


def test_what_is_no_count_has_no_probability() -> None:
    assert compile(read("dhyper(1.5, 5, 6, 4)").outputs, []).point([]) == [0.0]
    assert list(evaluate(read("dmultinom(c(1, 2), 4, c(0.5, 0.5), log = TRUE)"), {}, 0).values) == [-math.inf]
