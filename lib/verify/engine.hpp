#pragma once

#include <span>
#include <string>
#include <string_view>

#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {

/// What is verified: an operation on codes of one format whose result is rounded to another.
struct Subject {
    Operation operation;
    Format from, to;
};

/// An implementation of operations on codes, to be held against another.
struct Engine {
    std::string_view name;
    std::string_view description;
    /// Why it cannot be asked; empty if it can.
    std::string (*lacks)(const Subject&, const Env&);
    /// results[i] of operands[i]. Pre: it lacks nothing of it.
    void (*run)(const Subject&, const Env&, std::span<const Operands> operands, std::span<Rounded> results);
};

/// Every engine of this build.
std::span<const Engine> engines();

}  // namespace halfulp
