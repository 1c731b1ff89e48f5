(** To odd in a finer format first, then down, up, toward zero, away from it or to odd in the coarser one: the same as at once. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Round_odd.
From halfulp Require Import Formats.
Open Scope R_scope.

Section Odd.
Variables coarse fine : Z -> Z.
Context {coarse_valid : Valid_exp coarse} {fine_valid : Valid_exp fine}.
Context {coarse_even : Exists_NE radix2 coarse} {fine_even : Exists_NE radix2 fine}.
Hypothesis one_digit_more : forall e, (fine e <= coarse e - 1)%Z.
Notation odd x := (round radix2 fine Zrnd_odd x).
Notation down x := (round radix2 coarse Zfloor x).
Notation up x := (round radix2 coarse Zceil x).

Lemma coarse_in_fine : forall x, x is_in coarse -> x is_in fine.
Proof. intro x. apply generic_inclusion_mag. intros _. specialize (one_digit_more (mag radix2 x)). lia. Qed.

(** A number of the coarser format ends with a 0 in the finer one. *)
Lemma coarse_is_even : forall g, F2R g is_in coarse -> canonical radix2 fine g -> Z.even (Fnum g) = true.
Proof.
intros [m e] member exponent. unfold canonical in exponent. simpl Fexp in exponent. simpl Fnum.
unfold generic_format in member. set (m' := Ztrunc _) in member. set (x := F2R (Float radix2 m e)) in *.
assert (less : (e <= cexp radix2 coarse x - 1)%Z).
{ rewrite exponent. unfold cexp. specialize (one_digit_more (mag radix2 x)). lia. }
rewrite (F2R_change_exp radix2 e m' (cexp radix2 coarse x)) in member by lia.
unfold x in member. apply eq_F2R in member. fold x in member. rewrite member, Z.even_mul. apply Bool.orb_true_iff. right.
change (radix_val radix2) with 2%Z. rewrite Z.even_pow by lia. reflexivity.
Qed.

(** So between two neighbours of the coarser format the detour stays strictly between them. *)
Lemma odd_stays_between : forall x, ~ x is_in coarse -> down x < odd x < up x.
Proof.
intros x between. destruct (round_odd_pt radix2 fine x) as [member [same | [side (g & value & canonic & is_odd)]]].
- rewrite same. destruct (round_DN_pt radix2 coarse x) as (d & low & _), (round_UP_pt radix2 coarse x) as (u & high & _).
  split; apply Rnot_le_lt; intro beyond; apply between.
  + replace x with (down x) by lra. exact d.
  + replace x with (up x) by lra. exact u.
- assert (not_coarse : ~ odd x is_in coarse).
  { intro coarse_too. rewrite value in coarse_too. apply coarse_is_even in coarse_too; [| exact canonic]. congruence. }
  destruct (round_DN_pt radix2 coarse x) as (d & low & _), (round_UP_pt radix2 coarse x) as (u & high & _).
  assert (inside : down x <= odd x <= up x).
  { split; [apply round_ge_generic | apply round_le_generic]; try typeclasses eauto; try assumption; now apply coarse_in_fine. }
  split; apply Rnot_le_lt; intro beyond; apply not_coarse.
  + replace (odd x) with (down x) by lra. exact d.
  + replace (odd x) with (up x) by lra. exact u.
Qed.

Theorem odd_then_down : forall x, down (odd x) = down x.
Proof.
intro x. destruct (generic_format_EM radix2 coarse x) as [member | between].
- rewrite (round_generic radix2 fine Zrnd_odd x); [reflexivity | now apply coarse_in_fine].
- apply round_DN_eq; [typeclasses eauto | apply generic_format_round; typeclasses eauto |].
  rewrite succ_DN_eq_UP by (exact between || typeclasses eauto). assert (H := odd_stays_between x between). lra.
Qed.

Theorem odd_then_up : forall x, up (odd x) = up x.
Proof.
intro x. destruct (generic_format_EM radix2 coarse x) as [member | between].
- rewrite (round_generic radix2 fine Zrnd_odd x); [reflexivity | now apply coarse_in_fine].
- apply round_UP_eq; [typeclasses eauto | apply generic_format_round; typeclasses eauto |].
  rewrite pred_UP_eq_DN by (exact between || typeclasses eauto). assert (H := odd_stays_between x between). lra.
Qed.

Theorem odd_then_toward_zero : forall x, round radix2 coarse Ztrunc (odd x) = round radix2 coarse Ztrunc x.
Proof.
assert (zero : 0 is_in fine) by apply generic_format_0.
intro x. destruct (Rle_or_lt 0 x) as [sign | sign].
- rewrite 2!round_ZR_DN; [apply odd_then_down | exact sign |]. apply round_ge_generic; try typeclasses eauto; assumption.
- rewrite 2!round_ZR_UP; [apply odd_then_up | lra |]. apply round_le_generic; try typeclasses eauto; [assumption | lra].
Qed.

Theorem odd_then_away_from_zero : forall x, round radix2 coarse Zaway (odd x) = round radix2 coarse Zaway x.
Proof.
assert (zero : 0 is_in fine) by apply generic_format_0.
intro x. destruct (Rle_or_lt 0 x) as [sign | sign].
- rewrite 2!round_AW_UP; [apply odd_then_up | exact sign |]. apply round_ge_generic; try typeclasses eauto; assumption.
- rewrite 2!round_AW_DN; [apply odd_then_down | lra |]. apply round_le_generic; try typeclasses eauto; [assumption | lra].
Qed.

Theorem odd_then_odd : forall x, round radix2 coarse Zrnd_odd (odd x) = round radix2 coarse Zrnd_odd x.
Proof.
intro x. destruct (generic_format_EM radix2 coarse x) as [member | between].
- rewrite (round_generic radix2 fine Zrnd_odd x); [reflexivity | now apply coarse_in_fine].
- apply (Rnd_odd_pt_unique radix2 coarse x); [| now apply round_odd_pt].
  destruct (round_odd_pt radix2 coarse (odd x)) as [member [same | [side odd_number]]].
  + exfalso. assert (H := odd_stays_between x between). rewrite same in member.
    destruct (round_DN_pt radix2 coarse x) as (_ & _ & largest), (round_UP_pt radix2 coarse x) as (_ & _ & least).
    destruct (Rle_or_lt (odd x) x) as [low | high].
    * specialize (largest _ member low). lra.
    * specialize (least _ member (Rlt_le _ _ high)). lra.
  + split; [exact member | right; split; [| exact odd_number]]. destruct side as [low | high]; [left | right].
    * rewrite (Rnd_DN_pt_unique _ _ _ _ low (round_DN_pt radix2 coarse (odd x))), odd_then_down. now apply round_DN_pt.
    * rewrite (Rnd_UP_pt_unique _ _ _ _ high (round_UP_pt radix2 coarse (odd x))), odd_then_up. now apply round_UP_pt.
Qed.
End Odd.

Definition same_through_fp32 rnd := forall x,
  round radix2 fp16 rnd (round radix2 fp32 Zrnd_odd x) = round radix2 fp16 rnd x /\
  round radix2 bf16 rnd (round radix2 fp32 Zrnd_odd x) = round radix2 bf16 rnd x.
Theorem through_fp32 : same_through_fp32 Zfloor /\ same_through_fp32 Zceil /\ same_through_fp32 Ztrunc /\
  same_through_fp32 Zaway /\ same_through_fp32 Zrnd_odd.
Proof.
assert (even : Exists_NE radix2 fp16 /\ Exists_NE radix2 bf16 /\ Exists_NE radix2 fp32)
  by (repeat split; right; unfold FLT_exp; intros; lia).
destruct even as (fp16_even & bf16_even & fp32_even).
repeat split; (apply odd_then_down || apply odd_then_up || apply odd_then_toward_zero || apply odd_then_away_from_zero ||
  apply odd_then_odd); try typeclasses eauto; intro e; unfold FLT_exp; lia.
Qed.
