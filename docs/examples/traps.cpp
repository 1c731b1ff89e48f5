#include <bit>
#include <cmath>
#include <cstdio>

#include <halfulp/lib/conformance/traps.hpp>
#include <halfulp/softfloat/convert.hpp>

using namespace halfulp;

/// Somebody's fp16 fma: by way of float.
std::uint64_t naive(const Operands& codes) {
    const auto as_float = [](std::uint64_t code) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(convert(binary32, binary16, code).code));
    };
    const float sum = std::fma(as_float(codes[0]), as_float(codes[1]), as_float(codes[2]));
    return convert(binary16, binary32, std::bit_cast<std::uint32_t>(sum)).code;
}

int main() {
    for (const Trap& t : traps) {
        if (t.operation != Operation::Fma || t.to != binary16 || t.env != Env{}) continue;
        const std::uint64_t got = naive(t.operands);
        if (got == t.right.code || binary16.is_nan(got)) continue;
        std::printf("%s: %04x, not %04x%s%s\n", t.name.data(), static_cast<unsigned>(got),
                    static_cast<unsigned>(t.right.code), got == t.wrong.code ? ": " : "",
                    got == t.wrong.code ? row_of(t.mistake).what.data() : "");
    }
}
