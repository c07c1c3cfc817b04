"""Verdicts on claimed derivatives and on the equality of formulas."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from secant._reply import expect, expect_length
from secant.results._shown import Shown
from secant.results.formula import Answer, Formula

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results.certificate import Certificate
    from secant.v1 import check_pb2 as pb

__all__ = ["Verdict", "Witness", "verdict"]


@dataclass(frozen=True, slots=True)
class Witness(Shown):
    """The result of one independent method of checking.

    Attributes:
        name: "exact", "ball", "sympy", "numeric" or "deriv".
        verdict: The verdict of this method, as in Verdict.
        message: What the method did and found.
    """

    name: str
    verdict: str
    message: str


@dataclass(frozen=True, repr=False, slots=True)
class Verdict(Answer):
    """The verdict on a claimed derivative, or on whether two formulas are equal. `bool()` is True for PROVED and AGREES.

    Of `equal(f, g)`, g is the claim and f what it is compared with.

    Attributes:
        verdict: "PROVED", "AGREES", "REFUTED" or "UNDECIDED".
        message: The reason, as a sentence.
        witness_point: If refuted, a point where claim and derivative differ, numbers and arrays by variable; else empty.
        variable: If refuted, the variable whose partial differs, of order 2 both ("x, y"); else "".
        claimed_value: If refuted, the claimed value at that point; else None.
        true_value: If refuted, the derivative, or f, at that point; else None.
        witnesses: The result of each method.
        derivatives: The correct derivatives, one for each variable; of order 2 the Hessian, row by row; empty for `equal`.
        variables: x₁ … xₙ.
        notices: Notices about the answer.
        slip: If refuted, the common mistake that explains the claim, such as "chain_rule"; else "".
        certificate: What proves the verdict without Secant, if requested and possible; else None.
    """

    verdict: str
    message: str
    witness_point: "Mapping[str, float | Array]"
    variable: str
    claimed_value: float | None
    true_value: float | None
    witnesses: tuple[Witness, ...]
    derivatives: tuple[Formula, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]
    slip: str = ""
    certificate: "Certificate | None" = None

    def __bool__(self) -> bool:
        return self.verdict in ("PROVED", "AGREES")

    def __repr__(self) -> str:
        return f"<Verdict {self._line()}>"

    def _title(self) -> str:
        return self._line()

    def _facts(self) -> dict[str, Any]:
        point = self.witness_point or None
        return {
            "point": point,
            "claimed": self.claimed_value,
            "true": self.true_value,
            "slip": self.slip.replace("_", " "),
        }

    def _table(self) -> dict[str, Any]:
        return {name: [getattr(w, name) for w in self.witnesses] for name in ("name", "verdict", "message")}

    def _has_table(self) -> bool:
        return bool(self.witnesses)

    def _line(self) -> str:
        return f"{self.verdict}: {self.message}" if self.message else self.verdict

    def __str__(self) -> str:
        width = max((len(w.name) for w in self.witnesses), default=0)
        lines = [f"{w.name:<{width}}  {w.verdict:<9}  {w.message}" for w in self.witnesses]
        return "\n  ".join([self._line(), *lines, *[f"note: {n}" for n in self.notices]])


def verdict(reply: "pb.CheckResponse") -> Verdict:
    """Return the reply as a Verdict.

    Raises:
        MalformedReplyError: It has no verdict, or not one derivative for each variable.
    """
    from secant._arrays import shaped
    from secant.results._record import record
    from secant.results.certificate import certificate
    from secant.v1 import check_pb2 as pb

    expect(reply.verdict != pb.VERDICT_UNSPECIFIED, "a check without a verdict")
    if len(reply.derivatives) not in (0, len(reply.variables) ** 2):
        # Of order 2 they are a matrix.
        expect_length("derivatives", reply.derivatives, len(reply.variables), "variables")
    return record(
        Verdict,
        reply,
        witness_point={entry.variable: shaped(entry) if entry.values else entry.value for entry in reply.witness_point},
        witnesses=tuple(record(Witness, witness) for witness in reply.witnesses),
        certificate=certificate(reply),
    )
