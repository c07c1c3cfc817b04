"""./dev scale: the files that it makes, and the sums of Secant's way over them."""

import numpy as np
import pytest

from bench.scale.__main__ import AT, TEXT, WAYS, apart, rows, run, sql

pq = pytest.importorskip("pyarrow.parquet")


def test_the_sums_over_files_are_those_of_numpy(tmp_path):
    rows(tmp_path, 10_003)
    y = np.concatenate([pq.read_table(file)["y"].to_numpy() for file in sorted(tmp_path.iterdir())])
    assert len(y) == 10_003
    found = run(WAYS["files"], {"folder": str(tmp_path), "text": TEXT, "at": AT, "rows": len(y)})
    m, s = AT["m"], AT["s"]
    z = (y - m) / s
    expected = [
        np.sum(-z * z / 2 - np.log(s) - np.log(2 * np.pi) / 2),
        np.sum(z / s),
        np.sum((z * z - 1) / s),
        len(y) * (-1 / s**2),
        np.sum(-2 * z / s**2),
        np.sum((1 - 3 * z * z) / s**2),
    ]
    assert not isinstance(found, str), found
    assert apart(found.numbers, expected) < 1e-12
    assert len(found.seconds) == 2
    assert found.memory > 1e7


def test_the_query_that_is_compared_with_duckdb_by_hand_has_plain_sums():
    assert "fsum(" in sql()
    assert "fsum(" not in sql(plain_sums=True)
    assert WAYS["plain"].script == WAYS["sql"].script


def test_a_way_that_fails_is_a_line_with_the_reason(tmp_path):
    found = run(WAYS["files"], {"folder": str(tmp_path), "text": TEXT, "at": AT, "rows": 0})
    assert isinstance(found, str)
    assert "has no data files" in found or "its files must be" in found
