"""Check with order 0 over the wire: whether two formulas are equal."""

import math
import re

import pytest
from secant.v1 import check_pb2, expression_pb2

NOTATIONS = {"latex": expression_pb2.NOTATION_LATEX, "textbook": expression_pb2.NOTATION_TEXTBOOK}


def written(text):
    """Return a formula; "latex: ..." and "textbook: ..." name the notation."""
    notation, _, rest = text.partition(": ")
    return expression_pb2.Expression(text=rest if rest else text, notation=NOTATIONS.get(notation, 0))


def pair(f, g, *assumptions, **fields):
    return check_pb2.CheckRequest(expression=written(f), claimed=written(g), order=0, assumptions=assumptions, **fields)


@pytest.mark.parametrize(
    ("request_", "verdict"),
    [
        pytest.param(pair("(x + 1)^2", "x^2 + 2*x + 1"), "PROVED", id="expanded"),
        pytest.param(pair("sqrt(8)", "2*sqrt(2)"), "PROVED", id="constants"),
        pytest.param(pair("x", "x + 0*y"), "PROVED", id="other variables"),
        pytest.param(pair("latex: \\frac{1}{x+1}", "textbook: (x+1)⁻¹"), "PROVED", id="two notations"),
        pytest.param(pair("textbook: x(x+y)", "textbook: x² + xy"), "PROVED", id="letters of the other formula"),
        pytest.param(pair("latex: rate\\cdot x", "latex: x\\cdot rate", variables=["rate"]), "PROVED", id="names"),
        pytest.param(pair("c(x, 2*x)", "c(x, x + x)"), "PROVED", id="vector"),
        pytest.param(pair("abs(n)", "n", "n integer", "n >= 0"), "PROVED", id="assumptions"),
        pytest.param(pair("sqrt((x - y)^2)", "x - y", "x >= y", witnesses=["numeric"]), "AGREES", id="numeric"),
        pytest.param(pair("rbind(c(2, x), c(x, 0))", "x*rbind(c(2/x, 1), c(1, 0))"), "PROVED", id="matrix of numbers"),
        pytest.param(pair("t(A) %*% B", "t(t(B) %*% A)"), "PROVED", id="matrices"),
        pytest.param(pair("log(x)", "log(-x)"), "UNDECIDED", id="no common domain"),
        pytest.param(pair("x", "sqrt(-1 - x^2)"), "REFUTED", id="no value"),
        pytest.param(pair("x", "c(x, x)"), "REFUTED", id="number of components"),
    ],
)
def test_the_verdict_on_a_pair_of_formulas(calculus, request_, verdict):
    reply = calculus.Check(request_, timeout=30)
    assert check_pb2.Verdict.Name(reply.verdict) == f"VERDICT_{verdict}", reply
    assert not reply.derivatives


def test_a_difference_comes_with_a_point_both_values_and_the_likely_mistake(calculus):
    reply = calculus.Check(pair("a - b", "b - a", "a > 2"))
    assert (reply.verdict, reply.slip, reply.variable) == (check_pb2.VERDICT_REFUTED, "sign", "")
    point = {c.variable: c.value for c in reply.witness_point}
    assert point["a"] > 2
    assert (reply.true_value, reply.claimed_value) == (point["a"] - point["b"], point["b"] - point["a"])
    assert list(reply.variables) == ["a", "b"]


def second(f, claimed, *variables, **fields):
    return check_pb2.CheckRequest(
        expression=written(f),
        claimed=written(claimed),
        variables=variables,
        order=2,
        witnesses=["exact", "numeric"],
        **fields,
    )


def test_a_second_derivative_and_a_hessian_are_checked_by_order_2(calculus):
    reply = calculus.Check(second("x^2*y", "rbind(c(2*y, 2*x), c(2*x, 0))"))
    assert (reply.verdict, reply.message) == (
        check_pb2.VERDICT_PROVED,
        "the claim is the Hessian, proved by Secant's algebra",
    )
    assert [d.text for d in reply.derivatives] == ["2 * y", "2 * x", "2 * x", "0"]
    reply = calculus.Check(second("x^2*y", "rbind(c(2*y, x), c(2*x, 0))"))
    assert (reply.verdict, reply.variable, reply.slip) == (check_pb2.VERDICT_REFUTED, "x, y", "factor")
    assert "the second derivative with respect to x and y is 2" in reply.message
    reply = calculus.Check(second("x^3*y", "3*x^2*y", "x"))
    assert (reply.verdict, reply.variable, reply.slip) == (check_pb2.VERDICT_REFUTED, "x", "first_derivative")


def test_assumptions_hold_for_claims_about_derivatives_too(calculus):
    claim = check_pb2.CheckRequest(
        expression=written("sqrt(x^2)"), claimed=written("1"), witnesses=["exact", "numeric"], assumptions=["x > 0"]
    )
    assert calculus.Check(claim).verdict in (check_pb2.VERDICT_AGREES, check_pb2.VERDICT_PROVED)
    claim.ClearField("assumptions")
    assert calculus.Check(claim).verdict == check_pb2.VERDICT_REFUTED


def test_digits_beyond_those_of_a_double_are_told_apart(calculus):
    reply = calculus.Check(pair("1 + 1e-30", "1"))
    assert (reply.verdict, reply.claimed_value, reply.true_value) == (check_pb2.VERDICT_REFUTED, 1.0, 1.0)
    assert reply.message.endswith("they differ by 1e-30")
    assert calculus.Check(pair("exp(-900)*x", "0*x")).message.endswith("they differ by 1.4e-391")


ROUNDED = [
    pytest.param(pair("x/3", "0.333*x", tolerance=1e-2), "AGREES", 1e-3, id="a third"),
    pytest.param(pair("pi*r^2", "3.14*r^2", tolerance=1e-3), "AGREES", 5.07e-4, id="an area"),
    pytest.param(pair("x/3 - 1", "0.333*x - 1", tolerance=1e-2), "AGREES", 1e-3, id="next to a zero"),
    pytest.param(pair("log(x/3)", "log(0.333*x)", tolerance=1e-2), "AGREES", 1e-3, id="a logarithm that is 0"),
    pytest.param(pair("sin(pi*x)", "sin(3.1416*x)", "-9 < x < 9", tolerance=1e-2), "AGREES", 6.6e-5, id="zeros of sine"),
    pytest.param(pair("pi", "3.14", tolerance=1e-2), "AGREES", 5.07e-4, id="a constant"),
    pytest.param(pair("c(x/3, x)", "c(0.333*x, x)", tolerance=1e-2), "AGREES", 1e-3, id="a vector"),
    pytest.param(pair("A %*% x", "1.001 * A %*% x", tolerance=1e-2), "AGREES", 1e-3, id="a matrix"),
    pytest.param(pair("x/3", "0.3*x", tolerance=1e-2), "REFUTED", 0.1, id="one digit"),
    pytest.param(pair("x", "1.5*x + 1e9 - 1e9", tolerance=1e-2), "REFUTED", 0.5, id="a claim with large terms"),
    pytest.param(pair("x", "x + 1e-10", tolerance=1e-2), "REFUTED", None, id="not at 0"),
    pytest.param(pair("2*x", "x + x", tolerance=1e-2), "PROVED", None, id="exactly"),
    pytest.param(pair("x/3", "0.333*x", tolerance=0.0), "REFUTED", None, id="no tolerance"),
    pytest.param(pair("log(x)", "log(-1 - x^2)", tolerance=0.5), "REFUTED", None, id="no value"),
    pytest.param(
        check_pb2.CheckRequest(expression=written("x^2/6"), claimed=written("0.333*x"), tolerance=1e-2, witnesses=["exact", "numeric"]),
        "AGREES", 1e-3, id="a derivative"),
    pytest.param(
        check_pb2.CheckRequest(expression=written("x^2/6"), claimed=written("0.3*x"), tolerance=1e-2, witnesses=["exact", "numeric"]),
        "REFUTED", 0.1, id="a wrong derivative"),
    pytest.param(
        check_pb2.CheckRequest(
            expression=written("x^3/18"), claimed=written("0.333*x"), order=2, tolerance=1e-2, witnesses=["exact", "numeric"]),
        "AGREES", 1e-3, id="a second derivative"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "verdict", "largest"), ROUNDED)
def test_rounded_decimals_are_accepted_up_to_the_tolerance_with_the_largest_difference(
    calculus, request_, verdict, largest
):
    reply = calculus.Check(request_, timeout=30)
    assert check_pb2.Verdict.Name(reply.verdict) == f"VERDICT_{verdict}", reply
    found = [re.search(r"relative difference.* is ([\d.e-]+\d)", n) for n in reply.notices]
    seen = [float(match[1]) for match in found if match]
    assert seen == ([pytest.approx(largest, rel=0.05)] if largest else []), reply.notices
    if largest and verdict == "AGREES":
        assert "not exactly" in reply.notices[-1]


REFUSED = [
    *[(pair("x", "x", tolerance=t), "tolerance", "the tolerance is") for t in (-0.1, 1.0, 2.0, math.nan, math.inf)],
    (pair("x", "x", "x"), "assumptions[0]", "'x' is no comparison"),
    (pair("x", "x", "x > 0", "1 > 0"), "assumptions[1]", "'1 > 0' names no variable"),
    (pair("x", "x", "x > 1", "x < 1"), "assumptions[1]", "no x satisfies 'x < 1' with the other assumptions about x"),
    (pair("x", "x", "n integer", "0 < n < 1"), "assumptions[1]", "no n satisfies"),
    (pair("x", "x", "n even", "n odd"), "assumptions[1]", "no n satisfies"),
    (pair("x", "x", "x = 2"), "assumptions[0]", "an equation"),
    (pair("x", "x", "x > 0; y > 0"), "assumptions[0]", "more than a comparison"),
    (pair("x", "x", "__import__('os').system('id') > 0"), "assumptions[0]", ""),
    (pair("x", "x", *["x > 0"] * 40), "assumptions[32]", "there are 40 assumptions"),
    (pair("x", "x", "x > " + "1" * 300), "assumptions[0]", "the assumption has 304 characters"),
    (pair("x", "x", ""), "assumptions[0]", "the assumption is empty"),
    (pair("x", "x", "x > 0", at=[expression_pb2.Coordinate(variable="x", value=-1)]), "at", "does not satisfy"),
    (pair("A %*% B", "A %*% B", "x > 0"), "assumptions[0]", "vectors and matrices"),
    (
        check_pb2.CheckRequest(expression=written("sum(x^2)"), claimed=written("2*x"), assumptions=["x > 0"]),
        "assumptions[0]",
        "vectors and matrices",
    ),
    (
        check_pb2.CheckRequest(expression=written("x*y"), claimed=written("c(0, 1)"), order=2),
        "claimed.text",
        "not a second",
    ),
    (
        check_pb2.CheckRequest(expression=written("sum(x^2)"), claimed=written("2"), order=2),
        "expression.text",
        "vectors",
    ),
    (check_pb2.CheckRequest(expression=written("x"), claimed=written("1"), order=7), "order", "the order is 7"),
    (pair("x", "x +"), "claimed.text", ""),
]


@pytest.mark.parametrize(("request_", "field", "headline"), REFUSED)
def test_what_has_no_meaning_is_refused_with_its_place(calculus, failure, request_, field, headline):
    found = failure(calculus.Check, request_)
    assert found.field == field
    assert headline in found.message


def test_a_pair_that_takes_too_long_is_answered_when_its_time_is_over(calculus):
    # SymPy takes more than 3 s; without a limit the call would end with an error.
    terms = [(f"{k}*x", f"gamma({k} + x^2)^(1/3)", f"{k + 1}*x") for k in range(1, 13)]
    hard = " + ".join(f"exp(sin({angle}))*{factor}" for angle, factor, _ in terms)
    other = " + ".join(f"exp(sin({more})*cos(x) - cos({more})*sin(x))*{factor}" for _, factor, more in terms)
    reply = calculus.Check(pair(hard, other, seconds=0.3, witnesses=["sympy"]), timeout=30)
    assert reply.verdict in (check_pb2.VERDICT_AGREES, check_pb2.VERDICT_UNDECIDED), reply
    assert [w.verdict for w in reply.witnesses] == [check_pb2.VERDICT_UNDECIDED]


def test_where_no_point_satisfies_the_assumptions_nothing_is_decided(calculus):
    reply = calculus.Check(pair("x + y", "x", "x^2 + y^2 < -1"))
    assert reply.verdict == check_pb2.VERDICT_UNDECIDED
    assert "no point was found that satisfies the assumptions" in reply.notices
