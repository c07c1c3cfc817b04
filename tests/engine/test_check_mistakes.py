"""A refuted claim names the mistake that leads to it."""

import pytest
from secantd.check.verdict import Verdict

from .claims import judged


@pytest.mark.parametrize(
    ("text", "claimed", "word", "sentence"),
    [
        ("x^2", "-2*x", "sign", "the derivative is minus the claim"),
        ("exp(x)/x", "(exp(x) - x*exp(x))/x^2", "sign", "the derivative is minus the claim"),
        ("sin(x)", "cos(x)/3", "factor", "a factor is missing: the derivative is 3 times the claim"),
        ("x", "2", "factor", "a factor is missing: the derivative is 1/2 times the claim"),
        ("log10(x)", "1/x", "factor", "a factor is missing: the derivative is 1/log(10) times the claim"),
        ("sin(x)", "-cos(x)*pi", "factor", "a factor is missing: the derivative is -1/pi times the claim"),
        ("x^2", "2.001*x", "factor", "a constant is rounded, or wrong: the derivative is 0.9995 times the claim"),
        ("x^2", "1.98*x", "factor", "a factor is missing: the derivative is 1.0101 times the claim"),
        ("x^2 + 3*x", "2*x", "term", "the derivative is the claim + 3"),
        ("x^2 - 3*x", "2*x", "term", "the derivative is the claim - 3"),
        ("x^2 + x*sqrt(2)", "2*x", "term", "the derivative is the claim + sqrt(2)"),
        ("x^2*y^3", "c(3*x^2*y^2, 2*x*y^3)", "order", "with respect to x and y are swapped; the order is x, y"),
        ("x^2*y^3*z", "c(2*x*y^3*z, x^2*y^3, 3*x^2*y^2*z)", "order", "y and z are swapped; the order is x, y, z"),
        ("x^2*y^3", "c(2*x*y^3, 2*x*y^3)", "other_variable", "with respect to x, not y"),
        ("sqrt(x^2)", "1", "domain", "the claim holds for x > 0 only"),
        ("sqrt(x^2)", "-1", "domain", "the claim holds for x < 0 only"),
        ("x^4", "12*x^2", "second_derivative", ""),
        ("x^4 + x", "x^4 + x", "function_itself", ""),
        ("sin(x^2)/x^3", "(cos(x^2)*x^3 - sin(x^2)*3*x^2)/x^6", "chain_rule", ""),
        ("ifelse(x > 0, sin(x^2), x)", "ifelse(x > 0, cos(x^2), 1)", "chain_rule", ""),
        ("ifelse(x > 0, x, sin(x^2))", "ifelse(x > 0, 1, cos(x^2))", "chain_rule", ""),
        ("x^x + sin(x^2)", "x^x*(1 + log(x)) + cos(x^2)", "chain_rule", ""),
        ("-sin(x^2)*x", "-cos(x^2)*x - sin(x^2)", "chain_rule", ""),
        ("sin(3*x)*cos(5*x)", "cos(3*x)*cos(5*x) - sin(3*x)*sin(5*x)", "chain_rule", ""),
        ("dnorm(x^2, 1) + x^2", "(1 - x^2)*dnorm(x^2, 1) + 2*x", "chain_rule", ""),
        ("cos(x)*sin(x^2)", "sin(x)*sin(x^2) + 2*x*cos(x)*cos(x^2)", "inner_sign", "cos() is reversed"),
        ("x^2 + tan(x)*2", "2*x - 2/cos(x)^2", "inner_sign", "tan() is reversed"),
        ("exp(x)/x", "exp(x)", "quotient_rule", ""),
        ("sin(x)/x + x", "(x*cos(x) + sin(x))/x^2 + 1", "quotient_plus", ""),
        ("sin(x)/x + x", "(sin(x) - x*cos(x))/x^2 + 1", "quotient_sign", ""),
        ("sin(x)/x + x", "(x*cos(x) - sin(x))/x + 1", "quotient_square", ""),
        ("x*exp(x)*sin(x)", "exp(x)*cos(x)", "product_rule", ""),
        ("5*sin(x)*x^5", "25*x^4*cos(x)", "product_rule", ""),
        ("5*sin(x)*x^5 + x", "5*cos(x)*x^5 + 1", "product_half", ""),
        ("sin(x)^3 + x", "sin(x)^2*cos(x) + 1", "power_factor", ""),
        ("sin(x)^3", "3*sin(x)^3*cos(x)", "power_exponent", ""),
        ("x + 2^x", "1 + x*2^(x - 1)", "power_of_constant", ""),
        ("tan(x) + 7", "1/cos(x)^2 + 7", "constant_kept", ""),
        ("x^2 + sin(x)", "0*x + 17", "", ""),
        ("1/x^3", "-3*x^2", "quotient_square", "(1/v)' = -v'/v^2"),
        ("1/x^3", "1/(3*x^2)", "quotient_rule", "not 1/v': (1/v)' = -v'/v^2"),
        ("x^(-3)", "-3*x^(-2)", "power_exponent", "raised by 1: (u^n)' = n u^(n-1) u'"),
        ("1/(x^2 + 1)", "-1/(x^2 + 1)^2", "chain_rule", "missing: (1/v)' = -v'/v^2"),
        ("exp(x^2)", "x^2*exp(x^2 - 1)", "power_of_constant", "(exp(u))' = exp(u) u'"),
        ("exp(3*x)", "9*x*exp(3*x - 1)", "power_of_constant", "(exp(u))' = exp(u) u'"),
        ("exp(x^2)", "exp(2*x)", "chain_rule", "not g(u')"),
        ("sin(x)^2", "cos(x)^2", "chain_rule", "not g(u')"),
        ("sin(x^2)", "cos(2*x)", "chain_rule", "not g'(u')"),
        ("sin(x)^3", "3*cos(x)^2", "chain_rule", "not g'(u')"),
        ("sqrt(x)", "1/2*sqrt(x)", "power_exponent", "(u^(1/2))' = 1/2 u^(-1/2) u'"),
        ("log(x)/x", "1/x^2", "quotient_rule", "one term of the quotient rule is missing: (u/v)' = (u' v - u v')/v^2"),
        ("pi^2*x", "2*pi*x", "other_variable", "with respect to pi, not x"),
        ("1/(1 + exp(-x))", "x*(1 - x)", "other_variable", "x has to be replaced by the function"),
        ("1/(1 + exp(-x))", "y*(1 - y)", "other_variable", "y has to be replaced by the function"),
        ("tanh(x)", "1 - x^2", "other_variable", "x has to be replaced by the function"),
        ("x^3 + 5*x^2", "3*x^2 + 2*x", "factor", "the derivative of 5 * x^2 is 5 times that in the claim"),
        ("x^2*exp(x) + sin(3*x)*2", "(x^2 + 2*x)*exp(x)", "term", "the derivative of sin(3 * x) * 2 is missing"),
        (
            "3*sin(x) - 2*x^4 + x^2",
            "3*cos(x) + 8*x^3 + 2*x",
            "sign",
            "the sign of the derivative of -(2 * x^4) is reversed",
        ),
        (
            "x^2 + 3*x*sin(x)",
            "2*x + sin(x) + 3*x*cos(x)",
            "factor",
            "the term 3 * sin(x) of the product rule is 3 times that in the claim",
        ),
        (
            "3*x*sin(x)",
            "3*sin(x) + x*cos(x)",
            "factor",
            "3 * (x * cos(x)) of the product rule is 3 times that in the claim",
        ),
        ("-3*x*log(x)", "-log(x) - 3", "factor", "-(3 * log(x)) of the product rule is 3 times that in the claim"),
        (
            "2*x/sin(x) + x",
            "(sin(x) - 2*x*cos(x))/sin(x)^2 + 1",
            "factor",
            "2/sin(x) of the quotient rule is 2 times that in the claim",
        ),
        (
            "x*exp(x)*sin(x)",
            "exp(x)*sin(x) + x*exp(x)*sin(x)",
            "term",
            "x * cos(x) * exp(x) of the product rule is missing",
        ),
        (
            "x*exp(x)*sin(x)",
            "exp(x)*sin(x) + x*exp(x)*(sin(x) + 2*cos(x))",
            "factor",
            "superfluous in one term: the term x * cos(x) * exp(x) of the product rule is 1/2 times that in the claim",
        ),
        ("3*x*sin(x) + x^2", "sin(x) + cos(x) + 2*x", "", ""),
        ("x^2*sin(x)*cos(x)", "x*exp(x)", "", ""),
        # 0 and other numbers are the result of too many mistakes.
        ("2^x*3^x", "0*x", "", ""),
        ("x + x^2", "0*x", "", ""),
        ("z", "log(tanh(16))", "", ""),
        ("exp(x)", "x", "", ""),
        ("exp(x)", "exp(1)", "", ""),
        # The function itself where it is positive.
        ("gamma(2*x)", "abs(gamma(2*x))", "", ""),
    ],
)
def test_a_common_mistake_is_named_with_what_would_be_right(text, claimed, word, sentence):
    found = judged(text, claimed)
    assert (found.verdict, found.slip) == (Verdict.REFUTED, word), found.message
    assert found.message.endswith(sentence)
    assert ("; " in found.message) == bool(word)


def test_the_absolute_value_of_a_function_is_not_the_function_itself():
    assert judged("(y + z)/z^y", "abs((y + z)/z^y)", "z").slip == ""
    assert judged("(y + z)/z^y", "(y + z)*z^-y", "z").slip == "function_itself"


def test_a_power_of_constants_that_is_differentiated_is_named():
    found = judged("pi^2", "2*pi", "x")
    assert (found.verdict, found.slip) == (Verdict.REFUTED, "constant_kept")
    assert found.message.endswith("the claim differentiates a power of constants")
