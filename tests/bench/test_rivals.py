"""Rivals' processes: their protocol, and what is reported where one fails."""

import subprocess
import sys

import pytest

from bench import environments
from bench.common import OURS, Effort, RivalError, turns
from bench.environments import Rival, enter, plain, rival

HOST = [sys.executable, "-m", "bench.rivals.host"]


@pytest.fixture
def hand():
    process = Rival([*HOST, "bench.rivals.by_hand"], plain())
    yield process.start()
    process.close()


def test_a_rival_makes_times_and_answers_a_job(hand):
    answers = []
    job = enter(hand, "batch", answers.append, text="x*exp(-x^2 - y^2)", points=4)
    assert job() > 0
    assert len(answers[0]) == 12


def test_a_job_that_fails_is_a_reason(hand):
    assert enter(hand, "batch", print, text="no such formula", points=4).startswith("KeyError")
    assert enter(hand, "nothing", print).startswith("AttributeError")


def test_a_different_answer_is_a_reason(hand, capsys):
    def right(answer):
        raise AssertionError("1 is not 2")

    assert enter(hand, "batch", right, text="x*exp(-x^2 - y^2)", points=4) == environments.DIFFERENT
    assert "1 is not 2" in capsys.readouterr().err


def test_a_rival_that_takes_too_long_is_ended():
    process = Rival([sys.executable, "-c", "import time; print('{}', flush=True); time.sleep(600)"], plain(), limit=0.2)
    with pytest.raises(RivalError, match=r"not finished in 0 s"):
        process.start().make("batch")
    with pytest.raises(RivalError, match="ended"):
        process.make("batch")


def test_a_rival_that_cannot_be_imported_is_a_reason():
    process = Rival([*HOST, "bench.rivals.by_nobody"], plain())
    with pytest.raises(RivalError, match="cannot be imported"):
        process.start()
    process.close()


def test_a_rival_that_is_not_installed_is_a_reason():
    with rival("by_jax", "no-such-package") as found:
        assert found == "not installed"
        assert enter(found, "batch", print) == "not installed"


def test_what_a_rival_prints_is_no_reply(hand):
    program = "import bench.rivals.host as h, bench.rivals.by_hand as b, sys; b.batch = lambda: lambda: print('noise') or 1.0; sys.argv[1:] = ['bench.rivals.by_hand']; h.main()"
    process = Rival([sys.executable, "-c", program], plain())
    assert process.start().make("batch").answer()[0] == [1.0]
    process.close()


def test_a_rival_that_fails_later_keeps_its_reason_and_the_others_go_on():
    def fails():
        raise RivalError("not finished in 3 s")

    assert turns({OURS: lambda: 1.0, "B": fails}, 4) == {OURS: 1.0, "B": "not finished in 3 s"}


def test_turns_alternate():
    order = []

    def contestant(name):
        return lambda: order.append(name) or 1.0

    turns({"a": contestant("a"), "b": contestant("b")}, 3)
    assert order == ["a", "b"] * 4


def test_installing_reports_what_cannot_be_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "FOLDER", tmp_path)
    monkeypatch.setattr(environments, "ENVIRONMENTS", {"none": ("secant-no-such-package",)})
    monkeypatch.setattr(environments, "R_PACKAGES", {})
    commands, reports = [], []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, "pip" in command)

    monkeypatch.setattr(environments.subprocess, "run", run)
    (tmp_path / "none").mkdir()
    environments.install(reports.append)
    assert reports == [
        "installing secant-no-such-package into build/rivals/none",
        "secant-no-such-package cannot be installed",
    ]
    assert not environments.installed("none", "secant-no-such-package")
    assert all("--only-binary" in command for command in commands if "pip" in command)
    environments.install(reports.append)
    assert len(reports) == 2, "it is tried once"


def test_efforts_grow():
    assert [effort.pick(3, 2, 1) for effort in Effort] == [3, 2, 1]
