(** Logarithms in decimals, which Interval computes: the digits of exercise 3 and the decibels of exercise 4. *)
From Coq Require Import ZArith Reals Lra.
From Flocq Require Import Core.
From Interval Require Import Tactic.
Open Scope R_scope.

Definition log10 x := ln x / ln 10.

(** Decimal digits of a format, -log10 u with u = 2^-prec, before the four that kappa costs. *)
Definition digits prec := - log10 (bpow radix2 (- prec)).
Theorem digits_of_formats : Rabs (digits 11 - 3.311) <= 0.001 /\ Rabs (digits 8 - 2.408) <= 0.001 /\
  Rabs (digits 24 - 7.225) <= 0.001.
Proof. unfold digits, log10. simpl. split; [| split]; interval with (i_prec 40). Qed.

(** Power in decibels: b bits are a factor of 4^b, and a sine has 3/2 of it. *)
Definition dB x := 10 * log10 x.
Theorem decibels_of_bits : forall b : nat, dB (4 ^ b) = INR b * dB 4 /\ dB (3 / 2 * 4 ^ b) = INR b * dB 4 + dB (3 / 2).
Proof.
intro b. assert (power : 0 < 4 ^ b) by (apply pow_lt; lra).
assert (log : ln 10 <> 0) by (assert (ln 1 < ln 10) by (apply ln_increasing; lra); rewrite ln_1 in *; lra).
unfold dB, log10. rewrite ln_mult, ln_pow by lra. split; field; exact log.
Qed.
Theorem decibels : Rabs (dB 4 - 6.0206) <= 0.00001 /\ Rabs (dB (3 / 2) - 1.76091) <= 0.00001 /\
  Rabs (dB (4 ^ 8) - 48.1648) <= 0.0001 /\ Rabs (dB (3 / 2 * 4 ^ 8) - 49.9257) <= 0.0001 /\
  Rabs (dB (254 ^ 2) - 48.0967) <= 0.0001 /\ Rabs (dB (3 / 2 * 254 ^ 2) - 49.8576) <= 0.0001.
Proof. unfold dB, log10. repeat split; interval with (i_prec 60). Qed.
