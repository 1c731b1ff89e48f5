(** The formats, as sets of reals. FLT_exp emin prec is Flocq's name for the format of precision prec whose least
    positive number is 2^emin; its largest power of two, 2^emax with emax as the exponent that overflows, is not part of
    it: a real format is what lies below 2^emax, and the theorems on overflow say where that matters. *)
From Coq Require Import ZArith Reals Lra.
From Flocq Require Import Core.
Open Scope R_scope.

#[global] Instance prec_8 : Prec_gt_0 8. Proof. reflexivity. Qed.
#[global] Instance prec_11 : Prec_gt_0 11. Proof. reflexivity. Qed.
#[global] Instance prec_24 : Prec_gt_0 24. Proof. reflexivity. Qed.
#[global] Instance prec_53 : Prec_gt_0 53. Proof. reflexivity. Qed.

Notation fp16 := (FLT_exp (-24) 11).
Notation bf16 := (FLT_exp (-133) 8).
Notation tf32 := (FLT_exp (-136) 11).
Notation fp32 := (FLT_exp (-149) 24).
Notation fp64 := (FLT_exp (-1074) 53).

(** x is a number of format f; x rounded to it, to nearest, ties to even. *)
Notation "x 'is_in' f" := (generic_format radix2 f x) (at level 70).
Notation RN f := (round radix2 f ZnearestE).

(** ** Numbers: a rounding is decided by the binade e of x and the integer m nearest to x in units in the last place. *)

Theorem RN_nearest : forall emin prec x e m,
  bpow radix2 (e - 1) <= Rabs x < bpow radix2 e ->
  Rabs (x * bpow radix2 (- FLT_exp emin prec e) - IZR m) < / 2 ->
  RN (FLT_exp emin prec) x = IZR m * bpow radix2 (FLT_exp emin prec e).
Proof.
intros emin prec x e m binade nearest.
unfold round, F2R, scaled_mantissa, cexp; simpl.
rewrite (mag_unique radix2 x e binade).
now rewrite (Znearest_imp _ _ m nearest).
Qed.

Theorem RN_tie : forall emin prec x e m,
  bpow radix2 (e - 1) <= Rabs x < bpow radix2 e ->
  x * bpow radix2 (- FLT_exp emin prec e) = IZR m + / 2 ->
  RN (FLT_exp emin prec) x = IZR (if Z.even m then m else m + 1) * bpow radix2 (FLT_exp emin prec e).
Proof.
intros emin prec x e m binade tie.
unfold round, F2R, scaled_mantissa, cexp; simpl.
rewrite (mag_unique radix2 x e binade), tie.
assert (floor : Zfloor (IZR m + / 2) = m) by (apply Zfloor_imp; rewrite plus_IZR; lra).
assert (ceil : Zceil (IZR m + / 2) = (m + 1)%Z) by (rewrite Zceil_floor_neq; rewrite floor; [reflexivity | lra]).
unfold Znearest. rewrite floor, ceil.
replace (IZR m + / 2 - IZR m) with (/ 2) by ring.
rewrite Rcompare_Eq by reflexivity. now destruct (Z.even m).
Qed.

(** Goals RN f x = y for numbers x and y: the binade and the integer are given, the rest is computed. *)
Ltac in_binade := split; unfold Rabs; destruct Rcase_abs; simpl in *; lra.
Ltac nearest e m := rewrite (RN_nearest _ _ _ e m); [simpl; lra | in_binade | apply Rabs_def1; simpl; lra].
Ltac tie e m := rewrite (RN_tie _ _ _ e m); [simpl; lra | in_binade | simpl; lra].

(** m 2^e is in the format when m has no more than prec bits and e is not below emin. *)
Lemma is_in_intro : forall emin prec {P : Prec_gt_0 prec} m e,
  (Z.abs m < 2 ^ prec)%Z -> (emin <= e)%Z -> IZR m * bpow radix2 e is_in FLT_exp emin prec.
Proof. intros. apply generic_format_FLT. now exists (Float radix2 m e). Qed.

Lemma integer_is_in : forall emin prec {P : Prec_gt_0 prec} m,
  (Z.abs m < 2 ^ prec)%Z -> (emin <= 0)%Z -> IZR m is_in FLT_exp emin prec.
Proof. intros. rewrite <- (Rmult_1_r (IZR m)). now apply (is_in_intro emin prec m 0). Qed.

Ltac exact_at m e := match goal with |- ?x is_in _ =>
  replace x with (IZR m * bpow radix2 e) by (simpl; lra); apply is_in_intro; reflexivity || (simpl; discriminate) end.

(** An integer is even or odd as its last bit; 2^prec - 1 is odd. *)
Lemma odd_below_power : forall prec, (0 < prec)%Z -> Z.even (2 ^ prec - 1) = false.
Proof. intros prec positive. now rewrite Z.even_sub, Z.even_pow. Qed.
