(** Exercise 3: which matrices no rounding of their entries makes singular. n rows and columns, counted from 0. *)
From Coq Require Import ZArith Reals Lia Lra PeanoNat.
From Flocq Require Import Core.
From halfulp Require Import Formats Range.
Open Scope R_scope.

Fixpoint sum n (f : nat -> R) := match n with O => 0 | S m => sum m f + f m end.
(** Of n numbers that are not negative. *)
Fixpoint greatest n (f : nat -> R) := match n with O => 0 | S m => Rmax (greatest m f) (f m) end.

Definition matrix := nat -> nat -> R.
Definition times n (A : matrix) v i := sum n (fun j => A i j * v j).
Definition norm_inf n (A : matrix) := greatest n (fun i => sum n (fun j => Rabs (A i j))).
Definition inverts n (B A : matrix) := forall i k, (i < n)%nat -> (k < n)%nat ->
  sum n (fun j => B i j * A j k) = if Nat.eqb i k then 1 else 0.
Definition all_zero n (v : nat -> R) := forall i, (i < n)%nat -> v i = 0.
Definition regular n A := forall v, all_zero n (times n A v) -> all_zero n v.

(** ** Sums *)
Lemma sum_ext : forall n f g, (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof. intros n f g same. induction n as [| n IH]; [reflexivity |]. simpl. rewrite IH, same; auto. Qed.

Lemma sum_plus : forall n f g, sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. intros n f g. induction n as [| n IH]; simpl; [ring |]. rewrite IH. ring. Qed.

Lemma sum_scale : forall n c f, sum n (fun i => c * f i) = c * sum n f.
Proof. intros n c f. induction n as [| n IH]; simpl; [ring |]. rewrite IH. ring. Qed.

Lemma sum_exchange : forall n m (f : nat -> nat -> R), sum n (fun i => sum m (f i)) = sum m (fun j => sum n (fun i => f i j)).
Proof.
intros n m f. induction n as [| n IH]; simpl.
- induction m as [| m IH]; simpl; [| rewrite <- IH]; ring.
- rewrite IH. symmetry. apply sum_plus.
Qed.

Lemma sum_le : forall n f g, (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof. intros n f g less. induction n as [| n IH]; simpl; [lra |]. apply Rplus_le_compat; auto. Qed.

Lemma abs_of_sum : forall n f, Rabs (sum n f) <= sum n (fun i => Rabs (f i)).
Proof.
intros n f. induction n as [| n IH]; simpl; [rewrite Rabs_R0; lra |].
apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.

Lemma sum_of_one : forall n i v, (i < n)%nat -> sum n (fun k => (if Nat.eqb i k then 1 else 0) * v k) = v i.
Proof.
intros n i v. induction n as [| n IH]; intro inside; [lia |]. simpl. destruct (Nat.eqb_spec i n) as [<- | other].
- rewrite (sum_ext i _ (fun _ => 0 * 0)); [rewrite sum_scale; ring |].
  intros k below. destruct (Nat.eqb_spec i k); [lia | ring].
- rewrite IH by lia. ring.
Qed.

(** ** The greatest *)
Lemma greatest_bounds : forall n f i, (i < n)%nat -> f i <= greatest n f.
Proof.
intros n f i. induction n as [| n IH]; intro inside; [lia |]. simpl. destruct (Nat.eq_dec i n) as [-> | other]; [apply Rmax_r |].
apply Rle_trans with (2 := Rmax_l _ _). apply IH. lia.
Qed.

Lemma greatest_least : forall n f b, 0 <= b -> (forall i, (i < n)%nat -> f i <= b) -> greatest n f <= b.
Proof. intros n f b positive bound. induction n as [| n IH]; simpl; [exact positive | apply Rmax_lub; auto]. Qed.

Lemma greatest_positive : forall n f, 0 <= greatest n f.
Proof. intros n f. induction n as [| n IH]; simpl; [lra | apply Rle_trans with (1 := IH), Rmax_l]. Qed.

(** No product of a matrix and a vector of numbers up to b exceeds the norm times b; the matrix may have been changed. *)
Lemma norm_stretches : forall n (A D : matrix) v e b, (forall i, (i < n)%nat -> Rabs (v i) <= b) -> 0 <= e ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> Rabs (D i j) <= e * Rabs (A i j)) ->
  forall i, (i < n)%nat -> Rabs (times n D v i) <= e * norm_inf n A * b.
Proof.
intros n A D v e b bounded not_negative change i inside.
assert (0 <= b) by (apply Rle_trans with (2 := bounded i inside), Rabs_pos).
apply Rle_trans with (1 := abs_of_sum _ _).
apply Rle_trans with (sum n (fun j => e * b * Rabs (A i j))).
- apply sum_le. intros j below. rewrite Rabs_mult. replace (e * b * Rabs (A i j)) with (e * Rabs (A i j) * b) by ring.
  apply Rmult_le_compat; auto using Rabs_pos.
- rewrite sum_scale. replace (e * norm_inf n A * b) with (e * b * norm_inf n A) by ring.
  apply Rmult_le_compat_l; [now apply Rmult_le_pos |].
  exact (greatest_bounds n (fun i => sum n (fun j => Rabs (A i j))) i inside).
Qed.

(** What the inverse makes of A v is v. *)
Lemma inverse_of_product : forall n A B v i, inverts n B A -> (i < n)%nat -> times n B (times n A v) i = v i.
Proof.
intros n A B v i identity inside. unfold times.
rewrite (sum_ext n _ (fun j => sum n (fun k => B i j * (A j k * v k)))) by (intros; symmetry; apply sum_scale).
rewrite sum_exchange. rewrite <- (sum_of_one n i v inside). apply sum_ext. intros k below.
rewrite <- identity by assumption. rewrite Rmult_comm, <- sum_scale. apply sum_ext. intros. ring.
Qed.

Lemma times_change : forall n (A C : matrix) v i, times n (fun i j => C i j - A i j) v i = times n C v i - times n A v i.
Proof. intros n A C v i. unfold times. induction n as [| n IH]; simpl; [ring |]. rewrite IH. ring. Qed.

(** ** Entries that change by e of their magnitude at most leave the matrix regular if kappa_inf e < 1. *)
Theorem changed_regular : forall n A B C e, inverts n B A -> 0 <= e ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> Rabs (C i j - A i j) <= e * Rabs (A i j)) ->
  norm_inf n A * norm_inf n B * e < 1 -> regular n C.
Proof.
intros n A B C e identity not_negative change small v kernel.
set (b := greatest n (fun i => Rabs (v i))).
assert (bounded : forall i, (i < n)%nat -> Rabs (v i) <= b) by exact (greatest_bounds n (fun i => Rabs (v i))).
assert (b_positive : 0 <= b) by apply greatest_positive.
assert (norms : 0 <= norm_inf n A /\ 0 <= norm_inf n B) by (split; apply greatest_positive).
assert (product : forall i, (i < n)%nat -> Rabs (times n A v i) <= e * norm_inf n A * b).
{ intros i inside. replace (times n A v i) with (- times n (fun i j => C i j - A i j) v i).
  - rewrite Rabs_Ropp. now apply norm_stretches.
  - rewrite times_change, kernel by exact inside. ring. }
assert (back : b <= 1 * norm_inf n B * (e * norm_inf n A * b)).
{ apply greatest_least.
  - repeat apply Rmult_le_pos; try apply norms; assumption || lra.
  - intros i inside. rewrite <- (inverse_of_product n A B v i identity inside).
    apply norm_stretches; try assumption; [lra | intros; lra]. }
assert (b = 0) by nra.
intros i inside. apply Rabs_eq_R0. apply Rle_antisym; [rewrite <- H; now apply bounded | apply Rabs_pos].
Qed.

(** Stored to nearest, an entry that is 0 or normal changes by 1 / (2^p + 1) of itself at most. *)
Definition rounded_to f (A : matrix) : matrix := fun i j => RN f (A i j).
Definition zero_or_normal e x := x = 0 \/ bpow radix2 e <= Rabs x.
Definition entries n (A : matrix) (P : R -> Prop) := forall i j, (i < n)%nat -> (j < n)%nat -> P (A i j).
Theorem rounded_regular : forall emin prec, (1 < prec)%Z -> (emin < - prec)%Z ->
  forall n A B, inverts n B A -> entries n A (zero_or_normal (emin + prec - 1)) ->
  norm_inf n A * norm_inf n B < bpow radix2 prec + 1 -> regular n (rounded_to (FLT_exp emin prec) A).
Proof.
intros emin prec two_digits normal n A B identity range small.
assert (positive := bpow_gt_0 radix2 prec).
assert (unit_positive : 0 < / (bpow radix2 prec + 1)) by (apply Rinv_0_lt_compat; lra).
apply (changed_regular n A B _ (/ (bpow radix2 prec + 1))); [exact identity | lra | |].
- intros i j row column. unfold rounded_to. destruct (range i j row column) as [-> | large].
  + assert (P : Prec_gt_0 prec) by (unfold Prec_gt_0; lia). rewrite round_0 by typeclasses eauto.
    rewrite Rminus_0_r, Rabs_R0. lra.
  + now apply relative_error.
- apply (Rmult_lt_reg_r (bpow radix2 prec + 1)); [lra |]. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Definition rounded_regular_in f least limit := forall n A B, inverts n B A -> entries n A (zero_or_normal least) ->
  norm_inf n A * norm_inf n B < limit -> regular n (rounded_to f A).
Corollary rounded_regular_of_formats : rounded_regular_in fp16 (-14) 2049 /\ rounded_regular_in bf16 (-126) 257 /\
  rounded_regular_in fp32 (-126) 16777217.
Proof.
replace 2049 with (bpow radix2 11 + 1) by (simpl; lra). replace 257 with (bpow radix2 8 + 1) by (simpl; lra).
replace 16777217 with (bpow radix2 24 + 1) by (simpl; lra).
split; [| split]; match goal with |- rounded_regular_in (FLT_exp ?e ?p) _ _ => exact (rounded_regular e p eq_refl eq_refl) end.
Qed.

(** Of two rows: a determinant, if not 0, does not become 0. *)
Definition of_two a b c d : matrix := fun i j => match i, j with 0, 0 => a | 0, _ => b | _, 0 => c | _, _ => d end%nat.
Definition inverse_of_two a b c d := let det := a * d - b * c in of_two (d / det) (- b / det) (- c / det) (a / det).

Lemma determinant_of_regular : forall a b c d, regular 2 (of_two a b c d) -> a * d - b * c <> 0.
Proof.
intros a b c d only_zero singular.
assert (kernel : forall x y, a * x + b * y = 0 -> c * x + d * y = 0 -> x = 0 /\ y = 0).
{ intros x y first second. set (v := fun i : nat => match i with O => x | _ => y end).
  assert (zero : all_zero 2 v).
  { apply only_zero. intros [| [| i]] inside; unfold times, v; simpl; [lra.. | lia]. }
  split; [apply (zero 0%nat) | apply (zero 1%nat)]; lia. }
destruct (kernel d (- c)) as [d_is_0 c_is_0]; [lra.. |]. destruct (kernel (- b) a) as [b_is_0 a_is_0]; [lra.. |].
destruct (kernel 1 0); nra.
Qed.

Theorem determinant_of_rounded : forall emin prec, (1 < prec)%Z -> (emin < - prec)%Z ->
  forall a b c d, a * d - b * c <> 0 -> entries 2 (of_two a b c d) (zero_or_normal (emin + prec - 1)) ->
  norm_inf 2 (of_two a b c d) * norm_inf 2 (inverse_of_two a b c d) < bpow radix2 prec + 1 ->
  let rounded := RN (FLT_exp emin prec) in rounded a * rounded d - rounded b * rounded c <> 0.
Proof.
intros emin prec two_digits normal a b c d det range small rounded. apply determinant_of_regular.
assert (H : regular 2 (rounded_to (FLT_exp emin prec) (of_two a b c d))).
{ apply (rounded_regular emin prec two_digits normal 2 _ (inverse_of_two a b c d)); [| exact range | exact small].
  intros [| [| i]] [| [| k]] row column; try lia; unfold inverse_of_two; simpl; field; exact det. }
intros v zero. apply H. intros [| [| i]] inside; [apply (zero 0%nat) | apply (zero 1%nat) | ]; lia.
Qed.
