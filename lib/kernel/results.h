#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

// From the checked spans of the public functions to the pointers of the kernels.

namespace halfulp::kernel {

/// Where a kernel writes.
struct Results {
    void* codes;         ///< the first element's
    std::size_t bytes;   ///< of a code: 1, 2 or 4
    std::uint8_t* each;  ///< the flags of each element, or null
    std::size_t count;   ///< elements
};

/// Status is one byte.
template <class Code>
Results results(std::span<Code> codes, std::span<Status> each) {
    auto* const flags = reinterpret_cast<std::uint8_t*>(each.empty() ? nullptr : each.data());
    return {codes.data(), sizeof(Code), flags, codes.size()};
}

/// Where an operation reads: as many arrays as it has operands.
struct Triple {
    const std::uint16_t *a, *b, *c;  ///< null where it has none
};

/// Whether the functions of convert.hpp take the format, beside binary32.
bool is_convertible(const Format& f);
/// Whether those of arithmetic.hpp take the operation and the format.
bool is_calculable(Operation operation, const Format& f);

// Each throws std::invalid_argument, with what was expected and what was found.

/// It is one that the functions of convert.hpp take, and its codes fit so many bytes.
void require_format(const Format& f, std::size_t bytes);
/// They are among those that arithmetic.hpp names.
void require_arithmetic(Operation operation, const Format& f);
/// NaN results are canonical.
void require_env(const Env& env);
/// One length; `each` may be empty.
void require_lengths(std::initializer_list<std::size_t> operands, std::size_t codes, std::size_t each);

}  // namespace halfulp::kernel
