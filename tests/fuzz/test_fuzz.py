"""A few seconds of the inputs of run.py, and all that were ever found."""

import os
import random
import signal
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import inputs  # noqa: E402
from found import CORPUS, OPEN  # noqa: E402
from run import LIMITS, alarm, attempt  # noqa: E402
from secantd.answers.functions import FunctionCache  # noqa: E402
from secantd.transport.methods import METHODS  # noqa: E402

COUNT = 3000 if "SECANT_TEST_LONG" in os.environ else 1000


@pytest.fixture
def functions():
    """Where functions are read, with an alarm for what hangs."""
    before = signal.signal(signal.SIGPROF, alarm)
    yield FunctionCache(LIMITS, 64)
    signal.signal(signal.SIGPROF, before)


@pytest.mark.filterwarnings("ignore")
def test_inputs_nobody_would_think_of_are_answered_or_refused(functions):
    ends = {attempt(*inputs.request(random.Random(f"test {i}")), functions) for i in range(COUNT)}
    assert {"OK", "SYNTAX_ERROR"} <= ends
    assert "INTERNAL" not in ends


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_what_was_found_once_is_answered_or_refused(functions, file, request):
    if file.name in OPEN:
        request.applymarker(pytest.mark.xfail(reason=OPEN[file.name], strict=True))
    name = file.name.partition("-")[0]
    assert name in METHODS
    attempt(name, file.read_bytes(), functions)


@pytest.mark.parametrize("text", inputs.SEEDS)
def test_what_texts_are_made_from_is_right_itself(text):
    import numpy as np
    from secantd.language import read

    assert read(text, None, {"u": np.zeros(2), "v": np.zeros(2)}, LIMITS).outputs
