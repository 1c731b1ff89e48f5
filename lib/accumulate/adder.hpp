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

/// One that multiplies, too: a * b, and a * b + c rounded once.
template <class A>
concept Multiplier = Adder<A> && requires(const A& adder, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    { adder.mul(a, b) } -> std::same_as<std::uint64_t>;
    { adder.fma(a, b, c) } -> std::same_as<std::uint64_t>;
};

/// The emulator's operations, to nearest even.
struct SoftAdder {
    Format format;  ///< of operands and results

    /// rounded to nearest even, as all of these
    constexpr std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return rounded(Operation::Add, a, b); }
    /// a - b
    constexpr std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return rounded(Operation::Sub, a, b); }
    /// a * b
    constexpr std::uint64_t mul(std::uint64_t a, std::uint64_t b) const { return rounded(Operation::Mul, a, b); }
    /// a * b + c, rounded once.
    constexpr std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
        return rounded(Operation::Fma, a, b, c);
    }

  private:
    constexpr std::uint64_t rounded(Operation operation, std::uint64_t a, std::uint64_t b, std::uint64_t c = 0) const {
        return compute(operation, format, Operands{a, b, c}).code;
    }
};

/// Another one's operations, but a product is rounded before it is added.
template <Multiplier A>
struct RoundsProducts {
    A by;  ///< rounds each operation

    constexpr std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return by.add(a, b); }  ///< a + b
    constexpr std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return by.sub(a, b); }  ///< a - b
    constexpr std::uint64_t mul(std::uint64_t a, std::uint64_t b) const { return by.mul(a, b); }  ///< a * b
    /// a * b + c, where the product is rounded too
    constexpr std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const { return add(mul(a, b), c); }
};

}  // namespace halfulp
