#pragma once

#include <cstdint>
#include <vector>

#include <halfulp/lib/property/codes.hpp>
#include <halfulp/lib/property/laws.hpp>

// Looks for what refutes a law, and makes it readable.

namespace halfulp::property {

/// Codes that are easier to read than this one, the easiest first: 1, between 1 and 2, a power of two, without sign,
/// without one of the fraction's bits. None has more set bits outside the exponent, and the exponent only becomes that
/// of 1, so that simplifying ends.
inline std::vector<std::uint64_t> simpler_codes(const Format& f, std::uint64_t code) {
    const std::uint64_t fraction = (std::uint64_t{1} << f.fraction_bits()) - 1;
    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    std::vector<std::uint64_t> simpler;
    if (code != one) simpler.push_back(one);
    if ((code & f.magnitude_mask() & ~fraction) != one) simpler.push_back((code & (fraction | f.sign_bit())) | one);
    if ((code & fraction) != 0) simpler.push_back(code & ~fraction);
    if ((code & f.sign_bit()) != 0) simpler.push_back(code & ~f.sign_bit());
    for (std::uint64_t bit = (fraction + 1) / 2; bit != 0; bit >>= 1)
        if ((code & bit) != 0 && (code & fraction) != bit) simpler.push_back(code & ~bit);
    return simpler;
}

/// Draws `draws` codes of f by `draw(bits)` and asks `law(code)`, a Verdict, of each. What refutes it is simplified for
/// as long as a simpler code refutes it too. Empty if none does.
template <RandomBits Bits>
Verdict search(const Format& f, int draws, Bits bits, auto draw, auto law) {
    Verdict found;
    for (int i = 0; i < draws && !found; ++i) found = law(draw(bits));
    for (bool simplified = found.has_value(); simplified;) {
        simplified = false;
        for (const std::uint64_t code : simpler_codes(f, found->operands[0])) {
            const Verdict simpler = law(code);
            if (!simpler) continue;
            found = simpler;
            simplified = true;
            break;
        }
    }
    return found;
}

}  // namespace halfulp::property
