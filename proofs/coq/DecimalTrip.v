(** Exercise 1: which decimals come back (Matula 1968). *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Relative.
From halfulp Require Import Formats.
Open Scope R_scope.

Definition radix10 : radix := Build_radix 10 eq_refl.
Notation decimals d := (FLX_exp d).

(** If 10^d < 2^(prec-1), each decimal of d digits that is a normal number is the nearest decimal of d digits to what it becomes,
    whatever happens to ties. *)
Theorem decimals_come_back : forall emin prec d choice, (0 < d)%Z -> (1 < prec)%Z -> (10 ^ d < 2 ^ (prec - 1))%Z ->
  forall x, generic_format radix10 (decimals d) x -> bpow radix2 (emin + prec - 1) <= x ->
  round radix10 (decimals d) (Znearest choice) (RN (FLT_exp emin prec) x) = x.
Proof.
intros emin prec d choice some two_digits enough x decimal normal.
assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia). assert (D : Prec_gt_0 d) by exact some.
assert (positive : 0 < x) by (apply Rlt_le_trans with (2 := normal); apply bpow_gt_0).
set (y := RN (FLT_exp emin prec) x).
(* The error is at most 2^-prec x, less than half of 10^-d x. *)
assert (error : Rabs (y - x) <= bpow radix2 (- prec) * x).
{ assert (sharp := relative_error_N_FLT radix2 emin prec P (fun z => negb (Z.even z)) x).
  rewrite Rabs_pos_eq in sharp by lra. specialize (sharp normal). fold y in sharp.
  replace (/ 2 * bpow radix2 (- prec + 1) * x) with (bpow radix2 (- prec) * x) in sharp; [exact sharp |].
  rewrite bpow_plus. change (bpow radix2 1) with 2. field. }
assert (tenth : bpow radix2 (- prec) < / 2 * bpow radix10 (- d)).
{ rewrite 2!bpow_opp. rewrite <- Rinv_mult. apply Rinv_lt_contravar.
  - apply Rmult_lt_0_compat; [| apply bpow_gt_0]. assert (H := bpow_gt_0 radix10 d). lra.
  - replace (bpow radix2 prec) with (2 * bpow radix2 (prec - 1)).
    + apply Rmult_lt_compat_l; [lra |]. rewrite <- 2!IZR_Zpower by lia. now apply IZR_lt.
    + replace prec with (1 + (prec - 1))%Z at 2 by ring. now rewrite bpow_plus. }
assert (low := bpow_mag_le radix10 x ltac:(lra)). assert (high := bpow_mag_gt radix10 x).
rewrite Rabs_pos_eq in low, high by lra.
apply Rabs_le_inv in error.
assert (ulp : ulp radix10 (decimals d) x = bpow radix10 (mag radix10 x) * bpow radix10 (- d)).
{ rewrite ulp_neq_0 by lra. unfold cexp, FLX_exp. rewrite <- bpow_plus. f_equal. }
assert (half : bpow radix2 (- prec) * x < / 2 * (bpow radix10 (mag radix10 x) * bpow radix10 (- d))).
{ assert (H := bpow_gt_0 radix2 (- prec)). nra. }
apply Rle_antisym.
- apply round_N_le_midp; [typeclasses eauto | exact decimal |]. rewrite succ_eq_pos by lra. rewrite ulp. lra.
- apply round_N_ge_midp; [typeclasses eauto | exact decimal |].
  rewrite pred_eq_pos by lra. unfold pred_pos.
  case Req_bool_spec; intro power.
  + (* Below a power of ten decimals are ten times as close, and x is as small as its decade allows. *)
    replace (decimals d (mag radix10 x - 1)) with (mag radix10 x - 1 + - d)%Z by (unfold FLX_exp; ring). rewrite bpow_plus.
    assert (H := bpow_gt_0 radix10 (- d)). assert (K := bpow_gt_0 radix10 (mag radix10 x - 1)).
    rewrite power at 1 2. rewrite power in error at 1 2.
    nra.
  + rewrite ulp. lra.
Qed.

(** 3 digits of fp16 and 2 of bf16. The first integer that does not come back has more. *)
Definition come_back f d least := forall choice x, generic_format radix10 (decimals d) x -> bpow radix2 least <= x ->
  round radix10 (decimals d) (Znearest choice) (RN f x) = x.
Theorem decimals_of_formats : come_back fp16 3 (-14) /\ come_back bf16 2 (-126).
Proof. split; intros choice x; [apply (decimals_come_back (-24) 11 3) | apply (decimals_come_back (-133) 8 2)]; reflexivity. Qed.
Theorem first_lost : RN fp16 2049 = 2048 /\ RN bf16 257 = 256.
Proof. split; [tie 12%Z 1024%Z | tie 9%Z 128%Z]. Qed.
