#pragma once

#include <array>
#include <cstdint>

#include <halfulp/softfloat/deliver.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp {

/// A code of one format as a code of another, rounded once.
[[nodiscard]] constexpr Rounded convert(const Format& to, const Format& from, std::uint64_t code, const Env& env = {}) {
    const Input x = input_of({from, code}, env);
    const Rounded r = deliver(to, decode(x.operand), std::array{x.operand}, env);
    return {r.code, r.status | x.status};
}

}  // namespace halfulp
