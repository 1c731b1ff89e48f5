(** Rounding twice: through fp32 to nearest, through fp32 to odd, and where the detour goes wrong. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Operations Double_rounding Round_odd.
From halfulp Require Import Formats LossScaling.
Open Scope R_scope.

(** The detour changes nothing for z. *)
Notation harmless f g z := (RN f (RN g z) = RN f z).

Lemma member : forall emin prec {P : Prec_gt_0 prec} x, x is_in FLT_exp emin prec -> FLT_format radix2 emin prec x.
Proof. intros. now apply FLT_format_generic. Qed.

(** ** fp16 through fp32: 24 digits are at least 2 * 11 + 2, so every operation may (Figueroa 1995, Roux 2014). *)
Theorem fp16_sum_through_fp32 : forall x y, x is_in fp16 -> y is_in fp16 -> harmless fp16 fp32 (x + y).
Proof. intros. apply round_round_plus_FLT; try reflexivity; try lia; now apply member. Qed.
Theorem fp16_difference_through_fp32 : forall x y, x is_in fp16 -> y is_in fp16 -> harmless fp16 fp32 (x - y).
Proof. intros. apply round_round_minus_FLT; try reflexivity; try lia; now apply member. Qed.
Theorem fp16_product_through_fp32 : forall x y, x is_in fp16 -> y is_in fp16 -> harmless fp16 fp32 (x * y).
Proof. intros. apply round_round_mult_FLT; try typeclasses eauto; try reflexivity; try lia; now apply member. Qed.
Theorem fp16_quotient_through_fp32 : forall x y, x is_in fp16 -> y is_in fp16 -> y <> 0 -> harmless fp16 fp32 (x / y).
Proof. intros. apply round_round_div_FLT; try reflexivity; try lia; try (now apply member); [now exists 1%Z | assumption]. Qed.
Theorem fp16_root_through_fp32 : forall x, x is_in fp16 -> harmless fp16 fp32 (sqrt x).
Proof. intros. apply round_round_sqrt_FLT; try reflexivity; try lia; now apply member. Qed.

(** ** bf16 through fp32. *)
Theorem bf16_sum_through_fp32 : forall x y, x is_in bf16 -> y is_in bf16 -> harmless bf16 fp32 (x + y).
Proof. intros. apply round_round_plus_FLT; try reflexivity; try lia; now apply member. Qed.
Theorem bf16_difference_through_fp32 : forall x y, x is_in bf16 -> y is_in bf16 -> harmless bf16 fp32 (x - y).
Proof. intros. apply round_round_minus_FLT; try reflexivity; try lia; now apply member. Qed.
Theorem bf16_quotient_through_fp32 : forall x y, x is_in bf16 -> y is_in bf16 -> y <> 0 -> harmless bf16 fp32 (x / y).
Proof. intros. apply round_round_div_FLT; try reflexivity; try lia; try (now apply member); [now exists 1%Z | assumption]. Qed.
Theorem bf16_root_through_fp32 : forall x, x is_in bf16 -> harmless bf16 fp32 (sqrt x).
Proof. intros. apply round_round_sqrt_FLT; try reflexivity; try lia; now apply member. Qed.

(** A product of bf16 may be too small for fp32, which the general theorem does not allow. It is harmless all the same:
    255 * 255 < 2^16, so a product that is inexact in fp32 is below half of bf16's least number, before and after. *)
Theorem bf16_product_through_fp32 : forall x y, x is_in bf16 -> y is_in bf16 -> harmless bf16 fp32 (x * y).
Proof.
intros x y Fx Fy.
destruct (member _ _ _ Fx) as [[mx ex] x_value x_size _], (member _ _ _ Fy) as [[my ey] y_value y_size _]. simpl in *.
assert (product : x * y = F2R (Float radix2 (mx * my) (ex + ey))) by (rewrite x_value, y_value; now rewrite <- F2R_mult).
assert (size : (Z.abs (mx * my) <= 65025)%Z)
  by (rewrite Z.abs_mul; apply (Z.mul_le_mono_nonneg _ 255 _ 255); lia).
destruct (Z_le_gt_dec (-149) (ex + ey)) as [fits | inexact].
- rewrite (round_generic radix2 fp32 ZnearestE (x * y)); [reflexivity |].
  rewrite product. apply (is_in_intro (-149) 24); [apply Z.le_lt_trans with (1 := size); reflexivity | exact fits].
- assert (small : Rabs (x * y) <= 65025 * bpow radix2 (-150)).
  { rewrite product, <- F2R_Zabs. unfold F2R; simpl Fnum; simpl Fexp.
    apply Rmult_le_compat; [apply IZR_le; lia | apply bpow_ge_0 | now apply IZR_le | apply bpow_le; lia]. }
  rewrite (proj2 (flush_bf16 (x * y))) by (apply Rle_trans with (1 := small); simpl; lra).
  apply flush_bf16. apply Rle_trans with (32513 * bpow radix2 (-149)); [| simpl; lra].
  apply abs_round_le_generic; try typeclasses eauto; [now apply (is_in_intro (-149) 24) |].
  apply Rle_trans with (1 := small). simpl. lra.
Qed.

(** ** To odd first, with two digits more, is harmless for every real number, and so for every operation, whichever way ties
    go (Boldo, Melquiond 2008): `up` is given the lower neighbour's integer, in units in the last place. *)
Theorem to_odd_then_nearest : forall emin prec fine_emin fine_prec, (1 < prec)%Z -> (prec + 2 <= fine_prec)%Z ->
  (fine_emin + 2 <= emin)%Z -> forall up x, let coarse := round radix2 (FLT_exp emin prec) (Znearest up) in
  coarse (round radix2 (FLT_exp fine_emin fine_prec) Zrnd_odd x) = coarse x.
Proof.
intros emin prec fine_emin fine_prec two_digits more_digits lower up x coarse.
assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia). assert (P' : Prec_gt_0 fine_prec) by (unfold Prec_gt_0; lia).
assert (even : Exists_NE radix2 (FLT_exp emin prec)) by (right; unfold FLT_exp; intros; lia).
assert (fine_even : Exists_NE radix2 (FLT_exp fine_emin fine_prec)) by (right; unfold FLT_exp; intros; lia).
apply round_N_odd; try typeclasses eauto; try reflexivity. intro e. unfold FLT_exp. lia.
Qed.
Corollary to_odd_in_fp32 : forall up x,
  round radix2 fp16 (Znearest up) (round radix2 fp32 Zrnd_odd x) = round radix2 fp16 (Znearest up) x /\
  round radix2 bf16 (Znearest up) (round radix2 fp32 Zrnd_odd x) = round radix2 bf16 (Znearest up) x.
Proof. intros up x. split; apply to_odd_then_nearest; reflexivity || discriminate. Qed.

(** ** A fused multiply-add is not harmless: fp16 through fp32, and bf16 even through fp64. *)
Theorem fp16_fma_through_fp32_fails : let a := 1 + bpow radix2 (-10) in let b := 1 - bpow radix2 (-10) in let c := 2050 in
  (a is_in fp16 /\ b is_in fp16 /\ c is_in fp16) /\ RN fp16 (a * b + c) = 2050 /\ RN fp16 (RN fp32 (a * b + c)) = 2052.
Proof.
intros a b c. unfold a, b, c. split; [split; [| split] | split].
- exact_at 1025%Z (-10)%Z.
- exact_at 1023%Z (-10)%Z.
- exact_at 1025%Z 1%Z.
- nearest 12%Z 1025%Z.
- replace (RN fp32 _) with 2051 by (symmetry; nearest 12%Z 8400896%Z). tie 12%Z 1025%Z.
Qed.
Theorem bf16_fma_through_fp64_fails : let a := 7 in let b := 37 in let c := - bpow radix2 (-60) in
  (a is_in bf16 /\ b is_in bf16 /\ c is_in bf16) /\ RN bf16 (a * b + c) = 258 /\
  RN bf16 (RN fp32 (a * b + c)) = 260 /\ RN bf16 (RN fp64 (a * b + c)) = 260.
Proof.
intros a b c. unfold a, b, c. split; [split; [| split] | split; [| split]].
- exact_at 7%Z 0%Z.
- exact_at 37%Z 0%Z.
- exact_at (-1)%Z (-60)%Z.
- nearest 9%Z 129%Z.
- replace (RN fp32 _) with 259 by (symmetry; nearest 9%Z 8486912%Z). tie 9%Z 129%Z.
- replace (RN fp64 _) with 259 by (symmetry; nearest 9%Z (4556376185503744)%Z). tie 9%Z 129%Z.
Qed.
