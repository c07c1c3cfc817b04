"""./dev, the one entrance: what it promises before it installs anything."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
VERBS = [
    "demo",
    "serve",
    "setup",
    "test",
    "lint",
    "check",
    "bench",
    "accuracy",
    "scale",
    "docs",
    "dist",
    "browser",
    "compile",
    "fuzz",
    "rubi",
    "proof",
    "soak",
]


def dev(*arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(PROJECT / "dev"), *arguments], cwd=folder, capture_output=True, text=True, timeout=20
    )


@pytest.mark.parametrize("arguments", [(), ("help",), ("-h",), ("--help",)], ids=["nothing", "help", "-h", "--help"])
def test_help_names_every_verb(arguments):
    run = dev(*arguments)
    assert run.returncode == 0
    assert [line.split()[0] for line in run.stdout.splitlines() if line.startswith("  ")] == VERBS


def test_an_unknown_verb_is_refused_with_the_list_of_verbs():
    run = dev("tets")
    assert run.returncode == 2
    assert "no verb 'tets'" in run.stderr
    assert all(verb in run.stderr for verb in VERBS)


def test_demo_has_a_form_for_browsers():
    [line] = [line for line in dev("help").stdout.splitlines() if line.startswith("  demo ")]
    assert "--web" in line


def test_it_runs_from_any_folder(tmp_path):
    assert dev("help", folder=tmp_path).returncode == 0


@pytest.mark.skipif(shutil.which("dash") is None, reason="dash, the strictest sh, is not installed")
def test_it_is_plain_posix():
    subprocess.run(["dash", "-n", str(PROJECT / "dev")], check=True)
