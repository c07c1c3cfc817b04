"""Python texts have the terms and factors of SymPy: read by SymPy and printed again, they are the same texts."""

import math
import re
import sys
from pathlib import Path
from random import Random

import pytest
import sympy
from secantd.algebra.sympyform import SympyForm
from secantd.calculus import differentiate, explain, hessian, taylor
from secantd.calculus.derivative import light_derivative
from secantd.calculus.lightforms import exact_form, sympy_form
from secantd.errors import CalculusError
from secantd.expression import Graph, symbols
from secantd.language import Notation, read
from secantd.program import compile as compile_program
from secantd.render import Naming, python_text

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

from formulas import book_formula, point

TESTS = Path(__file__).parents[1]
# The share of the answers to formulas of books and of the source material that has to be SymPy's text.
SHARE = 0.98
# Functions that SymPy prints under another name.
RENAMED = {"Abs": "abs", "Max": "max", "Min": "min"}
CALL = re.compile(r"[A-Za-z_][\w.]*(?=\()")
# A choice has no text in SymPy that is Python.
CHOICES = (" if ", " and ", " or ", "not ")


def table(path):
    lines = [x for x in (TESTS / path).read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:]]


def in_python(text, variables, notation=None):
    return differentiate(read(text, notation), variables, notations=[Notation.PYTHON]).derivative.text


def by_sympy(text):
    """Return the text that SymPy prints of the expression that it reads in a text."""
    # SymPy has no symbol x[0].
    text = re.sub(r"\[(\d+)\]", r"_at_\1", text)
    names, back = {}, dict(RENAMED)
    for called in set(CALL.findall(text)):
        if called in RENAMED.values() or (hasattr(sympy, called) and called not in ("digamma", "trigamma")):
            continue
        # log1p, and norm.pdf of SciPy, are functions without a meaning to SymPy.
        name = called.replace(".", "_")
        text = re.sub(rf"(?<![\w.]){re.escape(called)}\(", f"{name}(", text)
        names[name], back[name] = sympy.Function(name), called
    for name in re.findall(r"(?<![\w.])[^\W\d]\w*(?![\w.(])", text):
        if name != "pi":
            names[name] = sympy.Symbol(name)
    printed = str(sympy.sympify(text, locals=names))
    for name, called in back.items():
        printed = re.sub(rf"\b{name}\(", f"{called}(", printed)
    return re.sub(r"_at_(\d+)", r"[\1]", printed)


def answers():
    """Yield formulas and variables: of books, every tenth also twice, and of the source material."""
    for i, row in enumerate(table("oracle/textbook.tsv")):
        variables = row["variables"].split()
        variable = variables[i % len(variables)]
        yield row["text"], [variable], Notation.R
        if i % 10 == 0:
            yield row["text"], [variable] * 2, Notation.R
    for name in ("golden/seeds.tsv", "golden/calculus.tsv"):
        for row in table(name):
            notation = Notation.PYTHON if "notation=PYTHON" in row.get("arguments", "") else None
            try:
                function = read(row["text"], notation)
            except CalculusError:
                continue
            if not function.arrays and not function.vector:
                yield from ((row["text"], [v], notation) for v in function.variables)


def test_98_percent_of_the_answers_to_books_and_the_source_material_are_texts_of_sympy():
    different, total = [], 0
    for text, variables, notation in answers():
        try:
            answer = in_python(text, variables, notation)
        except CalculusError:
            continue
        if any(word in answer for word in CHOICES):
            continue
        total += 1
        printed = by_sympy(answer)
        if printed != answer:
            different.append(f"{text} by {variables}: {answer}, SymPy {printed}")
    assert total > 400
    assert len(different) <= (1 - SHARE) * total, "\n".join(different)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x^2 + 2*x*y + 3 + cos(x + 2*y)", "2*x + 2*y - sin(x + 2*y)"),
        ("x^2 + 2*x + 3", "2*x + 2"),
        ("x * exp(x)", "(x + 1)*exp(x)"),
        ("x^2 * sin(x)", "x*(x*cos(x) + 2*sin(x))"),
        ("sin(x)^2", "2*sin(x)*cos(x)"),
        ("tan(x)", "cos(x)**(-2)"),
        ("1/x", "-1/x**2"),
        ("x*sqrt(x)", "3*sqrt(x)/2"),
        ("sqrt(4*x + 1)/3", "2/(3*sqrt(4*x + 1))"),
        ("x - x^3", "1 - 3*x**2"),
        ("-(x + 1)^2", "-2*x - 2"),
        ("x^n", "n*x**(n - 1)"),
        ("cos(y - x)", "-sin(x - y)"),
        ("sqrt(x/y)", "1/(2*y*sqrt(x/y))"),
        ("0.25*x^2 + 0.1*x", "0.5*x + 0.1"),
        ("exp(-x^2/2)/sqrt(2*pi)", "-sqrt(2)*x*exp(-x**2/2)/(2*sqrt(pi))"),
        ("2^x * 3^x", "6**x*(log(2) + log(3))"),
        ("abs(3 - 3*x)^3", "9*(3 - 3*x)**2*sign(3*x - 3)"),
    ],
)
def test_a_derivative_in_python_notation_is_what_sympy_prints(text, wanted):
    assert in_python(text, ["x"]) == wanted
    assert by_sympy(wanted) == wanted


def test_the_form_has_the_values_of_the_derivative_and_so_has_its_text_read_again():
    compared = 0
    for i in range(150):
        chance = Random(f"SymPy's form {i}")
        function = read(book_formula(chance, 3), Notation.R)
        (output,) = function.outputs
        if function.arrays or not function.variables:
            continue
        slope = light_derivative(function, output, [function.variables[0]])
        with function.lock:
            exact = exact_form(function, slope)
            form = sympy_form(function, exact)
            assert sympy_form(function, form) is form
        again = read(python_text(form), Notation.PYTHON, variables=tuple(function.variables))
        names = symbols([output, exact, form])
        ours = compile_program([exact, form], names, function.graph.columns)
        theirs = compile_program(again.outputs, names, again.graph.columns)
        for _ in range(3):
            at = point(chance)
            row = [at.get(n, 0.7) for n in names]
            wanted, value = ours.point(row)
            if math.isfinite(wanted) and abs(wanted) < 1e9:
                assert value == pytest.approx(wanted, rel=1e-8, abs=1e-9), python_text(form)
                assert theirs.point(row)[0] == pytest.approx(wanted, rel=1e-8, abs=1e-9), python_text(form)
                compared += 1
    assert compared > 200


def test_a_text_in_r_notation_is_the_same_with_and_without_one_in_python_notation():
    for text in ("x^2 + 2*x*y + cos(x + 2*y)", "sqrt(4*x)*log(2)/3", "(1 + x)*exp(-x)"):
        (alone,) = [differentiate(read(text), ["x"], notations=[Notation.R]).derivative.text]
        both = differentiate(read(text), ["x"], notations=[Notation.PYTHON, Notation.R]).derivative
        assert dict(both.renderings)[Notation.R] == alone


def test_a_sum_over_rows_that_have_become_equal_is_taken_over_all_of_them():
    f = read("sum(a^2*exp(log(y))/y)", data={"y": [1.0, 2.0, 4.0]})
    text = differentiate(f, ["a"], notations=[Notation.PYTHON]).derivative.text
    again = read(text, Notation.PYTHON, {"y": [1.0, 2.0, 4.0]}, variables=("a",))
    (value,) = compile_program(again.outputs, ["a"], again.graph.columns).point([5.0])
    assert value == pytest.approx(30.0)


def test_an_order_that_has_a_meaning_stays():
    python = [Notation.PYTHON]
    f = read("x^4")
    assert taylor(f, {"x": 1.0}, 2, python).polynomial.text == "1 + 4*(x - 1) + 6*(x - 1)**2"
    # The formula is the author's, its derivative an answer.
    (step,) = explain(read("3 + 2*x + x^2"), ["x"], python).steps[-1:]
    assert (step.expression.text, step.result.text) == ("3 + 2*x + x**2", "2*x + 2")


def test_parts_with_names_stay_whole():
    f = read("{u <- 1 + x^2; 2*u*exp(-u)}")
    text = differentiate(f, ["x"], notations=[Notation.PYTHON], naming=Naming.AUTHOR).derivative.text
    assert text == "u = 1 + x**2\nx*(4 - 4*u)*exp(-u)"


def test_second_derivatives_of_one_function_are_in_the_order_of_sympy():
    rows = hessian(read("x^2*y + exp(2*y - x)"), notations=[Notation.PYTHON]).rows
    texts = [[p.text for p in row] for row in rows]
    assert texts == [["2*y + exp(-x + 2*y)", "2*x - 2*exp(-x + 2*y)"], ["2*x - 2*exp(-x + 2*y)", "4*exp(-x + 2*y)"]]


def nested(graph, count, step):
    node = graph.symbol("x")
    for i in range(count):
        node = step(graph, graph.symbol(f"a{i}"), node)
    return node


SHAPES = {
    "numbers times sums": lambda g, a, t: g.make("mul", g.number(2.0), g.make("add", a, t)),
    "powers of products": lambda g, a, t: g.make("pow", g.make("mul", a, t), g.number(2.0)),
    "shared arguments": lambda g, a, t: g.make("add", g.make("sin", t), g.make("mul", a, t, t)),
    "roots": lambda g, a, t: g.make("sqrt", g.make("mul", g.number(8.0), g.make("add", a, t))),
    "minus": lambda g, a, t: g.make("sin", g.make("add", a, g.make("neg", t))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_nodes_and_keys_of_deep_formulas_grow_with_their_depth(shape):
    sizes = []
    for count in (300, 600):
        graph = Graph()
        node = nested(graph, count, SHAPES[shape])
        form = SympyForm(graph)
        form.of(node)
        sizes.append((len(graph.nodes), sum(map(len, form.keys.values()))))
    for few, many in zip(*sizes, strict=True):
        assert many < 2.5 * few
