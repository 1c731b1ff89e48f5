#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <halfulp/lib/accumulate/order.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

/// How the products of a dot product reach its sum.
enum class Products : std::uint8_t {
    Fused,    ///< whole, by fused multiply-adds
    Rounded,  ///< rounded, then added
    Exact,    ///< whole, and the sum of all is exact too and rounded once
};

/// What a CPU, or a GPU without its matrix unit, makes of a dot product.
struct PlainSum {
    std::string_view name;              ///< as `find_units` knows it
    std::optional<Format> accumulator;  ///< without it that of the result
    Products products;                  ///< how products reach the sum
    Order order;                        ///< of the sum

    /// One accumulator that takes one product after another: C may be its first value.
    constexpr bool is_chain() const {
        return order.grouping == Grouping::Lanes && order.accumulation == Accumulation::Plain && order.count == 1;
    }
};

/// Every count-th term to the same lane.
constexpr Order in_lanes(std::size_t count) {
    return {"lanes", "term i in lane i mod count, then the lanes in halves", Grouping::Lanes, Accumulation::Plain,
            count};
}

/// What is tried besides matrix units, the most usual first.
inline constexpr std::array plain_sums = {
    PlainSum{"fp32-fma", binary32, Products::Fused, in_lanes(1)},
    PlainSum{"fp32-fma-4-lanes", binary32, Products::Fused, in_lanes(4)},
    PlainSum{"fp32-fma-8-lanes", binary32, Products::Fused, in_lanes(8)},
    PlainSum{"fp32-fma-16-lanes", binary32, Products::Fused, in_lanes(16)},
    PlainSum{"fp32-mul-add", binary32, Products::Rounded, in_lanes(1)},
    PlainSum{"fp32-mul-add-4-lanes", binary32, Products::Rounded, in_lanes(4)},
    PlainSum{"fp32-mul-add-8-lanes", binary32, Products::Rounded, in_lanes(8)},
    PlainSum{"fp32-mul-add-16-lanes", binary32, Products::Rounded, in_lanes(16)},
    PlainSum{"fp32-pairwise", binary32, Products::Rounded, {"pairwise", "", Grouping::Halves, Accumulation::Plain, 1}},
    PlainSum{"fp32-kahan", binary32, Products::Rounded, {"Kahan", "", Grouping::Lanes, Accumulation::Kahan, 1}},
    PlainSum{"fp64-fma", binary64, Products::Fused, in_lanes(1)},
    PlainSum{"fp16-fma", binary16, Products::Fused, in_lanes(1)},
    PlainSum{"fp16-mul-add", binary16, Products::Rounded, in_lanes(1)},
    PlainSum{"correctly-rounded", std::nullopt, Products::Exact, in_lanes(1)},
};

/// Operands of one dot product: codes, and their format.
struct DotOperands {
    Format a_format, b_format;            ///< of the operands
    std::span<const std::uint64_t> a, b;  ///< equally long
};

/// a.b in the sum's order, in the format `accumulator`. A chain begins with c, others add it at their end; without c
/// they begin at +0. NaN results are those of env.nan.
std::uint64_t plain_dot(const PlainSum& sum, const Format& accumulator, const DotOperands& operands,
                        const std::optional<std::uint64_t>& c, const Env& env);

}  // namespace halfulp
