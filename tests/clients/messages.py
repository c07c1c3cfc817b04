"""Messages of the contract, as tests write them."""

from secant.v1 import descend_pb2, expression_pb2


def formula(text="x", value=None):
    return expression_pb2.Formula(text=text, value=value)


def step(number, *point):
    return descend_pb2.Step(number=number, point=point)


def outcome(*point, **fields):
    return descend_pb2.Outcome(**{"reason": "STOP_REASON_CONVERGED", "point": point, **fields})
