(** Stochastic rounding: up with the probability that is the part of the way from the number below to the one above. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core.
From halfulp Require Import Formats.
Open Scope R_scope.

Section Stochastic.
Variable fexp : Z -> Z.
Context {V : Valid_exp fexp}.
Notation down := (round radix2 fexp Zfloor).
Notation up := (round radix2 fexp Zceil).
Notation unit := (ulp radix2 fexp).
Definition part x := (x - down x) / unit x.
(** The average when it goes up with probability p. *)
Definition average p x := (1 - p) * down x + p * up x.

Lemma unit_positive : forall x, ~ x is_in fexp -> 0 < unit x.
Proof.
intros x between. destruct (ulp_ge_0 radix2 fexp x) as [| zero]; [assumption | exfalso].
assert (distance := round_UP_DN_ulp radix2 fexp x between). rewrite <- zero, Rplus_0_r in distance.
assert (down x <= x <= up x) by (split; [apply round_DN_pt | apply round_UP_pt]; exact V).
apply between. replace x with (down x) by lra. apply generic_format_round; typeclasses eauto.
Qed.

Theorem unbiased : forall x, ~ x is_in fexp -> average (part x) x = x.
Proof.
intros x between. unfold average, part. rewrite (round_UP_DN_ulp radix2 fexp x between).
assert (positive := unit_positive x between). field. lra.
Qed.

(** With r random bits the probability is cut to r bits: the average is low by less than 2^-r units. *)
Theorem bias_of_r_bits : forall r x, ~ x is_in fexp ->
  let cut := IZR (Zfloor (part x * bpow radix2 r)) * bpow radix2 (- r) in
  average cut x <= x < average cut x + bpow radix2 (- r) * unit x.
Proof.
intros r x between cut. assert (exact := unbiased x between). assert (positive := unit_positive x between).
assert (inverse : bpow radix2 r * bpow radix2 (- r) = 1) by (rewrite <- bpow_plus; now replace (r + - r)%Z with 0%Z by ring).
assert (step := bpow_gt_0 radix2 (- r)).
assert (low : cut <= part x).
{ rewrite <- (Rmult_1_r (part x)), <- inverse, <- Rmult_assoc. apply Rmult_le_compat_r; [lra | apply Zfloor_lb]. }
assert (high : part x < cut + bpow radix2 (- r)).
{ replace (cut + bpow radix2 (- r)) with ((IZR (Zfloor (part x * bpow radix2 r)) + 1) * bpow radix2 (- r)) by (unfold cut; ring).
  apply Rle_lt_trans with (part x * bpow radix2 r * bpow radix2 (- r)); [rewrite Rmult_assoc, inverse; lra |].
  apply Rmult_lt_compat_r; [exact step | apply Zfloor_ub]. }
unfold average in *. rewrite (round_UP_DN_ulp radix2 fexp x between) in *.
revert exact low high positive. generalize (part x), cut, (unit x), (down x), (bpow radix2 (- r)). intros. split; nra.
Qed.

(** r bits are enough, without bias, for a tail of r bits: 13 from fp32 to normal fp16. *)
Theorem enough_bits : forall r x, ~ x is_in fexp -> (exists n, part x * bpow radix2 r = IZR n) ->
  average (IZR (Zfloor (part x * bpow radix2 r)) * bpow radix2 (- r)) x = x.
Proof.
intros r x between [n tail]. rewrite tail, Zfloor_IZR, <- tail, Rmult_assoc, <- bpow_plus.
replace (r + - r)%Z with 0%Z by ring. rewrite Rmult_1_r. now apply unbiased.
Qed.
End Stochastic.
