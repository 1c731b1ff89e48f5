(** Exercise 2: what a sum loses. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Sterbenz Plus_error Relative.
From halfulp Require Import Formats.
Open Scope R_scope.

(** ** The law, for any format and any rule for ties: less than half the distance to the neighbour on its side is lost. *)
Theorem absorption_law : forall fexp {V : Valid_exp fexp} {M : Monotone_exp fexp} choice x y, x is_in fexp ->
  (pred radix2 fexp x - x) / 2 < y < (succ radix2 fexp x - x) / 2 -> round radix2 fexp (Znearest choice) (x + y) = x.
Proof.
intros fexp V M choice x y member [below above].
apply Rle_antisym; [apply round_N_le_midp | apply round_N_ge_midp]; assumption || lra.
Qed.

(** Half a distance is a tie, which the even neighbour wins: 2048 is even in fp16, 2050 is odd. *)
Theorem ties_fp16 : RN fp16 (2048 + 1) = 2048 /\ RN fp16 (2050 + 1) = 2052.
Proof. split; [tie 12%Z 1024%Z | tie 12%Z 1025%Z]. Qed.

(** All that 2048 absorbs in fp16: numbers are 1 apart below it, and 2 above. *)
Theorem absorbed_by_2048 : forall y, RN fp16 (2048 + y) = 2048 <-> - (1 / 2) <= y <= 1.
Proof.
assert (low : RN fp16 (2048 - 1 / 2) = 2048) by tie 11%Z 2047%Z.
assert (high : RN fp16 (2048 + 1) = 2048) by tie 12%Z 1024%Z.
intro y. split.
- intro absorbed.
  assert (member : 2048 is_in fp16) by exact_at 1024%Z 1%Z.
  assert (exponent : succ radix2 fp16 2048 = 2050).
  { rewrite succ_eq_pos by lra. change 2048 with (bpow radix2 11). rewrite ulp_bpow. simpl. lra. }
  assert (below : pred radix2 fp16 2048 = 2047).
  { change 2048 with (bpow radix2 11). rewrite pred_bpow. simpl. lra. }
  split; apply Rnot_lt_le; intro beyond.
  + assert (RN fp16 (2048 + y) <= pred radix2 fp16 2048); [| lra].
    apply round_N_le_midp; [typeclasses eauto | apply generic_format_pred; [typeclasses eauto | exact member] |].
    rewrite succ_pred by (try typeclasses eauto; exact member). rewrite below. lra.
  + assert (succ radix2 fp16 2048 <= RN fp16 (2048 + y)); [| lra].
    apply round_N_ge_midp; [typeclasses eauto | apply generic_format_succ; [typeclasses eauto | exact member] |].
    rewrite pred_succ by (try typeclasses eauto; exact member). rewrite exponent. lra.
- intros [below above]. apply Rle_antisym.
  + rewrite <- high at 2. apply round_le; try typeclasses eauto. lra.
  + rewrite <- low at 1. apply round_le; try typeclasses eauto. lra.
Qed.

(** What the lost term costs: 1 / 2049 of the sum, the most that nearest can lose. *)
Theorem cost_of_2048_plus_1 : (2048 + 1) - RN fp16 (2048 + 1) = 1 /\ 1 / (2048 + 1) = / 2049.
Proof. destruct ties_fp16 as [lost _]. rewrite lost. lra. Qed.

(** ** The sum of n ones, one after another, for every n. *)
Fixpoint sum_of_ones (rnd : R -> R) (n : nat) : R :=
  match n with O => 0 | S k => rnd (sum_of_ones rnd k + 1) end.

(** It is n as long as every integer is a number, and for ever 2^prec, which is even and where a one is half a unit. *)
Theorem sum_of_ones_is_min : forall emin prec, (1 < prec)%Z -> (emin <= 0)%Z -> forall n,
  sum_of_ones (RN (FLT_exp emin prec)) n = IZR (Z.min (Z.of_nat n) (2 ^ prec)).
Proof.
intros emin prec two_digits integers n. assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
assert (exponent : FLT_exp emin prec (prec + 1) = 1%Z) by (unfold FLT_exp; lia).
assert (power : forall e, (0 <= e)%Z -> IZR (2 ^ e) = bpow radix2 e) by (intros; now rewrite <- IZR_Zpower).
assert (limit : RN (FLT_exp emin prec) (IZR (2 ^ prec) + 1) = IZR (2 ^ prec)).
{ assert (large : 2 <= bpow radix2 prec) by (change 2 with (bpow radix2 1); apply bpow_le; lia).
  rewrite power by lia. rewrite (RN_tie _ _ _ (prec + 1) (2 ^ (prec - 1))); rewrite ?exponent.
  - rewrite Z.even_pow by lia. change (Z.even 2) with true. cbv iota.
    rewrite power, <- bpow_plus by lia. f_equal. ring.
  - rewrite Rabs_pos_eq, bpow_plus by lra. replace (prec + 1 - 1)%Z with prec by ring. change (bpow radix2 1) with 2. lra.
  - rewrite power by lia. replace prec with (prec - 1 + 1)%Z at 1 by ring.
    rewrite bpow_plus. change (bpow radix2 (- (1))) with (/ 2). change (bpow radix2 1) with 2. lra. }
induction n as [| n IH]; [simpl; rewrite Z.min_l; [reflexivity | apply Z.pow_nonneg; lia] |].
simpl sum_of_ones. rewrite IH. destruct (Z_lt_le_dec (Z.of_nat n) (2 ^ prec)) as [below | above].
- rewrite 2!Z.min_l by lia. rewrite <- plus_IZR. replace (Z.of_nat n + 1)%Z with (Z.of_nat (S n)) by lia.
  apply round_generic; [typeclasses eauto |].
  destruct (Z.eq_dec (Z.of_nat (S n)) (2 ^ prec)) as [at_limit | before].
  + rewrite at_limit, power by lia. apply generic_format_bpow. unfold FLT_exp. lia.
  + apply integer_is_in; [exact P | lia | exact integers].
- rewrite 2!Z.min_r by lia. exact limit.
Qed.

Corollary sum_of_ones_fp16 : forall n, sum_of_ones (RN fp16) n = IZR (Z.min (Z.of_nat n) 2048).
Proof. apply (sum_of_ones_is_min (-24) 11); reflexivity || discriminate. Qed.
Corollary sum_of_ones_bf16 : forall n, sum_of_ones (RN bf16) n = IZR (Z.min (Z.of_nat n) 256).
Proof. apply (sum_of_ones_is_min (-133) 8); reflexivity || discriminate. Qed.
Corollary sum_of_ones_fp32 : forall n, sum_of_ones (RN fp32) n = IZR (Z.min (Z.of_nat n) 16777216).
Proof. apply (sum_of_ones_is_min (-149) 24); reflexivity || discriminate. Qed.

(** Every integer up to 2^prec is a number, so sums that stay there are exact in any order. *)
Theorem integers_are_numbers : forall emin prec {P : Prec_gt_0 prec} n,
  (emin <= 0)%Z -> (Z.abs n <= 2 ^ prec)%Z -> IZR n is_in FLT_exp emin prec.
Proof.
intros emin prec P n integers bound. destruct (Z_lt_le_dec (Z.abs n) (2 ^ prec)) as [below | above].
- apply integer_is_in; assumption.
- assert (power : IZR (2 ^ prec) is_in FLT_exp emin prec).
  { change (2 ^ prec)%Z with (radix2 ^ prec)%Z. unfold Prec_gt_0 in P. rewrite IZR_Zpower by lia.
    apply generic_format_bpow. unfold FLT_exp. lia. }
  destruct (Z.abs_eq_or_opp n) as [sign | sign]; [now replace n with (2 ^ prec)%Z by lia |].
  replace n with (- 2 ^ prec)%Z by lia. rewrite opp_IZR. now apply generic_format_opp.
Qed.

(** ** What is not lost, in any format with gradual underflow. *)
Section Exact.
Variables emin prec : Z.
Context {P : Prec_gt_0 prec}.
Notation f := (FLT_exp emin prec).

Theorem sterbenz_exact : forall x y, x is_in f -> y is_in f -> y / 2 <= x <= 2 * y -> RN f (x - y) = x - y.
Proof. intros x y Fx Fy near. apply round_generic; [typeclasses eauto |]. apply sterbenz; try typeclasses eauto; assumption. Qed.

(** So Kahan's and the two-sum's corrections are computed without error. *)
Theorem lost_part_is_a_number : forall x y, x is_in f -> y is_in f -> (RN f (x + y) - (x + y)) is_in f.
Proof. intros x y Fx Fy. apply plus_error; try typeclasses eauto; assumption. Qed.
End Exact.

(** ** What a sum in any order loses at most. An order is a tree, whose depth is the most additions that a term goes through. *)
Inductive order := Term (x : R) | Sum (left right : order).
Fixpoint depth o := match o with Term _ => O | Sum l r => S (Nat.max (depth l) (depth r)) end.
Fixpoint exact o := match o with Term x => x | Sum l r => exact l + exact r end.
Fixpoint magnitude o := match o with Term x => Rabs x | Sum l r => magnitude l + magnitude r end.
Fixpoint terms_in (f : Z -> Z) o := match o with Term x => x is_in f | Sum l r => terms_in f l /\ terms_in f r end.
Fixpoint computed f o := match o with Term x => x | Sum l r => RN f (computed f l + computed f r) end.

Lemma exact_below_magnitude : forall o, Rabs (exact o) <= magnitude o.
Proof.
induction o as [x | l IHl r IHr]; simpl; [lra |]. apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.

(** v is the largest relative error of one addition, u / (1 + u). *)
Theorem sum_in_any_order : forall emin prec, (0 < prec)%Z -> forall o, terms_in (FLT_exp emin prec) o ->
  let v := / (bpow radix2 prec + 1) in
  Rabs (computed (FLT_exp emin prec) o - exact o) <= ((1 + v) ^ depth o - 1) * magnitude o.
Proof.
intros emin prec some o members v. assert (P : Prec_gt_0 prec) by exact some. set (f := FLT_exp emin prec) in *.
assert (positive : 0 < v) by (apply Rinv_0_lt_compat; assert (H := bpow_gt_0 radix2 prec); lra).
assert (same : u_ro radix2 prec / (1 + u_ro radix2 prec) = v).
{ unfold u_ro, v. rewrite bpow_plus, bpow_opp. change (bpow radix2 1) with 2. assert (H := bpow_gt_0 radix2 prec). field. lra. }
assert (computed_in : forall t, terms_in f t -> computed f t is_in f).
{ intros [x | l r] inside; [exact inside | apply generic_format_round; typeclasses eauto]. }
assert (grows : forall n m, (n <= m)%nat -> (1 + v) ^ n <= (1 + v) ^ m) by (intros; apply Rle_pow; [lra | assumption]).
induction o as [x | l IHl r IHr]; simpl in members |- *; [rewrite (Rminus_diag_eq x x), Rabs_R0 by reflexivity; lra |].
destruct members as [left right]. specialize (IHl left). specialize (IHr right).
destruct (FLT_plus_error_N_ex radix2 emin prec (fun z => negb (Z.even z)) _ _ (computed_in l left) (computed_in r right))
  as (e & small & value). fold f in value. rewrite same in small. rewrite value.
set (cl := computed f l) in *. set (cr := computed f r) in *. set (m := Nat.max (depth l) (depth r)).
assert (q := grows _ _ (Nat.le_max_l (depth l) (depth r))). assert (q' := grows _ _ (Nat.le_max_r (depth l) (depth r))). fold m in q, q'.
assert (ml := exact_below_magnitude l). assert (mr := exact_below_magnitude r).
assert (Rabs (exact l) >= 0 /\ Rabs (exact r) >= 0) as [pl pr] by (split; apply Rle_ge, Rabs_pos).
set (d := cl - exact l + (cr - exact r)).
assert (before : Rabs d <= ((1 + v) ^ m - 1) * (magnitude l + magnitude r)).
{ apply Rle_trans with (1 := Rabs_triang _ _). nra. }
replace ((cl + cr) * (1 + e) - (exact l + exact r)) with (d * (1 + e) + e * (exact l + exact r)) by (unfold d; ring).
apply Rle_trans with (1 := Rabs_triang _ _). rewrite 2!Rabs_mult.
assert (one : Rabs (1 + e) <= 1 + v) by (apply Rle_trans with (1 := Rabs_triang _ _); rewrite Rabs_R1; lra).
assert (Rabs (exact l + exact r) <= magnitude l + magnitude r) by (apply Rle_trans with (1 := Rabs_triang _ _); lra).
apply Rle_trans with ((((1 + v) ^ m - 1) * (magnitude l + magnitude r)) * (1 + v) + v * (magnitude l + magnitude r)); [| lra].
apply Rplus_le_compat; apply Rmult_le_compat; assumption || apply Rabs_pos.
Qed.
