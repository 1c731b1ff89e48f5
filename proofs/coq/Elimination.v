(** Exercise 3: elimination without pivoting, by Flocq's operations. *)
From Coq Require Import ZArith Reals Lra.
From Flocq Require Import Core BinarySingleNaN.
From halfulp Require Import Formats Orders.
Open Scope Z_scope.

Section Any_format.
Variables prec emax : Z.
Context {P : Prec_gt_0 prec} {Q : Prec_lt_emax prec emax}.
Notation number := (binary_float prec emax).

(** The solution of [[a11, a12], [a21, a22]] x = (c1, c2). *)
Definition solution (a11 a12 a21 a22 c1 c2 : number) : number * number :=
  let m := Bdiv mode_NE a21 a11 in
  let u22 := Bminus mode_NE a22 (Bmult mode_NE m a12) in
  let y2 := Bminus mode_NE c2 (Bmult mode_NE m c1) in
  let x2 := Bdiv mode_NE y2 u22 in
  (Bdiv mode_NE (Bminus mode_NE c1 (Bmult mode_NE a12 x2)) a11, x2).

(** [[50, 51], [51, 52]] x = (-1, -1), whose solution is (1, -1). *)
Definition of_50_51_52 := let n m := rounded prec emax m 0 in
  solution (n 50) (n 51) (n 51) (n 52) (n (-1)) (n (-1)).
End Any_format.

#[global] Instance fp64_reaches : Prec_lt_emax 53 1024 := eq_refl.

Definition solved prec emax {P : Prec_gt_0 prec} {Q : Prec_lt_emax prec emax} x1 x2 :=
  is prec emax (fst (of_50_51_52 prec emax)) x1 /\ is prec emax (snd (of_50_51_52 prec emax)) x2.
Open Scope R_scope.
Theorem elimination_fp64 : solved 53 1024 (2251799813684891 * bpow radix2 (-51)) (- 1125899906842449 * bpow radix2 (-50)).
Proof. split; computed. Qed.
Theorem elimination_fp32 : solved 24 128 (16776808 / 16777216) (- 16776816 / 16777216).
Proof. split; computed. Qed.
Theorem elimination_bf16 : solved 8 128 (155 / 2048) (- 3 / 32).
Proof. split; computed. Qed.
(** In fp16 the pivot is 0. *)
Theorem elimination_fp16 : of_50_51_52 11 16 = (B754_infinity true, B754_infinity false).
Proof. now vm_compute. Qed.

(** A diagonal system c1, -c1, is solved exactly in every format. *)
Theorem quotient_of_opposites : forall emin prec {P : Prec_gt_0 prec} x, RN (FLT_exp emin prec) x <> 0 ->
  RN (FLT_exp emin prec) (- x) / RN (FLT_exp emin prec) x = -1.
Proof. intros emin prec P x not_zero. rewrite round_NE_opp. now field. Qed.
