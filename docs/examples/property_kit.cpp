#include <bit>
#include <cstdio>

#include <halfulp/lib/property/search.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/print.hpp>

using namespace halfulp;

/// Somebody's conversion from double to bf16: by way of float, whose upper half is rounded to nearest even.
std::uint64_t naive(std::uint64_t code) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(code)));
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

int main() {
    const auto draw = [](auto& bits) { return property::tie_code(binary64, bfloat16, bits) & ~binary64.sign_bit(); };
    const auto law = [](auto x) { return property::correctly_rounded(binary64, bfloat16, naive, {}, x); };
    const auto found = property::search(binary64, 1000, std::mt19937_64{7}, draw, law);
    if (!found) return 1;
    std::printf("%s becomes %s, not %s\n", hex_text(decode(binary64, found->operands[0])).c_str(),
                shortest_text(bfloat16, found->got).c_str(), shortest_text(bfloat16, found->against).c_str());
}
