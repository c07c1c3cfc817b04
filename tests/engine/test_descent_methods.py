"""The table of methods against the contract, and updates against an implementation of their papers in NumPy."""

import re
from dataclasses import MISSING, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from secant.v1 import descend_pb2, descent_methods
from secantd.descent import (
    METHODS,
    Adam,
    Adamax,
    AmsGrad,
    DescentRequest,
    FixedRate,
    Lbfgs,
    LineSearch,
    Method,
    descend,
    name_of,
)
from secantd.descent.methods import Paced, Searching, described
from secantd.errors import CalculusError
from secantd.language import read
from secantd.program.loop import larger

Vector = NDArray[np.float64]
PROTO = Path(__file__).parents[2] / "protos" / "secant" / "v1" / "descend.proto"
MEMBERS = descend_pb2.DescendRequest.DESCRIPTOR.oneofs_by_name["method"].fields


def test_the_table_has_the_methods_of_the_contract() -> None:
    assert list(METHODS) == [member.name for member in MEMBERS]
    for member in MEMBERS:
        method = METHODS[member.name]
        assert member.message_type.name == method.__name__
        assert [f.name for f in member.message_type.fields] == [f.name for f in fields(method)]
        assert name_of(method()) == member.name
        assert issubclass(method, Paced | Searching | LineSearch)
        assert method.title


@pytest.mark.parametrize("name", METHODS)
def test_defaults_and_ranges_are_those_that_the_contract_promises(name: str) -> None:
    method = METHODS[name]
    message = re.search(rf"^message {method.__name__} \{{(.*?)\}}", PROTO.read_text(), re.MULTILINE | re.DOTALL)
    assert message is not None
    comments = dict(re.findall(r"((?:  //[^\n]*\n)+)  optional \w+ (\w+) =", message[1]))
    promised = {field: comment for comment, field in comments.items()}
    assert set(promised) == {f.name for f in fields(method)}
    for f in fields(method):
        assert f.default is not MISSING
        text = " ".join(re.findall(r"// (.*)", promised[f.name]))
        meaning, unset = re.fullmatch(r"(.*)\. Unset: (.*)\.", text).groups()
        assert meaning == f"{f.metadata['meaning']}; {f.metadata['range'].words}"
        assert float(unset) == f.default
        assert f.default in f.metadata["range"]


def test_the_clients_copy_of_the_settings_is_the_table() -> None:
    """`secant descend --help` needs them without a server."""
    assert {method.name: [tuple(s) for s in method.settings] for method in described()} == descent_methods.METHODS


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if fields(m)])
def test_a_parameter_out_of_its_range_is_refused_with_its_field(name: str) -> None:
    for f in fields(METHODS[name]):
        for value in (float("nan"), float("inf"), -1.0, 0.0, 1.0, 5e-324, 1.7976931348623157e308):
            if value in f.metadata["range"]:
                continue
            method = METHODS[name](**{f.name: value})
            with pytest.raises(CalculusError, match=f"{f.name} is ") as caught:
                list(descend(DescentRequest(read("x^2"), (("x", 1.0),), method=method)))
            assert caught.value.field == f"{name}.{f.name}"
            assert f.metadata["range"].words in str(caught.value)


# One step of each: x, g, the number of the step from 1 on, and what is kept, in the letters of the papers.
def adam(x: Vector, g: Vector, t: int, kept: dict[str, Vector], a: float, b1: float, b2: float) -> Vector:
    m = kept["m"] = b1 * kept.get("m", 0 * g) + (1 - b1) * g
    v = kept["v"] = b2 * kept.get("v", 0 * g) + (1 - b2) * g**2
    return x - a * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + 1e-8)


def adamax(x: Vector, g: Vector, t: int, kept: dict[str, Vector], a: float, b1: float, b2: float) -> Vector:
    m = kept["m"] = b1 * kept.get("m", 0 * g) + (1 - b1) * g
    u = kept["u"] = np.maximum(b2 * kept.get("u", 0 * g), np.abs(g))
    return x - a / (1 - b1**t) * m / u


def amsgrad(x: Vector, g: Vector, t: int, kept: dict[str, Vector], a: float, b1: float, b2: float) -> Vector:
    m = kept["m"] = b1 * kept.get("m", 0 * g) + (1 - b1) * g
    v = kept["v"] = b2 * kept.get("v", 0 * g) + (1 - b2) * g**2
    w = kept["w"] = np.maximum(kept.get("w", 0 * g), v)
    return x - a * m / (np.sqrt(w) + 1e-8)


def rosenbrock(n: int) -> tuple[str, Any]:
    names = [f"x{i}" for i in range(n)]
    text = " + ".join(f"100*({b} - {a}^2)^2 + (1 - {a})^2" for a, b in pairwise(names))

    def gradient(x: Vector) -> Vector:
        g = np.zeros(n)
        g[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
        g[1:] += 200 * (x[1:] - x[:-1] ** 2)
        return g

    return text, gradient


@pytest.mark.parametrize("n", [2, 30])
@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize(
    ("method", "rule", "numbers"),
    [
        (Adam(0.01, 0.9, 0.99), adam, (0.01, 0.9, 0.99)),
        (Adamax(), adamax, (0.002, 0.9, 0.999)),
        (Adamax(0.05, 0.5, 0.8), adamax, (0.05, 0.5, 0.8)),
        (AmsGrad(), amsgrad, (0.01, 0.9, 0.999)),
        (AmsGrad(0.02, 0.0, 0.5), amsgrad, (0.02, 0.0, 0.5)),
    ],
    ids=["adam", "adamax", "adamax quick to forget", "amsgrad", "amsgrad without momentum"],
)
def test_steps_equal_those_of_the_published_algorithm(
    method: Method, rule: Any, numbers: Any, maximize: bool, n: int
) -> None:
    text, gradient = rosenbrock(n)
    x = np.linspace(-1.2, 1.0, n)
    start = tuple((f"x{i}", v) for i, v in enumerate(x.tolist()))
    request = DescentRequest(
        read(f"-({text})" if maximize else text), start, method=method, maximize=maximize, max_steps=300, tolerance=0.0
    )
    steps = [s for bunch in descend(request) for s in bunch.steps]
    assert len(steps) == 301
    kept: dict[str, Vector] = {}
    for t, step in enumerate(steps, 1):
        np.testing.assert_allclose(step.point, x, rtol=1e-9, atol=1e-9)
        # The gradient at the same point: rounding is not to grow from step to step.
        # An ascent of -f has the steps of the descent of f.
        x = rule(np.array(step.point), gradient(np.array(step.point)), t, kept, *numbers)


@pytest.mark.parametrize("method", [Adamax(), AmsGrad()])
def test_a_variable_that_f_does_not_change_with_stays_where_it_is(method: Method) -> None:
    *_, last = descend(DescentRequest(read("x^2 + 0*y"), (("x", 1.0), ("y", 7.0)), method=method, max_steps=500))
    assert last.outcome is not None
    assert last.outcome.point[1] == 7.0
    assert abs(last.outcome.point[0]) < 1.0


@pytest.mark.parametrize("a", [-1.0, 0.0, 2.0, float("inf"), float("nan")])
@pytest.mark.parametrize("b", [-1.0, 0.0, 2.0, float("-inf"), float("nan")])
def test_the_larger_of_two_is_that_of_numpy(a: float, b: float) -> None:
    assert np.array_equal(larger(a, b), np.maximum(a, b), equal_nan=True)


def test_bounds_are_for_the_methods_that_take_them() -> None:
    assert [name for name, method in METHODS.items() if method.bounded] == ["lbfgs"]
    assert Lbfgs.bounded
    assert not FixedRate.bounded
