"""Hostile names and texts: what the command prints drives no spreadsheet and no terminal."""

import csv
import json

import grpc
import pytest
from google.rpc import status_pb2
from grpc_status import rpc_status
from secant.command.tables import table
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, evaluate_pb2, expression_pb2

from .commands import formula, secant

ODD = "=cmd|' /C calc'!A0"


def odd_values(request, context):
    names = [column.name for column in request.points]
    size = len(request.points[0].values)
    derivatives = [expression_pb2.Column(name=name, values=[-1.0] * size) for name in names]
    return evaluate_pb2.EvaluateResponse(values=[-2.5] * size, derivatives=derivatives, variables=names)


@pytest.mark.parametrize("name", [ODD, "+x", "-x", "@x", "a,b", 'a"b'])
def test_a_name_is_no_formula_in_a_spreadsheet_and_numbers_stay_numbers(faults, run, tmp_path, name):
    faults.answers["Evaluate"] = odd_values
    file = tmp_path / "points.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerow([name])
        out.write("-3\n4\n")
    found = run("eval", f"`{name}`", "--points", str(file), "--order", "1").stdout
    rows = list(csv.reader(found.splitlines()))
    assert rows[0][0].lstrip("'") == name
    assert rows[0][0][0] not in "=+-@"
    assert rows[1:] == [["-3", "-2.5", "-1"], ["4", "-2.5", "-1"]]
    # What was written is read again under the same name.
    assert list(table(str(write(tmp_path / "again.csv", found)))) == [name, "value", f"d_{name}"]


def write(path, text):
    path.write_text(text)
    return path


def test_the_names_in_a_file_of_steps_are_no_formulas(faults, run, tmp_path):
    steps = [descend_pb2.Step(number=0, point=[-1.5], value=-2.0)]
    ended = descend_pb2.Outcome(reason="STOP_REASON_CONVERGED", point=[-1.5])
    faults.answers["Descend"] = lambda request, context: iter(
        [descend_pb2.DescendResponse(steps=steps, outcome=ended, variables=[ODD])]
    )
    file = tmp_path / "steps.csv"
    run("descend", "x", "--start", "x=-1.5", "--trace", str(file))
    assert list(csv.reader(file.read_text().splitlines())) == [
        ["number", f"'{ODD}", "value", "gradient_norm"],
        ["0", "-1.5", "-2", "0"],
    ]


HOSTILE = "\x1b[2J\x1b]0;owned\x07a\u202eb\u2066\u200b\r\x9b1m"
SHOWN = "?[2J?]0;owned?a?b????1m"


def test_what_a_server_writes_drives_no_terminal(faults, run):
    reply = derivative_pb2.DifferentiateResponse(derivative=formula(HOSTILE), notices=[HOSTILE])
    faults.answers["Differentiate"] = lambda request, context: reply
    found = run("diff", "x")
    assert (found.stdout, found.stderr) == (f"{SHOWN}\n", f"note: {SHOWN}\n")
    faults.answers["Check"] = lambda request, context: check_pb2.CheckResponse(
        verdict="VERDICT_PROVED", message=HOSTILE, witnesses=[check_pb2.Witness(name=HOSTILE, message=HOSTILE)]
    )
    assert run("check", "x", "1").stdout.count(SHOWN) == 3
    # JSON is for programs: every character is there, escaped.
    assert json.loads(run("diff", "x", "--json").stdout)["formula"]["text"] == HOSTILE


def test_an_error_of_a_server_or_of_a_file_drives_no_terminal(faults, tmp_path):
    def refuse(request, context):
        status = status_pb2.Status(code=grpc.StatusCode.INVALID_ARGUMENT.value[0], message=f"no\n  {HOSTILE}")
        context.abort_with_status(rpc_status.to_status(status))

    faults.answers["Differentiate"] = refuse
    assert secant("--server", faults.address, "diff", "x").stderr == f"no\n  {SHOWN}\n"
    file = write(tmp_path / "points.csv", "x\n\x1b[2J\n")
    found = secant("eval", "x", "--points", str(file))
    assert (found.returncode, "\x1b" in found.stderr, "row 1" in found.stderr) == (2, False, True)
