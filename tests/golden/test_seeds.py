"""The rows of the source material, asked of a server through the Python client."""

import math
from pathlib import Path
from typing import Any

import pytest

TABLE = Path(__file__).with_name("seeds.tsv")


def rows() -> list[dict[str, str]]:
    """Return the table, one dictionary a row."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


def by_rpc(rpc: str) -> Any:
    """Parametrize a test with the rows of one rpc."""
    return pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows() if r["rpc"] == rpc])


def point(row: dict[str, str]) -> dict[str, float]:
    return {name: float(value) for name, value in (p.split("=") for p in row["at"].split())}


def arguments(row: dict[str, str]) -> dict[str, Any]:
    """Return what else the request holds, columns under `data`."""
    found: dict[str, Any] = {}
    for name, value in (p.split("=") for p in row["arguments"].split()):
        if "," in value:
            found.setdefault("data", {})[name] = [float(v) for v in value.split(",")]
        else:
            found[name] = value.lower() if name == "notation" else float(value)
    return found


def check_values(row: dict[str, str], found: list[float]) -> None:
    """Compare numbers, each to a unit of the last digit that the row shows; whole numbers to 1e-12."""
    expected = row["value"].split()
    for text, number in zip(expected, found, strict=False):
        mantissa, _, exponent = text.partition("e")
        decimals = len(mantissa.partition(".")[2])
        unit = 10.0 ** (int(exponent or 0) - decimals) if decimals else 1e-12 * max(1.0, abs(float(text)))
        assert math.isclose(number, float(text), rel_tol=4e-16, abs_tol=unit), (text, number)
    assert len(found) >= len(expected)


def notations(row: dict[str, str]) -> str | None:
    return row["notation"].lower() or None


@by_rpc("Differentiate")
def test_the_derivative_is_the_sources(service, row):
    found = service.differentiate(
        row["text"], *row["variables"].split(), at=point(row), notations=notations(row), **arguments(row)
    )
    if row["expected"]:
        assert found.text == row["expected"]
    if row["value"]:
        check_values(row, [found.derivative])


@by_rpc("Gradient")
def test_the_gradient_is_the_sources(service, row):
    found = service.gradient(
        row["text"], *row["variables"].split(), at=point(row), notations=notations(row), **arguments(row)
    )
    if row["expected"]:
        assert list(found.texts) == row["expected"].split(" ; ")
    if row["value"]:
        check_values(row, list(found.values))


@by_rpc("Evaluate")
def test_the_value_is_the_sources(service, row):
    columns = {name: [value] for name, value in point(row).items()}
    check_values(row, list(service.evaluate(row["text"], columns, **arguments(row)).values))


@by_rpc("Descend")
def test_the_descent_ends_where_the_sources_does(service, row):
    options = arguments(row)
    options["max_steps"] = int(options.pop("max_steps", 0))
    end = service.descend(row["text"], point(row), **options).result()
    assert f"{end.reason} {end.steps}" == row["expected"]
    check_values(row, [*end.point.values(), end.value])


def test_every_row_is_of_an_rpc_that_is_tested_here():
    assert {r["rpc"] for r in rows()} <= {"Differentiate", "Gradient", "Evaluate", "Descend"}
    assert len({r["id"] for r in rows()}) == len(rows())
