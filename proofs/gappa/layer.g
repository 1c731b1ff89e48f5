# Claim layer-fp16, layer-bf16: four inputs of a layer times their weights, summed one after another, each operation to
# nearest even, in fp16 and in bf16. Inputs and weights are numbers of the format from 1/16 to 1.
@fp16 = float<11,-24,ne>;
@bf16 = float<8,-133,ne>;
fp16_1 = fp16(fp16(fp16(x1) * fp16(w1)) + fp16(fp16(x2) * fp16(w2)));
fp16_2 = fp16(fp16_1 + fp16(fp16(x3) * fp16(w3)));
fp16_3 = fp16(fp16_2 + fp16(fp16(x4) * fp16(w4)));
fp16_exact = fp16(x1) * fp16(w1) + fp16(x2) * fp16(w2) + fp16(x3) * fp16(w3) + fp16(x4) * fp16(w4);
bf16_1 = bf16(bf16(bf16(x1) * bf16(w1)) + bf16(bf16(x2) * bf16(w2)));
bf16_2 = bf16(bf16_1 + bf16(bf16(x3) * bf16(w3)));
bf16_3 = bf16(bf16_2 + bf16(bf16(x4) * bf16(w4)));
bf16_exact = bf16(x1) * bf16(w1) + bf16(x2) * bf16(w2) + bf16(x3) * bf16(w3) + bf16(x4) * bf16(w4);
{ x1 in [0.0625,1] /\ w1 in [0.0625,1] /\ x2 in [0.0625,1] /\ w2 in [0.0625,1] /\ x3 in [0.0625,1] /\ w3 in
  [0.0625,1] /\ x4 in [0.0625,1] /\ w4 in [0.0625,1]
  -> |fp16_3 - fp16_exact| <= 7b-11 /\ |bf16_3 - bf16_exact| <= 7b-8 }
