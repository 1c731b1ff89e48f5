(** A fused multiply-add of fp16 through fp64 is harmless: where fp64 is inexact, the product is too small to matter. *)
From Coq Require Import ZArith Reals Lia Lra.
From Flocq Require Import Core Operations.
From halfulp Require Import Formats Range DoubleRounding.
Open Scope R_scope.

(** Numbers of fp16 from 16 on are multiples of 2^-6. *)
Lemma on_grid : forall x, x is_in fp16 -> 16 <= Rabs x -> exists k, x = IZR k * bpow radix2 (-6).
Proof.
intros x member large.
assert (binade : (5 <= mag radix2 x)%Z) by (apply mag_ge_bpow; simpl; lra).
unfold generic_format in member. set (m := Ztrunc _) in member. set (e := cexp radix2 fp16 x) in member.
assert (exponent : (-6 <= e)%Z) by (unfold e, cexp, FLT_exp; lia).
exists (m * radix2 ^ (e - -6))%Z. rewrite member. unfold F2R; simpl Fnum; simpl Fexp.
rewrite mult_IZR, IZR_Zpower by lia. rewrite Rmult_assoc, <- bpow_plus. do 2 f_equal. lia.
Qed.

(** So what lies within 2^-15 of one of them rounds to it. *)
Lemma rounds_back : forall c t, c is_in fp16 -> 32 <= Rabs c -> Rabs (t - c) <= bpow radix2 (-15) -> RN fp16 t = c.
Proof.
intros c t member large near.
assert (nearest : Rabs (RN fp16 t - t) <= Rabs (c - t)).
{ destruct (round_N_pt radix2 fp16 (fun z => negb (Z.even z)) t) as [_ H]. now apply H. }
rewrite (Rabs_minus_sym c t) in nearest.
assert (distance : Rabs (RN fp16 t - c) <= 2 * bpow radix2 (-15)).
{ replace (RN fp16 t - c) with ((RN fp16 t - t) + (t - c)) by ring. eapply Rle_trans; [apply Rabs_triang |]. lra. }
assert (still_large : 16 <= Rabs (RN fp16 t)).
{ assert (triangle := Rabs_triang (RN fp16 t) (- (RN fp16 t - c))). rewrite Rabs_Ropp in triangle.
  replace (RN fp16 t + - (RN fp16 t - c)) with c in triangle by ring. simpl in distance. lra. }
destruct (on_grid c member ltac:(lra)) as [k c_grid].
destruct (on_grid (RN fp16 t) (generic_format_round _ _ _ _) still_large) as [j t_grid].
rewrite t_grid, c_grid in *. rewrite <- Rmult_minus_distr_r, <- minus_IZR, Rabs_mult, <- abs_IZR in distance.
rewrite (Rabs_pos_eq (bpow _ _)) in distance by apply bpow_ge_0.
destruct (Z.eq_dec j k) as [-> | different]; [reflexivity | exfalso].
assert (1 <= IZR (Z.abs (j - k))) by (apply IZR_le; lia). simpl in distance. lra.
Qed.

Lemma is_in_fp64 : forall z (n e : Z), z = IZR n * bpow radix2 e -> (-1074 <= e)%Z -> Rabs z < bpow radix2 (e + 53) -> z is_in fp64.
Proof.
intros z n e value exponent size. rewrite value. apply (is_in_intro (-1074) 53); [| exact exponent].
rewrite value, Rabs_mult, (Rabs_pos_eq (bpow radix2 e)), Z.add_comm, bpow_plus in size by apply bpow_ge_0.
apply Rmult_lt_reg_r in size; [| apply bpow_gt_0]. apply lt_IZR. now rewrite abs_IZR.
Qed.

Theorem fp16_fma_through_fp64 : forall a b c, a is_in fp16 -> b is_in fp16 -> c is_in fp16 -> Rabs (a * b + c) < bpow radix2 17 ->
  harmless fp16 fp64 (a * b + c).
Proof.
intros a b c Fa Fb Fc limit.
destruct (member _ _ _ Fa) as [[ma ea] a_value a_size a_exponent], (member _ _ _ Fb) as [[mb eb] b_value b_size b_exponent],
  (member _ _ _ Fc) as [[mc ec] c_value c_size c_exponent].
simpl in *. change (Z.pow_pos 2 11) with 2048%Z in *.
assert (product : a * b = IZR (ma * mb) * bpow radix2 (ea + eb))
  by (rewrite a_value, b_value; unfold F2R; simpl; rewrite mult_IZR, bpow_plus; ring).
assert (exact : forall e, (e <= ea + eb)%Z -> (e <= ec)%Z -> (-1074 <= e)%Z -> Rabs (a * b + c) < bpow radix2 (e + 53) ->
  RN fp64 (a * b + c) = a * b + c).
{ intros e H1 H2 H3 H4. apply round_generic; [typeclasses eauto |].
  apply (is_in_fp64 _ (ma * mb * radix2 ^ (ea + eb - e) + mc * radix2 ^ (ec - e)) e); [| exact H3 | exact H4].
  rewrite product, c_value. unfold F2R; simpl Fnum; simpl Fexp.
  rewrite plus_IZR, (mult_IZR (ma * mb)), (mult_IZR mc), 2!IZR_Zpower by lia.
  rewrite Rmult_plus_distr_r, (Rmult_assoc (IZR (ma * mb))), (Rmult_assoc (IZR mc)), <- 2!bpow_plus.
  do 3 f_equal; ring. }
destruct (Rlt_or_le (Rabs (a * b + c)) 32) as [small | large].
{ rewrite (exact (-48)%Z); [reflexivity | lia.. |]. simpl. lra. }
destruct (Z_le_gt_dec (-36) (ea + eb)) as [above | below].
{ rewrite (exact (-36)%Z); [reflexivity | lia.. | exact limit]. }
assert (tiny : Rabs (a * b) <= bpow radix2 (-15)).
{ rewrite product, Rabs_mult, <- abs_IZR, (Rabs_pos_eq (bpow _ _)) by apply bpow_ge_0.
  replace (-15)%Z with (22 + -37)%Z by ring. rewrite (bpow_plus radix2 22).
  apply Rmult_le_compat; [apply IZR_le; lia | apply bpow_ge_0 | | apply bpow_le; lia].
  change (bpow radix2 22) with (IZR 4194304). apply IZR_le. rewrite Z.abs_mul. nia. }
assert (tiny' : Rabs (a * b) <= / 100) by (apply Rle_trans with (1 := tiny); simpl; clear; lra).
assert (c_large : 32 <= Rabs c).
{ assert (triangle := Rabs_triang (a * b) c). assert (c_large : 16 <= Rabs c) by (clear - tiny' triangle large; lra).
  destruct (on_grid c Fc c_large) as [k grid].
  assert (size : Rabs c = IZR (Z.abs k) * / 64)
    by (rewrite grid, Rabs_mult, <- abs_IZR, (Rabs_pos_eq (bpow _ _)) by apply bpow_ge_0; reflexivity).
  destruct (Z_lt_le_dec (Z.abs k) 2048) as [k_small | k_large].
  - exfalso. assert (IZR (Z.abs k) <= 2047) by (apply IZR_le; lia). clear - H size triangle tiny' large. lra.
  - apply IZR_le in k_large. clear - k_large size. lra. }
assert (neighbours : forall s, (Z.abs s = 1)%Z -> (c + IZR s * bpow radix2 (-15)) is_in fp64).
{ intros s sign. apply (is_in_fp64 _ (mc * radix2 ^ (ec - -24) + s * radix2 ^ 9) (-24)); [| lia |].
  - rewrite c_value. unfold F2R; simpl Fnum; simpl Fexp. rewrite plus_IZR, 2!mult_IZR, 2!IZR_Zpower by lia.
    rewrite Rmult_plus_distr_r, 2!Rmult_assoc, <- 2!bpow_plus. do 3 f_equal; ring.
  - assert (Rabs c < bpow radix2 18).
    { replace c with ((a * b + c) - a * b) by ring. eapply Rle_lt_trans; [apply Rabs_triang |]. rewrite Rabs_Ropp.
      simpl in limit |- *. clear - limit tiny'. lra. }
    eapply Rle_lt_trans; [apply Rabs_triang |]. rewrite Rabs_mult, <- abs_IZR, sign, (Rabs_pos_eq (bpow _ _)) by apply bpow_ge_0.
    simpl in H |- *. clear - H. lra. }
rewrite (rounds_back c (a * b + c) Fc c_large) by (now replace (a * b + c - c) with (a * b) by ring).
apply rounds_back; [exact Fc | exact c_large |].
apply Rabs_le_inv in tiny. apply Rabs_le. split.
- assert (c + -1 * bpow radix2 (-15) <= RN fp64 (a * b + c)); [| lra].
  apply round_ge_generic; try typeclasses eauto; [now apply neighbours | lra].
- assert (RN fp64 (a * b + c) <= c + 1 * bpow radix2 (-15)); [| lra].
  apply round_le_generic; try typeclasses eauto; [now apply neighbours | lra].
Qed.

(** Beyond that both ways overflow. *)
Theorem fp16_overflows_both_ways : forall t, bpow radix2 17 <= Rabs t ->
  65504 < Rabs (RN fp16 t) /\ 65504 < Rabs (RN fp16 (RN fp64 t)).
Proof.
assert (up : forall t, bpow radix2 17 <= t -> 65504 < RN fp16 t).
{ intros t large. apply Rnot_le_lt. intro small. apply overflow_fp16 in small. simpl in large. lra. }
assert (power : bpow radix2 17 is_in fp64) by (apply generic_format_bpow; unfold FLT_exp; lia).
assert (twice : forall t, bpow radix2 17 <= t -> 65504 < RN fp16 (RN fp64 t)).
{ intros t large. apply up, round_ge_generic; try typeclasses eauto; assumption. }
intros t large. destruct (Rle_or_lt 0 t) as [sign | sign].
- rewrite Rabs_pos_eq in large by exact sign.
  split; eapply Rlt_le_trans; [exact (up t large) | apply Rle_abs | exact (twice t large) | apply Rle_abs].
- rewrite Rabs_left in large by exact sign. assert (one := up (- t) large). assert (two := twice (- t) large).
  rewrite round_NE_opp in one. rewrite 2!round_NE_opp in two.
  split; rewrite <- Rabs_Ropp; eapply Rlt_le_trans; [exact one | apply Rle_abs | exact two | apply Rle_abs].
Qed.
