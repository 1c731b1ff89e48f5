#pragma once

#include <array>
#include <string_view>

#include <halfulp/lib/report/plot.hpp>

namespace halfulp::workload {

/// How a policy is drawn in every picture that tells policies apart.
struct Look {
    std::string_view policy;
    Colour colour;
    Mark mark;
};

/// The same sums of numbers of 4, 2, 2 and 1 bytes.
inline constexpr std::array looks = {
    Look{"fp32", Colour::Vermilion, Mark::Circle}, Look{"fp16-fp32", Colour::Blue, Mark::Square},
    Look{"bf16-fp32", Colour::Orange, Mark::Diamond}, Look{"int8", Colour::Green, Mark::Triangle}};

}  // namespace halfulp::workload
