// Claims overflow-fp16, overflow-bf16, monotone-fp16, monotone-bf16: every one of the 2^32 binary32 codes is
// converted, by the narrow engine, whose conversions are claims of their own (fp32-to-fp16, fp32-to-bf16).

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

namespace {

using namespace halfulp;

constexpr std::uint32_t infinity = 0x7F800000;

struct Count {
    std::uint64_t overflows = 0;
    bool monotone = true;
};

/// The magnitudes [first, end) of one sign, upwards; the first is held against the one before it too.
template <Format F>
Count count(std::uint32_t sign, std::uint32_t first, std::uint32_t end) {
    const auto converted = [sign](std::uint32_t magnitude) {
        return narrow::convert<F, binary32>(sign | magnitude).code & F.magnitude_mask();
    };
    Count result;
    std::uint64_t before = first == 0 ? 0 : converted(first - 1);
    for (std::uint32_t magnitude = first; magnitude < end; ++magnitude) {
        const std::uint64_t code = converted(magnitude);
        if (code == F.inf_code()) ++result.overflows;
        result.monotone = result.monotone && code >= before;
        before = code;
    }
    return result;
}

/// All finite codes of both signs, shared out to all cores.
template <Format F>
bool check(const char* name, std::uint64_t expected) {
    const std::uint32_t shares = std::max(1U, std::thread::hardware_concurrency());
    const std::uint32_t step = infinity / shares + 1;
    std::vector<std::array<Count, 2>> counts(shares);
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < shares; ++i)
        threads.emplace_back([&both = counts[i], first = i * step, step] {
            const std::uint32_t end = std::min(infinity, first + step);
            both = {count<F>(0, first, end), count<F>(0x80000000, first, end)};
        });
    for (std::thread& thread : threads) thread.join();
    Count total;
    for (const auto& both : counts)
        for (const Count& one : both) {
            total.overflows += one.overflows;
            total.monotone = total.monotone && one.monotone;
        }
    const bool as_expected = total.overflows == expected;
    std::printf("claim overflow-%s %s: %llu codes\nclaim monotone-%s %s\n", name,
                as_expected ? "exhaustive" : "REFUTED", static_cast<unsigned long long>(total.overflows), name,
                total.monotone ? "exhaustive" : "REFUTED");
    return as_expected && total.monotone;
}

}  // namespace

int main() {
    const bool fp16 = check<binary16>("fp16", 1879056384), bf16 = check<bfloat16>("bf16", 65536);
    return fp16 && bf16 ? 0 : 1;
}
