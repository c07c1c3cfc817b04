"""docs/operations.md: each threat and each promise names what shows it, and that is there."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
TEXT = (HOME / "docs" / "operations.md").read_text("utf-8")
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
PROGRAM = re.compile(r"(tests/soak/\w+\.py|tests/fuzz/\w+\.py|\./dev (?:soak|fuzz|bench))")


def rows(heading):
    """The rows of the table under a heading, without its head."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [pytest.param(line, id=line.split("|")[1].strip()[:60]) for line in lines[2:]]


@pytest.mark.parametrize("row", rows("Threats") + rows("Promises"))
def test_a_row_names_what_shows_it(row):
    tests, programs = TEST.findall(row), PROGRAM.findall(row)
    assert tests or programs, "it names neither a test nor a program"
    for file, name in tests:
        assert f"\ndef {name}(" in (HOME / "tests" / file).read_text("utf-8"), f"{file} has no {name}"
    for program in programs:
        assert program.startswith("./dev") or (HOME / program).is_file(), f"{program} is not there"


@pytest.mark.parametrize("row", rows("Threats"))
def test_a_threat_has_a_test(row):
    assert TEST.search(row)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_five_commands_of_a_first_deployment_end_with_a_derivative(tmp_path):
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=HOME, check=True, capture_output=True)
    commands = re.search(r"\n## First deployment in five commands\n\n```sh\n(.*?)```", TEXT, re.DOTALL)[1]
    assert len(re.sub(r"&&\n", "", commands).splitlines()) == 5
    commands = commands.replace("/opt/secant", str(tmp_path / "secant"))
    for port in ("50051", "9464"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            commands = commands.replace(port, str(free.getsockname()[1]))
    listen = re.search(r"--server (\S+)", commands)[1]
    done = subprocess.run(
        ["bash", "-mc", f"set -e\n{commands}\nkill %1\nwait %1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PIP_FIND_LINKS": str(wheels), "PIP_QUIET": "1", "SECANT_LISTEN": listen},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "2 * x"
    assert '"code": "OK"' in (tmp_path / "secantd.log").read_text("utf-8")
