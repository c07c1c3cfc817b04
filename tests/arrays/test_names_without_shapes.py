"""Functions of arrays, masks and indices of names of which nothing is known: a right answer, or a refusal that helps."""

import random
from contextlib import suppress

import numpy as np
import pytest
from google.protobuf import text_format
from secantd.answers.functions import FunctionCache
from secantd.calculus import differentiate, gradient_answer, hessian
from secantd.calculus.explain import explain
from secantd.errors import CalculusError
from secantd.export import export
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.settings import Limits
from secantd.transport.messages.contract import SERVICE
from secantd.transport.methods.table import answer

MISSING = np.array([1.0, np.nan, 3.0, 2.5])


def derivative(text, variable="x", **given):
    return differentiate(read(text, variables=[variable], **given), [variable]).derivative.text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("sum((na.omit(v) - x)^2)", "-(2 * sum(v[!is.na(v)] - x))"),
        ("sum((v[!is.na(v)] - x)^2)", "-(2 * sum(v[!is.na(v)] - x))"),
        ("sum((v[complete.cases(v)] - x)^2)", "-(2 * sum(v[!is.na(v)] - x))"),
        ("sum(v[v > 0])*x", "sum(v[v > 0])"),
        ("sum(na.omit(x))", "ifelse(!is.na(x), 1, 0)"),
        ("sum(na.omit(rev(v)))*x", "sum(rev(v)[!is.na(rev(v))])"),
    ],
)
def test_a_name_whose_entries_are_chosen_is_a_vector(text, printed):
    assert derivative(text) == printed


def test_na_omit_of_a_matrix_leaves_out_rows():
    shapes = {"A": VariableShape((3, 2))}
    at = {"A": np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, np.inf]]), "x": 1.5}
    printed = derivative("sum(na.omit(A))*x", shapes=shapes)
    assert printed == "sum(A[rowSums(is.na(A)) == 0, , drop = FALSE])"
    at["A"][2, 1] = 5.0
    found = gradient_answer(read("sum(na.omit(A))*x", variables=["x"], shapes=shapes), ["x"], at)
    assert found.partials[0].value == 12.0


def test_without_a_point_a_hessian_has_the_number_of_entries_that_a_mask_takes():
    found = hessian(read("sum((na.omit(v) - x)^2)", variables=["x"]), ["x"])
    assert found.rows[0][0].text == "2 * sum(!is.na(v))"
    at = {"v": np.array([1.0, 3.0, 2.5]), "x": 1.3}
    assert hessian(read("sum((na.omit(v) - x)^2)", variables=["x"]), ["x"], at).rows[0][0].value == 6.0


@pytest.mark.parametrize("text", ["sum(x[x > 0]*x)", "sum(v[v > 0][!is.na(v)])*x", "sum(na.omit(v)*rev(v))*x"])
def test_the_entries_that_a_mask_takes_are_not_as_many_as_the_vector_has(text):
    with pytest.raises(CalculusError, match="the entries that a condition chooses"):
        read(text, variables=["x"])


def test_another_vector_can_be_as_long_as_what_a_mask_takes():
    assert derivative("sum(v[v > 0]*w)*x") == "sum(w * v[v > 0])"


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("sum(length(v)*x)", {"x": np.array([1.0, 2.0]), "v": MISSING}, 12.0),
        ("sum(rep(x^2, length(v)))", {"x": 3.0, "v": MISSING}, 36.0),
        ("sum(na.omit(v)^0*x)", {"x": 1.5, "v": MISSING}, 4.5),
    ],
)
def test_code_has_an_argument_whose_length_alone_counts(text, at, value):
    scope = {}
    exec(export(read(text, variables=["x"]), text, ["x"], [Notation.PYTHON]).codes[0].text, scope)
    assert scope["f"](**at) == value
    for notation in (Notation.R, Notation.C, Notation.JULIA, Notation.JAVASCRIPT):
        export(read(text, variables=["x"]), text, ["x"], [notation])


def test_an_explanation_ends_where_the_changes_cancel():
    steps = explain(read("sum(diff(v - x))", variables=["x"]), ["x"]).steps
    assert "(the changes of its parts cancel, or it is constant between jumps)" in steps[-1].text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sum(head(v, Inf))*x", "'n' must be a whole number, not inf"),
        ("sum(tail(v, NaN))*x", "'n' must be a whole number, not nan"),
        ("sum(v[Inf])*x", "an index must be a whole number"),
        ("sum(c(x, 1)[NA])", "an index must be a whole number"),
        ("sum(c(x, 1)[c(1, NaN)])", "an index must be a whole number"),
        ("{a <- c(x, 1); a[Inf] <- 3; sum(a)}", "an index must be a whole number, not inf"),
        ("sum(roll(v, Inf))*x", "'shift' must be a whole number"),
        ("sum(np.arange(0, Inf))*x", "range() needs finite bounds"),
        ("sum(np.greater(v))*x", "np.greater() takes two arrays"),
        ("sum(np.subtract(v))*x", "np.subtract() takes two arrays"),
        ("sum(np.negative(v, w))*x", "np.negative() takes one array"),
        ("sum(diff(v, lag = 0))*x", "'lag' must be at least 1"),
    ],
)
def test_numbers_that_are_not_whole_and_arguments_that_are_missing_are_refused(text, message):
    with pytest.raises(CalculusError) as refused:
        read(text, variables=["x"])
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("head(x)", 1.5), ("tail(x, 1)", 1.5), ("sum(softmax(x))", 1.0), ("sum(hypot(-x))", 1.5), ("sum(na.omit(x))", 1.5),
        ("sum(complete.cases(x))", 1.0),
    ],
)  # fmt: skip
def test_a_number_is_a_vector_of_one_entry(text, value):
    found = gradient_answer(read(text, variables=["x"], shapes={"x": VariableShape(())}), ["x"], {"x": 1.5})
    assert found.value == value


def test_a_single_row_leaves_out_all_that_a_lag_needs():
    with pytest.raises(CalculusError, match="needs more than 1 numbers"):
        read("sum(diff(v, lag = 2))*x", shapes={"v": VariableShape((1,))})
    with pytest.raises(CalculusError, match="do not conform"):
        read("sum((ediff1d(mean(x)) - x)^2)")
    with pytest.raises(CalculusError, match="do not conform"):
        read("trapezoid(v, w)*x", shapes={"v": VariableShape((1,)), "w": VariableShape((3,))})


def test_code_of_several_values_is_refused():
    with pytest.raises(CalculusError, match="a vector of 2 components"):
        export(read("c(sum(v), x)"), "c(sum(v), x)", ["x"], [Notation.R])


# -- random calls ------------------------------------------------------------------------------------------------------

VECTORS = ["v", "x", "v - x", "x*v", "c(v, x)", "sum(v)", "3", "v[v > 0]"]
CHANGED = """na.omit complete.cases rev cumsum cumprod diff order which sort rank unique head tail is.na which.max cummax range
 mean length median softmax np.greater np.subtract ediff1d as.matrix t outer nrow NROW seq_along""".split()
INDICES = """v > 0|!is.na(v)|which(v > 0)|order(v)|w > 0|-1|1:2|w|complete.cases(v, w)|x > 0|which.max(v)|rev(order(v))|NaN|w[v > 0]|
 head(w, -1)|v == w & v > 0""".split("|")
CALLS = {
    "Differentiate": 'variables: "x" notations: [1, 2, 3]',
    "Gradient": 'variables: "v" variables: "x"',
    "Hessian": 'variables: "x"',
    "Jacobian": 'variables: "x"',
    "Explain": 'variables: "x"',
    "Export": 'variables: "x" notations: [1, 2, 4, 9]',
    "Evaluate": 'points { name: "x" values: 1.5 } points { name: "v" values: 0.5 }',
    "Check": 'variables: "x" claimed { text: "sum(v) - x" } witnesses: ["exact", "numeric"] seconds: 0.2',
}


def random_text(chance):
    """Return a formula of functions of arrays and of indices."""
    inner = chance.choice(VECTORS)
    for _ in range(chance.randint(0, 2)):
        inner = f"{chance.choice(CHANGED)}({inner})"
    if chance.random() < 0.4:
        inner = f"({inner})[{chance.choice(INDICES).strip()}]"
    return chance.choice(["sum({0}*x)", "sum({0})", "sum(({0} - x)^2)", "{0}", "mean({0})*x"]).format(inner)


@pytest.mark.parametrize("name", CALLS)
def test_random_calls_are_answered_or_refused(name):
    chance, functions = random.Random(name), FunctionCache(Limits())
    request = SERVICE.methods_by_name[name].input_type._concrete_class
    for _ in range({"Export": 12, "Check": 12}.get(name, 40)):
        text = random_text(chance)
        message = text_format.Parse(f'expression {{ text: "{text}" }} {CALLS[name]}', request())
        with suppress(CalculusError):
            answer(name, message.SerializeToString(), functions)


@pytest.mark.parametrize(("text", "places"), [("length(which(s > 0))", 1), ("sum(c(5)[which(s > 0)])", 5)])
def test_a_condition_on_a_number_holds_at_one_place_or_at_none(text, places):
    function = read(text, shapes={"s": VariableShape(())})
    for s, right in ((1.5, places), (-1.5, 0)):
        assert gradient_answer(function, ["s"], {"s": s}).value == right
