#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/property/search.hpp>

// Problems of random numbers, and how they are made small.

namespace halfulp::fuzz {

/// An array of codes whose extents are sizes of the problem.
struct Operand {
    /// Of the problem's sizes which one, and how many steps along it an element is for.
    struct Axis {
        std::size_t number;
        std::size_t steps = 1;
    };
    std::string name;
    std::optional<Format> format;  ///< none: codes are made simple by way of 0 alone
    std::vector<Axis> axes;        ///< the last one runs fastest
    std::vector<std::uint64_t> codes;
};

/// What two ways to compute are asked, and where their answers differ.
struct Problem {
    std::string what;
    std::vector<std::size_t> sizes;
    std::vector<std::size_t> steps;  ///< of each size the least, which others are multiples of
    std::vector<Operand> operands;
    std::function<std::string(const Problem&)> difference;  ///< empty if there is none

    std::string differs() const { return difference(*this); }
    const std::vector<std::uint64_t>& codes(std::size_t operand) const { return operands[operand].codes; }
};

/// Without `count` places from `begin` on along an axis.
inline Problem without(Problem p, std::size_t axis, std::size_t begin, std::size_t count) {
    for (Operand& operand : p.operands) {
        std::vector<std::uint64_t> kept;
        for (std::size_t flat = 0; flat < operand.codes.size(); ++flat) {
            std::size_t rest = flat;
            bool keeps = true;
            for (std::size_t i = operand.axes.size(); i-- > 0;) {
                const auto [number, steps] = operand.axes[i];
                const std::size_t extent = p.sizes[number] / steps, at = rest % extent * steps;
                rest /= extent;
                keeps = keeps && (number != axis || at < begin || at >= begin + count);
            }
            if (keeps) kept.push_back(operand.codes[flat]);
        }
        operand.codes = std::move(kept);
    }
    p.sizes[axis] -= count;
    return p;
}

/// Takes `smaller` for p if they differ there too.
inline bool replaced(Problem& p, Problem smaller) {
    if (smaller.differs().empty()) return false;
    p = std::move(smaller);
    return true;
}

/// Halves, quarters, ... down to single steps, of every axis.
inline bool shortened(Problem& p) {
    bool any = false;
    for (std::size_t axis = 0; axis < p.sizes.size(); ++axis)
        for (std::size_t count = p.sizes[axis] / 2; count > 0; count /= 2) {
            const std::size_t part = std::max(count / p.steps[axis], std::size_t{1}) * p.steps[axis];
            for (std::size_t begin = 0; begin + part <= p.sizes[axis] && part < p.sizes[axis];)
                if (replaced(p, without(p, axis, begin, part)))
                    any = true;
                else
                    begin += part;
        }
    return any;
}

inline std::vector<std::uint64_t> simpler(const Operand& operand, std::uint64_t code) {
    if (code == 0) return {};
    std::vector<std::uint64_t> codes = {0};
    if (!operand.format) return codes;
    for (const std::uint64_t each : property::simpler_codes(*operand.format, code)) codes.push_back(each);
    return codes;
}

inline bool simplified(Problem& p) {
    bool any = false;
    for (std::size_t i = 0; i < p.operands.size(); ++i)
        for (std::size_t at = 0; at < p.operands[i].codes.size(); ++at)
            for (const std::uint64_t code : simpler(p.operands[i], p.operands[i].codes[at])) {
                Problem next = p;
                next.operands[i].codes[at] = code;
                if (!replaced(p, std::move(next))) continue;
                any = true;
                break;
            }
    return any;
}

/// The same difference in fewer and simpler numbers. Pre: there is one.
inline Problem shrunk(Problem p) {
    while (shortened(p)) continue;
    while (simplified(p)) continue;
    return p;
}

/// In a line; of long operands what is not 0, with its place.
inline std::string text_of(const Problem& p) {
    constexpr std::size_t most = 16;
    std::string text = p.what + ", sizes";
    for (const std::size_t size : p.sizes) text += " " + std::to_string(size);
    for (const Operand& operand : p.operands) {
        const bool is_long = operand.codes.size() > most;
        text += ", " + operand.name;
        std::size_t shown = 0;
        for (std::size_t i = 0; i < operand.codes.size() && shown < most; ++i) {
            if (is_long && operand.codes[i] == 0) continue;
            text += is_long ? fmt::format(" [{}] {:x}", i, operand.codes[i]) : fmt::format(" {:x}", operand.codes[i]);
            ++shown;
        }
        if (shown == most && is_long) text += " ...";
    }
    return text + ": " + p.differs();
}

}  // namespace halfulp::fuzz
