(** Exercise 5: what small gradients become in fp16, and what a factor for the loss does. *)
From Coq Require Import ZArith Reals Lia Lra List.
From Flocq Require Import Core Relative.
From halfulp Require Import Formats Range.
Open Scope R_scope.

(** ** What is flushed: all up to half of the least positive number, which is a tie that 0 wins. *)
Theorem flush : forall emin prec, (0 < prec)%Z -> forall x,
  RN (FLT_exp emin prec) x = 0 <-> Rabs x <= bpow radix2 (emin - 1).
Proof.
intros emin prec positive x. assert (P : Prec_gt_0 prec) by exact positive.
set (f := FLT_exp emin prec). assert (half := bpow_gt_0 radix2 (emin - 1)).
assert (unit : bpow radix2 emin = 2 * bpow radix2 (emin - 1)).
{ replace emin with (1 + (emin - 1))%Z at 1 by ring. now rewrite bpow_plus. }
assert (tie : RN f (bpow radix2 (emin - 1)) = 0).
{ assert (exponent : FLT_exp emin prec emin = emin) by (unfold FLT_exp; lia).
  unfold f. rewrite (RN_tie _ _ _ emin 0); rewrite ?exponent; [simpl; ring | rewrite Rabs_pos_eq by lra; split; lra |].
  rewrite <- bpow_plus. replace (emin - 1 + - emin)%Z with (-1)%Z by ring. simpl. lra. }
assert (least : succ radix2 f 0 = bpow radix2 emin).
{ rewrite succ_0. apply ulp_FLT_0. exact positive. }
assert (above : forall y, bpow radix2 (emin - 1) < y -> 0 < RN f y).
{ intros y beyond. apply Rlt_le_trans with (bpow radix2 emin); [lra |]. rewrite <- least.
  apply round_N_ge_midp; [typeclasses eauto | apply generic_format_succ; [typeclasses eauto | apply generic_format_0] |].
  rewrite pred_succ by (try typeclasses eauto; apply generic_format_0). lra. }
split; intro H.
- apply Rnot_lt_le. intro beyond. destruct (Rle_or_lt 0 x) as [sign | sign].
  + rewrite Rabs_pos_eq in beyond by exact sign. specialize (above x beyond). lra.
  + rewrite Rabs_left in beyond by exact sign. specialize (above (- x) beyond). unfold f in above.
    rewrite round_NE_opp in above. fold f in above. lra.
- apply Rabs_le_inv in H. apply Rle_antisym.
  + rewrite <- tie. apply round_le; [typeclasses eauto.. | lra].
  + apply Ropp_le_cancel. unfold f. rewrite <- round_NE_opp, Ropp_0. fold f. rewrite <- tie.
    apply round_le; [typeclasses eauto.. | lra].
Qed.
Corollary flush_fp16 : forall x, RN fp16 x = 0 <-> Rabs x <= bpow radix2 (-25).
Proof. exact (flush (-24) 11 eq_refl). Qed.
Corollary flush_bf16 : forall x, RN bf16 x = 0 <-> Rabs x <= bpow radix2 (-134).
Proof. exact (flush (-133) 8 eq_refl). Qed.

(** Among subnormal numbers the error stays half of the least one while x halves: 2^e and that half are a tie, which the even
    2^e wins until e = emin, where 1 unit is odd. *)
Theorem ties_of_binades : forall emin prec, (1 < prec)%Z -> forall e, (emin < e < emin + prec)%Z ->
  RN (FLT_exp emin prec) (bpow radix2 e + bpow radix2 (emin - 1)) = bpow radix2 e.
Proof.
intros emin prec two_digits e range. assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
assert (exponent : FLT_exp emin prec (e + 1) = emin) by (unfold FLT_exp; lia).
assert (half := bpow_gt_0 radix2 (emin - 1)). assert (less : bpow radix2 (emin - 1) < bpow radix2 e) by (apply bpow_lt; lia).
rewrite (RN_tie _ _ _ (e + 1) (2 ^ (e - emin))); rewrite ?exponent.
- rewrite Z.even_pow by lia. change (Z.even 2) with true. cbv iota. change (2 ^ (e - emin))%Z with (radix2 ^ (e - emin))%Z.
  rewrite IZR_Zpower, <- bpow_plus by lia. f_equal. ring.
- rewrite Rabs_pos_eq, bpow_plus by lra. replace (e + 1 - 1)%Z with e by ring. change (bpow radix2 1) with 2. lra.
- change (2 ^ (e - emin))%Z with (radix2 ^ (e - emin))%Z. rewrite IZR_Zpower, Rmult_plus_distr_r, <- 2!bpow_plus by lia.
  replace (emin - 1 + - emin)%Z with (-1)%Z by ring. replace (e + - emin)%Z with (e - emin)%Z by ring. simpl (bpow radix2 (-1)). lra.
Qed.
Theorem tie_of_least : forall emin prec, (1 < prec)%Z ->
  RN (FLT_exp emin prec) (bpow radix2 emin + bpow radix2 (emin - 1)) = bpow radix2 (emin + 1).
Proof.
intros emin prec two_digits. assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
assert (exponent : FLT_exp emin prec (emin + 1) = emin) by (unfold FLT_exp; lia).
assert (half := bpow_gt_0 radix2 (emin - 1)). assert (less : bpow radix2 (emin - 1) < bpow radix2 emin) by (apply bpow_lt; lia).
rewrite (RN_tie _ _ _ (emin + 1) 1); rewrite ?exponent.
- change (if Z.even 1 then 1 else 1 + 1)%Z with 2%Z. rewrite bpow_plus. change (bpow radix2 1) with 2. ring.
- rewrite Rabs_pos_eq, bpow_plus by lra. replace (emin + 1 - 1)%Z with emin by ring. change (bpow radix2 1) with 2. lra.
- rewrite Rmult_plus_distr_r, <- 2!bpow_plus. replace (emin - 1 + - emin)%Z with (-1)%Z by ring.
  replace (emin + - emin)%Z with 0%Z by ring. simpl. lra.
Qed.

(** ** Powers of two commute with every rounding, as long as both sides are normal numbers. *)
Lemma scaling_unbounded : forall prec {P : Prec_gt_0 prec} rnd {V : Valid_rnd rnd} k x,
  round radix2 (FLX_exp prec) rnd (bpow radix2 k * x) = bpow radix2 k * round radix2 (FLX_exp prec) rnd x.
Proof.
intros prec P rnd V k x.
destruct (Req_dec x 0) as [-> | not_zero]; [rewrite Rmult_0_r, round_0 by assumption; ring |].
unfold round, F2R, scaled_mantissa, cexp, FLX_exp; simpl.
rewrite (Rmult_comm (bpow radix2 k) x), mag_mult_bpow by exact not_zero.
replace (x * bpow radix2 k * bpow radix2 (- (mag radix2 x + k - prec))) with (x * bpow radix2 (- (mag radix2 x - prec))).
2: { rewrite Rmult_assoc, <- bpow_plus. do 2 f_equal. ring. }
replace (mag radix2 x + k - prec)%Z with (k + (mag radix2 x - prec))%Z by ring.
rewrite bpow_plus. ring.
Qed.

Section Scaling.
Variables emin prec : Z.
Context {P : Prec_gt_0 prec}.
Variable rnd : R -> Z.
Context {V : Valid_rnd rnd}.
Notation rounded := (round radix2 (FLT_exp emin prec) rnd).
Definition normal x := x = 0 \/ bpow radix2 (emin + prec - 1) <= Rabs x.
Definition normal_scaled k x := normal x /\ normal (bpow radix2 k * x).

Theorem scaling_commutes : forall k x, normal_scaled k x -> rounded (bpow radix2 k * x) = bpow radix2 k * rounded x.
Proof.
intros k x [[-> | before] [zero | after]]; rewrite ?Rmult_0_r, ?round_0, ?Rmult_0_r by assumption; try reflexivity.
- apply Rmult_integral in zero. assert (H := bpow_gt_0 radix2 k). assert (H' := bpow_gt_0 radix2 (emin + prec - 1)).
  destruct zero as [zero | ->]; [lra | rewrite Rabs_R0 in before; lra].
- rewrite 2!round_FLT_FLX by assumption. now apply scaling_unbounded.
Qed.

(** A product of vectors, one term after another; and that each of its numbers, before and after, is 0 or normal. *)
Fixpoint dot acc terms := match terms with
  | nil => acc
  | (w, g) :: rest => dot (rounded (acc + rounded (w * g))) rest
  end.
Fixpoint stays_normal k acc terms := match terms with
  | nil => True
  | (w, g) :: rest => normal_scaled k (w * g) /\ normal_scaled k (acc + rounded (w * g)) /\
      stays_normal k (rounded (acc + rounded (w * g))) rest
  end.
Definition scaled k (term : R * R) := (fst term, bpow radix2 k * snd term).

Theorem dot_scaling_commutes : forall k terms acc, stays_normal k acc terms ->
  dot (bpow radix2 k * acc) (map (scaled k) terms) = bpow radix2 k * dot acc terms.
Proof.
intro k. induction terms as [| [w g] rest IH]; intros acc stays; [reflexivity |].
destruct stays as (product & sum & stays). simpl. rewrite <- IH by exact stays. f_equal.
replace (w * (bpow radix2 k * g)) with (bpow radix2 k * (w * g)) by ring.
now rewrite scaling_commutes, <- Rmult_plus_distr_l, scaling_commutes.
Qed.
End Scaling.

(** A factor that is no power of two is not harmless: it costs a rounding. *)
Theorem factor_1000 : let g := 1 + bpow radix2 (-10) in RN fp16 (1000 * g) = 1001 /\ 1000 * g <> 1001.
Proof. intro g. unfold g. split; [nearest 10%Z 2002%Z | simpl; lra]. Qed.

(** ** The window of safe factors: gradients of magnitudes gmin to gmax keep all their digits, and none overflows. *)
Theorem window : forall gmin gmax k, 0 < gmin -> bpow radix2 (-14) <= bpow radix2 k * gmin -> bpow radix2 k * gmax < 65520 ->
  forall g, gmin <= Rabs g <= gmax ->
    Rabs (RN fp16 (bpow radix2 k * g)) <= 65504 /\
    Rabs (bpow radix2 (- k) * RN fp16 (bpow radix2 k * g) - g) <= / 2049 * Rabs g.
Proof.
intros gmin gmax k positive low high g [least most]. assert (factor := bpow_gt_0 radix2 k).
assert (size : Rabs (bpow radix2 k * g) = bpow radix2 k * Rabs g) by (rewrite Rabs_mult, (Rabs_pos_eq (bpow _ _)); lra).
split.
- assert (below : Rabs (bpow radix2 k * g) < 65520) by (rewrite size; nra).
  apply Rabs_def2 in below. apply Rabs_le. split; [| apply overflow_fp16; lra].
  rewrite <- (Ropp_involutive (bpow radix2 k * g)), round_NE_opp. apply Ropp_le_contravar, overflow_fp16. lra.
- assert (above : bpow radix2 (-14) <= Rabs (bpow radix2 k * g)) by (rewrite size; nra).
  destruct relative_error_of_formats as [[bound _] _]. specialize (bound _ above). rewrite size in bound.
  assert (inverse : bpow radix2 (- k) * bpow radix2 k = 1) by (rewrite <- bpow_plus; now replace (- k + k)%Z with 0%Z by ring).
  assert (factor' := bpow_gt_0 radix2 (- k)). set (y := RN fp16 (bpow radix2 k * g)) in *.
  replace (bpow radix2 (- k) * y - g) with (bpow radix2 (- k) * (y - bpow radix2 k * g))
    by (rewrite Rmult_minus_distr_l, <- Rmult_assoc, inverse; ring).
  rewrite Rabs_mult, (Rabs_pos_eq (bpow radix2 (- k))) by lra.
  apply (Rmult_le_compat_l (bpow radix2 (- k))) in bound; [| lra].
  replace (bpow radix2 (- k) * (/ 2049 * (bpow radix2 k * Rabs g))) with (bpow radix2 (- k) * bpow radix2 k * (/ 2049 * Rabs g))
    in bound by ring. rewrite inverse in bound. lra.
Qed.

(** There is such a power of two when gmax is at most 65520 * 2^13 times gmin, and none from 65520 * 2^14 times on. *)
Theorem window_not_empty : forall gmin gmax, 0 < gmin <= gmax -> gmax < 65520 * bpow radix2 13 * gmin ->
  exists k, bpow radix2 (-14) <= bpow radix2 k * gmin /\ bpow radix2 k * gmax < 65520.
Proof.
intros gmin gmax [positive order] span. destruct (mag radix2 gmin) as [e binade]. specialize (binade ltac:(lra)).
rewrite Rabs_pos_eq in binade by lra. exists (-13 - e)%Z. assert (factor := bpow_gt_0 radix2 (-13 - e)).
assert (low : bpow radix2 (-13 - e) * bpow radix2 (e - 1) = bpow radix2 (-14)) by (rewrite <- bpow_plus; f_equal; ring).
assert (high : bpow radix2 (-13 - e) * bpow radix2 e = bpow radix2 (-13)) by (rewrite <- bpow_plus; f_equal; ring).
split; [rewrite <- low; apply Rmult_le_compat_l; lra |].
apply Rlt_le_trans with (bpow radix2 (-13 - e) * (65520 * bpow radix2 13 * bpow radix2 e)).
- apply Rmult_lt_compat_l; [exact factor |]. apply Rlt_le_trans with (1 := span). apply Rmult_le_compat_l; [simpl |]; lra.
- replace (bpow radix2 (-13 - e) * (65520 * bpow radix2 13 * bpow radix2 e))
    with (65520 * bpow radix2 13 * (bpow radix2 (-13 - e) * bpow radix2 e)) by ring. rewrite high. simpl. lra.
Qed.
Theorem window_empty : forall gmin gmax, 0 < gmin -> 65520 * bpow radix2 14 * gmin <= gmax ->
  forall k, ~ (bpow radix2 (-14) <= bpow radix2 k * gmin /\ bpow radix2 k * gmax < 65520).
Proof.
intros gmin gmax positive span k [low high]. assert (factor := bpow_gt_0 radix2 k).
apply (Rmult_le_compat_l (bpow radix2 k)) in span; [| lra].
assert (one : bpow radix2 14 * bpow radix2 (-14) = 1) by (simpl; lra).
assert (0 < bpow radix2 14) by (simpl; lra). nra.
Qed.

(** ** Unscaling in fp32 is exact. *)
Theorem unscaling_exact : forall y k, y is_in fp16 -> (k <= 125)%Z -> (bpow radix2 (- k) * y) is_in fp32.
Proof.
intros y k member limit. destruct (FLT_format_generic radix2 (-24) 11 y member) as [[m e] value size exponent]. simpl in *.
apply generic_format_FLT. exists (Float radix2 m (e - k)); simpl; [| lia | lia].
rewrite value. unfold F2R; simpl. rewrite (Rmult_comm (bpow _ _)), Rmult_assoc, <- bpow_plus. now f_equal.
Qed.

(** 2^-27 is flushed, and comes back exactly with the factor 2^10. *)
Theorem smallest_example : let g := bpow radix2 (-27) in RN fp16 g = 0 /\ bpow radix2 (-10) * RN fp16 (bpow radix2 10 * g) = g.
Proof.
intro g. unfold g. split; [apply flush_fp16; rewrite Rabs_pos_eq by apply bpow_ge_0; apply bpow_le; lia |].
rewrite <- bpow_plus. rewrite round_generic; [now rewrite <- bpow_plus | typeclasses eauto |].
apply generic_format_bpow. unfold FLT_exp. lia.
Qed.
