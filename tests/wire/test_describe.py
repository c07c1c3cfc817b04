"""Describe over the wire: what it lists is what there is."""

from importlib.util import find_spec

import pytest
from secant.v1 import derivative_pb2, describe_pb2, expression_pb2
from secantd.functions import NAMES
from secantd.language.catalog import INTERNAL
from secantd.language.distributions import is_distribution
from secantd.language.environments import OF_CALLS
from secantd.language.library import functions


@pytest.fixture(scope="module")
def described(calculus):
    return calculus.Describe(describe_pb2.DescribeRequest())


def test_every_function_that_is_read_is_listed_once(described):
    names = [name for f in described.functions for name in (f.name, *f.aliases)]
    of_scipy = {name for name in names if is_distribution(name)}
    assert sorted(names) == sorted((set(NAMES) | set(functions()) | set(OF_CALLS) | of_scipy | {"%", "//"}) - INTERNAL)
    by_name = {f.name: f for f in described.functions}
    assert list(by_name["dnorm"].parameters) == ["x", "mean = 0", "sd = 1", "log = FALSE"]
    assert list(by_name["log"].parameters) == ["x", "base = exp(1)"]
    assert list(by_name["sum"].derivatives) == []


def test_a_derivative_that_is_not_listed_is_refused_with_the_reason_that_is_listed(described, calculus, failure):
    for f in described.functions:
        names = [p.partition(" = ")[0] for p in f.parameters][: len(f.derivatives)]
        needed = {n for n, p in zip(names, f.parameters, strict=False) if "=" not in p}
        for name, derivative in zip(names, f.derivatives, strict=True):
            if derivative:
                continue
            # A call has the mean or the probability of a negative binomial distribution.
            given = {*needed, name} - ({"prob"} if name == "mu" else {"mu"})
            text = f"{f.name}({', '.join(f'{n} = {n}' for n in names if n in given)})"
            request = derivative_pb2.DifferentiateRequest(
                expression=expression_pb2.Expression(text=text), variables=[name]
            )
            found = failure(calculus.Differentiate, request)
            assert found.reason == ("UNKNOWN_FUNCTION" if name == "ncp" else "NOT_DIFFERENTIABLE")
            assert any(reason in found.message for reason in f.unknown.split("; "))


def test_back_ends_are_those_of_the_machine(described):
    assert described.back_ends[:2] == ["python", "numpy"]
    assert ("scipy" in described.back_ends) == (find_spec("scipy") is not None)
    assert ("mpmath" in described.back_ends) == (find_spec("mpmath") is not None)
