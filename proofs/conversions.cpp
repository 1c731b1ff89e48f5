// Claims of every one of the 2^32 binary32 codes as the narrow engine converts it: overflow-fp16, overflow-bf16,
// monotone-fp16, monotone-bf16, odd-then-fp16, odd-then-bf16.

#include <array>
#include <cstddef>

#include <halfulp/softfloat/formats.hpp>

#include "every.hpp"

namespace {

using namespace halfulp;
using namespace halfulp::proofs;

constexpr std::uint32_t infinity = 0x7F800000, step = 1 << 16;
constexpr std::array roundings_of_ieee = {Rounding::NearestEven, Rounding::NearestAway, Rounding::TowardZero,
                                          Rounding::Down, Rounding::Up};

/// What so many numbers of one sign and the next one became; the last next one is infinity. Code order is number order.
template <class T>
using Run = std::array<T, step + 1>;

template <Format F, class T>
HALFULP_FOR_EACH_MACHINE void convert_run(std::uint32_t first, Rounding rounding, Run<T>& codes) {
    const narrow::UsualEnv env = usual(rounding);
    for (std::uint32_t i = 0; i <= step; ++i)
        codes[i] = static_cast<T>(narrow::convert_finite_or_not<F, binary32>(first + i, env).code);
}

/// None is less than the one before it, and all have the sign: what has the other one is greater than infinity here.
template <Format F>
HALFULP_FOR_EACH_MACHINE bool ascends(const Run<std::uint16_t>& codes, std::uint16_t sign) {
    const auto magnitude = [&](std::size_t i) { return static_cast<std::uint16_t>(codes[i] ^ sign); };
    std::uint16_t descents = 0;
    for (std::size_t i = 1; i < codes.size(); ++i)
        descents |= static_cast<std::uint16_t>(magnitude(i) < magnitude(i - 1));
    return descents == 0 && magnitude(step) <= F.inf_code();
}

template <Format F>
HALFULP_FOR_EACH_MACHINE std::uint32_t infinite(const Run<std::uint16_t>& codes, std::uint16_t sign) {
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < step; ++i) count += codes[i] == (F.inf_code() | sign);
    return count;
}

/// binary32's range, and two bits more than F has.
template <Format F>
constexpr Format wider = ieee(F.precision + 2 + 8, F.precision + 2);

/// Where two bits remain, what is cut off is the same number for each of a run but its first: both cases are rounded once
/// more.
template <Format F>
HALFULP_FOR_EACH_MACHINE bool odd_first(const Run<std::uint32_t>& odd, const Run<std::uint16_t>& codes,
                                        Rounding rounding) {
    constexpr std::size_t cut = std::size_t{1} << (binary32.precision - wider<F>.precision);
    std::uint32_t different = 0;
    for (std::size_t run = 0; run < step; run += cut) {
        const auto again = [&](std::size_t i) {
            return narrow::convert<F, wider<F>>(odd[i], {.rounding = rounding}).code;
        };
        const std::uint32_t between = odd[run + 1];
        const auto code = static_cast<std::uint16_t>(again(run + 1));
        different |= static_cast<std::uint32_t>(again(run) ^ codes[run]);
        for (std::size_t i = run + 1; i < run + cut; ++i) {
            different |= odd[i] ^ between;
            different |= static_cast<std::uint32_t>(codes[i] ^ code);
        }
    }
    return different == 0;
}

/// All numbers, of both signs.
template <Format F>
bool check(const std::array<const char*, 3>& ids, std::uint64_t expected) {
    std::atomic<std::uint64_t> overflows = 0;
    std::atomic<bool> monotone = true, by_odd = true;
    every(2 * (infinity / step), [&](std::uint32_t i) {
        static thread_local Run<std::uint16_t> codes;
        static thread_local Run<std::uint32_t> odd;
        const std::uint32_t sign = i % 2 << 31, first = sign | i / 2 * step;
        convert_run<wider<F>>(first, Rounding::ToOdd, odd);
        for (const Rounding rounding : roundings_of_ieee) {
            convert_run<F>(first, rounding, codes);
            const auto sign_bit = static_cast<std::uint16_t>(sign >> 16);
            if (rounding == Rounding::NearestEven) overflows += infinite<F>(codes, sign_bit);
            if (!ascends<F>(codes, sign_bit)) monotone = false;
            if (!odd_first<F>(odd, codes, rounding)) by_odd = false;
        }
        return true;
    });
    std::printf("%llu codes overflow\n", static_cast<unsigned long long>(overflows));
    const bool claims[] = {claim(ids[0], overflows == expected), claim(ids[1], monotone), claim(ids[2], by_odd)};
    return claims[0] && claims[1] && claims[2];
}

}  // namespace

int main() {
    const bool fp16 = check<binary16>({"overflow-fp16", "monotone-fp16", "odd-then-fp16"}, 1879056384),
               bf16 = check<bfloat16>({"overflow-bf16", "monotone-bf16", "odd-then-bf16"}, 65536);
    return fp16 && bf16 ? 0 : 1;
}
