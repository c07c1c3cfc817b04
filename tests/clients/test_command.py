"""What the command `secant` prints, and what it leaves with."""

import json
import os
import re
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
from secant.command.app import app
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, plot_pb2
from secant.v1.descent_methods import METHODS

from .commands import echo, formula, inside, secant

CARET = "expected a number, a name or '(', found '*'\n  x^2 + * y\n        ^\nremove one of '+' and '*'"


def gradient(request, context):
    return derivative_pb2.GradientResponse(
        variables=["x", "yy"],
        partials=[formula("2 * x", 4.0), formula("4 * yy", 0.1)],
        value=6.0,
        norm=5.5,
        notices=["z does not occur"],
    )


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


def test_the_help_of_descend_explains_each_setting_of_each_method(run):
    shown = " ".join(run("descend", "--help").stdout.split())
    assert "The learning rate, in squared units of x per unit of f; above 0. Default: 0.01 for fixed_rate" in shown
    for method, settings in METHODS.items():
        for name, meaning, allowed, default in settings:
            option = re.search(rf"--{name} (?:FLOAT|INTEGER) (.*?) --", shown)
            assert f"{meaning}; {allowed}. Default:" in option[1]
            assert re.search(rf"{default:g} for [a-z_, ]*\b{method}\b", option[1])


def test_check_passes_its_time_limit_on(faults, run):
    faults.answers["Check"] = lambda request, context: check_pb2.CheckResponse(verdict="VERDICT_AGREES")
    assert run("check", "x^2", "2*x", "--seconds", "1.5").exit_code == 0
    assert faults.requests[0].seconds == 1.5


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


def test_an_option_of_all_verbs_is_accepted_before_and_after_the_verb(faults):
    faults.answers["Differentiate"] = echo
    for args in (["--json", "diff", "x", "--server", faults.address], ["diff", "--json", "x"]):
        found = CliRunner(env={"SECANT_SERVER": faults.address}).invoke(app, args)
        assert json.loads(found.stdout)["formula"]["text"] == "x"


def test_a_named_server_goes_before_the_variable(faults):
    faults.answers["Differentiate"] = echo
    found = CliRunner(env={"SECANT_SERVER": "127.0.0.1:1"}).invoke(app, ["--server", faults.address, "diff", "x"])
    assert found.stdout == "x\n"


@pytest.mark.parametrize(("verdict", "code"), [("PROVED", 0), ("AGREES", 0), ("REFUTED", 1), ("UNDECIDED", 3)])
def test_check_leaves_with_a_code_for_each_verdict(faults, run, verdict, code):
    faults.answers["Check"] = lambda request, context: check_pb2.CheckResponse(
        verdict=f"VERDICT_{verdict}", message="so it is"
    )
    found = run("check", "x^2", "2*x", "x")
    assert (found.exit_code, found.stdout) == (code, f"{verdict}: so it is\n")
    assert faults.requests[0].claimed.text == "2*x"


def test_a_check_that_fails_has_another_exit_code_than_a_wrong_derivative(faults, run):
    faults.answers["Check"] = lambda _, context: context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no such variable")
    found = run("check", "x^2", "2*a", "x")
    assert (found.exit_code, found.stdout, found.stderr) == (2, "", "no such variable\n")


@pytest.mark.parametrize(("verdict", "code"), [("PROVED", 0), ("AGREES", 0), ("REFUTED", 1), ("UNDECIDED", 3)])
def test_equal_leaves_with_a_code_for_each_verdict(faults, run, verdict, code):
    faults.answers["Check"] = lambda request, context: check_pb2.CheckResponse(
        verdict=f"VERDICT_{verdict}", message="so it is"
    )
    found = run("equal", "x", "y", "--assume", "x > 0", "--from", "latex")
    assert (found.exit_code, found.stdout) == (code, f"{verdict}: so it is\n")
    asked = faults.requests[0]
    assert (asked.expression.text, asked.claimed.text, asked.claimed.notation, list(asked.assumptions)) == (
        "x",
        "y",
        3,
        ["x > 0"],
    )
    assert (asked.HasField("order"), asked.order) == (True, 0)


def test_a_file_of_pairs_gets_a_verdict_a_line_in_its_order(faults, run, tmp_path):
    words = {"a": "PROVED", "b": "REFUTED", "c": "AGREES"}

    def answered(request, context):
        word = words.get(request.expression.text)
        if word is None:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "not a\nformula")
        return check_pb2.CheckResponse(verdict=f"VERDICT_{word}", message=",".join(request.assumptions), notices=["so"])

    faults.answers["Check"] = answered
    file = tmp_path / "pairs.tsv"
    file.write_text("# pairs\na\t1\n\nb\t2\tx > 0; y < 1\nd\t4\nc\t3\n")
    found = run("equal", "--file", str(file), "--assume", "n integer")
    assert found.stdout.splitlines() == [
        "PROVED\ta\t1\tn integer; note: so",
        "REFUTED\tb\t2\tn integer,x > 0,y < 1; note: so",
        "FAILED\td\t4\tnot a formula",
        "AGREES\tc\t3\tn integer; note: so",
    ]
    assert (found.exit_code, found.stderr) == (2, "4 pairs: 1 AGREES, 1 FAILED, 1 PROVED, 1 REFUTED\n")
    file.write_text("a\t1\nb\t2\n")
    assert run("equal", "--file", str(file)).exit_code == 1
    assert "Line 1 has 1 cells" in run("equal", "--file", "-", input="a\n").stderr
    assert run("equal", "a", "b", "--file", str(file)).exit_code == run("equal", "a").exit_code == 2


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
    # A shell starts what runs in the background with interrupts ignored, and so may have started the tests.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{listening}; from secant.command import main; main()"]
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


def test_functions_are_looked_up_by_a_word():
    found = secant("functions", "softplus")
    assert found.stdout.startswith(
        "softplus(x)\n  log(1 + exp(x))\n  also: log1pexp\n  d/dx: expit(x)\n  source: Maechler"
    )
    assert "d/dlambda: dpois(x, lambda) * ((x - lambda)/lambda)" in inside("functions", "dpois").stdout
    missing = inside("functions", "gammainc_grad_a").stdout
    assert "d/da: gammainc_grad_aa(a, x)" in missing
    assert "d/da: not known: derivatives with respect to parameters are known to second order only" in missing
    assert "density of the normal distribution" in inside("functions").stdout
    listed = json.loads(inside("functions", "logsf", "--json").stdout)
    assert "stats.norm.logsf" in listed[0]["aliases"]
    nothing = inside("functions", "gumbel")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "no function has 'gumbel' in its names or its summary" in nothing.stderr
