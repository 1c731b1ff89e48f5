(** False: that fp16 stays finite up to 65520. Coq is to refuse it: "Cannot find witness". *)
From Coq Require Import Reals Lra.
From halfulp Require Import Formats Range.
Open Scope R_scope.

Theorem false : forall x, x <= 65520 -> RN fp16 x <= 65504.
Proof. intros x below. apply overflow_fp16. lra. Qed.
