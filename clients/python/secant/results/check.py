"""Is a derivative right?"""

from collections.abc import Mapping
from dataclasses import dataclass

from secant.results.formula import Answer, Formula, formula, optional
from secant.v1 import check_pb2 as pb
from secant.words import told

__all__ = ["Verdict", "Witness", "verdict"]


@dataclass(frozen=True, slots=True)
class Witness:
    """One independent opinion.

    Attributes:
        name: "exact", "sympy", "numeric" or "deriv".
        verdict: Its own verdict, as in Verdict.
        message: What it did and found.
    """

    name: str
    verdict: str
    message: str


@dataclass(frozen=True, repr=False, slots=True)
class Verdict(Answer):
    """Whether a claimed derivative is right, and who bears it out. True where nothing speaks against it.

    Attributes:
        verdict: "PROVED", "AGREES", "REFUTED" or "UNDECIDED".
        message: Why, as a sentence.
        witness_point: For REFUTED where they differ; else empty.
        variable: For REFUTED by which variable; else "".
        claimed_value: For REFUTED the claim there; else None.
        true_value: For REFUTED the derivative there; else None.
        witnesses: What each witness says.
        derivatives: The right derivative, one for each variable.
        variables: The variables.
        notices: What a reader should know.
        slip: For REFUTED the customary slip that explains the claim, such as "chain_rule"; else "".
    """

    verdict: str
    message: str
    witness_point: Mapping[str, float]
    variable: str
    claimed_value: float | None
    true_value: float | None
    witnesses: tuple[Witness, ...]
    derivatives: tuple[Formula, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]
    slip: str = ""

    def __bool__(self) -> bool:
        return self.verdict in ("PROVED", "AGREES")

    def __repr__(self) -> str:
        return f"<Verdict {self._line()}>"

    def _line(self) -> str:
        return f"{self.verdict}: {self.message}" if self.message else self.verdict

    def __str__(self) -> str:
        width = max((len(w.name) for w in self.witnesses), default=0)
        lines = [f"{w.name:<{width}}  {w.verdict:<9}  {w.message}" for w in self.witnesses]
        return "\n  ".join([self._line(), *lines, *[f"note: {n}" for n in self.notices]])


def verdict(reply: pb.CheckResponse) -> Verdict:
    """Return the reply as a Verdict."""
    return Verdict(
        told(pb.Verdict, reply.verdict),
        reply.message,
        {entry.variable: entry.value for entry in reply.witness_point},
        reply.variable,
        optional(reply, "claimed_value"),
        optional(reply, "true_value"),
        tuple(Witness(w.name, told(pb.Verdict, w.verdict), w.message) for w in reply.witnesses),
        tuple(formula(entry, ()) for entry in reply.derivatives),
        tuple(reply.variables),
        tuple(reply.notices),
        reply.slip,
    )
