// Claims of every code, every pair, every triple.

#include "small_formats.hpp"
#include "every.hpp"

using namespace halfulp;
using namespace halfulp::proofs;

int main() {
    const bool claims[] = {
        claim("round-trip-fp16", round_trip<binary16>()), claim("round-trip-bf16", round_trip<bfloat16>()),
        claim("finite-codes", finite_codes<binary16>(63488, 63487) && finite_codes<bfloat16>(65280, 65279)),
        claim("two-sum", two_sum<e4m3>() && two_sum<e5m2>()),
        claim("odd-then-nearest", first_in_wider<e5m2, binary16>(Rounding::ToOdd))};
    for (const bool holds : claims)
        if (!holds) return 1;
    return 0;
}
