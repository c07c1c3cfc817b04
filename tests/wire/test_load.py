"""Short runs of what tests/soak does for long: a mix of calls, a crowd, restarts."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = "3" if "SECANT_TEST_LONG" in os.environ else "1"
SOAK = Path(__file__).parents[1] / "soak"
sys.path.insert(0, str(SOAK))


def test_no_answer_is_wrong_lost_or_swapped_in_a_mix_of_all_calls():
    command = [sys.executable, SOAK / "run.py", "--seconds", SECONDS, "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert "wrong or swapped answers: 0, lost ones: 0" in done.stdout


def test_a_server_offered_ten_times_its_capacity_goes_on_answering():
    from overload import measure

    peak, good, refused, other = measure(3 if "SECANT_TEST_LONG" in os.environ else 1, 10)
    assert other == []
    assert refused
    # 80 % are promised and measured by tests/soak/overload.py; other tests may run beside this one.
    assert good > peak / 4


@pytest.mark.skipif("SECANT_TEST_LOAD" not in os.environ, reason="half a minute: set SECANT_TEST_LOAD=1")
def test_no_call_is_lost_over_restarts_of_replicas():
    from replicas import SERVERS, scenario

    calls, lost, restarts, _ = asyncio.run(scenario(100, 4, SERVERS))
    assert lost == []
    assert calls >= 100
    assert restarts >= SERVERS
