#include <gmock/gmock.h>

#include <halfulp/lib/diagnose/bits_match.hpp>
#include <halfulp/softfloat/formats.hpp>

using namespace halfulp;

/// Stands for a kernel: 2 x 2 ones in fp16, of which row i of A has i + 1.
Matrix result_of_a_kernel() { return {binary32, 2, 2, {0x3f800000, 0x3f800000, 0x40000000, 0x40000000}}; }

TEST(Kernel, HasTheBitsOfAnA100) {
    const Matrix a{binary16, 2, 2, {0x3c00, 0, 0x3c00, 0x3c00}}, b{binary16, 2, 2, {0x3c00, 0x3c00, 0x3c00, 0x3c00}};
    EXPECT_THAT(result_of_a_kernel(), BitsMatch("A100:fp16-fp32", {a, b}));

    const GemmPlan split{.tile_k = 1, .split_k = 2};  // a kernel that splits K in two
    EXPECT_THAT(result_of_a_kernel(), BitsMatch("A100:fp16-fp32", {a, b}, split));
}
