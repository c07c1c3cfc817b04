"""The rows of calculus.tsv, asked of a server through the Python client."""

import math
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("calculus.tsv")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
ROWS = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]


def of(rpc: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in ROWS if r["rpc"] == rpc])


def point(row: dict[str, str]) -> dict[str, float]:
    return {name: float(value) for name, value in (p.split("=") for p in row["at"].split())}


def arguments(row: dict[str, str]) -> dict[str, str]:
    return dict(p.split("=", 1) for p in row["arguments"].split())


def named(row: dict[str, str], prefix: str) -> dict[str, str]:
    return {k.removeprefix(prefix): v for k, v in arguments(row).items() if k.startswith(prefix)}


def expected(row: dict[str, str]) -> list[str]:
    return row["expected"].split(" ; ") if row["expected"] else []


def check_values(row: dict[str, str], found: list[float]) -> None:
    """Compare numbers, each to a unit of the last digit that the row shows."""
    texts = row["value"].split()
    assert len(found) == len(texts)
    for text, number in zip(texts, found, strict=True):
        unit = 10.0 ** -len(text.partition(".")[2]) if "." in text else 1e-12 * max(1.0, abs(float(text)))
        assert math.isclose(number, float(text), rel_tol=4e-16, abs_tol=unit), (text, number)


@of("Jacobian")
def test_the_jacobian_is_the_sources(service, row):
    at = point(row) or None
    answer = service.jacobian(row["text"], *row["variables"].split(), at=at, inner=named(row, "inner:") or None)
    texts = [p.text for line in answer.rows for p in line]
    if answer.determinant is not None:
        texts += ["det", answer.determinant.text]
    if row["expected"]:
        assert texts == expected(row)
    if row["value"]:
        check_values(row, [v for line in answer.values for v in line])


@of("Hessian")
def test_the_hessian_is_the_sources(service, row):
    answer = service.hessian(row["text"])
    texts = [p.text for line in answer.rows for p in line]
    assert texts + ([answer.definiteness] if answer.definiteness else []) == expected(row)


@of("Taylor")
def test_the_polynomial_is_the_sources(service, row):
    options = arguments(row)
    points = {"x": [float(options["points"])]} if "points" in options else None
    answer = service.taylor(row["text"], point(row), int(options["order"]), points=points)
    texts = [answer.polynomial.text, answer.expanded.text] + ["equal"] * answer.equals_function
    if row["expected"]:
        assert texts == expected(row)
    found = [t.derivative for t in answer.terms]
    check_values(row, found + ([*answer.polynomial_values, *answer.function_values] if points else []))


@of("Tangent")
def test_the_tangent_is_the_sources(service, row):
    answer = service.tangent(row["text"], point(row), notations="r")
    assert answer.equation.text == row["expected"]
    check_values(row, [*answer.slopes, answer.value])


@of("Approximate")
def test_the_differences_are_the_sources_to_the_last_digit(service, row):
    options = arguments(row)
    answer = service.approximate(row["text"], point(row), scheme=options["scheme"], step=float(options["step"]))
    assert [float(v) for v in row["value"].split()] == list(answer.values)


@of("Explain")
def test_the_derivation_is_the_sources(service, row):
    answer = service.explain(row["text"], row["variables"], by_definition="definition" in arguments(row))
    results = [s.result.text for s in answer.steps]
    assert results[-len(expected(row)) :] == expected(row)
    assert results[-1] == service.differentiate(row["text"], row["variables"]).text


@of("Extrema")
def test_the_critical_points_are_the_sources(service, row):
    box = {n: tuple(float(e) for e in v.split(":")) for n, v in named(row, "box:").items()}
    answer = service.extrema(row["text"], box, notations="r")
    found = [" ".join([p.nature, *[e.text for e in p.exact]]) for p in (*answer.critical_points, *answer.inflections)]
    assert found == expected(row)
    assert answer.complete


def test_every_row_is_of_an_rpc_that_is_tested_here():
    assert {r["rpc"] for r in ROWS} == {"Jacobian", "Hessian", "Taylor", "Tangent", "Approximate", "Explain", "Extrema"}
    assert len({r["id"] for r in ROWS}) == len(ROWS)
