(** Quotients and roots of short numbers, rounded to nearest in a wide format: they are no number z of few digits unless exactly so. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core.
From halfulp Require Import Formats.
Open Scope R_scope.

(** A number of p digits, if not 0, is an integer of exactly p digits times a power of two. *)
Lemma in_digits : forall prec {P : Prec_gt_0 prec} x, x is_in FLX_exp prec -> x <> 0 ->
  exists m e, x = IZR m * bpow radix2 e /\ bpow radix2 (prec - 1) <= Rabs (IZR m) <= bpow radix2 prec - 1.
Proof.
intros prec P x member not_zero. destruct (FLXN_format_generic radix2 prec x member) as [[m e] value digits].
exists m, e. split; [exact value |]. destruct (digits not_zero) as [low high]. simpl in low, high.
rewrite <- abs_IZR, <- (IZR_Zpower radix2 (prec - 1)), <- (IZR_Zpower radix2 prec) by (unfold Prec_gt_0 in P; lia).
change 1 with (IZR 1). rewrite <- minus_IZR. split; apply IZR_le; simpl; [| ]; lia.
Qed.

(** An integer times 2^e that is smaller than 2^e is 0. *)
Lemma smaller_than_unit : forall k e, Rabs (IZR k * bpow radix2 e) < bpow radix2 e -> IZR k * bpow radix2 e = 0.
Proof.
intros k e small. assert (positive := bpow_gt_0 radix2 e). rewrite Rabs_mult, (Rabs_pos_eq (bpow _ _)), <- abs_IZR in small by lra.
assert (IZR (Z.abs k) < 1) by (apply (Rmult_lt_reg_r (bpow radix2 e)); lra). apply lt_IZR in H. replace k with 0%Z by lia. ring.
Qed.

(** A number of p digits that is nearer to m 2^e than 2^e is m 2^e, if that is far larger. *)
Lemma too_near : forall p {P : Prec_gt_0 p} a m e, a is_in FLX_exp p -> bpow radix2 p <= Rabs (IZR m) ->
  Rabs (a - IZR m * bpow radix2 e) < bpow radix2 e -> a = IZR m * bpow radix2 e.
Proof.
intros p P a m e member large near. assert (positive := bpow_gt_0 radix2 e). assert (one := bpow_ge_0 radix2 p).
assert (1 <= bpow radix2 (p - 1)) by (change 1 with (bpow radix2 0); apply bpow_le; unfold Prec_gt_0 in P; lia).
assert (twice : bpow radix2 p = 2 * bpow radix2 (p - 1)) by (rewrite <- (bpow_plus radix2 1); f_equal; ring).
assert (big : 2 * bpow radix2 (p - 1) * bpow radix2 e <= Rabs (IZR m * bpow radix2 e)).
{ rewrite Rabs_mult, (Rabs_pos_eq (bpow radix2 e)), <- twice by lra. apply Rmult_le_compat_r; lra. }
destruct (Req_dec a 0) as [-> | not_zero].
{ rewrite Rminus_0_l, Rabs_Ropp in near. nra. }
destruct (in_digits p a member not_zero) as (k & f & value & low & high).
destruct (Z_le_gt_dec e f) as [multiple | finer].
- rewrite value in near |- *. replace (bpow radix2 f) with (IZR (2 ^ (f - e)) * bpow radix2 e) in near |- *.
  2: { change 2%Z with (radix2 : Z). rewrite IZR_Zpower, <- bpow_plus by lia. f_equal. ring. }
  replace (IZR k * (IZR (2 ^ (f - e)) * bpow radix2 e) - IZR m * bpow radix2 e)
    with (IZR (k * 2 ^ (f - e) - m) * bpow radix2 e) in near by (rewrite minus_IZR, mult_IZR; ring).
  apply smaller_than_unit in near. rewrite minus_IZR, mult_IZR in near. lra.
- exfalso. assert (small : Rabs a <= bpow radix2 (p - 1) * bpow radix2 e).
  { rewrite value, Rabs_mult, (Rabs_pos_eq (bpow radix2 f)) by apply bpow_ge_0.
    apply Rle_trans with (bpow radix2 p * bpow radix2 (e - 1)).
    - apply Rmult_le_compat; [apply Rabs_pos | apply bpow_ge_0 | lra | apply bpow_le; lia].
    - rewrite <- !bpow_plus. apply bpow_le. lia. }
  assert (H1 := Rabs_triang_inv (IZR m * bpow radix2 e) a). rewrite Rabs_minus_sym in near. nra.
Qed.

(** ** a and b have p digits, and z has q. *)
Section Short.
Variables p q : Z.
Context {P : Prec_gt_0 p} {Q : Prec_gt_0 q}.

Lemma near_quotient : (1 < q)%Z -> forall a b m e, a is_in FLX_exp p -> b is_in FLX_exp p -> b <> 0 ->
  bpow radix2 (q - 1) <= Rabs (IZR m) -> let z := IZR m * bpow radix2 e in
  Rabs (a / b - z) <= bpow radix2 (e - p) -> a / b = z.
Proof.
intros two_digits a b m e Fa Fb not_zero low z near.
destruct (in_digits p b Fb not_zero) as (k & f & value & b_low & b_high).
assert (product : z * b = IZR (m * k) * bpow radix2 (e + f)) by (unfold z; rewrite value, mult_IZR, bpow_plus; ring).
assert (a = z * b); [| subst a; field; exact not_zero].
rewrite product. apply (too_near p); [exact Fa | |].
- rewrite mult_IZR, Rabs_mult. apply Rle_trans with (bpow radix2 (q - 1) * bpow radix2 (p - 1)).
  + rewrite <- bpow_plus. apply bpow_le. lia.
  + apply Rmult_le_compat; try apply bpow_ge_0; assumption.
- rewrite <- product. replace (a - z * b) with ((a / b - z) * b) by (field; exact not_zero).
  assert (b_below : Rabs b < bpow radix2 p * bpow radix2 f).
  { rewrite value, Rabs_mult, (Rabs_pos_eq (bpow radix2 f)) by apply bpow_ge_0.
    apply Rmult_lt_compat_r; [apply bpow_gt_0 | lra]. }
  rewrite Rabs_mult. replace (bpow radix2 (e + f)) with (bpow radix2 (e - p) * (bpow radix2 p * bpow radix2 f))
    by (rewrite <- !bpow_plus; f_equal; ring).
  apply Rle_lt_trans with (bpow radix2 (e - p) * Rabs b).
  + apply Rmult_le_compat_r; [apply Rabs_pos | exact near].
  + apply Rmult_lt_compat_l; [apply bpow_gt_0 | exact b_below].
Qed.

Lemma near_root : (p <= 2 * q - 2)%Z -> forall a m e, a is_in FLX_exp p -> 0 <= a ->
  bpow radix2 (q - 1) <= IZR m <= bpow radix2 q - 1 -> let z := IZR m * bpow radix2 e in
  Rabs (sqrt a - z) <= bpow radix2 (e - q - 1) -> sqrt a = z.
Proof.
intros few a m e Fa positive [low high] z near. assert (unit := bpow_gt_0 radix2 e).
assert (z_low : 0 < z) by (apply Rmult_lt_0_compat; [apply Rlt_le_trans with (2 := low), bpow_gt_0 | exact unit]).
assert (square : a = sqrt a * sqrt a) by (symmetry; now apply sqrt_sqrt).
assert (z_square : z * z = IZR (m * m) * bpow radix2 (e + e)) by (unfold z; rewrite mult_IZR, bpow_plus; ring).
assert (a = z * z); [| rewrite H; apply sqrt_square; lra].
rewrite z_square. apply (too_near p); [exact Fa | |].
- rewrite mult_IZR, Rabs_mult, Rabs_pos_eq by (apply Rle_trans with (2 := low), bpow_ge_0).
  apply Rle_trans with (bpow radix2 (q - 1) * bpow radix2 (q - 1)).
  + rewrite <- bpow_plus. apply bpow_le. lia.
  + apply Rmult_le_compat; try apply bpow_ge_0; assumption.
- rewrite <- z_square. replace (a - z * z) with ((sqrt a - z) * (sqrt a + z)) by (rewrite square at 3; ring).
  assert (root := sqrt_pos a). rewrite Rabs_mult, (Rabs_pos_eq (sqrt a + z)) by lra.
  set (d := bpow radix2 (e - q - 1)) in *. assert (d_positive : 0 < d) by apply bpow_gt_0.
  assert (steps : bpow radix2 e = bpow radix2 q * (2 * d)).
  { unfold d. change 2 with (bpow radix2 1). rewrite <- !bpow_plus. f_equal. ring. }
  assert (one : 1 <= bpow radix2 q) by (change 1 with (bpow radix2 0); apply bpow_le; unfold Prec_gt_0 in Q; lia).
  assert (sum : sqrt a + z < 2 * bpow radix2 q * bpow radix2 e).
  { apply Rle_lt_trans with (2 * z + d); [apply Rabs_le_inv in near; lra |].
    apply Rle_lt_trans with (2 * ((bpow radix2 q - 1) * bpow radix2 e) + d).
    - apply Rplus_le_compat_r, Rmult_le_compat_l; [lra |]. apply Rmult_le_compat_r; lra.
    - nra. }
  assert (unit_square : bpow radix2 (e + e) = d * (2 * bpow radix2 q * bpow radix2 e)) by (rewrite bpow_plus, steps at 1; ring).
  rewrite unit_square.
  apply Rle_lt_trans with (d * (sqrt a + z)).
  + apply Rmult_le_compat_r; [lra | exact near].
  + now apply Rmult_lt_compat_l.
Qed.

(** Rounded to nearest in a format of more digits, q and p of them for a quotient, 2q for a root, they are no such z. *)
Variables emin prec least : Z.
Context {W : Prec_gt_0 prec}.

Lemma error_in_units : forall x z m e k, RN (FLT_exp emin prec) x = z -> z = IZR m * bpow radix2 e ->
  bpow radix2 (q - 1) <= Rabs (IZR m) <= bpow radix2 q - 1 -> bpow radix2 least <= Rabs z ->
  (q - prec - 1 <= - k)%Z -> (emin + q + k <= least + 2)%Z -> Rabs (x - z) <= bpow radix2 (e - k).
Proof.
intros x z m e k rounded value [low high] large digits range.
assert (unit := bpow_gt_0 radix2 e).
assert (magnitude : mag radix2 z = (e + q)%Z :> Z).
{ apply mag_unique. rewrite value, Rabs_mult, (Rabs_pos_eq (bpow radix2 e)) by lra.
  replace (e + q - 1)%Z with (q - 1 + e)%Z by ring. replace (e + q)%Z with (q + e)%Z by ring. rewrite !bpow_plus.
  split; [apply Rmult_le_compat_r; lra | apply Rmult_lt_compat_r; lra]. }
assert (z_not_zero : z <> 0) by (intro zero; rewrite zero, Rabs_R0 in large; assert (H := bpow_gt_0 radix2 least); lra).
assert (least < mag radix2 z)%Z by (apply mag_gt_bpow, large).
rewrite Rabs_minus_sym. rewrite <- rounded at 1.
apply Rle_trans with (1 := error_le_half_ulp_round radix2 (FLT_exp emin prec) _ x).
rewrite rounded, ulp_neq_0 by exact z_not_zero. change (/ 2) with (bpow radix2 (-1)). rewrite <- bpow_plus.
apply bpow_le. unfold cexp, FLT_exp. lia.
Qed.

Theorem short_quotient : (1 < q)%Z -> (p + q <= prec + 1)%Z -> (emin + p + q <= least + 2)%Z ->
  forall a b z, a is_in FLX_exp p -> b is_in FLX_exp p -> b <> 0 -> z is_in FLX_exp q -> bpow radix2 least <= Rabs z ->
  RN (FLT_exp emin prec) (a / b) = z -> a / b = z.
Proof.
intros two_digits digits range a b z Fa Fb not_zero Fz large rounded.
assert (z_not_zero : z <> 0) by (intro zero; rewrite zero, Rabs_R0 in large; assert (H := bpow_gt_0 radix2 least); lra).
destruct (in_digits q z Fz z_not_zero) as (m & e & value & low & high). rewrite value.
apply near_quotient; try assumption. rewrite <- value.
apply (error_in_units _ z m); try assumption; [now split | lia..].
Qed.

Theorem short_root : (p <= 2 * q - 2)%Z -> (2 * q <= prec)%Z -> (emin + 2 * q <= least + 1)%Z ->
  forall a z, a is_in FLX_exp p -> 0 <= a -> z is_in FLX_exp q -> bpow radix2 least <= Rabs z ->
  RN (FLT_exp emin prec) (sqrt a) = z -> sqrt a = z.
Proof.
intros few digits range a z Fa positive Fz large rounded.
assert (z_not_zero : z <> 0) by (intro zero; rewrite zero, Rabs_R0 in large; assert (H := bpow_gt_0 radix2 least); lra).
assert (z_positive : 0 <= z).
{ rewrite <- rounded. apply round_ge_generic; try typeclasses eauto; [apply generic_format_0 | apply sqrt_pos]. }
destruct (in_digits q z Fz z_not_zero) as (m & e & value & low & high). rewrite value.
assert (0 <= IZR m).
{ apply Rnot_lt_le. intro negative. assert (unit := bpow_gt_0 radix2 e). rewrite value in z_positive. nra. }
rewrite Rabs_pos_eq in low, high by assumption.
apply (near_root few a m e Fa positive); [now split |]. rewrite <- value.
replace (e - q - 1)%Z with (e - (q + 1))%Z by ring.
apply (error_in_units _ z m); try assumption; [rewrite Rabs_pos_eq by assumption; now split | lia..].
Qed.
End Short.

(** For stochastic rounding the 32 bits below the last one are read of fp64, and are those of the exact quotient. *)
#[local] Instance prec_43 : Prec_gt_0 43. Proof. reflexivity. Qed.
Theorem quotient_in_fp64 : forall a b z, a is_in FLX_exp 11 -> b is_in FLX_exp 11 -> b <> 0 -> z is_in FLX_exp 43 ->
  bpow radix2 (-1022) <= Rabs z -> RN fp64 (a / b) = z -> a / b = z.
Proof. intros a b z Fa Fb not_zero Fz large. apply (short_quotient 11 43 (-1074) 53 (-1022)); try assumption; try reflexivity; lia. Qed.
