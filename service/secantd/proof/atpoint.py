"""Derivatives at a point, for Coq: a tactic that applies the rule of each operation.

The tactic walks down the term of f. It needs no hypotheses about variables, because at a point that consists of numbers every
condition is a comparison of numbers, which Coq-Interval decides.
"""

import re
from collections.abc import Sequence
from typing import Final

from secantd.proof.lemmas import preamble

__all__ = ["BITS", "whole_file"]

HEAD: Final = """\
From Coq Require Import Reals Lra Lia ZArith.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
Open Scope R_scope.
"""

# The bits of an interval bound; what cancels needs more.
BITS: Final = 120

# Operation, pattern of the function, rule, and the numbers of derivatives and of conditions that the rule needs. The order does not
# matter, because the patterns exclude each other.
BRANCHES: Final = (
    ("+", "@?f t + @?g t", "d_add f g", 2, 0),
    ("-", "- @?f t", "d_neg f", 1, 0),
    ("-", "@?f t - @?g t", "d_sub f g", 2, 0),
    ("*", "@?f t * @?g t", "d_mul f g", 2, 0),
    ("/", "/ @?f t", "d_inv f", 1, 1),
    ("/", "@?f t / @?g t", "d_div f g", 2, 1),
    *[(name, f"{name} (@?f t)", f"d_{name} f", 1, 0) for name in ("exp", "sin", "cos", "atan", "erf")],
    *[(name, f"{name} (@?f t)", f"d_{name} f", 1, 1) for name in ("ln", "sqrt", "tan", "Rabs", "sign", "floor")],
    *[(name, f"{name} (@?f t)", f"d_{name} f", 1, 2) for name in ("asin", "acos")],
    *[
        (name, f"{name} (@?u t) (@?v t) (@?f t) (@?g t)", f"d_{name} u v f g", 4, 1)
        for name in ("if_less", "if_at_most", "if_equal")
    ],
    ("Rmax", "Rmax (@?u t) (@?v t)", "d_max u v", 2, 1),
    ("Rmin", "Rmin (@?u t) (@?v t)", "d_min u v", 2, 1),
)
# d_pow takes the exponent minus 1.
POWERS: Final = """\
  | |- is_derive (fun t => _ ^ O) _ _ => exact (d_const 1 _)
  | |- is_derive (fun t => @?f t ^ S ?n) _ _ => eapply (d_pow n f); at_point
"""
# Operation: the lemmas that rewrite it at a point, where comparisons of numbers decide.
DECIDED: Final = {
    "if_less": ("less_before", "less_after"),
    "if_at_most": ("at_most_before", "at_most_after"),
    "if_equal": ("eq_from",),
    "Rmax": ("max_before", "max_after"),
    "Rmin": ("min_before", "min_after"),
    "sign": ("sign_eq_m1", "sign_eq_1"),
    "acos": ("acos_by_asin",),
    "asin": ("asin_by_atan",),
}
# Operations that occur in the derivative of another operation, but not in the function.
FROM_DERIVATIVE: Final = {"Rmax": "if_less", "Rmin": "if_less", "acos": "asin"}
# The end of an integral, and then the integral, becomes a number between two bounds: `integral_intro` fails where the end, or the
# goal, has the beginning as a part. Bits of these bounds, for `BITS` bits of others.
RELATIVE: Final = 40
INTEGRALS: Final = """\
Ltac at_integrals := repeat match goal with |- context [RInt ?f 0 ?b] =>
  let B := fresh in let H := fresh in let u := fresh in let hidden := fresh in
  match goal with |- ?G => set (hidden := G) end;
  interval_intro b with (i_prec {bits}) as B; subst hidden; set (u := b) in *; clearbody u;
  match goal with |- ?G => set (hidden := G) end;
  integral_intro (RInt f 0 u) with (i_prec {bits}, i_relwidth {width}) as H;
  subst hidden; revert H; generalize (RInt f 0 u); try clear B u; intros ? H end.
"""
WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_']*|[-+*/^]")
# Functions that are unfolded before the walk, those with functions of this list in them first, and what their definitions need.
UNFOLDED: Final = {
    "Rpower": "* exp ln",
    "tanh": "/ sinh cosh",
    "sinh": "exp - + * /",
    "cosh": "exp + - * /",
    "arcsinh": "ln sqrt + ^",
    "arccosh": "+ - ^ ln sqrt",
    "arctanh": "+ - / ln",
}


def words_of(text: str) -> set[str]:
    """Return the names and operations of a term, also those of what is unfolded.

    >>> sorted(words_of("arctanh v_x"))
    ['+', '-', '/', 'arctanh', 'ln', 'v_x']
    """
    words = set(WORD.findall(text))
    for name, needs in UNFOLDED.items():
        if name in words:
            words.update(needs.split())
    return words


def unfolding(text: str) -> str:
    """Return the tactic that unfolds the functions of terms, with a dot and a blank after it; "" if there are none.

    >>> unfolding("tanh v_x + v_x")
    'unfold tanh, sinh, cosh. '
    """
    words = words_of(text)
    names = [name for name in UNFOLDED if name in words]
    return f"unfold {', '.join(names)}. " if names else ""


def tactics(function: str, text: str, bits: int, floors: Sequence[int]) -> str:
    """Return the tactics `at_point`, for derivatives of a term at a point, and `at_side`, for conditions and bounds there.

    Args:
        function: The terms whose derivatives are needed.
        text: All terms of the certificate.
        bits: The precision of intervals.
        floors: The values of `floor` at the point.
    """
    words, everything = words_of(function), words_of(text)
    everything |= {FROM_DERIVATIVE[name] for name in FROM_DERIVATIVE if name in everything}
    branches = [
        f"  | |- is_derive (fun t => {pattern}) _ _ => eapply ({rule}); "
        f"[{' | '.join(['at_point'] * derivatives + ['at_side'] * conditions)}]\n"
        for operation, pattern, rule, derivatives, conditions in BRANCHES
        if operation in words
    ]
    by = f"interval with (i_prec {bits})"
    # Powers of derivatives have computed exponents.
    steps = ["cbv beta; cbv [Z.of_nat Pos.of_succ_nat Pos.succ]"]
    rewritten = [f"rewrite {lemma} by at_side" for name in DECIDED if name in everything for lemma in DECIDED[name]]
    rewritten += [f"rewrite (floor_at ({z})) by at_side" for z in floors]
    if rewritten:
        steps.append(f"repeat first [ {' | '.join(rewritten)} ]")
    if "erf" in everything:
        steps.append("unfold erf; at_integrals")
    steps.append(f"first [ {by} | split; {by} | apply Rgt_not_eq; {by} | apply Rlt_not_eq; {by} | lra ]")
    return "".join([
        INTEGRALS.format(bits=bits, width=RELATIVE + (bits - BITS) // 2) if "erf" in everything else "",
        f"Ltac at_side := {'; '.join(steps)}.\n",
        "Ltac at_point :=\n  lazymatch goal with\n",
        "  | |- is_derive (fun _ => ?c) _ _ => exact (d_const c _)\n",
        "  | |- is_derive (fun t => t) _ _ => exact (d_id _)\n",
        *branches,
        POWERS if "^" in words else "",
        "  end.\n",
    ])  # fmt: skip


def whole_file(head: str, function: str, text: str, bits: int, floors: Sequence[int], theorems: str) -> str:
    """Return a complete file: libraries, the lemmas that are used, tactics and theorems.

    Args:
        head: The comment at the beginning.
        function: The terms whose derivatives are needed; "" for none.
        text: All terms of the certificate.
        bits: The precision of intervals.
        floors: The values of `floor` at the point.
        theorems: The theorems with their proofs.
    """
    body = f"{tactics(function, text, bits, floors)}\n{theorems}"
    return f"{head}{HEAD}{preamble(body)}{body}"
