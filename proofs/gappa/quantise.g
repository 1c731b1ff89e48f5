# Claim quantise-dequantise: int8 codes of binary32 numbers, with the scale as divisor and as factor, in binary32. Half a
# step would be 8388608b-24: binary32 adds up to 191b-24.
@fp32 = float<24,-149,ne>;
@integer = fixed<0,ne>;
x = fp32(any_x);
s = fp32(any_s);
quotient fp32= x / s;
code = integer(quotient);
y fp32= code * s;
{ s in [1b-10,1] /\ |x / s| <= 127 -> |(y - x) / s| <= 8388799b-24 }
(y - x) / s -> (y - code * s) / s + (code - quotient) + (quotient - x / s) { s <> 0 };
(y - code * s) / s -> ((y - code * s) / (code * s)) * code { s <> 0, code <> 0 };
