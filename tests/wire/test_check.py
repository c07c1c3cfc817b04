"""Check over the wire: what is answered, what is refused, and that the time it has is kept to."""

import os
import signal
import time
from pathlib import Path

import grpc
import pytest
from secant.v1 import check_pb2, expression_pb2
from secantd.balls import installed
from secantd.check.witnesses import deriv_installed
from secantd.settings import Limits, Settings

Expression, Column, Coordinate = expression_pb2.Expression, expression_pb2.Column, expression_pb2.Coordinate
Request = check_pb2.CheckRequest


def claim(text, claimed, *variables, **fields):
    return Request(expression=Expression(text=text), claimed=Expression(text=claimed), variables=variables, **fields)


def test_a_refuted_claim_comes_with_a_point_both_values_and_the_likely_mistake(calculus):
    reply = calculus.Check(claim("x^2*exp(y)", "c(2*exp(y), x^2*exp(y))", witnesses=["exact", "numeric"]))
    assert reply.verdict == check_pb2.VERDICT_REFUTED
    assert reply.variable == "x"
    assert reply.claimed_value == pytest.approx(2 * 2.718281828459045**3, rel=1e-14)
    assert reply.true_value == pytest.approx(2 * reply.claimed_value, rel=1e-15)
    assert {c.variable: c.value for c in reply.witness_point} == {"x": 2, "y": 3}
    assert [f.text for f in reply.derivatives] == ["2 * (x * exp(y))", "x^2 * exp(y)"]
    assert list(reply.variables) == ["x", "y"]
    assert reply.message.startswith(
        "at x = 2, y = 3 the claim is 40.1711, but the partial derivative with respect to x is 80.3421"
    )


def test_a_right_claim_has_no_witness_point(calculus):
    reply = calculus.Check(claim("x^3", "3*x^2", witnesses=["exact"]))
    assert (reply.verdict, reply.slip, reply.variable) == (check_pb2.VERDICT_PROVED, "", "")
    assert not reply.witness_point
    assert not reply.HasField("claimed_value")
    assert not reply.HasField("true_value")


def test_every_witness_in_describe_takes_part_unless_some_are_requested(calculus):
    from secant.v1 import describe_pb2

    present = list(calculus.Describe(describe_pb2.DescribeRequest()).witnesses)
    balls = ["ball"] * installed()
    assert [name for name in present if name != "deriv"] == ["exact", *balls, "sympy", "numeric"]
    names = [w.name for w in calculus.Check(claim("log(1 + exp(x))", "1/(1 + exp(-x))")).witnesses]
    # Deriv is listed even if it is missing.
    assert names == ["exact", *balls, "sympy", "numeric", "deriv"]
    reply = calculus.Check(claim("x^3", "3*x^2", witnesses=["numeric", "exact", "numeric"]))
    assert [w.name for w in reply.witnesses] == ["exact", "numeric"]


@pytest.mark.parametrize(
    ("claimed", "verdict"), [("3*x^2", check_pb2.VERDICT_PROVED), ("3*x", check_pb2.VERDICT_REFUTED)]
)
def test_what_our_algebra_proves_or_values_refute_is_not_asked_of_others_unless_requested(calculus, claimed, verdict):
    reply = calculus.Check(claim("x^3", claimed))
    assert (reply.verdict, [w.name for w in reply.witnesses]) == (
        verdict,
        ["exact", *["ball"] * installed(), "numeric"],
    )
    reply = calculus.Check(claim("x^3", claimed, witnesses=["exact", "numeric", "sympy"]))
    assert (reply.verdict, [w.name for w in reply.witnesses]) == (verdict, ["exact", "sympy", "numeric"])


def test_sympy_proves_what_is_claimed_of_a_density_and_of_a_likelihood(calculus):
    reply = calculus.Check(claim("dnorm(x)", "-x*dnorm(x)", witnesses=["sympy"]))
    assert (reply.verdict, reply.witnesses[0].message) == (
        check_pb2.VERDICT_PROVED,
        "SymPy's derivative minus the claim simplifies to 0",
    )
    f = Expression(text="sum(dnorm(y, m, s, log = TRUE))", data=[Column(name="y", values=[1, 2, 4])])
    gradient = Expression(text="c(sum(y - m)/s^2, sum((y - m)^2)/s^3 - length(y)/s)")
    reply = calculus.Check(Request(expression=f, claimed=gradient, variables=["m", "s"], witnesses=["sympy"]))
    assert reply.verdict == check_pb2.VERDICT_PROVED


def test_a_claim_may_use_the_data_of_the_function(calculus):
    f = Expression(text="sum((y - a)^2)", data=[Column(name="y", values=[1, 2, 4])])
    right = Request(expression=f, claimed=Expression(text="-2*sum(y - a)"), witnesses=["exact", "numeric"])
    assert calculus.Check(right).verdict in (check_pb2.VERDICT_PROVED, check_pb2.VERDICT_AGREES)
    own = Expression(text="6*a - sum(z)", data=[Column(name="z", values=[14])])
    reply = calculus.Check(Request(expression=f, claimed=own, witnesses=["exact", "numeric"]))
    assert reply.verdict in (check_pb2.VERDICT_PROVED, check_pb2.VERDICT_AGREES)


def test_each_text_is_read_in_its_own_notation(calculus):
    f = Expression(text="ifelse(x > 0, x^2, x %/% 1) * y", notation=expression_pb2.NOTATION_R)
    python = "lambda x, y: [2*x*y if x > 0 else 0, x**2 if x > 0 else x // 1]"
    g = Expression(text=python, notation=expression_pb2.NOTATION_PYTHON)
    reply = calculus.Check(Request(expression=f, claimed=g, witnesses=["exact"]))
    assert reply.verdict in (check_pb2.VERDICT_PROVED, check_pb2.VERDICT_AGREES), reply


REFUSED = [
    (claim("x^2", "c(2*x, 1)"), "INVALID_VALUE", "claimed.text"),
    (claim("x*y", "y"), "INVALID_VALUE", "claimed.text"),
    (claim("x*y", "c(y, x)", "x"), "INVALID_VALUE", "claimed.text"),
    (claim("x^2", "2*"), "SYNTAX_ERROR", "claimed.text"),
    (claim("x^2", ""), "SYNTAX_ERROR", "claimed.text"),
    (claim("x^2 + * y", "2*x"), "SYNTAX_ERROR", "expression.text"),
    (claim("", "2*x"), "SYNTAX_ERROR", "expression.text"),
    (claim("x^2", "nosuch(x)"), "UNKNOWN_FUNCTION", "claimed.text"),
    (claim("c(x, y)", "c(1, 1)"), "INVALID_VALUE", "expression.text"),
    (claim("5", "0"), "INVALID_VALUE", "variables"),
    (claim("x^2", "2*x", "x", "x"), "INVALID_VALUE", "variables[1]"),
    (claim("x^2", "2*x", ""), "INVALID_VALUE", "variables[0]"),
    (claim("x^2", "2*x", witnesses=["oracle"]), "INVALID_VALUE", "witnesses[0]"),
    (claim("x^2", "2*x", seconds=0), "INVALID_VALUE", "seconds"),
    (claim("x^2", "2*x", seconds=float("nan")), "INVALID_VALUE", "seconds"),
    (claim("x*y", "c(y, x)", at=[Coordinate(variable="x", value=1)]), "UNKNOWN_VARIABLE", "at"),
    (claim("x^2", "2*x", at=[Coordinate(variable="z", value=1)]), "UNKNOWN_VARIABLE", "at[0]"),
    (claim("x^2", "2*x", at=[Coordinate(variable="x", value=float("nan"))]), "INVALID_VALUE", "at[0].value"),
    (
        Request(
            expression=Expression(text="sum(a*y)", data=[Column(name="y", values=[1, 2])]),
            claimed=Expression(text="y"),
        ),
        "INVALID_VALUE",
        "claimed.text",
    ),
    (
        Request(
            expression=Expression(text="a*y", data=[Column(name="y", values=[1, 2])]), claimed=Expression(text="1")
        ),
        "INVALID_VALUE",
        "expression.text",
    ),
    (
        Request(
            expression=Expression(text="sum(a*y)", data=[Column(name="y", values=[1, 2])]),
            claimed=Expression(text="sum(y)", data=[Column(name="y", values=[1, 3])]),
        ),
        "INVALID_VALUE",
        "claimed.data",
    ),
    (Request(), "SYNTAX_ERROR", "expression.text"),
]


@pytest.mark.parametrize(
    ("request_", "reason", "field"), [pytest.param(*row, id=str(i)) for i, row in enumerate(REFUSED)]
)
def test_what_makes_no_sense_is_refused_with_its_reason_and_field(calculus, failure, request_, reason, field):
    error = failure(calculus.Check, request_)
    assert (error.code, error.reason, error.field) == ("INVALID_ARGUMENT", reason, field), error.message


# SymPy does not end on a dozen of such terms within any time a test would wait; each alone may take it a second.
TERMS = [f"exp(sin({k}*x))*gamma({k} + x^2)^(1/3)" for k in range(1, 13)]
HARD = " + ".join(TERMS)
HARD_CLAIM = " + ".join(
    f"{term}*({k}*(1 - 2*sin({k}*x/2)^2) + 2/3*x*digamma({k} + x^2))" for k, term in enumerate(TERMS, start=1)
)


@pytest.fixture(scope="module")
def patient(start, connect):
    """A server of one worker, whose checks may take a minute."""
    limits = Limits(check_seconds=60.0, seconds=60.0, algebra_seconds=60.0)
    settings = Settings(listen="127.0.0.1:0", pool=1, limits=limits)
    with start(settings) as server, connect(server.address) as calculus:
        yield calculus


def test_when_the_time_is_over_for_sympy_the_claim_still_agrees(patient):
    request = claim(HARD, HARD_CLAIM, witnesses=["exact", "sympy", "numeric"], seconds=1.0)
    reply = patient.Check(request, timeout=60)
    assert reply.verdict == check_pb2.VERDICT_AGREES, reply
    assert {w.name: w.verdict for w in reply.witnesses}["sympy"] == check_pb2.VERDICT_UNDECIDED


def test_a_caller_that_leaves_ends_the_work_and_the_next_is_answered(patient):
    with pytest.raises(grpc.RpcError) as caught:
        patient.Check(claim(HARD, HARD_CLAIM, witnesses=["sympy"]), timeout=0.5)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    begun = patient.future("Check", claim(HARD, HARD_CLAIM, witnesses=["sympy", "numeric"]))
    time.sleep(0.2)
    begun.cancel()
    # The one worker would be at the first claims for a minute each.
    reply = patient.Check(claim("x^3", "3*x^2", witnesses=["exact"]), timeout=30)
    assert reply.verdict == check_pb2.VERDICT_PROVED


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def below(process: int, ancestor: int) -> bool:
    while process > 1 and process != ancestor:
        process = parent(process)
    return process == ancestor


def processes(word: str) -> set[int]:
    """The processes below this one whose command line holds a word; other tests run beside this one."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (folder / "cmdline").read_bytes() and below(int(folder.name), os.getpid()):
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def gone(process: int) -> bool:
    until = time.monotonic() + 20
    while Path(f"/proc/{process}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    return not Path(f"/proc/{process}").exists()


@pytest.mark.skipif(not deriv_installed() or not Path("/proc").exists(), reason="R with Deriv is not installed")
def test_r_ends_with_the_worker_that_asked_it_and_the_call_is_answered_again(start, connect):
    before = processes("deriv.R")
    limits = Limits(check_seconds=30.0, seconds=60.0)
    with start(Settings(listen="127.0.0.1:0", pool=1, limits=limits)) as server, connect(server.address) as calculus:
        request = claim("x^3", "3*x^2", witnesses=["deriv"])
        assert calculus.Check(request, timeout=60).witnesses[0].verdict == check_pb2.VERDICT_AGREES
        (r,) = processes("deriv.R") - before
        os.kill(parent(r), signal.SIGKILL)
        assert gone(r)
        again = claim("x^4", "4*x^3", witnesses=["deriv"])
        assert calculus.Check(again, timeout=60).witnesses[0].verdict == check_pb2.VERDICT_AGREES
        (r,) = processes("deriv.R") - before
    assert gone(r)
