"""Compiled steps of steepest descent with backtracking.

As in `loop`, f and its gradient are straight-line code. A step then evaluates f alone at x - t ∇f for t, t s, t s², ... until
Armijo's rule holds. The loop makes only steps that this rule decides: where values differ by rounding errors, where no length
is found in TRIALS trials, or where the gradient at the new point is not finite, it stops before the step, and the caller makes
that step by the general search. With the extension, the loop runs in C where all operations have the digits of Python (`walk`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from secantd.program.compiled import Program, observed
from secantd.program.loop import LEAST_SQUARE, Loop
from secantd.program.losses import moderate, neither_far
from secantd.program.source import build, source_body
from secantd.program.update import Rows, State, Update
from secantd.program.walk import search_of

__all__ = ["TRIALS", "BacktrackLoop"]

# Lengths that are tried in one step.
TRIALS = 60
# A relative difference of f below this is rounding.
ROUNDING = 1e-13


class BacktrackLoop(Loop):
    """Runs steps of steepest descent with backtracking.

    Args:
        program: f and ∂f/∂xᵢ, in the order of its variables.
        value: f alone.
    """

    def __init__(self, program: Program, value: Program) -> None:
        super().__init__(program, lambda: program, Update(lines=(), parameters=("initial", "shrink", "armijo")))
        self._value = value
        self._search: Callable[..., Any] | None = None

    def run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None = None,
    ) -> int:
        """Make at most `count` steps; see `UpdateLoop`. A negative first length ascends."""
        if not self._small:
            return 0
        if self._search is None:
            tape = observed(self.program.tape, self._watched)
            native = search_of(tape, self._value.tape, TRIALS, ROUNDING, self.program.loses, self._compiled)
            self._search = native or self._compiled()
        # Slightly larger, as the caller decides by the exact norm.
        square_low = max(low * low * (1.0 + 1e-14), LEAST_SQUARE) if low > 0.0 else low
        numbers: list[float] = []
        with np.errstate(all="ignore"):
            made, state.x = self._search(
                state.x, parameters, count, square_low, high * high, None if records is None else numbers.extend
            )
        if records is not None and numbers:
            rows = np.fromiter(numbers, np.float64, len(numbers)).reshape(-1, self._variables + 2)
            records.append(self._rooted(rows))
        return int(made)

    def _compiled(self) -> Callable[..., Any]:
        n = self._variables
        tape = self.program.tape
        body = source_body(observed(tape, self._watched), careful=False)
        tests = moderate(body.outputs[len(tape.outputs) :])
        tests += f" and {neither_far([f'x{i}' for i in range(n)])}" if tests else ""
        del body.outputs[len(tape.outputs) :]
        x, y, o = ("".join(f"{name}{i}, " for i in range(n)) for name in "xyo")
        step = [
            *body.lines,
            *[f"g{i} = {text}" for i, text in enumerate(body.outputs[-n:])],
            "q = " + " + ".join(f"g{i} * g{i}" for i in range(n)),
            f"v = {body.outputs[0]}",
            *[f"if not ({tests}) and loses(({x})): break"] * bool(tests),
            "if not (v - v == 0.0 and q - q == 0.0): break",
            "new = False",
            "if k >= count: break",
            f"if record is not None: record(({x}v, q))",
            "if not (low < q < high): break",
            "t, e, a, b = initial, sign * v, armijo * q, rounding * abs(v)",
            f"for _ in range({TRIALS}):",
            f" {y} = {''.join(f'x{i} - t * g{i}, ' for i in range(n))}",
            f" w = sign * trial({y})",
            f" if w - w != 0.0: w = sign * exact(({y}))[0]",
            " if lowest < w < e and w <= e - sign * t * a: break",
            f" if e - b <= w <= e + b: return k, [{x}]",
            " t *= shrink",
            f"else: return k, [{x}]",
            f"{o} = {x}",
            f"{x} = {y}",
            "k += 1",
            "new = True",
        ]
        # Where f or its gradient is not finite, or has lost digits, at a new point, the one before is returned.
        source = [f"{x} = {o} = x", "initial, shrink, armijo, *_ = p", "sign = 1.0 if initial > 0.0 else -1.0"]
        source += ["k, new = 0, False", "try:", " while True:", *["  " + line for line in step]]
        source += ["except (ArithmeticError, ValueError): pass"]
        source += [f"if new: return k - 1, [{o}]", f"return k, [{x}]"]
        names = {
            **body.names,
            "trial": self._trial(),
            "exact": self._value.point,
            "loses": self.program.loses,
            "rounding": ROUNDING,
            "lowest": -np.inf,
            "abs": abs,
            "range": range,
            "ArithmeticError": ArithmeticError,
            "ValueError": ValueError,
        }
        return build("x, p, count, low, high, record", source, names)

    def _trial(self) -> Callable[..., Any]:
        """Return f as a function that never raises."""
        body = source_body(self._value.tape, careful=True)
        arguments = ", ".join(f"x{i}" for i in range(self._variables))
        return build(arguments, [*body.lines, f"return {body.outputs[0]}"], body.names)
