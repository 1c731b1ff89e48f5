#pragma once

#include <ostream>

#include <halfulp/lib/truth/operation.hpp>
#include <halfulp/softfloat/formats.hpp>

// How the names of parameterised tests show their parameters.

namespace halfulp {
inline void PrintTo(const NamedFormat& format, std::ostream* out) { *out << format.name; }
}  // namespace halfulp

namespace halfulp::truth {
inline void PrintTo(const NamedOperation& operation, std::ostream* out) { *out << operation.name; }
}  // namespace halfulp::truth
