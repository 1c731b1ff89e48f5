#pragma once

#include <halfulp/gpu/ptx/module.hpp>

namespace halfulp::ptx {

/// Functions call others, which call others: no deeper than this.
inline constexpr int deepest_call = 256;

/// Gives a flaw to calls by which a function calls itself, perhaps through others, and to those that are too deep. Pre: the
/// calls without a flaw are of functions that have a body.
void find_recursion(Code& code);

}  // namespace halfulp::ptx
