#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/integer.hpp>

/// What `halfulp eval` computes of a line of operands.
struct Evaluation {
    /// Of the words of a line. Throws InputError.
    std::function<halfulp::Rounded(const std::vector<std::string_view>& words, const halfulp::Env& env)> result;
    /// A result's code as text.
    std::function<std::string(std::uint64_t code)> text;
};

/// An operation, an elementary function, convert with an integer type, or dot. `format` and `to` are names of formats,
/// in convert also of integer types; an empty `to` is `format`. Throws InputError with what is known.
Evaluation evaluation_of(const std::string& function, const std::string& format, const std::string& to,
                         halfulp::OutOfRange rule);

/// What evaluation_of knows: "add, ..., dot".
std::string known_evaluations();
