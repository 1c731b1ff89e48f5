#include <halfulp/lib/diagnose/gemm_plan.hpp>

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

std::string text_of(const GemmPlan& plan) {
    const GemmPlan usual;
    std::vector<std::string> parts;
    if (plan.split_k > 1) {
        const bool interleaved = plan.order == TileOrder::Interleaved;
        parts.push_back(fmt::format("split-K by {}{}", plan.split_k, interleaved ? " interleaved" : ""));
        if (plan.merge == Merge::Halves) parts.emplace_back("merged in halves");
    }
    if (plan.tile_k > 0) parts.push_back(fmt::format("tiles of {}", plan.tile_k));
    if (plan.order == TileOrder::Descending) parts.emplace_back("tiles from the end of K");
    if (plan.c == CPlace::Epilogue) parts.emplace_back("C added in the epilogue");
    if (plan.alpha != usual.alpha) parts.push_back(fmt::format("alpha {}", plan.alpha));
    if (plan.beta != usual.beta) parts.push_back(fmt::format("beta {}", plan.beta));
    if (plan.accumulator) parts.push_back(fmt::format("merged in {}", short_name(*plan.accumulator)));
    if (plan.zero_point != 0) parts.push_back(fmt::format("zero point {}", plan.zero_point));
    if (plan.requantised != usual.requantised)
        parts.push_back(fmt::format("requantised {}", name_of(plan.requantised)));
    if (plan.operands != usual.operands) parts.push_back(fmt::format("operands by {}", name_of(plan.operands)));
    if (plan.env.rounding != usual.env.rounding) parts.push_back(fmt::format("rounded {}", name_of(plan.env.rounding)));
    if (plan.env.flush_inputs || plan.env.flush_outputs != Flush::Never)
        parts.emplace_back("subnormal numbers flushed to zero");
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace halfulp
