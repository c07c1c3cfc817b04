"""The witness "deriv": R's package Deriv, run as a program. R parses nothing but formulas printed by Secant."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.check.clock import Clock
from secantd.check.deriv_session import DerivSession, Sessions
from secantd.check.trial import Difference, Trial
from secantd.check.verdict import Verdict, Witness, number
from secantd.check.witnesses import deriv_installed
from secantd.check.writtenout import written_out
from secantd.errors import CalculusError
from secantd.expression import Graph, graft, symbols
from secantd.render import r_text

__all__ = ["Question"]

NAME = "deriv"
POINTS = 12
# Deriv rounds constants to 15 digits and adds them in another order.
AGREE, ROUNDED = 1e-8, 1e-5
# Two questions have to fit the pipe to R (64 KiB on Linux), so that writing them never waits.
LONGEST = 30_000

SESSIONS = Sessions()


class Question:
    """One claim's question to Deriv: sent at once, and answered while the other witnesses work.

    Args:
        trial: The claim at points.
        clock: The time.
    """

    def __init__(self, trial: Trial, clock: Clock) -> None:
        self.trial = trial
        self.places = list(places(trial))
        self.why = ""
        self.session: DerivSession | None = None
        if not deriv_installed():
            self.why = "not installed"
            return
        text = self.text(clock.left)
        if text is None:
            return
        # An idle session may have been killed in the meantime; the second one is new.
        for _ in range(2):
            try:
                self.session = SESSIONS.take()
                self.session.ask(text)
                return
            except OSError:
                self.why = "R could not be run"
                self.leave()

    def text(self, seconds: float) -> str | None:
        """Return the question, None if it cannot be asked; then `why` is the reason."""
        trial = self.trial
        if not self.places:
            self.why = "there is no point at which the function and the claim have values"
            return None
        scalars = written_out(trial.graph, [trial.output])
        if scalars is None:
            self.why = "the formula, with its data, is too long for Deriv"
            return None
        names = {name: f"v{i + 1}" for i, name in enumerate(trial.order)}
        graph = Graph()
        function = graft(graph, trial.graph, scalars[0], {n: graph.symbol(v) for n, v in names.items()})
        try:
            formula = r_text(function, LONGEST)
        except CalculusError:
            formula = "x" * LONGEST
        needed = {*symbols([function]), *(names[v] for v in trial.variables)}
        rows = [row for row, name in enumerate(trial.order) if names[name] in needed]
        used = [names[trial.order[row]] for row in rows]
        lines = [f"{max(0.1, seconds):.3f}", formula, " ".join(used), " ".join(names[v] for v in trial.variables)]
        lines.append(str(len(self.places)))
        lines += [" ".join(float(v).hex() for v in trial.points[rows, j]) for j in self.places]
        text = "\n".join(lines) + "\n"
        if len(text) >= LONGEST:
            self.why = "the formula, with its data, is too long for Deriv"
            return None
        return text

    def answer(self, seconds: float) -> Witness:
        """Return Deriv's opinion, after waiting for so many seconds at most."""
        if self.session is None:
            return Witness(NAME, Verdict.UNDECIDED, self.why)
        try:
            lines = self.session.reply(seconds)
        except TimeoutError:
            if self.session.starting:
                # On a busy machine R takes seconds to start; the next call can use it.
                SESSIONS.give(self.session)
                self.session = None
                return Witness(NAME, Verdict.UNDECIDED, "R was still starting when the time limit was reached")
            self.leave()
            return Witness(NAME, Verdict.UNDECIDED, "it ran out of time")
        except (OSError, EOFError):
            self.leave()
            return Witness(NAME, Verdict.UNDECIDED, "R could not be run")
        if lines == ["missing"]:
            self.leave()
            return Witness(NAME, Verdict.UNDECIDED, "not installed")
        SESSIONS.give(self.session)
        self.session = None
        return self.judged(lines)

    def leave(self) -> None:
        """End R if it is still working on the question."""
        if self.session is not None:
            self.session.end()
            self.session = None

    def judged(self, lines: Sequence[str]) -> Witness:
        """Return the opinion that follows from R's answer, a line for each variable."""
        trial = self.trial
        agreed = []
        for i, line in enumerate(lines[: len(trial.claims)]):
            kind, _, rest = line.partition(" ")
            if kind != "=":
                return Witness(NAME, Verdict.UNDECIDED, f"not supported: {rest}")
            count = 0
            for j, word in zip(self.places, rest.split(), strict=True):
                value, claimed = float.fromhex(word.replace("NA", "nan")), float(trial.claimed[i, j])
                if not (math.isfinite(value) and math.isfinite(claimed)):
                    continue
                gap, size = abs(value - claimed), max(abs(value), abs(claimed))
                off = abs(claimed - float(trial.true[i, j]))
                if gap > AGREE * size and not (gap <= max(ROUNDED * size, 4 * off) and only_rounded(trial, i, j)):
                    at = ", ".join(f"{n} = {number(v)}" for n, v in list(trial.place(j).items())[:6])
                    return Witness(
                        NAME,
                        Verdict.REFUTED,
                        f"Deriv's derivative is {number(value, claimed)} at {at}, and the claim is {number(claimed, value)}",
                    )
                count += 1
            agreed.append(count)
        if len(agreed) < len(trial.claims) or not min(agreed):
            return Witness(NAME, Verdict.UNDECIDED, "Deriv's derivative has no value at the points tried")
        points = "1 point" if min(agreed) == 1 else f"{min(agreed)} points"
        return Witness(NAME, Verdict.AGREES, f"Deriv's derivative has the same values as the claim at {points}")


def only_rounded(trial: Trial, i: int, j: int) -> bool:
    """Whether the claim equals the slope at a point, so that differences of its doubles are rounding."""
    return trial.closer_look(i, j)[0] is Difference.EQUAL


def places(trial: Trial) -> Sequence[int]:
    """Return points at which the function and all claims have values: the first ones, and some of the rest."""
    found = np.flatnonzero(np.isfinite(trial.heights) & np.isfinite(trial.claimed).all(axis=0)).tolist()
    rest = found[POINTS // 2 :]
    return [*found[: POINTS // 2], *rest[:: max(1, -(-len(rest) // (POINTS // 2)))]]
