"""Both clients have every rpc of the contract, with one signature and one docstring."""

import inspect
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import get_args

import pytest
import secant
from secant import rpcs
from secant._enums import FigureWord, FormWord, MethodWord, SchemeWord, enum_value
from secant.v1 import calculus_service_pb2, descend_pb2, expression_pb2, local_pb2, plot_pb2

SERVICE = calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"]


def snake(name):
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


NAMES = [snake(rpc.name) for rpc in SERVICE.methods]


@pytest.mark.parametrize("name", NAMES)
def test_every_rpc_is_a_method_of_both_clients(name):
    build, method, twin = (getattr(home, name) for home in (rpcs, secant.Client, secant.AsyncClient))
    assert method.__doc__ == twin.__doc__ == build.__doc__
    assert method.__name__ == name
    own, *parameters = inspect.signature(method).parameters
    assert own == "self"
    assert parameters == list(inspect.signature(twin).parameters)[1:]
    assert [p for p in parameters if p != "blocks"] == list(inspect.signature(build).parameters)


def test_the_help_of_a_bound_method_shows_its_parameters():
    client = secant.connect("127.0.0.1:50051")
    assert list(inspect.signature(client.tangent).parameters)[:2] == ["f", "at"]
    assert inspect.signature(client.gradient).return_annotation is secant.Gradient
    assert inspect.signature(client.evaluate).return_annotation is secant.Evaluation


def test_no_rpc_is_described_that_the_contract_does_not_have():
    assert sorted(rpcs.__all__) == sorted([*NAMES, "equal"])  # Check of order 0


@pytest.mark.parametrize(
    ("words", "enum"),
    [
        pytest.param(FormWord, expression_pb2.Form, id="form"),
        pytest.param(SchemeWord, local_pb2.Scheme, id="scheme"),
    ],
)
def test_the_words_a_caller_may_use_are_those_of_the_contract(words, enum):
    assert sorted(enum_value(enum, word) for word in get_args(words)) == enum.values()[1:]


@pytest.mark.parametrize(
    ("words", "message", "oneof"),
    [
        pytest.param(MethodWord, descend_pb2.DescendRequest, "method", id="method"),
        pytest.param(FigureWord, plot_pb2.PlotRequest, "figure", id="kind"),
    ],
)
def test_the_choices_of_a_caller_are_those_of_the_contract(words, message, oneof):
    assert list(get_args(words)) == [field.name for field in message.DESCRIPTOR.oneofs_by_name[oneof].fields]


@pytest.mark.long
def test_type_checkers_see_the_signatures(tmp_path):
    program = textwrap.dedent("""
        import secant

        s = secant.connect("127.0.0.1:50051")
        reveal_type(s.gradient("x"))
        reveal_type(s.evaluate("x", {"x": [1.0]}))
        reveal_type(s.evaluate_stream("x", [{"x": [1.0]}], order=1))
        reveal_type(s.descend("x", {"x": 1.0}))
        s.gradient(1)
        s.gradient("x", point={"x": 1})
        s.differentiate("x", form="simple")

        async def main() -> None:
            async with secant.connect_async("127.0.0.1:50051") as s:
                reveal_type(await s.gradient("x"))
                reveal_type(s.descend("x", {"x": 1.0}))
                async for block in s.evaluate_stream("x", [{"x": [1.0]}]):
                    reveal_type(block)
    """)
    (tmp_path / "program.py").write_text(program)
    # A cache of its own beside that of ./dev check: cold, this takes 10 s.
    cache = Path(__file__).parents[2] / ".mypy_cache" / "clients"
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), "program.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    # The type in quotes, or the kind of the error in brackets.
    types = dict(re.findall(r'^program.py:(\d+): .*["[ ]([\w.]+\[[\w.]+\]|[\w.-]+)["\]]$', run.stdout, re.M))
    assert types == {
        "5": "secant.results.derivative.Gradient",
        "6": "secant.results.evaluation.Evaluation",
        "7": "typing.Iterator[secant.results.evaluation.Evaluation]",
        "8": "secant.descent.Descent",
        "9": "arg-type",
        "10": "call-arg",
        "11": "arg-type",
        "15": "secant.results.derivative.Gradient",
        "16": "secant.descent.AsyncDescent",
        "18": "secant.results.evaluation.Evaluation",
    }


LINES = """
    import numpy as np
    import secant

    print(secant.gradient("x^2 + x*y", at={"x": 2, "y": 1}).gradient.round(3), secant.differentiate("x", at=2).derivative + 1)
    with secant.local() as s:
        twice = 2.0 * s.gradient("x^2 + x*y", at={"x": 2, "y": 1}).value
        inverse = np.linalg.inv(s.hessian("x^2 + y^2", at={"x": 1.0, "y": 2}).hessian).round(3)
        again = np.linalg.inv(s.hessian("x^2 + y^2", at={"x": 1.0, "y": np.float32(2)}))
    slope = float(secant.differentiate(secant.differentiate("x^2"), at=2))
    verdicts = secant.check("x^2", secant.differentiate("x^2")), secant.hessian(secant.gradient("x^2*y"))
    rows = secant.jacobian(["x*y", "x + y"]).jacobian, secant.gradient("x").partials[0].array.round(3)
    at = secant.evaluate("x^2 + 2*y^2", {"x": [2, -1], "y": [1, 2]}, order=1).value.mean()
    written: int = secant.evaluate("x^2", "points.csv", output="out.csv").rows
    blocks = [block.value.sum() for block in secant.evaluate_stream("x^2", [{"x": [1.0]}], order=1)]
    secant.use("localhost:50051")
    outcome: secant.Outcome = secant.descend("x", {"x": 1.0}).result()
"""


@pytest.mark.parametrize(
    "checker",
    [
        pytest.param("mypy --strict --cache-dir {cache}", id="mypy"),
        pytest.param("pyright --project {project}", id="pyright", marks=pytest.mark.long),
    ],
)
def test_lines_that_people_write_pass_strict_type_checkers_without_asserts(tmp_path, checker):
    name = checker.split()[0]
    pytest.importorskip(name)
    root = Path(__file__).parents[2]
    (tmp_path / "program.py").write_text(textwrap.dedent(LINES))
    paths = [str(root / "clients" / "python"), str(root / "service")]
    settings = {
        "typeCheckingMode": "strict",
        "venvPath": sys.prefix,
        "venv": ".",
        "extraPaths": paths,
        "include": ["program.py"],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    words = checker.format(cache=root / ".mypy_cache" / "clients", project=tmp_path).split()
    arguments = [*words, *(["program.py"] if name == "mypy" else [])]
    run = subprocess.run([sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_method_is_made_once_for_each_client():
    client = secant.connect("127.0.0.1:50051")
    assert secant.Client.gradient is secant.Client.gradient
    assert client.gradient.__func__ is secant.Client.gradient
    assert inspect.iscoroutinefunction(secant.AsyncClient.gradient)
    assert not inspect.iscoroutinefunction(secant.Client.gradient)
    assert inspect.signature(secant.AsyncClient.descend).return_annotation is secant.AsyncDescent
