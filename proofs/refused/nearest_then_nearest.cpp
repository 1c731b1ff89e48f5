// False: that a fused multiply-add of e5m2 may be rounded to fp16 first, to nearest both times. The program is to find
// three numbers for which it is wrong.

#include <cstdio>

#include "small_formats.hpp"

int main() {
    using namespace halfulp;
    const bool holds = proofs::first_in_wider<e5m2, binary16>(Rounding::NearestEven);
    std::puts(holds ? "holds" : "REFUTED");
    return holds ? 0 : 1;
}
