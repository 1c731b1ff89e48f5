// What tests/packaging/gdb.cmake looks at in gdb.

#include <halfulp/softfloat/scalar.hpp>

using namespace halfulp;

void here() {}

int main() {
    [[maybe_unused]] const Float<binary16> tenth{0x2E66}, infinity{0xFC00}, least{0x0001};
    [[maybe_unused]] const Float<bfloat16> bf16{0xBFC0};
    [[maybe_unused]] const Float<binary64> largest{0x7FEFFFFFFFFFFFFF};
    [[maybe_unused]] const Float<e4m3fn> e4m3_nan{0x7F}, e4m3_largest{0x7E};
    [[maybe_unused]] const Float<e4m3fnuz> fnuz_nan{0x80};
    [[maybe_unused]] const Float<e8m0> scale{0x00};
    [[maybe_unused]] const Float<e2m1> six{0x7};
    [[maybe_unused]] const Scalar<binary16> two(2);
    [[maybe_unused]] const Operand operand{e5m2, 0x3D};
    [[maybe_unused]] const Exact exact = Exact::finite(true, -101, u128{3} << 100), zero = Exact::zero(true);
    here();
}
