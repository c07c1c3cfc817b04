"""Rules of differentiation in Lean with Mathlib: d_NAME states what the rule of that name in Coq does, with the same arguments.

So the proof that `walk` writes is one text for both. Secant has no Lean to check these rules. Inverse hyperbolic cosine and tangent are
defined here, because Mathlib has them only since 2025.
"""

from typing import Final

__all__ = ["RULES"]

RULES: Final = """
macro "side" : tactic => `(tactic| first
  | assumption
  | positivity
  | (apply sub_ne_zero.mpr; assumption)
  | linarith
  | nlinarith)

theorem d_const (c x : ℝ) : HasDerivAt (fun _ : ℝ => c) 0 x := hasDerivAt_const x c

theorem d_id (x : ℝ) : HasDerivAt (fun t : ℝ => t) 1 x := hasDerivAt_id' x

theorem d_add (f g : ℝ → ℝ) (x a b : ℝ) (H : HasDerivAt f a x) (K : HasDerivAt g b x) :
    HasDerivAt (fun t => f t + g t) (a + b) x := H.add K

theorem d_add_c (f : ℝ → ℝ) (x a c : ℝ) (H : HasDerivAt f a x) : HasDerivAt (fun t => f t + c) a x := H.add_const c

theorem d_c_add (g : ℝ → ℝ) (x b c : ℝ) (H : HasDerivAt g b x) : HasDerivAt (fun t => c + g t) b x := H.const_add c

theorem d_sub (f g : ℝ → ℝ) (x a b : ℝ) (H : HasDerivAt f a x) (K : HasDerivAt g b x) :
    HasDerivAt (fun t => f t - g t) (a - b) x := H.sub K

theorem d_sub_c (f : ℝ → ℝ) (x a c : ℝ) (H : HasDerivAt f a x) : HasDerivAt (fun t => f t - c) a x := H.sub_const c

theorem d_c_sub (g : ℝ → ℝ) (x b c : ℝ) (H : HasDerivAt g b x) : HasDerivAt (fun t => c - g t) (-b) x := H.const_sub c

theorem d_neg (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) : HasDerivAt (fun t => -f t) (-a) x := H.neg

theorem d_mul (f g : ℝ → ℝ) (x a b : ℝ) (H : HasDerivAt f a x) (K : HasDerivAt g b x) :
    HasDerivAt (fun t => f t * g t) (a * g x + f x * b) x := H.mul K

theorem d_c_mul (g : ℝ → ℝ) (x b c : ℝ) (H : HasDerivAt g b x) : HasDerivAt (fun t => c * g t) (c * b) x := H.const_mul c

theorem d_mul_c (f : ℝ → ℝ) (x a c : ℝ) (H : HasDerivAt f a x) : HasDerivAt (fun t => f t * c) (a * c) x := H.mul_const c

theorem d_inv (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (N : f x ≠ 0) :
    HasDerivAt (fun t => 1 / f t) (-a / f x ^ 2) x := by
  have k : HasDerivAt (fun t => (f t)⁻¹) (-a / f x ^ 2) x := H.inv N
  simpa only [one_div] using k

theorem d_div (f g : ℝ → ℝ) (x a b : ℝ) (H : HasDerivAt f a x) (K : HasDerivAt g b x) (N : g x ≠ 0) :
    HasDerivAt (fun t => f t / g t) ((a * g x - f x * b) / g x ^ 2) x := H.div K N

theorem d_div_c (f : ℝ → ℝ) (x a c : ℝ) (H : HasDerivAt f a x) : HasDerivAt (fun t => f t / c) (a / c) x := H.div_const c

theorem d_c_div (g : ℝ → ℝ) (x b c : ℝ) (H : HasDerivAt g b x) (N : g x ≠ 0) :
    HasDerivAt (fun t => c / g t) (-(c * b) / g x ^ 2) x :=
  (d_div (fun _ => c) g x 0 b (d_const c x) H N).congr_deriv (by ring)

theorem d_pow (n : ℕ) (f : ℝ → ℝ) (x a : ℝ) {c : ℝ} (H : HasDerivAt f a x) (e : ((n + 1 : ℕ) : ℝ) = c := by norm_num) :
    HasDerivAt (fun t => f t ^ (n + 1)) (c * f x ^ n * a) x := by
  subst e
  exact H.pow (n + 1)

theorem d_comp (h f : ℝ → ℝ) (x a c : ℝ) (H : HasDerivAt f a x) (K : HasDerivAt h c (f x)) :
    HasDerivAt (fun t => h (f t)) (c * a) x := K.comp x H

theorem d_exp (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.exp (f t)) (Real.exp (f x) * a) x := H.exp

theorem d_ln (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (P : 0 < f x) :
    HasDerivAt (fun t => Real.log (f t)) (a / f x) x := H.log P.ne'

theorem d_sqrt (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (P : 0 < f x) :
    HasDerivAt (fun t => Real.sqrt (f t)) (a / (2 * Real.sqrt (f x))) x := H.sqrt P.ne'

theorem d_sin (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.sin (f t)) (Real.cos (f x) * a) x := H.sin

theorem d_cos (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.cos (f t)) (-Real.sin (f x) * a) x := H.cos

theorem d_tan (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (N : Real.cos (f x) ≠ 0) :
    HasDerivAt (fun t => Real.tan (f t)) ((Real.tan (f x) ^ 2 + 1) * a) x := by
  refine (d_comp Real.tan f x a _ H (Real.hasDerivAt_tan N)).congr_deriv ?_
  rw [← Real.inv_one_add_tan_sq N, one_div, inv_inv]
  ring

theorem d_asin (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (L : -1 < f x) (U : f x < 1) :
    HasDerivAt (fun t => Real.arcsin (f t)) (a / Real.sqrt (1 - f x ^ 2)) x :=
  (d_comp Real.arcsin f x a _ H (Real.hasDerivAt_arcsin L.ne' U.ne)).congr_deriv (by ring)

theorem d_acos (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (L : -1 < f x) (U : f x < 1) :
    HasDerivAt (fun t => Real.arccos (f t)) (-(a / Real.sqrt (1 - f x ^ 2))) x :=
  (d_comp Real.arccos f x a _ H (Real.hasDerivAt_arccos L.ne' U.ne)).congr_deriv (by ring)

theorem d_atan (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.arctan (f t)) (a / (1 + f x ^ 2)) x := H.arctan.congr_deriv (by ring)

theorem d_sinh (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.sinh (f t)) (Real.cosh (f x) * a) x := H.sinh

theorem d_cosh (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.cosh (f t)) (Real.sinh (f x) * a) x := H.cosh

theorem d_tanh (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.tanh (f t)) (a / Real.cosh (f x) ^ 2) x := by
  have e : (fun t => Real.tanh (f t)) = fun t => Real.sinh (f t) / Real.cosh (f t) :=
    funext fun t => Real.tanh_eq_sinh_div_cosh (f t)
  rw [e]
  refine (d_div _ _ x _ _ (d_sinh f x a H) (d_cosh f x a H) (Real.cosh_pos (f x)).ne').congr_deriv ?_
  congr 1
  linear_combination a * Real.cosh_sq (f x)

theorem d_arcsinh (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => Real.arsinh (f t)) (a / Real.sqrt (f x ^ 2 + 1)) x :=
  H.arsinh.congr_deriv (by rw [smul_eq_mul, add_comm (1 : ℝ), div_eq_inv_mul])

noncomputable def arccosh (u : ℝ) : ℝ := (Real.log (u + (Real.sqrt ((u ^ 2) - 1))))

theorem d_arccosh (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (L : 1 < f x) :
    HasDerivAt (fun t => arccosh (f t)) (a / Real.sqrt (f x ^ 2 - 1)) x := by
  have p : 0 < f x ^ 2 - 1 := by nlinarith
  have s : 0 < Real.sqrt (f x ^ 2 - 1) := Real.sqrt_pos.mpr p
  have q : 0 < f x + Real.sqrt (f x ^ 2 - 1) := by linarith
  have r : HasDerivAt (fun t => f t ^ 2 - 1) (2 * f x ^ 1 * a) x := d_sub_c _ x _ 1 (d_pow 1 f x a H)
  have k := d_ln _ x _ (d_add f _ x a _ H (d_sqrt _ x _ r p)) q
  have s' := s.ne'
  have q' := q.ne'
  refine HasDerivAt.congr_deriv k ?_
  field_simp <;> ring

noncomputable def arctanh (u : ℝ) : ℝ := ((Real.log ((1 + u) / (1 - u))) / 2)

theorem d_arctanh (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (L : -1 < f x) (U : f x < 1) :
    HasDerivAt (fun t => arctanh (f t)) (a / (1 - f x ^ 2)) x := by
  have m : 0 < 1 + f x := by linarith
  have n : 0 < 1 - f x := by linarith
  have k := d_div_c _ x _ 2 (d_ln _ x _ (d_div _ _ x _ _ (d_c_add f x a 1 H) (d_c_sub f x a 1 H) n.ne') (div_pos m n))
  have m' := m.ne'
  have n' := n.ne'
  have s : 1 - f x ^ 2 = (1 - f x) * (1 + f x) := by ring
  refine HasDerivAt.congr_deriv k ?_
  rw [s]
  field_simp <;> ring

theorem d_chosen (w u v f g : ℝ → ℝ) (x c d a b e : ℝ) (E : ∀ t, u t < v t → w t = f t) (F : ∀ t, v t < u t → w t = g t)
    (U : HasDerivAt u c x) (V : HasDerivAt v d x) (H : HasDerivAt f a x) (K : HasDerivAt g b x) (N : u x ≠ v x)
    (A : u x < v x → e = a) (B : v x < u x → e = b) : HasDerivAt w e x := by
  rcases lt_trichotomy (u x) (v x) with l | l | l
  · rw [A l]
    exact H.congr_of_eventuallyEq ((U.continuousAt.eventually_lt V.continuousAt l).mono fun t m => E t m)
  · exact absurd l N
  · rw [B l]
    exact K.congr_of_eventuallyEq ((V.continuousAt.eventually_lt U.continuousAt l).mono fun t m => F t m)

noncomputable def floor (u : ℝ) : ℝ := (Int.floor u : ℝ)

theorem d_floor (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (L : floor (f x) < f x) :
    HasDerivAt (fun t => floor (f t)) 0 x := by
  have u : f x < floor (f x) + 1 := Int.lt_floor_add_one (f x)
  have m : ∀ᶠ t in nhds x, floor (f x) < f t := continuousAt_const.eventually_lt H.continuousAt L
  have n : ∀ᶠ t in nhds x, f t < floor (f x) + 1 := H.continuousAt.eventually_lt continuousAt_const u
  refine (d_const (floor (f x)) x).congr_of_eventuallyEq ?_
  filter_upwards [m, n] with t p q
  have e : Int.floor (f t) = Int.floor (f x) := Int.floor_eq_iff.mpr ⟨p.le, q⟩
  show ((Int.floor (f t) : ℤ) : ℝ) = ((Int.floor (f x) : ℤ) : ℝ)
  rw [e]

theorem d_if_less (u v f g : ℝ → ℝ) (x c d a b : ℝ) (U : HasDerivAt u c x) (V : HasDerivAt v d x) (H : HasDerivAt f a x)
    (K : HasDerivAt g b x) (N : u x ≠ v x) :
    HasDerivAt (fun t => if u t < v t then f t else g t) (if u x < v x then a else b) x :=
  d_chosen _ u v f g x c d a b _ (fun _ l => if_pos l) (fun _ l => if_neg (not_lt.mpr l.le)) U V H K N
    (fun l => if_pos l) (fun l => if_neg (not_lt.mpr l.le))

theorem d_if_at_most (u v f g : ℝ → ℝ) (x c d a b : ℝ) (U : HasDerivAt u c x) (V : HasDerivAt v d x) (H : HasDerivAt f a x)
    (K : HasDerivAt g b x) (N : u x ≠ v x) :
    HasDerivAt (fun t => if u t ≤ v t then f t else g t) (if u x ≤ v x then a else b) x :=
  d_chosen _ u v f g x c d a b _ (fun _ l => if_pos l.le) (fun _ l => if_neg (not_le.mpr l)) U V H K N
    (fun l => if_pos l.le) (fun l => if_neg (not_le.mpr l))

theorem d_if_equal (u v f g : ℝ → ℝ) (x c d a b : ℝ) (U : HasDerivAt u c x) (V : HasDerivAt v d x) (H : HasDerivAt f a x)
    (K : HasDerivAt g b x) (N : u x ≠ v x) :
    HasDerivAt (fun t => if u t = v t then f t else g t) (if u x = v x then a else b) x :=
  d_chosen _ u v g g x c d b b _ (fun _ l => if_neg l.ne) (fun _ l => if_neg l.ne') U V K K N
    (fun l => if_neg l.ne) (fun l => if_neg l.ne')

theorem d_max (u v : ℝ → ℝ) (x a b : ℝ) (U : HasDerivAt u a x) (V : HasDerivAt v b x) (N : u x ≠ v x) :
    HasDerivAt (fun t => max (u t) (v t)) (if u x < v x then b else a) x :=
  d_chosen _ u v v u x a b b a _ (fun _ l => max_eq_right l.le) (fun _ l => max_eq_left l.le) U V V U N
    (fun l => if_pos l) (fun l => if_neg (not_lt.mpr l.le))

theorem d_min (u v : ℝ → ℝ) (x a b : ℝ) (U : HasDerivAt u a x) (V : HasDerivAt v b x) (N : u x ≠ v x) :
    HasDerivAt (fun t => min (u t) (v t)) (if u x < v x then a else b) x :=
  d_chosen _ u v u v x a b a b _ (fun _ l => min_eq_left l.le) (fun _ l => min_eq_right l.le) U V U V N
    (fun l => if_pos l) (fun l => if_neg (not_lt.mpr l.le))

theorem d_sign (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (N : f x ≠ 0) : HasDerivAt (fun t => Real.sign (f t)) 0 x :=
  d_chosen _ f (fun _ => 0) (fun _ => -1) (fun _ => 1) x a 0 0 0 0 (fun _ l => Real.sign_of_neg l)
    (fun _ l => Real.sign_of_pos l) H (d_const 0 x) (d_const (-1) x) (d_const 1 x) N (fun _ => rfl) (fun _ => rfl)

theorem sign_over (u : ℝ) (N : u ≠ 0) : Real.sign u = u / abs u := by
  rcases lt_trichotomy u 0 with l | l | l
  · rw [Real.sign_of_neg l, abs_of_neg l, div_neg, div_self N]
  · exact absurd l N
  · rw [Real.sign_of_pos l, abs_of_pos l, div_self N]

theorem d_Rabs (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) (N : f x ≠ 0) :
    HasDerivAt (fun t => abs (f t)) (f x / abs (f x) * a) x :=
  d_chosen _ f (fun _ => 0) (fun t => -f t) f x a 0 (-a) a _ (fun _ l => abs_of_neg l) (fun _ l => abs_of_pos l)
    H (d_const 0 x) (d_neg f x a H) H N (fun l => by rw [abs_of_neg l, div_neg, div_self N, neg_one_mul])
    (fun l => by rw [abs_of_pos l, div_self N, one_mul])

theorem d_rpower (f g : ℝ → ℝ) (x a b : ℝ) (H : HasDerivAt f a x) (K : HasDerivAt g b x) (P : 0 < f x) :
    HasDerivAt (fun t => f t ^ g t) (f x ^ g x * (b * Real.log (f x) + g x * (a / f x))) x := by
  refine (HasDerivAt.rpow H K P).congr_deriv ?_
  rw [Real.rpow_sub_one P.ne']
  ring

theorem d_rpower_c (f : ℝ → ℝ) (x a c : ℝ) (H : HasDerivAt f a x) (P : 0 < f x) :
    HasDerivAt (fun t => f t ^ c) (f x ^ c * (c * (a / f x))) x :=
  (d_rpower f (fun _ => c) x a 0 H (d_const c x) P).congr_deriv (by ring)

theorem d_c_rpower (g : ℝ → ℝ) (x b c : ℝ) (H : HasDerivAt g b x) (P : 0 < c) :
    HasDerivAt (fun t => c ^ g t) (c ^ g x * (b * Real.log c)) x :=
  (d_rpower (fun _ => c) g x 0 b (d_const c x) H P).congr_deriv (by ring)

noncomputable def erf (u : ℝ) : ℝ := ((2 / (Real.sqrt Real.pi)) * (∫ t in (0 : ℝ)..u, Real.exp (-(t ^ 2))))

theorem d_erf (f : ℝ → ℝ) (x a : ℝ) (H : HasDerivAt f a x) :
    HasDerivAt (fun t => erf (f t)) (2 / Real.sqrt Real.pi * Real.exp (-(f x ^ 2)) * a) x := by
  have c : Continuous (fun t : ℝ => Real.exp (-(t ^ 2))) := by fun_prop
  have k : HasDerivAt (fun s : ℝ => ∫ t in (0 : ℝ)..s, Real.exp (-(t ^ 2))) (Real.exp (-(f x ^ 2))) (f x) :=
    intervalIntegral.integral_hasDerivAt_right (c.intervalIntegrable 0 (f x)) (c.stronglyMeasurableAtFilter _ _)
      c.continuousAt
  exact d_comp erf f x a _ H (k.const_mul (2 / Real.sqrt Real.pi))
"""
