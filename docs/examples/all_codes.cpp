#include <cstdint>
#include <cstdio>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/print.hpp>

using namespace halfulp;

/// Somebody's conversion from fp16 to e5m2, whose upper half fp16 is: half a unit is added, and the rest cut off.
std::uint64_t naive(std::uint64_t code) {
    if ((code & 0x7FFF) >= 0x7C00) return code >> 8;  // infinity, NaN
    return (code + 0x80) >> 8;
}

int main() {
    int wrong = 0;
    std::uint64_t first = 0;
    for (std::uint64_t code = 0; code < 0x10000; ++code) {
        if (binary16.is_nan(code) || naive(code) == convert(e5m2, binary16, code).code) continue;
        if (wrong++ == 0) first = code;
    }
    std::printf("%d of 65536 codes differ, the first %s: %s, not %s\n", wrong, shortest_text(binary16, first).c_str(),
                shortest_text(e5m2, naive(first)).c_str(),
                shortest_text(e5m2, convert(e5m2, binary16, first).code).c_str());
}
