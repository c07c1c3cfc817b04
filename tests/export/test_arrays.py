"""Exported functions of vectors and matrices, run in their own language, against the engine's values."""

import os
import re
import subprocess

import numpy as np
import pytest
from array_cases import CASES, OPERATIONS, ArrayCase, close, expected, written
from array_runs import in_c, in_node, in_python, in_r, interpreted, joined
from interpreter import run
from running import needs_cc, needs_node, needs_r
from secant.v1 import derivative_pb2
from secantd.answers.functions import FunctionCache
from secantd.errors import CalculusError
from secantd.export import export
from secantd.export.arrays import python, r
from secantd.export.arrays.rolled import FACTORING
from secantd.export.arrays.stores import STORES
from secantd.export.arrays.views import VIEWS
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS
from secantd.language import Notation
from secantd.settings import DEFAULT_LIMITS
from secantd.transport.methods.export import export as answer_export

ALL = {**CASES, **OPERATIONS}
STEP = 1 if "SECANT_TEST_LONG" in os.environ else 2
# The examples, and every second operation in a quick run: each is run in two languages at least.
EVEN, ODD = (
    {n: c for k, (n, c) in enumerate(ALL.items()) if n not in OPERATIONS or k % STEP == first % STEP}
    for first in (0, 1)
)
# C, Julia and Stan compute arrays by the same loops, and what needs factors of a matrix by functions of their own.
LOOPS = [*VIEWS, *STORES, *FACTORING]


@pytest.fixture(scope="module")
def engine():
    return {name: expected(case) for name, case in ALL.items()}


def wrong(names, found, engine):
    return [(n, got, engine[n]) for n, got in zip(names, found, strict=True) if not close(got, engine[n])]


def test_python_code_has_the_values_of_the_engine(engine):
    assert wrong(EVEN, in_python(list(EVEN.values())), engine) == []


@needs_r
def test_r_code_has_the_values_of_the_engine(engine, tmp_path):
    right = {name: joined(case, engine[name]) for name, case in ODD.items()}
    assert wrong(ODD, in_r(list(ODD.values()), tmp_path), right) == []


@needs_cc
def test_c_code_has_the_values_of_the_engine(engine, tmp_path):
    assert wrong(EVEN, in_c(list(EVEN.values()), tmp_path), engine) == []


@needs_node
def test_javascript_code_has_the_values_of_the_engine(engine, tmp_path):
    assert wrong(ODD, in_node(list(ODD.values()), tmp_path), engine) == []


@needs_node
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("[0.3], [1, 2, 3, 5], X", "X[0].length has to be ncol_X"),
        ("[0.3, 1], [1, 2, 3], X", "has to be"),
        ("0.3, [1, 2, 3, 5], X", "b has to be an array of numbers"),
        ("[0.3, 1], [1, 2, 3, 5], [1, 2]", "X has to be an array of rows of one length"),
        ("[0.3, 1], [1, 2, 3, 5], [[1, 2], [1]]", "X has to be an array of rows of one length"),
    ],
)
def test_javascript_code_rejects_lengths_that_do_not_agree(values, message, tmp_path):
    (tmp_path / "f.mjs").write_text(written(CASES["regression"], Notation.JAVASCRIPT))
    line = f'import {{ f }} from "./f.mjs"; const X = [[1, 0.5], [1, 1], [1, 2], [1, 4]]; f({values});'
    (tmp_path / "run.mjs").write_text(line)
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "RangeError: " in done.stderr
    assert message in done.stderr


def test_julia_code_has_the_values_of_the_engine(engine):
    assert wrong(ODD, [interpreted(case, Notation.JULIA) for case in ODD.values()], engine) == []


def test_stan_code_has_the_values_of_the_engine(engine):
    # A function of Stan returns one value.
    single = {n: c for n, c in EVEN.items() if len(c.by) == 1 or all(np.ndim(c.at[v]) < 2 for v in c.by)}
    assert len(single) > 0.6 * len(EVEN)
    right = {name: joined(ALL[name], engine[name]) for name in single}
    assert wrong(single, [interpreted(case, Notation.STAN) for case in single.values()], right) == []


@pytest.mark.parametrize(
    "rows",
    [pytest.param(python.ROWS, id="python"), pytest.param(r.ROWS, id="r"), pytest.param(LOOPS, id="loops")],
)
def test_a_language_has_a_text_for_every_operation_on_arrays(rows):
    assert len(set(rows)) == len(rows)
    # A length is printed as its name; locals are those of a loop.
    assert set(rows) == (set(ARRAY_OPERATIONS) | REDUCTIONS) - {"length", "local"}


def test_latex_has_the_formulas_of_linear_algebra():
    text = written(CASES["regression"], Notation.LATEX)
    assert r"f(b, y, X) &= \lVert y - X b \rVert^{2}" in text
    assert r"\frac{\partial f}{\partial b} &= -2 X^{\top} \left(y - X b\right)" in text
    assert r"\frac{\partial^{2} f}{\partial b \, \partial b^{\top}} &= 2 X^{\top} X" in text


X, Y = np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]]), np.array([1.0, 2, 3, 5])


def test_python_code_rejects_lengths_that_do_not_agree():
    scope = {}
    exec(compile(written(CASES["regression"], Notation.PYTHON), "f.py", "exec"), scope)
    assert scope["f"]([0.3, -0.4], Y, X) == pytest.approx(57.16)
    for arguments in (([0.3], Y, X), ([0.3, 1], Y[:3], X), ([0.3, 1], X, X), (0.3, Y, X)):
        with pytest.raises(ValueError, match="has the shape"):
            scope["f_gradient"](*arguments)
    exec(compile(written(CASES["reversed"], Notation.PYTHON), "f.py", "exec"), scope)
    with pytest.raises(ValueError, match="at least 2"):
        scope["f"]([1.0])


@pytest.mark.parametrize("notation", [Notation.JULIA, Notation.STAN])
def test_julia_and_stan_code_reject_lengths_that_do_not_agree(notation):
    functions = run(written(CASES["regression"], notation), julia=notation is Notation.JULIA)
    for arguments in ((np.ones(1), Y, X), (np.ones(2), Y[:3], X)):
        with pytest.raises(ValueError, match="has to be"):
            functions["f"](*arguments)


def asymmetric(notation):
    """Code with a declared symmetric matrix."""
    case = CASES["normal"]
    return written(type(case)(case.text, ["m"], case.at, case.shapes, order=1), notation)


ASYMMETRIC = [np.zeros(2), np.ones(2), np.array([[2, 0.5], [0.4, 1]])]


@pytest.mark.parametrize("notation", [Notation.JULIA, Notation.STAN])
def test_julia_and_stan_code_reject_a_matrix_that_is_not_symmetric(notation):
    functions = run(asymmetric(notation), julia=notation is Notation.JULIA)
    order = re.search(r"\bf\((.*?)\)", asymmetric(notation))[1].replace("::", " ").split(",")
    assert len(order) == 3
    values = {"m": ASYMMETRIC[0], "x": ASYMMETRIC[1], "S": ASYMMETRIC[2]}
    arguments = [values[next(w for w in words.split() if w in values)] for words in order]
    with pytest.raises(ValueError, match="S has to be symmetric"):
        functions["f"](*arguments)


def test_python_code_rejects_a_matrix_that_is_not_symmetric():
    scope = {}
    exec(compile(asymmetric(Notation.PYTHON), "f.py", "exec"), scope)
    values = {"m": ASYMMETRIC[0], "x": ASYMMETRIC[1], "S": ASYMMETRIC[2]}
    with pytest.raises(ValueError, match="S has to be symmetric"):
        scope["f_gradient"](**values)
    assert np.isfinite(scope["f"](**values | {"S": np.array([[2, 0.5], [0.5, 1]])}))


@needs_r
def test_r_code_rejects_a_matrix_that_is_not_symmetric(tmp_path):
    (tmp_path / "f.R").write_text(asymmetric(Notation.R))
    call = "source('f.R'); f(m = c(0, 0), x = c(1, 1), S = matrix(c(2, .5, .4, 1), 2))"
    done = subprocess.run(["Rscript", "--vanilla", "-e", call], cwd=tmp_path, capture_output=True, text=True)
    assert "isSymmetric(S) is not TRUE" in done.stderr


@needs_cc
def test_c_code_gives_nan_for_a_matrix_that_is_not_symmetric(tmp_path):
    code = asymmetric(Notation.C)
    (signature,) = re.findall(r"^double f\((.*)\)$", code, re.MULTILINE)
    given = ", ".join("2" if p.startswith("size_t") else p.split("*")[1] for p in signature.split(", "))
    main = f"""
#include <stdio.h>
{code}
int main(void)
{{
    const double m[] = {{0, 0}}, x[] = {{1, 1}};
    double S[] = {{2, 0.5, 0.4, 1}};
    printf("%d ", isnan(f({given})));
    S[2] = 0.5;
    printf("%d", isnan(f({given})));
    return 0;
}}
"""
    (tmp_path / "main.c").write_text(main)
    subprocess.run(["cc", "-std=c99", "main.c", "-lm", "-o", "run"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "run"], capture_output=True, text=True).stdout == "1 0"


def test_python_code_rejects_an_index_outside():
    scope = {}
    exec(compile(written(CASES["gather"], Notation.PYTHON), "f.py", "exec"), scope)
    with pytest.raises(ValueError, match="outside a value of length 2"):
        scope["f"]([0.3, -0.4], Y, [1, 2, 3, 1])


def test_the_result_is_no_memory_of_the_caller():
    scope = {}
    exec(compile(written(CASES["trace"], Notation.PYTHON), "f.py", "exec"), scope)
    A = np.eye(2)
    _, gradient = scope["f_gradient"](np.eye(2), A)
    assert not np.shares_memory(gradient, A)


def test_second_derivatives_with_respect_to_a_matrix_are_refused():
    case = CASES["log det"]
    case = type(case)(case.text, case.by, case.at, order=2)
    with pytest.raises(CalculusError, match="with respect to the matrix 'A' do not form a matrix"):
        written(case, Notation.PYTHON)


def test_stan_refuses_derivatives_that_are_no_single_value():
    with pytest.raises(CalculusError, match="returns one value") as found:
        written(CASES["network"], Notation.STAN)
    assert "name the matrix alone" in found.value.hint


def test_elementwise_operations_and_their_sum_are_one_loop_in_c():
    code = written(CASES["far log sum exp"], Notation.C)
    value = code[code.index("double f(") : code.index("// Returns", code.index("double f("))]
    assert value.count("for (") == 2
    code = written(CASES["likelihood"], Notation.C)
    value = code[code.index("double f(") : code.index("// Returns", code.index("double f("))]
    assert value.count("for (") == 1
    assert "malloc" not in value


def test_a_matrix_is_factored_once_in_c():
    code = written(CASES["normal by m"], Notation.C)
    gradient = code[code.index("double f_gradient(") : code.index("double f_hessian(")]
    assert gradient.count("f_factor(") == 1
    assert gradient.count("f_solve(") == 1
    assert gradient.count("f_solve_transposed(") == 1


def test_the_value_shares_the_parts_of_the_gradient():
    code = written(CASES["process"], Notation.PYTHON)
    gradient = code[code.index("def f_gradient(") : code.index("def f_hessian(")]
    assert gradient.count("np.exp(") == gradient.count("np.linalg.solve(") == gradient.count("f_logdet(") == 1


def test_the_logarithm_of_a_negative_determinant_stays_nan():
    scope = {}
    exec(compile(written(CASES["log det"], Notation.PYTHON), "f.py", "exec"), scope)
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    value, gradient = scope["f_gradient"](swap)
    assert np.isnan(value)
    np.testing.assert_allclose(gradient, np.linalg.inv(swap).T)


def test_names_that_mean_something_in_a_language_are_spelled_differently():
    case = CASES["norm"]
    case = type(case)("sum(double^2)", ["double"], {"double": [1.0, 2]}, {"double": case.shapes["x"]})
    code = written(case, Notation.C)
    assert re.search(r"const double \*double_\b", code)
    assert '"double" is double_' in code


def test_numbers_of_the_data_in_a_loop_have_a_notice():
    text = "s <- 0; for (i in 1:length(y)) s <- s + sum(y[1:i])*sum(X %*% b)^2; s"
    case = ArrayCase(text, ["b"], CASES["regression"].at, data=("X", "y"))
    answer = export(case.read(), text, case.by, [Notation.PYTHON], 1, "f", case.again)
    assert any("valid for these data only" in notice for notice in answer.notices)
    assert "valid for these data only" in answer.codes[0].text


def test_a_loop_over_rows_of_a_matrix_is_valid_for_other_data():
    text = "s <- 0; for (i in 1:length(y)) s <- s + (y[i] - X[i,] %*% b)^2; s"
    case = ArrayCase(text, ["b"], CASES["regression"].at, data=("X", "y"))
    answer = export(case.read(), text, case.by, [Notation.PYTHON], 1, "f", case.again)
    assert not answer.notices
    scope: dict = {}
    exec(answer.codes[0].text, scope)
    X, y, b = np.array([[1.0, 2], [0.3, 4], [2, 1], [5, 1], [1, 1]]), np.arange(5.0), np.array([0.5, -1])
    value, slope = scope["f_gradient"](b=b, X=X, y=y)
    assert value == pytest.approx(np.sum((y - X @ b) ** 2))
    np.testing.assert_allclose(slope, -2 * X.T @ (y - X @ b))


def test_a_request_with_shapes_and_data_is_answered():
    request = derivative_pb2.ExportRequest(variables=["re"], notations=[Notation.C.value], order=1)
    request.expression.text = "sum((y - re[g])^2)"
    request.expression.data.add(name="y", values=[1.0, 2, 3, 5])
    request.expression.data.add(name="g", values=[1.0, 2, 1, 2])
    request.expression.shapes.add(variable="re").dimensions.add(name="groups")
    reply = answer_export(request, FunctionCache(DEFAULT_LIMITS))
    assert list(reply.variables) == ["re", "y", "g"]
    assert "double f_gradient(size_t groups, size_t length_y, const double *re" in reply.codes[0].text
    assert not reply.notices
