"""The file for Coq that refutes a claim at a point."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from secantd.proof.atpoint import unfolding, whole_file
from secantd.proof.disjoint import Bounds
from secantd.proof.nearby import nearby, second_of
from secantd.proof.numbers import values
from secantd.proof.reals import Term, below, comment, coq_name, coq_number, coq_text
from secantd.proof.terms import Hypothesis
from secantd.proof.theorem import Theorem
from secantd.version import __version__

__all__ = ["Refutation", "refutation"]


@dataclass(frozen=True, slots=True)
class Refutation:
    """What is stated.

    Attributes:
        function: The function, a term; for a second derivative the first one.
        claim: The claim.
        variable: The variable of the derivative; "" if the claim is about the function itself.
        point: The point.
        hypotheses: What the formulas need at the point.
        bounds: Intervals around the true value and around the claim's.
        bits: The precision of intervals.
        first: For a second derivative the theorem about the first one, whose claim is `function`.
    """

    function: Term
    claim: Term
    variable: str
    point: Mapping[str, Fraction]
    hypotheses: tuple[Hypothesis, ...]
    bounds: tuple[Bounds, Bounds]
    bits: int
    first: Theorem | None = None


def refutation(stated: Refutation) -> str:
    """Return the file.

    It has two theorems: `values`, that at the point all conditions of the formulas hold, f has a derivative in one interval and the
    claim has a value in another one; and `claim_is_wrong`. For a second derivative a theorem `first` is before them, and `values`
    also states that f has a first derivative near the point.
    """
    first = stated.first
    f, c = (f"({coq_text(t)})" if t.op == "if" else coq_text(t) for t in (stated.function, stated.claim))
    conditions = [h.text for h in stated.hypotheses]
    names = [coq_name(name) for name in stated.point]
    values = [coq_number(value)[0] for value in stated.point.values()]
    (low, high), (least, most) = [[coq_number(b)[0] for b in pair] for pair in stated.bounds]
    wheres = [f"at_{i}" for i in range(len(names))]
    quantified = f" forall {' '.join(names)} : R,\n" if names else "\n"
    where = "".join([f"  {name} = {value} ->\n" for name, value in zip(names, values, strict=True)])
    domain = "".join([f"  {condition} /\\\n" for condition in conditions])
    needed = [h.text for h in first.hypotheses] if first else []
    walked = " ".join([f, *needed]) if stated.variable else ""
    everything = " ".join([f, c, *conditions, *needed])
    unfold, before = unfolding(everything), ""
    begin = f"intros {' '.join(names)}; intros {' '.join(['->'] * len(names))}. " if names else ""
    each = unfold.replace(". ", "; ") if first else ""
    split = f"split; [{each}at_side | ]. " * len(conditions)
    known = " ".join(["values", *names, *wheres])
    pattern = " & ".join([*["_"] * (len(conditions) + bool(first)), "(d & D & B) & S" if stated.variable else "B & S"])
    side = f"{least} <= {c} <= {most}"
    order = "left" if stated.bounds[0][1] < stated.bounds[1][0] else "right"
    used = f"intros {' '.join([*names, *wheres])}; " if names else ""
    end = f"  {used}destruct ({known}) as ({pattern}).\n"
    if stated.variable:
        x = coq_name(stated.variable)
        function = f"fun {x} : R => {f}"
        if first:
            near, function = second_of(first, stated.variable)
            domain += f"  {near} /\\\n"
            before = nearby(first, stated.variable, stated.point, unfold)
        derivative = f"is_derive ({function}) {x}"
        true = f"(exists d : R, {derivative} d /\\ {low} <= d <= {high})"
        proof = "split; [eexists; split; [at_point | at_side] | at_side]"
        if first:
            at = " ".join([*values, *["eq_refl"] * len(values)])
            proof = (
                f"split; [eapply filter_imp; [| exact (first_near {at})]; intros t H; eexists; exact H | ].\n"
                f"  split; [eexists; split; [apply (second_by_first {at}); {each}at_point | {each}at_side] | {each}at_side]"
            )
            unfold = ""
        wrong, by = f"~ {derivative} ({c})", "apply (apart _ _ _ _ _ _ _ _ D B S)"
    else:
        true, proof = f"{low} <= {f} <= {high}", "split; at_side"
        wrong, by = f"{f} <> {c}", "apply (unequal _ _ _ _ _ _ B S)"
    theorems = (
        f"{before}"
        f"Theorem values :{quantified}{where}{domain}  {true} /\\\n  {side}.\n"
        f"Proof.\n  {begin}{unfold}{split}{proof}.\nQed.\n\n"
        f"Theorem claim_is_wrong :{quantified}{where}  {wrong}.\n"
        f"Proof.\n{end}  {by}; {order}; lra.\nQed.\n"
    )
    return whole_file(head(stated), walked, everything, stated.bits, floors(stated), theorems)


def floors(stated: Refutation) -> list[int]:
    """Return the values of `floor` at the point."""
    first = stated.first
    found: set[int] = set()
    # The claim and the first derivative have terms of their own, whose indices may be the same.
    for functions, conditions in (
        ([stated.claim], stated.hypotheses),
        ([stated.function, first.f] if first else [stated.function], first.hypotheses if first else ()),
    ):
        terms = below([*functions, *[side for h in conditions for side in (h.left, h.right)]])
        found.update([int(v) for v in values([t for t in terms if t.op == "floor"], stated.point)])
    return sorted(found)


def head(stated: Refutation) -> str:
    """Return the comment at the beginning: what is stated, and the names."""
    what = "the second derivative" if stated.first else "the derivative" if stated.variable else "the formula"
    lines = [
        f"Secant {__version__}. At this point {what} and the claim lie in two intervals without a common number.",
        "`coqc` checks it with the libraries Coquelicot and Interval (Debian: coq, libcoq-coquelicot, libcoq-interval).",
    ]
    if stated.first:
        lines.insert(
            1, "Derive f x is the derivative of f at x, where there is one: `first` and `values` state that there is."
        )
    for name in stated.point:
        if coq_name(name) != f"v_{name}":
            lines.append(f"{coq_name(name)} is {comment(ascii(name)[1:-1])}")
    return "".join([f"(* {line} *)\n" for line in lines])
