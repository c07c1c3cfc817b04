"""The first derivative near a point, for Coq: what a refuted second derivative is the derivative of.

The theorem `first` has hypotheses. At a point of numbers each of them is a comparison, and near the point it still holds, because both
of its sides are continuous. So the derivative of f is the formula of the theorem near the point, and not only there.
"""

from collections.abc import Mapping
from fractions import Fraction

from secantd.proof.reals import coq_name, coq_number, coq_text
from secantd.proof.theorem import Theorem, stated

__all__ = ["nearby", "second_of"]


def second_of(first: Theorem, variable: str) -> tuple[str, str]:
    """Return in Coq that f has a derivative near a place, and the derivative as a function: both of `variable`."""
    x, y = coq_name(first.variable), coq_name(variable)
    f = f"(fun {x} : R => {coq_text(first.f)}) {x}"
    return f"locally {y} (fun {y} : R => ex_derive {f})", f"fun {y} : R => Derive {f}"


def nearby(first: Theorem, variable: str, point: Mapping[str, Fraction], unfold: str) -> str:
    """Return the theorem `first`, and lemmas that near a point the derivative of f is what it states.

    Args:
        first: The theorem about the first derivative, with its proof.
        variable: The variable of the second derivative.
        point: The point, with all variables.
        unfold: The tactic that unfolds functions, with a dot and a blank after it, or "".
    """
    names = [coq_name(name) for name in point]
    wheres = [f"at_{i}" for i in range(len(names))]
    x, y = coq_name(first.variable), coq_name(variable)
    where = "".join(
        [f"  {name} = {coq_number(value)[0]} ->\n" for name, value in zip(names, point.values(), strict=True)]
    )
    quantified = f"forall {' '.join(names)} : R,\n{where}"
    intros = f"intros {' '.join([*names, *wheres])}"
    known = f"first_near {' '.join([*names, *wheres])}"
    slope = coq_text(first.claim)
    each = unfold.replace(". ", "; ")
    holding = []
    steps = []
    for i, h in enumerate(first.hypotheses, 1):
        lemma = "near_less" if h.relation == "<" else "near_apart"
        steps.append(f"  assert (N{i} : locally {y} (fun {y} : R => {h.text})).\n")
        # Coq would take Ropp for the function of - x, and at_point has no branch for it.
        sides = " ".join([f"(fun {y} : R => {coq_text(side)})" for side in (h.left, h.right)])
        steps.append(f"  {{ eapply ({lemma} {sides}); subst; {each}[at_point | at_point | at_side]. }}\n")
        holding.append(f"N{i}")
    arguments = " ".join(["t" if name == y else name for name in map(coq_name, first.variables)])
    if holding:
        both = holding[-1]
        for name in reversed(holding[:-1]):
            both = f"(filter_and _ _ {name} {both})"
        pattern = " & ".join([f"H{i}" for i in range(1, len(holding) + 1)])
        pattern = f"({pattern})" if len(holding) > 1 else pattern
        steps.append(f"  eapply filter_imp; [| exact {both}].\n")
        steps.append(f"  intros t {pattern}; apply (first {arguments}); assumption.\n")
    else:
        steps.append(f"  apply filter_forall; intros t; exact (first {arguments}).\n")
    _, function = second_of(first, variable)
    return (
        f"{stated(first)}\n\n"
        f"Lemma first_near : {quantified}"
        f"  locally {y} (fun {y} : R => is_derive (fun {x} : R => {coq_text(first.f)}) {x} ({slope})).\n"
        f"Proof.\n  {intros}.\n{''.join(steps)}Qed.\n\n"
        f"Lemma second_by_first : {quantified}"
        f"  forall d : R, is_derive (fun {y} : R => {slope}) {y} d ->\n  is_derive ({function}) {y} d.\n"
        f"Proof.\n  {intros} d D; eapply is_derive_ext_loc; [| exact D].\n"
        f"  eapply filter_imp; [| exact ({known})].\n"
        f"  intros t H; symmetry; apply is_derive_unique; exact H.\nQed.\n\n"
    )
