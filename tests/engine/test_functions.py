"""The table of special functions and distributions: every row is read, printed, computed and differentiated.

The tests walk the table; tests/engine/test_rows.py proves that each row is complete.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from secantd.calculus import differentiate
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph
from secantd.functions import Row
from secantd.functions.distributions import DISTRIBUTIONS
from secantd.functions.special import SPECIAL
from secantd.language import Notation, read
from secantd.program import compile
from secantd.program.operations import OPERATIONS
from secantd.render import latex_text, python_text, r_text

ROWS = [pytest.param(f, id=f.name) for f in (*SPECIAL, *DISTRIBUTIONS)]


def value(op: str, arguments: Sequence[float]) -> float:
    return OPERATIONS[op].careful(*arguments)


def slope(f: object, at: float) -> tuple[float, float]:
    """Return f'(at) and its error, by central differences extrapolated to h = 0 (Richardson)."""
    assert callable(f)
    h = 0.02 * max(abs(at), 0.2)
    table = [[(f(at + s) - f(at - s)) / (2 * s)] for s in (h, h / 2, h / 4, h / 8)]
    for i in range(1, 4):
        for j in range(1, i + 1):
            table[i].append(table[i][j - 1] + (table[i][j - 1] - table[i - 1][j - 1]) / (4**j - 1))
    return table[3][3], abs(table[3][3] - table[2][2])


def call_text(row: Row, arguments: Sequence[str]) -> str:
    named = [f"{name} = {a}" if name else a for name, a in zip(row.named, arguments, strict=True)]
    flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags]
    return f"{row.written}({', '.join([*named, *flags])})"


@pytest.mark.parametrize("row", ROWS)
def test_a_call_is_read_printed_and_read_again(row: Row) -> None:
    names = [f"v{i}" for i in range(len(row.parameters))]
    f = read(call_text(row, names))
    (output,) = f.outputs
    assert output.op == row.name
    assert [a.name for a in output.args] == names
    for text, notation in ((r_text(output), Notation.R), (python_text(output), Notation.PYTHON)):
        (again,) = read(text, notation).outputs
        if notation is Notation.R and row.in_r:
            assert row.written not in text
            assert [compile([again], names).point(a) for a in row.points] == [
                pytest.approx([value(row.name, a)], rel=1e-14) for a in row.points
            ]
            continue
        assert (again.op, [a.name for a in again.args]) == (row.name, names), text
    assert all(name in latex_text(output).replace("_{", "").replace("}", "") for name in names)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        pytest.param("log2(x)", r"\log_{2}\left(x\right)", id="a number in its name"),
        pytest.param("log10(x)", r"\log_{10}\left(x\right)", id="two digits"),
        pytest.param("psigamma(x, 3)", r"\psi^{\left(3\right)}\left(x\right)", id="arguments in another order"),
    ],
)
def test_templates_of_latex_distinguish_braces_from_placeholders(text, latex):
    assert latex_text(read(text).outputs[0]) == latex


@pytest.mark.sample(3)
@pytest.mark.parametrize("row", ROWS)
def test_many_points_at_once_give_what_one_point_gives(row: Row) -> None:
    chosen = row.points
    names = [f"v{i}" for i in range(len(row.parameters))]
    g = Graph()
    program = compile([g.make(row.name, *map(g.symbol, names))], names)
    extreme = [0.0, 1.0, -1.0, 1e-300, 1e300, math.inf, -math.inf, math.nan, 0.5, -800.0, 40.0]
    table = [*chosen, *[(x, *chosen[0][1:]) for x in extreme], *[(*chosen[0][:-1], x) for x in (0.0, -1.0, math.nan)]]
    expected = [value(row.name, a) for a in table]
    (got,) = program.batch([np.array(c) for c in zip(*table, strict=True)])
    # Differences magnify the last digits.
    np.testing.assert_allclose(got, expected, rtol=1e-10 if row.name == "pf_grad_df1_df2" else 1e-12, atol=0)
    np.testing.assert_array_equal([program.point(list(a)) for a in table], [[e] for e in expected])


CASES = [
    pytest.param(f, i, id=f"{f.name} by {p}") for f in (*SPECIAL, *DISTRIBUTIONS) for i, p in enumerate(f.parameters)
]


def differentiated(row: Row, position: int, arguments: Sequence[float], order: int) -> str:
    """Return the derivative as a text of v, the other arguments put in as numbers."""
    texts = [repr(a) if i != position else "v" for i, a in enumerate(arguments)]
    return differentiate(read(call_text(row, texts), Notation.R), ["v"] * order).derivative.text


@pytest.mark.sample(2)
@pytest.mark.parametrize(("row", "position"), CASES)
def test_a_derivative_is_the_limit_of_difference_quotients_or_refused(row: Row, position: int) -> None:
    for arguments in row.points:
        if not row.derivatives[position]:
            with pytest.raises(CalculusError, match="is not known") as caught:
                differentiated(row, position, arguments, 1)
            assert caught.value.reason is Reason.NOT_DIFFERENTIABLE
            assert row.unknown in caught.value.headline
            return

        def along(x: float, arguments: tuple[float, ...] = arguments) -> float:
            return value(row.name, [x if i == position else a for i, a in enumerate(arguments)])

        if not math.isfinite(along(arguments[position])):
            continue
        expected, error = slope(along, arguments[position])
        f = read(differentiated(row, position, arguments, 1), Notation.R)
        (got,) = compile(f.outputs, ["v"]).point([arguments[position]])
        scale = max(abs(expected), abs(along(arguments[position])))
        assert got == pytest.approx(expected, rel=1e-7, abs=1e-8 * scale + 100 * error), r_text(f.outputs[0])


KNOWN = [c for c in CASES if c.values[0].derivatives[c.values[1]]]


@pytest.mark.sample(3)
@pytest.mark.parametrize(("row", "position"), KNOWN)
def test_a_second_derivative_is_the_derivative_of_the_first(row: Row, position: int) -> None:
    for arguments in row.points:
        f = read(differentiated(row, position, arguments, 1), Notation.R)
        if not math.isfinite(value(row.name, arguments)):
            continue
        first = compile(f.outputs, ["v"])
        try:
            second = read(differentiated(row, position, arguments, 2), Notation.R)
        except CalculusError as problem:
            # The first derivative holds a function whose own is not known.
            if problem.reason is Reason.NOT_DIFFERENTIABLE:
                continue
            raise
        expected, error = slope(lambda x, first=first: first.point([x])[0], arguments[position])
        (got,) = compile(second.outputs, ["v"]).point([arguments[position]])
        scale = max(abs(expected), abs(first.point([arguments[position]])[0]))
        assert got == pytest.approx(expected, rel=1e-7, abs=1e-8 * scale + 100 * error), second.outputs


GOLDEN = Path(__file__).parents[1] / "golden" / "functions.tsv"
LETTERS = [line.split("\t") for line in GOLDEN.read_text().splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(
    ("formula", "variable", "order", "deriv", "ours"),
    [pytest.param(*r, id=f"{r[0]} by {r[1]}^{r[2]}") for r in LETTERS],
)
def test_a_derivative_is_printed_as_deriv_prints_it_or_as_in_the_table(
    formula: str, variable: str, order: str, deriv: str, ours: str
) -> None:
    text = differentiate(read(formula, Notation.R), [variable] * int(order)).derivative.text
    assert text == (ours or deriv)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param("dgamma(x, a, scale = s)", "dgamma(x, a, 1/s)", id="scale is 1/rate"),
        pytest.param(
            "pgamma(x, a, scale = s, lower.tail = FALSE)", "pgamma(x, a, 1/s, lower.tail = FALSE)", id="scale, upper"
        ),
        pytest.param("dnbinom(x, n, mu = m)", "dnbinom(mu = m, size = n, x = x)", id="mu by its name"),
        pytest.param(
            "pnorm(x, 0, 1, FALSE, TRUE)", "pnorm(x, lower.tail = FALSE, log.p = TRUE)", id="flags by position"
        ),
        pytest.param("pnorm(x, lower_tail=False)", "pnorm(x, lower.tail = FALSE)", id="flags without dots"),
        pytest.param("dnorm(x, log=T)", "dnorm(x, log = TRUE)", id="T"),
        pytest.param("math.lgamma(x) + math.gamma(x)", "lgamma(x) + gamma(x)", id="names of math"),
        pytest.param("scipy.special.gammaln(x)", "lgamma(x)", id="names of SciPy"),
        pytest.param("stats.norm.logsf(x, m, s)", "pnorm(x, m, s, lower.tail = FALSE, log.p = TRUE)", id="norm.logsf"),
        pytest.param("scipy.stats.binom.pmf(k, n, p)", "dbinom(k, n, p)", id="binom.pmf"),
        pytest.param("chi2.isf(p, df)", "qchisq(p, df, lower.tail = FALSE)", id="chi2.isf"),
    ],
)
def test_other_ways_to_write_a_call_mean_the_same(text: str, same: str) -> None:
    assert r_text(read(text).outputs[0]) == r_text(read(same).outputs[0])


@pytest.mark.parametrize(
    ("text", "python"),
    [
        pytest.param("pnorm(x, log.p = TRUE)", "stats.norm.logcdf(x, 0, 1)", id="norm"),
        pytest.param("dpois(k, l)", "stats.poisson.pmf(k, l)", id="poisson"),
        pytest.param("qt(p, n, log.p = TRUE)", "qt(p, n, log_p=True)", id="no method in SciPy"),
        pytest.param("dgamma(x, a, b)", "dgamma(x, a, b)", id="other parameters in SciPy"),
    ],
)
def test_python_notation_uses_scipys_names_where_they_mean_the_same(text: str, python: str) -> None:
    assert python_text(read(text).outputs[0]) == python


def test_rate_and_scale_together_are_refused() -> None:
    with pytest.raises(CalculusError, match="takes 'rate' or 'scale', not both"):
        read("dgamma(x, a, rate = 2, scale = 0.5)")


def test_gamma_and_beta_are_names_until_they_are_called() -> None:
    assert (
        differentiate(read("beta * gamma(gamma)"), ["gamma"]).derivative.text == "beta * digamma(gamma) * gamma(gamma)"
    )
