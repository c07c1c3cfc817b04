"""Lemmas in Coq on values: those that rewrite them into generators, on signs, and on values at a point."""

from typing import Final

__all__ = ["VALUES"]

VALUES: Final = r"""
Lemma even_nonnegative (n : nat) (u : R) : 0 <= u ^ (2 * n).
Proof. rewrite pow_mult; apply pow_le, pow2_ge_0. Qed.

Lemma even_positive (n : nat) (u : R) : u <> 0 -> 0 < u ^ (2 * n).
Proof. intros N; rewrite pow_mult; apply pow_lt; rewrite <- Rsqr_pow2; exact (Rsqr_pos_lt u N). Qed.

Lemma ln_positive (u : R) : 1 < u -> 0 < ln u.
Proof. intros H; rewrite <- ln_1; apply ln_increasing; lra. Qed.

Lemma part_of_mul (a b : R) : 0 < a * b -> 0 < a -> 0 < b.
Proof. intros P A; apply (Rmult_lt_reg_l a); [exact A | rewrite Rmult_0_r; exact P]. Qed.

Lemma part_of_inv (b : R) : 0 < / b -> 0 < b.
Proof. intros P; rewrite <- (Rinv_inv b); exact (Rinv_0_lt_compat _ P). Qed.

Lemma part_of_div (a b : R) : 0 < a / b -> 0 < a -> 0 < b.
Proof. intros P A; exact (part_of_inv b (part_of_mul a (/ b) P A)). Qed.

Lemma tanh_above (u : R) : -1 < tanh u.
Proof.
  unfold tanh; assert (P := cosh_positive u); apply (Rmult_lt_reg_r (cosh u)); [exact P |].
  unfold Rdiv; rewrite Rmult_assoc, Rinv_l by lra; unfold sinh, cosh; assert (H := exp_pos u); lra.
Qed.

Lemma tanh_below (u : R) : tanh u < 1.
Proof.
  unfold tanh; assert (P := cosh_positive u); apply (Rmult_lt_reg_r (cosh u)); [exact P |].
  unfold Rdiv; rewrite Rmult_assoc, Rinv_l by lra; unfold sinh, cosh; assert (H := exp_pos (- u)); lra.
Qed.

Lemma nonzero_left (a b : R) : a * b <> 0 -> a <> 0.
Proof. intros H K; apply H; rewrite K; ring. Qed.

Lemma nonzero_right (a b : R) : a * b <> 0 -> b <> 0.
Proof. intros H K; apply H; rewrite K; ring. Qed.

Lemma nonzero_neg (a : R) : - a <> 0 -> a <> 0.
Proof. intros H K; apply H; rewrite K; ring. Qed.

Lemma nonzero_pow (n : nat) (a : R) : a ^ n <> 0 -> match n with O => True | _ => a <> 0 end.
Proof. destruct n; [trivial |]; intros H K; apply H; rewrite K; simpl; ring. Qed.

Definition exp_is (u g : R) : Prop := exp u = g.

Lemma exp_gen (a : R) : exists g, exp_is a g /\ 0 < g.
Proof. exists (exp a); split; [reflexivity | apply exp_pos]. Qed.

Lemma exp_none : exp_is 0 1.
Proof. exact exp_0. Qed.

Lemma exp_pow (n : nat) (a g : R) : exp_is a g -> exp (IZR (Z.of_nat n) * a) = g ^ n.
Proof.
  intros <-; rewrite <- INR_IZR_INZ; induction n as [| n I]; [rewrite Rmult_0_l; exact exp_0 |].
  rewrite S_INR, Rmult_plus_distr_r, exp_plus, I, Rmult_1_l; simpl; ring.
Qed.

Lemma exp_up (n : nat) (u p a g : R) : exp_is u p -> exp_is a g -> exp_is (u + IZR (Z.of_nat n) * a) (p * g ^ n).
Proof. intros H K; unfold exp_is; rewrite exp_plus, (exp_pow n a g K), H; reflexivity. Qed.

Lemma exp_down (n : nat) (u p a g : R) : exp_is u p -> exp_is a g -> exp_is (u - IZR (Z.of_nat n) * a) (p / g ^ n).
Proof.
  intros H K; unfold exp_is, Rminus; rewrite exp_plus, exp_Ropp, (exp_pow n a g K), H; reflexivity.
Qed.

Lemma exp_from (u v p g : R) : exp_is v p -> u = v -> p = g -> exp_is u g.
Proof. intros H -> <-; exact H. Qed.

Definition ln_is (u l : R) : Prop := ln u = l.

Lemma ln_gen (b : R) : exists l, ln_is b l.
Proof. exists (ln b); reflexivity. Qed.

Lemma ln_of_exp (a g : R) : exp_is a g -> ln_is g a.
Proof. intros <-; apply ln_exp. Qed.

Lemma exp_of_ln (b l : R) : 0 < b -> ln_is b l -> exp_is l b.
Proof. intros P <-; apply exp_ln, P. Qed.

Definition logs (p l : R) : Prop := 0 < p /\ ln p = l.

Lemma logs_none : logs 1 0.
Proof. split; [lra | exact ln_1]. Qed.

Lemma ln_power (n : nat) (b : R) : 0 < b -> ln (b ^ n) = IZR (Z.of_nat n) * ln b.
Proof.
  intros P; rewrite <- INR_IZR_INZ; induction n as [| n I]; [simpl; rewrite ln_1; ring |].
  rewrite S_INR, <- tech_pow_Rmult, (ln_mult b (b ^ n) P (pow_lt b n P)), I; ring.
Qed.

Lemma logs_up (n : nat) (p l b k : R) : logs p l -> 0 < b -> ln_is b k -> logs (p * b ^ n) (l + IZR (Z.of_nat n) * k).
Proof.
  intros [P <-] B <-; assert (Q := pow_lt b n B); split; [exact (Rmult_lt_0_compat _ _ P Q) |].
  rewrite (ln_mult p (b ^ n) P Q), (ln_power n b B); reflexivity.
Qed.

Lemma logs_down (n : nat) (p l b k : R) : logs p l -> 0 < b -> ln_is b k -> logs (p / b ^ n) (l - IZR (Z.of_nat n) * k).
Proof.
  intros [P <-] B <-; assert (Q := pow_lt b n B); split; [apply Rdiv_lt_0_compat; assumption |].
  unfold Rdiv; rewrite (ln_mult p (/ b ^ n) P (Rinv_0_lt_compat _ Q)), (ln_Rinv _ Q), (ln_power n b B); ring.
Qed.

Lemma ln_from (u p l k : R) : logs p l -> u = p -> l = k -> ln_is u k.
Proof. intros [_ H] -> <-; exact H. Qed.

Lemma rest_positive (u q b : R) : 0 < u -> 0 < q -> u = q * b -> 0 < b.
Proof. intros U Q ->; apply (Rmult_lt_reg_l q); [exact Q | rewrite Rmult_0_r; exact U]. Qed.

Lemma root_is (n : nat) (b l r : R) : 0 < b -> ln_is b l -> exp_is (1 / IZR (Z.of_nat (S n)) * l) r -> r ^ S n = b.
Proof.
  intros P L E; rewrite <- (exp_pow (S n) _ r E).
  replace (IZR (Z.of_nat (S n)) * (1 / IZR (Z.of_nat (S n)) * l)) with l; [rewrite <- L; apply exp_ln, P |].
  field; apply not_0_IZR; discriminate.
Qed.

Lemma sqrt_from (u l g : R) : 0 < u -> ln_is u l -> exp_is (1 / 2 * l) g -> sqrt u = g.
Proof.
  intros P <- <-; symmetry; apply Rsqr_inj; [apply Rlt_le, exp_pos | apply sqrt_pos |].
  rewrite (Rsqr_sqrt u (Rlt_le _ _ P)); unfold Rsqr; rewrite <- exp_plus.
  replace (1 / 2 * ln u + 1 / 2 * ln u) with (ln u) by field; apply exp_ln, P.
Qed.

Lemma rpower_from (u a l g : R) : ln_is u l -> exp_is (a * l) g -> Rpower u a = g.
Proof. intros <- <-; reflexivity. Qed.

Lemma sinh_from (u a b : R) : exp_is u a -> exp_is (- u) b -> sinh u = (a - b) / 2.
Proof. intros <- <-; reflexivity. Qed.

Lemma cosh_from (u a b : R) : exp_is u a -> exp_is (- u) b -> cosh u = (a + b) / 2.
Proof. intros <- <-; reflexivity. Qed.

Lemma tanh_from (u a b : R) : exp_is u a -> exp_is (- u) b -> tanh u = (a - b) / (a + b).
Proof.
  intros <- <-; unfold tanh, sinh, cosh; field; assert (H := exp_pos u); assert (K := exp_pos (- u)); lra.
Qed.

Definition trig_is (u s c : R) : Prop := sin u = s /\ cos u = c.

Lemma trig_gen (a : R) : exists s c, trig_is a s c /\ s ^ 2 = 1 - c ^ 2.
Proof.
  exists (sin a), (cos a); split; [split; reflexivity |]; assert (H := sin2_cos2 a); unfold Rsqr in H; simpl; lra.
Qed.

Lemma trig_zero : trig_is 0 0 1.
Proof. split; [exact sin_0 | exact cos_0]. Qed.

Lemma trig_quarter : trig_is (PI / 2) 1 0.
Proof. split; [exact sin_PI2 | exact cos_PI2]. Qed.

Lemma trig_up (u s c a t d : R) : trig_is u s c -> trig_is a t d -> trig_is (u + a) (s * d + c * t) (c * d - s * t).
Proof. intros [<- <-] [<- <-]; split; [apply sin_plus | apply cos_plus]. Qed.

Lemma trig_down (u s c a t d : R) : trig_is u s c -> trig_is a t d -> trig_is (u - a) (s * d - c * t) (c * d + s * t).
Proof. intros [<- <-] [<- <-]; split; [apply sin_minus | apply cos_minus]. Qed.

Lemma trig_from (u v s c : R) : trig_is v s c -> u = v -> trig_is u s c.
Proof. intros H ->; exact H. Qed.

Lemma trig_sin (u s c : R) : trig_is u s c -> sin u = s.
Proof. intros [H _]; exact H. Qed.

Lemma trig_cos (u s c : R) : trig_is u s c -> cos u = c.
Proof. intros [_ H]; exact H. Qed.

Lemma trig_tan (u s c : R) : trig_is u s c -> tan u = s / c.
Proof. intros [<- <-]; reflexivity. Qed.

Definition abs_is (u a : R) : Prop := Rabs u = a.

Lemma abs_gen (u : R) : u <> 0 -> exists a, abs_is u a /\ a ^ 2 = u ^ 2 /\ 0 < a.
Proof.
  intros N; exists (Rabs u); split; [reflexivity | split; [apply pow2_abs | exact (Rabs_pos_lt u N)]].
Qed.

Lemma abs_positive (u : R) : 0 < u -> abs_is u u.
Proof. intros P; exact (Rabs_pos_eq u (Rlt_le _ _ P)). Qed.

Lemma abs_same (u v a : R) : abs_is v a -> u = v -> abs_is u a.
Proof. intros H ->; exact H. Qed.

Lemma abs_opposite (u v a : R) : abs_is v a -> u = - v -> abs_is u a.
Proof. intros H ->; unfold abs_is; rewrite Rabs_Ropp; exact H. Qed.

Lemma top_nonzero (u v w : R) : u <> 0 -> u = v / w -> v <> 0.
Proof. intros N -> K; apply N; rewrite K; unfold Rdiv; ring. Qed.

Lemma abs_quotient (u v w a b : R) : abs_is v a -> abs_is w b -> w <> 0 -> u = v / w -> abs_is u (a / b).
Proof.
  intros <- <- N E; assert (K := Rabs_no_R0 w N); unfold abs_is.
  replace v with (u * w) by (rewrite E; field; exact N); rewrite Rabs_mult; field; exact K.
Qed.

Lemma sign_from (u a : R) : u <> 0 -> abs_is u a -> sign u = u / a.
Proof. intros N <-; exact (sign_over u N). Qed.

Lemma max_from (u v a : R) : abs_is (u - v) a -> Rmax u v = (u + v + a) / 2.
Proof. intros <-; unfold Rmax, Rabs; destruct (Rle_dec u v), (Rcase_abs (u - v)); lra. Qed.

Lemma min_from (u v a : R) : abs_is (u - v) a -> Rmin u v = (u + v - a) / 2.
Proof. intros <-; unfold Rmin, Rabs; destruct (Rle_dec u v), (Rcase_abs (u - v)); lra. Qed.

Lemma chosen_from (w u v a b d : R) : (u < v -> w = a) -> (v < u -> w = b) -> u <> v -> abs_is (u - v) d ->
  w = (a + b) / 2 + (b - a) / 2 * ((u - v) / d).
Proof.
  intros A B N <-; rewrite <- (sign_over (u - v) (Rminus_eq_contra _ _ N)); destruct (Rdichotomy _ _ N) as [L | L].
  - rewrite (A L), sign_eq_m1; lra.
  - rewrite (B L), sign_eq_1; lra.
Qed.

Lemma lt_from (u v a b d : R) : u <> v -> abs_is (u - v) d ->
  if_less u v a b = (a + b) / 2 + (b - a) / 2 * ((u - v) / d).
Proof. apply chosen_from; [apply less_before | apply less_after]. Qed.

Lemma le_from (u v a b d : R) : u <> v -> abs_is (u - v) d ->
  if_at_most u v a b = (a + b) / 2 + (b - a) / 2 * ((u - v) / d).
Proof. apply chosen_from; [apply at_most_before | apply at_most_after]. Qed.

Definition value_is (f : R -> R) (u g : R) : Prop := f u = g.

Lemma value_gen (f : R -> R) (u : R) : exists g, value_is f u g.
Proof. exists (f u); reflexivity. Qed.

Lemma value_same (f : R -> R) (u v g : R) : value_is f v g -> u = v -> value_is f u g.
Proof. intros H ->; exact H. Qed.

Lemma atan_opposite (u v g : R) : value_is atan v g -> u = - v -> value_is atan u (- g).
Proof. intros <- ->; exact (atan_opp v). Qed.

Lemma near_apart (u v : R -> R) (x a b : R) :
  is_derive u x a -> is_derive v x b -> u x <> v x -> locally x (fun t => u t <> v t).
Proof.
  intros H K N; destruct (Rdichotomy _ _ N) as [L | L].
  - generalize (near_less u v x a b H K L); apply filter_imp; intros; apply Rlt_not_eq; assumption.
  - generalize (near_less v u x b a K H L); apply filter_imp; intros; apply Rgt_not_eq; assumption.
Qed.

Lemma acos_by_asin (x : R) : -1 < x < 1 -> acos x = PI / 2 - asin x.
Proof. intros; apply acos_asin; lra. Qed.

Lemma asin_by_atan (x : R) : -1 < x < 1 -> asin x = atan (x / sqrt (1 - x ^ 2)).
Proof. intros; rewrite asin_atan by assumption; unfold Rsqr; do 3 f_equal; ring. Qed.

Lemma apart (f : R -> R) (x d c a b p q : R) :
  is_derive f x d -> a <= d <= b -> p <= c <= q -> b < p \/ q < a -> ~ is_derive f x c.
Proof.
  intros H D C S K; apply is_derive_unique in H; apply is_derive_unique in K.
  rewrite H in K; lra.
Qed.

Lemma unequal (u v a b p q : R) : a <= u <= b -> p <= v <= q -> b < p \/ q < a -> u <> v.
Proof. intros; lra. Qed.

Ltac rewritten E := match type of E with ?a = _ => let z := fresh in set (z := a) in *; clearbody z; subst z end.
Ltac nonzero := repeat split; solve [
  assumption | apply Rgt_not_eq; assumption | apply not_0_IZR; discriminate | intro; lra
  | match goal with H : _ <> 0 |- _ => intro; apply H; lra end
  | match goal with H : 0 < _ |- _ => intro; revert H; apply Rle_not_lt; lra end ].
"""
