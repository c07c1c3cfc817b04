"""Arguments of functions: their names and places, in R and elsewhere."""

import pytest
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.program import compile
from secantd.render import r_text


@pytest.mark.parametrize(
    "text", ["stats.chi2.pdf(x, 3, 0, 1, 1)", "stats.t.pdf(x, 5, 0, 1, TRUE)", "stats.norm.logpdf(x, 0, 1, TRUE)"]
)
def test_a_name_of_scipy_takes_no_flags_of_r(text):
    with pytest.raises(CalculusError, match="argument"):
        read(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dt(x, 5, 1)", "Student t"), ("dt(x, 5, TRUE)", "Student t"), ("pt(x, 5, m)", "Student t"), ("dchisq(x, 3, 1)", "chi-squared"),
        ("dbeta(x, 2, 3, 1, TRUE)", "beta"), ("qbeta(x, 2, 3, ncp = -0.5)", "beta"), ("pchisq(x, 3, NaN)", "chi-squared"),
        ("pchisq(x, 3, ncp = c(0, 1))", "chi-squared"),
    ],
)  # fmt: skip
def test_non_central_distributions_are_rejected(text, name):
    with pytest.raises(
        CalculusError, match=f"the non-central {name} distribution is not known: 'ncp' must be 0"
    ) as caught:
        read(text, Notation.R)
    assert caught.value.reason is Reason.UNKNOWN_FUNCTION
    assert "leave it out" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("dt(x, 5, 0, TRUE)", "dt(x, 5, log = TRUE)"), ("pbeta(x, 2, 3, 0, FALSE)", "pbeta(x, 2, 3, lower.tail = FALSE)"),
        ("dgamma(x, 2, scale = 3)", "dgamma(x, 2, 1/3)"),
        ("dnbinom(x, mu = m, 5)", "dnbinom(x, 5, mu = m)"), ("dnbinom(x, 5, 0.3)", "dnbinom(x, 5, 0.3)"),
        ("if_else(x > 0, a, b)", "ifelse(test = x > 0, yes = a, no = b)"),
        ("if_else(x > 0, false = b, true = a)", "ifelse(test = x > 0, yes = a, no = b)"),
        ("fifelse(x > 0, a, b)", "ifelse(test = x > 0, yes = a, no = b)"),
        ("math.log(x, 10)", "log(x, 10)"), ("round(x, ndigits = 2)", "round(x, 2)"), ("np.round(x, decimals = 2)", "round(x, 2)"),
        ("range(x, 3, na.rm = TRUE)[1]", "pmin(x, 3)"), ("range(c(x, 2), 3)[2]", "pmax(pmax(x, 2), 3)"),
        ("stats.gamma.pdf(x, 2, 0, 3)", "dgamma(x, 2, 1/3)"), ("stats.t.pdf(x, 5, 1)", "dt(x - 1, 5)"),
    ],
)  # fmt: skip
def test_arguments_are_matched_as_their_language_matches_them(text, same):
    assert r_text(read(text, Notation.R).outputs[0]) == same


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("dnbinom(x, 5, 0.3, m)", "takes 'prob' or 'mu', not both"), ("dnbinom(x, 5)", "needs 'prob'"),
        ("dgamma(x, 2, 3, 4)", "takes 'rate' or 'scale', not both"), ("np.log(x, 10)", "too many arguments"),
        ("sum(ifelse(x > 0, c(1, 2), 3))", "has the shape of its test"), ("if_else(x > 0, c(1, 2), 3)", "has the shape of its test"),
        ("sum(ifelse(c(x, 2) > 0, 1, c(3, 4, 5, 6)))", "has the length of its test, 2"),
        ("LETTERS*x", "'LETTERS' is not a number"), ("month.name", "is not a number"), ("NA_character_", "is not a number"),
        (".Machine$double.digits", "is not a number"), ("pmax(x, 3, na.RM = 1)", "expected numbers"), ("range(x, by = 2)", "range"),
    ],
)  # fmt: skip
def test_other_arguments_are_rejected_with_the_reason(text, match):
    with pytest.raises(CalculusError, match=match):
        read(text, Notation.R)


def test_numpy_spreads_the_values_of_where_over_its_condition():
    f = read("np.where(x > 0, [1, 2], 3)", Notation.PYTHON)
    assert compile(f.outputs, ["x"], {}).point([-1.0]) == [3.0, 3.0]
