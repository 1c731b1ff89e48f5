#include <halfulp/lib/conformance/testfloat.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp {
namespace {

// The functions: each format with each operation, and each type with each other one.

/// An operation as TestFloat names it after the format: f16_add.
struct FormatFunction {
    std::string_view suffix;
    Operation operation;
};
constexpr std::array format_functions = {
    FormatFunction{"add", Operation::Add},   FormatFunction{"sub", Operation::Sub},
    FormatFunction{"mul", Operation::Mul},   FormatFunction{"mulAdd", Operation::Fma},
    FormatFunction{"div", Operation::Div},   FormatFunction{"rem", Operation::Remainder},
    FormatFunction{"sqrt", Operation::Sqrt},
};

}  // namespace

}  // namespace halfulp
