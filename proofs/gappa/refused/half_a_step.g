# False: that the error is at most half a step. Gappa is to refuse it.
@fp32 = float<24,-149,ne>;
@integer = fixed<0,ne>;
x = fp32(any_x);
s = fp32(any_s);
quotient fp32= x / s;
code = integer(quotient);
y fp32= code * s;
{ s in [1b-10,1] /\ |x / s| <= 127 -> |(y - x) / s| <= 8388608b-24 }
(y - x) / s -> (y - code * s) / s + (code - quotient) + (quotient - x / s) { s <> 0 };
(y - code * s) / s -> ((y - code * s) / (code * s)) * code { s <> 0, code <> 0 };
