(** Exercise 4: the noise of a uniform quantiser with step s, and the decibels of its signals. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** Mid-tread rounds to the nearest multiple of s, and of two, as far away, takes whichever `up` says: it is given the lower
    one's number. Mid-rise rounds to the middle between two multiples. *)
Definition mid_tread up s x := s * IZR (Znearest up (x / s)).
Definition mid_rise s x := s * (IZR (Zfloor (x / s)) + / 2).

(** The mean of f from a to b. *)
Definition mean (f : R -> R) a b := RInt f a b / (b - a).

Lemma integral_of_square : forall c u v, is_RInt (fun x => (c - x) ^ 2) u v ((v - c) ^ 3 / 3 - (u - c) ^ 3 / 3).
Proof.
intros c u v. apply (is_RInt_derive (fun x => (x - c) ^ 3 / 3) (fun x => (c - x) ^ 2)).
- intros x _. auto_derive; [exact I | field].
- intros x _. apply (ex_derive_continuous (fun x => (c - x) ^ 2)). auto_derive. exact I.
Qed.

Section Cells.
Variable up : Z -> bool.
Variable s : R.
Hypothesis positive : 0 < s.

(** Where the quantiser's value is constant, its error is the distance from it. *)
Lemma integral_of_error : forall (q : R -> R) c u v, u <= v -> (forall x, u < x < v -> q x = c) ->
  is_RInt (fun x => (q x - x) ^ 2) u v ((v - c) ^ 3 / 3 - (u - c) ^ 3 / 3).
Proof.
intros q c u v order constant. apply is_RInt_ext with (fun x => (c - x) ^ 2); [| apply integral_of_square].
intros x inside. rewrite Rmin_left, Rmax_right in inside by exact order. now rewrite constant.
Qed.

Lemma in_units : forall a x b, a * s < x < b * s -> a < x / s < b.
Proof.
intros a x b [low high]. split; apply (Rmult_lt_reg_r s); try exact positive; unfold Rdiv;
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra; assumption.
Qed.

(** The error over one cell. *)
Definition cell_error (q : R -> R) :=
  forall k : Z, is_RInt (fun x => (q x - x) ^ 2) (IZR k * s) (IZR (k + 1) * s) (s ^ 3 / 12).

Lemma mid_tread_cell : cell_error (mid_tread up s).
Proof.
intro k. rewrite plus_IZR. replace (s ^ 3 / 12) with (plus (s ^ 3 / 24) (s ^ 3 / 24)) by (unfold plus; simpl; lra).
apply (is_RInt_Chasles (V := R_NormedModule)) with ((IZR k + / 2) * s).
- replace (s ^ 3 / 24) with (((IZR k + / 2) * s - s * IZR k) ^ 3 / 3 - (IZR k * s - s * IZR k) ^ 3 / 3) by field.
  apply integral_of_error; [nra |]. intros x inside. apply in_units in inside. unfold mid_tread.
  rewrite (Znearest_imp _ _ k); [reflexivity | apply Rabs_def1; lra].
- replace (s ^ 3 / 24) with (((IZR k + 1) * s - s * IZR (k + 1)) ^ 3 / 3 - ((IZR k + / 2) * s - s * IZR (k + 1)) ^ 3 / 3)
    by (rewrite plus_IZR; field).
  apply integral_of_error; [nra |]. intros x inside. apply in_units in inside. unfold mid_tread.
  rewrite (Znearest_imp _ _ (k + 1)); [reflexivity | rewrite plus_IZR; apply Rabs_def1; lra].
Qed.

Lemma mid_rise_cell : cell_error (mid_rise s).
Proof.
intro k. rewrite plus_IZR.
replace (s ^ 3 / 12) with (((IZR k + 1) * s - s * (IZR k + / 2)) ^ 3 / 3 - (IZR k * s - s * (IZR k + / 2)) ^ 3 / 3) by field.
apply integral_of_error; [nra |]. intros x inside. apply in_units in inside. unfold mid_rise.
rewrite (Zfloor_imp k); [reflexivity | rewrite plus_IZR; lra].
Qed.

(** Over n whole cells the mean square of the error is s^2 / 12. *)
Lemma variance_of_cells : forall q, cell_error q -> forall (a : Z) (n : nat), (0 < n)%nat ->
  mean (fun x => (q x - x) ^ 2) (IZR a * s) (IZR (a + Z.of_nat n) * s) = s ^ 2 / 12.
Proof.
intros q cell a n some.
assert (total : is_RInt (fun x => (q x - x) ^ 2) (IZR a * s) (IZR (a + Z.of_nat n) * s) (INR n * (s ^ 3 / 12))).
{ clear some. induction n as [| n IH].
  - rewrite Z.add_0_r, Rmult_0_l. exact (is_RInt_point (V := R_NormedModule) _ _).
  - replace (INR (S n) * (s ^ 3 / 12)) with (plus (INR n * (s ^ 3 / 12)) (s ^ 3 / 12)) by (rewrite S_INR; unfold plus; simpl; lra).
    replace (a + Z.of_nat (S n))%Z with (a + Z.of_nat n + 1)%Z by lia.
    exact (is_RInt_Chasles (V := R_NormedModule) _ _ _ _ _ _ IH (cell _)). }
unfold mean. rewrite (is_RInt_unique _ _ _ _ total), plus_IZR, <- INR_IZR_INZ. apply lt_0_INR in some.
replace ((IZR a + INR n) * s - IZR a * s) with (INR n * s) by ring. field. lra.
Qed.
End Cells.

Theorem variance : forall up s, 0 < s -> forall (a : Z) (n : nat), (0 < n)%nat ->
  mean (fun x => (mid_tread up s x - x) ^ 2) (IZR a * s) (IZR (a + Z.of_nat n) * s) = s ^ 2 / 12 /\
  mean (fun x => (mid_rise s x - x) ^ 2) (IZR a * s) (IZR (a + Z.of_nat n) * s) = s ^ 2 / 12.
Proof. intros. split; apply variance_of_cells; try assumption; [now apply mid_tread_cell | now apply mid_rise_cell]. Qed.

(** ** Signals: the mean square of a uniform one and of a sine, of amplitude A. *)
Theorem power_of_uniform : forall A, 0 < A -> mean (fun x => x ^ 2) (- A) A = A ^ 2 / 3.
Proof.
intros A positive. unfold mean. rewrite (RInt_ext (fun x => x ^ 2) (fun x => (0 - x) ^ 2)) by (intros; simpl; ring).
rewrite (is_RInt_unique _ _ _ _ (integral_of_square 0 (- A) A)). field. lra.
Qed.

Theorem power_of_sine : forall A, mean (fun t => (A * sin t) ^ 2) 0 (2 * PI) = A ^ 2 / 2.
Proof.
intro A.
assert (total : is_RInt (fun t => (A * sin t) ^ 2) 0 (2 * PI)
  (A ^ 2 * (2 * PI / 2 - sin (2 * (2 * PI)) / 4) - A ^ 2 * (0 / 2 - sin (2 * 0) / 4))).
{ apply (is_RInt_derive (fun t => A ^ 2 * (t / 2 - sin (2 * t) / 4)) (fun t => (A * sin t) ^ 2)).
  - intros x _. auto_derive; [exact I |]. rewrite cos_2a_sin. field.
  - intros x _. apply (ex_derive_continuous (fun t => (A * sin t) ^ 2)). auto_derive. exact I. }
unfold mean. rewrite (is_RInt_unique _ _ _ _ total), Rminus_0_r. replace (2 * (2 * PI)) with (0 + 2 * INR 2 * PI) by (simpl; ring).
rewrite sin_period, Rmult_0_r, sin_0. field. apply PI_neq0.
Qed.

(** ** Signal through noise. Mid-tread quantisers with the codes -m to m, and mid-rise ones with -m to m - 1. *)
Definition clipped_tread up m s x := s * IZR (Z.max (- m) (Z.min m (Znearest up (x / s)))).
Definition clipped_rise m s x := s * (IZR (Z.max (- m) (Z.min (m - 1) (Zfloor (x / s)))) + / 2).

(** No signal of an amplitude of m steps is clipped. *)
Theorem nothing_clips : forall up m s x, 0 < s ->
  (- (IZR m * s) <= x <= IZR m * s -> clipped_tread up m s x = mid_tread up s x) /\
  (- (IZR m * s) <= x < IZR m * s -> clipped_rise m s x = mid_rise s x).
Proof.
intros up m s x positive. assert (steps : x = x / s * s) by (field; lra).
split; intros [low high]; rewrite steps in low, high; unfold clipped_tread, mid_tread, clipped_rise, mid_rise.
- rewrite Z.min_r, Z.max_r; [reflexivity | |].
  + rewrite <- (Zrnd_IZR (Znearest up) (- m)). apply Zrnd_le; [typeclasses eauto |]. rewrite opp_IZR. nra.
  + apply Z.le_trans with (Znearest up (IZR m)); [apply Zrnd_le; [typeclasses eauto | nra] | rewrite (Zrnd_IZR (Znearest up)); lia].
- assert (below : (Zfloor (x / s) < m)%Z) by (apply lt_IZR, Rle_lt_trans with (1 := Zfloor_lb _); nra).
  rewrite Z.min_r, Z.max_r by (try apply Zfloor_lub; rewrite ?opp_IZR; lia || nra). reflexivity.
Qed.

Definition noise (q : R -> R) A := mean (fun x => (q x - x) ^ 2) (- A) A.

Lemma noise_over_range : forall up m s, 0 < s -> (0 < m)%Z ->
  noise (clipped_tread up m s) (IZR m * s) = s ^ 2 / 12 /\ noise (clipped_rise m s) (IZR m * s) = s ^ 2 / 12.
Proof.
intros up m s positive some. destruct (variance up s positive (- m) (Z.to_nat (2 * m)) ltac:(lia)) as [tread rise].
rewrite Z2Nat.id in tread, rise by lia. replace (- m + 2 * m)%Z with m in tread, rise by ring.
rewrite opp_IZR, Ropp_mult_distr_l_reverse in tread, rise.
assert (order : - (IZR m * s) <= IZR m * s) by (assert (0 < IZR m) by (now apply IZR_lt); nra).
split; [rewrite <- tread | rewrite <- rise]; unfold noise, mean; f_equal; apply RInt_ext;
  rewrite Rmin_left, Rmax_right by exact order; intros x [low high]; f_equal; f_equal;
  apply (nothing_clips up m s x positive); lra.
Qed.

(** A uniform signal over all of the range; and a sine with an amplitude of a steps, over the noise of that one. *)
Theorem sqnr : forall up m s, 0 < s -> (0 < m)%Z ->
  forall q, q = clipped_tread up m s \/ q = clipped_rise m s -> let A := IZR m * s in
  mean (fun x => x ^ 2) (- A) A / noise q A = (2 * IZR m) ^ 2 /\
  forall a, mean (fun t => (a * s * sin t) ^ 2) 0 (2 * PI) / noise q A = 3 / 2 * (2 * a) ^ 2.
Proof.
intros up m s positive some q either A. assert (0 < IZR m) by (now apply IZR_lt).
assert (total : noise q A = s ^ 2 / 12) by (destruct either as [-> | ->]; now apply noise_over_range).
rewrite total. split; [| intro a]; rewrite ?power_of_sine, ?power_of_uniform by (unfold A; nra); unfold A; field; lra.
Qed.

(** ** Signals on a grid of M points a step, over one period around an integer k. *)
Fixpoint sum (f : nat -> R) n := match n with O => 0 | S m => sum f m + f m end.
Definition error up x := IZR (Znearest up x) - x.

Lemma sum_ext : forall f g n, (forall i, (i < n)%nat -> f i = g i) -> sum f n = sum g n.
Proof. intros f g n same. induction n as [| n IH]; [reflexivity |]. simpl. rewrite IH, same; auto. Qed.

Lemma sum_of_squares : forall M c n, M <> 0 -> sum (fun i => ((INR i - c) / M) ^ 2) n =
  INR n * (6 * c ^ 2 - 6 * c * (INR n - 1) + (INR n - 1) * (2 * INR n - 1)) / (6 * M ^ 2).
Proof.
intros M c n not_zero. induction n as [| n IH]; [simpl; field; exact not_zero |].
cbn [sum]. rewrite IH, S_INR. field. exact not_zero.
Qed.

(** An odd M has no ties. *)
Theorem discrete_odd : forall up (k : Z) (h : nat), let M := 2 * INR h + 1 in
  sum (fun i => error up (IZR k + (INR i - INR h) / M) ^ 2) (2 * h + 1) / M = / 12 * (1 - / M ^ 2).
Proof.
intros up k h M. assert (0 <= INR h) by apply pos_INR. assert (M_positive : 0 < M) by (unfold M; lra).
rewrite sum_ext with (g := fun i => ((INR i - INR h) / M) ^ 2).
- rewrite sum_of_squares, plus_INR, mult_INR by lra. unfold M in *. simpl (INR 1). simpl (INR 2). field. lra.
- intros i inside. unfold error. rewrite (Znearest_imp _ _ k); [ring |].
  replace (IZR k + (INR i - INR h) / M - IZR k) with ((INR i - INR h) / M) by ring.
  assert (INR i <= 2 * INR h) by (change 2 with (INR 2); rewrite <- mult_INR; apply le_INR; lia).
  assert (0 <= INR i) by apply pos_INR.
  apply Rabs_def1; apply (Rmult_lt_reg_r M); try exact M_positive; unfold Rdiv; rewrite ?Rmult_assoc, ?Rinv_l by lra;
    unfold M; lra.
Qed.

(** An even M has one, whose error is 1/2 whichever way it goes. *)
Theorem discrete_even : forall up (k : Z) (h : nat), (0 < h)%nat -> let M := 2 * INR h in
  sum (fun i => error up (IZR k + (INR i - (INR h - 1)) / M) ^ 2) (2 * h) / M = / 12 * (1 + 2 / M ^ 2).
Proof.
intros up k h some M. apply lt_0_INR in some as h_positive. assert (M_positive : 0 < M) by (unfold M; lra).
rewrite sum_ext with (g := fun i => ((INR i - (INR h - 1)) / M) ^ 2).
- rewrite sum_of_squares, mult_INR by lra. unfold M in *. simpl (INR 2). field. lra.
- intros i inside. unfold error. set (d := (INR i - (INR h - 1)) / M).
  assert (bound : - / 2 < d <= / 2).
  { assert (INR i + 1 <= 2 * INR h) by (change 2 with (INR 2); rewrite <- mult_INR, <- S_INR; apply le_INR; lia).
    assert (0 <= INR i) by apply pos_INR. unfold d.
    split; [apply (Rmult_lt_reg_r M) | apply (Rmult_le_reg_r M)]; try exact M_positive; unfold Rdiv;
      rewrite ?Rmult_assoc, ?Rinv_l by lra; unfold M; lra. }
  destruct (Req_dec d (/ 2)) as [tie | no_tie].
  + rewrite tie. destruct (Znearest_DN_or_UP up (IZR k + / 2)) as [-> | ->].
    * rewrite (Zfloor_imp k); [field | rewrite plus_IZR; lra].
    * rewrite (Zceil_imp (k + 1)); [rewrite plus_IZR; field | rewrite minus_IZR, plus_IZR; lra].
  + rewrite (Znearest_imp _ _ k); [ring |]. replace (IZR k + d - IZR k) with d by ring. apply Rabs_def1; lra.
Qed.
