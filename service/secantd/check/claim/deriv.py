"""The witness "deriv": R's package Deriv, asked as a program. Nothing but what we printed is ever parsed by R."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.check.claim.answers import Verdict, Witness, number
from secantd.check.claim.clock import Clock
from secantd.check.claim.rows import written_out
from secantd.check.claim.session import Session, Sessions
from secantd.check.claim.trial import Difference, Trial
from secantd.check.witnesses import deriv_installed
from secantd.errors import CalculusError
from secantd.expression import Graph, graft, symbols
from secantd.render import r_text

__all__ = ["Question"]

NAME = "deriv"
POINTS = 12
# Deriv folds numbers to 15 digits and adds constants in another order.
AGREE, ROUNDED = 1e-8, 1e-5
# Two questions have to fit the pipe to R (64 KiB on Linux), so that writing them never waits.
LONGEST = 30_000

SESSIONS = Sessions()


class Question:
    """One claim's question to Deriv: asked at once, and answered when the others have spoken.

    Args:
        trial: The claim at points.
        clock: The time.
    """

    def __init__(self, trial: Trial, clock: Clock) -> None:
        self.trial = trial
        self.places = list(places(trial))
        self.why = ""
        self.session: Session | None = None
        if not deriv_installed():
            self.why = "not installed"
            return
        text = self.text(clock.left)
        if text is None:
            return
        # One that waited may have been killed meanwhile; a second one is new.
        for _ in range(2):
            try:
                self.session = SESSIONS.take()
                self.session.ask(text)
                return
            except OSError:
                self.why = "R could not be run"
                self.leave()

    def text(self, seconds: float) -> str | None:
        """Return the question, None where it cannot be asked."""
        trial = self.trial
        if not self.places:
            self.why = "no point where claim and function have values"
            return None
        scalars = written_out(trial.graph, [trial.output])
        if scalars is None:
            self.why = "the formula, with its data, is too long to be asked"
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
            self.why = "the formula, with its data, is too long to be asked"
            return None
        return text

    def answer(self, seconds: float) -> Witness:
        """Return what Deriv says, waiting so many seconds at most."""
        if self.session is None:
            return Witness(NAME, Verdict.UNDECIDED, self.why)
        try:
            lines = self.session.reply(seconds)
        except TimeoutError:
            if self.session.starting:
                # On a busy machine R takes seconds to start: it will be there for the next call.
                SESSIONS.give(self.session)
                self.session = None
                return Witness(NAME, Verdict.UNDECIDED, "R was not yet started when the time was over")
            self.leave()
            return Witness(NAME, Verdict.UNDECIDED, "its time ran out")
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
        """End R where it is still at work on the question."""
        if self.session is not None:
            self.session.end()
            self.session = None

    def judged(self, lines: Sequence[str]) -> Witness:
        """Return the opinion in R's answer: a line for each variable."""
        trial = self.trial
        agreed = []
        for i, line in enumerate(lines[: len(trial.claims)]):
            kind, _, rest = line.partition(" ")
            if kind != "=":
                return Witness(NAME, Verdict.UNDECIDED, f"not supported: {rest}")
            count = 0
            for j, word in zip(self.places, rest.split(), strict=True):
                value, claimed = float.fromhex(word.replace("NA", "nan")), float(trial.claimed[i, j])
                if not math.isfinite(value):
                    continue
                gap, size = abs(value - claimed), max(abs(value), abs(claimed))
                off = abs(claimed - float(trial.true[i, j]))
                if gap > AGREE * size and not (gap <= max(ROUNDED * size, 4 * off) and only_rounded(trial, i, j)):
                    at = ", ".join(f"{n} = {number(v)}" for n, v in list(trial.place(j).items())[:6])
                    return Witness(
                        NAME,
                        Verdict.REFUTED,
                        f"it gets {number(value, claimed)} at {at}, the claim {number(claimed, value)}",
                    )
                count += 1
            agreed.append(count)
        if len(agreed) < len(trial.claims) or not min(agreed):
            return Witness(NAME, Verdict.UNDECIDED, "its derivative has no value at the points tried")
        points = "1 point" if min(agreed) == 1 else f"{min(agreed)} points"
        return Witness(NAME, Verdict.AGREES, f"its derivative has the claim's values at {points}")


def only_rounded(trial: Trial, i: int, j: int) -> bool:
    """Whether the claim is equal to the slope at a place: what doubles of it differ by there is rounding."""
    return trial.looked_at(i, j)[0] is Difference.EQUAL


def places(trial: Trial) -> Sequence[int]:
    """Return places at which the function and all claims have values: the first ones, and others from everywhere."""
    found = np.flatnonzero(np.isfinite(trial.heights) & np.isfinite(trial.claimed).all(axis=0)).tolist()
    rest = found[POINTS // 2 :]
    return [*found[: POINTS // 2], *rest[:: max(1, -(-len(rest) // (POINTS // 2)))]]
