# Claim fused-dot: the block of L products and c of a tensor core, each cut off toward zero F bits below the largest
# exponent, 0 here, before they are added: L and F are 4 and 23 (V100), 8 and 24 (A100), 16 and 25 (H100). measured.cpp
# holds them against the table of matrix units. A product of exponent 0 is below 4.
@cut23 = fixed<-23,zr>;
volta = cut23(p1) + cut23(p2) + cut23(p3) + cut23(p4) + cut23(c);
volta_exact = p1 + p2 + p3 + p4 + c;
@cut24 = fixed<-24,zr>;
ampere = cut24(p1) + cut24(p2) + cut24(p3) + cut24(p4) + cut24(p5) + cut24(p6) + cut24(p7) + cut24(p8) + cut24(c);
ampere_exact = p1 + p2 + p3 + p4 + p5 + p6 + p7 + p8 + c;
@cut25 = fixed<-25,zr>;
hopper = cut25(p1) + cut25(p2) + cut25(p3) + cut25(p4) + cut25(p5) + cut25(p6) + cut25(p7) + cut25(p8) + cut25(p9) +
    cut25(p10) + cut25(p11) + cut25(p12) + cut25(p13) + cut25(p14) + cut25(p15) + cut25(p16) + cut25(c);
hopper_exact = p1 + p2 + p3 + p4 + p5 + p6 + p7 + p8 + p9 + p10 + p11 + p12 + p13 + p14 + p15 + p16 + c;
{ |p1| <= 4 /\ |p2| <= 4 /\ |p3| <= 4 /\ |p4| <= 4 /\ |p5| <= 4 /\ |p6| <= 4 /\ |p7| <= 4 /\ |p8| <= 4 /\ |p9|
  <= 4 /\ |p10| <= 4 /\ |p11| <= 4 /\ |p12| <= 4 /\ |p13| <= 4 /\ |p14| <= 4 /\ |p15| <= 4 /\ |p16| <= 4 /\ |c|
  <= 2
  -> |volta - volta_exact| <= 5b-23 /\
     |ampere - ampere_exact| <= 9b-24 /\
     |hopper - hopper_exact| <= 17b-25 }
