"""Rules of differentiation in Coq: d_NAME is the rule of an operation, with the derivative as `walk` writes it."""

from typing import Final

__all__ = ["RULES"]

RULES: Final = r"""
Lemma d_eq (f : R -> R) (x a b : R) : is_derive f x a -> a = b -> is_derive f x b.
Proof. intros H E; rewrite <- E; exact H. Qed.

Lemma d_const (c x : R) : is_derive (fun _ : R => c) x 0.
Proof. apply (is_derive_const (V := R_NormedModule)). Qed.

Lemma d_id (x : R) : is_derive (fun t : R => t) x 1.
Proof. apply (is_derive_id (K := R_AbsRing)). Qed.

Lemma d_add (f g : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g x b -> is_derive (fun t => f t + g t) x (a + b).
Proof. intros H K; exact (is_derive_plus f g x a b H K). Qed.

Lemma d_add_c (f : R -> R) (x a c : R) : is_derive f x a -> is_derive (fun t => f t + c) x a.
Proof. intros H; apply (d_eq _ x (a + 0)); [exact (d_add f (fun _ => c) x a 0 H (d_const c x)) | ring]. Qed.

Lemma d_c_add (g : R -> R) (x b c : R) : is_derive g x b -> is_derive (fun t => c + g t) x b.
Proof. intros H; apply (d_eq _ x (0 + b)); [exact (d_add (fun _ => c) g x 0 b (d_const c x) H) | ring]. Qed.

Lemma d_sub (f g : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g x b -> is_derive (fun t => f t - g t) x (a - b).
Proof. intros H K; exact (is_derive_minus f g x a b H K). Qed.

Lemma d_sub_c (f : R -> R) (x a c : R) : is_derive f x a -> is_derive (fun t => f t - c) x a.
Proof. intros H; apply (d_eq _ x (a - 0)); [exact (d_sub f (fun _ => c) x a 0 H (d_const c x)) | ring]. Qed.

Lemma d_c_sub (g : R -> R) (x b c : R) : is_derive g x b -> is_derive (fun t => c - g t) x (- b).
Proof. intros H; apply (d_eq _ x (0 - b)); [exact (d_sub (fun _ => c) g x 0 b (d_const c x) H) | ring]. Qed.

Lemma d_neg (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => - f t) x (- a).
Proof. intros H; exact (is_derive_opp f x a H). Qed.

Lemma d_mul (f g : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g x b -> is_derive (fun t => f t * g t) x (a * g x + f x * b).
Proof. intros H K; exact (is_derive_mult f g x a b H K Rmult_comm). Qed.

Lemma d_c_mul (g : R -> R) (x b c : R) : is_derive g x b -> is_derive (fun t => c * g t) x (c * b).
Proof. intros H; apply (d_eq _ x (0 * g x + c * b)); [exact (d_mul (fun _ => c) g x 0 b (d_const c x) H) | ring]. Qed.

Lemma d_mul_c (f : R -> R) (x a c : R) : is_derive f x a -> is_derive (fun t => f t * c) x (a * c).
Proof. intros H; apply (d_eq _ x (a * c + f x * 0)); [exact (d_mul f (fun _ => c) x a 0 H (d_const c x)) | ring]. Qed.

Lemma d_inv (f : R -> R) (x a : R) : is_derive f x a -> f x <> 0 -> is_derive (fun t => / f t) x (- a / f x ^ 2).
Proof. intros H K; exact (is_derive_inv f x a H K). Qed.

Lemma d_div (f g : R -> R) (x a b : R) : is_derive f x a -> is_derive g x b -> g x <> 0 ->
  is_derive (fun t => f t / g t) x ((a * g x - f x * b) / g x ^ 2).
Proof. intros H K N; exact (is_derive_div f g x a b H K N). Qed.

Lemma d_div_c (f : R -> R) (x a c : R) : is_derive f x a -> is_derive (fun t => f t / c) x (a / c).
Proof. intros H; exact (d_mul_c f x a (/ c) H). Qed.

Lemma d_c_div (g : R -> R) (x b c : R) :
  is_derive g x b -> g x <> 0 -> is_derive (fun t => c / g t) x (- (c * b) / g x ^ 2).
Proof.
  intros H N; apply (d_eq _ x (c * (- b / g x ^ 2))); [exact (d_c_mul (fun t => / g t) x _ c (d_inv g x b H N)) |].
  unfold Rdiv; ring.
Qed.

Lemma d_pow (n : nat) (f : R -> R) (x a : R) :
  is_derive f x a -> is_derive (fun t => f t ^ S n) x (IZR (Z.of_nat (S n)) * f x ^ n * a).
Proof.
  intros H; apply (d_eq _ x (INR (S n) * a * f x ^ n)); [exact (is_derive_pow f (S n) x a H) |].
  rewrite <- INR_IZR_INZ; ring.
Qed.

Lemma d_comp (h f : R -> R) (x a c : R) : is_derive f x a -> is_derive h (f x) c -> is_derive (fun t => h (f t)) x (c * a).
Proof.
  intros H K; apply (d_eq _ x (a * c)); [exact (is_derive_comp h f x c a K H) | ring].
Qed.

Lemma d_exp (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => exp (f t)) x (exp (f x) * a).
Proof. intros H; exact (d_comp exp f x a _ H (is_derive_exp (f x))). Qed.

Lemma d_ln (f : R -> R) (x a : R) : is_derive f x a -> 0 < f x -> is_derive (fun t => ln (f t)) x (a / f x).
Proof.
  intros H P; apply (d_eq _ x (/ f x * a)); [exact (d_comp ln f x a _ H (is_derive_ln (f x) P)) | unfold Rdiv; ring].
Qed.

Lemma d_sqrt (f : R -> R) (x a : R) : is_derive f x a -> 0 < f x -> is_derive (fun t => sqrt (f t)) x (a / (2 * sqrt (f x))).
Proof. intros H P; exact (is_derive_sqrt f x a H P). Qed.

Lemma d_sin (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => sin (f t)) x (cos (f x) * a).
Proof. intros H; apply (d_comp sin f x a (cos (f x)) H), is_derive_Reals, derivable_pt_lim_sin. Qed.

Lemma d_cos (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => cos (f t)) x (- sin (f x) * a).
Proof. intros H; apply (d_comp cos f x a (- sin (f x)) H), is_derive_Reals, derivable_pt_lim_cos. Qed.

Lemma d_tan (f : R -> R) (x a : R) :
  is_derive f x a -> cos (f x) <> 0 -> is_derive (fun t => tan (f t)) x ((tan (f x) ^ 2 + 1) * a).
Proof. intros H N; exact (d_comp tan f x a _ H (is_derive_tan (f x) N)). Qed.

Lemma d_asin (f : R -> R) (x a : R) : is_derive f x a -> -1 < f x -> f x < 1 ->
  is_derive (fun t => asin (f t)) x (a / sqrt (1 - f x ^ 2)).
Proof.
  intros H L U; apply (d_eq _ x (/ sqrt (1 - Rsqr (f x)) * a)).
  - apply (d_comp asin f x a _ H), is_derive_Reals.
    destruct (derivable_pt_asin (f x) (conj L U)) as [l K] eqn:E.
    assert (D := derive_pt_asin (f x) (conj L U)); unfold derive_pt in D; rewrite E in D; simpl in D.
    replace (/ sqrt (1 - Rsqr (f x))) with l by (rewrite D; unfold Rdiv; ring); exact K.
  - replace (1 - f x ^ 2) with (1 - Rsqr (f x)) by (unfold Rsqr; ring); unfold Rdiv; ring.
Qed.

Lemma d_acos (f : R -> R) (x a : R) : is_derive f x a -> -1 < f x -> f x < 1 ->
  is_derive (fun t => acos (f t)) x (- (a / sqrt (1 - f x ^ 2))).
Proof.
  intros H L U; apply (d_eq _ x (- / sqrt (1 - Rsqr (f x)) * a)).
  - apply (d_comp acos f x a _ H), is_derive_Reals.
    destruct (derivable_pt_acos (f x) (conj L U)) as [l K] eqn:E.
    assert (D := derive_pt_acos (f x) (conj L U)); unfold derive_pt in D; rewrite E in D; simpl in D.
    replace (- / sqrt (1 - Rsqr (f x))) with l by (rewrite D; unfold Rdiv; ring); exact K.
  - replace (1 - f x ^ 2) with (1 - Rsqr (f x)) by (unfold Rsqr; ring); unfold Rdiv; ring.
Qed.

Lemma d_atan (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => atan (f t)) x (a / (1 + f x ^ 2)).
Proof.
  intros H; apply (d_eq _ x (/ (1 + Rsqr (f x)) * a)); [exact (d_comp atan f x a _ H (is_derive_atan (f x))) |].
  replace (1 + f x ^ 2) with (1 + Rsqr (f x)) by (unfold Rsqr; ring); unfold Rdiv; ring.
Qed.

Lemma d_sinh (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => sinh (f t)) x (cosh (f x) * a).
Proof. intros H; apply (d_comp sinh f x a (cosh (f x)) H), is_derive_Reals, derivable_pt_lim_sinh. Qed.

Lemma d_cosh (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => cosh (f t)) x (sinh (f x) * a).
Proof. intros H; apply (d_comp cosh f x a (sinh (f x)) H), is_derive_Reals, derivable_pt_lim_cosh. Qed.

Lemma cosh_positive (u : R) : 0 < cosh u.
Proof. unfold cosh; assert (H := exp_pos u); assert (K := exp_pos (- u)); lra. Qed.

Lemma d_tanh (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => tanh (f t)) x (a / cosh (f x) ^ 2).
Proof.
  intros H; assert (N : cosh (f x) <> 0) by (apply Rgt_not_eq, cosh_positive).
  apply (d_eq _ x ((cosh (f x) * a * cosh (f x) - sinh (f x) * (sinh (f x) * a)) / cosh (f x) ^ 2)).
  - exact (d_div (fun t => sinh (f t)) (fun t => cosh (f t)) x _ _ (d_sinh f x a H) (d_cosh f x a H) N).
  - unfold Rdiv; f_equal; assert (E : cosh (f x) ^ 2 - sinh (f x) ^ 2 = 1).
    { assert (P : exp (f x) * exp (- f x) = 1) by (rewrite <- exp_plus, Rplus_opp_r; exact exp_0).
      transitivity (exp (f x) * exp (- f x)); [unfold cosh, sinh; field | exact P]. }
    transitivity (a * (cosh (f x) ^ 2 - sinh (f x) ^ 2)); [ring | rewrite E; ring].
Qed.

Lemma d_arcsinh (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t => arcsinh (f t)) x (a / sqrt (f x ^ 2 + 1)).
Proof.
  intros H; apply (d_eq _ x (/ sqrt (f x ^ 2 + 1) * a)); [| unfold Rdiv; ring].
  apply (d_comp arcsinh f x a _ H), is_derive_Reals, derivable_pt_lim_arcsinh.
Qed.

Definition arccosh (u : R) : R := ln (u + sqrt (u ^ 2 - 1)).

Lemma arccosh_domain (u : R) : 1 < u -> 0 < u ^ 2 - 1.
Proof. intros H; replace (u ^ 2 - 1) with ((u - 1) * (u + 1)) by ring; apply Rmult_lt_0_compat; lra. Qed.

Lemma d_arccosh (f : R -> R) (x a : R) : is_derive f x a -> 1 < f x ->
  is_derive (fun t => arccosh (f t)) x (a / sqrt (f x ^ 2 - 1)).
Proof.
  intros H L; assert (P := arccosh_domain (f x) L); assert (S := sqrt_lt_R0 _ P).
  assert (Q : 0 < f x + sqrt (f x ^ 2 - 1)) by lra.
  assert (K := d_ln _ x _ (d_add f _ x a _ H (d_sqrt (fun t => f t ^ 2 - 1) x _ (d_sub_c _ x _ 1 (d_pow 1 f x a H)) P)) Q).
  apply (d_eq _ _ _ _ K); cbn -[sqrt pow Rdiv]; field; split; lra.
Qed.

Lemma inside_square (u : R) : -1 < u -> u < 1 -> 0 < 1 - u ^ 2.
Proof. intros L U; replace (1 - u ^ 2) with ((1 - u) * (1 + u)) by ring; apply Rmult_lt_0_compat; lra. Qed.

Definition arctanh (u : R) : R := ln ((1 + u) / (1 - u)) / 2.

Lemma d_arctanh (f : R -> R) (x a : R) : is_derive f x a -> -1 < f x -> f x < 1 ->
  is_derive (fun t => arctanh (f t)) x (a / (1 - f x ^ 2)).
Proof.
  intros H L U; assert (N : 1 - f x <> 0) by lra.
  assert (P : 0 < (1 + f x) / (1 - f x)) by (apply Rdiv_lt_0_compat; lra).
  assert (K := d_div_c _ x _ 2 (d_ln _ x _ (d_div _ _ x _ _ (d_c_add f x a 1 H) (d_c_sub f x a 1 H) N) P)).
  assert (M := Rgt_not_eq _ _ (inside_square (f x) L U)).
  apply (d_eq _ _ _ _ K); field; repeat split; lra.
Qed.

Lemma sign_over (u : R) : u <> 0 -> sign u = u / Rabs u.
Proof.
  intros N; destruct (Rdichotomy u 0 N) as [L | G].
  - rewrite (sign_eq_m1 u L), (Rabs_left u L); field; exact N.
  - rewrite (sign_eq_1 u G), (Rabs_right u (Rgt_ge _ _ G)); field; exact N.
Qed.

Lemma d_Rabs (f : R -> R) (x a : R) : is_derive f x a -> f x <> 0 -> is_derive (fun t => Rabs (f t)) x (f x / Rabs (f x) * a).
Proof. intros H N; rewrite <- (sign_over _ N); exact (is_derive_Rabs f x a H N). Qed.

Lemma near_less (f g : R -> R) (x a b : R) : is_derive f x a -> is_derive g x b -> f x < g x -> locally x (fun t => f t < g t).
Proof.
  intros H K L.
  assert (C : continuous (fun t => f t - g t) x).
  { apply (ex_derive_continuous (fun t => f t - g t)); exists (a - b); exact (d_sub f g x a b H K). }
  assert (O : locally (f x - g x) (fun y => y < 0)) by (apply (open_lt 0); lra).
  apply (filter_imp (fun t => f t - g t < 0)); [intros t B; lra | exact (C _ O)].
Qed.

Lemma d_chosen (w u v f g : R -> R) (x c d a b e : R) :
  (forall t, u t < v t -> w t = f t) -> (forall t, v t < u t -> w t = g t) ->
  is_derive u x c -> is_derive v x d -> is_derive f x a -> is_derive g x b -> u x <> v x ->
  (u x < v x -> e = a) -> (v x < u x -> e = b) -> is_derive w x e.
Proof.
  intros E F U V H K N A B; destruct (Rdichotomy _ _ N) as [L | L].
  - rewrite (A L); apply (is_derive_ext_loc f); [| exact H].
    apply (filter_imp (fun t => u t < v t)); [| exact (near_less u v x c d U V L)].
    intros t M; symmetry; exact (E t M).
  - rewrite (B L); apply (is_derive_ext_loc g); [| exact K].
    apply (filter_imp (fun t => v t < u t)); [| exact (near_less v u x d c V U L)].
    intros t M; symmetry; exact (F t M).
Qed.

Lemma d_sign (f : R -> R) (x a : R) : is_derive f x a -> f x <> 0 -> is_derive (fun t => sign (f t)) x 0.
Proof.
  intros H N; apply (d_chosen _ f (fun _ => 0) (fun _ => -1) (fun _ => 1) x a 0 0 0 0); try trivial; try apply d_const.
  - intros t; apply sign_eq_m1.
  - intros t; apply sign_eq_1.
Qed.

Definition floor (u : R) : R := IZR (Int_part u).

Lemma floor_at (z : Z) (u : R) : IZR z <= u < IZR z + 1 -> floor u = IZR z.
Proof.
  intros [L U]; destruct (base_Int_part u) as [A B]; unfold floor; f_equal.
  apply Z.le_antisymm; apply Z.lt_succ_r, lt_IZR; rewrite succ_IZR; lra.
Qed.

Lemma d_floor (f : R -> R) (x a : R) : is_derive f x a -> floor (f x) < f x -> is_derive (fun t => floor (f t)) x 0.
Proof.
  intros H L; destruct (base_Int_part (f x)) as [_ B].
  apply (is_derive_ext_loc (fun _ => floor (f x))); [| apply d_const].
  apply (filter_imp (fun t => floor (f x) < f t /\ f t < floor (f x) + 1)).
  - intros t [D E]; symmetry; apply (floor_at (Int_part (f x))); split; [exact (Rlt_le _ _ D) | exact E].
  - apply filter_and; [exact (near_less (fun _ => floor (f x)) f x 0 a (d_const _ x) H L) |].
    apply (near_less f (fun _ => floor (f x) + 1) x a 0 H (d_const _ x)); unfold floor; lra.
Qed.

Definition if_less (u v a b : R) : R := if Rlt_dec u v then a else b.

Lemma less_before (u v a b : R) : u < v -> if_less u v a b = a.
Proof. intros L; unfold if_less; destruct (Rlt_dec u v); [reflexivity | contradiction]. Qed.

Lemma less_after (u v a b : R) : v < u -> if_less u v a b = b.
Proof. intros L; unfold if_less; destruct (Rlt_dec u v); [lra | reflexivity]. Qed.

Lemma d_if_less (u v f g : R -> R) (x c d a b : R) :
  is_derive u x c -> is_derive v x d -> is_derive f x a -> is_derive g x b -> u x <> v x ->
  is_derive (fun t => if_less (u t) (v t) (f t) (g t)) x (if_less (u x) (v x) a b).
Proof. intros U V H K N; apply (d_chosen _ u v f g x c d a b); auto using less_before, less_after. Qed.

Definition if_at_most (u v a b : R) : R := if Rle_dec u v then a else b.

Lemma at_most_before (u v a b : R) : u < v -> if_at_most u v a b = a.
Proof. intros L; unfold if_at_most; destruct (Rle_dec u v); [reflexivity | lra]. Qed.

Lemma at_most_after (u v a b : R) : v < u -> if_at_most u v a b = b.
Proof. intros L; unfold if_at_most; destruct (Rle_dec u v); [lra | reflexivity]. Qed.

Lemma d_if_at_most (u v f g : R -> R) (x c d a b : R) :
  is_derive u x c -> is_derive v x d -> is_derive f x a -> is_derive g x b -> u x <> v x ->
  is_derive (fun t => if_at_most (u t) (v t) (f t) (g t)) x (if_at_most (u x) (v x) a b).
Proof. intros U V H K N; apply (d_chosen _ u v f g x c d a b); auto using at_most_before, at_most_after. Qed.

Definition if_equal (u v a b : R) : R := if Req_EM_T u v then a else b.

Lemma eq_from (u v a b : R) : u <> v -> if_equal u v a b = b.
Proof. intros N; unfold if_equal; destruct (Req_EM_T u v); [contradiction | reflexivity]. Qed.

Lemma d_if_equal (u v f g : R -> R) (x c d a b : R) :
  is_derive u x c -> is_derive v x d -> is_derive f x a -> is_derive g x b -> u x <> v x ->
  is_derive (fun t => if_equal (u t) (v t) (f t) (g t)) x (if_equal (u x) (v x) a b).
Proof.
  intros U V H K N; apply (d_chosen _ u v g g x c d b b); auto using eq_from, Rlt_not_eq, Rgt_not_eq.
Qed.

Lemma max_before (u v : R) : u < v -> Rmax u v = v.
Proof. intros L; apply Rmax_right, Rlt_le, L. Qed.

Lemma max_after (u v : R) : v < u -> Rmax u v = u.
Proof. intros L; apply Rmax_left, Rlt_le, L. Qed.

Lemma d_max (u v : R -> R) (x a b : R) : is_derive u x a -> is_derive v x b -> u x <> v x ->
  is_derive (fun t => Rmax (u t) (v t)) x (if_less (u x) (v x) b a).
Proof.
  intros U V N; apply (d_chosen _ u v v u x a b b a); auto using max_before, max_after, less_before, less_after.
Qed.

Lemma min_before (u v : R) : u < v -> Rmin u v = u.
Proof. intros L; apply Rmin_left, Rlt_le, L. Qed.

Lemma min_after (u v : R) : v < u -> Rmin u v = v.
Proof. intros L; apply Rmin_right, Rlt_le, L. Qed.

Lemma d_min (u v : R -> R) (x a b : R) : is_derive u x a -> is_derive v x b -> u x <> v x ->
  is_derive (fun t => Rmin (u t) (v t)) x (if_less (u x) (v x) a b).
Proof.
  intros U V N; apply (d_chosen _ u v u v x a b a b); auto using min_before, min_after, less_before, less_after.
Qed.

Lemma d_rpower (f g : R -> R) (x a b : R) : is_derive f x a -> is_derive g x b -> 0 < f x ->
  is_derive (fun t => Rpower (f t) (g t)) x (Rpower (f x) (g x) * (b * ln (f x) + g x * (a / f x))).
Proof. intros H K P; exact (d_exp _ x _ (d_mul g _ x b _ K (d_ln f x a H P))). Qed.

Lemma d_rpower_c (f : R -> R) (x a c : R) : is_derive f x a -> 0 < f x ->
  is_derive (fun t => Rpower (f t) c) x (Rpower (f x) c * (c * (a / f x))).
Proof. intros H P; exact (d_exp _ x _ (d_c_mul _ x _ c (d_ln f x a H P))). Qed.

Lemma d_c_rpower (g : R -> R) (x b c : R) : is_derive g x b -> 0 < c ->
  is_derive (fun t => Rpower c (g t)) x (Rpower c (g x) * (b * ln c)).
Proof. intros H _; exact (d_exp _ x _ (d_mul_c g x b (ln c) H)). Qed.

Definition erf (x : R) : R := 2 / sqrt PI * RInt (fun t => exp (- t ^ 2)) 0 x.

Lemma d_erf (f : R -> R) (x a : R) : is_derive f x a ->
  is_derive (fun t => erf (f t)) x (2 / sqrt PI * exp (- f x ^ 2) * a).
Proof.
  intros H; apply (d_comp erf f x a _ H), (d_c_mul (fun s => RInt (fun t => exp (- t ^ 2)) 0 s)).
  assert (C : forall t, continuous (fun t => exp (- t ^ 2)) t).
  { intros t; apply (ex_derive_continuous (fun t => exp (- t ^ 2))); eexists.
    exact (d_exp _ t _ (d_neg _ t _ (d_pow 1 _ t _ (d_id t)))). }
  apply (is_derive_RInt (fun t => exp (- t ^ 2)) (fun s => RInt (fun t => exp (- t ^ 2)) 0 s) 0); [| exact (C (f x))].
  apply filter_forall; intros s; apply (RInt_correct (V := R_CompleteNormedModule)), ex_RInt_continuous.
  intros z _; exact (C z).
Qed.
"""
