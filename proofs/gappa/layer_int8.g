# Claim layer-int8: four inputs of a layer times their weights in int8. Codes are 127 times the binary32 numbers, rounded to
# binary32 and then to integers; sums of their products are exact in int32. The sum becomes a number by a division in
# binary32, of 127^2, which binary32 has. Inputs and weights are from 1/16 to 1.
@fp32 = float<24,-149,ne>;
@integer = fixed<0,ne>;
a1 = fp32(x1); b1 = fp32(w1); a2 = fp32(x2); b2 = fp32(w2); a3 = fp32(x3); b3 = fp32(w3); a4 = fp32(x4); b4 = fp32(w4);
qa1 = integer(fp32(a1 * 127)); qb1 = integer(fp32(b1 * 127));
qa2 = integer(fp32(a2 * 127)); qb2 = integer(fp32(b2 * 127));
qa3 = integer(fp32(a3 * 127)); qb3 = integer(fp32(b3 * 127));
qa4 = integer(fp32(a4 * 127)); qb4 = integer(fp32(b4 * 127));
sum = qa1 * qb1 + qa2 * qb2 + qa3 * qb3 + qa4 * qb4;
exact = a1 * b1 + a2 * b2 + a3 * b3 + a4 * b4;
scaled = (a1 * 127) * (b1 * 127) + (a2 * 127) * (b2 * 127) + (a3 * 127) * (b3 * 127) + (a4 * 127) * (b4 * 127);
y = fp32(sum / 16129);
{ x1 in [0.0625,1] /\ w1 in [0.0625,1] /\ x2 in [0.0625,1] /\ w2 in [0.0625,1] /\ x3 in [0.0625,1] /\ w3 in
  [0.0625,1] /\ x4 in [0.0625,1] /\ w4 in [0.0625,1]
  -> |y - exact| <= 0.0314965 }
y - exact -> (y - sum / 16129) + (sum - scaled) / 16129;
