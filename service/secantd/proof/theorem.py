"""What a certificate of a right claim states, with its proof for Coq."""

from dataclasses import dataclass, field

from secantd.proof.reals import Term, Terms, below, coq_name, coq_text
from secantd.proof.terms import Hypothesis

__all__ = ["Theorem", "stated"]


@dataclass(slots=True)
class Theorem:
    """A statement: that `claim` is the derivative of f with respect to a variable, or equals f.

    Attributes:
        name: Its name in the file.
        terms: Makes terms.
        f: The function.
        claim: The claim.
        variable: The variable of the derivative, "" for an equality.
        hypotheses: The hypotheses.
        lines: The proof.
    """

    name: str
    terms: Terms
    f: Term
    claim: Term
    variable: str
    hypotheses: list[Hypothesis] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def variables(self) -> list[str]:
        """All variables, by first appearance."""
        sides = [t for h in self.hypotheses for t in (h.left, h.right)]
        names = [t.name for t in below([self.f, self.claim, *sides]) if t.op == "variable"]
        return list(dict.fromkeys([*([self.variable] if self.variable else []), *names]))


def stated(theorem: Theorem) -> str:
    """Return a theorem with its proof.

    >>> t = Terms()
    >>> print(stated(Theorem("equality", t, t.variable("x"), t.variable("x"), "", lines=["reflexivity."])))
    Theorem equality : forall v_x : R,
      v_x = v_x.
    Proof.
      reflexivity.
    Qed.
    """
    quantified = f" forall {' '.join(map(coq_name, theorem.variables))} : R," if theorem.variables else ""
    lines = [f"Theorem {theorem.name} :{quantified}"]
    lines += [f"  {h.text} ->" for h in theorem.hypotheses]
    claim = coq_text(theorem.claim)
    if theorem.variable:
        x = coq_name(theorem.variable)
        lines.append(f"  is_derive (fun {x} : R => {coq_text(theorem.f)}) {x} ({claim}).")
    else:
        lines.append(f"  {coq_text(theorem.f)} = {claim}.")
    lines += ["Proof.", *[f"  {line}" for line in theorem.lines], "Qed."]
    return "\n".join(lines)
