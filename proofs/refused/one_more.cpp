// False: that fp16 adds 1 to 2048. The compiler is to refuse the assertion.

#include <halfulp/softfloat/float.hpp>

using namespace halfulp;

constexpr Float<binary16> integer(int n) { return from_integer<binary16>(n).value; }

static_assert((integer(2048) + integer(1)).code != integer(2048).code);
