// Claim: the installed package is enough to use each of the three libraries.
// Oracle: facts worked out by hand. Shared with the code: nothing.

#include <array>
#include <cstdint>
#include <cstdio>

#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/float.hpp>

namespace {

using halfulp::binary16, halfulp::binary32;
using Half = halfulp::Float<binary16>;

constexpr Half two_thousand_forty_eight{0x6800}, one{0x3C00};
static_assert((two_thousand_forty_eight + one).code == 0x6800, "half an ulp is absorbed");

/// 1 * 1 + 1 on a V100, which is 2.
bool unit_adds() {
    const halfulp::MmaSpec* v100 = halfulp::find_mma("V100", "mma.sync", binary16, binary32);
    const std::array<std::uint64_t, 1> ones = {0x3C00};
    return v100 != nullptr && halfulp::mma_dot(*v100, ones, ones, 0x3F800000) == 0x40000000;
}

bool driver_is_there_or_says_why_not() {
    const halfulp::gpu::GpuList driver = halfulp::gpu::find_gpus();
    return driver.gpus.empty() != driver.absence.empty();
}

bool holds(bool condition, const char* claim) {
    if (!condition) std::fprintf(stderr, "does not hold: %s\n", claim);
    return condition;
}

}  // namespace

int main() {
    const auto half = halfulp::find_format("half");
    const bool format = holds(half && half->format.max_code() == 0x7BFF, "65504 is the largest binary16 number");
    const bool unit = holds(unit_adds(), "1 * 1 + 1 = 2 on a V100");
    const bool driver = holds(driver_is_there_or_says_why_not(), "no device and no reason exclude each other");
    return format && unit && driver ? 0 : 1;
}
