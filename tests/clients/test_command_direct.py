"""The verbs that call the engine in their own process print what a server answers, letter for letter."""

import sys

import pytest
from secant import command
from secant._direct import Direct
from secant.errors import ResourceExhausted
from secantd.interrupt import OutOfTimeError

from .test_command_start import heavy, imported

FORMULAS = [
    ["x * exp(x)", "x"],
    ["x^2 * sin(x)/y", "x", "y"],
    ["function(x, y) { z <- x^2; z*y + 1 }", "x"],
    ["lambda x: x**2 + 1/3", "x"],
    ["softplus(x) * dnorm(x)", "x"],
    ["x * gamma(4) + 2^(1/3) * x + sqrt(2) * x", "x"],
    ["abs(x) + pmax(x, 0)", "x"],
    ["function(x, z) x", "z"],
]
ARRAYS = [
    ["sum((y - a - b*x)^2)", "--at", "x=[1,2],y=[2,3],a=0,b=1"],
    ["t(x) %*% A %*% x", "x", "--shape", "A=symmetric n x n", "--shape", "x=n"],
    ["t(x) %*% A %*% x", "x", "--at", "x=[1,2],A=[[1,0],[0,2]]"],
    ["x[1]^2 + x[2]", "--at", "[1,2]"],
    ["sum(x)", "x", "--shape", "x=2 x 3"],
]
DERIVATIVES = [
    *[["diff", *args] for args in FORMULAS],
    *[["grad", args[0]] for args in FORMULAS],
    *[["hessian", args[0]] for args in FORMULAS],
    *[["grad", *args] for args in ARRAYS],
    *[["hessian", *args] for args in ARRAYS[1:]],
    ["diff", "sum(x^2)", "x", "--at", "x=[1,2]"],
    ["diff", "x^3", "x", "x", "--at", "x=2", "--notation", "latex"],
    ["diff", "x^3/3", "x", "--notation", "latex", "--notation", "python", "--notation", "r"],
    ["diff", "sin(x)/x", "x", "--at", "x=0"],
    ["diff", "log(x)", "x", "--at", "x=0"],
    ["diff", "1/x", "x", "--at", "x=0"],
    ["diff", "x^2", "--at", "x=1e200"],
    ["diff", "x^2", "x", "--at", "[1,2]"],
    ["diff", "(x + 1)^2 - x^2", "x", "--form", "expanded"],
    ["diff", "x/3 + log(2)*x", "x", "--form", "exact"],
    ["diff", "2x sin x", "x", "--from", "textbook"],
    ["diff", r"\frac{x^2}{1 + e^x}", "x", "--from", "latex"],
    ["diff", "s <- exp(x); s/(1 + s)", "x", "--naming", "author"],
    ["diff", "exp(x^2)/(1 + exp(x^2))", "x", "--naming", "repeated"],
    ["grad", "x^2 + 2*y^2", "--at", "x=2,y=1", "--direction", "x=1,y=1"],
    ["grad", "x^2 + 2*y^2", "y", "x", "--at", "x=2", "--at", "y=1", "--values-only"],
    ["hessian", "x^2 + 2*y^2 - x*y", "--at", "x=2,y=1"],
    ["hessian", "x^4", "--at", "x=0", "--values-only"],
    ["hessian", "sum((y - a*x)^2)", "a", "--at", "x=[1,2],y=[2,3],a=0"],
]
CLAIMS = [
    ["check", "x^2", "3*x", "x"],
    ["check", "x^3", "3*x^2"],
    ["check", "x^2*y", "c(2*x*y, x)", "x", "y", "--at", "x=1,y=2"],
    ["check", "x^2*y", "rbind(c(2*y, 2*x), c(2*x, 1))", "--order", "2"],
    ["check", "sqrt(x^2)", "1", "--assume", "x > 0", "--witness", "exact", "--witness", "numeric"],
    ["check", "t(x) %*% x", "3*x", "--shape", "x=n"],
    ["check", "2x sin x", "3 cos x", "--from", "textbook"],
    ["equal", "x + x", "2*x"],
    ["equal", "sqrt(x^2)", "x"],
    ["equal", "sqrt(x^2)", "x", "--assume", "x > 0"],
    ["check", "x^2", "x +", "x"],
    ["check", "x^2", "c(1, 2)"],
    ["check", "x^2", "2*x", "--at", "y=2"],
    ["equal", "x", "x", "--assume", "x >"],
]
ERRORS = [
    ["diff", "x^2 + * y", "x"],
    ["diff", "", "x"],
    ["diff", "x", "z"],
    ["diff", "foo(x)", "x"],
    ["diff", "x*y"],
    ["diff", "x^2", "x", "--at", "y=2"],
    ["diff", "x^2", "x", "--at", "x=[[1,2],[3]]"],
    ["diff", "x^2", "x", "--notation", "c"],
    ["diff", "x^2", "x", "--shape", "y=3"],
    ["diff", "x^2", "x", "--shape", "x=0"],
    ["diff", "x^2", "x", "--shape", "x=99999999999999999999"],
    ["diff", "x^2", "x", "--data", "no-such-file.csv"],
    ["diff", "c(x, y)", "x"],
    ["diff", "x\udcff", "x"],
    ["diff", "x\x00", "x"],
    ["diff", "x", *["x"] * 101],
    ["diff", "qbinom(p, 3, 0.5)", "p"],
    ["grad", "x^2", "--values-only"],
    ["grad", "x^2", "--at", "x=1", "--direction", "x=0"],
    ["grad", "x^2", "x", "x"],
    ["grad", "x + y", "--at", "x=1"],
    ["hessian", "c(x, y)"],
]


@pytest.fixture(scope="module")
def address(real):
    return real.target


@pytest.fixture
def outcome(capsys, monkeypatch):
    def run(*args):
        monkeypatch.setattr(sys, "argv", ["secant", *args])
        try:
            code = command.run()
        except SystemExit as end:
            code = end.code
        return (code, *capsys.readouterr())

    return run


@pytest.mark.parametrize("args", [*DERIVATIVES, *ERRORS], ids=" ".join)
def test_an_answer_without_a_server_is_that_of_a_server(args, outcome, address, monkeypatch):
    monkeypatch.delenv("SECANT_SERVER", raising=False)
    for options in ([], ["--json"]):
        direct = outcome(*args[:1], *options, *args[1:])
        assert direct == outcome(*args[:1], *options, "--server", address, *args[1:])
        assert (direct[0] == 0) == (args in DERIVATIVES)


@pytest.mark.parametrize("args", CLAIMS, ids=" ".join)
def test_a_verdict_without_a_server_is_that_of_a_server(args, outcome, address, monkeypatch):
    monkeypatch.delenv("SECANT_SERVER", raising=False)
    for options in ([], ["--json"]):
        assert outcome(*args[:1], *options, *args[1:]) == outcome(*args[:1], *options, "--server", address, *args[1:])


def test_data_of_a_file_are_those_that_a_server_gets(outcome, address, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("x,y\n1,2\n2,NA\n3,5\n")
    for args in (["grad", "sum((y - a*x)^2)", "a"], ["diff", "sum(y*x)*a^2", "a", "--at", "a=1"], ["grad", "M %*% b"]):
        data = ["--data", f"M={file}" if "M" in args[1] else str(file)]
        assert outcome(*args, *data) == outcome(*args, *data, "--server", address)


def test_a_call_that_takes_too_long_ends(outcome):
    code, out, err = outcome(
        "--timeout", "0.05", "diff", "*".join(f"sin({'x*' * 90}x{i})" for i in range(300)), "x1", "x1", "x1"
    )
    assert (code, out) == (1, "")
    assert err == "no answer within 0.05 s\nallow more time: --timeout\n"


def test_a_call_whose_time_the_import_of_sympy_took_is_repeated_once(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("sympy.")]:
        monkeypatch.delitem(sys.modules, name)
    calls = []

    def slow(request, cache):
        calls.append(request)
        monkeypatch.setitem(sys.modules, f"sympy.part{len(calls)}", sys)
        raise OutOfTimeError

    with pytest.raises(ResourceExhausted, match="more than 10 seconds"):
        Direct(None, lambda: None)._answer("Check", slow, None)
    assert len(calls) == 2


def test_a_long_text_is_left_to_a_server(address):
    started = []

    class Server:
        def differentiate(self, *args, **how):
            started.append(args)

    Direct(None, lambda: Server()).differentiate("x" * (1 << 20), "x")
    assert len(started) == 1


@pytest.mark.parametrize(
    "args",
    [
        ["diff", "x * exp(x)", "x"],
        ["diff", "x^2 + * y", "x"],
        ["grad", "x^2*y + softplus(x)", "--notation", "latex"],
        ["hessian", "x^2 * sin(y)", "--json"],
        ["diff", "lambda x: x**2", "--notation", "python"],
        ["diff", "2x", "--from", "textbook"],
    ],
    ids=" ".join,
)
def test_formulas_are_differentiated_without_numpy_grpc_and_sympy(args):
    assert not heavy(imported(*args)[1])


def test_values_at_a_point_need_no_grpc_and_no_sympy():
    assert heavy(imported("diff", "x * exp(x)", "x", "--at", "x=2")[1]) == ["numpy"]


@pytest.mark.parametrize("claim", ["3*x*exp(x)", "exp(x) + x*exp(x)"])
def test_a_claim_that_values_refute_or_our_algebra_proves_needs_no_sympy(claim):
    assert set(heavy(imported("check", "x * exp(x)", claim)[1])) <= {"numpy", "mpmath"}


def test_a_refuted_derivative_needs_no_rules_of_arrays_and_of_equality():
    modules = imported("check", "x^2*exp(3*x)", "2*x*exp(3*x)")[1]
    unwanted = (
        "secantd.check.arrays",
        "secantd.check.equality",
        "secantd.calculus.arrays",
        "secantd.algebra.arrays",
        "numpy.ma.",
    )
    assert [name for name in modules if name.startswith(unwanted)] == []
