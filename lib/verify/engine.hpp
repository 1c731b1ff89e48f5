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
    /// In each of the environments: results[e * operands.size() + i] is that of operands[i] in envs[e]. Pre: it lacks
    /// nothing of them.
    void (*run)(const Subject&, std::span<const Env> envs, std::span<const Operands> operands,
                std::span<Rounded> results);
};

/// Every engine of this build.
std::span<const Engine> engines();

}  // namespace halfulp
