"""The derivative at a point, for Coq: one lemma for each operation, and a tactic that applies the one that fits.

The tactic walks down the term of f. It needs no hypotheses about variables, because at a point that consists of numbers every
condition is a comparison of numbers, which Coq-Interval decides.
"""

import re
from typing import Final

__all__ = ["BITS", "DEFINED", "preamble"]

HEAD: Final = """\
From Coq Require Import Reals Lra Lia ZArith.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
Open Scope R_scope.
"""

# The bits of an interval bound; what cancels needs more.
BITS: Final = 120

# Operation: the lemmas, and the branch of the tactic. The order of branches does not matter: their patterns exclude each other.
ALWAYS: Final = (
    (
        """\
Lemma at_const : forall c x : R, is_derive (fun _ : R => c) x 0.
Proof. intros; apply @is_derive_const. Qed.
Lemma at_id : forall x : R, is_derive (fun t : R => t) x 1.
Proof. intros; apply @is_derive_id. Qed.
Lemma at_outer : forall (h f : R -> R) (x a b : R),
  is_derive h (f x) b -> is_derive f x a -> is_derive (fun t : R => h (f t)) x (a * b).
Proof. intros h f x a b H K; exact (is_derive_comp h f x b a H K). Qed.
""",
        """\
  | |- is_derive (fun _ => ?c) _ _ => exact (at_const c _)
  | |- is_derive (fun t => t) _ _ => exact (at_id _)
""",
    ),
)

RULES: Final[dict[str, tuple[str, str]]] = {
    "+": (
        """\
Lemma at_plus : forall (f g : R -> R) (x a b : R),
  is_derive f x a -> is_derive g x b -> is_derive (fun t : R => f t + g t) x (a + b).
Proof. intros; apply @is_derive_plus; assumption. Qed.
""",
        "  | |- is_derive (fun t => @?f t + @?g t) _ _ => eapply (at_plus f g); [at_point | at_point]\n",
    ),
    "-": (
        """\
Lemma at_opp : forall (f : R -> R) (x a : R), is_derive f x a -> is_derive (fun t : R => - f t) x (- a).
Proof. intros f x a H; exact (is_derive_opp f x a H). Qed.
Lemma at_minus : forall (f g : R -> R) (x a b : R),
  is_derive f x a -> is_derive g x b -> is_derive (fun t : R => f t - g t) x (a - b).
Proof. intros; apply @is_derive_minus; assumption. Qed.
""",
        """\
  | |- is_derive (fun t => - @?f t) _ _ => eapply (at_opp f); at_point
  | |- is_derive (fun t => @?f t - @?g t) _ _ => eapply (at_minus f g); [at_point | at_point]
""",
    ),
    "*": (
        """\
Lemma at_mult : forall (f g : R -> R) (x a b : R),
  is_derive f x a -> is_derive g x b -> is_derive (fun t : R => f t * g t) x (a * g x + f x * b).
Proof. intros; apply @is_derive_mult; try assumption; intros; apply Rmult_comm. Qed.
""",
        "  | |- is_derive (fun t => @?f t * @?g t) _ _ => eapply (at_mult f g); [at_point | at_point]\n",
    ),
    "/": (
        """\
Lemma at_inv : forall (f : R -> R) (x a : R),
  is_derive f x a -> f x <> 0 -> is_derive (fun t : R => / f t) x (- a / (f x) ^ 2).
Proof. intros; apply is_derive_inv; assumption. Qed.
Lemma at_div : forall (f g : R -> R) (x a b : R), is_derive f x a -> is_derive g x b -> g x <> 0 ->
  is_derive (fun t : R => f t / g t) x ((a * g x - f x * b) / (g x) ^ 2).
Proof. intros; apply is_derive_div; assumption. Qed.
""",
        """\
  | |- is_derive (fun t => / @?f t) _ _ => eapply (at_inv f); [at_point | at_side]
  | |- is_derive (fun t => @?f t / @?g t) _ _ => eapply (at_div f g); [at_point | at_point | at_side]
""",
    ),
    "^": (
        """\
Lemma at_pow : forall (n : nat) (f : R -> R) (x a : R),
  is_derive f x a -> is_derive (fun t : R => f t ^ n) x (IZR (Z.of_nat n) * a * f x ^ Init.Nat.pred n).
Proof. intros; rewrite <- INR_IZR_INZ; apply is_derive_pow; assumption. Qed.
""",
        "  | |- is_derive (fun t => @?f t ^ ?n) _ _ => eapply (at_pow n f); at_point\n",
    ),
    "powerRZ": (
        """\
Lemma at_powerRZ : forall (z : Z) (f : R -> R) (x a : R), is_derive f x a -> f x <> 0 ->
  is_derive (fun t : R => powerRZ (f t) z) x (IZR z * a * powerRZ (f x) z / f x).
Proof.
  intros z f x a H K; destruct z as [ | p | p]; simpl powerRZ.
  - replace (IZR 0 * a * 1 / f x) with 0 by (field; exact K). apply @is_derive_const.
  - replace (IZR (Z.pos p) * a * f x ^ Pos.to_nat p / f x) with (INR (Pos.to_nat p) * a * f x ^ pred (Pos.to_nat p)).
    + apply is_derive_pow; exact H.
    + rewrite INR_IZR_INZ, positive_nat_Z; destruct (Pos2Nat.is_succ p) as [k ->]; simpl pow; simpl pred; field; exact K.
  - assert (P : forall k, f x ^ k <> 0) by (intros; apply pow_nonzero; exact K).
    replace (IZR (Z.neg p) * a * / f x ^ Pos.to_nat p / f x)
      with (- (INR (Pos.to_nat p) * a * f x ^ pred (Pos.to_nat p)) / (f x ^ Pos.to_nat p) ^ 2).
    + apply is_derive_inv; [apply is_derive_pow; exact H | apply P].
    + change (IZR (Z.neg p)) with (- IZR (Z.pos p)).
      rewrite INR_IZR_INZ, positive_nat_Z; destruct (Pos2Nat.is_succ p) as [k ->]; simpl pow; simpl pred.
      field; split; [exact K | apply P].
Qed.
""",
        "  | |- is_derive (fun t => powerRZ (@?f t) ?n) _ _ => eapply (at_powerRZ n f); [at_point | at_side]\n",
    ),
    "exp": (
        """\
Lemma at_exp : forall (f : R -> R) (x a : R), is_derive f x a -> is_derive (fun t : R => exp (f t)) x (a * exp (f x)).
Proof. intros; apply (at_outer exp); [apply is_derive_exp | assumption]. Qed.
""",
        "  | |- is_derive (fun t => exp (@?f t)) _ _ => eapply (at_exp f); at_point\n",
    ),
    "ln": (
        """\
Lemma at_ln : forall (f : R -> R) (x a : R), is_derive f x a -> 0 < f x -> is_derive (fun t : R => ln (f t)) x (a * / f x).
Proof. intros; apply (at_outer ln); [apply is_derive_ln | ]; assumption. Qed.
""",
        "  | |- is_derive (fun t => ln (@?f t)) _ _ => eapply (at_ln f); [at_point | at_side]\n",
    ),
    "sqrt": (
        """\
Lemma at_sqrt : forall (f : R -> R) (x a : R),
  is_derive f x a -> 0 < f x -> is_derive (fun t : R => sqrt (f t)) x (a / (2 * sqrt (f x))).
Proof. intros; apply is_derive_sqrt; assumption. Qed.
""",
        "  | |- is_derive (fun t => sqrt (@?f t)) _ _ => eapply (at_sqrt f); [at_point | at_side]\n",
    ),
    "sin": (
        """\
Lemma at_sin : forall (f : R -> R) (x a : R), is_derive f x a -> is_derive (fun t : R => sin (f t)) x (a * cos (f x)).
Proof. intros; apply (at_outer sin); [apply is_derive_sin | assumption]. Qed.
""",
        "  | |- is_derive (fun t => sin (@?f t)) _ _ => eapply (at_sin f); at_point\n",
    ),
    "cos": (
        """\
Lemma at_cos : forall (f : R -> R) (x a : R), is_derive f x a -> is_derive (fun t : R => cos (f t)) x (a * - sin (f x)).
Proof. intros; apply (at_outer cos); [apply is_derive_cos | assumption]. Qed.
""",
        "  | |- is_derive (fun t => cos (@?f t)) _ _ => eapply (at_cos f); at_point\n",
    ),
    "tan": (
        """\
Lemma at_tan : forall (f : R -> R) (x a : R),
  is_derive f x a -> cos (f x) <> 0 -> is_derive (fun t : R => tan (f t)) x (a * / cos (f x) ^ 2).
Proof.
  intros f x a H K; apply (at_outer tan); [ | exact H].
  apply (is_derive_ext (fun t : R => sin t / cos t)); [intros; reflexivity | ].
  replace (/ cos (f x) ^ 2) with ((cos (f x) * cos (f x) - sin (f x) * - sin (f x)) / cos (f x) ^ 2).
  - apply is_derive_div; [apply is_derive_sin | apply is_derive_cos | exact K].
  - generalize (sin2_cos2 (f x)); unfold Rsqr; intros E.
    replace (cos (f x) * cos (f x) - sin (f x) * - sin (f x)) with 1 by lra. field; exact K.
Qed.
""",
        "  | |- is_derive (fun t => tan (@?f t)) _ _ => eapply (at_tan f); [at_point | at_side]\n",
    ),
    "atan": (
        """\
Lemma at_atan : forall (f : R -> R) (x a : R),
  is_derive f x a -> is_derive (fun t : R => atan (f t)) x (a * / (1 + (f x) ^ 2)).
Proof. intros f x a H; apply (at_outer atan); [apply is_derive_Reals, derivable_pt_lim_atan | exact H]. Qed.
""",
        "  | |- is_derive (fun t => atan (@?f t)) _ _ => eapply (at_atan f); at_point\n",
    ),
    "asin": (
        """\
Lemma at_asin : forall (f : R -> R) (x a : R),
  is_derive f x a -> -1 < f x < 1 -> is_derive (fun t : R => asin (f t)) x (a * / sqrt (1 - (f x) ^ 2)).
Proof.
  intros f x a H K; apply (at_outer asin); [ | exact H].
  replace (/ sqrt (1 - f x ^ 2)) with (1 / sqrt (1 - Rsqr (f x)))
    by (unfold Rdiv, Rsqr; replace (f x * f x) with (f x ^ 2) by ring; ring).
  apply is_derive_Reals, (derive_pt_eq_1 _ _ _ _ (derive_pt_asin _ K)).
Qed.
""",
        "  | |- is_derive (fun t => asin (@?f t)) _ _ => eapply (at_asin f); [at_point | at_side]\n",
    ),
    "acos": (
        """\
Lemma at_acos : forall (f : R -> R) (x a : R),
  is_derive f x a -> -1 < f x < 1 -> is_derive (fun t : R => acos (f t)) x (a * - / sqrt (1 - (f x) ^ 2)).
Proof.
  intros f x a H K; apply (at_outer acos); [ | exact H].
  replace (- / sqrt (1 - f x ^ 2)) with (-1 / sqrt (1 - Rsqr (f x)))
    by (unfold Rdiv, Rsqr; replace (f x * f x) with (f x ^ 2) by ring; ring).
  apply is_derive_Reals, (derive_pt_eq_1 _ _ _ _ (derive_pt_acos _ K)).
Qed.
""",
        "  | |- is_derive (fun t => acos (@?f t)) _ _ => eapply (at_acos f); [at_point | at_side]\n",
    ),
    "erf": (
        """\
Lemma bell_continuous : forall t : R, continuous (fun t => exp (- t ^ 2)) t.
Proof. intros t; apply (ex_derive_continuous (fun t => exp (- t ^ 2))); auto_derive; trivial. Qed.
Lemma at_erf : forall (f : R -> R) (x a : R),
  is_derive f x a -> is_derive (fun t : R => erf (f t)) x (a * (2 / sqrt PI * exp (- f x ^ 2))).
Proof.
  intros f x a H; apply (at_outer erf); [ | exact H].
  apply (is_derive_scal (fun s => RInt (fun t => exp (- t ^ 2)) 0 s)).
  apply (is_derive_RInt (fun t => exp (- t ^ 2)) (fun s => RInt (fun t => exp (- t ^ 2)) 0 s) 0).
  - apply filter_forall; intros s; apply (RInt_correct (V := R_CompleteNormedModule)), ex_RInt_continuous.
    intros z _; exact (bell_continuous z).
  - exact (bell_continuous (f x)).
Qed.
""",
        "  | |- is_derive (fun t => erf (@?f t)) _ _ => eapply (at_erf f); at_point\n",
    ),
    "Rabs": (
        """\
Lemma at_Rabs_right : forall (f : R -> R) (x a : R),
  is_derive f x a -> 0 < f x -> is_derive (fun t : R => Rabs (f t)) x a.
Proof.
  intros f x a H K; replace a with (sign (f x) * a) by (rewrite (sign_eq_1 _ K); ring).
  apply is_derive_Rabs; [exact H | lra].
Qed.
Lemma at_Rabs_left : forall (f : R -> R) (x a : R),
  is_derive f x a -> f x < 0 -> is_derive (fun t : R => Rabs (f t)) x (- a).
Proof.
  intros f x a H K; replace (- a) with (sign (f x) * a) by (rewrite (sign_eq_m1 _ K); ring).
  apply is_derive_Rabs; [exact H | lra].
Qed.
""",
        """\
  | |- is_derive (fun t => Rabs (@?f t)) _ _ =>
      first [ eapply (at_Rabs_right f); [at_point | at_side] | eapply (at_Rabs_left f); [at_point | at_side] ]
""",
    ),
}

# Choices: near the point they are one of their branches, which a comparison of numbers decides.
NEAR: Final = """\
Lemma near : forall (u v : R -> R) (x a b : R),
  is_derive u x a -> is_derive v x b -> u x < v x -> locally x (fun t : R => u t < v t).
Proof.
  intros u v x a b H K L.
  assert (D : is_derive (fun t : R => v t - u t) x (b - a)) by (apply @is_derive_minus; assumption).
  assert (C : continuous (fun t : R => v t - u t) x) by (apply @ex_derive_continuous; eexists; exact D).
  assert (E : locally x (fun t : R => 0 < v t - u t)) by (apply C; apply (open_gt 0); lra).
  revert E; apply filter_imp; intros; lra.
Qed.
Lemma at_near : forall (w u v f : R -> R) (x a b d : R), (forall t : R, u t < v t -> w t = f t) ->
  is_derive u x a -> is_derive v x b -> u x < v x -> is_derive f x d -> is_derive w x d.
Proof.
  intros w u v f x a b d E H K L D; apply (is_derive_ext_loc f); [ | exact D].
  generalize (near u v x a b H K L); apply filter_imp; intros t M; symmetry; apply E; exact M.
Qed.
"""
# Name in Coq: its name in lemmas, the choice between numbers and between functions, what is chosen where p < q and where q < p, of
# numbers and of functions, and the proof.
CHOICES: Final = {
    "Rlt_dec": (
        "lt", "if Rlt_dec p q then r else s", "if Rlt_dec (@?u t) (@?v t) then @?f t else @?g t", ("r", "s"), ("f", "g"),
        "destruct (Rlt_dec p q); [reflexivity || lra | reflexivity || lra]",
    ),
    "Rle_dec": (
        "le", "if Rle_dec p q then r else s", "if Rle_dec (@?u t) (@?v t) then @?f t else @?g t", ("r", "s"), ("f", "g"),
        "destruct (Rle_dec p q); [reflexivity || lra | reflexivity || lra]",
    ),
    "Req_EM_T": (
        "eq", "if Req_EM_T p q then r else s", "if Req_EM_T (@?u t) (@?v t) then @?f t else @?g t", ("s", "s"), ("g", "g"),
        "destruct (Req_EM_T p q); [lra | reflexivity]",
    ),
    "Rmax": ("max", "Rmax p q", "Rmax (@?u t) (@?v t)", ("q", "p"), ("v", "u"), "unfold Rmax; destruct (Rle_dec p q); lra"),
    "Rmin": ("min", "Rmin p q", "Rmin (@?u t) (@?v t)", ("p", "q"), ("u", "v"), "unfold Rmin; destruct (Rle_dec p q); lra"),
}  # fmt: skip
SIGN: Final = (
    """\
Lemma sgn_below : forall p : R, p < 0 -> sign p = -1.
Proof. intros; apply sign_eq_m1; assumption. Qed.
Lemma sgn_above : forall p : R, 0 < p -> sign p = 1.
Proof. intros; apply sign_eq_1; assumption. Qed.
""",
    """\
  | |- is_derive (fun t => sign (@?u t)) _ _ =>
      first [ eapply (at_near _ (fun _ : R => 0) u (fun _ : R => 1)); [intros t L; apply sgn_above; exact L | apply at_const | at_point | at_side | apply at_const]
            | eapply (at_near _ u (fun _ : R => 0) (fun _ : R => -1)); [intros t L; apply sgn_below; exact L | at_point | apply at_const | at_side | apply at_const] ]
""",
)


def choice(op: str) -> tuple[str, str]:
    """Return the lemmas and the branch of a choice.

    >>> choice("Rmax")[0].splitlines()[0]
    'Lemma max_below : forall p q : R, p < q -> Rmax p q = q.'
    """
    if op == "sign":
        return SIGN
    name, whole, pattern, numbers, functions, proof = CHOICES[op]
    variables = "p q r s" if whole.startswith("if") else "p q"
    term = f"({whole})" if whole.startswith("if") else whole
    lemmas, ways = "", []
    for way, order, number, function, sides in (
        ("below", "p < q", numbers[0], functions[0], "u v"), ("above", "q < p", numbers[1], functions[1], "v u"),
    ):  # fmt: skip
        lemmas += (
            f"Lemma {name}_{way} : forall {variables} : R, {order} -> {term} = {number}.\n"
            f"Proof. intros {variables} L; {proof}. Qed.\n"
        )
        ways.append(
            f"eapply (at_near _ {sides} {function}); "
            f"[intros t L; apply {name}_{way}; exact L | at_point | at_point | at_side | at_point]"
        )
    return lemmas, f"  | |- is_derive (fun t => {pattern}) _ _ =>\n      first [ {ways[0]}\n            | {ways[1]} ]\n"


# Functions that Coq-Interval does not know, by those that it knows.
INVERSES: Final = """\
Lemma acos_by_asin : forall x : R, -1 < x < 1 -> acos x = PI / 2 - asin x.
Proof. intros; apply acos_asin; lra. Qed.
Lemma asin_by_atan : forall x : R, -1 < x < 1 -> asin x = atan (x / sqrt (1 - x ^ 2)).
Proof. intros; rewrite asin_atan by assumption; unfold Rsqr; do 3 f_equal; ring. Qed.
"""
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
LAST: Final = """\
Lemma apart : forall (f : R -> R) (x d c a b p q : R),
  is_derive f x d -> a <= d <= b -> p <= c <= q -> b < p \\/ q < a -> ~ is_derive f x c.
Proof.
  intros f x d c a b p q H D C S K; apply is_derive_unique in H; apply is_derive_unique in K.
  rewrite H in K; lra.
Qed.
Lemma unequal : forall u v a b p q : R, a <= u <= b -> p <= v <= q -> b < p \\/ q < a -> u <> v.
Proof. intros; lra. Qed.
"""
WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_']*|[-+*/^]")
# Functions of ours.
DEFINED: Final = {
    "arccosh": "Definition arccosh (u : R) : R := ln (u + sqrt (u ^ 2 - 1)).\n",
    "arctanh": "Definition arctanh (u : R) : R := ln ((1 + u) / (1 - u)) / 2.\n",
    "erf": "Definition erf (x : R) : R := 2 / sqrt PI * RInt (fun t => exp (- t ^ 2)) 0 x.\n",
    "if_less": "Definition if_less (u v a b : R) : R := if Rlt_dec u v then a else b.\n",
    "if_at_most": "Definition if_at_most (u v a b : R) : R := if Rle_dec u v then a else b.\n",
    "if_equal": "Definition if_equal (u v a b : R) : R := if Req_EM_T u v then a else b.\n",
}
# Functions that are unfolded before the walk, and what their definitions need.
UNFOLDED: Final = {
    "if_less": "Rlt_dec",
    "if_at_most": "Rle_dec",
    "if_equal": "Req_EM_T",
    "arccosh": "+ - ^ ln sqrt",
    "arctanh": "+ - / ln",
    "Rpower": "* exp ln",
    "sinh": "exp - + * /",
    "cosh": "exp + - * /",
    "tanh": "exp + - * /",
    "arcsinh": "ln sqrt + ^",
    "Rsqr": "*",
}


def preamble(function: str, others: str, bits: int, near: bool = False) -> tuple[str, str]:
    """Return the lemmas and tactics for the derivative of a term, and the tactic that unfolds its functions.

    Args:
        function: The term of the function in Coq's language.
        others: All other terms of the certificate.
        bits: The precision of intervals.
        near: Whether the file states what holds near the point.
    """
    words = set(WORD.findall(function))
    for name, needs in UNFOLDED.items():
        if name in words:
            words.update(needs.split())
    everything = words | set(WORD.findall(others))
    for name in ("if_less", "if_at_most", "if_equal"):
        everything |= {UNFOLDED[name]} if name in everything else set()
    choices = {name: choice(name) for name in (*CHOICES, "sign") if name in everything}
    rules = [rule for name, rule in RULES.items() if name in words] + list(choices.values())
    inverse = bool(everything & {"asin", "acos"})
    parts = [
        HEAD,
        *(text for name, text in DEFINED.items() if name in everything),
        *(lemma for lemma, _ in ALWAYS),
        NEAR if choices or near else "",
        *(lemma for lemma, _ in rules),
    ]
    parts += [INVERSES if inverse else "", LAST]
    rewritten = [f"{CHOICES[n][0] if n in CHOICES else 'sgn'}_{way}" for n in choices for way in ("below", "above")]
    rewritten += ["acos_by_asin", "asin_by_atan"] if inverse else []
    by = f"interval with (i_prec {bits})"
    # Powers of derivatives have computed exponents.
    tidy = "cbv beta; cbv [Z.of_nat Pos.of_succ_nat Pos.succ Init.Nat.pred]"
    decide = f"first [ {by} | split; {by} | apply Rgt_not_eq; {by} | apply Rlt_not_eq; {by} | lra ]"
    steps = [tidy]
    if rewritten:
        steps.append(f"repeat first [ {' | '.join([f'rewrite {name} by at_side' for name in rewritten])} ]")
    if "erf" in everything:
        parts.append(INTEGRALS.format(bits=bits, width=RELATIVE + (bits - BITS) // 2))
        steps.append("unfold erf; at_integrals")
    parts.append(f"Ltac at_side := {'; '.join([*steps, decide])}.\n")
    branches = "".join([branch for _, branch in (*ALWAYS, *rules)])
    parts.append(f"Ltac at_point :=\n  lazymatch goal with\n{branches}  end.\n")
    # tanh is sinh/cosh.
    unfolded = [
        n
        for n in ("Rpower", "tanh", "sinh", "cosh", "arcsinh", "Rsqr", *(n for n in DEFINED if n != "erf"))
        if n in everything or ("tanh" in everything and n in ("sinh", "cosh"))
    ]
    return "".join(parts), f"unfold {', '.join(unfolded)}. " if unfolded else ""
