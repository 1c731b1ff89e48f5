(** Exercise 3: a condition number of 10^4, and what storing the matrix does to it. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core.
From halfulp Require Import Formats.
Open Scope R_scope.

(** ** kappa_2 of [[1, b], [b, 1]]: the largest factor by which it stretches a vector, through the least. *)
Definition square x y := x * x + y * y.
Definition stretched b x y := square (x + b * y) (b * x + y).
Definition largest_stretch b k := (forall x y, stretched b x y <= k ^ 2 * square x y) /\
  exists x y, square x y <> 0 /\ stretched b x y = k ^ 2 * square x y.
Definition least_stretch b k := (forall x y, k ^ 2 * square x y <= stretched b x y) /\
  exists x y, square x y <> 0 /\ stretched b x y = k ^ 2 * square x y.

Theorem stretches : forall b, 0 <= b < 1 -> largest_stretch b (1 + b) /\ least_stretch b (1 - b).
Proof.
intros b range. unfold largest_stretch, least_stretch, stretched, square. split; split.
- intros x y. assert (H : 0 <= (x - y) ^ 2) by apply pow2_ge_0. nra.
- exists 1, 1. split; [lra | ring].
- intros x y. assert (H : 0 <= (x + y) ^ 2) by apply pow2_ge_0. nra.
- exists 1, (-1). split; [lra | ring].
Qed.

Theorem kappa_is_10000 : let b := 9999 / 10001 in
  largest_stretch b (1 + b) /\ least_stretch b (1 - b) /\ (1 + b) / (1 - b) = 10000.
Proof. intro b. split; [| split]; [apply stretches; unfold b; lra.. | unfold b; field]. Qed.

(** ** Stored, it is [[1, 1], [1, 1]] exactly when b lies within a quarter unit of 1. *)
Theorem stored_as_one : forall emin prec, (1 < prec)%Z -> (emin < - prec)%Z -> forall b, b <= 1 ->
  (RN (FLT_exp emin prec) b = 1 <-> 1 - bpow radix2 (- prec - 1) <= b).
Proof.
intros emin prec two_digits normal b below. assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
assert (member : 1 is_in FLT_exp emin prec) by (apply (integer_is_in emin prec 1); [apply (Zpower_gt_1 radix2) |]; lia).
assert (gap : bpow radix2 (- prec) = 2 * bpow radix2 (- prec - 1)).
{ replace (- prec)%Z with (1 + (- prec - 1))%Z at 1 by ring. now rewrite bpow_plus. }
assert (small : bpow radix2 (- prec - 1) <= / 8) by (change (/ 8) with (bpow radix2 (-3)); apply bpow_le; lia).
assert (positive := bpow_gt_0 radix2 (- prec - 1)).
split; intro H.
- apply Rnot_lt_le. intro far. assert (previous : pred radix2 (FLT_exp emin prec) 1 = 1 - bpow radix2 (- prec)).
  { change 1 with (bpow radix2 0) at 1. rewrite pred_bpow. unfold FLT_exp.
    replace (Z.max (0 - prec) emin) with (- prec)%Z by lia. reflexivity. }
  assert (RN (FLT_exp emin prec) b <= pred radix2 (FLT_exp emin prec) 1); [| lra].
  apply round_N_le_midp; [typeclasses eauto | apply generic_format_pred; [typeclasses eauto | exact member] |].
  rewrite succ_pred by (try typeclasses eauto; exact member). lra.
- assert (tie : RN (FLT_exp emin prec) (1 - bpow radix2 (- prec - 1)) = 1).
  { assert (exponent : FLT_exp emin prec 0 = (- prec)%Z) by (unfold FLT_exp; lia).
    rewrite (RN_tie _ _ _ 0 (2 ^ prec - 1)); rewrite ?exponent.
    - rewrite odd_below_power by lia. replace (2 ^ prec - 1 + 1)%Z with (radix2 ^ prec)%Z by (simpl; ring).
      rewrite IZR_Zpower, <- bpow_plus by lia. now replace (prec + - prec)%Z with 0%Z by ring.
    - rewrite Rabs_pos_eq by lra. simpl. lra.
    - rewrite Z.opp_involutive, minus_IZR. change (2 ^ prec)%Z with (radix2 ^ prec)%Z. rewrite IZR_Zpower by lia.
      rewrite Rmult_minus_distr_r, <- bpow_plus. replace (- prec - 1 + prec)%Z with (-1)%Z by ring.
      change (bpow radix2 (-1)) with (/ 2). lra. }
  apply Rle_antisym.
  + rewrite <- (round_generic radix2 (FLT_exp emin prec) ZnearestE 1) by exact member. apply round_le; try typeclasses eauto. lra.
  + rewrite <- tie at 1. apply round_le; try typeclasses eauto. lra.
Qed.

Corollary stored_as_one_fp16 : forall b, b <= 1 -> (RN fp16 b = 1 <-> 4095 / 4096 <= b).
Proof.
intros b below. replace (4095 / 4096) with (1 - bpow radix2 (-11 - 1)) by (simpl; lra).
apply (stored_as_one (-24) 11); [reflexivity.. | exact below].
Qed.
Corollary stored_as_one_bf16 : forall b, b <= 1 -> (RN bf16 b = 1 <-> 511 / 512 <= b).
Proof.
intros b below. replace (511 / 512) with (1 - bpow radix2 (-8 - 1)) by (simpl; lra).
apply (stored_as_one (-133) 8); [reflexivity.. | exact below].
Qed.
Corollary stored_as_one_fp32 : forall b, b <= 1 -> (RN fp32 b = 1 <-> 33554431 / 33554432 <= b).
Proof.
intros b below. replace (33554431 / 33554432) with (1 - bpow radix2 (-24 - 1)) by (simpl; lra).
apply (stored_as_one (-149) 24); [reflexivity.. | exact below].
Qed.

(** So the matrix of condition 10^4 is singular in fp16 and bf16, and none below 8191, or 1023, of its kind is. *)
Theorem stored_singular : let b := 9999 / 10001 in RN fp16 b = 1 /\ RN bf16 b = 1 /\ RN fp32 b <> 1.
Proof.
intro b. assert (below : b <= 1) by (unfold b; lra). split; [| split].
- apply stored_as_one_fp16; [exact below | unfold b; lra].
- apply stored_as_one_bf16; [exact below | unfold b; lra].
- intro one. apply stored_as_one_fp32 in one; [revert one; unfold b; lra | exact below].
Qed.
Theorem kappa_of_stored_singular : let kappa b := (1 + b) / (1 - b) in
  (forall b, b < 1 -> (RN fp16 b = 1 <-> 8191 <= kappa b)) /\ (forall b, b < 1 -> (RN bf16 b = 1 <-> 1023 <= kappa b)).
Proof.
intro kappa.
assert (shape : forall b k, b < 1 -> 0 < k -> ((k - 1) / (k + 1) <= b <-> k <= kappa b)).
{ intros b k below positive. unfold kappa. split; intro H.
  - apply (Rmult_le_reg_r (1 - b)); [lra |]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply (Rmult_le_compat_r (k + 1)) in H; [| lra]. unfold Rdiv in H. rewrite Rmult_assoc, Rinv_l in H by lra. lra.
  - apply (Rmult_le_reg_r (k + 1)); [lra |]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply (Rmult_le_compat_r (1 - b)) in H; [| lra]. unfold Rdiv in H. rewrite (Rmult_assoc (1 + b)), Rinv_l in H by lra. lra. }
split; intros b below; (rewrite <- shape; [| exact below | lra]).
- replace ((8191 - 1) / (8191 + 1)) with (4095 / 4096) by field. apply stored_as_one_fp16. lra.
- replace ((1023 - 1) / (1023 + 1)) with (511 / 512) by field. apply stored_as_one_bf16. lra.
Qed.

(** With other diagonals less is enough: a matrix of condition 2731 is singular in fp16. *)
Theorem singular_at_2731 : let a := 2049 / 2048 in let b := 4095 / 4096 in
  (a + b) / (a - b) = 2731 /\ RN fp16 a = 1 /\ RN fp16 b = 1.
Proof. intros a b. unfold a, b. split; [field | split]; [tie 1%Z 1024%Z | tie 0%Z 2047%Z]. Qed.

(** Ties too, at a condition of 2052, near the limit of what can become singular. *)
Theorem singular_at_2052 : let a := 2053 / 2048 in let b := 2051 / 2048 in
  (a + b) / (a - b) = 2052 /\ RN fp16 a = 513 / 512 /\ RN fp16 b = 513 / 512.
Proof. intros a b. unfold a, b. split; [field | split]; [tie 1%Z 1026%Z | tie 1%Z 1025%Z]. Qed.

(** [[50, 51], [51, 52]] is stored exactly in fp16 and bf16. A singular matrix and one of the opposite determinant become it. *)
Theorem stored_50_51_52 : (50 is_in fp16 /\ 51 is_in fp16 /\ 52 is_in fp16) /\ (50 is_in bf16 /\ 51 is_in bf16 /\ 52 is_in bf16).
Proof. repeat split; (apply (integer_is_in (-24) 11) || apply (integer_is_in (-133) 8)); reflexivity || discriminate. Qed.
Definition become_50_51_52 a b d := RN fp16 a = 50 /\ RN fp16 b = 51 /\ RN fp16 d = 52.
Ltac all_nearest := split; [| split]; [nearest 6%Z 1600%Z | nearest 6%Z 1632%Z | nearest 6%Z 1664%Z].
Theorem stored_from_singular : let a := 10201 / 204 in let b := 10403 / 204 in let d := 10609 / 204 in
  a * d - b * b = 0 /\ become_50_51_52 a b d.
Proof. intros a b d. unfold a, b, d. split; [field | all_nearest]. Qed.
Theorem stored_from_opposite : let a := 5101 / 102 in let b := 5201 / 102 in let d := 5305 / 102 in
  a * d - b * b = 1 /\ become_50_51_52 a b d.
Proof. intros a b d. unfold a, b, d. split; [field | all_nearest]. Qed.

(** ** The bound, and its hypothesis. A x = r and (A + dA) y = r, in any norm, where storing or solving costs dA. *)
Section Forward_bound.
Variable vector : Type.
Variables (minus : vector -> vector -> vector) (A inverse dA : vector -> vector) (norm : vector -> R).
Variables norm_A norm_inverse epsilon : R.
Hypothesis triangle : forall x y, norm y <= norm x + norm (minus y x).
Hypothesis inverts : forall v, inverse (A v) = v.
Hypothesis inverse_bound : forall v, norm (inverse v) <= norm_inverse * norm v.
Hypothesis perturbation : forall v, norm (dA v) <= epsilon * norm_A * norm v.
Hypothesis not_negative : 0 <= norm_inverse /\ 0 <= norm_A /\ 0 <= epsilon.
Let kappa := norm_A * norm_inverse.
Hypothesis small : kappa * epsilon < 1.

(** A (y - x) = - dA y has the norm of dA y. *)
Theorem forward_bound : forall x y, norm (A (minus y x)) = norm (dA y) ->
  norm (minus y x) <= kappa * epsilon / (1 - kappa * epsilon) * norm x.
Proof.
intros x y residual. set (d := norm (minus y x)).
assert (d <= norm_inverse * norm (dA y)).
{ unfold d. rewrite <- (inverts (minus y x)) at 1. rewrite <- residual. apply inverse_bound. }
assert (norm_inverse * norm (dA y) <= norm_inverse * (epsilon * norm_A * norm y))
  by (apply Rmult_le_compat_l; [apply not_negative | apply perturbation]).
assert (bound : d <= kappa * epsilon * (norm x + d)).
{ apply Rle_trans with (kappa * epsilon * norm y); [unfold kappa; lra |].
  apply Rmult_le_compat_l; [| apply triangle]. unfold kappa. destruct not_negative as (? & ? & ?).
  now repeat apply Rmult_le_pos. }
apply (Rmult_le_reg_r (1 - kappa * epsilon)); [lra |].
replace (kappa * epsilon / (1 - kappa * epsilon) * norm x * (1 - kappa * epsilon)) with (kappa * epsilon * norm x) by (field; lra).
lra.
Qed.

(** In particular the stored matrix, A + dA, is regular: what it sends to 0 is 0. *)
Theorem stored_regular : forall y, norm (A y) = norm (dA y) -> norm y <= 0.
Proof.
intros y kernel.
assert (norm y <= norm_inverse * norm (dA y)) by (rewrite <- (inverts y) at 1; rewrite <- kernel; apply inverse_bound).
assert (norm_inverse * norm (dA y) <= norm_inverse * (epsilon * norm_A * norm y))
  by (apply Rmult_le_compat_l; [apply not_negative | apply perturbation]).
apply Rnot_lt_le. intro positive.
assert (kappa * epsilon * norm y < 1 * norm y) by (apply Rmult_lt_compat_r; assumption). unfold kappa in *. lra.
Qed.
End Forward_bound.

(** The hypothesis kappa u < 1 fails in fp16 and bf16, and holds in fp32. *)
Theorem kappa_times_u : 10000 * bpow radix2 (-11) = 625 / 128 /\ 10000 * bpow radix2 (-8) = 625 / 16 /\
  10000 * bpow radix2 (-24) = 625 / 1048576.
Proof. simpl. lra. Qed.
