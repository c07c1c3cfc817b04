"""The steps of a descent received so far, and the request that resumes it."""

from array import array as vector
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from secant._reply import expect, expect_length
from secant.results.descent import Outcome, Step, Trace, outcome, point
from secant.v1 import descend_pb2 as pb

__all__ = ["ReceivedPath"]

# Methods whose next step depends on x alone, so that they can resume from the last step.
STATELESS = ("fixed_rate", "line_search", "newton")

# Attempts to resume without a new step before the error is raised.
RESUMES = 4


class ReceivedPath:
    """The steps and the outcome received so far, for the descents of both clients."""

    def __init__(self, request: pb.DescendRequest) -> None:
        self.request = request
        self.variables = tuple(entry.variable for entry in request.start)
        # Each entry of a vector or matrix is a variable of the descent; the first reply has their names.
        self._sizes = [len(entry.values) or 1 for entry in request.start]
        self.outcome: Outcome | None = None
        self._numbers = vector("q")
        self._points = vector("d")
        self._values = vector("d")
        self._norms = vector("d")
        self._breaks = 0
        # The number of steps before the current stream.
        self._offset = 0

    def add(self, reply: pb.DescendResponse) -> Sequence[pb.Step]:
        """Store one reply and return those of its steps that are new.

        Raises:
            MalformedReplyError: The steps do not fit the request or are out of order.
        """
        if reply.variables:
            expect_length("variables", reply.variables, sum(self._sizes), "coordinates of the start")
            self.variables = tuple(reply.variables)
        steps: Sequence[pb.Step] = reply.steps
        if steps and self._numbers and steps[0].number <= self._numbers[-1]:
            steps = [step for step in steps if step.number > self._numbers[-1]]  # a resumed stream repeats a step
        n = len(self.variables)
        last = self._numbers[-1] if self._numbers else -1
        for step in steps:
            expect_length("coordinates", step.point, n, "variables")
            expect(step.number > last, f"step {step.number} after step {last}")
            last = step.number
            self._numbers.append(step.number)
            self._points.extend(step.point)
            self._values.append(step.value)
            self._norms.append(step.gradient_norm)
        if steps:
            self._breaks = 0
        if reply.HasField("outcome"):
            self.outcome = self._whole(outcome(reply.outcome, self.variables, self.request.start))
        return steps

    def step(self, message: pb.Step) -> Step:
        """Return a message as a Step."""
        return Step(
            message.number,
            point(message.point, self.variables),
            message.value,
            message.gradient_norm,
        )

    def trace(self) -> Trace:
        """Return all stored steps as arrays."""
        return Trace(
            self.variables,
            np.array(self._numbers, np.int64),
            np.array(self._points, np.float64).reshape(len(self._numbers), -1),
            np.array(self._values, np.float64),
            np.array(self._norms, np.float64),
        )

    def rest(self) -> pb.DescendRequest | None:
        """Return the request that resumes a broken descent, or None if it cannot be resumed."""
        method = self.request.WhichOneof("method")
        self._breaks += 1
        if method not in STATELESS or self.request.starts or not self._numbers or self._breaks > RESUMES:
            return None
        request = pb.DescendRequest()
        request.CopyFrom(self.request)
        last = self._points[-len(self.variables) :]
        for entry, size in zip(request.start, self._sizes, strict=True):
            if entry.values:
                entry.values[:] = last[:size]
            else:
                entry.value = last[0]
            last = last[size:]
        request.first_number = self._numbers[-1]
        offset = request.first_number - self.request.first_number
        if self.request.max_steps:
            if offset >= self.request.max_steps:
                return None
            request.max_steps = self.request.max_steps - offset
        self._offset = offset
        return request

    def _whole(self, ended: Outcome) -> Outcome:
        """Return the outcome of the whole path, given that of the last stream."""
        if not self._offset:
            return ended
        predicted = ended.predicted_steps
        return replace(
            ended,
            steps=self._numbers[-1] - self.request.first_number,
            predicted_steps=None if predicted is None else predicted + self._offset,
        )
