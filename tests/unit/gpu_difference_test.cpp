// Claim: what differs between two arrays is said in one line: where, the first with its bits, and what all have in common.
// Oracle: arrays changed by hand in one way that is known. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/gpu/observe/difference.hpp>

namespace halfulp::gpu {
namespace {

using Codes = std::vector<std::uint64_t>;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr Sizes sizes{.m = 32, .n = 64};

/// Of a kernel that leaves y, m x n of them or n.
std::string difference_of(const Element& element, const Codes& got, const Codes& wanted, bool is_matrix = true) {
    const Extent extent = is_matrix ? Extent{Size::M, Size::N} : Extent{Size::N};
    const Kernel kernel{"k", "k", 75, UpperHalf{}, {}, {{"y", Pass::Out, element, extent}}};
    return difference(kernel, sizes, {{"y", got}}, {{"y", wanted}});
}

/// 32 x 64, all of them different.
Codes numbers() {
    Codes all;
    for (std::uint64_t i = 0; i < 2048; ++i) all.push_back(0x3F800000 + 5 * i);
    return all;
}

/// Where got[row, column] is what is expected in another place; outside of the matrix nothing is changed.
template <class From>
std::string moved(const From& from) {
    const Codes wanted = numbers();
    Codes got = wanted;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto [row, column] = from(i / 64, i % 64);
        if (row < 32 && column < 64) got[i] = wanted[row * 64 + column];
    }
    return difference_of(binary32, got, wanted);
}

TEST(GpuDifference, SaysWhere) {
    const Codes wanted = numbers();
    EXPECT_EQ(difference_of(binary32, wanted, wanted), "");
    Codes got = wanted;
    got[3 * 64 + 7] = 0xFF;
    EXPECT_EQ(
        difference_of(binary32, got, wanted),
        "y: 1 of 2048 differ, in row 3, column 7; first row 3, column 7: 0x000000ff, expected 0x3f8003e3; each is "
        "below the expected one");
    got = wanted;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (i / 64 % 16 < 8 && i % 64 % 8 >= 6) got[i] ^= i % 2 == 0 ? 0x40000000 : 0x80;
    EXPECT_THAT(
        difference_of(binary32, got, wanted),
        HasSubstr("y: 256 of 2048 differ, in rows 0 to 7 of each 16, columns 6 to 7 of each 8; first row 0, column "
                  "6: 0x7f80001e, expected 0x3f80001e"));
    EXPECT_THAT(difference_of(binary32, Codes(64, 1), Codes(64, 2), false),
                HasSubstr("y: 64 of 64 differ, in elements 0 to 63; first element 0: 0x00000001, expected 0x00000002"));
}

TEST(GpuDifference, SaysWhatMoved) {
    using Place = std::pair<std::size_t, std::size_t>;
    EXPECT_THAT(moved([](std::size_t r, std::size_t c) {
                    return Place{r, c ^ 1};
                }),
                EndsWith("; columns 1 apart are exchanged"));
    EXPECT_THAT(moved([](std::size_t r, std::size_t c) {
                    return Place{r, c % 16 < 8 ? c ^ 4 : c};
                }),
                HasSubstr("columns 0 to 7 of each 16; "));
    EXPECT_THAT(moved([](std::size_t r, std::size_t c) {
                    return Place{r ^ 8, c};
                }),
                EndsWith("; rows 8 apart are exchanged"));
    EXPECT_THAT(moved([](std::size_t r, std::size_t c) {
                    return Place{r, c + 1};
                }),
                EndsWith("; each is expected one column on"));
    EXPECT_THAT(moved([](std::size_t r, std::size_t c) {
                    return Place{r, c - 1};
                }),
                EndsWith("; each is expected one column before"));
    EXPECT_THAT(moved([](std::size_t r, std::size_t c) {
                    return Place{c, r};
                }),
                EndsWith("; each is expected in its mirror image"));
    // One that is not there, and nothing is said.
    Codes got = numbers();
    for (std::size_t i = 0; i < got.size(); i += 2) std::swap(got[i], got[i + 1]);
    got[5] = 0;
    EXPECT_THAT(difference_of(binary32, got, numbers()), Not(HasSubstr("exchanged")));
}

struct Change {
    Element element;
    Codes got, wanted;
    const char* text;
};

TEST(GpuDifference, SaysWhatIsInCommon) {
    const Change changes[] = {
        {binary16, {0x3C00, 0xBC00}, {0x3C01, 0xBC01}, "each is the next number towards zero"},
        {binary16, {0x3C01, 0xBC01}, {0x3C00, 0xBC00}, "each is the next number away from zero"},
        {binary16, {0x3C00, 0xBC01}, {0x3C01, 0xBC00}, "each is the next number below"},
        {binary16, {0x3C01, 0xBC00}, {0x3C00, 0xBC01}, "each is the next number above"},
        {binary16, {0x3C01, 0x4000}, {0x3C00, 0x4001}, "each is the next number on either side"},
        {binary16, {0x7E00, 0x7FFF}, {0x0000, 0x3C00}, "each is NaN"},
        {binary16, {0x0000, 0x3C00}, {0x7FFF, 0x7FFF}, "NaN is expected of each"},
        {binary16, {0x0000, 0x8000}, {0x3C00, 0x4000}, "each is zero"},
        {binary16, {0x8001, 0xBC00}, {0x0000, 0x0000}, "each is negative where zero is expected"},
        {binary16, {0xBC00, 0x4000}, {0x3C00, 0xC000}, "each has the other sign"},
        {binary16, {0x7BFF, 0xFBFF}, {0x7C00, 0x3C00}, "each is at the end of the range"},
        {binary16, {0x3C08, 0x3C00}, {0x3C00, 0x3C09}, "each is at most 9 numbers off"},
        {integer_type<std::int8_t>, {0xFF, 0x7F}, {0x00, 0x80}, "expected 0x00"},
        {integer_type<std::int8_t>, {0x80, 0x7F}, {0x10, 0x10}, "each is at the end of the range"},
        {integer_type<std::int8_t>, {0x10, 0xF0}, {0x80, 0x7F}, "the end of the range is expected of each"},
        {integer_type<std::int8_t>, {0xFF, 0x7E}, {0x00, 0x7F}, "each is the next number below"},
        {s32, {0x100, 0xFFFFFD00}, {0x000, 0x100}, "each is off by a multiple of 256"},
    };
    for (const Change& x : changes) {
        Codes got(64, 7), wanted(64, 7);
        std::copy(x.got.begin(), x.got.end(), got.begin() + 20);
        std::copy(x.wanted.begin(), x.wanted.end(), wanted.begin() + 20);
        EXPECT_THAT(difference_of(x.element, got, wanted, false), EndsWith(x.text));
    }
}

}  // namespace
}  // namespace halfulp::gpu
