"""Whatever a hurried person types: it is right, or refused with what to write instead."""

import pytest
from secant.v1 import check_pb2, derivative_pb2, evaluate_pb2

from .commands import formula, inside


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param("dif x^2", "No such verb 'dif'. Did you mean diff?", id="misspelt verb"),
        pytest.param("minimize x^2", "Did you mean descend?", id="minimize"),
        pytest.param("Derivative x^2", "Did you mean diff?", id="derivative"),
        pytest.param("frobnicate x^2", "No such verb 'frobnicate'. secant --help", id="unknown verb"),
        pytest.param("help frobnicate", "No such verb 'frobnicate'", id="help of an unknown verb"),
        pytest.param("diff x^2 --wrt x", "name the variables after F: secant diff F x", id="--wrt"),
        pytest.param("diff x^2 --latex", "the notation of the answer is --notation latex", id="--latex"),
        pytest.param("diff x^2 --format=latex", "--notation latex", id="--format"),
        pytest.param("diff x^2 --notation c", "secant export F --to c", id="--notation c"),
        pytest.param("diff x^2 x=2", "a point is --at x=2", id="a point as variable"),
        pytest.param("diff x^2 --at 2", "'2' is not NAME=NUMBER, as in x=2,y=1", id="a number alone"),
        pytest.param("diff x^2 --at x=1,5", "decimal numbers have a point", id="decimal comma"),
        pytest.param("eval x^2 --points", "Option '--points' requires an argument", id="no value of an option"),
        pytest.param("eval sum(x) --at [1,2]", "name the variable, as in x=[1,2]", id="a vector alone"),
        pytest.param("diff x^2 --at x:2", "as in x=2,b=[1,3]", id="colon"),
        pytest.param("diff x^2 --at x=1/0", "as in x=2,b=[1,3]", id="division by 0"),
        pytest.param("diff x^2 --at x=1_000", "as in x=2,b=[1,3]", id="underscore"),
        pytest.param(
            "eval x^2", "give a point by --at x=2, or a file of points by --points FILE", id="eval of nothing"
        ),
        pytest.param("eval x^2 x=3", "a point is --at x=3", id="eval at a variable"),
        pytest.param("eval x^2 --at x=1 -o out.csv", "-o and --sum need --points", id="-o of a point"),
        pytest.param("descend x^2", "Missing option '--start'", id="no start"),
        pytest.param("descend x^2 --start x=1 --lr 0.1", "the learning rate is --rate", id="--lr"),
        pytest.param("descend x^2 --start x=1 --steps 9", "the most steps are --max-steps", id="--steps"),
        pytest.param("descend x^2 --x0 x=1", "the point to start from is --start x=1", id="--x0"),
        pytest.param("check x^2", 'secant check "x^2" "2*x"', id="check without a claim"),
        pytest.param("check claims.xlsx", "files of claims, whose names end in .csv", id="a workbook"),
        pytest.param("equal x^2=x*x", 'secant equal "x^2" "x*x"', id="one formula"),
        pytest.param("export x^2 --to js", "'js' is not one of 'r', 'python', 'latex', 'c'", id="another language"),
        pytest.param("export x^2 -o f.xyz", "unknown ending; there are .c, .jl, .py", id="another ending"),
        pytest.param(
            "export x^2 --to r -o f.c", "f.c is a file of c; for other languages give a folder", id="two languages"
        ),
        pytest.param("extrema x^2 --box x=-1,1", "'x=-1' is not NAME=LOWER:UPPER, as in x=-1:3", id="box with a comma"),
        pytest.param("describe --server localhost", "no port: write host:port", id="no port"),
        pytest.param("describe --server http://localhost:1", "a target is host:port", id="URL"),
        pytest.param("completion tcsh", "'tcsh' is not one of 'bash', 'zsh', 'fish'", id="another shell"),
    ],
)
def test_what_is_refused_is_refused_with_what_to_write(faults, args, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECANT_SERVER", faults.address)
    faults.answers["Export"] = lambda request, context: derivative_pb2.ExportResponse(
        codes=[derivative_pb2.Code(text="code", file_name="f")] * len(request.notations)
    )
    found = inside(*args.split(" "))
    assert (found.returncode, found.stdout) == (2, "")
    assert message in " ".join(found.stderr.split())
    assert not list(tmp_path.iterdir())


# By the numbers of the contract: R, C and Julia.
ENDINGS = {1: ".R", 4: ".c", 5: ".jl"}


@pytest.fixture
def answers(faults, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", faults.address)
    faults.answers["Differentiate"] = lambda request, context: derivative_pb2.DifferentiateResponse(
        derivative=formula(",".join(f"{e.variable}={e.value:g}" for e in request.at) or "2 * x")
    )
    faults.answers["Gradient"] = lambda request, context: derivative_pb2.GradientResponse(
        variables=["x"], partials=[formula("2 * x")]
    )
    faults.answers["Evaluate"] = lambda request, context: evaluate_pb2.EvaluateResponse(values=[9.0])
    faults.answers["Check"] = lambda request, context: check_pb2.CheckResponse(
        verdict="VERDICT_PROVED", message=request.claimed.text
    )
    faults.answers["Export"] = lambda request, context: derivative_pb2.ExportResponse(
        codes=[
            derivative_pb2.Code(notation=n, text=f"code {n}\n", file_name=f"f{ENDINGS[n]}") for n in request.notations
        ]
    )
    return faults


@pytest.mark.parametrize(
    ("args", "out"),
    [
        ("differentiate x^2 x", "2 * x\n"),
        ("gradient x^2", "x  2 * x\n"),
        ("evaluate x^2 --at x=3", "9\n"),
        ("diff x^2 --at x=pi/2,y=-1/4", "x=1.5708,y=-0.25\n"),
        ("diff x^2 --notation LaTeX", "2 * x\n"),
        ("check x^2 = 2*x", "PROVED: 2*x\n"),
        ("export x^2 --to c -o -", "code 4\n"),
        ("export x^2 -o f.c", "f.c\n"),
        ("export x^2 -o F.R", "F.R\n"),
        ("help diff", None),
        ("help", None),
        ("diff -h", None),
        ("serve -h", None),
        ("fit -h", None),
        ("version", None),
    ],
)
def test_what_is_clear_is_answered(answers, args, out, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = inside(*args.split(" "))
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == out if out else found.stdout


def test_code_is_written_in_the_language_of_its_file(answers, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    inside("export", "x^2", "-o", "f.c")
    assert (tmp_path / "f.c").read_text() == "code 4\n"
    inside("export", "x^2", "--to", "c", "--to", "julia", "-o", "folder")
    assert {path.name: path.read_text() for path in (tmp_path / "folder").iterdir()} == {
        "f.c": "code 4\n",
        "f.jl": "code 5\n",
    }
