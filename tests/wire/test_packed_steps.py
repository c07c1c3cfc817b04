"""Steps written as bytes are the messages that protobuf reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from secant.v1 import descend_pb2
from secantd.descent import Step, Steps
from secantd.transport.methods.descend import packed

DOUBLES = st.floats(allow_nan=False)
LARGE = [0, 1, 127, 128, 129, 16383, 16384, 2**21 - 1, 2**21, 2**35, 2**62]


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 300])
@given(numbers=st.lists(st.sampled_from(LARGE) | st.integers(0, 2**40), max_size=12, unique=True), data=st.data())
def test_what_is_written_is_what_is_read(size, numbers, data):
    values = st.tuples(*[DOUBLES] * 3)
    steps = []
    for n in sorted(numbers):
        x, value, norm = data.draw(values)
        steps.append(Step(n, (x,) * size, value, norm))
    rows = np.array([[*s.point, s.value, s.gradient_norm] for s in steps]).reshape(-1, size + 2)
    columns = Steps(np.array([s.number for s in steps], np.int64), rows)
    assert columns == steps
    reply = descend_pb2.DescendResponse.FromString(packed(columns))
    assert [Step(s.number, tuple(s.point), s.value, s.gradient_norm) for s in reply.steps] == steps
