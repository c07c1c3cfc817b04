"""The compiled service: the same answers, to the letter, as the sources it was made of."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HEADERS = Path(sysconfig.get_path("include"), "Python.h")


def answers(path: str) -> list[str]:
    """Return the module that answered and its answers, with `path` in front of what Python finds by itself."""
    run = subprocess.run(
        [sys.executable, str(PROJECT / "tests/setup/answers.py")],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout.splitlines()


@pytest.mark.skipif(
    "SECANT_TEST_COMPILED" not in os.environ, reason="a minute: set SECANT_TEST_COMPILED=1; ./dev check does"
)
@pytest.mark.skipif(shutil.which("cc") is None or not HEADERS.exists(), reason="no C compiler, or no Python.h")
def test_the_compiled_service_answers_to_the_letter_as_its_sources_do():
    run = subprocess.run(["sh", str(PROJECT / "dev"), "compile"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    compiled = answers(str(PROJECT / "build/compiled"))
    sources = answers(str(PROJECT / "service"))
    assert compiled[0].endswith(sysconfig.get_config_var("EXT_SUFFIX"))
    assert sources[0].endswith(".py")
    assert len(sources) > 3000
    assert compiled[1:] == sources[1:]
