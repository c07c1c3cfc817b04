"""Texts of expressions with arrays in R, Python and LaTeX."""

import re

import pytest
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import reverse_gradient
from secantd.errors import CalculusError, Reason
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Length, reachable
from secantd.language import Notation
from secantd.render import named_parts, render
from secantd.render.arrays import array_text
from secantd.render.arrays.latex_texts import LATEX_TEXTS
from secantd.render.arrays.python_texts import PYTHON_TEXTS
from secantd.render.arrays.r_texts import R_TEXTS

from .formulas import Maker
from .random_texts import SIDES, Random

NOTATIONS = (Notation.R, Notation.PYTHON, Notation.LATEX)


def tanh_of_product(m):
    u = m.fn("tanh", m.sym("A", "m", "n") @ m.sym("x", "n"))
    return m.op("column", 1 - u**2) * m.sym("A", "m", "n")


def logistic_hessian(m):
    X = m.sym("X", "n", "k")
    p = m.fn("expit", X @ m.sym("b", "k"))
    return -(X.T @ (m.op("column", p * (1 - p)) * X))


def softmax_hessian(m):
    p = m.op("softmax", m.sym("x", "n"))
    return m.op("diagonal_matrix", p) - m.op("outer", p, p)


def squares(m, sign=1):
    X = m.sym("X", "n", "k")
    return sign * (X.T @ X)


def lengths(m):
    m.sym("v", "n")
    m.sym("w", "n")
    return m.length("n") * m.length("n")


# What is built, and its texts.
BUILT = {
    "Jacobian of tanh(A x)": (
        tanh_of_product,
        "as.vector(1 - tanh(A %*% x)^2) * A",
        "(1 - np.tanh(A @ x)**2)[:, None]*A",
        r"\operatorname{diag}\left(1 - \tanh\left(A x\right)^{\odot 2}\right) A",
    ),
    "Hessian of the logistic likelihood": (
        logistic_hessian,
        "-t(X) %*% (as.vector(plogis(X %*% b) * (1 - plogis(X %*% b))) * X)",
        "-(X.T @ ((1/(1 + np.exp(-(X @ b)))*(1 - 1/(1 + np.exp(-(X @ b)))))[:, None]*X))",
        r"-X^{\top} \operatorname{diag}\left(\operatorname{expit}\left(X b\right) \odot "
        r"\left(1 - \operatorname{expit}\left(X b\right)\right)\right) X",
    ),
    "Hessian of squares": (lambda m: squares(m, 2), "2 * crossprod(X)", "2*(X.T @ X)", r"2 X^{\top} X"),
    "a product with its own transpose": (
        lambda m: (lambda X: X @ X.T)(m.sym("X", "n", "k")), "tcrossprod(X)", "X @ X.T", r"X X^{\top}",
    ),
    "Hessian of log-sum-exp": (
        softmax_hessian,
        "diag(exp(x)/sum(exp(x)), length(x)) - outer(exp(x)/sum(exp(x)), exp(x)/sum(exp(x)))",
        "np.diag(np.exp(x - np.logaddexp.reduce(x))) - "
        "np.outer(np.exp(x - np.logaddexp.reduce(x)), np.exp(x - np.logaddexp.reduce(x)))",
        r"\operatorname{diag}\left(\operatorname{softmax}\left(x\right)\right) - "
        r"\operatorname{softmax}\left(x\right) \operatorname{softmax}\left(x\right)^{\top}",
    ),
    "a vector of known length is a diagonal": (
        lambda m: m.op("diagonal_matrix", m.sym("x", 3)), "diag(x)", "np.diag(x)", r"\operatorname{diag}\left(x\right)",
    ),
    "differences of two vectors": (
        lambda m: m.op("column", m.sym("u", "n")) - m.op("row", m.sym("v", "m")),
        'outer(u, v, "-")',
        "u[:, None] - v",
        r"u \mathbf{1}^{\top} - \mathbf{1} v^{\top}",
    ),
    "a vector along the columns of a matrix": (
        lambda m: m.sym("A", "n", "m") * m.op("row", m.sym("v", "m")),
        'sweep(A, 2, v, "*")',
        "A*v",
        r"A \operatorname{diag}\left(v\right)",
    ),
    "a choice by one number has the shape of its branches": (
        lambda m: m.fn("ifelse", m.sym("s") > 0, m.sym("x", "n"), 0),
        "if (s > 0) x else rep(0, length(x))",
        "np.where(s > 0, x, 0)",
        r"\begin{cases} x & \text{if } s > 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
    "pmax() has the dimensions of its first argument": (
        lambda m: m.fn("pmax", 0, m.sym("A", "n", "m")), "pmax(A, 0)", "np.maximum(0, A)", r"\max\left(0, A\right)",
    ),
    "a sum of truth values": (
        lambda m: (m.sym("x", "n") > 0) + (m.sym("y", "n") > 0),
        "(x > 0) + (y > 0)",
        "1.0*(x > 0) + 1.0*(y > 0)",
        r"\left(x > 0\right) + \left(y > 0\right)",
    ),
    "a whole number to a negative power": (
        lambda m: (m.sym("x", "n"), m.length("n") ** -2)[1], "length(x)^-2", "len(x)**-2.0", "n^{-2}",
    ),
    "lengths are integers in R, whose products overflow": (
        lengths, "as.numeric(length(v)) * length(v)", "len(v)*len(v)", "n n",
    ),
    "a length that a mask determines": (
        lambda m: (
            lambda v: m.op("fill", 2, shape=m.op("select", v, v > 1).node.shape)
        )(m.sym("v", "n")),
        "rep(2, sum(v > 1))",
        "np.full(np.sum(v > 1), 2)",
        r"2 \mathbf{1}",
    ),
    "an index that counts from 0 in the text": (
        lambda m: m.op("gather", m.sym("x", "n"), m.sym("g", "m") + 1), "x[g + 1]", "x[g]", "x_{g + 1}",
    ),
    "positions": (
        lambda m: m.op("cumsum", m.op("fill", 1, shape=m.sym("x", "n").node.shape)),
        "seq_along(x)",
        "np.arange(1, len(x) + 1)",
        r"\begin{pmatrix} 1 & \cdots & n \end{pmatrix}^{\top}",
    ),
    "positions in each column": (
        lambda m: m.op("cumsum", m.op("fill", 1, shape=m.sym("A", "n", "k").node.shape)),
        "matrix(apply(matrix(1, nrow(A), ncol(A)), 2, cumsum), nrow(A), ncol(A))",
        "np.cumsum(np.ones(A.shape), axis=0)",
        r"\operatorname{cumsum}\left(\mathbf{1} \mathbf{1}^{\top}\right)",
    ),
    "a minus before truth values": (
        lambda m: (lambda x: -((x > 1) * x))(m.sym("x", "n")),
        "-(x > 1) * x",
        "-1.0*(x > 1)*x",
        r"-\left(x > 1\right) \odot x",
    ),
    "a computed index": (
        lambda m: m.op("gather", m.sym("x", "n"), m.fn("floor", m.sym("g", "m") / 2)),
        "x[floor(g/2)]",
        "x[np.floor(g/2).astype(int) - 1]",
        r"x_{\left\lfloor \frac{g}{2} \right\rfloor}",
    ),
    "the entries of a sorted vector": (
        lambda m: (lambda x: m.op("gather", x, m.op("order", x)))(m.sym("x", "n")),
        "sort(x)",
        "np.sort(x)",
        r"x_{\operatorname{order}\left(x\right)}",
    ),
    "powers of a norm": (
        lambda m: m.fn("sum", m.sym("x", "n") ** 2) ** 1.5, "sum(x^2)^1.5", "np.sum(x**2)**1.5", r"\lVert x \rVert^{3}",
    ),
    "vectors along both sides of a matrix": (
        lambda m: m.fn("add", m.sym("A", "n", "m"), m.op("column", m.sym("u", "n")), -m.op("row", m.sym("v", "m"))),
        'outer(u, v, "-") + A',
        "A + u[:, None] - v",
        r"A + u \mathbf{1}^{\top} - \mathbf{1} v^{\top}",
    ),
    "a matrix of its entries": (
        lambda m: m.op("reshape", m.op("concatenate", 1, m.sym("s"), 0, 2), payload=(1,), shape=(2, 2)),
        "matrix(c(1, s, 0, 2), 2, 2, byrow = TRUE)",
        "np.array([[1, s], [0, 2]])",
        r"\begin{pmatrix} 1 & s \\ 0 & 2 \end{pmatrix}",
    ),
    "a place in a vector of known length": (
        lambda m: m.op("unit", m.sym("s"), payload=(1,), shape=(3,)), "c(0, s, 0)", "np.array([0, s, 0])", r"s \mathbf{e}_{2}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("build", "r", "python", "latex"), [pytest.param(*v, id=k) for k, v in BUILT.items()])
def test_expressions_are_written_as_a_person_writes_them(build, r, python, latex):
    m = Maker()
    node = build(m).node
    assert tuple(render(node, notation, graph=m.graph) for notation in NOTATIONS) == (r, python, latex)


def test_a_length_is_printed_from_a_variable_that_the_formula_has_no_more():
    m = Maker()
    f = m.fn("sum", m.sym("a") + m.sym("x", "n")).node
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["a"])
    assert [n.name for n in reachable([gradient]) if n.op == "symbol"] == []
    assert render(gradient, Notation.R, graph=m.graph) == "length(x)"


@pytest.mark.parametrize(
    ("dimension", "r", "python"),
    [
        pytest.param(Length((("n", 1),), -1), "length(x) - 1", "len(x) - 1", id="shorter by one"),
        pytest.param(
            Length((("m", 1), ("n", 2)), 3), "nrow(A) + 2 * length(x) + 3", "A.shape[0] + 2*len(x) + 3", id="sum"
        ),
        pytest.param(Length((("k", 1),)), "length(w) + 2", "len(w) + 2", id="from a variable that is shorter"),
        pytest.param(Length((("q", 1),)), "q", "q", id="that no variable has"),
    ],
)
def test_lengths_are_printed_from_variables(dimension, r, python):
    m = Maker()
    m.sym("A", "m", "n")
    m.sym("x", "n")
    m.graph.symbol("w", (Length((("k", 1),), -2),))
    node = m.graph.length(dimension)
    filled = m.graph.array("fill", m.graph.number(0), shape=(dimension,))
    assert array_text(m.graph, filled, Notation.R) == f"rep(0, {r})"
    assert array_text(m.graph, filled, Notation.PYTHON) == f"np.zeros({python})"
    assert array_text(m.graph, node, Notation.R)


@pytest.mark.parametrize("texts", [R_TEXTS, PYTHON_TEXTS, LATEX_TEXTS], ids=["R", "Python", "LaTeX"])
def test_every_operation_on_arrays_has_a_text(texts):
    # The printer itself writes lengths. A text may also be that of an elementwise function or a reduction.
    assert set(ARRAY_OPERATIONS) - {"length"} <= set(texts)


def test_random_formulas_contain_every_operation():
    ops = set()
    for seed in range(400):
        draw = Random(seed)
        ops |= {n.op for n in reachable([draw.one(draw.random.choice(list(SIDES)), 3).node])}
    # Recursions have random formulas of their own.
    assert set(ARRAY_OPERATIONS) - {"scan", "local"} | REDUCTIONS <= ops


# What a formula in LaTeX may consist of: commands, numbers, names of one letter, signs and brackets.
TOKEN = re.compile(r"\\(?:[a-zA-Z]+|[\\#{}|])|\d+(?:\.\d+)?|[a-zA-Z]|[-+=<>|(){}\[\]^_,:&!.]|\s")
# Commands whose argument is text.
TEXTUAL = re.compile(r"\\(?:operatorname|mathrm|mathbf|mathcal|text|begin|end)\{[^{}]*\}")


@pytest.mark.parametrize("seed", range(150))
def test_texts_in_latex_are_balanced_and_contain_no_raw_words(seed):
    draw = Random(seed)
    node = draw.one(draw.random.choice(list(SIDES)), 3).node
    for text in (
        array_text(draw.m.graph, node, Notation.LATEX),
        str(named_parts(node, Notation.LATEX, graph=draw.m.graph)),
    ):
        assert text.replace(r"\{", "").replace(r"\}", "").count("{") == text.replace(r"\{", "").replace(
            r"\}", ""
        ).count("}")
        assert text.count(r"\left") == text.count(r"\right")
        assert text.count(r"\begin{") == text.count(r"\end{")
        bare = TEXTUAL.sub(" ", text)
        assert TOKEN.sub("", bare) == "", text
        assert not re.search(r"(?<![\\a-zA-Z])[a-zA-Z]{2,}", bare), text
        assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_", bare), text


def test_shared_parts_get_names_that_are_free():
    m = Maker()
    x = m.sym("x", "n")
    m.sym("e1")
    p = m.op("softmax", x * m.sym(".e1"))
    node = (p * (1 - p)).node
    parts = named_parts(node, Notation.R, graph=m.graph)
    assert parts.parts == ((".e_1", "exp(x * .e1)/sum(exp(x * .e1))"),)
    assert parts.text == ".e_1 * (1 - .e_1)"
    assert named_parts(node, Notation.PYTHON, graph=m.graph).text == "e_1*(1 - e_1)"


def test_names_of_the_author_are_used_again():
    m = Maker()
    K = m.sym("A", "n", "n") + 2 * m.eye("n")
    y = m.sym("y", "n")
    v = m.op("solve", K, y)
    node = (m.op("outer", v, v) - m.op("inverse", K)).node
    parts = named_parts(
        node, Notation.R, graph=m.graph, known={"K": K.node, "y": v.node, "my v": v.node, "unused": y.node}
    )
    assert parts.parts == (("K", "A + 2 * diag(length(y))"), ("`my v`", "solve(K, y)"))
    assert str(parts).splitlines()[-1] == "outer(`my v`, `my v`) - solve(K)"


@pytest.mark.parametrize("notation", NOTATIONS, ids=lambda n: n.name)
def test_a_text_of_arrays_has_a_limit_and_needs_no_recursion(notation):
    g = Graph()
    n = Length.named("n")
    A, x = g.symbol("A", (n, n)), g.symbol("x", (n,))
    deep = x
    for _ in range(5000):
        deep = g.array("matmul", A, g.make("tanh", deep))
    assert len(array_text(g, deep, notation)) > 5000
    wide = A
    for _ in range(40):
        wide = g.array("matmul", wide, wide)
    with pytest.raises(CalculusError) as caught:
        array_text(g, wide, notation, 100_000)
    assert caught.value.reason is Reason.LIMIT_EXCEEDED
    assert len(named_parts(wide, notation, 100_000, graph=g).parts) > 15


def test_names_that_python_cannot_write_are_spelled():
    m = Maker()
    node = (m.sym("np", "n") + m.sym("a.b", "n") * m.fn("exp", m.sym("len", "n"))).node
    assert array_text(m.graph, node, Notation.PYTHON) == "np_ + a_b*np.exp(len_)"
    assert array_text(m.graph, node, Notation.R) == "np + a.b * exp(len)"
