"""Claims about derivatives with respect to vectors and matrices, and the usual mistakes of matrix calculus."""

import numpy as np
import pytest
from secantd.check.arrays import points as sampling
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.errors import CalculusError
from secantd.expression import Graph, Length, VariableShape
from secantd.language import Notation, read

R = Notation.R


def judged(text, claim, variables, **options):
    function = read(text, R, variables=variables, **options)
    shapes = function.shapes() if function.arrays else {}
    claimed = read(claim, R, options.get("data", {}), shapes=shapes, variables=variables)
    return judge(function, claimed, variables)


RIGHT = [
    ("sum((x - th)^2)", "-2*sum(x - th)", "th"),
    ("t(x) %*% A %*% x", "(A + t(A)) %*% x", "x"),
    ("t(x) %*% A %*% x", "outer(x, x)", "A"),
    ("sum((y - X %*% b)^2)", "-2 * t(X) %*% (y - X %*% b)", "b"),
    ("log(det(A))", "t(solve(A))", "A"),
    ("det(A)", "det(A) * t(solve(A))", "A"),
    ("A %*% x", "A", "x"),
    ("tanh(A %*% x)", "as.vector(1 - tanh(A %*% x)^2) * A", "x"),
    ("sum(diag(A %*% M))", "t(A)", "M"),
    ("t(a) %*% solve(M) %*% b", "-t(solve(M)) %*% a %*% t(b) %*% t(solve(M))", "M"),
    ("sqrt(sum(x^2))", "x/sqrt(sum(x^2))", "x"),
    ("log(sum(exp(x)))", "exp(x)/sum(exp(x))", "x"),
    ("sum(z * (X %*% b) - log(1 + exp(X %*% b)))", "t(X) %*% (z - plogis(X %*% b))", "b"),
    ("sum(v[v > 1.5]^2)", "ifelse(v > 1.5, 2*v, 0)", "v"),
]


@pytest.mark.parametrize(("text", "claim", "variable"), RIGHT)
def test_a_right_claim_is_proved_and_agrees_with_differences(text, claim, variable):
    found = judged(text, claim, [variable])
    assert found.verdict is Verdict.PROVED, found.message
    assert {w.name: w.verdict for w in found.witnesses}["numeric"] is Verdict.AGREES


def test_a_claim_in_another_form_agrees():
    found = judged("sum((y - X %*% b)^2)", "-2*(t(X) %*% y - crossprod(X) %*% b)", ["b"])
    assert found.verdict in (Verdict.PROVED, Verdict.AGREES)


WRONG = [
    ("sum((x - th)^2)", "-2*(x - th)", "th", "sum"),
    ("t(x) %*% A %*% x", "2*A %*% x", "x", "symmetric"),
    ("sum((y - X %*% b)^2)", "2*t(X) %*% (y - X %*% b)", "b", "sign"),
    ("sum((y - X %*% b)^2)", "-t(X) %*% (y - X %*% b)", "b", "factor"),
    ("mean((y - X %*% b)^2)", "-2*t(X) %*% (y - X %*% b)", "b", "length"),
    ("log(det(A))", "solve(A)", "A", "transpose"),
    ("A %*% x", "t(A)", "x", "transpose"),
    ("sum(diag(A %*% M))", "A", "M", "transpose"),
    ("t(a) %*% solve(M) %*% b", "-outer(solve(M, a), solve(M, b))", "M", ""),
    ("sum(exp(x))", "exp(2*x)", "x", ""),
]


@pytest.mark.parametrize(("text", "claim", "variable", "mistake"), WRONG)
def test_a_wrong_claim_is_refuted_with_its_mistake_and_a_point(text, claim, variable, mistake):
    found = judged(text, claim, [variable])
    assert (found.verdict, found.slip) == (Verdict.REFUTED, mistake), found.message
    assert found.counterexample is not None
    assert variable in found.counterexample.point


def test_a_symmetric_matrix_makes_the_short_gradient_right():
    found = judged("t(x) %*% A %*% x", "2 * A %*% x", ["x"], shapes={"A": VariableShape(("n", "n"), symmetric=True)})
    assert found.verdict is Verdict.PROVED


def test_data_belong_to_function_and_claim():
    data = {"X": np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]]), "y": np.array([1.0, 2, 3, 5])}
    found = judged("sum((y - X %*% b)^2)", "-2 * t(X) %*% (y - X %*% b)", ["b"], data=data)
    assert found.verdict is Verdict.PROVED
    assert judged("sum((y - X %*% b)^2)", "-2 * t(X) %*% y", ["b"], data=data).verdict is Verdict.REFUTED


def test_a_claim_with_a_name_that_the_function_lacks_is_decided():
    found = judged("t(x) %*% x", "2*z", ["x"])
    assert found.verdict is Verdict.REFUTED
    assert found.notices[0].startswith("'z' in the claim is not a variable of the function")
    assert judged("t(x) %*% x", "2*x + 0*z", ["x"]).verdict is Verdict.PROVED


FORGOTTEN = [
    pytest.param("-2 * X %*% (y - X %*% b)", "write t(X)", id="left operand"),
    pytest.param("-2 * t(X) %*% (y - t(X) %*% b)", "write X in place of t(X)", id="one too many"),
    pytest.param("-2 * t(y - X %*% b) %*% t(X)", "write X in place of t(X)", id="right operand"),
    pytest.param("-2 * (X + 1) %*% (y - X %*% b)", "transpose the left operand", id="no name"),
]


@pytest.mark.parametrize("data", [{}, {"X": np.ones((4, 2)), "y": np.ones(4)}], ids=["any length", "data"])
@pytest.mark.parametrize(("claim", "hint"), FORGOTTEN)
def test_a_forgotten_transpose_is_named_where_lengths_do_not_conform(claim, hint, data):
    with pytest.raises(CalculusError, match="do not conform") as caught:
        judged("sum((y - X %*% b)^2)", claim, ["b"], data=data)
    assert caught.value.hint == hint


def test_a_claim_does_not_make_lengths_of_the_function_equal():
    with pytest.raises(CalculusError, match=r"length\(x\).* do not conform"):
        judged("sum(x)*sum(y^2)", "sum(y^2) + 0*(x + y)", ["x"])


def test_an_array_of_rank_3_is_not_compared():
    with pytest.raises(CalculusError, match="more than two dimensions"):
        judged("A %*% x", "x", ["A"])


def test_lengths_of_test_points_differ_and_no_matrix_is_symmetric():
    g = Graph()
    n, k = Length.named("n"), Length.named("k")
    X, A, S = g.symbol("X", (n, k)), g.symbol("A", (n, n)), g.symbol("S", (k, k))
    for point in sampling.points([X, A, S], {"S"}):
        rows, columns = point["X"].shape
        assert rows != columns
        assert not np.allclose(point["A"], point["A"].T)
        assert np.allclose(point["S"], point["S"].T)
