"""What Secant prints in LaTeX, it reads: the function read from it has the values of the function that was printed."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from secantd.calculus.derivative import differentiate
from secantd.errors import CalculusError
from secantd.functions import FUNCTIONS
from secantd.functions import NAMES as NAMES_OF_FUNCTIONS
from secantd.language import Notation, plain_name, read
from secantd.program import compile
from secantd.render import render
from secantd.render.spelling import latex_name, own_names

# Letters of functions, constants and indices among them.
NAMES = ("x", "y", "mu", "x1", "theta[2]", "rate", "T", "e", "f", "Gamma", "psi", "J_1", "a_b", "d", "i", "varphi")
POINT = {name: 0.35 + 0.21 * k for k, name in enumerate(NAMES)}
# The derivatives of distribution functions with respect to their shapes are printed as derivatives.
SCALARS = [
    r for n, r in FUNCTIONS.items()
    if n in NAMES_OF_FUNCTIONS and n.isidentifier() and not n.startswith("q") and r"\partial" not in r.latex
]  # fmt: skip

NUMBERS = ("0", "1", "2", "3", "10", "0.5", "1e-5", "2.5e20", "(-2)", "(1/2)", "(1/3)", "(3/4)", "pi")
LEAVES = (*NAMES, *NAMES, *NUMBERS)
SHAPES = (
    "({} + {})", "({} - {})", "{} * {}", "({} / {})", "({} ^ {})", "(-{})", "({} * {} * {})", "({} %% {})",
    "ifelse({} < {}, {}, {})", "ifelse({} == {}, {}, {})", "ifelse({} > 0 & !({} > 1), {}, {})", "ifelse({} <= 1 | {} >= 2, {}, {})",
)  # fmt: skip
CALLS = tuple(f"{r.name}({', '.join(['{}'] * len(r.parameters))})" for r in SCALARS)


@st.composite
def formulas(draw):
    """Return a formula in R notation that is made of operators and calls of functions, one in the other."""
    parts = [draw(st.sampled_from(LEAVES)) for _ in range(draw(st.integers(2, 6)))]
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(draw(st.sampled_from((SHAPES, CALLS, CALLS)))))
        power = draw(st.sampled_from(("", "", "", "^2", "^x", "^(-1)"))) if shape in CALLS else ""
        operands = [parts[draw(st.integers(0, len(parts) - 1))] for _ in range(shape.count("{}"))]
        parts.append(shape.format(*operands) + power)
    return parts[-1]


def values(node, names, nudge=0.0):
    return compile([node], list(names)).point([POINT[n] * (1 + nudge) for n in names])[0]


def assert_is_read_back(node):
    spelled = own_names(node, Notation.LATEX)
    text = render(node, Notation.LATEX)
    # A variable e is printed as e_, since e is Euler's number.
    asked = tuple(name if written == latex_name(name) else plain_name(written) for name, written in spelled.items())
    try:
        found = read(text, Notation.LATEX, variables=asked)
    except CalculusError as error:
        pytest.fail(f"{text}\n{error}")
    renamed = {}
    for name, written in spelled.items():
        renamed[read(written, Notation.LATEX, variables=asked).outputs[0].name] = name
    assert set(found.variables) <= set(renamed), text
    expected = values(node, list(spelled))
    # Where a function jumps, rounding decides the side.
    if values(node, list(spelled), 1e-8) != pytest.approx(expected, rel=1e-3):
        return
    got = compile(list(found.outputs), list(found.variables)).point([POINT[renamed[v]] for v in found.variables])[0]
    if math.isnan(expected) or math.isinf(expected):
        # lgamma of a negative number, say, is the logarithm of an absolute value: what is printed is that.
        return
    assert got == pytest.approx(expected, rel=1e-9, abs=1e-300), text


@given(formulas())
@example("gamma(Gamma ^ x)")
@example("gamma(psi ^ x)")
@example("lfactorial(2.5e20)")
@example("psi ^ (1e-5 ^ psi)")
@settings(max_examples=300)
def test_the_latex_of_a_formula_is_read_as_this_formula(text):
    assert_is_read_back(read(text, variables=NAMES).outputs[0])


@pytest.mark.parametrize("text", [call.format("x", "y", "rate") for call in CALLS])
def test_the_latex_of_each_function_and_of_its_powers_is_read(text):
    for formula in (text, f"a_b * {text}", f"{text}^2", f"-{text}/T", f"T^{text}", f"log({text})"):
        assert_is_read_back(read(formula).outputs[0])


@pytest.mark.parametrize("text", [
    "x^2*exp(-x)", "log(x)/x", "sin(x)^2*cos(x)", "dnorm(x, mu, rate)", "x^y", "sqrt(1 + x^2)", "atan2(x, y)", "abs(x)^3",
    "log(x, 10)", "gamma(x)/beta(x, y)", "ifelse(x > 1, x^2, x)", "(x %% y)*x", "2*(1/2)*x", "lfactorial(x)*x", "x*(y - 1)/(x*y)",
])  # fmt: skip
def test_the_latex_of_a_derivative_is_read(text):
    function = read(text, variables=("x",))
    derivative = differentiate(function, ("x",), notations=(Notation.LATEX,)).derivative
    found = read(derivative.text, Notation.LATEX, variables=function.variables)
    exact = read(differentiate(function, ("x",), notations=(Notation.R,)).derivative.text)
    point = {**POINT, "mu": 0.5}
    got, expected = (
        compile(list(f.outputs), list(f.variables)).point([point[v] for v in f.variables])[0] for f in (found, exact)
    )
    assert got == pytest.approx(expected, rel=1e-9)
