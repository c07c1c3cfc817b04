"""What the command `secant` prints, and what it leaves with."""

import json
import os
import pty
import signal
import subprocess
import sys
import time

import grpc
import pytest
from click.testing import CliRunner
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status
from secant.command import derive, descend, evaluate, export, figure, near, server  # noqa: F401
from secant.command.app import app
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, evaluate_pb2, expression_pb2, plot_pb2

CARET = "expected a number, a name or '(', found '*'\n  x^2 + * y\n        ^\nremove one of '+' and '*'"


def formula(text, value=None, **renderings):
    message = expression_pb2.Formula(text=text, value=value)
    for notation, rendering in renderings.items():
        message.renderings.add(notation=f"NOTATION_{notation.upper()}", text=rendering)
    return message


def gradient(request, context):
    return derivative_pb2.GradientResponse(
        variables=["x", "yy"],
        partials=[formula("2 * x", 4.0), formula("4 * yy", 0.1)],
        value=6.0,
        norm=5.5,
        notices=["z does not occur"],
    )


def echo(request, context):
    return derivative_pb2.DifferentiateResponse(derivative=formula(request.expression.text))


@pytest.fixture
def run(faults):
    """Run a command line against the fault server."""

    def invoke(*args, input=None):
        found = CliRunner().invoke(app, ["--server", faults.address, *args], input=input)
        assert not found.exception or isinstance(found.exception, SystemExit), found.exception
        return found

    return invoke


def secant(*args, **options):
    command = [sys.executable, "-c", "from secant.command import main; main()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def test_a_derivative_is_one_line(faults, run):
    faults.answers["Differentiate"] = lambda request, context: derivative_pb2.DifferentiateResponse(
        derivative=formula("(1 + x) * exp(x)")
    )
    assert run("diff", "x * exp(x)", "x").stdout == "(1 + x) * exp(x)\n"
    assert list(faults.requests[0].variables) == ["x"]


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["-x^2", "x"], id="first"),
        pytest.param(["--at", "x=-1", "-x^2", "x"], id="after an option"),
        pytest.param(["--", "-x^2", "x"], id="after --"),
        pytest.param(["-x^2", "x", "--at=x=-1"], id="before an option"),
    ],
)
def test_an_expression_may_begin_with_a_dash(faults, run, args):
    faults.answers["Differentiate"] = echo
    assert run("diff", *args).stdout == "-x^2\n"
    assert list(faults.requests[0].variables) == ["x"]


def test_an_expression_with_letters_of_an_option_is_still_an_expression(faults, run):
    faults.answers["Export"] = lambda request, context: derivative_pb2.ExportResponse(
        codes=[derivative_pb2.Code(text=request.expression.text)]
    )
    assert run("export", "-o(x)").stdout == "-o(x)\n"


def test_an_unknown_option_is_a_mistake_and_not_an_expression(faults, run):
    found = run("diff", "x", "--nottation", "latex")
    assert found.exit_code == 2
    assert "No such option '--nottation'" in found.stderr


def test_a_dash_reads_the_expression_from_standard_input(faults, run):
    faults.answers["Differentiate"] = echo
    assert run("diff", "-", input="f <- function(t) t^2\nf(x)\n").stdout == "f <- function(t) t^2\nf(x)\n"


def test_several_notations_are_a_line_each(faults, run):
    faults.answers["Differentiate"] = lambda request, context: derivative_pb2.DifferentiateResponse(
        derivative=formula("x^2", r="x^2", latex="x^{2}")
    )
    assert run("diff", "x", "--notation", "r", "--notation", "latex").stdout == "x^2\nx^{2}\n"
    assert list(faults.requests[0].notations) == [1, 3]


def test_a_gradient_is_a_table_with_notices_aside(faults, run):
    faults.answers["Gradient"] = gradient
    found = run("grad", "x^2 + 2*yy^2", "--at", "x=2,yy=1")
    assert found.stdout == "x   2 * x   4\nyy  4 * yy  0.1\nvalue  6\nnorm   5.5\n"
    assert found.stderr == "note: z does not occur\n"
    assert {entry.variable: entry.value for entry in faults.requests[0].at} == {"x": 2, "yy": 1}


def test_json_holds_the_words_of_the_python_client(faults, run):
    faults.answers["Gradient"] = gradient
    found = json.loads(run("grad", "x", "--json").stdout)
    assert (found["variables"], found["norm"], found["values"]) == (["x", "yy"], 5.5, [4.0, 0.1])
    assert found["partials"][1]["text"] == "4 * yy"


def test_an_option_of_all_verbs_may_stand_on_either_side_of_the_verb(faults):
    faults.answers["Differentiate"] = echo
    for args in (["--json", "diff", "x", "--server", faults.address], ["diff", "--json", "x"]):
        found = CliRunner(env={"SECANT_SERVER": faults.address}).invoke(app, args)
        assert json.loads(found.stdout)["formula"]["text"] == "x"


def test_a_named_server_goes_before_the_variable(faults):
    faults.answers["Differentiate"] = echo
    found = CliRunner(env={"SECANT_SERVER": "127.0.0.1:1"}).invoke(app, ["--server", faults.address, "diff", "x"])
    assert found.stdout == "x\n"


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
    assert found.stdout == "value,x,y\n3,1,1\nnan,1,1\nnan,1,1\n-999,1,1\n"


def test_at_one_point_the_value_stands_alone(faults, run):
    faults.answers["Evaluate"] = evaluated
    assert run("eval", "x + y", "--at", "x=1", "--at", "y=2").stdout == "3\n"
    assert run("eval", "x + y").exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("x,y\n1,two\n", "row 1: 'two' is not a number", id="word"),
        pytest.param("x,y\n1,2\n1\n", "row 2 has 1 columns, the first line has 2", id="short row"),
        pytest.param("", "has to name the columns", id="empty"),
        pytest.param("x,x\n1,2\n", "has to name the columns", id="twice"),
    ],
)
def test_a_table_that_is_none_says_where(run, tmp_path, text, message):
    (tmp_path / "points.csv").write_text(text)
    found = run("eval", "x + y", "--points", str(tmp_path / "points.csv"))
    assert found.exit_code == 2
    assert message in " ".join(found.stderr.split())


@pytest.mark.parametrize("value", ["x", "x=", "x=1;y=2", "x=1,"])
def test_a_point_that_is_none_says_how_one_is_written(run, value):
    found = run("diff", "x", "--at", value)
    assert (found.exit_code, "as in x=2,y=1" in found.stderr) == (2, True)


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


def test_a_descent_tells_where_and_why_it_ended(faults, run, tmp_path):
    faults.answers["Descend"] = descent
    found = run(
        *["descend", "x^2", "--start", "x=0.88", "--rate", "0.01", "--tolerance", "1e-5", "--max-steps", "999"],
        *["--trace", str(tmp_path / "steps.csv")],
    )
    assert (found.stdout, found.stderr) == (ENDED, "")
    request = faults.requests[0]
    assert (request.fixed_rate.rate, request.tolerance, request.max_steps) == (0.01, 1e-5, 999)
    assert (tmp_path / "steps.csv").read_text() == ("number,x,value,gradient_norm\n0,1,1,2\n636,-1,2,9.9e-06\n")


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
            "newton takes no beta1",
            id="descend",
        ),
        pytest.param(
            ["plot", "x", "taylor", "--arrows", "gradient", "-o", "x.svg"], "taylor takes no arrows", id="plot"
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
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, text=True, timeout=60, check=True)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(ours)
    assert found.stdout == ENDED
    assert b"0 steps: x = 1, f = 1, |gradient| = 2" in shown


@pytest.mark.parametrize(("verdict", "code"), [("PROVED", 0), ("AGREES", 0), ("REFUTED", 1), ("UNDECIDED", 3)])
def test_check_leaves_with_a_code_for_each_verdict(faults, run, verdict, code):
    faults.answers["Check"] = lambda request, context: check_pb2.CheckResponse(
        verdict=f"VERDICT_{verdict}", message="so it is"
    )
    found = run("check", "x^2", "2*x", "x")
    assert (found.exit_code, found.stdout) == (code, f"{verdict}: so it is\n")
    assert faults.requests[0].claimed.text == "2*x"


def test_a_check_that_fails_is_told_from_a_wrong_derivative(faults, run):
    faults.answers["Check"] = lambda _, context: context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no such variable")
    found = run("check", "x^2", "2*a", "x")
    assert (found.exit_code, found.stdout, found.stderr) == (2, "", "no such variable\n")


def test_a_figure_is_written_in_the_format_of_the_file(faults, run, tmp_path):
    faults.answers["Plot"] = lambda request, context: plot_pb2.PlotResponse(image=b"image", description="a curve")
    file = tmp_path / "curve.png"
    assert run("plot", "x^2", "--range", "x=-1:3", "--at", "x=1", "--at", "x=2", "-o", str(file)).stdout == "a curve\n"
    request = faults.requests[0]
    assert (file.read_bytes(), request.format, list(request.curve.tangents_at)) == (b"image", 2, [1.0, 2.0])
    assert (request.ranges[0].lower, request.ranges[0].upper) == (-1, 3)


def test_an_error_is_the_caret_text_and_the_code_1(faults):
    status = status_pb2.Status(code=3, message=CARET)
    status.details.add().Pack(ErrorInfo(reason="SYNTAX_ERROR"))
    faults.answers["Differentiate"] = lambda _, context: context.abort_with_status(rpc_status.to_status(status))
    found = secant("--server", faults.address, "diff", "x^2 + * y")
    assert (found.returncode, found.stdout, found.stderr) == (1, "", CARET + "\n")


def test_what_is_wrong_on_the_command_line_leaves_with_2(faults):
    assert secant("diff").returncode == 2
    assert secant("--server", "http://somewhere", "describe").returncode == 2


def test_a_reader_that_has_gone_ends_it_quietly(faults):
    def endless(request, context):
        for number in range(100_000):
            yield descend_pb2.DescendResponse(variables=["x"], steps=[descend_pb2.Step(number=number, point=[1.0])])

    faults.answers["Descend"] = endless
    line = f'"{sys.executable}" -c "from secant.command import main; main()" --server {faults.address} descend x'
    line += " --start x=1 --json | head -n 1; exit ${PIPESTATUS[0]}"
    found = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, found.stderr) == (130, "")
    assert json.loads(found.stdout)["number"] == 0


def test_an_interrupt_ends_it_quietly(faults):
    asked = []

    def dawdle(request, context):
        asked.append(request)
        while context.is_active():
            time.sleep(0.05)
        return grpc.StatusCode.CANCELLED

    faults.answers["Differentiate"] = dawdle
    command = [sys.executable, "-c", "from secant.command import main; main()"]
    command += ["--server", faults.address, "diff", "x"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 30
        while not asked and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out.strip(), err.strip()) == (130, "", "")


def test_a_terminal_without_nabla_shows_a_question_mark(faults):
    faults.answers["Differentiate"] = echo
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    found = secant("--server", faults.address, "diff", "∇", env=environment)
    assert (found.stdout, found.stderr, found.returncode) == ("?\n", "", 0)
