// Claim: contains() says of any two formats of the table of at most 16 bits whether the one has every number of the other,
// and of wider ones what their definitions say.
// Oracle: every code's value by the definition (lib/truth), looked for among the other format's.
#include <gtest/gtest.h>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/contains.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

bool has_every_number(const Format& wide, const Format& narrow) {
    for (std::uint64_t code = 0; code <= narrow.max_code(); ++code)
        if (!truth::encode(wide, *truth::value(narrow, code))) return false;
    return true;
}

TEST(Contains, AsEveryCodeSays) {
    int pairs = 0, contained = 0;
    for (const NamedFormat& wide : formats) {
        for (const NamedFormat& narrow : formats) {
            if (narrow.format.width > 16 || !wide.format.has_subnormals || !narrow.format.has_subnormals) continue;
            const bool contains = halfulp::contains(wide.format, narrow.format);
            EXPECT_EQ(contains, has_every_number(wide.format, narrow.format)) << wide.name << ' ' << narrow.name;
            ++pairs;
            contained += contains ? 1 : 0;
        }
    }
    EXPECT_GT(contained, 10);
    EXPECT_GT(pairs - contained, 10);
}

TEST(Contains, OfWideFormats) {
    EXPECT_TRUE(contains(binary64, binary32));
    EXPECT_TRUE(contains(binary32, tf32));
    EXPECT_FALSE(contains(tf32, binary32));
    EXPECT_FALSE(contains(binary32, binary64));
}

}  // namespace
}  // namespace halfulp
