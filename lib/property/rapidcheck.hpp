#pragma once

#include <rapidcheck.h>

#include <random>

#include <halfulp/lib/property/search.hpp>
#include <halfulp/softfloat/float.hpp>
#include <halfulp/softfloat/print.hpp>

// Float<F> for RapidCheck: RC_GTEST_PROP(Mine, Holds, (halfulp::Float<halfulp::binary16> x)). Edges are drawn often, and
// counterexamples shrink to readable codes. RapidCheck is the user's; halfulp does not need it.

namespace rc {

/// What RapidCheck draws where a property asks for a number of format F.
template <halfulp::Format F>
struct Arbitrary<halfulp::Float<F>> {
    /// Edges often; NaN too.
    static Gen<halfulp::Float<F>> arbitrary() {
        return [](const Random& random, int) {
            std::mt19937_64 bits(Random(random).next());
            return shrinkable_code(halfulp::property::edge_code(F, bits));
        };
    }

  private:
    static Shrinkable<halfulp::Float<F>> shrinkable_code(std::uint64_t code) {
        return shrinkable::lambda([code] { return halfulp::Float<F>::from_code(code); },
                                  [code] {
                                      return seq::map(seq::fromContainer(halfulp::property::simpler_codes(F, code)),
                                                      [](std::uint64_t simpler) { return shrinkable_code(simpler); });
                                  });
    }
};

}  // namespace rc

namespace halfulp {

/// How RapidCheck shows a value: 0x3c00 = 0x1p+0.
template <Format F>
void showValue(Float<F> x, std::ostream& out) {
    out << "0x" << std::hex << std::uint64_t{x.code} << std::dec << " = " << hex_text(decode(x));
}

}  // namespace halfulp
