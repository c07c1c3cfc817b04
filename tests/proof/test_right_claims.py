"""What certificates of right claims of the tables state, of their second derivatives too, and which hypotheses they have."""

import pytest
from secantd.calculus.derivative import light_derivative
from secantd.calculus.lightforms import exact_form
from secantd.check.claimed import claims as claimed_nodes
from secantd.check.claimed import grafted
from secantd.errors import CalculusError
from secantd.expression import symbols
from secantd.language import Notation, read
from secantd.proof.derivatives import certificate, statements
from secantd.proof.errors import NoCertificateError

from .reader import read_file
from .right_claims import SEEDS, golden
from .statements import called, compare_derivative, derivative_of, missing, needless
from .test_statements import ours


def read_in(text, notation):
    return read(text, Notation[notation]) if notation in ("R", "PYTHON") else read(text)


def stated(case):
    """Return each theorem of a case's certificate with the formula and the claim, read anew, and the variable."""
    f = read_in(case.text, case.notation)
    variables = list(case.variables) or list(f.variables)
    again = read_in(case.text, case.notation)
    if not case.claim:
        nodes = theirs = ours(f, variables)
    elif case.order:
        nodes = claimed_nodes(f, read_in(case.claim, case.notation), variables)
        theirs = read_in(case.claim, case.notation).outputs
    else:
        nodes = grafted(f, read_in(case.claim, case.notation))
        theirs = read_in(case.claim, case.notation).outputs
    if len(f.outputs) > 1:
        raise NoCertificateError("it has components")
    made = certificate(f.graph, statements(f.outputs[0], nodes, variables if case.order else [], case.order))
    theorems = read_file(made.coq).theorems
    assert len(theorems) == len(nodes)
    along = variables if case.order else [""]
    everything = list(dict.fromkeys([*f.variables, *variables, *symbols(theirs)]))
    return [
        (statement, again.outputs[0], claim, variable, everything)
        for statement, claim, variable in zip(theorems.values(), theirs, along, strict=True)
    ]


CASES = [*golden()]


@pytest.mark.sample(12)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_certificates_of_right_claims_of_the_tables_state_them(case):
    try:
        found = stated(case)
    except (NoCertificateError, CalculusError) as error:
        pytest.skip(str(error))
    for statement, output, claim, variable, variables in found:
        compare_derivative(statement, output, claim, variable, variables)
        assert not needless(statement, output, claim, variables)
        assert not missing(statement, output, claim, variables)


# The examples of the course: second derivatives of the formulas of books take seconds each.
SECOND = [(text, [variable]) for text, variable in SEEDS] + [("x^2*y^3", ["x", "y"])]


def second(text, variables):
    """Return the theorems of a certificate of our own second derivatives, with the first and second ones; skip if there is none."""
    f = read(text, Notation.R)
    try:
        first = ours(f, variables)
        rows = [exact_form(f, light_derivative(f, f.outputs[0], [v, w])) for v in variables for w in variables]
        made = certificate(f.graph, statements(f.outputs[0], rows, variables, 2, first))
    except (NoCertificateError, CalculusError) as error:
        pytest.skip(str(error))
    return read_file(made.coq).theorems, first, rows


@pytest.mark.sample(3)
@pytest.mark.parametrize("row", SECOND, ids=lambda row: row[0])
def test_a_second_derivative_is_two_theorems_with_one_first_derivative(row):
    text, variables = row
    theorems, first, rows = second(text, variables)
    f = read(text, Notation.R)
    again = f.outputs[0]
    names = called(list(dict.fromkeys([*f.variables, *variables])))
    single = len(variables) == 1
    count = 0
    for i, v in enumerate(variables, 1):
        one = theorems["first" if single else f"first_{i}"]
        compare_derivative(one, again, first[i - 1], v, list(names))
        _, slope = derivative_of(one.conclusion, names[v])
        for j, w in enumerate(variables, 1):
            two = theorems["second" if single else f"second_{i}_{j}"]
            before, _ = derivative_of(two.conclusion, names[w])
            # One term for both theorems, so that they are about the second derivative of f.
            assert before == slope
            compare_derivative(two, first[i - 1], rows[count], w, list(names))
            count += 1
    assert len(theorems) == len(variables) * (1 + len(variables))
