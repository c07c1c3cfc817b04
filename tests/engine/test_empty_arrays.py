"""Operations at no points at all: a mask such as `v[v > 0]` may leave none."""

import numpy as np
import pytest
from secant.v1 import check_pb2, expression_pb2
from secantd.answers.functions import FunctionCache
from secantd.functions import FUNCTIONS
from secantd.program.operations import operation
from secantd.settings import Limits
from secantd.transport.methods import answer


def test_every_function_of_no_points_has_no_values():
    failed = []
    # The derivatives with respect to parameters take a minute to compile.
    for row in (row for row in FUNCTIONS.values() if "_grad_" not in row.name and "_sign_" not in row.name):
        # First a point, then none: programs are kept by the kinds of their arguments.
        points = [np.array([p]) for p in row.points[0]]
        for arguments in (points, [p[:0] for p in points], [points[0][:0], *(float(p[0]) for p in points[1:])]):
            with np.errstate(all="ignore"):
                try:
                    shape = np.shape(operation(row.name).array(*arguments))
                except Exception as error:
                    shape = repr(error)
            if shape != arguments[0].shape:
                failed.append((row.name, shape))
    assert failed == []


@pytest.mark.parametrize("text", ["y0", "lgamma", "dnorm", "qnorm"])
def test_a_claim_over_a_mask_that_may_leave_nothing_is_proved(text):
    request = check_pb2.CheckRequest(
        expression=expression_pb2.Expression(text=f"sum({text}(v[v > 0])*x)"),
        claimed=expression_pb2.Expression(text=f"sum({text}(v[v > 0]))"),
        variables=["x"],
        witnesses=["exact", "numeric"],
    )
    for _ in range(2):
        reply = check_pb2.CheckResponse.FromString(
            answer("Check", request.SerializeToString(), FunctionCache(Limits()))
        )
        assert reply.verdict == check_pb2.VERDICT_PROVED
