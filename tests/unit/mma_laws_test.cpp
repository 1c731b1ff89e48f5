// Claim: laws that hold whatever the numbers are: of order, of powers of two, of commuting factors, of instructions in a row.
// Oracle: the laws; where a row is exempt from one, a case that breaks it, worked out by hand. Shared with the code: the
// rows of the table.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <set>
#include <tuple>

#include "support/mma_cases.hpp"
#include "support/published_results.hpp"
#include "support/row_instructions.hpp"

namespace halfulp::test {
namespace {

using property::SplitMix;

constexpr std::size_t size(int x) { return static_cast<std::size_t>(x); }

/// A normal number with an exponent from low to high, or the nearest ones that the format has.
std::uint64_t number(const Format& f, int low, int high, SplitMix& bits) {
    for (;;) {
        const int drawn = low + static_cast<int>(bits() % static_cast<unsigned>(high - low + 1));
        const int exponent = std::clamp(drawn, f.emin(), f.emax());
        const std::uint64_t code = property::at_exponent(f, bits() & f.code_mask(), exponent, 0, bits);
        if ((code & f.magnitude_mask()) <= f.max_code()) return code;
    }
}

/// Exponents so far apart that bits are cut off, and results that stay finite.
int reach(const MmaSpec& row) { return row.accumulator == binary16 ? 3 : 9; }

std::uint64_t element(const MmaSpec& row, const Element& e, SplitMix& bits) {
    return e.integer ? some_code(e, 0, 0, bits) : number(e.format, -reach(row), reach(row), bits);
}

/// The first scales so large that bits of the other groups are cut off, and the products that they scale cancel: the other
/// groups show in the result, which they would not beside what they are cut off by.
void cancel_first_block(const MmaSpec& row, Case& x, SplitMix& bits) {
    const Format& f = row.scaling->format;
    const int least = std::max(f.emin(), -9), most = std::min(f.emax(), 9);
    for (Codes* scales : {&x.a_scales, &x.b_scales}) {
        for (std::uint64_t& scale : *scales) scale = number(f, least, least + 1, bits);
        scales->front() = number(f, most - 1, most, bits);
    }
    for (std::size_t k = 0; k + 1 < size(row.scaling->block); k += 2)
        x.a[k + 1] = x.a[k], x.b[k + 1] = x.b[k] ^ row.b.format.sign_bit();
    x.c = number(row.accumulator.format, 2 * least - 3, 2 * least + 3, bits);
}

/// Numbers near 1, which neither overflow nor underflow.
Case case_of(const MmaSpec& row, std::size_t k, SplitMix& bits) {
    Case x;
    for (std::size_t i = 0; i < k; ++i) {
        x.a.push_back(element(row, row.a, bits));
        x.b.push_back(element(row, row.b, bits));
        if (!row.scaling || i % size(row.scaling->block) != 0) continue;
        x.a_scales.push_back(number(row.scaling->format, -3, 3, bits));
        x.b_scales.push_back(number(row.scaling->format, -3, 3, bits));
    }
    x.c = element(row, row.accumulator, bits);
    if (row.family == Family::ScaledGroups) cancel_first_block(row, x, bits);
    return x;
}

/// Two blocks and a half at least, and what the instruction takes.
std::size_t some_k(const MmaSpec& row) { return std::max(size(longest_k(row)), size(5 * step_of(row) / 2)); }

/// Takes products k = 0, 1, ... from where `from` says.
Case rearranged(const Case& x, const std::vector<std::size_t>& from) {
    Case y = x;
    for (std::size_t k = 0; k < from.size(); ++k) y.a[k] = x.a[from[k]], y.b[k] = x.b[from[k]];
    return y;
}

/// The part of its block that product k belongs to: those of one part may change places.
std::size_t part_of(const MmaSpec& row, std::size_t k) {
    const std::size_t group = size(row.group), block = k / size(step_of(row));
    switch (row.family) {
        case Family::AlignedSum: return row.order == KOrder::Ascending ? block : 2 * block + (k % 4 < 2 ? 0 : 1);
        case Family::ScaledGroups: return k / 16;
        case Family::ExactSum:
        case Family::FlooredSum: return k / group;
        case Family::RoundedTree: return k / 2;
        case Family::TwoChains: return k;
        case Family::FlooredHalves: return 2 * block + k % 2;
        case Family::Integers: return row.saturates ? block : 0;
    }
    return 0;
}

std::vector<std::size_t> shuffled_parts(const MmaSpec& row, std::size_t count, SplitMix& bits) {
    std::vector<std::size_t> from(count);
    std::iota(from.begin(), from.end(), 0);
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t other = k + bits() % (count - k);
        if (part_of(row, k) == part_of(row, other)) std::swap(from[k], from[other]);
    }
    return from;
}

TEST(MmaLaws, TheOrderWithinAPartDoesNotMatter) {
    SplitMix bits{3};
    for (const MmaSpec& row : mma_specs()) {
        const std::size_t k = some_k(row);
        for (int i = 0; i < 20; ++i) {
            const Case x = case_of(row, k, bits), y = rearranged(x, shuffled_parts(row, x.a.size(), bits));
            ASSERT_EQ(mma_dot(row, x), mma_dot(row, y)) << text(row, x);
        }
    }
}

/// Two products that change places and the result with them; c is 0.
struct Exemption {
    const char* why;
    const char* unit;
    std::vector<float> a, b;
    std::size_t i, j;
    float d, exchanged;
    Codes scales = {};  ///< of A and of B
};

std::vector<float> sparse(std::size_t count, std::initializer_list<std::pair<std::size_t, float>> numbers) {
    std::vector<float> all(count, 0);
    for (const auto& [k, x] : numbers) all[k] = x;
    return all;
}

/// Results by hand, in powers of two and what is left of them.
const std::vector<Exemption> exemptions = {
    {.why = "a chain absorbs 1 in 2^53",
     .unit = "A100 mma.sync fp64->fp64",
     .a = {0x1p53F, 1, -0x1p53F},
     .b = {1, 1, 1},
     .i = 1,
     .j = 2,
     .d = 0,
     .exchanged = 1},
    {.why = "k = 1 0 3 2: 2^24 - 2^24 + 1, and 2^24 + 1 - 2^24",
     .unit = "x86 VDPBF16PS bf16->fp32",
     .a = {-0x1p24F, 0x1p24F, 0, 1},
     .b = {1, 1, 1, 1},
     .i = 0,
     .j = 3,
     .d = 1,
     .exchanged = 0},
    {.why = "a chain of the even k absorbs 1",
     .unit = "x86 TDPBF16PS bf16->fp32",
     .a = {0x1p24F, 0, 1, 0, -0x1p24F, 0},
     .b = {1, 1, 1, 1, 1, 1},
     .i = 2,
     .j = 4,
     .d = 0,
     .exchanged = 1},
    {.why = "(2^24 - 2^24) + (1 + 1), and (2^24 + 1) + (-2^24 + 1)",
     .unit = "MI250X mfma fp16->fp32",
     .a = {0x1p12F, -0x1p12F, 1, 1},
     .b = {0x1p12F, 0x1p12F, 1, 1},
     .i = 1,
     .j = 2,
     .d = 2,
     .exchanged = 1},
    {.why = "of the odd k alone -1 is floored to -4, beside 2^26 it is cut off to 0",
     .unit = "MI300X mfma e5m2fnuz->fp32",
     .a = {0x1p13F, -1, -0x1p13F, 0},
     .b = {0x1p13F, 1, 0x1p13F, 0},
     .i = 1,
     .j = 2,
     .d = -4,
     .exchanged = 0},
    {.why = "2^-16 is kept in the half without 2^26",
     .unit = "H100 mma.sync e5m2->fp32",
     .a = sparse(32, {{0, 0x1p13F}, {1, -0x1p13F}, {2, 0x1p-16F}}),
     .b = sparse(32, {{0, 0x1p13F}, {1, 0x1p13F}, {2, 1}}),
     .i = 2,
     .j = 4,
     .d = 0x1p-16F,
     .exchanged = 0},
    {.why = "2^-1 is the last place beside a scale of 2^34: two quarters of one group count, of two groups not",
     .unit = "B200 tcgen05.mxf4nvf4.4X.ue8m0 e2m1->fp32",
     .a = sparse(64, {{0, 1}, {1, -1}, {16, 0.5F}, {17, 0.5F}}),
     .b = sparse(64, {{0, 1}, {1, 1}, {16, 0.5F}, {17, 0.5F}}),
     .i = 17,
     .j = 32,
     .d = 0.5F,
     .exchanged = 0,
     .scales = {127 + 17, 127, 127, 127}},
};

Case case_of(const MmaSpec& row, const Exemption& x) {
    return {codes(row.a.format, x.a), codes(row.b.format, x.b), x.scales, x.scales, 0};
}

/// Has a block of the row several parts, or a single product?
bool is_exempt(const MmaSpec& row) {
    bool parts = row.group == 1;
    for (std::size_t k = 0; k < size(step_of(row)); ++k) parts = parts || part_of(row, k) != part_of(row, 0);
    return parts;
}

// For each kind of exempt rows there is a case that shows why, and for no others.
TEST(MmaLaws, EveryExemptionFromOrderHasItsReason) {
    const auto kind = [](const MmaSpec& row) { return std::tuple(row.family, row.order, is_exempt(row)); };
    std::set<decltype(kind(mma_specs()[0]))> excused;
    for (const Exemption& x : exemptions) {
        const MmaSpec& row = mma_unit(x.unit);
        excused.insert(kind(row));
        const Case straight = case_of(row, x);
        std::vector<std::size_t> from(straight.a.size());
        std::iota(from.begin(), from.end(), 0);
        std::swap(from[x.i], from[x.j]);
        const auto d = [&](float value) { return convert(row.accumulator.format, binary32, word(value)).code; };
        EXPECT_EQ(mma_dot(row, straight), d(x.d)) << x.why;
        EXPECT_EQ(mma_dot(row, rearranged(straight, from)), d(x.exchanged)) << x.why;
        EXPECT_NE(part_of(row, x.i), part_of(row, x.j)) << x.why;
    }
    for (const MmaSpec& row : mma_specs()) EXPECT_EQ(excused.contains(kind(row)), is_exempt(row)) << name_of(row);
}

/// Neighbours, or pairs of them, change places throughout.
std::vector<std::size_t> mirrored(std::size_t count, std::size_t width) {
    std::vector<std::size_t> from(count);
    for (std::size_t k = 0; k < count; ++k) from[k] = k ^ width;
    return from;
}

// What is left to those that are exempt: the chains of AMX, the halves of CDNA3's fp8 and the branches of CDNA2's tree are
// added to each other, and the groups of mxf4, with their scales, too.
TEST(MmaLaws, PartsThatAreAddedMayChangePlaces) {
    SplitMix bits{5};
    std::set<Family> seen;
    for (const MmaSpec& row : mma_specs()) {
        const bool halves = row.family == Family::TwoChains || row.family == Family::FlooredHalves;
        const bool tree = row.family == Family::RoundedTree && row.group == 4,
                   scaled = row.family == Family::ScaledGroups;
        if (!halves && !tree && !scaled) continue;
        seen.insert(row.family);
        for (int i = 0; i < 50; ++i) {
            const Case x = case_of(row, size(2 * row.group), bits);
            Case y = rearranged(x, mirrored(x.a.size(), halves ? 1 : tree ? 2 : size(row.scaling->block)));
            for (std::size_t s = 0; s + 1 < x.a_scales.size(); s += 2)
                std::swap(y.a_scales[s], y.a_scales[s + 1]), std::swap(y.b_scales[s], y.b_scales[s + 1]);
            ASSERT_EQ(mma_dot(row, x), mma_dot(row, y)) << text(row, x);
        }
    }
    EXPECT_EQ(seen.size(), 4U);
}

// The factors of any product may change places, and A with B.
TEST(MmaLaws, FactorsCommute) {
    SplitMix bits{6};
    std::set<std::string> alone;
    for (const MmaSpec& row : mma_specs()) {
        const MmaSpec* other = &row;
        for (const std::string_view word : split_words(row.instruction))
            other = find_mma(row.processor, word, row.b, row.a, row.accumulator);
        if (other == nullptr) alone.insert(name_of(row));
        const std::size_t length = some_k(row);
        for (int i = 0; i < 5 && other != nullptr; ++i) {
            const Case x = case_of(row, length, bits);
            Case y = x;
            for (std::size_t k = 0; k < x.a.size(); ++k)
                if (row.a != row.b || bits() % 2 == 0) std::swap(y.a[k], y.b[k]);
            std::swap(y.a_scales, y.b_scales);
            ASSERT_EQ(mma_dot(row, x), mma_dot(*other, y)) << text(row, x);
        }
    }
    EXPECT_EQ(alone, (std::set<std::string>{"Arm USDOT USMMLA u8*s8->s32", "x86 TDPBHF8PS e5m2*e4m3->fp32",
                                            "x86 TDPBSUD s8*u8->s32", "x86 TDPBUSD u8*s8->s32",
                                            "x86 TDPHBF8PS e4m3*e5m2->fp32", "x86 VPDPBUSD u8*s8->s32",
                                            "x86 VPDPBUSDS u8*s8->s32"}));
}

// One long instruction is several shorter ones, each with the result of the one before as its c, cut between any blocks.
TEST(MmaLaws, BlocksFollowEachOther) {
    SplitMix bits{8};
    for (const MmaSpec& row : mma_specs())
        for (int i = 0; i < 5; ++i) {
            const Case x = case_of(row, size(4 * step_of(row)), bits);
            const std::size_t cut = size(step_of(row)) * (1 + bits() % 3);
            const std::size_t scales = row.scaling ? cut / size(row.scaling->block) : 0;
            const auto first = [](const Codes& all, std::size_t n) { return std::span(all).first(n); };
            const auto rest = [](const Codes& all, std::size_t n) { return std::span(all).subspan(n); };
            const std::uint64_t c = mma_dot(
                row, {first(x.a, cut), first(x.b, cut), x.c, first(x.a_scales, scales), first(x.b_scales, scales)});
            const MmaOperands after{rest(x.a, cut), rest(x.b, cut), c, rest(x.a_scales, scales),
                                    rest(x.b_scales, scales)};
            ASSERT_EQ(mma_dot(row, x), mma_dot(row, after)) << text(row, x);
        }
}

}  // namespace
}  // namespace halfulp::test
