"""Fuzzing guided by coverage, for a few seconds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="atheris is not installed (extra 'fuzz'); tests/fuzz/run.py does without")
RUNS = 3000


def test_what_reaches_new_lines_is_bred_and_nothing_crashes(tmp_path):
    program = Path(__file__).with_name("guided.py")
    command = [sys.executable, program, f"-runs={RUNS}", "-seed=1", "corpus"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=tmp_path, timeout=300)
    assert f"Done {RUNS} runs" in done.stderr, done.stderr[-2000:]
    reached = [int(found) for found in re.findall(r"cov: (\d+)", done.stderr)]
    assert reached[-1] > 1000
    assert [file.name for file in tmp_path.iterdir()] == ["corpus"]
