(** Exercise 1: how far a format reaches, and how finely. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Relative.
From halfulp Require Import Formats.
Open Scope R_scope.

(** ** Any format whose 1 is a normal number with a neighbour on each side. *)
Section Any_format.
Variables emin prec emax : Z.
Hypothesis two_digits : (1 < prec)%Z.
Hypothesis one_is_normal : (emin < - prec)%Z.
Hypothesis reaches_one : (prec <= emax)%Z.
Let P : Prec_gt_0 prec. Proof. unfold Prec_gt_0. lia. Qed.
Existing Instance P.
Notation f := (FLT_exp emin prec).

Definition largest := bpow radix2 emax - bpow radix2 (emax - prec).
Definition threshold := bpow radix2 emax - bpow radix2 (emax - prec - 1).

Lemma power_is_in : forall e, (emin <= e)%Z -> bpow radix2 e is_in f.
Proof. intros e above. apply generic_format_bpow. unfold FLT_exp. lia. Qed.

Lemma largest_is_pred : pred radix2 f (bpow radix2 emax) = largest.
Proof. rewrite pred_bpow. unfold largest, FLT_exp. do 2 f_equal. lia. Qed.

Lemma ulp_of_largest : bpow radix2 (emax - prec) = 2 * bpow radix2 (emax - prec - 1).
Proof. replace (emax - prec)%Z with (1 + (emax - prec - 1))%Z at 1 by ring. now rewrite bpow_plus. Qed.

Theorem largest_finite : largest is_in f /\ forall x, x is_in f -> x < bpow radix2 emax -> x <= largest.
Proof.
rewrite <- largest_is_pred. split.
- apply generic_format_pred; [typeclasses eauto | apply power_is_in; lia].
- intros x member below. apply pred_ge_gt; try typeclasses eauto; [exact member | apply power_is_in; lia | exact below].
Qed.

(** The threshold is half way between the largest number and 2^emax, and the largest number is odd. *)
Lemma threshold_overflows : RN f threshold = bpow radix2 emax.
Proof.
assert (exponent : f emax = (emax - prec)%Z) by (unfold FLT_exp; lia).
assert (half := bpow_gt_0 radix2 (emax - prec - 1)).
assert (binade : bpow radix2 (emax - prec - 1) <= bpow radix2 (emax - 1)) by (apply bpow_le; lia).
assert (top : bpow radix2 emax = 2 * bpow radix2 (emax - 1)).
{ replace emax with (1 + (emax - 1))%Z at 1 by ring. now rewrite bpow_plus. }
rewrite (RN_tie _ _ _ emax (2 ^ prec - 1)).
- rewrite odd_below_power, exponent by lia. replace (2 ^ prec - 1 + 1)%Z with (2 ^ prec)%Z by ring.
  change (2 ^ prec)%Z with (radix2 ^ prec)%Z. rewrite IZR_Zpower, <- bpow_plus by lia. f_equal. ring.
- unfold threshold. rewrite Rabs_pos_eq; lra.
- rewrite exponent, minus_IZR. unfold threshold. change (2 ^ prec)%Z with (radix2 ^ prec)%Z.
  rewrite IZR_Zpower, Rmult_minus_distr_r, <- 2!bpow_plus by lia.
  replace (emax + - (emax - prec))%Z with prec by ring.
  replace (emax - prec - 1 + - (emax - prec))%Z with (-1)%Z by ring. simpl (bpow radix2 (-1)). lra.
Qed.

(** What rounds beyond the largest number, which is not what lies beyond it. *)
Theorem overflow : forall x, RN f x <= largest <-> x < threshold.
Proof.
assert (half := bpow_gt_0 radix2 (emax - prec - 1)).
intro x. split; intro H.
- apply Rnot_le_lt. intro above. apply (round_le radix2 f ZnearestE) in above.
  rewrite threshold_overflows in above. unfold largest in H. rewrite ulp_of_largest in H. lra.
- rewrite <- largest_is_pred.
  assert (member : pred radix2 f (bpow radix2 emax) is_in f)
    by (apply generic_format_pred; [typeclasses eauto | apply power_is_in; lia]).
  apply round_N_le_midp; [typeclasses eauto | exact member |].
  rewrite succ_pred; [| typeclasses eauto | apply power_is_in; lia].
  rewrite largest_is_pred. unfold largest, threshold in *. rewrite ulp_of_largest. lra.
Qed.

(** Rounded toward zero, nothing below 2^emax passes the largest number. *)
Theorem toward_zero_stays : forall x, 0 <= x < bpow radix2 emax -> round radix2 f Ztrunc x <= largest.
Proof.
intros x [positive below]. apply largest_finite; [apply generic_format_round; typeclasses eauto |].
rewrite round_ZR_DN by exact positive. apply Rle_lt_trans with (2 := below). apply round_DN_pt. typeclasses eauto.
Qed.

Theorem least_positive : bpow radix2 emin is_in f /\ forall x, x is_in f -> 0 < x -> bpow radix2 emin <= x.
Proof.
split; [apply power_is_in; lia |].
intros x member positive. destruct (FLT_format_generic radix2 emin prec x member) as [[m e] value _ exponent].
simpl in exponent. rewrite value in *. apply gt_0_F2R in positive. simpl in positive.
unfold F2R; simpl. rewrite <- (Rmult_1_l (bpow radix2 emin)).
apply Rmult_le_compat; [lra | apply bpow_ge_0 | apply IZR_le; lia | now apply bpow_le].
Qed.

(** A number x of f has all its prec bits exactly from the least normal number on. *)
Theorem least_normal : bpow radix2 (emin + prec - 1) is_in f /\
  forall x, x <> 0 -> (cexp radix2 f x = (mag radix2 x - prec)%Z <-> bpow radix2 (emin + prec - 1) <= Rabs x).
Proof.
split; [apply power_is_in; lia |].
intros x not_zero. unfold cexp, FLT_exp. split; intro H.
- apply Rle_trans with (bpow radix2 (mag radix2 x - 1)); [apply bpow_le; lia | now apply bpow_mag_le].
- assert (emin + prec - 1 < mag radix2 x)%Z by (now apply mag_gt_bpow). lia.
Qed.

(** Half a unit below it lies the tie that is rounded to it. *)
Theorem becomes_normal : let normal := bpow radix2 (emin + prec - 1) in
  forall x, normal <= RN f x <-> normal - bpow radix2 (emin - 1) <= x.
Proof.
intro normal. assert (unit : bpow radix2 emin = 2 * bpow radix2 (emin - 1)).
{ replace emin with (1 + (emin - 1))%Z at 1 by ring. now rewrite bpow_plus. }
assert (exponent : f (emin + prec - 1)%Z = emin) by (unfold FLT_exp; lia).
assert (before : pred radix2 f normal = normal - bpow radix2 emin) by (unfold normal; now rewrite pred_bpow, exponent).
assert (member : normal is_in f) by (apply power_is_in; lia).
assert (half := bpow_gt_0 radix2 (emin - 1)).
assert (tie : RN f (normal - bpow radix2 (emin - 1)) = normal).
{ assert (small : bpow radix2 emin <= bpow radix2 (emin + prec - 2)) by (apply bpow_le; lia).
  assert (twice : normal = 2 * bpow radix2 (emin + prec - 2)).
  { unfold normal. replace (emin + prec - 1)%Z with (1 + (emin + prec - 2))%Z by ring. now rewrite bpow_plus. }
  rewrite (RN_tie _ _ _ (emin + prec - 1) (2 ^ (prec - 1) - 1)); rewrite ?exponent.
  - rewrite odd_below_power by lia. replace (2 ^ (prec - 1) - 1 + 1)%Z with (radix2 ^ (prec - 1))%Z by (simpl; ring).
    rewrite IZR_Zpower, <- bpow_plus by lia. unfold normal. f_equal. ring.
  - fold normal. rewrite Rabs_pos_eq by lra. replace (emin + prec - 1 - 1)%Z with (emin + prec - 2)%Z by ring. lra.
  - rewrite minus_IZR. change (2 ^ (prec - 1))%Z with (radix2 ^ (prec - 1))%Z. rewrite IZR_Zpower by lia.
    unfold normal. rewrite Rmult_minus_distr_r, <- 2!bpow_plus.
    replace (emin + prec - 1 + - emin)%Z with (prec - 1)%Z by ring.
    replace (emin - 1 + - emin)%Z with (-1)%Z by ring. simpl (bpow radix2 (-1)). lra. }
intro x. split; intro H.
- apply Rnot_lt_le. intro below. assert (RN f x <= pred radix2 f normal); [| lra].
  apply round_N_le_midp; [typeclasses eauto | apply generic_format_pred; [typeclasses eauto | exact member] |].
  rewrite succ_pred by (try typeclasses eauto; exact member). lra.
- rewrite <- tie. apply round_le; [typeclasses eauto.. | exact H].
Qed.

Theorem gap_at_top : largest - pred radix2 f largest = bpow radix2 (emax - prec).
Proof.
assert (step := bpow_gt_0 radix2 (emax - prec)).
assert (small : 2 * bpow radix2 (emax - prec) <= bpow radix2 (emax - 1)).
{ change 2 with (bpow radix2 1). rewrite <- bpow_plus. apply bpow_le. lia. }
assert (twice : bpow radix2 emax = 2 * bpow radix2 (emax - 1)).
{ replace emax with (1 + (emax - 1))%Z at 1 by ring. now rewrite bpow_plus. }
assert (top : mag radix2 largest = emax :> Z).
{ apply mag_unique. unfold largest. rewrite Rabs_pos_eq; lra. }
rewrite pred_eq_pos by (unfold largest; lra). unfold pred_pos. rewrite top.
case Req_bool_spec; intro H; [unfold largest in H; lra |].
rewrite ulp_neq_0 by (unfold largest; lra). unfold cexp. rewrite top.
replace (FLT_exp emin prec emax) with (emax - prec)%Z by (unfold FLT_exp; lia). ring.
Qed.

Theorem epsilon : succ radix2 f 1 - 1 = bpow radix2 (1 - prec).
Proof.
rewrite succ_eq_pos by lra. change 1 with (bpow radix2 0) at 2. rewrite ulp_bpow. unfold FLT_exp.
replace (Z.max (0 + 1 - prec) emin) with (1 - prec)%Z by lia. lra.
Qed.

Theorem gap_below_one : 1 - pred radix2 f 1 = bpow radix2 (- prec).
Proof.
change 1 with (bpow radix2 0). rewrite pred_bpow. unfold FLT_exp.
replace (Z.max (0 - prec) emin) with (- prec)%Z by lia. lra.
Qed.

(** The sharp bound of the relative error, u / (1 + u) = 1 / (2^prec + 1) with u = 2^-prec, and where it is met. *)
Theorem relative_error : forall x, bpow radix2 (emin + prec - 1) <= Rabs x ->
  Rabs (RN f x - x) <= / (bpow radix2 prec + 1) * Rabs x.
Proof.
intros x normal. rewrite round_FLT_FLX by assumption.
destruct (relative_error_N_FLX'_ex radix2 prec P (fun z => negb (Z.even z)) x) as (d & bound & value).
rewrite value. replace (x * (1 + d) - x) with (d * x) by ring. rewrite Rabs_mult.
apply Rmult_le_compat_r; [apply Rabs_pos |]. replace (/ (bpow radix2 prec + 1)) with (u_ro radix2 prec / (1 + u_ro radix2 prec)).
- exact bound.
- assert (positive := bpow_gt_0 radix2 prec). unfold u_ro. rewrite bpow_plus, bpow_opp.
  change (bpow radix2 1) with 2. field. lra.
Qed.

Theorem relative_error_attained : let x := 1 + bpow radix2 (- prec) in
  RN f x = 1 /\ Rabs (RN f x - x) = / (bpow radix2 prec + 1) * Rabs x.
Proof.
intro x. assert (positive := bpow_gt_0 radix2 (- prec)).
assert (small : bpow radix2 (- prec) < bpow radix2 0) by (apply bpow_lt; lia). simpl in small.
assert (exponent : f 1 = (1 - prec)%Z) by (unfold FLT_exp; lia).
assert (rounded : RN f x = 1).
{ rewrite (RN_tie _ _ _ 1 (2 ^ (prec - 1))); rewrite ?exponent.
  - rewrite Z.even_pow by lia. change (Z.even 2) with true. cbv iota. change (2 ^ (prec - 1))%Z with (radix2 ^ (prec - 1))%Z.
    rewrite IZR_Zpower, <- bpow_plus by lia. replace (prec - 1 + (1 - prec))%Z with 0%Z by ring. reflexivity.
  - unfold x. rewrite Rabs_pos_eq by lra. simpl. lra.
  - change (2 ^ (prec - 1))%Z with (radix2 ^ (prec - 1))%Z. rewrite IZR_Zpower by lia. unfold x.
    rewrite Rmult_plus_distr_r, Rmult_1_l, <- bpow_plus. replace (- (1 - prec))%Z with (prec - 1)%Z by ring.
    replace (- prec + (prec - 1))%Z with (-1)%Z by ring. reflexivity. }
split; [exact rounded |]. rewrite rounded. unfold x. rewrite Rabs_left, Rabs_pos_eq by lra.
rewrite bpow_opp. assert (H := bpow_gt_0 radix2 prec). field. lra.
Qed.
End Any_format.

(** ** The formats of the exercise. *)
Ltac numbers := unfold largest, threshold; simpl; lra.

Theorem largest_finite_fp16 : 65504 is_in fp16 /\ forall x, x is_in fp16 -> x < 65536 -> x <= 65504.
Proof. replace 65504 with (largest 11 16) by numbers. apply (largest_finite (-24)); reflexivity || discriminate. Qed.
Theorem largest_finite_bf16 : let largest := 338953138925153547590470800371487866880 in
  largest is_in bf16 /\ forall x, x is_in bf16 -> x < bpow radix2 128 -> x <= largest.
Proof. intro l. replace l with (largest 8 128) by (unfold l; numbers). apply (largest_finite (-133)); reflexivity || discriminate. Qed.
Theorem largest_finite_tf32 : let largest := 2047 * bpow radix2 117 in
  largest is_in tf32 /\ forall x, x is_in tf32 -> x < bpow radix2 128 -> x <= largest.
Proof. intro l. replace l with (largest 11 128) by (unfold l; numbers). apply (largest_finite (-136)); reflexivity || discriminate. Qed.
Theorem largest_finite_fp32 : let largest := 16777215 * bpow radix2 104 in
  largest is_in fp32 /\ forall x, x is_in fp32 -> x < bpow radix2 128 -> x <= largest.
Proof. intro l. replace l with (largest 24 128) by (unfold l; numbers). apply (largest_finite (-149)); reflexivity || discriminate. Qed.

Theorem overflow_fp16 : forall x, RN fp16 x <= 65504 <-> x < 65520.
Proof.
replace 65504 with (largest 11 16) by numbers. replace 65520 with (threshold 11 16) by numbers.
apply overflow; reflexivity || discriminate.
Qed.
Theorem overflow_bf16 : forall x, RN bf16 x <= 255 * bpow radix2 120 <-> x < 511 * bpow radix2 119.
Proof.
replace (255 * bpow radix2 120) with (largest 8 128) by numbers. replace (511 * bpow radix2 119) with (threshold 8 128) by numbers.
apply overflow; reflexivity || discriminate.
Qed.
Theorem overflow_tf32 : forall x, RN tf32 x <= 2047 * bpow radix2 117 <-> x < 4095 * bpow radix2 116.
Proof.
replace (2047 * bpow radix2 117) with (largest 11 128) by numbers. replace (4095 * bpow radix2 116) with (threshold 11 128) by numbers.
apply overflow; reflexivity || discriminate.
Qed.
Theorem overflow_fp32 : forall x, RN fp32 x <= 16777215 * bpow radix2 104 <-> x < 33554431 * bpow radix2 103.
Proof.
replace (16777215 * bpow radix2 104) with (largest 24 128) by numbers.
replace (33554431 * bpow radix2 103) with (threshold 24 128) by numbers.
apply overflow; reflexivity || discriminate.
Qed.

Definition least_positive_is f e := bpow radix2 e is_in f /\ forall x, x is_in f -> 0 < x -> bpow radix2 e <= x.
Theorem least_positive_of_formats : least_positive_is fp16 (-24) /\ least_positive_is bf16 (-133) /\
  least_positive_is tf32 (-136) /\ least_positive_is fp32 (-149).
Proof. split; [| split; [| split]]; apply least_positive; reflexivity || discriminate. Qed.

Definition least_normal_is prec emin e := bpow radix2 e is_in FLT_exp emin prec /\ forall x, x <> 0 ->
  (cexp radix2 (FLT_exp emin prec) x = (mag radix2 x - prec)%Z <-> bpow radix2 e <= Rabs x).
Theorem least_normal_of_formats : least_normal_is 11 (-24) (-14) /\ least_normal_is 8 (-133) (-126) /\
  least_normal_is 11 (-136) (-126) /\ least_normal_is 24 (-149) (-126).
Proof. split; [| split; [| split]]; match goal with |- least_normal_is ?p ?e _ => now apply (least_normal e p) end. Qed.

Theorem becomes_normal_fp16 : forall x, bpow radix2 (-14) <= RN fp16 x <-> 2047 * bpow radix2 (-25) <= x.
Proof.
replace (2047 * bpow radix2 (-25)) with (bpow radix2 (-14) - bpow radix2 (-25)) by (simpl; lra).
now apply (becomes_normal (-24) 11).
Qed.
Theorem becomes_normal_bf16 : forall x, bpow radix2 (-126) <= RN bf16 x <-> 255 * bpow radix2 (-134) <= x.
Proof.
replace (255 * bpow radix2 (-134)) with (bpow radix2 (-126) - bpow radix2 (-134)) by (simpl; lra).
now apply (becomes_normal (-133) 8).
Qed.

Theorem gap_at_top_of_formats : 65504 - pred radix2 fp16 65504 = 32 /\
  let largest := 338953138925153547590470800371487866880 in largest - pred radix2 bf16 largest = bpow radix2 120.
Proof.
split; [replace 65504 with (largest 11 16) by numbers | intro l; replace l with (largest 8 128) by (unfold l; numbers)];
  rewrite gap_at_top; reflexivity || discriminate || (simpl; lra).
Qed.

Definition gaps_at_one f e := succ radix2 f 1 - 1 = bpow radix2 e /\ 1 - pred radix2 f 1 = bpow radix2 (e - 1).
Theorem gaps_of_formats : gaps_at_one fp16 (-10) /\ gaps_at_one bf16 (-7) /\ gaps_at_one tf32 (-10) /\ gaps_at_one fp32 (-23).
Proof. repeat split; rewrite ?epsilon, ?gap_below_one; reflexivity. Qed.

Definition relative_error_of f least bound := (forall x, bpow radix2 least <= Rabs x -> Rabs (RN f x - x) <= bound * Rabs x) /\
  exists x, bpow radix2 least <= x /\ Rabs (RN f x - x) = bound * Rabs x.
Lemma relative_error_sharp : forall emin prec, (1 < prec)%Z -> (emin < - prec)%Z ->
  relative_error_of (FLT_exp emin prec) (emin + prec - 1) (/ (bpow radix2 prec + 1)).
Proof.
intros emin prec H1 H2. split; [now apply relative_error |].
exists (1 + bpow radix2 (- prec)). split; [| apply relative_error_attained; assumption].
assert (positive := bpow_gt_0 radix2 (- prec)).
assert (bpow radix2 (emin + prec - 1) <= bpow radix2 0) by (apply bpow_le; lia). simpl in H. lra.
Qed.
Theorem relative_error_of_formats : relative_error_of fp16 (-14) (/ 2049) /\ relative_error_of bf16 (-126) (/ 257) /\
  relative_error_of tf32 (-126) (/ 2049) /\ relative_error_of fp32 (-126) (/ 16777217).
Proof.
replace (/ 2049) with (/ (bpow radix2 11 + 1)) by (simpl; lra). replace (/ 257) with (/ (bpow radix2 8 + 1)) by (simpl; lra).
replace (/ 16777217) with (/ (bpow radix2 24 + 1)) by (simpl; lra).
split; [| split; [| split]]; match goal with |- relative_error_of (FLT_exp ?e ?p) _ _ => now apply (relative_error_sharp e p) end.
Qed.

(** Every number of fp16, of bf16 and of tf32 is one of fp32: conversion to fp32 is exact. *)
Theorem formats_nest : forall x, (x is_in fp16 -> x is_in tf32) /\ (x is_in bf16 -> x is_in tf32) /\ (x is_in tf32 -> x is_in fp32).
Proof. intro x. repeat split; apply generic_inclusion_mag; intros _; unfold FLT_exp; lia. Qed.
