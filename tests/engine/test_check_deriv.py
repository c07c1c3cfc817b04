"""The witness Deriv: R in a process of its own."""

import shutil
import stat

import pytest
from secantd.calculus.derivative import light_derivative
from secantd.check import deriv_session as session
from secantd.check import witnesses
from secantd.check.clock import Clock
from secantd.check.trial import Trial
from secantd.check.verdict import Verdict
from secantd.check.witness_deriv import Question
from secantd.language import read
from secantd.render import r_text
from secantd.settings import Limits

from .claims import AMPLE_TIME, judged, opinions

needs_deriv = pytest.mark.skipif(not witnesses.deriv_installed(), reason="R with Deriv is not installed: ./dev setup")


@pytest.fixture
def no_session(monkeypatch):
    """A process in which no R waits for questions."""
    fresh = session.Sessions()
    monkeypatch.setattr("secantd.check.witness_deriv.SESSIONS", fresh)
    yield fresh
    while fresh._idle:
        fresh.take().end()


@needs_deriv
def test_deriv_agrees_with_right_claims_and_refutes_wrong_ones(no_session):
    asked = ["deriv"]
    assert (
        judged("x^2*exp(y)", "c(2*x*exp(y), x^2*exp(y))", asked=asked, limits=AMPLE_TIME).witnesses[0].verdict
        is Verdict.AGREES
    )
    assert judged("x^2*exp(x)", "2*x*exp(x)", asked=asked, limits=AMPLE_TIME).witnesses[0].verdict is Verdict.REFUTED
    assert len(no_session._idle) == 1
    alone = judged("x^2*exp(x)", "2*x*exp(x)", asked=asked, limits=AMPLE_TIME)
    assert alone.verdict is Verdict.UNDECIDED
    assert alone.message.startswith("only deriv was asked, and it disagrees: Deriv's derivative is 8.15485 at x = 1")


@needs_deriv
def test_what_deriv_cannot_do_is_not_supported_and_no_disagreement(no_session):
    found = judged("floor(x)*x", "floor(x)", asked=["exact", "deriv"], limits=AMPLE_TIME)
    assert found.witnesses[1].verdict is Verdict.UNDECIDED
    assert found.witnesses[1].message.startswith("not supported: ")
    assert found.verdict is Verdict.PROVED


@needs_deriv
def test_deriv_alone_refutes_nothing(no_session):
    # For x below 0 Deriv makes (x^2)^1.5 a power of x: see docs/language.md.
    text = "exp(-(x^2)^1.5)"
    function = read(text)
    claim = r_text(light_derivative(function, function.outputs[0], ["x"]))
    found = judged(text, claim, asked=["exact", "numeric", "deriv"], limits=AMPLE_TIME)
    assert opinions(found) == {"exact": "PROVED", "numeric": "AGREES", "deriv": "REFUTED"}
    assert found.verdict is Verdict.PROVED
    assert any(n.startswith("deriv disagrees with the verdict") for n in found.notices)


def test_without_r_deriv_is_undecided_with_the_reason(monkeypatch):
    monkeypatch.setenv("PATH", "")
    witnesses.deriv_installed.cache_clear()
    try:
        found = judged("x^3", "3*x^2", asked=["exact", "deriv"])
        assert "deriv" not in witnesses.present()
    finally:
        witnesses.deriv_installed.cache_clear()
    assert found.witnesses[1].message == "not installed"
    assert (opinions(found)["deriv"], found.verdict) == ("UNDECIDED", Verdict.PROVED)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("exec sleep 60", "R was still starting when the time limit was reached"),
        ("exit 1", "R could not be run"),
        ("echo missing", "not installed"),
        ("read n; echo '! it is too hard'; echo .$n; exec cat > /dev/null", "not supported: it is too hard"),
    ],
)
def test_an_r_that_fails_holds_nobody_up(tmp_path, monkeypatch, no_session, program, message):
    fake = tmp_path / "Rscript"
    fake.write_text(f"#!/bin/sh\n{program}\n")
    fake.chmod(fake.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr("secantd.check.witness_deriv.deriv_installed", lambda: True)
    # A slow start is waited for in its share of the time, and no longer.
    limits = Limits(check_seconds=0.5 if "sleep" in program else 60.0)
    found = judged("x^3", "3*x^2", asked=["exact", "deriv"], limits=limits)
    assert (found.verdict, found.witnesses[1].message) == (Verdict.PROVED, message)


def test_nothing_that_a_caller_wrote_reaches_r(monkeypatch):
    monkeypatch.setattr("secantd.check.witness_deriv.deriv_installed", lambda: False)
    f = read('`system("id")`^2 + `; quit()` * x')
    graph = f.graph
    trial = Trial(graph, f.outputs[0], [graph.symbol("x")], [None], ["x"], f.variables, {})
    text = Question(trial, Clock(1.0)).text(1.0)
    assert text is not None
    assert text.splitlines()[1:4] == ["v1^2 + v2 * v3", "v1 v2 v3", "v3"]
    assert "system" not in text
    assert "quit" not in text


def test_the_program_for_r_is_shipped_beside_the_witness():
    assert session.PROGRAM.is_file()
    assert shutil.which("Rscript") is None or "Deriv::Deriv" in session.PROGRAM.read_text()
