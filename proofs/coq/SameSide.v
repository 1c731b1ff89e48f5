(** The results that are no number of few digits unless exactly so: rounding them again is rounding the exact result. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Round_odd.
From halfulp Require Import Formats QuotientRoot.
Open Scope R_scope.

(** ** They lie where the exact result does among the numbers of a format and the middles between them, which are those of one
    digit more: every rounding takes both to the same number. *)
Section Same_side.
Variables emin prec : Z.
Hypothesis two_digits : (1 < prec)%Z.
Notation coarse := (FLT_exp emin prec).
Notation with_middles := (FLT_exp (emin - 1) (prec + 1)).
Definition same_side x y := forall z, z is_in with_middles -> (x < z <-> y < z) /\ (z < x <-> z < y).

#[local] Instance coarse_prec : Prec_gt_0 prec. Proof. unfold Prec_gt_0. lia. Qed.
#[local] Instance middles_prec : Prec_gt_0 (prec + 1). Proof. unfold Prec_gt_0. lia. Qed.

Lemma coarse_among_middles : forall x, x is_in coarse -> x is_in with_middles.
Proof. intro x. apply generic_inclusion_mag. intros _. unfold FLT_exp. lia. Qed.

Lemma same_down : forall x y, same_side x y -> round radix2 coarse Zfloor y = round radix2 coarse Zfloor x.
Proof.
intros x y same. destruct (round_DN_pt radix2 coarse y) as (member & below & largest).
apply (Rnd_DN_pt_unique (generic_format radix2 coarse) x); [split; [exact member | split] | apply round_DN_pt; typeclasses eauto].
- destruct (same _ (coarse_among_middles _ member)) as [H _]. lra.
- intros g g_member g_below. destruct (same _ (coarse_among_middles _ g_member)) as [H _]. apply largest; [exact g_member | lra].
Qed.

Lemma same_up : forall x y, same_side x y -> round radix2 coarse Zceil y = round radix2 coarse Zceil x.
Proof.
intros x y same. destruct (round_UP_pt radix2 coarse y) as (member & above & least).
apply (Rnd_UP_pt_unique (generic_format radix2 coarse) x); [split; [exact member | split] | apply round_UP_pt; typeclasses eauto].
- destruct (same _ (coarse_among_middles _ member)) as [_ H]. lra.
- intros g g_member g_above. destruct (same _ (coarse_among_middles _ g_member)) as [_ H]. apply least; [exact g_member | lra].
Qed.

(** The middle of two neighbours. *)
Lemma middle_is_in : forall x, ~ x is_in coarse ->
  ((round radix2 coarse Zfloor x + round radix2 coarse Zceil x) / 2) is_in with_middles.
Proof.
intros x between. set (e := cexp radix2 coarse x). set (k := Zfloor (scaled_mantissa radix2 coarse x)).
assert (up : Zceil (scaled_mantissa radix2 coarse x) = (k + 1)%Z).
{ apply Zceil_floor_neq. intro whole. apply between. unfold generic_format. rewrite <- whole at 1. rewrite Ztrunc_IZR. fold k.
  rewrite <- (scaled_mantissa_mult_bpow radix2 coarse x) at 1. unfold F2R. simpl. unfold k. now rewrite whole. }
unfold round, F2R. simpl. fold e k. rewrite up, plus_IZR.
replace ((IZR k * bpow radix2 e + (IZR k + 1) * bpow radix2 e) / 2) with (IZR (2 * k + 1) * bpow radix2 (e - 1)).
2: { rewrite plus_IZR, mult_IZR. replace (bpow radix2 e) with (2 * bpow radix2 (e - 1)); [field |].
     change 2 with (bpow radix2 1). rewrite <- bpow_plus. f_equal. ring. }
assert (range : Rabs (scaled_mantissa radix2 coarse x) < bpow radix2 prec).
{ apply Rlt_le_trans with (1 := scaled_mantissa_lt_bpow radix2 coarse x). apply bpow_le. unfold cexp, FLT_exp. lia. }
assert (floor := Zfloor_lb (scaled_mantissa radix2 coarse x)). assert (ceil := Zfloor_ub (scaled_mantissa radix2 coarse x)).
fold k in floor, ceil. rewrite <- (IZR_Zpower radix2 prec) in range by lia. apply Rabs_lt_inv in range. rewrite <- opp_IZR in range.
assert (k < radix2 ^ prec)%Z by (apply lt_IZR; lra).
assert (- radix2 ^ prec < k + 1)%Z by (apply lt_IZR; rewrite plus_IZR; lra).
apply is_in_intro; [exact middles_prec | | unfold e, cexp, FLT_exp; lia].
rewrite Z.pow_add_r by lia. change (radix_val radix2) with 2%Z in *. lia.
Qed.

Lemma same_nearest : forall x y, same_side x y -> forall up,
  round radix2 coarse (Znearest up) y = round radix2 coarse (Znearest up) x.
Proof.
intros x y same up. destruct (generic_format_EM radix2 coarse x) as [member | between].
- destruct (same x (coarse_among_middles x member)). now replace y with x by lra.
- assert (H := middle_is_in x between). destruct (same _ H) as [less greater].
  set (m := (round radix2 coarse Zfloor x + round radix2 coarse Zceil x) / 2) in *.
  assert (x_down := round_DN_pt radix2 coarse x). assert (x_up := round_UP_pt radix2 coarse x).
  assert (y_down := round_DN_pt radix2 coarse y). assert (y_up := round_UP_pt radix2 coarse y).
  rewrite (same_down x y same) in y_down. rewrite (same_up x y same) in y_up.
  destruct (Rtotal_order x m) as [low | [middle | high]].
  + rewrite (round_N_eq_DN_pt _ _ up x _ _ x_down x_up low). apply (round_N_eq_DN_pt _ _ up y _ _ y_down y_up). fold m. lra.
  + now replace y with x by lra.
  + rewrite (round_N_eq_UP_pt _ _ up x _ _ x_down x_up high). apply (round_N_eq_UP_pt _ _ up y _ _ y_down y_up). fold m. lra.
Qed.

Lemma same_toward_zero : forall x y, same_side x y -> round radix2 coarse Ztrunc y = round radix2 coarse Ztrunc x.
Proof.
intros x y same. destruct (same 0 (generic_format_0 _ _)) as [_ H]. destruct (same 0 (generic_format_0 _ _)) as [H' _].
destruct (Rle_or_lt 0 x) as [sign | sign].
- rewrite 2!round_ZR_DN by lra. now apply same_down.
- rewrite 2!round_ZR_UP by lra. now apply same_up.
Qed.

Lemma same_away_from_zero : forall x y, same_side x y -> round radix2 coarse Zaway y = round radix2 coarse Zaway x.
Proof.
intros x y same. destruct (same 0 (generic_format_0 _ _)) as [_ H]. destruct (same 0 (generic_format_0 _ _)) as [H' _].
destruct (Rle_or_lt 0 x) as [sign | sign].
- rewrite 2!round_AW_UP by lra. now apply same_up.
- rewrite 2!round_AW_DN by lra. now apply same_down.
Qed.

Lemma same_odd : forall x y, same_side x y -> round radix2 coarse Zrnd_odd y = round radix2 coarse Zrnd_odd x.
Proof.
assert (even : Exists_NE radix2 coarse) by (right; unfold FLT_exp; intros; lia).
intros x y same. apply (Rnd_odd_pt_unique radix2 coarse x); [| apply round_odd_pt; typeclasses eauto].
destruct (round_odd_pt radix2 coarse y) as [member [whole | [side odd_number]]].
- rewrite whole in member |- *. destruct (same y (coarse_among_middles y member)). split; [exact member | left; lra].
- split; [exact member | right; split; [| exact odd_number]]. destruct side as [low | high]; [left | right].
  + rewrite (Rnd_DN_pt_unique _ _ _ _ low (round_DN_pt radix2 coarse y)), (same_down x y same). apply round_DN_pt; typeclasses eauto.
  + rewrite (Rnd_UP_pt_unique _ _ _ _ high (round_UP_pt radix2 coarse y)), (same_up x y same). apply round_UP_pt; typeclasses eauto.
Qed.

(** A number rounded to a wider format that keeps away from the numbers with_middles unless it is one. *)
Lemma nearest_same_side : forall wide {V : Valid_exp wide} x, (forall z, z is_in with_middles -> z is_in wide) ->
  (forall z, z is_in with_middles -> RN wide x = z -> x = z) -> same_side x (RN wide x).
Proof.
intros wide V x wider only z member. specialize (wider z member). specialize (only z member).
assert (up : z <= x -> z <= RN wide x) by (intro; apply round_ge_generic; try typeclasses eauto; assumption).
assert (down : x <= z -> RN wide x <= z) by (intro; apply round_le_generic; try typeclasses eauto; assumption).
destruct (Rtotal_order x z) as [H | [H | H]], (Rtotal_order (RN wide x) z) as [K | [K | K]]; try (specialize (only K)); lra.
Qed.

(** What is below all of them but 0, on one side of it. *)
Lemma vanished_same_side : forall x y, Rabs x < bpow radix2 (emin - 1) -> Rabs y < bpow radix2 (emin - 1) ->
  (0 < x <-> 0 < y) -> (x < 0 <-> y < 0) -> same_side x y.
Proof.
intros x y x_small y_small positive negative z member. apply Rabs_lt_inv in x_small, y_small.
destruct (Req_dec z 0) as [-> | not_zero]; [split; [exact negative | exact positive] |].
assert (bpow radix2 (emin - 1) <= Rabs z).
{ apply (generic_format_ge_bpow radix2 with_middles); [intro e; unfold FLT_exp; lia | now apply Rabs_pos_lt |].
  now apply generic_format_abs. }
revert H. unfold Rabs. destruct (Rcase_abs z); lra.
Qed.
End Same_side.

Definition same_rounded emin prec x y := let f := FLT_exp emin prec in
  (forall up, round radix2 f (Znearest up) y = round radix2 f (Znearest up) x) /\
  round radix2 f Zfloor y = round radix2 f Zfloor x /\ round radix2 f Zceil y = round radix2 f Zceil x /\
  round radix2 f Ztrunc y = round radix2 f Ztrunc x /\ round radix2 f Zaway y = round radix2 f Zaway x /\
  round radix2 f Zrnd_odd y = round radix2 f Zrnd_odd x.
Theorem same_side_same_rounded : forall emin prec, (1 < prec)%Z -> forall x y, same_side emin prec x y -> same_rounded emin prec x y.
Proof.
intros emin prec two_digits x y same. unfold same_rounded.
repeat split; intros; auto using same_nearest, same_down, same_up, same_toward_zero, same_away_from_zero, same_odd.
Qed.

(** ** Through fp32, with a least number in place of what vanishes. *)
Definition nearest_or_least x y := (y = RN fp32 x /\ (y = 0 -> x = 0)) \/
  (RN fp32 x = 0 /\ 0 < x /\ y = bpow radix2 (-149)) \/ (RN fp32 x = 0 /\ x < 0 /\ y = - bpow radix2 (-149)).

Lemma same_through_fp32 : forall emin prec, (1 < prec < 24)%Z -> (-148 < emin)%Z -> forall x y, nearest_or_least x y ->
  (forall z, z is_in FLT_exp (emin - 1) (prec + 1) -> bpow radix2 (emin - 1) <= Rabs z -> RN fp32 x = z -> x = z) ->
  same_rounded emin prec x y.
Proof.
intros emin prec digits range x y kept only. apply same_side_same_rounded; [lia |].
assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
assert (least : forall z, z is_in FLT_exp (emin - 1) (prec + 1) -> z <> 0 -> bpow radix2 (emin - 1) <= Rabs z).
{ intros z member not_zero. apply (generic_format_ge_bpow radix2 (FLT_exp (emin - 1) (prec + 1))).
  - intro e. unfold FLT_exp. lia.
  - now apply Rabs_pos_lt.
  - now apply generic_format_abs. }
assert (small : bpow radix2 (-149) < bpow radix2 (emin - 1)) by (apply bpow_lt; lia).
assert (positive := bpow_gt_0 radix2 (-149)).
assert (vanished : RN fp32 x = 0 -> Rabs x < bpow radix2 (emin - 1)).
{ intro zero. apply Rnot_le_lt. intro large.
  assert (H : bpow radix2 (emin - 1) <= Rabs (RN fp32 x)).
  { apply abs_round_ge_generic; try typeclasses eauto; try exact large. apply generic_format_bpow. unfold FLT_exp. lia. }
  rewrite zero, Rabs_R0 in H. lra. }
destruct kept as [[-> stays] | [(zero & sign & ->) | (zero & sign & ->)]].
- apply nearest_same_side; try typeclasses eauto; try lia.
  + intro z. apply generic_inclusion_mag. intros _. unfold FLT_exp. lia.
  + intros z member rounded. destruct (Req_dec z 0) as [-> | not_zero]; [now apply stays | now apply only; auto].
- apply vanished_same_side; [now apply vanished | now rewrite Rabs_pos_eq by lra | lra | lra].
- apply vanished_same_side; [now apply vanished | now rewrite Rabs_Ropp, Rabs_pos_eq by lra | lra | lra].
Qed.

(** Nothing of fp16 vanishes. *)
Lemma fp16_reaches : forall a, a is_in fp16 -> a <> 0 -> bpow radix2 (-24) <= Rabs a.
Proof.
intros a member not_zero. apply (generic_format_ge_bpow radix2 fp16); [intro e; unfold FLT_exp; lia | now apply Rabs_pos_lt |].
now apply generic_format_abs.
Qed.

Lemma large_stays : forall x, bpow radix2 (-149) <= Rabs x -> RN fp32 x <> 0.
Proof.
intros x large zero. assert (H : bpow radix2 (-149) <= Rabs (RN fp32 x)).
{ apply abs_round_ge_generic; try typeclasses eauto; try exact large. apply generic_format_bpow. unfold FLT_exp. simpl. lia. }
rewrite zero, Rabs_R0 in H. assert (P := bpow_gt_0 radix2 (-149)). lra.
Qed.

Theorem fp16_never_vanishes : forall a b, a is_in fp16 -> b is_in fp16 -> a <> 0 -> b <> 0 -> Rabs b < bpow radix2 16 ->
  RN fp32 (a * b) <> 0 /\ RN fp32 (a / b) <> 0.
Proof.
intros a b Fa Fb a_not_zero b_not_zero finite. assert (a_large := fp16_reaches a Fa a_not_zero).
assert (b_large := fp16_reaches b Fb b_not_zero).
split; apply large_stays.
- apply Rle_trans with (bpow radix2 (-24) * bpow radix2 (-24)); [rewrite <- bpow_plus; apply bpow_le; lia |].
  rewrite Rabs_mult. apply Rmult_le_compat; try apply bpow_ge_0; assumption.
- unfold Rdiv. rewrite Rabs_mult, Rabs_inv.
  apply Rle_trans with (bpow radix2 (-24) * / bpow radix2 16); [rewrite <- bpow_opp, <- bpow_plus; apply bpow_le; lia |].
  apply Rmult_le_compat; [apply bpow_ge_0 | left; apply Rinv_0_lt_compat, bpow_gt_0 | exact a_large |].
  apply Rinv_le; [now apply Rabs_pos_lt | lra].
Qed.

Lemma digits_of : forall emin prec {P : Prec_gt_0 prec} x, x is_in FLT_exp emin prec -> x is_in FLX_exp prec.
Proof. intros emin prec P x. apply generic_format_FLX_FLT. Qed.

#[local] Instance prec_9 : Prec_gt_0 9. Proof. reflexivity. Qed.
#[local] Instance prec_12 : Prec_gt_0 12. Proof. reflexivity. Qed.

Theorem quotient_in_fp32 : forall a b y, b <> 0 -> nearest_or_least (a / b) y ->
  (a is_in fp16 -> b is_in fp16 -> same_rounded (-24) 11 (a / b) y) /\
  (a is_in bf16 -> b is_in bf16 -> same_rounded (-133) 8 (a / b) y).
Proof.
intros a b y not_zero kept. split; intros Fa Fb; apply same_through_fp32; try lia; try exact kept; intros z Fz large rounded.
- apply (short_quotient 11 12 (-149) 24 (-25)); try lia; try assumption; [now apply (digits_of (-24)).. | now apply (digits_of (-25))].
- apply (short_quotient 8 9 (-149) 24 (-134)); try lia; try assumption; [now apply (digits_of (-133)).. | now apply (digits_of (-134))].
Qed.

(** Roots are far from vanishing. *)
Lemma root_is_large : forall a, bpow radix2 (-133) <= a -> bpow radix2 (-67) <= sqrt a /\ bpow radix2 (-67) <= RN fp32 (sqrt a).
Proof.
intros a large. assert (H : bpow radix2 (-67) <= sqrt a).
{ rewrite <- (sqrt_square (bpow radix2 (-67))) by apply bpow_ge_0. apply sqrt_le_1_alt. rewrite <- bpow_plus.
  apply Rle_trans with (2 := large). apply bpow_le. lia. }
split; [exact H |]. apply round_ge_generic; try typeclasses eauto; [| exact H].
apply generic_format_bpow. unfold FLT_exp. simpl. lia.
Qed.

Theorem root_in_fp32 : forall a, 0 <= a -> (a is_in fp16 -> same_rounded (-24) 11 (sqrt a) (RN fp32 (sqrt a))) /\
  (a is_in bf16 -> same_rounded (-133) 8 (sqrt a) (RN fp32 (sqrt a))).
Proof.
assert (zero : forall emin prec, same_rounded emin prec (sqrt 0) (RN fp32 (sqrt 0))).
{ intros. rewrite sqrt_0, round_0 by typeclasses eauto. unfold same_rounded. tauto. }
assert (least : forall emin prec, (-133 <= emin)%Z -> forall a, a is_in FLT_exp emin prec -> 0 < a -> bpow radix2 (-133) <= a).
{ intros emin prec range a member positive. apply (generic_format_ge_bpow radix2 (FLT_exp emin prec)); try assumption.
  intro e. unfold FLT_exp. lia. }
assert (positive := bpow_gt_0 radix2 (-67)).
intros a sign. split; intro Fa; (destruct (Req_dec a 0) as [-> | not_zero]; [apply zero |]);
  destruct (root_is_large a) as [exact_large large]; try (eapply least; [| exact Fa | ]; [lia | lra]);
  (apply same_through_fp32; [lia | lia | left; split; [reflexivity | lra] |]); intros z Fz _ rounded.
- apply (short_root 11 12 (-149) 24 (-67)); try lia; try assumption;
    [now apply (digits_of (-24)) | now apply (digits_of (-25)) | rewrite <- rounded, Rabs_pos_eq; lra].
- apply (short_root 8 9 (-149) 24 (-67)); try lia; try assumption;
    [now apply (digits_of (-133)) | now apply (digits_of (-134)) | rewrite <- rounded, Rabs_pos_eq; lra].
Qed.

(** Products of fp16 are exact in fp32, and those of bf16 too unless they are below half of its least number. *)
Theorem product_in_fp32 : forall a b y, nearest_or_least (a * b) y ->
  (a is_in fp16 -> b is_in fp16 -> same_rounded (-24) 11 (a * b) y) /\
  (a is_in bf16 -> b is_in bf16 -> same_rounded (-133) 8 (a * b) y).
Proof.
assert (exact : forall m e, (Z.abs m < 2 ^ 24)%Z -> (-149 <= e)%Z -> RN fp32 (IZR m * bpow radix2 e) = IZR m * bpow radix2 e).
{ intros. apply round_generic; [typeclasses eauto | now apply (is_in_intro (-149) 24)]. }
intros a b y kept. split; intros Fa Fb; apply same_through_fp32; try lia; try exact kept; intros z Fz large rounded.
- apply FLT_format_generic in Fa, Fb; try reflexivity.
  destruct Fa as [[m e] a_value a_digits a_least], Fb as [[k f] b_value b_digits b_least].
  simpl in *. rewrite <- rounded. replace (a * b) with (IZR (m * k) * bpow radix2 (e + f)).
  2: { rewrite a_value, b_value. unfold F2R. simpl. rewrite mult_IZR, bpow_plus. ring. }
  symmetry. apply exact; [| lia]. rewrite Z.abs_mul. nia.
- apply FLT_format_generic in Fa, Fb; try reflexivity.
  destruct Fa as [[m e] a_value a_digits a_least], Fb as [[k f] b_value b_digits b_least].
  simpl in *. assert (product : a * b = IZR (m * k) * bpow radix2 (e + f)).
  { rewrite a_value, b_value. unfold F2R. simpl. rewrite mult_IZR, bpow_plus. ring. }
  assert (size : (Z.abs (m * k) <= 65025)%Z) by (rewrite Z.abs_mul; nia).
  destruct (Z_le_gt_dec (-149) (e + f)) as [fits | small].
  + rewrite <- rounded, product. symmetry. apply exact; lia.
  + exfalso. assert (below : Rabs z <= 32513 * bpow radix2 (-149)).
    { rewrite <- rounded. apply abs_round_le_generic; try typeclasses eauto; [now apply (is_in_intro (-149) 24) |].
      rewrite product, Rabs_mult, (Rabs_pos_eq (bpow _ _)), <- abs_IZR by apply bpow_ge_0.
      apply Rle_trans with (65025 * bpow radix2 (-150)); [| simpl; lra].
      apply Rmult_le_compat; [apply IZR_le; lia | apply bpow_ge_0 | now apply IZR_le | apply bpow_le; lia]. }
    simpl in large, below. lra.
Qed.
