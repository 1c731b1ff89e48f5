#pragma once

#include <string>

#include <halfulp/softfloat/env.hpp>

namespace halfulp {

/// "overflow inexact"; empty without exceptions.
std::string exceptions_text(const Status& status);

}  // namespace halfulp
