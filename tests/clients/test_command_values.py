"""Values on the command line: points from a file, tables as CSV, descents."""

import json
import os
import pty
import subprocess
import sys

import pytest
from secant.v1 import descend_pb2, evaluate_pb2

from .commands import secant


def evaluated(request, context):
    reply = evaluate_pb2.EvaluateResponse(variables=["x", "y"])
    x, y = (column.values for column in request.points)
    reply.values.extend(a + b for a, b in zip(x, y, strict=True))
    if request.order:
        reply.derivatives.add(name="x", values=[1] * len(x))
        reply.derivatives.add(name="y", values=[1] * len(x))
    return reply


def test_points_come_from_a_file_and_go_out_as_csv(faults, run, tmp_path):
    faults.answers["Evaluate"] = evaluated
    (tmp_path / "points.csv").write_text("x,y\n1,2\n3,\n5,NA\n-1e3,1\n")
    found = run("eval", "x + y", "--points", str(tmp_path / "points.csv"), "--order", "1")
    assert found.stdout == "x,y,value,d_x,d_y\n1,2,3,1,1\n3,nan,nan,1,1\n5,nan,nan,1,1\n-1000,1,-999,1,1\n"


def test_at_one_point_only_the_value_is_printed(faults, run):
    faults.answers["Evaluate"] = evaluated
    assert run("eval", "x + y", "--at", "x=1", "--at", "y=2").stdout == "3\n"
    assert run("eval", "x + y").exit_code == 2


@pytest.mark.parametrize("value", ["x", "x=", "x=1;y=2", "x=1,"])
def test_the_error_of_a_malformed_point_shows_how_to_write_one(run, value):
    found = run("diff", "x", "--at", value)
    assert found.exit_code == 2
    assert "as in x=2,b=[1,3]" in " ".join(found.stderr.split())


def descent(request, context):
    yield descend_pb2.DescendResponse(
        variables=["x"], steps=[descend_pb2.Step(number=0, point=[1.0], value=1.0, gradient_norm=2.0)]
    )
    reply = descend_pb2.DescendResponse(
        steps=[descend_pb2.Step(number=636, point=[-1.0], value=2.0, gradient_norm=9.9e-6)]
    )
    reply.outcome.MergeFrom(
        descend_pb2.Outcome(
            reason="STOP_REASON_CONVERGED",
            message="the gradient is within the tolerance",
            steps=636,
            point=[-1.0],
            value=2.0,
            gradient_norm=9.9e-6,
            predicted_steps=636,
            nature="NATURE_MINIMUM",
        )
    )
    yield reply


ENDED = """\
636 steps: x = -1, f = 2, |gradient| = 9.9e-06
CONVERGED: the gradient is within the tolerance
nature           minimum
predicted steps  636
"""


def test_a_descent_prints_where_and_why_it_ended(faults, run, tmp_path):
    faults.answers["Descend"] = descent
    found = run(
        *["descend", "x^2", "--start", "x=0.88", "--rate", "0.01", "--tolerance", "1e-5", "--max-steps", "999"],
        *["--trace", str(tmp_path / "steps.csv")],
    )
    assert (found.stdout, found.stderr) == (ENDED, "")
    request = faults.requests[0]
    assert (request.fixed_rate.rate, request.tolerance, request.max_steps) == (0.01, 1e-5, 999)
    assert (tmp_path / "steps.csv").read_text() == ("number,x,value,gradient_norm\n0,1,1,2\n636,-1,2,9.9e-06\n")


def test_the_steps_on_standard_output_are_a_table_without_the_outcome(faults, run):
    faults.answers["Descend"] = descent
    found = run("descend", "x^2", "--start", "x=1", "--trace", "-")
    assert found.stdout == "number,x,value,gradient_norm\n0,1,1,2\n636,-1,2,9.9e-06\n"
    assert found.stderr == ENDED
    both = run("descend", "x^2", "--start", "x=1", "--trace", "-", "--json")
    assert (both.exit_code, "leave out --trace -" in both.stderr) == (2, True)


def test_a_descent_as_json_is_a_line_a_step_and_the_outcome(faults, run):
    faults.answers["Descend"] = descent
    lines = [json.loads(line) for line in run("descend", "x^2", "--start", "x=1", "--json").stdout.splitlines()]
    assert lines[0] == {"number": 0, "point": {"x": 1.0}, "value": 1.0, "gradient_norm": 2.0}
    assert lines[-1]["outcome"]["reason"] == "CONVERGED"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(
            ["descend", "x", "--start", "x=1", "--method", "newton", "--beta1", "1"],
            "method 'newton' has no setting 'beta1'",
            id="descend",
        ),
        pytest.param(
            ["plot", "x", "taylor", "--arrows", "gradient", "-o", "x.svg"],
            "figure 'taylor' has no setting 'arrows'",
            id="plot",
        ),
    ],
)
def test_a_setting_of_something_else_is_a_usage_error(faults, args, message):
    found = secant("--server", faults.address, *args)
    assert found.returncode == 2
    assert found.stderr.startswith(f"secant: {message}")


def test_on_a_terminal_a_descent_shows_its_progress(faults):
    faults.answers["Descend"] = descent
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from secant.command import main; main()"]
    command += ["--server", faults.address, "descend", "x^2", "--start", "x=1"]
    # A dumb terminal, as in an editor, shows no progress.
    variables = {**os.environ, "TERM": "xterm"}
    found = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, text=True, timeout=60, check=True, env=variables
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # on Linux: the other end is closed
        pass
    os.close(ours)
    assert found.stdout == ENDED
    assert b"0 steps: x = 1, f = 1, |gradient| = 2" in shown
