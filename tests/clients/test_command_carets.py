"""Carets under a line of a formula, in terminals of any width."""

import random

import pytest
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status
from secant.command.carets import cells, fitted

from .commands import inside


def shown(line, column, length=1):
    return f"no\n  {line}\n  {' ' * column}{'^' * length}\nremove it"


@pytest.mark.parametrize("width", [30, 60, 80])
def test_the_carets_stay_under_their_text_and_the_line_in_the_terminal(width):
    letters = random.Random(3)
    for size in (5, width - 2, width - 1, 200):
        line = "".join(letters.choice("abcxyz+*()값") for _ in range(size))
        for column in range(0, size, 3):
            length = min(letters.choice([1, 2, 300]), size - column)
            first, under = fitted(shown(line, column, length), width).split("\n")[1:3]
            assert cells(first) <= width
            assert cells(under) <= width
            before = len(under) - len(under.lstrip())
            cut = next(k for k in range(len(first)) if cells(first[:k]) >= before)
            assert first[cut] == line[column]
            assert first[2:].strip("…") in line


def test_a_line_that_fits_and_text_without_carets_are_left_as_they_are():
    for message in (shown("x^2 + * y", 6), "no answer", "", "a\n  b", "a\n  x\n  ^\n  long " + "x" * 200):
        assert fitted(message, 60) == message


def test_carets_after_wide_letters_are_moved():
    assert fitted(shown("값^2 + * y", 6), 60).split("\n")[2] == " " * 9 + "^"


def test_the_command_uses_the_width_of_the_terminal(faults, monkeypatch):
    line = " + ".join(f"x{k}" for k in range(16)) + " + * y"
    status = status_pb2.Status(code=3, message=shown(line, line.index("*")))
    status.details.add().Pack(ErrorInfo(reason="SYNTAX_ERROR"))
    for method in ("Differentiate", "Check"):
        faults.answers[method] = lambda _, context: context.abort_with_status(rpc_status.to_status(status))
    monkeypatch.setenv("COLUMNS", "40")
    for args in (["diff", "x"], ["check", "x", "y"]):
        lines = inside("--server", faults.address, *args).stderr.splitlines()
        assert (max(map(len, lines)), lines[1][lines[2].index("^")]) == (38, "*")
        assert lines[1].startswith("  …")
