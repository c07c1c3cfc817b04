"""Formulas that are too large for a certificate, and nested deeply."""

import pytest
import secant
from secantd.calculus.reverse import gradient
from secantd.language import read
from secantd.proof.counterexample import counterexample_certificate
from secantd.proof.derivatives import certificate, first_derivative, statements
from secantd.proof.equality import equality
from secantd.proof.errors import NoCertificateError
from secantd.proof.lean import lean_file
from secantd.proof.reals import Terms, coq_text
from secantd.proof.samples import value_at
from secantd.proof.signs import Signs
from secantd.proof.theorem import Theorem
from secantd.proof.walk import derived

DEEP = 5_000
REASON = "more than 1000 operations"


def chain(length):
    """Return sin(sin(... x)) as a graph, its last node and the claim x."""
    f = read("x")
    node = f.outputs[0]
    for _ in range(length):
        node = f.graph.make("sin", node)
    return f.graph, node, f.outputs[0]


def test_a_chain_of_five_thousand_is_refused_without_a_recursion():
    graph, node, x = chain(DEEP)
    for ask in (
        lambda: certificate(graph, statements(node, [x], ["x"], 1)),
        lambda: certificate(graph, statements(x, [node], [], 0)),
        lambda: first_derivative(graph, node, x, "x"),
    ):
        with pytest.raises(NoCertificateError, match=REASON):
            ask()


@pytest.mark.long
def test_a_chain_of_five_thousand_is_walked_without_a_recursion():
    terms = Terms()
    x = term = terms.variable("x")
    for _ in range(DEEP):
        term = terms.make("atan", term)
    assert coq_text(term).count("atan") == DEEP
    assert equality(terms, term, term, Signs()) is not None
    assert 0 < value_at([term], {"x": 1.0})[0] < 1
    # The proof has each part of the chain in it, so its length is that of the square of the chain.
    walked = derived(terms, term, x, Signs().proof)
    assert walked.proof.count("d_atan") == DEEP
    # Where the chain is a factor, its derivative is as long as itself.
    product = terms.make("mul", terms.variable("y"), term)
    assert lean_file([Theorem("d", terms, product, term, "y")]).count("Real.arctan") == 4 * DEEP


def test_a_refuted_chain_of_five_thousand_is_refused_with_the_reason():
    graph, node, x = chain(DEEP)
    with pytest.raises(NoCertificateError, match=REASON):
        counterexample_certificate(graph, node, x, ["x"], {"x": 2.0}, gradient(graph, node, ["x"]))


@pytest.mark.parametrize(("claim", "wrong"), [("2500*cos(x)", False), ("2500*cos(x) + 1", True)])
def test_a_claim_of_ten_thousand_nodes_is_refused_with_the_reason(claim, wrong):
    f = read(f"c({' + '.join(['sin(x) + 0*x'] * 2_500)}, {claim})")
    graph, (node, stated) = f.graph, f.outputs
    with pytest.raises(NoCertificateError, match=REASON):
        certificate(graph, statements(node, [stated], ["x"], 1))
    if wrong:
        found, notices = counterexample_certificate(
            graph, node, stated, ["x"], {"x": 2.0}, gradient(graph, node, ["x"])
        )
        assert not found.coq
        assert any(REASON in notice for notice in notices)


@pytest.mark.long
@pytest.mark.parametrize(("claim", "verdict"), [("cos(x)", "REFUTED"), ("2500*cos(x)", "PROVED")])
def test_an_answer_about_ten_thousand_nodes_has_a_notice_with_the_reason(claim, verdict):
    text = " + ".join(["sin(x)"] * 2_500)
    with secant.local(seconds=60.0) as client, pytest.warns(secant.NoticeWarning):
        found = client.check(text, claim, "x", witnesses=["exact", "numeric"], certificate=True)
    assert found.verdict == verdict
    assert any(REASON in notice for notice in found.notices), found.notices
