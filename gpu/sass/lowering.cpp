#include <algorithm>
#include <regex>

#include <halfulp/gpu/sass/census.hpp>

namespace halfulp::gpu {
namespace {

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
    return text;
}

}  // namespace

Lowering lowering_of(std::string_view instruction, int target) {
    static const std::regex form(
        R"(mma\.sync\.aligned\.m(\d+)n(\d+)k(\d+)\.row\.col(\.satfinite)?\.(f64|f32|f16|s32)\.(\w+)\.(\w+)\.\w+)");
    std::match_results<std::string_view::const_iterator> part;
    if (!std::regex_match(instruction.begin(), instruction.end(), part, form)) return {};
    const std::string a = in_capitals(part[6]), b = in_capitals(part[7]), d = in_capitals(part[5]);
    std::string shape = part[1].str() + part[2].str() + part[3].str();
    if (a == "F64") return {"DMMA." + shape, 1};
    if (d == "S32") {
        if (target >= 100 && shape == "8816") shape = "16816";
        return {"IMMA." + shape + "." + a + "." + b + (part[4].matched ? ".SAT" : ""), 1};
    }
    if (a == "E4M3" || a == "E5M2") {
        if (target == 90 || target == 100) return {"HMMA.16816." + d, 2, d == "F32" ? 4U : 0U};
        return {"QMMA." + shape + "." + d + "." + a + "." + b, 1};
    }
    return {"HMMA." + shape + "." + d + (a == "F16" ? "" : "." + a), 1};
}

}  // namespace halfulp::gpu
