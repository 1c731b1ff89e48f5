(** Exercise 2: what a matrix unit adds, a block at a time: every term cut off F bits below the largest one, added exactly, and
    rounded once, toward zero to fp32, to nearest even to fp16. Which F and which blocks a GPU has is no theorem. *)
From Coq Require Import ZArith Reals List.
From Flocq Require Import Core BinarySingleNaN.
From halfulp Require Import Formats Orders.
Import ListNotations.
Open Scope Z_scope.

(** Terms and sums are whole multiples of 2^-60. *)
Definition scale := 60.
Definition power e := 2 ^ (e + scale).

Section Accumulator.
Variables prec emax : Z.
Context {P : Prec_gt_0 prec} {Q : Prec_lt_emax prec emax}.
Variable rounding : mode.
Variables (F : Z) (size : nat).

(** In the accumulator's format, by Flocq. *)
Definition stored whole : Z := match binary_normalize prec emax P Q rounding whole (- scale) false with
  | B754_finite s m e _ => SpecFloat.cond_Zopp s (Zpos m) * power e
  | _ => 0
  end.
Definition cut_off largest x := let below := Z.log2 largest - F in Z.sgn x * Z.shiftl (Z.shiftr (Z.abs x) below) below.
Definition block sum terms := let all := sum :: terms in
  stored (fold_left Z.add (map (cut_off (fold_left Z.max (map Z.abs all) 0)) all) 0).
Definition sum_of terms := fold_left block (blocks size terms) 0.
End Accumulator.

(** A block of ones, to nearest in fp16: it takes the sum to 2^11 blocks, and no further. *)
Definition plus_block F size count :=
  block 11 16 mode_NE F (Z.of_nat size * count * power 0) (repeat (power 0) size) = Z.of_nat size * 2 ^ 11 * power 0.
Definition sticks F size := plus_block F size (2 ^ 11 - 1) /\ plus_block F size (2 ^ 11).
Theorem ones_in_blocks : sticks 23 4 /\ sticks 24 8 /\ sticks 25 16.
Proof. split; [| split]; split; vm_compute; reflexivity. Qed.

(** 1 - 1 + 2^-j in one block, toward zero to fp32. *)
Definition cancelled F j := block 24 128 mode_ZR F (- power 0) [power 0; power (- j)].
Definition keeps F := forall j, In j [20; 21; 22; 23; 24; 25; 26; 27; 28] ->
  cancelled F j = if j <=? F then power (- j) else 0.
Theorem kept_bits : keeps 23 /\ keeps 24 /\ keeps 25.
Proof. split; [| split]; intros j range; repeat (destruct range as [<- | range]; [reflexivity |]); contradiction. Qed.

(** The peak sum: to nearest in fp16, toward zero in fp32. *)
Definition peak_terms := power 14 :: repeat (1025 * power (-10)) 1024 ++ [- power 14].
Definition peak_is F size in_fp16 in_fp32 :=
  sum_of 11 16 mode_NE F size peak_terms = in_fp16 /\ sum_of 24 128 mode_ZR F size peak_terms = in_fp32.
Theorem peak_in_unit : peak_is 23 4 (power 0) (1024 * power 0) /\
  peak_is 24 8 (2033 * power 0) (1025 * power 0 - power (-10)) /\
  peak_is 25 16 (1025 * power 0) (1025 * power 0 - power (-10)).
Proof. split; [| split]; split; vm_compute; reflexivity. Qed.
