// Claims of pairs of 16-bit codes, to nearest even: fp16-sums, fp16-products, bf16-sums, bf16-products, two-sum-fp16,
// fast-two-sum-fp16. The narrow engine is held against an operation of this machine's binary32, rounded again. That this
// is right is what fp16-through-fp32 and bf16-through-fp32 say; the codes' numbers are what fp16-to-fp32 and bf16-to-fp32 do.

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <halfulp/softfloat/formats.hpp>

#include "every.hpp"

namespace {

using namespace halfulp;
using namespace halfulp::proofs;

constexpr std::uint32_t codes = 1 << 16, sign_bit = 0x80000000;
constexpr float largest = 65504;  // of fp16

template <class T>
using Row = std::array<T, codes>;

/// The numbers of all codes.
template <Format F>
const Row<float>& numbers() {
    static const Row<float> row = [] {
        Row<float> all;
        for (std::uint32_t code = 0; code < codes; ++code)
            all[code] = std::bit_cast<float>(static_cast<std::uint32_t>(narrow::convert<binary32, F>(code).code));
        return all;
    }();
    return row;
}

/// The number of F nearest to x, and the even one at a tie: by binary32's own rounding, with a summand of which F's last
/// digit is the last one that fits.
template <Format F>
requires(F == binary16) float rounded(float x) {
    const std::uint32_t sign = std::bit_cast<std::uint32_t>(x) & sign_bit;
    const std::uint32_t binade =
        std::max(std::bit_cast<std::uint32_t>(x) & 0x7F800000, std::bit_cast<std::uint32_t>(0x1p-14F));
    const float summand = std::bit_cast<float>(binade + (13U << 23) + (1U << 22));
    const float sum = x + summand, number = sum - summand;
    const float result = std::abs(number) > largest ? std::numeric_limits<float>::infinity() : number;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(result) | sign);
}

/// The same of bf16, which is the upper half of binary32.
template <Format F>
requires(F == bfloat16) float rounded(float x) {
    const auto code = std::bit_cast<std::uint32_t>(x);
    return std::bit_cast<float>((code + 0x7FFF + (code >> 16 & 1)) & 0xFFFF0000);
}

struct Sum {
    template <Format F>
    static std::uint64_t code(std::uint64_t a, std::uint64_t b, const narrow::UsualEnv& env) {
        return narrow::add_or_subtract<F>(a, b, false, env).code;
    }
    static float number(float x, float y) { return x + y; }
};

struct Product {
    template <Format F>
    static std::uint64_t code(std::uint64_t a, std::uint64_t b, const narrow::UsualEnv& env) {
        return narrow::multiply<F>(a, b, env).code;
    }
    static float number(float x, float y) { return x * y; }
};

template <Format F, class Operation>
HALFULP_FOR_EACH_MACHINE void by_engine(std::uint32_t b, Row<std::uint16_t>& results) {
    const narrow::UsualEnv env = usual(Rounding::NearestEven);
    for (std::uint32_t a = 0; a < codes; ++a)
        results[a] = static_cast<std::uint16_t>(Operation::template code<F>(a, b, env));
}

/// A NaN is the one that the engine makes by default.
template <Format F, class Operation>
HALFULP_FOR_EACH_MACHINE bool is_by_machine(std::uint32_t b, const Row<std::uint16_t>& results) {
    const Row<float>& number = numbers<F>();
    const float y = number[b];
    std::uint32_t different = 0;
    for (std::uint32_t a = 0; a < codes; ++a) {
        const float exact = Operation::number(number[a], y), r = rounded<F>(exact);
        const std::uint32_t expected = std::isnan(exact) ? 0x7FC00000 : std::bit_cast<std::uint32_t>(r);
        different |= expected ^ std::bit_cast<std::uint32_t>(number[results[a]]);
    }
    return different == 0;
}

/// Every code with b.
template <Format F, class Operation>
bool row_holds(std::uint32_t b) {
    static thread_local Row<std::uint16_t> results;
    by_engine<F, Operation>(b, results);
    return is_by_machine<F, Operation>(b, results);
}

/// Without a branch, so that loops become vectors: a && b takes ten times as long here.
bool both(bool a, bool b) { return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0; }

/// The last terms of s + t = a + b: Knuth's two-sum, and Dekker's, which is right if |a| >= |b|.
struct Knuth {
    static float lost(float a, float b, float s) {
        const float b_part = rounded<binary16>(s - a), a_part = rounded<binary16>(s - b_part);
        return rounded<binary16>(rounded<binary16>(a - a_part) + rounded<binary16>(b - b_part));
    }
    /// With the largest number s - a may overflow although s does not (Boldo, Graillat, Muller 2017).
    static bool is_for(float a, float b) { return both(std::abs(a) < largest, std::abs(b) < largest); }
};
struct Dekker {
    static float lost(float a, float b, float s) { return rounded<binary16>(b - rounded<binary16>(s - a)); }
    static bool is_for(float a, float b) { return both(std::abs(b) <= std::abs(a), std::abs(a) <= largest); }
};

/// Every a with b. Doubles hold s + t and a + b.
template <class TwoSum>
HALFULP_FOR_EACH_MACHINE bool is_exact(std::uint32_t b_code) {
    const Row<float>& number = numbers<binary16>();
    const float b = number[b_code];
    std::uint32_t wrong = 0;
    for (std::uint32_t code = 0; code < codes; ++code) {
        const float a = number[code], s = rounded<binary16>(a + b), t = TwoSum::lost(a, b, s);
        const bool meant = both(TwoSum::is_for(a, b), std::abs(s) <= largest);
        const bool differs = double{s} + double{t} != double{a} + double{b};
        wrong |= both(meant, differs) ? 1U : 0U;
    }
    return wrong == 0;
}

/// Is b the first or the last code of a binade, or one of every 17?
template <Format F>
bool is_taken(std::uint32_t b) {
    const std::uint64_t fraction = b & (F.min_normal_code() - 1);
    return b % 17 == 0 || fraction == 0 || fraction == F.min_normal_code() - 1;
}

template <Format F, class Operation>
bool every_pair() {
    return every(codes, row_holds<F, Operation>);
}

template <Format F, class Operation>
bool taken_rows() {
    return every(codes, [](std::uint32_t b) { return !is_taken<F>(b) || row_holds<F, Operation>(b); });
}

}  // namespace

int main() {
    const bool claims[] = {claim("fp16-sums", every_pair<binary16, Sum>()),
                           claim("fp16-products", every_pair<binary16, Product>()),
                           claim("bf16-sums", taken_rows<bfloat16, Sum>()),
                           claim("bf16-products", taken_rows<bfloat16, Product>()),
                           claim("two-sum-fp16", every(codes, is_exact<Knuth>)),
                           claim("fast-two-sum-fp16", every(codes, is_exact<Dekker>))};
    for (const bool holds : claims)
        if (!holds) return 1;
    return 0;
}
