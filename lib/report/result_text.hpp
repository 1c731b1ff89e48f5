#pragma once

#include <cstdint>
#include <string>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp {

/// A result as `halfulp eval` prints it: a code of `to` in hexadecimal, an integer, true or false, or a class.
std::string result_text(Domain domain, const Format& to, std::uint64_t code);

}  // namespace halfulp
