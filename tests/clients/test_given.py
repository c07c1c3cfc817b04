"""Functions in other forms than text, and whatever a hurried person types."""

import importlib
import linecache
import math

import numpy as n
import numpy as np
import pytest
import secant
import sympy

SCALE = 3
X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
a, b, x, y = sympy.symbols("a b x y")


@pytest.fixture(scope="module", autouse=True)
def used(real):
    secant.use(real)
    yield real
    secant.use(None)


def helper(v):
    return v**2


def squares(p, q=2):
    """Return a sum of squares."""
    first: float = p**2
    return SCALE * first + q * p


def test_answers_are_functions_of_further_calls():
    f = "x^3*y + y^2"
    assert str(secant.differentiate(secant.differentiate(f, "x"), "x")) == str(secant.differentiate(f, "x", "x"))
    gradient = secant.gradient(f)
    assert secant.hessian(gradient).texts == secant.hessian(f).texts == secant.jacobian(gradient).texts
    assert secant.hessian(secant.gradient(f, "y")).texts == (("2",),)
    assert str(secant.differentiate(gradient.partials[0], "y")) == "3 * x^2"
    assert secant.evaluate(gradient.partials[1], {"x": [1, 2], "y": [0, 1]}).value.tolist() == [1, 10]
    assert str(secant.differentiate(secant.taylor("exp(x)", {"x": 0}, 2))) == "1 + x"
    assert str(secant.differentiate(secant.tangent("x^2", {"x": 1}))) == "2"


def test_answers_keep_notation_data_and_shapes_of_their_function():
    f = secant.Expression("np.sum((y - a*v[0]*x)**2)", data={"x": [1.0, 2.0], "y": [2.0, 3.0]}, shapes={"v": 2})
    first = secant.differentiate(f, "a")
    assert float(secant.differentiate(first, "a", at={"a": 1.0, "v": [2.0, 0.0]})) == pytest.approx(40)
    latex = secant.differentiate("x^2/3", notations=["latex", "r"])
    assert str(secant.differentiate(latex)) == "2/3" or float(secant.differentiate(latex, at=1.0)) == pytest.approx(
        2 / 3
    )
    assert (
        str(secant.differentiate(secant.differentiate(secant.Expression("x^3 y", notation="textbook"), "x"), "x"))
        == "6 * (x * y)"
    )
    with pytest.raises(ValueError, match="has no formula\nask for it without values_only"):
        secant.jacobian(secant.gradient("x^2", at=1.0, values_only=True))
    with pytest.raises(ValueError, match="this Verdict has no formula"):
        secant.gradient(secant.check("x", "1"))


@pytest.mark.parametrize(
    "claimed",
    [
        pytest.param(lambda f: secant.differentiate(f, "y"), id="one"),
        pytest.param(lambda f: secant.differentiate(f, "x", "x"), id="second"),
        pytest.param(lambda f: secant.gradient(f), id="gradient"),
        pytest.param(lambda f: secant.gradient(f, notations="python"), id="gradient-python"),
        pytest.param(lambda f: secant.hessian(f), id="hessian"),
    ],
)
def test_an_answer_can_be_checked(claimed):
    f = "x^3*y + y^2"
    assert secant.check(f, claimed(f), witnesses=["exact"])
    assert not secant.check("x^2*y + y", claimed(f), witnesses=["numeric"])


def test_a_mixed_derivative_is_checked_in_steps():
    with pytest.raises(ValueError, match=r'write check\(differentiate\(f, "x"\), claimed, "y"\)'):
        secant.check("x*y", secant.differentiate("x*y", "x", "y"))


@pytest.mark.parametrize(
    ("f", "text"),
    [
        pytest.param(lambda x, y: x**2 + y, "lambda x, y: x ** 2 + y", id="lambda"),
        pytest.param(lambda x: n.sin(x) * math.pi, "lambda x: np.sin(x) * math.pi", id="modules"),
        pytest.param((lambda x: x, lambda x: x**4)[1], "lambda x: x ** 4", id="second-of-a-line"),
        pytest.param(
            lambda x: (x**2
                       + 1),
            "lambda x: x ** 2 + 1", id="lines",
        ),
        pytest.param(squares, "def squares(p, q=2):\n    first = p ** 2\n    return SCALE * first + q * p", id="def"),
    ],
)  # fmt: skip
def test_a_python_function_is_its_source(f, text):
    from secant._given import given

    found = given(f)
    assert (found.text.replace(": float", ""), found.notation) == (text, "python")


def test_a_function_whose_file_was_edited_since_is_refused(tmp_path, monkeypatch):
    module = tmp_path / "edited.py"
    module.write_text("f = lambda x: x**2\n")
    monkeypatch.syspath_prepend(tmp_path)
    edited = importlib.import_module("edited")
    assert str(secant.differentiate(edited.f)) == "2*x"
    module.write_text("f = lambda x: x**3\n")
    linecache.clearcache()
    with pytest.raises(
        TypeError, match="the source of this lambda was changed since Python read it\nwrite the formula"
    ):
        secant.differentiate(edited.f)


def test_numbers_and_arrays_around_a_python_function_are_its_data():
    rate, target = 0.5, [1.0, 2.0, 3.0]
    found = secant.gradient(lambda w: n.sum((target - X @ w) ** 2) + rate * w[0] ** 2, at={"w": [1.0, 2.0]})
    residual = np.array(target) - X @ np.array([1.0, 2.0])
    np.testing.assert_allclose(found.gradient, -2 * X.T @ residual + [1.0, 0.0])
    assert secant.differentiate(squares, "p", at={"p": 2.0}).derivative == 14.0


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (x**2 * sympy.exp(-y) / 3, "(x**2*exp(-y)/3)"),
        (sympy.Piecewise((x, x > 0), (x**2, True)), "(where((x > 0), x, x**2))"),
        (sympy.Max(x, 2) + sympy.Abs(y) ** sympy.Rational(3, 2), "(abs(y)**(3/2) + max(2, x))"),
        (sympy.Float("0.1234567890123456") * x, "(0.1234567890123456*x)"),
        (sympy.E + sympy.pi, "(exp(1) + pi)"),
        (sympy.sec(x) + sympy.acoth(y), "(acoth(y) + sec(x))"),
        (sympy.besselj(2, x + 1) * sympy.polygamma(3, y), "(besselJ((x + 1), (2))*psigamma((y), (3)))"),
        (sympy.Ei(x) + sympy.expint(1, y) + sympy.erfi(x), "(expi(x) + erfi(x) + exp1(y))"),
        (sympy.sinc(x) + sympy.binomial(x, 2), "(choose(x, 2) + sinc((x)/pi))"),
        (sympy.Matrix([x * y, x + y]), "[x*y, x + y]"),
        ([x * y, x + y], "[(x*y), (x + y)]"),
    ],
)
def test_an_expression_of_sympy_is_printed_in_python_notation(f, text):
    from secant._given import given

    assert given(f).text == text


@pytest.mark.parametrize(
    "f",
    [
        x**2 * sympy.exp(-y) / 3,
        sympy.atan2(x, y) + sympy.log(x),
        sympy.gamma(x) * sympy.erf(y),
        sympy.sinc(x) * sympy.csch(y) + sympy.uppergamma(y, x) + sympy.binomial(x + 2, y),
        sympy.besselk(1, x) * sympy.besseli(0, y) + sympy.li(x),
    ],
)
def test_the_derivative_of_a_sympy_expression_is_that_of_sympy(f):
    at = {"x": 1.3, "y": 0.7}
    wanted = [float(f.diff(v).subs(at)) for v in (x, y)]
    np.testing.assert_allclose(secant.gradient(f, "x", "y", at=at).gradient, wanted, rtol=1e-12)


OK = [
    ("caret", lambda: secant.differentiate("x^2"), "2 * x"),
    ("stars", lambda: secant.differentiate("x**2"), "2*x"),
    ("assigned", lambda: secant.differentiate("y = x^2"), "2 * x"),
    ("superscript", lambda: secant.differentiate("x²"), "2 * x"),
    ("list", lambda: secant.jacobian(["x*y", "x + y"]), "[y, x]\n[1, 1]"),
    ("list-of-numbers", lambda: secant.jacobian(["x^2", 1]), "[2 * x]\n[0]"),
    ("one-number", lambda: secant.gradient("x^2", at=2).gradient, "[4.]"),
    ("numpy-number", lambda: secant.gradient("x^2", at=np.float32(2)).gradient, "[4.]"),
    ("numpy-scalar", lambda: secant.gradient("x*y", at={"x": np.int8(2), "y": np.array(3.0)}).gradient, "[3. 2.]"),
    ("bool-of-numpy", lambda: secant.gradient("x^2", at={"x": np.bool_(True)}).gradient, "[2.]"),
    ("numpy-str", lambda: secant.differentiate(np.str_("x^2")), "2 * x"),
]


@pytest.mark.parametrize(("call", "shown"), [pytest.param(call, shown, id=name) for name, call, shown in OK])
def test_what_a_hurried_person_types_works(call, shown):
    assert str(call()) == shown


BAD = [
    ("wrt", lambda: secant.gradient("x^2", wrt="x"), TypeError, 'no argument \'wrt\'\nname the variables after the function: gradient(f, "x")'),
    ("variables", lambda: secant.gradient("x*y", variables=["x", "y"]), TypeError, 'gradient(f, "x", "y")'),
    ("x=2", lambda: secant.gradient("x^2", x=2), TypeError, "has no argument 'x'\ngive the point as at={\"x\": 2}"),
    ("point", lambda: secant.gradient("x^2", point={"x": 2}), TypeError, 'give the point as at={"x": 2.0}'),
    ("misspelt", lambda: secant.gradient("x^2", notatoin="r"), TypeError, "did you mean 'notation'?"),
    ("language", lambda: secant.gradient("x^2", language="r"), TypeError, "write notations='r', 'python' or 'latex'"),
    ("point-second", lambda: secant.gradient("x^2", {"x": 2}), TypeError, 'give the point as at={"x": 2.0}'),
    ("names-in-a-list", lambda: secant.gradient("x*y", ["x", "y"]), TypeError, "each variable must be an argument of its own"),
    ("order", lambda: secant.differentiate("x^3", "x", 2), TypeError, 'for a higher derivative repeat the variable: "x", "x"'),
    ("at-text", lambda: secant.gradient("x^2", at="x=2"), TypeError, 'write at={"x": 2.0}'),
    ("at-list", lambda: secant.gradient("x*y", at=[2, 1]), ValueError, "a value without a name is that of the only variable"),
    ("at-tuple", lambda: secant.gradient("x*y", at=(2, 1)), ValueError, "the variables are 'x', 'y'"),
    ("at-number", lambda: secant.gradient("x*y", at=2), ValueError, "name each value"),
    ("at-none", lambda: secant.gradient("x", at={"x": None}), TypeError, "x has no value"),
    ("at-missing", lambda: secant.gradient("x*y", at={"x": 2}), ValueError, "give a value for 'y'"),
    ("no-point", lambda: secant.gradient("x^2").gradient, ValueError, "give the point, for example at="),
    ("f-of-x", lambda: secant.differentiate("f(x) = x^2"), ValueError, "or only the right-hand side"),
    ("d/dx", lambda: secant.differentiate("d/dx x^2"), ValueError, "a formula is given without its d/dx\n  d/dx x^2\n  ^^^^\nwrite what follows, and name the variable 'x'"),
    ("d/dx()", lambda: secant.differentiate("d/dx(x^2)"), ValueError, "write what follows, and name the variable 'x' in the call"),
    ("juxtaposed", lambda: secant.differentiate("2x"), ValueError, "write 2*x for a product"),
    ("sin-x", lambda: secant.differentiate("sin x"), ValueError, "write sin(x)"),
    ("several", lambda: secant.differentiate("x*y"), ValueError, "name the variable to differentiate with respect to"),
    ("empty", lambda: secant.differentiate(""), ValueError, "the text is empty"),
    ("bytes", lambda: secant.differentiate(b"x^2"), TypeError, "got bytes\nwrite f.decode(), which is 'x^2'"),
    ("none", lambda: secant.differentiate(None), TypeError, "got None"),
    ("number", lambda: secant.differentiate(3), TypeError, "got int\nwrite a constant as text, '3'"),
    ("dict", lambda: secant.differentiate({"x": 2}), TypeError, "got dict\nthe function comes first; a point is given as at="),
    ("empty-list", lambda: secant.jacobian([]), TypeError, "a list of formulas has none"),
    ("nested-list", lambda: secant.jacobian([["x"], ["y"]]), TypeError, "a list in a list of formulas"),
    ("list-of-lambdas", lambda: secant.jacobian([lambda x: x]), TypeError, "write each as text"),
    ("list-of-lines", lambda: secant.jacobian(["a <- x\na", "x"]), ValueError, "write it without assignments"),
    ("list-gradient", lambda: secant.gradient(["x*y", "x"]), ValueError, "use Jacobian instead"),
    ("ufunc", lambda: secant.differentiate(np.sin), TypeError, "sin is not written in Python"),
    ("method", lambda: secant.differentiate("x".upper), TypeError, "upper is not written in Python"),
    ("calls-another", lambda: secant.differentiate(lambda v: helper(v)), TypeError, "uses helper, whose formula is not part of it"),
    ("no-value", lambda: secant.differentiate(lambda v: v * nowhere), TypeError, "uses nowhere, which has no value here"),  # noqa: F821
    ("no-number", lambda: secant.differentiate(lambda v: v * NAME), TypeError, "uses NAME, which is no number and no array, but str"),
    ("no-source", lambda: secant.differentiate(eval("lambda x: x")), TypeError, "the source of this lambda is not known"),
    ("integral", lambda: secant.differentiate(sympy.Integral(x, y)), TypeError, "Integral of SymPy has no meaning here: Integral(x, y)"),
    ("branch", lambda: secant.differentiate(sympy.LambertW(x, -1)), TypeError, "LambertW of SymPy has no meaning here: LambertW(x, -1)"),
    ("unknown-function", lambda: secant.differentiate(sympy.Function("g")(x)), TypeError, "g of SymPy has no meaning here"),
    ("imaginary", lambda: secant.differentiate(sympy.I * x), TypeError, "ImaginaryUnit of SymPy has no meaning"),
    ("symbol-pi", lambda: secant.differentiate(sympy.Symbol("pi") * x), TypeError, "a variable cannot be named 'pi'"),
    ("equation", lambda: secant.differentiate(sympy.Eq(y, x)), ValueError, ""),
]  # fmt: skip
NAME = "text"


@pytest.mark.parametrize(("call", "kind", "message"), [pytest.param(*row[1:], id=row[0]) for row in BAD])
def test_what_a_hurried_person_types_is_refused_with_what_to_write(call, kind, message):
    with pytest.raises(kind) as found:
        call()
    assert message in str(found.value)
