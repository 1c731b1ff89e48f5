// Claim: 2^j times A (or its scales) and c is 2^j times the result, on every row, for every j for which neither the floor nor
// an end of the range binds; integers that wrap do so modulo 2^32; those that saturate follow c between their ends.
// Oracle: the laws; where a row is exempt, a case that breaks it. Shared with the code: the rows of the table.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "support/mma_cases.hpp"
#include "support/published_results.hpp"
#include "support/row_instructions.hpp"

namespace halfulp::test {
namespace {

using property::SplitMix;

constexpr std::size_t size(int x) { return static_cast<std::size_t>(x); }

/// Where exponents may lie, ends included.
struct Range {
    int low, high;
};

/// The exponents of which a format has every fraction.
Range normal(const Format& f) {
    const std::uint64_t fractions = f.min_normal_code() - 1;
    return {f.emin(), f.emax() - ((f.max_code() & fractions) == fractions ? 0 : 1)};
}

/// Exponents that products and c may have: no result underflows though all but its last bits cancel (of binary16 most of
/// them), no sum overflows, no floor binds.
Range of_results(const MmaSpec& row) {
    const Format& out = row.accumulator.format;
    const bool floors = row.family == Family::AlignedSum || row.family == Family::ScaledGroups;
    const int least = floors ? std::max(out.emin(), row.exponent_floor) : out.emin();
    const int cancelled = std::min(out.precision + 4, (out.emax() - out.emin()) / 4);
    return {least + cancelled, out.emax() - static_cast<int>(std::bit_width(size(longest_k(row)))) - 1};
}

/// Where the exponents of three operands may lie if the first and c are to be scaled.
struct Exponents {
    Range scaled, other, c;
};

/// Products are of an operand that is scaled by 2^j, another one, and some whose exponents sum up to one of `rest`. As wide
/// as fits into the operands' and the results' ranges, or nothing.
std::optional<Exponents> exponents_for(int j, Range scaled, Range other, Range rest, Range out) {
    const int up = std::max(j, 0), down = std::max(-j, 0);
    for (const int width : {3, 2, 1, 0}) {
        const int spread = 2 * width + rest.high - rest.low + 1;
        const int room = out.high - out.low - up - down - spread;
        if (scaled.high - scaled.low < up + down + width || other.high - other.low < width || room < 0) continue;
        const int s = std::clamp(0, scaled.low + down, scaled.high - up - width);
        const int o = std::clamp(out.low + down + room / 2 - s - rest.low, other.low, other.high - width);
        const int low = s + o + rest.low, high = low + spread;
        if (low - down < out.low || high + up > out.high) continue;
        const Range c{std::max(out.low + down, low - 12), std::min(out.high - up, high + 12)};
        return Exponents{{s, s + width}, {o, o + width}, c};
    }
    return std::nullopt;
}

std::uint64_t number(const Format& f, Range range, SplitMix& bits) {
    const int exponent = range.low + static_cast<int>(bits() % static_cast<unsigned>(range.high - range.low + 1));
    return property::at_exponent(f, bits() & f.code_mask(), exponent, 0, bits);
}
Codes numbers(const Format& f, std::size_t count, Range range, SplitMix& bits) {
    Codes all(count);
    std::generate(all.begin(), all.end(), [&] { return number(f, range, bits); });
    return all;
}

Codes scaled(Codes all, const Format& f, int j) {
    for (std::uint64_t& code : all) code += static_cast<std::uint64_t>(j) << f.fraction_bits();
    return all;
}

/// Is the result of each block normal? What underflows or cancels is not scaled.
bool stays_normal(const MmaSpec& row, const Case& x) {
    const Format& out = row.accumulator.format;
    const auto step = size(step_of(row));
    for (std::size_t k = std::min(step, x.a.size()); k <= x.a.size(); k += step) {
        const std::size_t scales = row.scaling ? k / size(row.scaling->block) : 0;
        const auto first = [](const Codes& all, std::size_t count) { return std::span(all).first(count); };
        const std::uint64_t d =
            mma_dot(row, {first(x.a, k), first(x.b, k), x.c, first(x.a_scales, scales), first(x.b_scales, scales)});
        const std::uint64_t magnitude = d & out.magnitude_mask();
        if (magnitude < out.min_normal_code() || magnitude > out.max_code()) return false;
    }
    return true;
}

constexpr std::array powers = {1, -1, 2, -2, 3, -3, 5, -5, 8, -8, 20, -20, 50, -50, 100, -100, 200, -200, 700, -700};

/// Tries a law at each j that `exponents` has room for: these are at least all up to half of what there is.
void at_every_power(const MmaSpec& row, int room, const std::function<std::optional<Exponents>(int)>& exponents,
                    const std::function<std::pair<Case, Case>(const Exponents&, int)>& cases) {
    const Format& out = row.accumulator.format;
    for (const int j : powers) {
        const auto at = exponents(j);
        EXPECT_TRUE(at || 2 * std::abs(j) > room) << name_of(row) << " " << j;
        int seen = 0;
        for (int i = 0; i < 8 && at; ++i) {
            const auto [x, y] = cases(*at, j);
            if (!stays_normal(row, x) || !stays_normal(row, y)) continue;
            ++seen;
            ASSERT_EQ(scaled({mma_dot(row, x)}, out, j)[0], mma_dot(row, y)) << j << " " << text(row, x);
        }
        EXPECT_TRUE(!at || seen >= 3) << name_of(row) << " " << j;
    }
}

constexpr Range near_one{-1, 1};

// Exempt are the rows of mxf4, whose groups are aligned by their scales and not by A.
TEST(MmaScaling, OfAScalesTheResult) {
    SplitMix bits{4};
    for (const MmaSpec& row : mma_specs()) {
        if (row.family == Family::Integers || row.family == Family::ScaledGroups) continue;
        const std::size_t k = size(longest_k(row)), scales = row.scaling ? k / size(row.scaling->block) : 0;
        const Format &a = row.a.format, &b = row.b.format, &out = row.accumulator.format;
        const Range rest = row.scaling ? Range{-2, 2} : Range{0, 0}, results = of_results(row);
        const int room =
            std::min(normal(a).high - normal(a).low, results.high - results.low - 1 - rest.high + rest.low);
        at_every_power(
            row, room, [&](int j) { return exponents_for(j, normal(a), normal(b), rest, results); },
            [&](const Exponents& at, int j) {
                Case x{numbers(a, k, at.scaled, bits), numbers(b, k, at.other, bits), {}, {}, number(out, at.c, bits)};
                for (std::size_t s = 0; s < scales; ++s) {
                    x.a_scales.push_back(number(row.scaling->format, near_one, bits));
                    x.b_scales.push_back(number(row.scaling->format, near_one, bits));
                }
                Case y = x;
                y.a = scaled(x.a, a, j), y.c = scaled({x.c}, out, j)[0];
                return std::pair(x, y);
            });
    }
}

TEST(MmaScaling, OfScalesScalesTheResult) {
    SplitMix bits{5};
    for (const MmaSpec& row : mma_specs()) {
        if (!row.scaling) continue;
        const std::size_t k = size(longest_k(row)), scales = k / size(row.scaling->block);
        const Format &scale = row.scaling->format, &out = row.accumulator.format;
        const Range results = of_results(row), elements{0, 1};
        at_every_power(
            row, std::min(normal(scale).high - normal(scale).low, results.high - results.low - 3),
            [&](int j) {
                return exponents_for(j, normal(scale), normal(scale), {0, 2}, results);
            },
            [&](const Exponents& at, int j) {
                Case x{numbers(row.a.format, k, elements, bits), numbers(row.b.format, k, elements, bits),
                       numbers(scale, scales, at.scaled, bits), numbers(scale, scales, at.other, bits),
                       number(out, at.c, bits)};
                Case y = x;
                y.a_scales = scaled(x.a_scales, scale, j), y.c = scaled({x.c}, out, j)[0];
                return std::pair(x, y);
            });
    }
}

// Beside a scale of 2^34, whose products cancel, 2^-1 is the last place: a quarter is cut off, twice as much is not.
TEST(MmaScaling, OfAIsAnotherSumOnMxf4) {
    for (const MmaSpec& row : mma_specs()) {
        if (row.family != Family::ScaledGroups) continue;
        const bool unsigned_scales = row.scaling->format != e8m0;
        std::vector<float> a(64, 0), b(64, 0), scales(size(64 / row.scaling->block), unsigned_scales ? 0x1p-9F : 1);
        a[0] = a[1] = b[0] = 1, b[1] = -1, a[32] = b[32] = 0.5F;
        scales[0] = unsigned_scales ? 0x1p8F : 0x1p17F;
        const Codes of_a = codes(row.scaling->format, scales), y = codes(e2m1, b);
        EXPECT_EQ(mma_dot(row, {codes(e2m1, a), y, 0, of_a, of_a}), 0U) << name_of(row);
        a[32] = 1;
        const float kept = unsigned_scales ? 0x1p-19F : 0.5F;
        EXPECT_EQ(mma_dot(row, {codes(e2m1, a), y, 0, of_a, of_a}), word(kept)) << name_of(row);
    }
}

/// The value of a code times 2^j, in as many bits.
std::uint64_t shifted(const Element& e, std::uint64_t code, int j) { return code << j & e.code_mask(); }

TEST(MmaScaling, OfIntegersIsModulo) {
    SplitMix bits{6};
    for (const MmaSpec& row : mma_specs()) {
        if (row.family != Family::Integers || row.saturates) continue;
        const std::size_t k = size(longest_k(row));
        const int free = row.a.width() - (row.a.integer->is_signed ? 1 : 0);
        for (int j = 1; j < free; ++j) {
            Case x{Codes(k), Codes(k), {}, {}, bits() & 0xffffffff};
            for (std::uint64_t& a : x.a) {
                const std::uint64_t low = bits() >> (64 - free + j);
                a = row.a.integer->is_signed && bits() % 2 == 0 ? ~low & row.a.code_mask() : low;
            }
            for (std::uint64_t& b : x.b) b = bits() & row.b.code_mask();
            Case y = x;
            for (std::uint64_t& a : y.a) a = shifted(row.a, a, j);
            y.c = shifted(row.accumulator, x.c, j);
            ASSERT_EQ(mma_dot(row, y), shifted(row.accumulator, mma_dot(row, x), j)) << j << " " << text(row, x);
        }
    }
}

// A c that is greater by one makes a result greater by one, but for those at an end.
TEST(MmaScaling, SaturatedSumsFollowC) {
    SplitMix bits{7};
    std::map<std::int32_t, int> seen;
    for (const MmaSpec& row : mma_specs()) {
        if (row.family != Family::Integers || !row.saturates) continue;
        const std::size_t k = size(longest_k(row));
        for (int i = 0; i < 20; ++i) {
            constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min(), most = ~least;
            Case x{Codes(k), Codes(k), {}, {}, 0};
            for (std::uint64_t& a : x.a) a = bits() & row.a.code_mask();
            for (std::uint64_t& b : x.b) b = bits() & row.b.code_mask();
            const auto near = static_cast<std::int32_t>(bits() % 4000);
            const std::int32_t c = i % 2 == 0 ? least + near : most - 1 - near;
            const auto d = [&](std::int32_t value) {
                x.c = static_cast<std::uint32_t>(value);
                return static_cast<std::int32_t>(mma_dot(row, x));
            };
            const std::int32_t before = d(c), after = d(c + 1);
            const bool inside = before != least && before != most;
            ++seen[inside ? 0 : before];
            ASSERT_EQ(after, inside || (before == least && after != least) ? before + 1 : before) << text(row, x);
        }
    }
    EXPECT_EQ(seen.size(), 3U);
}

}  // namespace
}  // namespace halfulp::test
