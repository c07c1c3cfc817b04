"""The clients and the command with the real service."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import secant

from .commands import inside

DEMO = Path(__file__).parents[2] / "clients/python/examples/demo.py"

# (source, f, variables, derivative in R's notation); the texts are those that R's Deriv prints.
DERIVATIVES = [
    pytest.param("x * exp(x)", ["x"], "(1 + x) * exp(x)", id="003-13"),
    pytest.param("x**2 + x*y + y**2", ["y"], "2 * y + x", id="003-13 y"),
    pytest.param("exp(2 * x^3)", ["x"], "6 * (x^2 * exp(2 * x^3))", id="003-14"),
    pytest.param("x^3", ["x", "x"], "6 * x", id="second"),
]


@pytest.mark.parametrize(("f", "variables", "expected"), DERIVATIVES)
def test_both_clients_give_the_same_derivative(real, f, variables, expected):
    async def main():
        async with secant.local_async() as s:
            return await s.differentiate(f, *variables, notations="r")

    assert real.differentiate(f, *variables, notations="r").text == asyncio.run(main()).text == expected


def test_a_gradient_at_a_point_is_text_and_numbers(real):
    found = real.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1}, direction={"x": 3, "y": 4})
    assert (found.texts, found.variables, found.value, found.shape) == (("2 * x", "4 * y"), ("x", "y"), 6.0, "1 x 2")
    np.testing.assert_array_equal(found.values, [4, 4])
    assert found.norm == pytest.approx(np.sqrt(32), rel=1e-15)
    assert found.directional.value == pytest.approx(28 / 5, rel=1e-15)


def test_constants_are_exact_on_request_and_in_python_notation(real):
    found = real.differentiate("x^(1/3)", "x", notations=["r", "python"])
    assert found.renderings == {"r": "0.333333333333333/x^0.666666666666667", "python": "1/(3*x**(2/3))"}
    exact = real.differentiate("x^(1/3)", "x", form="exact")
    assert (exact.text, exact.formula.form) == ("1/(3 * x^(2/3))", "exact")


def test_data_columns_go_with_the_function(real):
    data = {"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 7.0]}
    found = real.gradient("sum((y - a - b*x)^2)", "a", "b", at={"a": 0, "b": 2}, data=data)
    assert found.value == 1.0
    np.testing.assert_array_equal(found.values, [-2, -6])


def test_the_caret_is_under_the_mistake(real):
    with pytest.raises(secant.InvalidArgument) as raised:
        real.differentiate("x^2 + * y", "x")
    assert str(raised.value) == (
        "expected a number, a name or '(', found '*'\n  x^2 + * y\n        ^\nremove one of '+' and '*'"
    )
    assert (raised.value.reason, raised.value.span, raised.value.field) == ("SYNTAX_ERROR", (6, 7), "expression.text")


@pytest.mark.parametrize("size", [1, 1000, 200_000])
def test_values_gradient_and_hessian_at_many_points_are_those_of_numpy(real, size):
    rng = np.random.default_rng(20211114)
    x, y = rng.normal(size=(2, size))
    found = real.evaluate("x^2*y + sin(x)", {"x": x, "y": y}, "y", "x", order=2)
    assert found.variables == ("y", "x")
    np.testing.assert_allclose(found.values, x**2 * y + np.sin(x), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.gradient, np.column_stack([x**2, 2 * x * y + np.cos(x)]), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.hessian[:, 0, 1], 2 * x, rtol=1e-12)
    np.testing.assert_allclose(found.hessian[:, 1, 0], 2 * x, rtol=1e-12)
    np.testing.assert_allclose(found.hessian[:, 1, 1], 2 * y - np.sin(x), rtol=1e-12, atol=1e-14)


def test_the_descent_of_the_notes_takes_as_many_steps_as_theirs(real):
    descent = real.descend("x^2 + 2*y^2", {"x": 1.0289484412540515, "y": 1.5995244768100338}, rate=0.01)
    outcome = descent.result()
    assert (outcome.reason, outcome.steps, outcome.nature) == ("CONVERGED", 606, "MINIMUM")
    np.testing.assert_allclose(descent.trace.points[-1], [4.95901570e-06, 2.88641061e-11], rtol=1e-8)
    assert np.all(np.diff(descent.trace.values) < 0)
    assert list(outcome.point) == ["x", "y"]


@pytest.mark.parametrize("after", [1, 100, 635])
def test_a_descent_that_is_gone_on_with_ends_as_if_it_had_not_broken(real, after):
    whole = real.descend("x^2 + 2*x + 3", {"x": 0.883646125995533}, rate=0.01)
    outcome = whole.result()
    point = {"x": float(whole.trace.points[after, 0])}
    rest = secant.rpcs.descend("x^2 + 2*x + 3", point, rate=0.01)
    rest.first_number = after
    replies = list(real._stub.Descend(rest))
    assert replies[0].steps[0].number == after
    assert replies[-1].steps[-1].number == 636
    assert list(replies[-1].outcome.point) == list(outcome.point.values())


def test_a_replica_that_goes_is_not_noticed():
    with secant.local() as a, secant.local() as b:
        target = "ipv4:" + ",".join(s.target for s in (a, b))
        with secant.connect(target) as s:
            texts = []
            for i in range(200):
                if i == 100:
                    a.close()
                texts.append(s.differentiate(f"x^{i + 2}", "x").text)
    assert texts == [f"{i + 2} * x^{i + 1}" if i else "2 * x" for i in range(200)]


@contextmanager
def processes(count):
    """Run servers as processes and give them with their addresses."""
    line = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0", "--seconds", "60"]
    started = [subprocess.Popen(line, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    try:
        yield [(process, process.stdout.readline().split()[-1]) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()
            process.stdout.close()


def test_descents_outlive_the_kill_of_a_replica():
    with processes(2) as [(victim, a), (_, b)], secant.connect(f"ipv4:{a},{b}") as s:
        how = {"rate": 1e-5, "max_steps": 1_000_000, "trace_every": 100}
        whole = s.descend("x^4 + 2*y^2", {"x": 1.0, "y": 1.0}, **how)
        expected = whole.result()
        # In turns: one descent on each replica.
        descents = [s.descend("x^4 + 2*y^2", {"x": 1.0, "y": 1.0}, **how) for _ in range(2)]
        for descent in descents:
            while next(descent).number < 1000:
                pass
        victim.kill()
        outcomes = [descent.result() for descent in descents]
    assert sorted(descent._path._offset > 0 for descent in descents) == [False, True]
    assert [(o.steps, o.point) for o in outcomes] == [(expected.steps, expected.point)] * 2
    for descent in descents:
        np.testing.assert_array_equal(descent.trace.points, whole.trace.points)


def test_one_client_serves_many_threads(real):
    failures = []

    def work(n):
        for i in range(20):
            if real.differentiate(f"{n} * x^{i + 3}", "x", at={"x": 1.0}).derivative != n * (i + 3):
                failures.append((n, i))

    threads = [threading.Thread(target=work, args=[n]) for n in range(2, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def command(*args, **options):
    line = [sys.executable, "-c", "from secant.command import main; main()", *args]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False, **options)


def test_the_command_needs_no_server():
    found = command("diff", "x * exp(x)", "x")
    assert (found.stdout, found.stderr, found.returncode) == ("(1 + x) * exp(x)\n", "", 0)


def test_the_command_descends_as_the_notes_do():
    found = command("descend", "x^2 + 2*x + 3", "--start", "x=0.883646125995533", "--rate", "0.01", "--json")
    lines = found.stdout.splitlines()
    assert len(lines) == 637 + 1
    assert json.loads(lines[-1])["outcome"]["steps"] == 636


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x^2", "--start", "x=1"], 0),
        (["x^2", "--start", "x=1", "--rate", "0.1", "--max-steps", "5", "--tolerance", "0"], 0),
        (["x^2", "--start", "x=1", "--rate", "0.1", "--max-steps", "5"], 3),
        (["x^2", "--start", "x=1", "--rate", "1.5"], 4),
        (["2*x + 1", "--start", "x=1", "--json"], 4),
        (["sqrt(x)", "--start", "x=-1"], 5),
        (["x^2", "--start", "x=1", "--rate", "1"], 6),
        (["x^2", "--start", "y=1"], 1),
        (["x^2", "--start", "x"], 2),
    ],
)
def test_the_exit_code_of_descend_is_that_of_its_reason(real, arguments, code):
    assert inside("--server", real.target, "descend", *arguments).returncode == code


def test_descend_prints_its_finding_and_its_notices(real):
    # Without a method, bounds mean lbfgs.
    how = ["--start", "x=1,y=0", "--bounds", "y=1:2"]
    found = inside("--server", real.target, "descend", "x^2 + (y - 3)^2", *how)
    assert "note: the start y = 0 is outside its bounds; the descent begins at y = 1" in found.stderr
    assert "note: y is held by its upper bound 2" in found.stderr
    assert "kink" in inside("--server", real.target, "descend", "abs(x)", "--start", "x=1").stdout.split()


def test_a_wrong_expression_leaves_the_command_with_1_and_the_caret(real):
    found = command("--server", real.target, "grad", "x^2 + * y")
    assert (found.stdout, found.returncode) == ("", 1)
    assert found.stderr.splitlines()[2] == "        ^"


def test_the_command_serves():
    line = [sys.executable, "-c", "from secant.command import main; main()", "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        listening = re.fullmatch(r"listening on (127\.0\.0\.1:\d+)\n", process.stdout.readline())
        with secant.connect(listening[1]) as s:
            assert s.differentiate("x^2").text == "2 * x"
        process.terminate()
        assert process.wait(30) == 0


def test_the_demo_agrees_with_the_notes_and_fits_a_terminal():
    found = subprocess.run([sys.executable, DEMO], capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0, found.stdout
    assert found.stdout.splitlines()[-1] == "13 of 13 as expected"
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_a_start_of_vectors_and_matrices_ends_in_their_shapes(real):
    start = {"A": np.zeros((2, 3)), "v": [1, 2], "s": 3}
    target = np.arange(6.0).reshape(2, 3)
    outcome = real.descend("sum((A - M)^2) + sum(v^2) + s^2", start, data={"M": target}).result()
    assert list(outcome.point)[:4] == ["A[1,1]", "A[1,2]", "A[1,3]", "A[2,1]"]
    assert list(outcome.arrays) == ["A", "v", "s"]
    np.testing.assert_allclose(outcome.arrays["A"], target, atol=1e-6)
    np.testing.assert_allclose(outcome.arrays["v"], [0, 0], atol=1e-6)
    assert outcome.arrays["s"] == pytest.approx(0, abs=1e-6)
    only = real.descend("sum((x - 1)^2)", [3, 4, 5]).result()
    np.testing.assert_allclose(only.arrays["x"], [1, 1, 1], atol=1e-6)
