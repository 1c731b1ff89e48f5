#pragma once

#include <ostream>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/operation.hpp>

// How the names of parameterised tests show their parameters.

namespace halfulp {
inline void PrintTo(const NamedFormat& format, std::ostream* out) { *out << format.name; }
inline void PrintTo(const NamedOperation& operation, std::ostream* out) { *out << operation.name; }
}  // namespace halfulp
