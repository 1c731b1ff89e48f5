(* Flocq's operations on codes of an IEEE 754 format, for extraction: what answer.ml prints is computed by the definitions
   whose correctness Flocq proves. *)
From Coq Require Import ZArith Extraction ExtrOcamlBasic.
From Flocq Require Import Core Bits.
From Flocq Require Binary.
From Flocq Require Import BinarySingleNaN.
Open Scope Z_scope.

Section Format.

(* The widths of the fields. *)
Variables fraction exponent : Z.
Hypothesis has_fraction : 0 < fraction.
Hypothesis has_exponent : 0 < exponent.
Hypothesis has_normal : fraction + 1 < 2 ^ (exponent - 1).

Definition p := fraction + 1.
Definition emax := 2 ^ (exponent - 1).
Instance p_positive : FLX.Prec_gt_0 p.
Proof. unfold FLX.Prec_gt_0, p. now apply Z.lt_lt_succ_r. Qed.
Instance p_below_emax : Prec_lt_emax p emax := has_normal.

Definition number := binary_float p emax.

Definition decode (code : Z) : number :=
  Binary.B2BSN _ _ (binary_float_of_bits fraction exponent has_fraction has_exponent has_normal code).

Definition encode (x : number) : Z :=
  match x with
  | B754_zero s => join_bits fraction exponent s 0 0
  | B754_infinity s => join_bits fraction exponent s 0 (2 ^ exponent - 1)
  | B754_nan => join_bits fraction exponent false (2 ^ (fraction - 1)) (2 ^ exponent - 1)
  | B754_finite s m e _ =>
      if 2 ^ fraction <=? Zpos m
      then join_bits fraction exponent s (Zpos m - 2 ^ fraction) (e - SpecFloat.emin p emax + 1)
      else join_bits fraction exponent s (Zpos m) 0
  end.

Definition plus r a b := encode (Bplus r (decode a) (decode b)).
Definition minus r a b := encode (Bminus r (decode a) (decode b)).
Definition times r a b := encode (Bmult r (decode a) (decode b)).
Definition divided r a b := encode (Bdiv r (decode a) (decode b)).
Definition root r a := encode (Bsqrt r (decode a)).
Definition fused r a b c := encode (Bfma r (decode a) (decode b) (decode c)).

Definition rounded {p' emax'} r (x : binary_float p' emax') : Z :=
  encode match x with
  | B754_zero s => B754_zero s
  | B754_infinity s => B754_infinity s
  | B754_nan => B754_nan
  | B754_finite s m e _ => binary_normalize p emax _ _ r (SpecFloat.cond_Zopp s (Zpos m)) e s
  end.

End Format.

Extraction "flocq.ml" decode plus minus times divided root fused rounded p emax.
