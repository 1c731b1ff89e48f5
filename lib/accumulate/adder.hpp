#pragma once

#include <concepts>
#include <cstdint>

#include <halfulp/softfloat/compute.hpp>

namespace halfulp {

/// What adds and subtracts two codes of one format, with one rounding each: the emulator, a CPU.
template <class A>
concept Adder = requires(const A& adder, std::uint64_t a, std::uint64_t b) {
    { adder.add(a, b) } -> std::same_as<std::uint64_t>;
    { adder.sub(a, b) } -> std::same_as<std::uint64_t>;
};

/// The emulator's additions, to nearest even.
struct SoftAdder {
    Format format;

    constexpr std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return rounded(Operation::Add, a, b); }
    constexpr std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return rounded(Operation::Sub, a, b); }

  private:
    constexpr std::uint64_t rounded(Operation operation, std::uint64_t a, std::uint64_t b) const {
        return compute(operation, format, Operands{a, b}).code;
    }
};

}  // namespace halfulp
