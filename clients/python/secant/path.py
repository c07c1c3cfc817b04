"""What has come of a descent so far, and how to go on from there."""

from array import array as vector
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from secant.results.descent import Outcome, Step, Trace, outcome
from secant.v1 import descend_pb2 as pb

__all__ = ["Path"]

# Methods whose next step depends on x alone: after a break they go on as if nothing had happened.
STATELESS = ("fixed_rate", "line_search", "newton")

# Breaks in a row without a step between, before the error is passed on.
PATIENCE = 4


class Path:
    """The steps and the outcome received; both clients' descents keep one."""

    def __init__(self, request: pb.DescendRequest) -> None:
        self.request = request
        self.variables = tuple(entry.variable for entry in request.start)
        self.outcome: Outcome | None = None
        self._numbers = vector("q")
        self._points = vector("d")
        self._values = vector("d")
        self._norms = vector("d")
        self._breaks = 0
        # Where the stream under way begins.
        self._offset = 0

    def add(self, reply: pb.DescendResponse) -> Sequence[pb.Step]:
        """Keep one bunch and return what of it is new."""
        if reply.variables:
            self.variables = tuple(reply.variables)
        steps: Sequence[pb.Step] = reply.steps
        if steps and self._numbers and steps[0].number <= self._numbers[-1]:
            steps = [step for step in steps if step.number > self._numbers[-1]]  # the seam of a resumed path
        for step in steps:
            self._numbers.append(step.number)
            self._points.extend(step.point)
            self._values.append(step.value)
            self._norms.append(step.gradient_norm)
        if steps:
            self._breaks = 0
        if reply.HasField("outcome"):
            self.outcome = self._whole(outcome(reply.outcome, self.variables))
        return steps

    def step(self, message: pb.Step) -> Step:
        """Return one message as a Step."""
        return Step(
            message.number,
            dict(zip(self.variables, message.point, strict=True)),
            message.value,
            message.gradient_norm,
        )

    def trace(self) -> Trace:
        """Return all steps kept, as arrays."""
        return Trace(
            self.variables,
            np.array(self._numbers, np.int64),
            np.array(self._points, np.float64).reshape(len(self._numbers), -1),
            np.array(self._values, np.float64),
            np.array(self._norms, np.float64),
        )

    def rest(self) -> pb.DescendRequest | None:
        """Return the request for what is left after a break, None where it cannot be gone on from there."""
        method = self.request.WhichOneof("method")
        self._breaks += 1
        if method not in STATELESS or self.request.starts or not self._numbers or self._breaks > PATIENCE:
            return None
        request = pb.DescendRequest()
        request.CopyFrom(self.request)
        last = self._points[-len(self.variables) :]
        del request.start[:]
        for name, value in zip(self.variables, last, strict=True):
            request.start.add(variable=name, value=value)
        request.first_number = self._numbers[-1]
        offset = request.first_number - self.request.first_number
        if self.request.max_steps:
            if offset >= self.request.max_steps:
                return None
            request.max_steps = self.request.max_steps - offset
        self._offset = offset
        return request

    def _whole(self, ended: Outcome) -> Outcome:
        """Return the outcome of a path that was gone on with as that of the whole path."""
        if not self._offset:
            return ended
        predicted = ended.predicted_steps
        return replace(
            ended,
            steps=self._numbers[-1] - self.request.first_number,
            predicted_steps=None if predicted is None else predicted + self._offset,
        )
