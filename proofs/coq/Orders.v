(** Exercise 2: the peak sum, in every order, by Flocq's addition of IEEE 754's formats, which Flocq proves to be the exact
    sum rounded (Bplus_correct). The kernel computes it; no hardware and no other library takes part. *)
From Coq Require Import ZArith Reals List Lra.
From Flocq Require Import Core BinarySingleNaN.
From halfulp Require Import Formats.
Import ListNotations.
Open Scope Z_scope.

(** A list, cut into blocks; the last one is shorter. *)
Fixpoint first_blocks {A} count size (terms : list A) := match count with
  | O => []
  | S more => firstn size terms :: first_blocks more size (skipn size terms)
  end.
Definition blocks {A} size (terms : list A) := first_blocks (Nat.div (length terms + size - 1) size) size terms.

Section Any_format.
Variables prec emax : Z.
Context {P : Prec_gt_0 prec} {Q : Prec_lt_emax prec emax}.
Notation number := (binary_float prec emax).

(** m 2^e, rounded. *)
Definition rounded m e : number := binary_normalize prec emax P Q mode_NE m e false.
Definition zero : number := B754_zero false.
Definition add : number -> number -> number := Bplus mode_NE.
Definition sub : number -> number -> number := Bminus mode_NE.

Definition one_by_one (terms : list number) := fold_left add terms zero.

(** What an addition lost is taken off the next term. *)
Definition kahan (terms : list number) := fst (fold_left (fun '(sum, excess) x =>
  let wanted := sub x excess in let next := add sum wanted in (next, sub (sub next sum) wanted)) terms (zero, zero)).

(** What an addition lost, by Knuth's six operations, is summed apart. *)
Definition lost x y := let s := add x y in let y' := sub s x in add (sub x (sub s y')) (sub y y').
Definition two_sum (terms : list number) := let '(sum, errors) :=
  fold_left (fun '(sum, errors) x => (add sum x, add errors (lost sum x))) terms (zero, zero) in add sum errors.

(** The larger half first; 11 halvings are enough for 2048 terms. *)
Fixpoint in_halves depth (terms : list number) := match depth, terms with
  | _, [x] => x
  | O, _ => zero
  | S d, _ => let half := Nat.div2 (S (length terms)) in
      add (in_halves d (firstn half terms)) (in_halves d (skipn half terms))
  end.
Definition pairwise := in_halves 11.

Definition lane count (terms : list number) i :=
  map snd (filter (fun '(k, _) => Nat.eqb (Nat.modulo k count) i) (combine (seq 0 (length terms)) terms)).
Definition in_lanes count terms := pairwise (map (fun i => one_by_one (lane count terms i)) (seq 0 count)).

Definition in_blocks size terms := one_by_one (map one_by_one (blocks size terms)).

(** 2^14, then 1024 times the fp16 number after 1, then - 2^14. *)
Definition peak : list number := rounded (2 ^ 14) 0 :: repeat (rounded 1025 (-10)) 1024 ++ [rounded (- 2 ^ 14) 0].

Definition is (x : number) (value : R) := is_finite x = true /\ B2R x = value.
Lemma is_intro : forall x s, B2SF x = s -> is_finite_SF s = true -> forall value, SF2R radix2 s = value -> is x value.
Proof.
intros x s same finite value <-. split; [now rewrite <- is_finite_SF_B2SF, same | now rewrite <- SF2R_B2SF, same].
Qed.
End Any_format.

#[global] Instance fp16_reaches : Prec_lt_emax 11 16 := eq_refl.
#[global] Instance bf16_reaches : Prec_lt_emax 8 128 := eq_refl.
#[global] Instance fp32_reaches : Prec_lt_emax 24 128 := eq_refl.

(** Goals is x value, for a number x without variables. *)
Ltac computed := match goal with |- is ?p ?e ?x _ => let y := eval vm_compute in (B2SF x) in
  apply (is_intro p e x y); [vm_compute; reflexivity | reflexivity | unfold SF2R, F2R; simpl; lra] end.

(** The peak's sum in this order, in fp16, bf16 and fp32. *)
Definition peak_is (order : forall prec emax (P : Prec_gt_0 prec) (Q : Prec_lt_emax prec emax),
    list (binary_float prec emax) -> binary_float prec emax) (in_fp16 in_bf16 in_fp32 : R) :=
  is 11 16 (order 11 16 _ _ (peak 11 16)) in_fp16 /\
  is 8 128 (order 8 128 _ _ (peak 8 128)) in_bf16 /\
  is 24 128 (order 24 128 _ _ (peak 24 128)) in_fp32.
Ltac all_computed := split; [| split]; computed.

Open Scope R_scope.
Theorem peak_one_by_one : peak_is (@one_by_one) 0 0 1024. Proof. all_computed. Qed.
Theorem peak_in_blocks : peak_is (fun p e P Q => in_blocks p e 32) 992 0 (1024 + 993 / 1024). Proof. all_computed. Qed.
Theorem peak_in_lanes : peak_is (fun p e P Q => in_lanes p e 8) 897 896 (1024 + 7 / 8). Proof. all_computed. Qed.
Theorem peak_pairwise : peak_is (@pairwise) 1024 832 (1024 + 511 / 512). Proof. all_computed. Qed.
Theorem peak_kahan : peak_is (@kahan) 1024 1024 1025. Proof. all_computed. Qed.
Theorem peak_two_sum : peak_is (@two_sum) 1025 256 1025. Proof. all_computed. Qed.
