(** Not proved: an admitted theorem is an axiom, which the table of axioms is to refuse: "+reals classical: flush_fp16". *)
From Coq Require Import Reals.
From Flocq Require Import Core.
From halfulp Require Import Formats.
Open Scope R_scope.

Theorem flush_fp16 : forall x, RN fp16 x = 0 <-> Rabs x < bpow radix2 (-25).
Proof. Admitted.
